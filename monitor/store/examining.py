"""Versions that wait for their examination, and its result with the alerts it gives rise to: one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Audit,
    AuditDelta,
    Change,
    DatedAudits,
    Decision,
    Examination,
    Link,
    Outcome,
    Pending,
)
from monitor.store import blobs, chain, queries, reaudits, rulings, views
from monitor.store.rows import from_json, micros, to_json

if TYPE_CHECKING:
    from monitor.store.witness import Lost

T = TypeVar("T")
told_before = "told before an older history was put in its place"


def unexamined(conn: sqlite3.Connection, batch: int) -> list[Pending]:
    """The earliest waiting version of each policy: the audit of each is held against the one before."""
    rows = conn.execute(
        """
        SELECT versions.*, body FROM versions
        JOIN watch ON watch.terms_id = versions.terms_id
        JOIN declarations ON declarations.id = declaration_id
        WHERE (versions.terms_id, number) IN
          (SELECT terms_id, MIN(number) FROM unexamined JOIN versions ON versions.id = version_id GROUP BY terms_id)
        ORDER BY seq LIMIT ?
        """,
        [batch],
    ).fetchall()
    return [_pending(conn, row) for row in rows]


def _pending(conn: sqlite3.Connection, row: sqlite3.Row) -> Pending:
    version = queries.version(conn, row["id"])
    assert version is not None
    before = conn.execute(
        "SELECT id FROM versions WHERE terms_id = ? AND number = ?", [row["terms_id"], row["number"] - 1]
    ).fetchone()
    previous = queries.version(conn, before["id"]) if before else None
    return Pending(
        declaration=queries.declaration(row["body"]),
        version=version,
        text=blobs.get(conn, version.text_sha256).decode(),
        links=from_json(tuple[Link, ...], blobs.get(conn, row["links_sha256"])),
        previous=previous,
        previous_text=blobs.get(conn, previous.text_sha256).decode() if previous else None,
        previous_audits=tuple(audits(conn, before["id"])) if before else (),
        rulings=rulings.of_terms(conn, row["terms_id"]),
    )


def audits(conn: sqlite3.Connection, version_id: int) -> Sequence[Audit]:
    """Those that count now: of the edition that judged the version last."""
    return reaudits.latest(all_audits(conn, version_id))


def all_audits(conn: sqlite3.Connection, version_id: int) -> list[DatedAudits]:
    """Those of the examination, then those by later editions."""
    first = _part(conn, version_id, "audits_sha256", tuple[Audit, ...])
    examined = [] if first is None else [DatedAudits(audits=first)]
    return [*examined, *reaudits.later(conn, version_id)]


def deltas(conn: sqlite3.Connection, version_id: int) -> Sequence[AuditDelta]:
    return _part(conn, version_id, "deltas_sha256", tuple[AuditDelta, ...]) or ()


def change(conn: sqlite3.Connection, version_id: int) -> Change | None:
    return _part(conn, version_id, "change_sha256", Change)


def _part(conn: sqlite3.Connection, version_id: int, column: str, kind: type[T]) -> T | None:
    row = conn.execute("SELECT * FROM examinations WHERE version_id = ?", [version_id]).fetchone()
    if row is None or row[column] is None:
        return None
    return from_json(kind, blobs.get(conn, row[column]))


# --------------------------------------------------------------------------- settle


def settle(
    conn: sqlite3.Connection, examination: Examination, decision: Decision, lost: Lost | None = None
) -> Outcome:
    """Change, audits, deltas, alerts and deliveries: all or nothing. A second result for a version is dropped."""
    version = examination.pending.version
    version_id = queries.version_id(conn, version.terms, version.number)
    if version_id is None:
        raise StoreError(f"{version.terms} has no version {version.number} to settle")
    if conn.execute("DELETE FROM unexamined WHERE version_id = ?", [version_id]).rowcount == 0:
        return Outcome.STALE
    terms_id = queries.terms_id(conn, version.terms)
    assert terms_id is not None
    chain.extend(conn, "examinations", _row(conn, terms_id, version_id, examination))
    reaudits.note(conn, version_id, reaudits.judged_by(examination.audits))
    announce(conn, decision, lost)
    return Outcome.EXAMINED if examination.fault is None else Outcome.EXAMINATION_FAILED


def _row(
    conn: sqlite3.Connection, terms_id: int, version_id: int, examination: Examination
) -> dict[str, object]:
    found, deltas = examination.change, examination.deltas
    (row_id,) = conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM examinations").fetchone()

    def kept(slot: str, kind: object, value: object) -> str | None:
        return blobs.put(conn, terms_id, slot, to_json(kind, value).encode()) if value else None

    return {
        "id": row_id,
        "version_id": version_id,
        "change_sha256": kept("change", Change, found),
        "audits_sha256": kept("audits", tuple[Audit, ...], examination.audits),
        "deltas_sha256": kept("deltas", tuple[AuditDelta, ...], deltas),
        **views.examination_fields(examination),
    }


# --------------------------------------------------------------------------- alerts


def announce(conn: sqlite3.Connection, decision: Decision, lost: Lost | None = None) -> int:
    """Store the alerts whose key is new, with a delivery for each of their channels; hold those that are to be held.

    What a channel was told in a part of history that is `lost` counts as delivered.
    """
    new = 0
    for alert in decision.alerts:
        kept = replace(alert, key=lost.free_key(alert)) if lost else alert
        if conn.execute("SELECT 1 FROM alerts WHERE key = ?", [kept.key]).fetchone():
            continue
        new += 1
        alert_id = _insert(conn, kept)
        for channel in dict.fromkeys(decision.routes.get(alert.key, ())):
            earliest = decision.not_before.get((alert.key, channel))
            later = micros(earliest) if earliest and earliest > alert.at else None
            conn.execute(
                "INSERT INTO deliveries (alert_id, channel, state, next_at, not_before) VALUES (?, ?, 'pending', ?, ?)",
                [alert_id, channel, later or micros(alert.at), later],
            )
        chain.seal(conn, "alerts", alert_id)
        if lost:
            close_told_before(conn, alert_id, alert, lost.holds)
    for key, until in decision.hold.items():
        _hold(conn, key, micros(until))
    return new


def close_told_before(
    conn: sqlite3.Connection, alert_id: int, alert: Alert, is_told: Callable[[Alert, str], bool]
) -> None:
    """Take deliveries for done that went out in a part of history that is lost."""
    rows = conn.execute(
        "SELECT id, channel, attempts FROM deliveries WHERE alert_id = ? AND state IN ('pending', 'sending') ORDER BY id",
        [alert_id],
    ).fetchall()
    for row in rows:
        if not is_told(alert, row["channel"]):
            continue
        conn.execute(
            """
            UPDATE deliveries SET state = 'sent', closed_at = ?, answer = ?, next_at = NULL, claimed_until = NULL,
              claimed_by = NULL, leader = NULL WHERE id = ?
            """,
            [micros(alert.at), told_before, row["id"]],
        )
        receipt = {"delivery_id": row["id"], "alert_id": alert_id, "channel": row["channel"]}
        said = {
            "at": micros(alert.at),
            "attempt": row["attempts"],
            "result": "told before",
            "answer": told_before,
        }
        chain.extend(conn, "receipts", {**receipt, **said})


def _insert(conn: sqlite3.Connection, alert: Alert) -> int:
    terms_id = queries.terms_id(conn, alert.terms) if alert.terms else None
    body = to_json(Alert, alert).encode()
    row = conn.execute(
        "INSERT INTO alerts (key, kind, at, terms_id, size, body) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        [alert.key, alert.kind.value, micros(alert.at), terms_id, len(body), blobs.pack(body)],
    ).fetchone()
    return int(row["id"])


def alert(conn: sqlite3.Connection, alert_id: int) -> Alert:
    return alert_of(conn.execute("SELECT size, body FROM alerts WHERE id = ?", [alert_id]).fetchone())


def alert_of(row: sqlite3.Row) -> Alert:
    return from_json(Alert, blobs.unpack(row["body"], row["size"]))


def _hold(conn: sqlite3.Connection, key: str, until: int) -> None:
    """An alert is held at most once."""
    alert = conn.execute("SELECT id FROM alerts WHERE key = ?", [key]).fetchone()
    if alert is None or conn.execute("SELECT 1 FROM holds WHERE alert_id = ?", [alert["id"]]).fetchone():
        return
    conn.execute("INSERT INTO holds (alert_id, until) VALUES (?, ?)", [alert["id"], until])
    conn.execute(
        "UPDATE deliveries SET next_at = MAX(next_at, ?) WHERE alert_id = ? AND state = 'pending'",
        [until, alert["id"]],
    )


def release(conn: sqlite3.Connection, keys: Sequence[str] | None, now: int) -> int:
    """Let held alerts go, now."""
    rows = conn.execute(
        "SELECT alert_id, key FROM holds JOIN alerts ON alerts.id = alert_id WHERE released = 0 AND until > ?",
        [now],
    ).fetchall()
    held = [row["alert_id"] for row in rows if keys is None or row["key"] in keys]
    for alert_id in held:
        conn.execute("UPDATE holds SET released = 1 WHERE alert_id = ?", [alert_id])
        conn.execute(
            "UPDATE deliveries SET next_at = ? WHERE alert_id = ? AND state = 'pending'", [now, alert_id]
        )
    return len(held)
