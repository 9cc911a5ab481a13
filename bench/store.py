"""What the store costs: bytes per look, per version, and time per look, per start, per history.

python bench/store.py [LOOKS] [VERSIONS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.model import (
    Decision,
    Declaration,
    Examination,
    Exchange,
    Reading,
    Snapshot,
    SourceDocument,
    TermsId,
    Unchanged,
    Visit,
)
from monitor.store.sqlite import SqliteStore
from monitor.text.normal import key

start = datetime(2031, 3, 1, tzinfo=UTC)
address = "https://starbridge.example/privacy"
terms = TermsId(service="starbridge")


def next_due(declaration: Declaration, now: datetime, failures: int) -> datetime:
    return now + declaration.every


def exchange(at: datetime, raw: str) -> Exchange:
    return Exchange(
        url=address,
        final_url=address + ".html",
        status=200,
        ip="203.0.113.7",
        certificate_sha256="c" * 64,
        headers=(
            ("content-encoding", "gzip"),
            ("content-type", "text/html; charset=utf-8"),
            ("date", f"{at:%a, %d %b %Y %H:%M:%S} GMT"),
            ("etag", '"65f1c2a1-1a2b3"'),
            ("last-modified", "Sat, 01 Mar 2031 00:00:00 GMT"),
            ("server", "nginx"),
        ),
        seconds=0.1234,
        raw_sha256=raw,
    )


def reading(number: int, at: datetime) -> Reading:
    lines = [
        f"第{line}条 我们为第{line * 37}种目的处理您的个人信息，保存期限为{line * 11}天，不对外提供。"
        for line in range(600)
    ]
    for edit in range(number):
        lines[(edit * 13) % 600] += f"自第{edit}次修订起，我们可以向关联公司提供。"
    text = "\n\n".join(lines)
    head = "".join(f"<script src=/static/{part}.js></script>" for part in range(200))
    page = f"<html><head>{head}</head><body>{''.join(f'<p class=clause>{line}</p>' for line in lines)}</body></html>".encode()
    snapshot = Snapshot(exchange=exchange(at, "a" * 64), content=page, media_type="text/html")
    return Reading(text=text, key=key(text), recipe="r", snapshots=(snapshot,), language="zh")


def size(store: SqliteStore) -> int:
    store.checkpoint()
    return store.path.stat().st_size


def looks(store: SqliteStore, count: int, at: datetime, noisy: bool) -> tuple[float, list[float]]:
    """Bytes per unchanged look, and the milliseconds that each took."""
    before, took = size(store), []
    for number in range(count):
        at += timedelta(hours=6)
        seen = exchange(at, f"{number:064x}" if noisy else "a" * 64)
        begun = time.perf_counter()
        store.record(Visit(terms=terms, at=at, result=Unchanged(exchanges=(seen,), not_modified=False)))
        took.append((time.perf_counter() - begun) * 1000)
    return (size(store) - before) / count, took


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    versions = int(sys.argv[2]) if len(sys.argv) > 2 else 48
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteStore(Path(folder) / "s.sqlite", next_due=next_due) as store,
    ):
        document = SourceDocument(location=address)
        store.declare(
            [Declaration(terms=terms, name="Starbridge", documents=(document,))], {terms: "r"}, [], start
        )
        print(f"empty database          {size(store):>10,} bytes")
        store.record(Visit(terms=terms, at=start, result=reading(0, start)))
        before, at, took = size(store), start, []
        for number in range(1, versions):
            for _ in range(2):
                at += timedelta(hours=1)
                begun = time.perf_counter()
                store.record(Visit(terms=terms, at=at, result=reading(number, at)))
                took.append((time.perf_counter() - begun) * 1000)
        for pending in store.unexamined(1):
            store.settle(Examination(pending=pending), Decision())
        recorded = len(store.versions(terms))
        plain = len(reading(0, at).text.encode()) + len(reading(0, at).snapshots[0].content)
        print(f"versions                {recorded:>10}, each {plain:,} bytes of page and text")
        print(f"bytes per version       {(size(store) - before) / (recorded - 1):>10,.0f}")
        print(f"ms per look with change {statistics.median(took):>10.1f} median")
        for name, noisy in (("quiet page", False), ("page with a nonce", True)):
            each, took = looks(store, count, at, noisy)
            at += timedelta(hours=6) * count
            took.sort()
            print(
                f"bytes per unchanged look{each:>10.0f} ({name}); ms {statistics.median(took):.2f} median, {took[int(count * 0.95)]:.2f} p95"
            )
        begun = time.perf_counter()
        damages = len(list(store.verify()))
        print(
            f"verify                  {(time.perf_counter() - begun) * 1000:>10.0f} ms for {2 * count} looks, {damages} damaged"
        )
        begun = time.perf_counter()
        store.history()
        print(f"history                 {(time.perf_counter() - begun) * 1000:>10.1f} ms")
        code = f"from pathlib import Path; from monitor.store.sqlite import SqliteStore; SqliteStore(Path({str(store.path)!r}), next_due=None, read_only=True).history()"
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        print(f"history, new process    {(time.perf_counter() - begun) * 1000:>10.0f} ms")


if __name__ == "__main__":
    main()
