"""Rulings as rows: made once, never altered, taken back by a row of their own; each a link of the chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from monitor.decide.immaterial import with_rulings
from monitor.errors import NotFound
from monitor.model import Alert, Ruling, TermsId, Verdict, Withdrawal
from monitor.store import chain, queries
from monitor.store.rows import Row, micros, moment


def rule(conn: sqlite3.Connection, ruling: Ruling) -> int:
    """Store a ruling; gives its id."""
    terms_id = queries.terms_id(conn, ruling.terms)
    if terms_id is None or queries.version_id(conn, ruling.terms, ruling.version) is None:
        raise NotFound(f"{ruling.terms} has no version {ruling.version}")
    row = {
        "terms_id": terms_id,
        "at": micros(ruling.at),
        "person": ruling.by,
        "reason": ruling.reason,
        "version": ruling.version,
        "criterion": ruling.criterion,
        "verdict": ruling.verdict.value if ruling.verdict else None,
        "found": ruling.found.value if ruling.found else None,
        "quote": ruling.quote,
        "checklist": ruling.checklist,
        "profile": ruling.profile,
        "withdraws": None,
    }
    return _extend(conn, row)


def withdraw(conn: sqlite3.Connection, ruling_id: int, withdrawal: Withdrawal) -> None:
    """Take a ruling back: a row like it, that names it and says who, when and why."""
    made = conn.execute("SELECT * FROM rulings WHERE id = ? AND withdraws IS NULL", [ruling_id]).fetchone()
    if made is None:
        raise NotFound(f"there is no ruling {ruling_id}: see `policy-monitor ruling list`")
    before = conn.execute("SELECT * FROM rulings WHERE withdraws = ?", [ruling_id]).fetchone()
    if before:
        raise NotFound(f"ruling {ruling_id} was withdrawn already, by {before['person']}")
    said = {"at": micros(withdrawal.at), "person": withdrawal.by, "reason": withdrawal.reason}
    kept = {name: made[name] for name in made.keys() if name not in ("id", "seq", "chain")}  # noqa: SIM118
    _extend(conn, {**kept, **said, "withdraws": ruling_id})


def _extend(conn: sqlite3.Connection, row: dict[str, object]) -> int:
    (row_id,) = conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM rulings").fetchone()
    chain.extend(conn, "rulings", {"id": row_id, **row})
    return int(row_id)


def rulings(conn: sqlite3.Connection, terms: TermsId | None, withdrawn: bool) -> list[Ruling]:
    """Rulings in the order in which they were made."""
    terms_id = queries.terms_id(conn, terms) if terms else None
    if terms and terms_id is None:
        return []
    return _chosen(conn, terms_id, withdrawn)


def of_terms(conn: sqlite3.Connection, terms_id: int) -> tuple[Ruling, ...]:
    """Those of a policy that count."""
    return tuple(_chosen(conn, terms_id, withdrawn=False))


def _chosen(conn: sqlite3.Connection, terms_id: int | None, withdrawn: bool) -> list[Ruling]:
    rows = conn.execute(
        """
        SELECT rulings.*, service, terms_type,
          back.person AS back_person, back.at AS back_at, back.reason AS back_reason
        FROM rulings JOIN terms ON terms.id = rulings.terms_id
        LEFT JOIN rulings AS back ON back.withdraws = rulings.id
        WHERE rulings.withdraws IS NULL AND (?1 IS NULL OR rulings.terms_id = ?1) AND (?2 OR back.id IS NULL)
        ORDER BY rulings.id
        """,
        [terms_id, withdrawn],
    )
    return [_ruling(row) for row in rows]


def _ruling(row: Row) -> Ruling:
    back = None
    if row["back_person"] is not None:
        back = Withdrawal(by=row["back_person"], at=moment(row["back_at"]), reason=row["back_reason"])
    return Ruling(
        id=row["id"],
        terms=TermsId(service=row["service"], terms_type=row["terms_type"]),
        criterion=row["criterion"],
        by=row["person"],
        at=moment(row["at"]),
        reason=row["reason"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        quote=row["quote"],
        found=Verdict(row["found"]) if row["found"] else None,
        checklist=row["checklist"],
        profile=row["profile"],
        version=row["version"],
        withdrawn=back,
    )


def told(conn: sqlite3.Connection, alert: Alert) -> Alert:
    """An alert that is about to be sent, with what people have ruled on its change since it was decided."""
    terms_id = queries.terms_id(conn, alert.terms) if alert.terms and alert.version else None
    return alert if terms_id is None else with_rulings(alert, of_terms(conn, terms_id))


def whole_changes(rulings: Sequence[Ruling]) -> dict[tuple[TermsId, int], Ruling]:
    """The latest ruling on each change as a whole, by terms and version number."""
    return {(one.terms, one.version): one for one in rulings if not one.criterion and one.verdict is None}
