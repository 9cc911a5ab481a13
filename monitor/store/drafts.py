"""Readings that wait for their second look: kept whole, outside the record, until they are a version or forgotten."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from monitor.errors import NotFound
from monitor.identity import State
from monitor.model import Reading
from monitor.store import blobs
from monitor.store.policy import said_by
from monitor.store.rows import compact, from_json, micros, to_json


def put(conn: sqlite3.Connection, terms_id: int, at: datetime, reading: Reading) -> None:
    """Keep a reading with its pages; the first sight of a text is the one that stays."""
    pages = [snapshot.content for snapshot in reading.snapshots]
    shots = [snapshot.screenshot for snapshot in reading.snapshots]
    bare = replace(
        reading,
        text="",
        snapshots=tuple(replace(snapshot, content=b"", screenshot=None) for snapshot in reading.snapshots),
    )
    parts = [reading.text.encode(), *pages, *(shot for shot in shots if shot is not None)]
    body = {
        "reading": json.loads(to_json(Reading, bare)),
        "sizes": [len(part) for part in parts],
        "shots": [index for index, shot in enumerate(shots) if shot is not None],
    }
    conn.execute(
        "INSERT INTO drafts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [terms_id, reading.sha256, micros(at), compact(body), blobs.pack(b"".join(parts))],
    )


def get(conn: sqlite3.Connection, terms_id: int, text_sha256: str) -> Reading | None:
    found = _open(conn, terms_id, text_sha256)
    if found is None:
        return None
    body, parts = found
    bare = from_json(Reading, compact(body["reading"]))
    count = len(bare.snapshots)
    shots = dict(zip(body["shots"], parts[1 + count :], strict=True))
    snapshots = tuple(
        replace(snapshot, content=content, screenshot=shots.get(index))
        for index, (snapshot, content) in enumerate(zip(bare.snapshots, parts[1 : 1 + count], strict=True))
    )
    return replace(bare, text=parts[0].decode(), snapshots=snapshots)


def text(conn: sqlite3.Connection, terms_id: int, text_sha256: str) -> str:
    found = _open(conn, terms_id, text_sha256)
    if found is None:
        raise NotFound(f"no text with digest {text_sha256} is stored")
    return found[1][0].decode()


def _open(
    conn: sqlite3.Connection, terms_id: int, text_sha256: str
) -> tuple[dict[str, list[int]], list[bytes]] | None:
    row = conn.execute(
        "SELECT body, content FROM drafts WHERE terms_id = ? AND text_sha256 = ?", [terms_id, text_sha256]
    ).fetchone()
    if row is None:
        return None
    body = json.loads(row["body"])
    whole = blobs.unpack(row["content"], sum(body["sizes"]))
    parts, start = [], 0
    for size in body["sizes"]:
        parts.append(whole[start : start + size])
        start += size
    return body, parts


def prune(conn: sqlite3.Connection, terms_id: int, state: State) -> None:
    """Forget what neither waits nor has come and gone lately."""
    conn.execute(
        "DELETE FROM drafts WHERE terms_id = ? AND text_sha256 NOT IN (SELECT value FROM json_each(?))",
        [terms_id, json.dumps(sorted(said_by(state)))],
    )
