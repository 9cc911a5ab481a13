"""The hash chain over the record: each link carries the digest of itself and of all that came before.

chain = SHA-256(chain of the link before + canonical JSON of this one). The order is that of `seq`,
which the tables of links share. Looks, versions, examinations, rulings, later audits and receipts are
links themselves; a row of another table of the record is bound by a seal, a link that names it and
digests it whole.
docs/reference/database.md says the same for those who want to check it without this program.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from monitor.model import digest
from monitor.store.rows import Row, compact

genesis = b"\0" * 32
_plain = {
    "looks": "seq terms_id at outcome version text_sha256 fault message not_modified",
    "versions": (
        "id seq terms_id number cause first_seen recorded_at text_sha256 links_sha256 key recipe length"
        " title language dates flags returns_to"
    ),
    "examinations": (
        "id seq version_id change_sha256 audits_sha256 deltas_sha256 hunks inserted deleted significance"
        " better worse moved warning fault"
    ),
    "rulings": (
        "id seq terms_id at person reason version criterion verdict found quote checklist profile withdraws"
    ),
    "reaudits": "id seq version_id at audits_sha256",
    "receipts": "seq delivery_id alert_id channel at attempt result answer",
    "seals": "seq kind row_id",
}
_since = {"rulings": 2, "reaudits": 2, "receipts": 3, "seals": 3}

# The rows that a seal binds, by their own columns; the passages of a version have one seal together.
sealed = {
    "terms": "id, service, terms_type",
    "declarations": "id, terms_id, at, recipe, body",
    "blobs": "id, sha256, terms_id, slot, size, base, content",
    "passages": "id, start_at, end_at",
    "alerts": "id, key, kind, at, terms_id, size, body",
}


def tables(conn: sqlite3.Connection) -> list[str]:
    """The tables of the chain that a database of its schema has: a backup may be of an older one."""
    (schema,) = conn.execute("PRAGMA user_version").fetchone()
    return [table for table in _plain if _since.get(table, 1) <= schema]


def has_seals(conn: sqlite3.Connection) -> bool:
    """True where the schema of a database is young enough for seals and receipts."""
    return "seals" in tables(conn)


def extend(conn: sqlite3.Connection, table: str, row: dict[str, Any], beside: object = None) -> None:
    """Insert a row as the next link. `beside` is what belongs to it and is stored in another table."""
    seq, before = head(conn)
    row = {**row, "seq": seq + 1}
    row["chain"] = linked(before, table, row, beside)
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608 - names are our own


def seal(conn: sqlite3.Connection, kind: str, row_id: int) -> None:
    """Bind a row that was just written; of `passages`, all those of the version `row_id`."""
    extend(conn, "seals", {"kind": kind, "row_id": row_id}, beside_seal(conn, kind, row_id))


def linked(before: bytes, table: str, row: Row, beside: object) -> bytes:
    body = {name: row[name] for name in _plain[table].split()}
    return hashlib.sha256(before + compact([table, body, beside]).encode()).digest()


def head(conn: sqlite3.Connection) -> tuple[int, bytes]:
    """The last link: its number and digest."""
    last = [
        conn.execute(f"SELECT seq, chain FROM {table} ORDER BY seq DESC LIMIT 1").fetchone()  # noqa: S608
        for table in tables(conn)
    ]
    row = max((one for one in last if one), key=lambda one: int(one[0]), default=None)
    return (0, genesis) if row is None else (row[0], row[1])


def at(conn: sqlite3.Connection, seq: int) -> bytes | None:
    """The digest at a link, or None where there is none."""
    for table in tables(conn):
        row = conn.execute(f"SELECT chain FROM {table} WHERE seq = ?", [seq]).fetchone()  # noqa: S608
        if row:
            return bytes(row[0])
    return None


# --------------------------------------------------------------------------- what stands beside a link


def beside_look(conn: sqlite3.Connection, exchanges: str) -> object:
    """What a look's exchanges say in other rows: the frames, by their digests."""
    return [
        [*conn.execute("SELECT sha256 FROM exchanges WHERE id = ?", [packed[0]]).fetchone(), *packed[1:]]
        for packed in json.loads(exchanges)
    ]


def beside_version(conn: sqlite3.Connection, version_id: int) -> object:
    """The pages of a version."""
    rows = conn.execute(
        """
        SELECT position, sha256, media_type, charset, exchange, screenshot_sha256
        FROM pages WHERE version_id = ? ORDER BY position
        """,
        [version_id],
    )
    return [list(row) for row in rows]


def beside_seal(conn: sqlite3.Connection, kind: str, row_id: int) -> object:
    """The sealed row, bytes by their digest; None where it is gone. An alert is sealed with where it goes."""
    key = "version_id" if kind == "passages" else "id"
    rows = [
        [digest(value) if isinstance(value, bytes) else value for value in row]
        for row in conn.execute(
            f"SELECT {sealed[kind]} FROM {kind} WHERE {key} = ? ORDER BY id",  # noqa: S608 - our own names
            [row_id],
        )
    ]
    if kind == "alerts":
        asked = "SELECT id, channel FROM deliveries WHERE alert_id = ? ORDER BY id"
        return [*rows, *(list(row) for row in conn.execute(asked, [row_id]))] if rows else None
    return rows or None


def links(conn: sqlite3.Connection) -> Iterator[tuple[str, sqlite3.Row, object]]:
    """Every row of the chain in order, with what stands beside it."""
    rows_of = {table: conn.execute(f"SELECT * FROM {table} ORDER BY seq") for table in tables(conn)}  # noqa: S608
    waiting = {table: rows.fetchone() for table, rows in rows_of.items()}
    while any(waiting.values()):
        table = min((one for one in waiting if waiting[one]), key=lambda one: waiting[one]["seq"])
        row = waiting[table]
        waiting[table] = rows_of[table].fetchone()
        yield table, row, _beside(conn, table, row)


def _beside(conn: sqlite3.Connection, table: str, row: sqlite3.Row) -> object:
    try:
        if table == "looks":
            return beside_look(conn, row["exchanges"])
        if table == "versions":
            return beside_version(conn, row["id"])
        if table == "seals":
            return beside_seal(conn, row["kind"], row["row_id"])
    except (ValueError, TypeError, IndexError, KeyError):
        return "unreadable"
    return None
