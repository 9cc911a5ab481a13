"""The read side: rows to the values that the command line, notices and exports work with."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.errors import NotFound
from monitor.model import Alert, AlertKind, Cause, TermsId
from monitor.ports import (
    ChannelStanding,
    DeliveryRow,
    HistoryRow,
    Look,
    Overview,
    RecentChange,
    Standing,
)
from monitor.store import blobs, examining, ledger, queries, rulings, views
from monitor.store.rows import day, delivery_row, look_of, micros, moment, moment_or_none
from monitor.store.watching import note

_remembered = timedelta(days=400)
_week = 7


def standings(conn: sqlite3.Connection) -> list[Standing]:
    """All policies that are watched, in the order in which they were first declared."""
    rows = conn.execute(
        """
        SELECT watch.*, body,
          (SELECT MIN(at) FROM declarations AS first WHERE first.terms_id = watch.terms_id) AS declared_at
        FROM watch JOIN declarations ON declarations.id = declaration_id
        WHERE retired = 0 ORDER BY watch.terms_id
        """
    ).fetchall()
    latest = {
        version.terms: version
        for version in queries.versions(
            conn, "versions.id IN (SELECT latest FROM watch WHERE retired = 0 AND latest IS NOT NULL)", []
        )
    }
    found = []
    for row in rows:
        declaration, state = queries.declaration(row["body"]), queries.state(row["state"])
        version = latest.get(declaration.terms)
        standing = Standing(
            declaration=declaration,
            latest=version,
            versions=version.number if version else 0,
            due_at=moment(row["due_at"]),
            paused=bool(row["paused"]),
            declared_at=moment(row["declared_at"]),
            **views.state_fields(state),
        )
        found.append(standing)
    return found


def history(conn: sqlite3.Connection, terms: TermsId | None, limit: int | None) -> list[HistoryRow]:
    """Versions in the order in which they were recorded; with a limit, the latest ones."""
    terms_id = queries.terms_id(conn, terms) if terms else None
    if terms and terms_id is None:
        return []
    rows = conn.execute(
        """
        SELECT versions.*, marks.recipe AS marked, service, terms_type, hunks, inserted, deleted, significance,
          better, worse, moved, warning, fault
        FROM versions JOIN terms ON terms.id = versions.terms_id
        LEFT JOIN marks ON marks.version_id = versions.id
        LEFT JOIN examinations ON examinations.version_id = versions.id
        WHERE ?1 IS NULL OR versions.terms_id = ?1 ORDER BY versions.seq DESC LIMIT ?2
        """,
        [terms_id, -1 if limit is None else limit],
    ).fetchall()[::-1]
    immaterial = rulings.whole_changes(rulings.rulings(conn, terms, withdrawn=False))
    return [
        HistoryRow(
            version=version,
            hunks=row["hunks"],
            inserted=row["inserted"] or 0,
            deleted=row["deleted"] or 0,
            significance=row["significance"],
            better=row["better"] or 0,
            worse=row["worse"] or 0,
            moved=row["moved"] or 0,
            warning=row["warning"],
            fault=row["fault"],
            immaterial=immaterial.get((version.terms, version.number)),
        )
        for version, row in zip(queries.with_pages(conn, rows), rows, strict=True)
    ]


def looks(conn: sqlite3.Connection, terms: TermsId | None, limit: int | None) -> list[Look]:
    """Looks in their order; with a limit, the latest ones."""
    terms_id = queries.terms_id(conn, terms) if terms else None
    if terms and terms_id is None:
        return []
    of_terms = "WHERE looks.terms_id = ?1" if terms else "WHERE ?1 IS NULL"
    rows = conn.execute(
        f"""
        SELECT looks.*, service, terms_type, versions.text_sha256 AS version_text
        FROM looks JOIN terms ON terms.id = looks.terms_id
        LEFT JOIN versions ON versions.terms_id = looks.terms_id AND versions.number = looks.version
          AND looks.fault IS NULL
        {of_terms} ORDER BY looks.seq DESC LIMIT ?2
        """,  # noqa: S608 - one of two conditions of ours
        [terms_id, -1 if limit is None else limit],
    ).fetchall()[::-1]
    return [look_of(row, ledger.unpacked(conn, row["exchanges"])) for row in rows]


def quarantined(conn: sqlite3.Connection, look: Look) -> bytes:
    """What came at a failed look: kept with it, or with an earlier one at which the same had come."""
    row = conn.execute(
        "SELECT seq, sha256, size, content FROM quarantine WHERE terms_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
        [queries.terms_id(conn, look.terms), look.seq],
    ).fetchone()
    shown = {exchange.raw_sha256 for exchange in look.proof}
    if row is None or (row["seq"] != look.seq and row["sha256"] not in shown):
        raise NotFound(f"what came at look {look.seq} is not kept (of each policy the latest few are)")
    return blobs.unpack(row["content"], row["size"])


# --------------------------------------------------------------------------- alerts and deliveries


def alerts(conn: sqlite3.Connection, limit: int | None) -> list[Alert]:
    rows = conn.execute(
        "SELECT size, body FROM alerts ORDER BY id DESC LIMIT ?", [-1 if limit is None else limit]
    ).fetchall()[::-1]
    return [examining.alert_of(row) for row in rows]


def deliveries(conn: sqlite3.Connection, state: str | None, limit: int | None) -> list[DeliveryRow]:
    rows = conn.execute(
        """
        SELECT deliveries.*, key, kind, at AS alert_at, service, terms_type FROM deliveries
        JOIN alerts ON alerts.id = alert_id LEFT JOIN terms ON terms.id = terms_id
        WHERE ?1 IS NULL OR state = ?1 ORDER BY deliveries.id DESC LIMIT ?2
        """,
        [state, -1 if limit is None else limit],
    ).fetchall()[::-1]
    return [delivery_row(row) for row in rows]


# --------------------------------------------------------------------------- overview


def overview(
    conn: sqlite3.Connection, now: datetime, storage_problem: str, storage_since: datetime | None
) -> Overview:
    """Everything that notices are decided on."""
    since = micros(now - _remembered)
    told = conn.execute(
        "SELECT key FROM alerts WHERE at >= ? AND kind NOT IN (?, ?)",
        [since, AlertKind.CHANGE.value, AlertKind.RETURN.value],
    ).fetchall()
    baseline = conn.execute(
        "SELECT MIN(at) FROM alerts WHERE kind = ?", [AlertKind.BASELINE.value]
    ).fetchone()[0]
    pending = conn.execute(
        "SELECT COUNT(*) FROM deliveries WHERE state IN ('pending', 'sending')"
    ).fetchone()[0]
    looked = conn.execute("SELECT SUM(looks) FROM days WHERE day > ?", [day(now) - _week]).fetchone()[0]
    changed = conn.execute(
        "SELECT COUNT(*) FROM versions WHERE cause = ? AND recorded_at > ?",
        [Cause.CHANGE.value, micros(now - timedelta(days=_week))],
    ).fetchone()[0]
    away_from, away_until = note(conn, "away_from"), note(conn, "away_until")
    return Overview(
        at=now,
        standings=tuple(standings(conn)),
        pending=pending,
        dead=tuple(deliveries(conn, "dead", None)),
        channels=tuple(_channels(conn)),
        announced=frozenset(row["key"] for row in told),
        baseline_at=moment_or_none(baseline),
        recent_changes=tuple(_recent_changes(conn, now)),
        looks=looked or 0,
        changes=changed,
        away_from=moment(int(away_from)) if away_from else None,
        away_until=moment(int(away_until)) if away_until else None,
        storage_problem=storage_problem,
        storage_since=storage_since,
    )


def _channels(conn: sqlite3.Connection) -> Sequence[ChannelStanding]:
    rows = conn.execute(
        """
        SELECT channels.*,
          (SELECT COUNT(*) FROM deliveries WHERE channel = name AND state IN ('pending', 'sending')) AS pending,
          (SELECT COUNT(*) FROM deliveries WHERE channel = name AND state = 'dead') AS dead
        FROM channels WHERE configured = 1 ORDER BY name
        """
    ).fetchall()
    return [
        ChannelStanding(
            name=row["name"],
            pending=row["pending"],
            dead=row["dead"],
            last_sent=moment_or_none(row["last_sent"]),
            failing_since=moment_or_none(row["failing_since"]),
            failures=row["failures"],
            answer=row["answer"],
            failed_since=moment_or_none(row["failed_since"]),
            recovered_at=moment_or_none(row["recovered_at"]),
        )
        for row in rows
    ]


def _recent_changes(conn: sqlite3.Connection, now: datetime) -> Sequence[RecentChange]:
    rows = conn.execute(
        """
        SELECT key, at, service, terms_type, released,
          NOT EXISTS (SELECT 1 FROM deliveries WHERE alert_id = alerts.id AND state = 'sent') AS waiting
        FROM alerts JOIN terms ON terms.id = terms_id LEFT JOIN holds ON holds.alert_id = alerts.id
        WHERE kind = ? AND at >= ?
          AND NOT EXISTS (SELECT 1 FROM receipts WHERE alert_id = alerts.id AND result = 'told before')
        ORDER BY alerts.id
        """,
        [AlertKind.CHANGE.value, micros(now - timedelta(days=1))],
    ).fetchall()
    return [
        RecentChange(
            key=row["key"],
            terms=queries.terms_of(row),
            at=moment(row["at"]),
            waiting=bool(row["waiting"]),
            released=bool(row["released"]),
        )
        for row in rows
    ]
