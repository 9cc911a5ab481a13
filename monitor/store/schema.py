"""The tables of the database and how they came to be: forward-only migrations, append-only triggers.

Times are whole microseconds since 1970-01-01 UTC, digests lower-case hex, `chain` 32 raw bytes.
docs/reference/database.md explains every table to those who want to query the file themselves.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from monitor.store import schema_second, schema_third

if TYPE_CHECKING:
    from sqlite_utils import Database

application_id = 0x504D_6F6E  # "PMon"
_guarded_at_first = (
    "blobs",
    "declarations",
    "versions",
    "pages",
    "examinations",
    "exchanges",
    "looks",
    "passages",
    "alerts",
)
append_only = (*_guarded_at_first, *schema_second.same, *schema_third.same)

_first = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE terms (
  id INTEGER PRIMARY KEY,
  service TEXT NOT NULL,
  terms_type TEXT NOT NULL,
  UNIQUE (service, terms_type)
) STRICT;

CREATE TABLE declarations (
  id INTEGER PRIMARY KEY,
  terms_id INTEGER NOT NULL REFERENCES terms,
  at INTEGER NOT NULL,
  recipe TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE blobs (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  terms_id INTEGER NOT NULL REFERENCES terms,
  slot TEXT NOT NULL,
  size INTEGER NOT NULL,
  base INTEGER REFERENCES blobs,
  content BLOB NOT NULL
) STRICT;
CREATE INDEX blobs_by_base ON blobs (base) WHERE base IS NOT NULL;
CREATE INDEX blobs_whole ON blobs (terms_id, slot) WHERE base IS NULL;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  terms_id INTEGER NOT NULL REFERENCES terms,
  number INTEGER NOT NULL,
  cause TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  text_sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  links_sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  key TEXT NOT NULL,
  recipe TEXT NOT NULL,
  length INTEGER NOT NULL,
  title TEXT,
  language TEXT,
  dates TEXT NOT NULL,
  flags TEXT NOT NULL,
  returns_to INTEGER,
  chain BLOB NOT NULL,
  UNIQUE (terms_id, number)
) STRICT;
CREATE INDEX versions_by_key ON versions (terms_id, key);

CREATE TABLE pages (
  version_id INTEGER NOT NULL REFERENCES versions,
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  media_type TEXT NOT NULL,
  charset TEXT,
  exchange TEXT NOT NULL,
  screenshot_sha256 TEXT REFERENCES blobs (sha256),
  PRIMARY KEY (version_id, position)
) STRICT;

CREATE TABLE marks (
  version_id INTEGER PRIMARY KEY REFERENCES versions,
  recipe TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE watch (
  terms_id INTEGER PRIMARY KEY REFERENCES terms,
  declaration_id INTEGER NOT NULL REFERENCES declarations,
  retired INTEGER NOT NULL DEFAULT 0,
  paused INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  claimed_until INTEGER,
  claimed_by TEXT,
  crashes INTEGER NOT NULL DEFAULT 0,
  stale_at INTEGER,
  latest INTEGER REFERENCES versions,
  asked_whole_at INTEGER,
  validators TEXT NOT NULL DEFAULT '[]',
  looked TEXT NOT NULL DEFAULT '[]',
  state TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX watch_due ON watch (due_at) WHERE retired = 0 AND paused = 0;
CREATE INDEX watch_stale ON watch (stale_at) WHERE retired = 0 AND stale_at IS NOT NULL;

CREATE TABLE exchanges (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE looks (
  seq INTEGER PRIMARY KEY,
  terms_id INTEGER NOT NULL REFERENCES terms,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  version INTEGER,
  text_sha256 TEXT,
  fault TEXT,
  message TEXT,
  not_modified INTEGER,
  exchanges TEXT NOT NULL,
  chain BLOB NOT NULL
) STRICT;
CREATE INDEX looks_by_terms ON looks (terms_id, seq);

CREATE TABLE drafts (
  terms_id INTEGER NOT NULL REFERENCES terms,
  text_sha256 TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (terms_id, text_sha256)
) STRICT;

CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY REFERENCES looks,
  terms_id INTEGER NOT NULL REFERENCES terms,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE INDEX quarantine_by_terms ON quarantine (terms_id, seq);

CREATE TABLE unexamined (version_id INTEGER PRIMARY KEY REFERENCES versions) STRICT;

CREATE TABLE examinations (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  version_id INTEGER NOT NULL UNIQUE REFERENCES versions,
  change_sha256 TEXT REFERENCES blobs (sha256),
  audits_sha256 TEXT REFERENCES blobs (sha256),
  deltas_sha256 TEXT REFERENCES blobs (sha256),
  hunks INTEGER,
  inserted INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  significance INTEGER,
  better INTEGER NOT NULL,
  worse INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  warning TEXT,
  fault TEXT,
  chain BLOB NOT NULL
) STRICT;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  terms_id INTEGER REFERENCES terms,
  size INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alerts,
  channel TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  refusals INTEGER NOT NULL DEFAULT 0,
  repeat INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  not_before INTEGER,
  leader INTEGER REFERENCES deliveries,
  alone INTEGER NOT NULL DEFAULT 0,
  first_tried_at INTEGER,
  closed_at INTEGER,
  claimed_until INTEGER,
  claimed_by TEXT,
  answer TEXT NOT NULL DEFAULT '',
  UNIQUE (alert_id, channel)
) STRICT;
CREATE INDEX deliveries_open ON deliveries (next_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 'dead';

CREATE INDEX deliveries_led ON deliveries (leader) WHERE leader IS NOT NULL;
CREATE INDEX alerts_by_time ON alerts (at);

CREATE TABLE holds (
  alert_id INTEGER PRIMARY KEY REFERENCES alerts,
  until INTEGER NOT NULL,
  released INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE channels (
  name TEXT PRIMARY KEY,
  configured INTEGER NOT NULL DEFAULT 1,
  last_sent INTEGER,
  failing_since INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT '',
  failed_since INTEGER,
  recovered_at INTEGER
) STRICT;

CREATE TABLE days (day INTEGER PRIMARY KEY, looks INTEGER NOT NULL) STRICT;

CREATE TABLE passages (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (passage, content = '', tokenize = "unicode61 remove_diacritics 2");
"""

_guard = """
CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are never altered'); END;
CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are never deleted'); END;
CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
BEGIN SELECT RAISE(ABORT, '{table}: rows are never replaced'); END;
"""

# What makes a row of each table the same row: INSERT OR REPLACE would delete by any of these in
# silence, since DELETE triggers do not fire for it unless recursive_triggers is on.
_same = {
    "blobs": "id = NEW.id OR sha256 = NEW.sha256",
    "declarations": "id = NEW.id",
    "versions": "id = NEW.id OR seq = NEW.seq OR (terms_id = NEW.terms_id AND number = NEW.number)",
    "pages": "version_id = NEW.version_id AND position = NEW.position",
    "examinations": "id = NEW.id OR seq = NEW.seq OR version_id = NEW.version_id",
    "exchanges": "id = NEW.id OR sha256 = NEW.sha256",
    "looks": "seq = NEW.seq",
    "passages": "id = NEW.id",
    "alerts": "id = NEW.id OR key = NEW.key",
    **schema_second.same,
    **schema_third.same,
}


def _statements(script: str) -> list[str]:
    """A script as single statements: `executescript` would commit the transaction it runs in."""
    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    return found


def first(conn: sqlite3.Connection) -> None:
    """Everything that version 1 has."""
    _run(conn, _first, _guarded_at_first)


def rulings(conn: sqlite3.Connection) -> None:
    """Rulings of people, audits by later editions, and an index of what was judged by which edition."""
    _run(conn, schema_second.tables, tuple(schema_second.same))


def seals(conn: sqlite3.Connection) -> None:
    """Seals and receipts: every row of the record is bound by the chain."""
    _run(conn, schema_third.tables, tuple(schema_third.same))
    conn.execute("PRAGMA user_version = 3")  # the chain asks it for the tables that it runs over
    schema_third.seal_what_is_there(conn)


def _run(conn: sqlite3.Connection, script: str, guarded: tuple[str, ...]) -> None:
    guards = "".join(_guard.format(table=table, same=_same[table]) for table in guarded)
    for statement in _statements(script + guards):
        conn.execute(statement)


# A released step is never altered, only followed by another. A table of facts that a later step adds is
# named in `monitor.store.chain` (as links, or as sealed), and a dump of it joins tests/store/schemas.
steps: tuple[Callable[[sqlite3.Connection], None], ...] = (first, rulings, seals)


def migrate(db: Database) -> None:
    """Bring a database up to this program's schema. Call inside a transaction: all of it, or nothing."""
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415 - readers of a finished database go without

    migrations = Migrations("policy-monitor")
    for step in steps:
        migrations(name=step.__name__)(partial(_apply, step=step))  # type: ignore[type-var] # only a name is missing, and it is given
    migrations.apply(db)
    db.conn.execute(f"PRAGMA application_id = {application_id}")
    db.conn.execute(f"PRAGMA user_version = {len(steps)}")


def _apply(db: Database, step: Callable[[sqlite3.Connection], None]) -> None:
    step(db.conn)


# Tables that SQLite's full-text search and the migrations keep for themselves, in their own layout.
_of_others = (
    "words_data",
    "words_idx",
    "words_content",
    "words_docsize",
    "words_config",
    "_sqlite_migrations",
)


def fingerprint(conn: sqlite3.Connection) -> str:
    """A digest of the tables, indexes, views and triggers that are there, whatever their order and layout."""
    rows = conn.execute(
        """
        SELECT type, name, tbl_name, sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        """
    )
    statements = sorted(
        f"{kind} {name}: " + re.sub(r"\s+", " ", sql)
        for kind, name, table, sql in rows
        if not (table in _of_others and kind in {"table", "index"})
    )
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


def fingerprint_of(version: int) -> str:
    """The fingerprint of a schema version as this program makes it."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for step in steps[:version]:
            step(conn)
        return fingerprint(conn)
    finally:
        conn.close()
