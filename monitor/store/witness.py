"""A small file beside the database that remembers heads of its chain and what was announced.

A database that was put back from an older copy is consistent in itself; only somebody who saw its
later head can tell. Mailboxes are such witnesses (each alert carries the head), and so is this file:
it tells that history is behind. One JSON object a line.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.store import chain


def witness_file(path: Path) -> Path:
    return path.with_name(path.name + ".witness")


def note(path: Path, seq: int, head: bytes) -> None:
    """Remember a head. Losing this costs a warning, never data."""
    line = json.dumps({"seq": seq, "head": head.hex()}) + "\n"
    with suppress(OSError):
        descriptor = os.open(witness_file(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


def behind(path: Path, conn: sqlite3.Connection) -> str:
    """What is to be said where the database does not hold the last head that was witnessed; else empty."""
    last = max(enumerate(_lines(path)), default=None, key=lambda line: line[0])
    if last is None or last[1].seq == 0 or chain.at(conn, last[1].seq) == last[1].head:
        return ""
    now, _ = chain.head(conn)
    return (
        f"history is behind the last head witnessed in {witness_file(path).name}:"
        f" it ends at {now}, entry {last[1].seq} ({last[1].head.hex()[:12]}) was seen;"
        " an older copy was put in its place, or entries were removed"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    seq: int
    head: bytes


def _lines(path: Path) -> Iterator[_Line]:
    """What was noted, in order; a line that a crash cut short is passed over."""
    try:
        text = witness_file(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(line)
            yield _Line(seq=int(said["seq"]), head=bytes.fromhex(said["head"]))
