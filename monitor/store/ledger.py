"""How the exchanges of a look are kept for ever in a few bytes.

What a server says is the same at nearly every look: it is kept once, as a frame, and a look names the
frame, its duration and what differed (the Date header, the digest of a page with a clock in it).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from monitor.model import Exchange, digest
from monitor.store.rows import compact, exchange_body, exchange_of

_longest_difference = 400
Packed = list[Any]


def packed(conn: sqlite3.Connection, exchanges: Sequence[Exchange], looked: Sequence[Packed]) -> list[Packed]:
    """`[frame, milliseconds]` or `[frame, milliseconds, difference]` for each exchange.

    `looked` are those of the look before: their frames are tried first, and a difference that comes a
    second time becomes a frame of its own.
    """
    return [
        _packed(conn, exchange, looked[index] if index < len(looked) else None)
        for index, exchange in enumerate(exchanges)
    ]


def _packed(conn: sqlite3.Connection, exchange: Exchange, before: Packed | None) -> Packed:
    body = exchange_body(exchange)
    took = round(body.pop("seconds", 0.0) * 1000)
    told = exchange.header("date")
    if told:
        body["headers"] = [(name, "" if name == "date" else value) for name, value in exchange.headers]
    frame, difference = _framed(conn, body, before)
    if told:
        difference = {**difference, "date": told}
    return [frame, took, difference] if difference else [frame, took]


def _framed(
    conn: sqlite3.Connection, body: dict[str, Any], before: Packed | None
) -> tuple[int, dict[str, Any]]:
    """The frame that fits, and what differs from it."""
    text = compact(body)
    known = conn.execute("SELECT id FROM exchanges WHERE sha256 = ?", [digest(text)]).fetchone()
    if known:
        return int(known["id"]), {}
    if before:
        difference = _difference(_frame(conn, before[0]), body)
        last = {
            name: value for name, value in (before[2] if len(before) > 2 else {}).items() if name != "date"
        }
        if difference and difference != last and len(compact(difference)) <= _longest_difference:
            return before[0], difference
    return _new_frame(conn, text), {}


def _frame(conn: sqlite3.Connection, frame: int) -> dict[str, Any]:
    (body,) = conn.execute("SELECT body FROM exchanges WHERE id = ?", [frame]).fetchone()
    return dict(json.loads(body))


def _new_frame(conn: sqlite3.Connection, text: str) -> int:
    values = [digest(text), text]
    row = conn.execute("INSERT INTO exchanges (sha256, body) VALUES (?, ?) RETURNING id", values).fetchone()
    return int(row["id"])


def _difference(frame: dict[str, Any], body: dict[str, Any]) -> dict[str, Any] | None:
    """What of `body` is not as in the frame; None where that cannot be said in a few words."""
    plain: dict[str, Any] = json.loads(compact(body))
    found = {name: plain.get(name) for name in {*frame, *plain} if frame.get(name) != plain.get(name)}
    if "headers" in found:
        old, new = frame.get("headers", []), plain.get("headers", [])
        if [name for name, _ in old] != [name for name, _ in new]:
            return None
        found["headers"] = {
            name: value for (name, was), (_, value) in zip(old, new, strict=True) if was != value
        }
    return found


def unpacked(conn: sqlite3.Connection, exchanges: str) -> tuple[Exchange, ...]:
    """The exchanges of a look as they were."""
    return tuple(_unpacked(conn, *one) for one in json.loads(exchanges))


def _unpacked(
    conn: sqlite3.Connection, frame: int, took: int, difference: dict[str, Any] | None = None
) -> Exchange:
    body = _frame(conn, frame)
    for name, value in (difference or {}).items():
        if name == "date":
            body["headers"] = [
                [header, value if header == "date" else was] for header, was in body["headers"]
            ]
        elif name == "headers":
            body["headers"] = [[header, value.get(header, was)] for header, was in body["headers"]]
        elif value is None:
            body.pop(name, None)
        else:
            body[name] = value
    return exchange_of({**body, "seconds": took / 1000})
