"""The third schema: seals over every row of the record that the chain did not bind, and receipts of deliveries.

The chain bound looks, versions and examinations, and through them contents by their digest. What a
service is called, what was declared, how a content is packed, what was announced and to whom hung
beside it: a flipped bit there could go unseen. Each such row now has a seal, a link of its own.
"""

from __future__ import annotations

import sqlite3

from monitor.store import chain

tables = """
CREATE TABLE seals (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  chain BLOB NOT NULL,
  UNIQUE (kind, row_id)
) STRICT;

CREATE TABLE receipts (
  seq INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES deliveries,
  alert_id INTEGER NOT NULL REFERENCES alerts,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('sent', 'again', 'dead', 'told before')),
  answer TEXT NOT NULL,
  chain BLOB NOT NULL
) STRICT;
CREATE INDEX passages_by_version ON passages (version_id);
CREATE INDEX receipts_by_delivery ON receipts (delivery_id, seq);
CREATE INDEX receipts_told_before ON receipts (alert_id) WHERE result = 'told before';

CREATE TRIGGER deliveries_never_deleted BEFORE DELETE ON deliveries
BEGIN SELECT RAISE(ABORT, 'deliveries: rows are never deleted'); END;
CREATE TRIGGER deliveries_never_diverted BEFORE UPDATE OF id, alert_id, channel ON deliveries
BEGIN SELECT RAISE(ABORT, 'deliveries: what goes where is never altered'); END;
"""

_sealed_at_first = ("terms", "declarations", "blobs", "passages", "alerts")

# What makes a row the same row, for the three guards of `monitor.store.schema`.
same = {
    "terms": "id = NEW.id OR (service = NEW.service AND terms_type = NEW.terms_type)",
    "seals": "seq = NEW.seq OR (kind = NEW.kind AND row_id = NEW.row_id)",
    "receipts": "seq = NEW.seq",
}


def seal_what_is_there(conn: sqlite3.Connection) -> None:
    """Bind the rows of an older database as they are now: from here on nobody alters them unseen."""
    for table in _sealed_at_first:
        key = "version_id" if table == "passages" else "id"
        for (row_id,) in conn.execute(f"SELECT DISTINCT {key} FROM {table} ORDER BY {key}").fetchall():  # noqa: S608
            chain.seal(conn, table, row_id)
    closed = conn.execute(
        """
        SELECT id AS delivery_id, alert_id, channel, COALESCE(closed_at, 0) AS at, attempts AS attempt,
          state AS result, answer FROM deliveries WHERE state IN ('sent', 'dead') ORDER BY id
        """
    )
    names = [column[0] for column in closed.description]
    for row in closed.fetchall():
        chain.extend(conn, "receipts", dict(zip(names, tuple(row), strict=True)))
