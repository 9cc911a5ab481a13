"""Is everything as it was written? Guards, digests, the hash chain, and what belongs together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import MonitorError, StoreForeign
from monitor.model import TermsId, digest
from monitor.ports import Damage
from monitor.store import blobs, chain, examining, queries, schema


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
    """Everything that is wrong, row by row; nothing where all is well."""
    yield from _structure(conn)
    yield from _contents(conn)
    yield from _chain(conn)
    yield from _alerts(conn)


def _damage(
    table: str, row: int | None, message: str, terms: TermsId | None = None, version: int | None = None
) -> Damage:
    return Damage(table=table, row=row, terms=terms, version=version, message=message)


def _structure(conn: sqlite3.Connection) -> Iterator[Damage]:
    if not schema_is_ours(conn):
        yield _damage(
            "sqlite_schema",
            None,
            "tables, indexes or append-only guards are not as this program makes them",
        )
    for (message,) in conn.execute("PRAGMA integrity_check(20)"):
        if message != "ok":
            yield _damage("sqlite", None, message)
    for row in conn.execute("PRAGMA foreign_key_check"):
        yield _damage(row[0], row[1], f"refers to a row of {row[2]} that is not there")


def _contents(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Every blob and every frame of an exchange, by digest."""
    for row in conn.execute("SELECT id, sha256 FROM blobs ORDER BY id").fetchall():
        try:
            blobs.get(conn, row["sha256"])
        except MonitorError as error:
            terms, version = _user_of(conn, row["sha256"])
            yield _damage("blobs", row["id"], str(error), terms, version)
    for row in conn.execute("SELECT id, sha256, body FROM exchanges ORDER BY id"):
        if digest(row["body"]) != row["sha256"]:
            yield _damage("exchanges", row["id"], "was altered: its digest does not fit")


def _user_of(conn: sqlite3.Connection, sha256: str) -> tuple[TermsId | None, int | None]:
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
    return (queries.terms_of(row), row["number"]) if row else (None, None)


def _chain(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Each link on its own, so that one altered row is named and not all that follow."""
    before, expected = chain.genesis, 1
    for table, row, beside in chain.links(conn):
        terms, version = _whose(conn, table, row)
        if row["seq"] != expected:
            yield _damage(
                table,
                row["seq"],
                f"the rows before it are gone: link {expected} is missing",
                terms,
                version,
            )
        elif chain.linked(before, table, row, beside) != row["chain"]:
            yield _damage(table, row["seq"], "was altered: it does not fit the chain", terms, version)
        before, expected = row["chain"], row["seq"] + 1


def _whose(conn: sqlite3.Connection, table: str, row: sqlite3.Row) -> tuple[TermsId | None, int | None]:
    if table in ("examinations", "reaudits"):
        found = conn.execute(
            "SELECT terms_id, number FROM versions WHERE id = ?", [row["version_id"]]
        ).fetchone()
        terms_id, number = (found["terms_id"], found["number"]) if found else (None, None)
    else:
        terms_id, number = row["terms_id"], row["number" if table == "versions" else "version"]
    terms = conn.execute("SELECT service, terms_type FROM terms WHERE id = ?", [terms_id]).fetchone()
    return (queries.terms_of(terms) if terms else None), number


def _alerts(conn: sqlite3.Connection) -> Iterator[Damage]:
    for row in conn.execute("SELECT id, key, size, body FROM alerts ORDER BY id"):
        try:
            same = examining.alert_of(row).key == row["key"]
        except (ValueError, blobs.ZstdError) as error:
            yield _damage("alerts", row["id"], f"cannot be read: {str(error)[:200]}")
        else:
            if not same:
                yield _damage("alerts", row["id"], "was altered: it is filed under another key")
