"""Noise over real sockets through the real steps and store: no change alert, then exactly one after the edit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.extract import recipe
from monitor.model import Cause, Declaration, SourceDocument, TermsId, Version
from monitor.ports import Kit
from monitor.schedule import next_due
from monitor.steps import visit
from monitor.store.memory import MemoryStore

Page = Callable[[int], tuple[int, bytes]]
kit = Kit(pause=timedelta(0), deadline=timedelta(seconds=5))
terms = TermsId(service="example")
start = datetime(2026, 1, 1, tzinfo=UTC)

clauses = [
    "我们会收集您的手机号码与收货地址，用于为您完成订单的配送。",
    "您的个人信息将在订单完成后保存三十日，届时我们将予以删除或匿名化处理。",
    "未经您的单独同意，我们不会向任何第三方共享您的个人信息。",
    "您可以随时在设置中查阅、更正、删除您的个人信息，或者撤回您的同意。",
    "如果您是未满十四周岁的未成年人，请在监护人陪同下阅读本政策。",
    "我们采用加密、去标识化等安全措施保护您的个人信息不被未经授权访问。",
    "如对本政策有任何疑问，请通过客服电话与我们联系，我们将在十五日内答复。",
    "本政策发生重大变更时，我们会以弹窗或者站内信的方式通知您。",
]
edited = [clause.replace("三十日", "三年") for clause in clauses]
english = [
    "We collect your telephone number and your address so that we can deliver what you have ordered.",
    "Your personal information is kept for thirty days after the order is complete and deleted then.",
    "We do not share your personal information with any third party without your separate consent.",
    "You may at any time look at, correct or delete your personal information, or withdraw your consent.",
    "If you are under fourteen years of age, please read this policy together with your guardian.",
]


def html(
    parts: list[str], extra: str = "", head: str = "", charset: str = "utf-8", title: str = "隐私政策"
) -> bytes:
    body = "".join(f"<p>{escape(part)}</p>" for part in parts)
    page = (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{head}</head><body>'
        f"<main><h1>{title}</h1><p>更新日期：2025年12月1日</p>{body}{extra}</main></body></html>"
    )
    return page.encode(charset)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    page: Page
    asked: int = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        if self.path == "/robots.txt":
            status, content = 404, b""
        else:
            status, content = server.page(server.asked)
            server.asked += 1
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Silent."""


@dataclass
class Watching:
    """A monitor of one page with a clock of its own; `look` goes to the next time that the store asks for."""

    server: Server
    store: MemoryStore = field(default_factory=lambda: MemoryStore(next_due=next_due))
    at: datetime = start

    def __post_init__(self) -> None:
        document = SourceDocument(
            location=f"http://127.0.0.1:{self.server.server_port}/privacy",
            fetcher="http",
            allow_private=("127.0.0.0/8",),
            allow_http=True,
        )
        declaration = Declaration(terms=terms, name="Example", documents=(document,), minimum_length=100)
        self.store.declare([declaration], {terms: recipe((document,))}, [], self.at)

    def look(self, times: int) -> None:
        for _ in range(times):
            while not (targets := self.store.due(self.at, 10)):
                self.at += timedelta(minutes=5)
            for target in targets:
                self.store.record(visit(target, kit, self.at))

    def versions(self) -> list[Version]:
        return list(self.store.versions(terms))

    def alarms(self) -> int:
        return sum(one.cause in {Cause.CHANGE, Cause.RETURN} for one in self.versions())


@pytest.fixture
def watching() -> Iterator[Watching]:
    server = Server(("127.0.0.1", 0), Handler)
    server.page = lambda count: (200, html(clauses))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Watching(server)
    finally:
        server.shutdown()
        server.server_close()


wall = (
    "<html><head><title>安全验证</title></head><body><p>访问过于频繁，请完成验证</p></body></html>".encode()
)
soft_404 = "<html><head><title>404</title></head><body><p>抱歉，您访问的页面不存在</p></body></html>".encode()
json_error = b'{"code":403,"message":"forbidden"}'


def _alternate(*pages: bytes) -> Page:
    return lambda count: (200, pages[count % len(pages)])


def _noisy(count: int) -> tuple[int, bytes]:
    extra = f"<p>本页面已被阅读 {10_000 + 37 * count} 次</p><p>请求编号：a{count:07d}f{count * 7919:08d}</p>"
    script = f'<meta name="csrf" content="{count * 104729}"><script>var t={count};</script>'
    return 200, html(clauses, extra, script)


_forms = [
    html(clauses),
    html(clauses, charset="gb18030"),
    html([clause.replace("，", ",") for clause in clauses]),
    html([clause.replace("，", "，\u200b") for clause in clauses]),
    html([f"\u00a0{clause}\u3000" for clause in clauses]),
    html(clauses, head="<style>p{color:red}</style>"),
]

_sections = ["收集的信息", "保存期限", "共享", "您的权利", "未成年人", "安全", "联系我们", "变更"]
_titled = "".join(f"<h2>{title}</h2><p>{part}</p>" for title, part in zip(_sections, clauses, strict=True))
_contents = "<ul>" + "".join(f"<li>{title}</li>" for title in _sections) + "</ul>"
_menu = "<ul><li>关于我们</li><li>加入我们</li><li>帮助中心</li><li>用户协议</li><li>隐私政策</li><li>{}</li></ul>"
_here = "<p>北京示例科技有限公司依照《个人信息保护法》处理您的个人信息，并对此负责。</p>"
_there = "<p>示例国际香港有限公司依照香港特别行政区的法律处理您的个人信息，并对此负责。</p>"

noises: dict[str, Page] = {
    "nothing": lambda count: (200, html(clauses)),
    "per request": _noisy,
    "unicode and charset": _alternate(*_forms),
    "walls": _alternate(html(clauses), wall),
    "soft 404": _alternate(html(clauses), soft_404),
    "json errors": _alternate(html(clauses), json_error),
    "empty": _alternate(html(clauses), b""),
    "language flip": _alternate(html(clauses), html(english, title="Privacy policy")),
    "two editions": _alternate(
        html(clauses), html([*clauses[:4], *(c.replace("我们", "本公司") for c in clauses[4:])])
    ),
    "editions of two regions": lambda count: (200, html(clauses, _there if count % 11 > 6 else _here)),
    "contents come and go": _alternate(html([], _titled), html([], _contents + _titled)),
    "menu of the site": _alternate(
        html(clauses, _menu.format("新品发布")), html(clauses, _menu.format("夏季优惠"))
    ),
    "server errors": lambda count: (200, html(clauses)) if count % 3 == 0 else (503, b"busy"),
}


@pytest.mark.parametrize("noise", noises)
def test_no_alarm_on_noise_and_exactly_one_after_the_edit(watching: Watching, noise: str) -> None:
    watching.server.page = noises[noise]
    watching.look(24)
    assert watching.alarms() == 0, [version.cause for version in watching.versions()]
    watching.server.page = lambda count: (200, html(edited))
    watching.look(12)
    assert watching.alarms() == 1
    assert "三年" in watching.store.text(watching.versions()[-1].text_sha256)
    watching.look(6)
    assert watching.alarms() == 1


def test_noise_goes_on_after_the_edit(watching: Watching) -> None:
    def page(count: int) -> tuple[int, bytes]:
        status, content = _noisy(count)
        return status, content.replace("三十日".encode(), "三年".encode()) if count >= 12 else content

    watching.server.page = page
    watching.look(24)
    assert watching.alarms() == 1


@pytest.mark.parametrize("screen", [wall, soft_404, json_error])
def test_edit_while_a_wall_is_up(watching: Watching, screen: bytes) -> None:
    watching.look(3)
    watching.server.page = lambda count: (200, screen)
    watching.look(6)
    assert watching.alarms() == 0
    watching.server.page = lambda count: (200, html(edited))
    watching.look(4)
    assert watching.alarms() == 1


def test_true_large_deletion(watching: Watching) -> None:
    watching.server.page = lambda count: (200, html(clauses + english))
    watching.look(3)
    watching.server.page = lambda count: (200, html(clauses[:6]))
    watching.look(8)
    assert watching.alarms() == 1
    assert [version.cause for version in watching.versions()] == [Cause.FIRST_RECORD, Cause.CHANGE]


def test_a_roll_back_that_stays_is_announced_once_as_a_return(watching: Watching) -> None:
    watching.look(2)
    watching.server.page = lambda count: (200, html(edited))
    watching.look(4)
    watching.server.page = lambda count: (200, html(clauses))
    watching.look(20)
    assert [version.cause for version in watching.versions()] == [
        Cause.FIRST_RECORD,
        Cause.CHANGE,
        Cause.RETURN,
    ]
    assert watching.versions()[-1].returns_to == 1
