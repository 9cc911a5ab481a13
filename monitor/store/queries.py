"""What several parts of the store ask for: terms, declarations, versions with their pages, states."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from monitor.identity import State
from monitor.model import Declaration, Snapshot, TermsId, Version
from monitor.store import blobs
from monitor.store.rows import exchange_of, from_json, version_of

version_columns = """
SELECT versions.*, marks.recipe AS marked, service, terms_type
FROM versions JOIN terms ON terms.id = versions.terms_id LEFT JOIN marks ON marks.version_id = versions.id
"""


def terms_id(conn: sqlite3.Connection, terms: TermsId) -> int | None:
    row = conn.execute(
        "SELECT id FROM terms WHERE service = ? AND terms_type = ?", [terms.service, terms.terms_type]
    ).fetchone()
    return None if row is None else int(row["id"])


def terms_of(row: sqlite3.Row) -> TermsId:
    return TermsId(service=row["service"], terms_type=row["terms_type"])


def declaration(text: str) -> Declaration:
    return from_json(Declaration, text)


def state(text: str) -> State:
    return from_json(State, text)


def volatile(conn: sqlite3.Connection, terms: TermsId) -> tuple[str, ...]:
    """What was learned to differ from look to look of these terms."""
    row = conn.execute("SELECT state FROM watch WHERE terms_id = ?", [terms_id(conn, terms)]).fetchone()
    return state(row["state"]).volatile if row else ()


def versions(conn: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Version]:
    """Versions by a condition of ours, which may end in an order and a limit."""
    rows = conn.execute(f"{version_columns} WHERE {where}", values).fetchall()
    return with_pages(conn, rows)


def version(conn: sqlite3.Connection, version_id: int | None) -> Version | None:
    if version_id is None:
        return None
    return versions(conn, "versions.id = ?", [version_id])[0]


def with_pages(conn: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[Version]:
    rows = list(rows)
    pages: dict[int, list[tuple[str, str]]] = {row["id"]: [] for row in rows}
    wanted = json.dumps(list(pages))
    for page in conn.execute(
        """
        SELECT version_id, sha256, json_extract(exchange, '$.final_url') AS final_url FROM pages
        WHERE version_id IN (SELECT value FROM json_each(?)) ORDER BY version_id, position
        """,
        [wanted],
    ):
        pages[page["version_id"]].append((page["sha256"], page["final_url"]))
    return [version_of(row, terms_of(row), pages[row["id"]]) for row in rows]


def version_id(conn: sqlite3.Connection, terms: TermsId, number: int) -> int | None:
    row = conn.execute(
        """
        SELECT versions.id FROM versions JOIN terms ON terms.id = terms_id
        WHERE service = ? AND terms_type = ? AND number = ?
        """,
        [terms.service, terms.terms_type, number],
    ).fetchone()
    return None if row is None else int(row["id"])


def snapshots(conn: sqlite3.Connection, version_id: int) -> tuple[Snapshot, ...]:
    """The pages of a version as they were sent."""
    rows = conn.execute("SELECT * FROM pages WHERE version_id = ? ORDER BY position", [version_id]).fetchall()
    return tuple(
        Snapshot(
            exchange=exchange_of(json.loads(row["exchange"])),
            content=blobs.get(conn, row["sha256"]),
            media_type=row["media_type"],
            charset=row["charset"],
            screenshot=blobs.get(conn, row["screenshot_sha256"]) if row["screenshot_sha256"] else None,
        )
        for row in rows
    )
