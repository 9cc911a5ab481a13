"""What is watched and when it is due: declarations, schedule, claims."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.errors import StoreError
from monitor.model import Declaration, Stale, Target, TermsId, Validators
from monitor.store import chain, owner, policy, queries
from monitor.store.rows import from_json, micros, micros_or_none, moment, moment_or_none, to_json

_crashes_forgiven = 2


# --------------------------------------------------------------------------- declare


def declare(
    conn: sqlite3.Connection,
    declarations: Sequence[Declaration],
    recipes: Mapping[TermsId, str],
    channels: Sequence[str],
    now: datetime,
) -> None:
    """Make a configuration the one that counts. Rows of terms no longer named stay, retired."""
    named = {_declare(conn, one, recipes[one.terms], now) for one in declarations}
    for row in conn.execute("SELECT terms_id FROM watch WHERE retired = 0").fetchall():
        if row["terms_id"] not in named:
            conn.execute("UPDATE watch SET retired = 1 WHERE terms_id = ?", [row["terms_id"]])
    conn.execute("UPDATE channels SET configured = 0")
    conn.executemany(
        "INSERT INTO channels (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET configured = 1",
        [(name,) for name in channels],
    )
    note_presence(conn, now)


def note_presence(conn: sqlite3.Connection, now: datetime) -> None:
    """We are at work. Where looks were missed since we last were, that gap is remembered."""
    last = note(conn, "alive_at")
    (missed,) = conn.execute("SELECT MIN(due_at) FROM watch WHERE retired = 0 AND paused = 0").fetchone()
    away = policy.gap(moment(int(last)) if last else None, moment_or_none(missed), now)
    if away:
        set_note(conn, "away_from", micros(away[0]))
        set_note(conn, "away_until", micros(away[1]))
    set_note(conn, "alive_at", micros(now))


def note(conn: sqlite3.Connection, name: str) -> str | None:
    row = conn.execute("SELECT value FROM about WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row["value"])


def set_note(conn: sqlite3.Connection, name: str, value: object) -> None:
    conn.execute(
        "INSERT INTO about VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", [name, str(value)]
    )


def _declare(conn: sqlite3.Connection, declaration: Declaration, recipe: str, now: datetime) -> int:
    terms = declaration.terms
    terms_id = queries.terms_id(conn, terms) or _new_terms(conn, terms)
    body = to_json(Declaration, declaration)
    before = conn.execute(
        """
        SELECT declarations.id, recipe, body, due_at, retired, state, latest FROM watch
        JOIN declarations ON declarations.id = declaration_id WHERE watch.terms_id = ?
        """,
        [terms_id],
    ).fetchone()
    if before and (before["body"], before["recipe"]) == (body, recipe):
        if before["retired"]:
            conn.execute(
                "UPDATE watch SET retired = 0, due_at = ? WHERE terms_id = ?", [micros(now), terms_id]
            )
        return terms_id
    new = conn.execute(
        "INSERT INTO declarations (terms_id, at, recipe, body) VALUES (?, ?, ?, ?) RETURNING id",
        [terms_id, micros(now), recipe, body],
    ).fetchone()["id"]
    chain.seal(conn, "declarations", new)
    if before is None:
        conn.execute(
            "INSERT INTO watch (terms_id, declaration_id, due_at) VALUES (?, ?, ?)",
            [terms_id, new, micros(now)],
        )
        return terms_id
    latest = queries.version(conn, before["latest"])
    stale = policy.rereading_time(queries.state(before["state"]), recipe, latest, now)
    conn.execute(
        """
        UPDATE watch SET declaration_id = ?, retired = 0, due_at = ?, validators = '[]', looked = '[]', stale_at = ?
        WHERE terms_id = ?
        """,
        [new, micros(now), micros_or_none(stale), terms_id],
    )
    return terms_id


def _new_terms(conn: sqlite3.Connection, terms: TermsId) -> int:
    row = conn.execute(
        "INSERT INTO terms (service, terms_type) VALUES (?, ?) RETURNING id",
        [terms.service, terms.terms_type],
    ).fetchone()
    chain.seal(conn, "terms", row["id"])
    return int(row["id"])


# --------------------------------------------------------------------------- what is pending


def outdated(conn: sqlite3.Connection, now: datetime, batch: int) -> list[Stale]:
    rows = conn.execute(
        """
        SELECT body, declarations.recipe AS recipe, latest, state FROM watch
        JOIN declarations ON declarations.id = declaration_id
        WHERE retired = 0 AND stale_at IS NOT NULL AND stale_at <= ? ORDER BY stale_at, watch.terms_id LIMIT ?
        """,
        [micros(now), batch],
    ).fetchall()
    found = []
    for row in rows:
        version = queries.version(conn, row["latest"])
        assert version is not None
        stale = Stale(
            declaration=queries.declaration(row["body"]),
            version=version,
            recipe=row["recipe"],
            snapshots=queries.snapshots(conn, row["latest"]),
            volatile=frozenset(queries.state(row["state"]).volatile),
        )
        found.append(stale)
    return found


def due(conn: sqlite3.Connection, now: datetime, batch: int, holder: str) -> list[Target]:
    """Claim what is due: nobody else gets it until it is recorded, or the lease lapses."""
    note_presence(conn, now)
    rows = conn.execute(
        """
        SELECT watch.*, body, declarations.recipe AS recipe FROM watch
        JOIN declarations ON declarations.id = declaration_id
        WHERE retired = 0 AND paused = 0 AND due_at <= ?1 AND (claimed_until IS NULL OR claimed_until <= ?1)
        ORDER BY due_at, watch.terms_id LIMIT ?2
        """,
        [micros(now), batch],
    ).fetchall()
    for row in rows:
        conn.execute(
            "UPDATE watch SET claimed_until = ?, claimed_by = ? WHERE terms_id = ?",
            [micros(now + policy.lease), holder, row["terms_id"]],
        )
    return [_target(conn, row, now) for row in rows]


def _target(conn: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Target:
    state = queries.state(row["state"])
    declaration = queries.declaration(row["body"])
    latest = queries.version(conn, row["latest"])
    return Target(
        declaration=declaration,
        recipe=row["recipe"],
        latest=latest,
        validators=policy.validators_to_send(
            declaration,
            latest,
            state,
            from_json(tuple[Validators, ...], row["validators"]),
            moment_or_none(row["asked_whole_at"]),
            now,
        ),
        volatile=frozenset(state.volatile),
        failures=state.streak.failures if state.streak else 0,
    )


# --------------------------------------------------------------------------- the schedule


def expedite(conn: sqlite3.Connection, terms: Sequence[TermsId] | None, now: datetime) -> int:
    if terms is None:
        done = conn.execute("UPDATE watch SET due_at = ? WHERE retired = 0 AND paused = 0", [micros(now)])
        return done.rowcount
    return sum(
        conn.execute(
            "UPDATE watch SET due_at = ? WHERE terms_id = ? AND retired = 0",
            [micros(now), known(conn, one)],
        ).rowcount
        for one in terms
    )


def reschedule(conn: sqlite3.Connection, due: Mapping[TermsId, datetime], now: datetime) -> int:
    latest = micros(now + policy.lease)
    conn.execute("UPDATE watch SET claimed_until = ?1 WHERE claimed_until > ?1", [latest])
    return sum(
        conn.execute(
            "UPDATE watch SET due_at = ? WHERE terms_id = ? AND retired = 0 AND paused = 0",
            [micros(at), known(conn, terms)],
        ).rowcount
        for terms, at in due.items()
    )


_pause = """
UPDATE watch SET paused = ?1, due_at = CASE WHEN ?1 THEN due_at ELSE MAX(due_at, ?2) END
WHERE terms_id = ?3 AND retired = 0
"""


def pause(conn: sqlite3.Connection, terms: Sequence[TermsId], paused: bool) -> int:
    return sum(
        conn.execute(_pause, [int(paused), int(note(conn, "alive_at") or 0), known(conn, one)]).rowcount
        for one in terms
    )


def known(conn: sqlite3.Connection, terms: TermsId) -> int:
    found = queries.terms_id(conn, terms)
    if found is None:
        raise StoreError(f"{terms} is not in the database")
    return found


def next_time(conn: sqlite3.Connection) -> datetime | None:
    (earliest,) = conn.execute(
        """
        SELECT MIN(at) FROM (
          SELECT MIN(MAX(due_at, COALESCE(claimed_until, due_at))) AS at FROM watch WHERE retired = 0 AND paused = 0
          UNION ALL SELECT MIN(stale_at) FROM watch WHERE retired = 0 AND stale_at IS NOT NULL
          UNION ALL SELECT MIN(recorded_at) FROM unexamined JOIN versions ON versions.id = version_id
          UNION ALL SELECT MIN(CASE state WHEN 'sending' THEN claimed_until ELSE next_at END)
            FROM deliveries WHERE state IN ('pending', 'sending')
        )
        """
    ).fetchone()
    return None if earliest is None else moment(earliest)


def release(conn: sqlite3.Connection, holder: str | None = None) -> None:
    """Let go of the claims of a holder that closes, or (None) of all that died.

    A policy during whose look the process died twice in a row keeps its lease: it may be the cause.
    """
    for row in conn.execute(
        "SELECT terms_id, claimed_by, crashes FROM watch WHERE claimed_by IS NOT NULL"
    ).fetchall():
        if holder == row["claimed_by"]:
            conn.execute(
                "UPDATE watch SET claimed_by = NULL, claimed_until = NULL WHERE terms_id = ?",
                [row["terms_id"]],
            )
        elif holder is None and not owner.is_alive(row["claimed_by"]):
            kept = row["crashes"] >= _crashes_forgiven
            conn.execute(
                """
                UPDATE watch SET claimed_by = NULL, crashes = crashes + 1,
                  claimed_until = CASE WHEN ? THEN claimed_until END
                WHERE terms_id = ?
                """,
                [kept, row["terms_id"]],
            )
