"""Every page that must never become a version of a policy, by name, for a hostile site."""

from __future__ import annotations

import gzip
import socket

from tests.extract.papers import bomb_pdf, scanned_pdf
from tests.fetch import hostile
from tests.fetch.hostile import Handler, Request, Site, chunked, policy, redirects, reply, says, then_closes

whole = policy().encode()
packed = gzip.compress(whole)
furniture = "<nav>首页 产品 帮助 登录</nav>"


def soft_404(title: str, words: str) -> bytes:
    return reply(
        f"<html><head><title>{title}</title></head><body>{furniture}<h1>{title}</h1><p>{words}</p></body>"
    )


def error_json(sock: socket.socket, request: Request) -> None:
    sock.sendall(reply(f'{{"code":403,"message":"not allowed","trace":"{request.number:08x}"}}'))


# By row of the fault matrix.
pages: dict[str, Handler] = {
    "04 reset": hostile.resets,
    "05 no answer": hostile.hangs,
    "05 header drip": hostile.drips_headers,
    "05 body drip": hostile.drips(reply(policy()), 500),
    "06 circle": redirects("/06 circle"),
    "07 not found": says(reply("nothing", 404)),
    "08 bomb on a redirect": redirects("/elsewhere", body=hostile.bomb(300), Content_Encoding="gzip"),
    "08 bomb on an error": says(reply(hostile.bomb(300), 503, Content_Encoding="gzip")),
    "09 gone": says(reply("gone", 410)),
    "10 forbidden": says(reply("<h1>403</h1>", 403)),
    "11 soft 404 in Chinese": says(
        soft_404("页面不存在", "抱歉，您访问的页面不存在或已被删除，请返回首页。")
    ),
    "11 soft 404 in English": says(
        soft_404("Page not found", "Sorry, the page you requested does not exist.")
    ),
    "11 maintenance": says(soft_404("系统维护中", "系统正在升级维护，请稍后再访问。")),
    "12 captcha": says(
        reply(
            "<html><head><title>安全验证</title></head><body><p>为了您的访问安全，请完成安全验证后继续访问。</p>"
            "<div id='captcha'>拖动滑块完成拼图</div></body></html>"
        )
    ),
    "12 login": says(
        reply(
            "<html><head><title>登录</title></head><body><h1>请登录</h1><form><input name='user'>"
            "<input type='password' name='pass'><button>登录</button></form></body></html>"
        )
    ),
    "13 JSON error": error_json,
    "14 empty": says(reply("")),
    "14 no content": says(reply("", 204)),
    "15 short": then_closes(reply(whole[:3000], length=len(whole))),
    "15 chunk cut": then_closes(chunked(whole[:3000], end=False)),
    "15 gzip cut": says(reply(packed[: len(packed) // 2], Content_Encoding="gzip")),
    "16 unasked": says(reply(b"\x28\xb5\x2f\xfd" + packed, Content_Encoding="zstd")),
    "21 nonsense charset": says(reply(bytes(range(128, 256)) * 60, content_type="text/html; charset=utf-8")),
    "26 bomb": says(reply(hostile.bomb(1024), Content_Encoding="gzip")),
    "26 bomb in a bomb": says(reply(gzip.compress(hostile.bomb(1024)), Content_Encoding="gzip, gzip")),
    "26 nine megabytes": says(reply(b"x" * (9 * 2**20))),
    "27 PDF bomb": says(
        reply(gzip.compress(bomb_pdf()), content_type="application/pdf", Content_Encoding="gzip")
    ),
    "28 scanned PDF": says(reply(scanned_pdf(), content_type="application/pdf")),
    "29 shell": says(reply("<html><body><div id=app></div><script src='/app.js'></script></body></html>")),
    "30 binary": says(reply(bytes(range(256)) * 40, content_type="application/octet-stream")),
}


def served(site: Site) -> list[str]:
    """Put them all on the site; gives the paths."""
    for name, handler in pages.items():
        site[path(name)] = handler
    site["/06%20circle"] = redirects("/06%20circle")
    return [path(name) for name in pages]


def path(name: str) -> str:
    return "/" + name.replace(" ", "%20")
