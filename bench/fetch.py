"""CPU per page of our fetcher against a bare `requests` loop on the same pages (`python bench/fetch.py`).

A server in a process of its own sends pages of several sizes, whole (200) and unmodified (304), over
plain http and over TLS. Counted is the CPU time of the asking process alone, in rounds that take
turns, the best of each. The bare loop keeps its session (and so its connection), as the fairest and
hardest comparison, reads the body, and hashes it, as whoever stores pages must. Exits 1 if any ratio
is above the limit.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import requests
import trustme

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.fetch import auto, http
from monitor.model import NotModified, Snapshot, SourceDocument, Validators
from monitor.ports import Fetch, Kit
from tests.fetch.hostile import Request, Site, reply
from tests.fetch.looks import server_tls

limit = 1.6
sizes = {"30 kB": 40, "300 kB": 400}
kit = Kit(user_agent="policy-monitor-bench/1 (+mailto:bench@example.org)", pause=timedelta(0))


def page(paragraphs: int) -> bytes:
    """Text that compresses about as well as a policy does."""
    dice = random.Random(paragraphs)
    words = ["我们", "您", "个人信息", "收集", "使用", "共享", "目的", "期限", "同意", "权利", "账户"]
    words += ["设备", "记录", "服务", "必要", "处理", "第三方", "保存", "删除", "更正"]
    lines = ("".join(dice.choice(words) for _ in range(60)) for _ in range(paragraphs * 2))
    body = "".join(f'<p class="c{number}">{line}。</p>\n' for number, line in enumerate(lines))
    return f"<!DOCTYPE html><html><body><script>1</script><main>{body}</main></body></html>".encode()


def serve(tls: bool, ready: multiprocessing.connection.Connection) -> None:
    """The server process: says its port and, with TLS, where its authority's certificate is."""
    authority = trustme.CA()
    file = Path(tempfile.mkdtemp()) / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    with Site(server_tls(authority.issue_cert("localhost")) if tls else None) as site:
        for name, paragraphs in sizes.items():
            packed = gzip.compress(page(paragraphs), 6)
            whole = reply(
                packed, Content_Encoding="gzip", ETag='"v1"', Last_Modified="Mon, 02 Mar 2026 01:02:03 GMT"
            )
            unmodified = reply(b"", 304, None, None, ETag='"v1"')

            def answer(
                sock: object, request: Request, whole: bytes = whole, short: bytes = unmodified
            ) -> None:
                sock.sendall(short if "if-none-match" in request.headers else whole)  # type: ignore[attr-defined]
                if len(site.requests) > 1000:
                    site.requests.clear()

            site[f"/{name.split()[0]}"] = answer
        ready.send((site.port, str(file)))
        ready.recv()


def bare(base: str, authority: str | None) -> Callable[[str, bool], None]:
    session = requests.Session()
    headers = {"User-Agent": kit.user_agent}

    def ask(path: str, conditional: bool) -> None:
        more = {"If-None-Match": '"v1"'} if conditional else {}
        answer = session.get(base + path, headers={**headers, **more}, timeout=30, verify=authority or True)
        assert answer.status_code == (304 if conditional else 200)
        hashlib.sha256(answer.content).hexdigest()

    return ask


def ours(base: str, authority: str | None, fetch: Fetch) -> Callable[[str, bool], None]:
    options = SourceDocument(
        location=base, allow_http=True, allow_private=("127.0.0.0/8", "::1/128"), tls_ca_file=authority
    )

    def ask(path: str, conditional: bool) -> None:
        source = SourceDocument(
            location=base + path,
            allow_http=True,
            allow_private=options.allow_private,
            tls_ca_file=options.tls_ca_file,
        )
        result = fetch(source, Validators(etag='"v1"') if conditional else Validators(), kit)
        assert isinstance(result, NotModified if conditional else Snapshot), result

    return ask


def spent(ask: Callable[[str, bool], None], path: str, conditional: bool, count: int) -> float:
    """CPU milliseconds per page."""
    began = time.process_time()
    for _ in range(count):
        ask(path, conditional)
    return (time.process_time() - began) / count * 1000


def compare(base: str, authority: str | None, count: int, rounds: int) -> list[dict[str, object]]:
    ways = {
        "requests": bare(base, authority),
        "http": ours(base, authority, http.fetch),
        "auto": ours(base, authority, auto.fetch),
    }
    rows: list[dict[str, object]] = []
    for name in sizes:
        for conditional in (False, True):
            path = f"/{name.split()[0]}"
            for ask in ways.values():
                spent(ask, path, conditional, 5)
            best = {way: float("inf") for way in ways}
            for _ in range(rounds):
                for way, ask in ways.items():
                    best[way] = min(best[way], spent(ask, path, conditional, count))
            row: dict[str, object] = {
                "scheme": base[:5].strip(":"),
                "page": name,
                "status": 304 if conditional else 200,
                **{f"{way}_ms": round(value, 3) for way, value in best.items()},
                "http_ratio": round(best["http"] / best["requests"], 2),
                "auto_ratio": round(best["auto"] / best["requests"], 2),
            }
            rows.append(row)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=150, help="pages per round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: list[dict[str, object]] = []
    for tls in (False, True):
        near, far = multiprocessing.Pipe()
        server = multiprocessing.Process(target=serve, args=(tls, far), daemon=True)
        server.start()
        port, authority = near.recv()
        base = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        rows += compare(base, authority if tls else None, options.count, options.rounds)
        near.send("done")
        server.join(5)
    worst = max(float(str(row[key])) for row in rows for key in ("http_ratio", "auto_ratio"))
    if options.json:
        sys.stdout.write(json.dumps({"rows": rows, "worst_ratio": worst, "limit": limit}) + "\n")
    else:
        for row in rows:
            sys.stdout.write("  ".join(f"{key}={value}" for key, value in row.items()) + "\n")
        sys.stdout.write(f"worst ratio {worst} (limit {limit}), {os.cpu_count()} cores\n")
    return int(worst > limit)


if __name__ == "__main__":
    sys.exit(main())
