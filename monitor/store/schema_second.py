"""The second schema: rulings of people, audits by later editions, and what was judged by which edition. Pure."""

from __future__ import annotations

tables = """
CREATE TABLE rulings (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  terms_id INTEGER NOT NULL REFERENCES terms,
  at INTEGER NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  version INTEGER NOT NULL,
  criterion TEXT NOT NULL,
  verdict TEXT,
  found TEXT,
  quote TEXT NOT NULL,
  checklist TEXT NOT NULL,
  profile TEXT NOT NULL,
  withdraws INTEGER REFERENCES rulings,
  chain BLOB NOT NULL
) STRICT;
CREATE INDEX rulings_by_terms ON rulings (terms_id, id);
CREATE UNIQUE INDEX rulings_withdrawn ON rulings (withdraws) WHERE withdraws IS NOT NULL;

CREATE TABLE reaudits (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  version_id INTEGER NOT NULL REFERENCES versions,
  at INTEGER NOT NULL,
  audits_sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  chain BLOB NOT NULL
) STRICT;
CREATE INDEX reaudits_by_version ON reaudits (version_id, id);

CREATE TABLE judged (
  version_id INTEGER NOT NULL REFERENCES versions,
  checklist TEXT NOT NULL,
  edition TEXT NOT NULL,
  profile TEXT NOT NULL,
  PRIMARY KEY (version_id, checklist, edition, profile)
) STRICT, WITHOUT ROWID;
"""

# What makes a row the same row, for the three guards of `monitor.store.schema`.
same = {
    "rulings": "id = NEW.id OR seq = NEW.seq OR (NEW.withdraws IS NOT NULL AND withdraws = NEW.withdraws)",
    "reaudits": "id = NEW.id OR seq = NEW.seq",
}
