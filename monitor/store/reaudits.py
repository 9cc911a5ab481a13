"""Audits by later editions beside those of the examination: rows of their own, each a link of the chain.

`judged` is an index of which edition judged which version; it can be made again from what is stored.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.errors import StoreError
from monitor.model import Audit, DatedAudits, Judged, TermsId
from monitor.store import blobs, chain, queries
from monitor.store.rows import from_json, moment, to_json

_Audits = tuple[Audit, ...]


def judged_by(audits: Iterable[Audit]) -> list[Judged]:
    return [Judged(checklist=one.checklist, edition=one.edition, profile=one.profile) for one in audits]


def note(conn: sqlite3.Connection, version_id: int, judged: Iterable[Judged]) -> None:
    """Enter into the index what a version was judged by."""
    rows = [(version_id, one.checklist, one.edition, one.profile) for one in judged]
    conn.executemany("INSERT OR IGNORE INTO judged VALUES (?, ?, ?, ?)", rows)


def add(conn: sqlite3.Connection, version_id: int, audits: Sequence[Audit], at: int) -> bool:
    """Keep audits of a version; False where an edition and profile of each judged it already."""
    known = _of_version(conn, version_id)
    fresh = tuple(one for one, by in zip(audits, judged_by(audits), strict=True) if by not in known)
    if not fresh:
        return False
    terms = conn.execute("SELECT terms_id FROM versions WHERE id = ?", [version_id]).fetchone()
    if terms is None:
        raise StoreError(f"there is no version with row {version_id} to audit")
    (row_id,) = conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM reaudits").fetchone()
    content = to_json(_Audits, fresh).encode()
    row = {
        "id": row_id,
        "version_id": version_id,
        "at": at,
        "audits_sha256": blobs.put(conn, terms["terms_id"], "audits", content),
    }
    chain.extend(conn, "reaudits", row)
    note(conn, version_id, judged_by(fresh))
    return True


def _of_version(conn: sqlite3.Connection, version_id: int) -> set[Judged]:
    rows = conn.execute("SELECT checklist, edition, profile FROM judged WHERE version_id = ?", [version_id])
    return {Judged(**dict(row)) for row in rows}


def unindexed(conn: sqlite3.Connection, most: int) -> list[sqlite3.Row]:
    """Examinations with audits whose versions are not in the index: they are older than it."""
    return conn.execute(
        """
        SELECT version_id, audits_sha256 FROM examinations
        WHERE audits_sha256 IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM judged WHERE judged.version_id = examinations.version_id)
        LIMIT ?
        """,
        [most],
    ).fetchall()


def index(conn: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> None:
    """Enter old examinations into the index."""
    for row in rows:
        found = json.loads(blobs.get(conn, row["audits_sha256"]))
        judged = [
            Judged(checklist=one["checklist"], edition=one["edition"], profile=one["profile"])
            for one in found
        ]
        note(conn, row["version_id"], judged)


def judged(conn: sqlite3.Connection, terms: TermsId) -> dict[int, frozenset[Judged]]:
    """What each version of a policy that is not waiting for its examination was judged by."""
    rows = conn.execute(
        """
        SELECT number, checklist, edition, profile FROM versions
        JOIN terms ON terms.id = terms_id LEFT JOIN judged ON judged.version_id = versions.id
        WHERE service = ? AND terms_type = ? AND versions.id NOT IN (SELECT version_id FROM unexamined)
        """,
        [terms.service, terms.terms_type],
    )
    found: dict[int, set[Judged]] = defaultdict(set)
    for row in rows:
        if row["checklist"] is not None:
            by = Judged(checklist=row["checklist"], edition=row["edition"], profile=row["profile"])
            found[row["number"]].add(by)
        else:
            found[row["number"]] = set()
    return {number: frozenset(by) for number, by in found.items()}


def later(conn: sqlite3.Connection, version_id: int) -> list[DatedAudits]:
    """The audits of a version that came after its examination, oldest first."""
    rows = conn.execute(
        "SELECT at, audits_sha256 FROM reaudits WHERE version_id = ? ORDER BY id", [version_id]
    )
    return [
        DatedAudits(at=moment(row["at"]), audits=from_json(_Audits, blobs.get(conn, row["audits_sha256"])))
        for row in rows
    ]


def latest(made: Iterable[DatedAudits]) -> tuple[Audit, ...]:
    """Of audits made one after the other, the last of each checklist and profile."""
    found: dict[tuple[str, str], Audit] = {}
    for together in made:
        for one in together.audits:
            found[one.checklist, one.profile] = one
    return tuple(found.values())


def version_row(conn: sqlite3.Connection, terms: TermsId, number: int) -> int:
    found = queries.version_id(conn, terms, number)
    if found is None:
        raise StoreError(f"{terms} has no version {number} to audit")
    return found
