"""A small file beside the database that remembers heads of its chain and what was told to whom.

A database that was put back from an older copy is consistent in itself; only somebody who saw its
later head can tell. Mailboxes are such witnesses (each alert carries the head), and so is this file:
it tells that history is behind, and which alerts of the lost part were delivered already, so that
what is found again is not told as new. One JSON object a line: `seq` and `head` of the chain at that
moment and, where something was delivered just then, `told`.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.model import Alert
from monitor.store import chain, examining

_longest, _kept = 8000, 4000


def witness_file(path: Path) -> Path:
    return path.with_name(path.name + ".witness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That an alert was delivered over a channel; `text` is the digest of the version it told of."""

    key: str
    channel: str
    service: str | None = None
    terms_type: str | None = None
    text: str | None = None

    @property
    def line(self) -> tuple[str | None, str | None, str]:
        """What the last word about a policy is kept under."""
        return (self.service, self.terms_type, self.channel)


def told(alert: Alert, channel: str) -> Told:
    return Told(
        key=alert.key,
        channel=channel,
        service=alert.terms.service if alert.terms else None,
        terms_type=alert.terms.terms_type if alert.terms else None,
        text=alert.version.text_sha256 if alert.version else None,
    )


# --------------------------------------------------------------------------- noting


def note(path: Path, seq: int, head: bytes, said: Sequence[Told] = ()) -> None:
    """Remember a head, and what was told just then. Losing this costs a warning or a repeat, never data."""
    line: dict[str, Any] = {"seq": seq, "head": head.hex()}
    if said:
        line["told"] = [{name: getattr(one, name) for name in Told.__slots__} for one in said]
    with suppress(OSError):
        _append(witness_file(path), json.dumps(line, ensure_ascii=False) + "\n")


def _append(file: Path, line: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def remember(path: Path, conn: sqlite3.Connection) -> None:
    """Remember what a database tells that is about to be replaced: its head, and its latest deliveries."""
    rows = conn.execute(
        """
        SELECT channel, size, body FROM
          (SELECT channel, alert_id, closed_at FROM deliveries WHERE state = 'sent' ORDER BY closed_at DESC LIMIT ?)
        JOIN alerts ON alerts.id = alert_id ORDER BY closed_at
        """,
        [_kept],
    ).fetchall()
    note(path, *chain.head(conn), [told(examining.alert_of(row), row["channel"]) for row in rows])


def shorten(path: Path) -> None:
    """Keep the file small over the years: the latest lines stay."""
    file = witness_file(path)
    with suppress(OSError):
        lines = file.read_bytes().splitlines(keepends=True)
        if len(lines) > _longest:
            draft = file.with_name(f".{file.name}.new")
            draft.write_bytes(b"".join(lines[-_kept:]))
            draft.chmod(0o640)
            draft.replace(file)


# --------------------------------------------------------------------------- what is missing


def behind(path: Path, conn: sqlite3.Connection) -> str:
    """What is to be said where the database does not hold the last head that was witnessed; else empty."""
    last = max(enumerate(_lines(path)), default=None, key=lambda line: line[0])
    if last is None or last[1].seq == 0 or chain.at(conn, last[1].seq) == last[1].head:
        return ""
    now, _ = chain.head(conn)
    return (
        f"history is behind the last head witnessed in {witness_file(path).name}:"
        f" it ends at {now}, entry {last[1].seq} ({last[1].head.hex()[:12]}) was seen;"
        " an older copy was put in its place, or entries were removed;"
        " what was told of the lost part is not told again"
    )


class Lost:
    """What was told in a part of history that is no longer there. Empty nearly always."""

    def __init__(self, lost: Sequence[Told] = (), last_words: Sequence[Told] = ()) -> None:
        self._keys = {(one.key, one.channel): one.text for one in lost}
        self._taken = {one.key for one in lost}
        self._last = {one.line: one.text for one in last_words if one.text}

    def __bool__(self) -> bool:
        return bool(self._keys or self._last)

    def same(self, alert: Alert, channel: str) -> bool:
        """True where this very alert went out over this channel."""
        one = told(alert, channel)
        return (one.key, channel) in self._keys and self._keys[one.key, channel] == one.text

    def holds(self, alert: Alert, channel: str) -> bool:
        """True where this is no news to the channel: it told so, and of a policy it told nothing else since."""
        one = told(alert, channel)
        if one.text is None:
            return (one.key, channel) in self._keys
        return self._last.get(one.line) == one.text

    def free_key(self, alert: Alert) -> str:
        """A key that never stood for other news: version numbers begin again where history was lost."""
        if alert.version is None or alert.key not in self._taken:
            return alert.key
        return f"{alert.key}:{alert.version.text_sha256[:8]}"

    def found_again(self, one: Told) -> None:
        """From now on the database knows of it itself."""
        self._last.pop(one.line, None)


def lost(path: Path, conn: sqlite3.Connection) -> Lost:
    """What the witness saw told and the database knows nothing of."""
    gone: list[Told] = []
    last: dict[object, tuple[Told, bool]] = {}
    for line in _lines(path):
        if not line.told:
            continue
        missing = chain.at(conn, line.seq) != line.head
        for one in line.told:
            gone += [one] if missing else []
            if one.text:
                last[one.line] = (one, missing)
    last_words = [one for one, missing in last.values() if missing and not _knows(conn, one)]
    return Lost(gone, last_words)


def _knows(conn: sqlite3.Connection, one: Told) -> bool:
    row = conn.execute("SELECT size, body FROM alerts WHERE key = ?", [one.key]).fetchone()
    return row is not None and told(examining.alert_of(row), one.channel) == one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    seq: int
    head: bytes
    told: tuple[Told, ...]


def _lines(path: Path) -> Iterator[_Line]:
    """What was noted, in order; a line that a crash cut short is passed over."""
    try:
        text = witness_file(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            said = json.loads(line)
            yield _Line(
                seq=int(said["seq"]),
                head=bytes.fromhex(said["head"]),
                told=tuple(Told(**one) for one in said.get("told", ())),
            )
