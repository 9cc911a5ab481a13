"""Is everything as it was written? Guards, digests, the hash chain, and what belongs together."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.errors import MonitorError, StoreForeign
from monitor.model import TermsId, digest
from monitor.ports import Damage
from monitor.store import blobs, chain, company, schema
from monitor.store.rows import compact

_broken = (
    sqlite3.DatabaseError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    MemoryError,
    AttributeError,
)


def schema_is_ours(conn: sqlite3.Connection) -> bool:
    """True where tables and append-only guards are those that this program made."""
    (version,) = conn.execute("PRAGMA user_version").fetchone()
    return schema.fingerprint(conn) == schema.fingerprint_of(version)


def check_schema(path: Path, conn: sqlite3.Connection) -> None:
    """Refuse a database whose tables or append-only guards were altered."""
    if not schema_is_ours(conn):
        raise StoreForeign(
            f"{path}: its tables or the triggers that guard them were altered by another program:"
            " it is left as it is; put a backup in its place with `policy-monitor restore BACKUP`"
        )


def verify(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Everything that is wrong, row by row; nothing where all is well. A row is named once."""
    named: set[tuple[str, int]] = set()
    strict, conn.text_factory = conn.text_factory, _as_it_comes
    try:
        for part in (_structure, _contents, _chain, _unsealed, *company.parts):
            for one in _to_its_end(part, conn):
                if one.row is None or (one.table, one.row) not in named:
                    yield one
                if one.row is not None:
                    named.add((one.table, one.row))
    finally:
        conn.text_factory = strict


def _as_it_comes(content: bytes) -> str:
    """Text that is none any more must not end the reading: it fits no digest, and so its row is named."""
    return content.decode("utf-8", "replace")


def _to_its_end(
    part: Callable[[sqlite3.Connection], Iterator[Damage]], conn: sqlite3.Connection
) -> Iterator[Damage]:
    """A part of the reading; where damage is such that it cannot go on, that is said and the next part follows."""
    try:
        yield from part(conn)
    except _broken as error:
        says = (
            f"so damaged that reading broke off ({part.__name__.strip('_')}: {type(error).__name__}: {error})"
        )
        yield company.damage("sqlite", None, says[:300])


def _structure(conn: sqlite3.Connection) -> Iterator[Damage]:
    if not schema_is_ours(conn):
        yield company.damage(
            "sqlite_schema",
            None,
            "tables, indexes or append-only guards are not as this program makes them",
        )
    for (message,) in conn.execute("PRAGMA integrity_check(20)"):
        if message != "ok":
            yield company.damage("sqlite", None, message)
    for row in conn.execute("PRAGMA foreign_key_check"):
        yield company.damage(row[0], row[1], f"refers to a row of {row[2]} that is not there")


# --------------------------------------------------------------------------- contents


def _contents(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Every blob and every frame of an exchange, by digest."""
    for row in conn.execute("SELECT id, sha256 FROM blobs ORDER BY id").fetchall():
        try:
            blobs.get(conn, row["sha256"])
        except MonitorError as error:
            yield company.damage("blobs", row["id"], str(error), *company.user_of(conn, row["sha256"]))
    for row in conn.execute("SELECT id, sha256, body FROM exchanges ORDER BY id"):
        if digest(row["body"]) != row["sha256"]:
            yield company.damage("exchanges", row["id"], "was altered: its digest does not fit")


# --------------------------------------------------------------------------- the chain


def _chain(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Each link on its own, so that one altered row is named and not all that follow."""
    before, expected = chain.genesis, 1
    for table, row, beside in chain.links(conn):
        says = ""
        if row["seq"] != expected:
            says = f"the rows before it are gone: link {expected} is missing"
        elif chain.linked(before, table, row, beside) != row["chain"]:
            gone = table == "seals" and beside is None
            says = "is gone" if gone else "was altered: it does not fit the chain"
        elif table == "looks" and compact(json.loads(row["exchanges"])) != row["exchanges"]:
            says = "was altered: its exchanges are not as they were written"
        if says:
            named, number = (row["kind"], row["row_id"]) if table == "seals" else (table, row["seq"])
            yield company.damage(named, number, says, *_whose(conn, table, row))
        before, expected = row["chain"], row["seq"] + 1


def _whose(conn: sqlite3.Connection, table: str, row: sqlite3.Row) -> tuple[TermsId | None, int | None]:
    if table == "seals":
        return company.whose(conn, row["kind"], row["row_id"])
    if table == "receipts":
        return company.whose(conn, "alerts", row["alert_id"])
    if table in ("examinations", "reaudits"):
        return company.of_version(conn, row["version_id"])
    return company.terms(conn, row["terms_id"]), row["number" if table == "versions" else "version"]


def _unsealed(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Rows of the record that this program did not put there."""
    for kind in chain.sealed if chain.has_seals(conn) else ():
        key = "version_id" if kind == "passages" else "id"
        for (row_id,) in conn.execute(
            f"SELECT DISTINCT {key} FROM {kind} WHERE {key} NOT IN (SELECT row_id FROM seals WHERE kind = ?)",  # noqa: S608
            [kind],
        ).fetchall():
            yield company.damage(
                kind, row_id, "has no seal: another program put it there", *company.whose(conn, kind, row_id)
            )
