"""What belongs together: whose row is it, is every delivery receipted, every version examined, and the rest readable?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from monitor.errors import MonitorError
from monitor.identity import State
from monitor.model import Declaration, TermsId, Validators, digest
from monitor.ports import Damage
from monitor.store import blobs, chain, drafts, examining, queries
from monitor.store.rows import from_json

_microseconds_a_day = 86_400_000_000


def damage(
    table: str, row: int | None, message: str, terms: TermsId | None = None, version: int | None = None
) -> Damage:
    return Damage(table=table, row=row, terms=terms, version=version, message=message)


# --------------------------------------------------------------------------- whose is it?


def user_of(conn: sqlite3.Connection, sha256: str) -> tuple[TermsId | None, int | None]:
    """Whose content this is: the first version that has it as text, page, links or examination."""
    row = conn.execute(
        """
        SELECT service, terms_type, number FROM versions JOIN terms ON terms.id = terms_id
        LEFT JOIN pages ON pages.version_id = versions.id
        LEFT JOIN examinations ON examinations.version_id = versions.id
        WHERE ?1 IN (text_sha256, links_sha256, pages.sha256, screenshot_sha256,
          change_sha256, examinations.audits_sha256, deltas_sha256)
        ORDER BY versions.seq LIMIT 1
        """,
        [sha256],
    ).fetchone()
    if row is None and "reaudits" in chain.tables(conn):
        later = conn.execute("SELECT version_id FROM reaudits WHERE audits_sha256 = ?", [sha256]).fetchone()
        return of_version(conn, later["version_id"]) if later else (None, None)
    return (queries.terms_of(row), row["number"]) if row else (None, None)


def whose(conn: sqlite3.Connection, kind: str, row_id: int) -> tuple[TermsId | None, int | None]:
    """Terms and version that a sealed row belongs to, where it still is there to be asked."""
    if kind == "passages":
        return of_version(conn, row_id)
    if kind == "blobs":
        row = conn.execute("SELECT sha256 FROM blobs WHERE id = ?", [row_id]).fetchone()
        return user_of(conn, row["sha256"]) if row else (None, None)
    if kind == "terms":
        return terms(conn, row_id), None
    if kind in chain.sealed:
        row = conn.execute(f"SELECT terms_id FROM {kind} WHERE id = ?", [row_id]).fetchone()  # noqa: S608
        return (terms(conn, row["terms_id"]) if row else None), None
    return None, None


def of_version(conn: sqlite3.Connection, version_id: int) -> tuple[TermsId | None, int | None]:
    row = conn.execute("SELECT terms_id, number FROM versions WHERE id = ?", [version_id]).fetchone()
    return (terms(conn, row["terms_id"]), row["number"]) if row else (None, None)


def terms(conn: sqlite3.Connection, terms_id: int | None) -> TermsId | None:
    row = conn.execute("SELECT service, terms_type FROM terms WHERE id = ?", [terms_id]).fetchone()
    return queries.terms_of(row) if row else None


# --------------------------------------------------------------------------- what belongs together


def _alerts(conn: sqlite3.Connection) -> Iterator[Damage]:
    for row in conn.execute("SELECT id, key, size, body FROM alerts ORDER BY id"):
        try:
            same = examining.alert_of(row).key == row["key"]
        except (ValueError, blobs.ZstdError) as error:
            yield damage("alerts", row["id"], f"cannot be read: {str(error)[:200]}")
        else:
            if not same:
                yield damage("alerts", row["id"], "was altered: it is filed under another key")


def _deliveries(conn: sqlite3.Connection) -> Iterator[Damage]:
    """A delivery that is closed says what its last receipt says, and none is closed without one."""
    if not chain.has_seals(conn):
        return
    rows = conn.execute(
        """
        SELECT deliveries.*, receipts.alert_id AS told_alert, receipts.channel AS told_channel, result,
          receipts.answer AS said, receipts.at AS told_at
        FROM deliveries LEFT JOIN receipts ON receipts.seq =
          (SELECT MAX(seq) FROM receipts WHERE delivery_id = deliveries.id)
        WHERE state IN ('sent', 'dead') ORDER BY deliveries.id
        """
    )
    for row in rows:
        result = "sent" if row["result"] == "told before" else row["result"]
        told = (row["told_alert"], row["told_channel"], result, row["said"], row["told_at"])
        if told != (row["alert_id"], row["channel"], row["state"], row["answer"], row["closed_at"]):
            theirs, _ = whose(conn, "alerts", row["alert_id"])
            yield damage("deliveries", row["id"], "does not say what its last receipt says", theirs)


def _examined(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Every version is examined or waits for it."""
    for row in conn.execute(
        """
        SELECT id, (SELECT COUNT(*) FROM examinations WHERE version_id = versions.id)
          + (SELECT COUNT(*) FROM unexamined WHERE version_id = versions.id) AS known
        FROM versions WHERE known <> 1
        """
    ).fetchall():
        says = "is examined and waits for it" if row["known"] else "is neither examined nor waiting for it"
        yield damage("versions", row["id"], says, *of_version(conn, row["id"]))


_read_at_each_look = {"state": State, "validators": tuple[Validators, ...], "looked": list[list[object]]}


def _watched(conn: sqlite3.Connection) -> Iterator[Damage]:
    """What the next look builds on: the latest version, and a state that can be read."""
    for row in conn.execute("SELECT * FROM watch ORDER BY terms_id").fetchall():
        latest = conn.execute(
            "SELECT MAX(number), id FROM versions WHERE terms_id = ?", [row["terms_id"]]
        ).fetchone()
        wrong = [name for name, kind in _read_at_each_look.items() if not _holds(_reads, kind, row[name])]
        if latest["id"] != row["latest"]:
            wrong.append("latest")
        if wrong:
            says = f"cannot be used: {', '.join(wrong)}"
            yield damage("watch", row["terms_id"], says, terms(conn, row["terms_id"]))


def _days(conn: sqlite3.Connection) -> Iterator[Damage]:
    counted = dict(
        conn.execute(
            "SELECT at / ?1 - (at % ?1 < 0) AS day, COUNT(*) FROM looks GROUP BY day", [_microseconds_a_day]
        )
    )
    noted = dict(conn.execute("SELECT day, looks FROM days"))
    for day in sorted({*counted, *noted}):
        if counted.get(day) != noted.get(day):
            yield damage(
                "days", day, f"counts {noted.get(day, 0)} looks where there are {counted.get(day, 0)}"
            )


def _declared(conn: sqlite3.Connection) -> Iterator[Damage]:
    for row in conn.execute("SELECT id, terms_id, body FROM declarations").fetchall():
        if not _holds(_reads, Declaration, row["body"]):
            yield damage("declarations", row["id"], "cannot be read", terms(conn, row["terms_id"]))


def _waiting(conn: sqlite3.Connection) -> Iterator[Damage]:
    for row in conn.execute("SELECT rowid AS row, terms_id, text_sha256 FROM drafts").fetchall():
        if not _holds(_is_the_draft, conn, row["terms_id"], row["text_sha256"]):
            says = "is not the text that waits for its second look"
            yield damage("drafts", row["row"], says, terms(conn, row["terms_id"]))


def _quarantined(conn: sqlite3.Connection) -> Iterator[Damage]:
    for row in conn.execute("SELECT * FROM quarantine ORDER BY seq"):
        if not _holds(_unpacks_to, row["content"], row["size"], row["sha256"]):
            yield damage("quarantine", row["seq"], "its digest does not fit", terms(conn, row["terms_id"]))


def _reads(kind: Any, text: str) -> bool:
    from_json(kind, text)
    return True


def _is_the_draft(conn: sqlite3.Connection, terms_id: int, sha256: str) -> bool:
    return (
        drafts.get(conn, terms_id, sha256) is not None
        and digest(drafts.text(conn, terms_id, sha256)) == sha256
    )


def _unpacks_to(content: bytes, size: int, sha256: str) -> bool:
    return digest(blobs.unpack(content, size)) == sha256


def _holds(question: Callable[..., bool], *arguments: object) -> bool:
    """Yes, and it could be asked."""
    try:
        return question(*arguments)
    except (ValueError, KeyError, TypeError, IndexError, MonitorError, blobs.ZstdError):
        return False


parts = (_alerts, _deliveries, _examined, _watched, _days, _declared, _waiting, _quarantined)
