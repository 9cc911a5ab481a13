"""How long extraction takes a page, beside plain parsing: `python bench/extract.py FILE.html ...`.

Without files it measures pages of its own, of about 250 KB each. Times are of a warm process; the ratio
to plain parsing (the parser's tree and its text, nothing kept of the structure) is what to compare.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.auto import extract
from monitor.model import Exchange, Snapshot, SourceDocument

_rounds = 5
_clause = (
    "<h2 id=s{n}>{n}. Data</h2><p class=c>We use <b>data</b> of kind {n}, see <a href=#s{n}>there</a>.</p>"
)
_row = "<tr><td>SDK {n}</td><td>用于向您提供第{n}项服务</td><td>位置信息、设备信息</td></tr>"


def own_pages() -> list[bytes]:
    """Prose, a table and a deep layout, about 250 KB each."""
    prose = "".join(_clause.format(n=n) for n in range(2200))
    table = f"<table>{''.join(_row.format(n=n) for n in range(2600))}</table>"
    deep = "".join(f"<div class=a{n}><div><span>{'word ' * 30}</span></div></div>" for n in range(1300))
    return [
        f"<!doctype html><body><nav>x</nav><main><h1>T</h1>{part}</main>".encode()
        for part in (prose, table, deep)
    ]


def plain(content: bytes) -> str:
    body = LexborHTMLParser(content.decode("utf-8", "replace")).body
    return body.text() if body else ""


def ours(content: bytes) -> object:
    exchange = Exchange(url="https://a.example/", final_url="https://a.example/")
    snapshot = Snapshot(exchange=exchange, content=content, media_type="text/html", charset="utf-8")
    return extract(snapshot, SourceDocument(location="https://a.example/"))


def main() -> None:
    pages = [Path(name).read_bytes() for name in sys.argv[1:]] or own_pages()
    seconds = {}
    for way in (plain, ours):
        way(pages[0])
        started = time.perf_counter()
        for _ in range(_rounds):
            for page in pages:
                way(page)
        seconds[way.__name__] = (time.perf_counter() - started) / (_rounds * len(pages))
    size = sum(map(len, pages)) / len(pages) / 1024
    print(f"{len(pages)} pages of {size:.0f} KB: {seconds['ours'] * 1000:.1f} ms a page, ", end="")
    print(f"{seconds['ours'] * 1000 / size * 250:.1f} ms per 250 KB, ", end="")
    print(f"{seconds['ours'] / seconds['plain']:.1f} times plain parsing ({seconds['plain'] * 1000:.1f} ms)")


if __name__ == "__main__":
    main()
