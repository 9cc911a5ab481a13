"""The store in one SQLite file: each method of the pipeline is one transaction of its own.

A store may be shared by threads; it lets one of them in at a time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from monitor.errors import NotFound, StoreError
from monitor.identity import Patience
from monitor.model import (
    Alert,
    Audit,
    AuditDelta,
    Change,
    Decision,
    Declaration,
    Delivered,
    Delivery,
    Examination,
    Link,
    Outcome,
    Pending,
    Snapshot,
    Stale,
    Target,
    TermsId,
    Version,
    Visit,
)
from monitor.ports import (
    Damage,
    DeliveryRow,
    HistoryRow,
    Look,
    NextDue,
    Overview,
    Passage,
    Standing,
)
from monitor.store import (
    backup,
    blobs,
    chain,
    examining,
    owner,
    queries,
    reading,
    recording,
    sending,
    trouble,
    verifying,
    watching,
    witness,
    words,
)
from monitor.store.auditing import AuditingSide
from monitor.store.borrowing import open_for_reading
from monitor.store.opening import immediate, open_for_writing, storage_errors
from monitor.store.rows import from_json, micros


class SqliteStore(AuditingSide):
    """Both sides, `Store` and `Library`, over one file. Lives from opening to `close`.

    `behind` says what is missing where an older history was put in place of a later one.
    """

    def __init__(
        self,
        path: Path,
        *,
        patience: Patience | None = None,
        next_due: NextDue,
        create: bool = True,
        read_only: bool = False,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self.patience = patience or Patience()
        self._next_due = next_due
        self._lock = threading.RLock()
        self._conn = open_for_reading(path) if read_only else open_for_writing(path, create)
        self._owner = "" if read_only else owner.new_owner()
        self._closed = False
        self.behind = ""
        self._lost = witness.Lost()
        if not read_only:
            self._begin_life()

    def _begin_life(self) -> None:
        """Check that nobody took the guards away, and take over what an earlier life left in the middle."""
        with storage_errors(self.path):
            verifying.check_schema(self.path, self._conn)
        witness.shorten(self.path)
        with self._write() as conn:
            watching.release(conn)
            sending.release(conn)
            if missing := witness.behind(self.path, conn):
                watching.set_note(conn, "behind", missing)
            self.behind = missing
            self._lost = witness.lost(self.path, conn)
            if self._lost:
                sending.close_told_before(conn, self._lost)

    def _bear_witness(self, told: Sequence[witness.Told] = ()) -> None:
        with self._read() as conn:
            witness.note(self.path, *chain.head(conn), told)

    def _found_again(self, decision: Decision) -> list[witness.Told]:
        """What was told again only to ourselves: from now on history knows of it as it is now."""
        found = [
            witness.told(replace(alert, key=self._lost.free_key(alert)), channel)
            for alert in decision.alerts
            for channel in decision.routes.get(alert.key, ())
            if self._lost.holds(alert, channel)
        ]
        for one in found:
            self._lost.found_again(one)
        return found

    def close(self) -> None:
        """Let go of all claims and close the file; once is enough."""
        if self._closed:
            return
        with self._lock:
            if not self.read_only:
                with self._write() as conn:
                    watching.release(conn, self._owner)
                    sending.release(conn, self._owner)
                owner.gone(self._owner)
                self._bear_witness()
            self._closed = True
            self._conn.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise StoreError(f"{self.path}: opened for reading only")
        with self._lock, storage_errors(self.path):
            self._check_open()
            with immediate(self._conn) as conn:
                yield conn

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """One moment of the database for all that a method reads."""
        with self._lock, storage_errors(self.path):
            self._check_open()
            self._conn.execute("BEGIN")
            try:
                yield self._conn
            finally:
                if self._conn.in_transaction:
                    self._conn.execute("COMMIT")

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"{self.path}: the store is closed")

    # ------------------------------------------------------------------ watching

    def declare(
        self,
        declarations: Sequence[Declaration],
        recipes: Mapping[TermsId, str],
        channels: Sequence[str],
        now: datetime,
    ) -> None:
        with self._write() as conn:
            watching.declare(conn, declarations, recipes, channels, now)

    def outdated(self, now: datetime, batch: int) -> Sequence[Stale]:
        with self._read() as conn:
            return watching.outdated(conn, now, batch)

    def due(self, now: datetime, batch: int) -> Sequence[Target]:
        with self._write() as conn:
            return watching.due(conn, now, batch, self._owner)

    def record(self, visit: Visit) -> Outcome:
        with self._write() as conn:
            return recording.record(conn, visit, self.patience, self._next_due)

    def expedite(self, terms: Sequence[TermsId] | None, now: datetime) -> int:
        with self._write() as conn:
            return watching.expedite(conn, terms, now)

    def reschedule(self, due: Mapping[TermsId, datetime], now: datetime) -> int:
        with self._write() as conn:
            sending.shorten_waits(conn, now)
            return watching.reschedule(conn, due, now)

    def pause(self, terms: Sequence[TermsId], paused: bool) -> int:
        with self._write() as conn:
            return watching.pause(conn, terms, paused)

    def next_time(self) -> datetime | None:
        with self._read() as conn:
            return watching.next_time(conn)

    # ------------------------------------------------------------------ examining and sending

    def unexamined(self, batch: int) -> Sequence[Pending]:
        with self._read() as conn:
            return examining.unexamined(conn, batch)

    def settle(self, examination: Examination, decision: Decision) -> Outcome:
        with self._write() as conn:
            outcome = examining.settle(conn, examination, decision, self._lost)
        if decision.alerts:
            self._bear_witness(self._found_again(decision))
        return outcome

    def announce(self, decision: Decision) -> int:
        if not decision.alerts and not decision.hold:
            return 0
        with self._write() as conn:
            new = examining.announce(conn, decision, self._lost)
        if new:
            self._bear_witness(self._found_again(decision))
        return new

    def undelivered(self, now: datetime, batch: int) -> Sequence[Delivery]:
        with self._write() as conn:
            return sending.undelivered(conn, now, batch, self._owner)

    def close_delivery(self, delivered: Delivered) -> Outcome:
        with self._write() as conn:
            told = sending.told(conn, delivered)
            outcome = sending.close(conn, delivered)
        if outcome is Outcome.DELIVERED:
            self._bear_witness(told)
        return outcome

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        with self._write() as conn:
            return sending.retry(conn, ids, now)

    def release(self, keys: Sequence[str] | None, now: datetime) -> int:
        with self._write() as conn:
            return examining.release(conn, keys, micros(now))

    def overview(self, now: datetime) -> Overview:
        with self._read() as conn:
            known = trouble.found(conn, self.path, now)
        if known.notes and not self.read_only:
            with self._write() as conn:
                trouble.keep(conn, known.notes)
        with self._read() as conn:
            return reading.overview(conn, now, known.problem, known.since)

    # ------------------------------------------------------------------ reading

    def standings(self) -> Sequence[Standing]:
        with self._read() as conn:
            return reading.standings(conn)

    def history(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[HistoryRow]:
        with self._read() as conn:
            return reading.history(conn, terms, limit)

    def versions(self, terms: TermsId) -> Sequence[Version]:
        with self._read() as conn:
            where = "service = ? AND terms_type = ? ORDER BY number"
            return queries.versions(conn, where, [terms.service, terms.terms_type])

    def text(self, sha256: str) -> str:
        return self.raw(sha256).decode()

    def raw(self, sha256: str) -> bytes:
        with self._read() as conn:
            return blobs.get(conn, sha256)

    def links(self, version: Version) -> tuple[Link, ...]:
        with self._read() as conn:
            row = conn.execute(
                "SELECT links_sha256 FROM versions WHERE id = ?",
                [self._id(conn, version.terms, version.number)],
            ).fetchone()
            return from_json(tuple[Link, ...], blobs.get(conn, row["links_sha256"]))

    def snapshots(self, version: Version) -> tuple[Snapshot, ...]:
        with self._read() as conn:
            return queries.snapshots(conn, self._id(conn, version.terms, version.number))

    def volatile(self, terms: TermsId) -> tuple[str, ...]:
        with self._read() as conn:
            return queries.volatile(conn, terms)

    def change(self, terms: TermsId, number: int) -> Change | None:
        with self._read() as conn:
            return examining.change(conn, self._id(conn, terms, number))

    def audits(self, terms: TermsId, number: int) -> Sequence[Audit]:
        with self._read() as conn:
            return examining.audits(conn, self._id(conn, terms, number))

    def deltas(self, terms: TermsId, number: int) -> Sequence[AuditDelta]:
        with self._read() as conn:
            return examining.deltas(conn, self._id(conn, terms, number))

    @staticmethod
    def _id(conn: sqlite3.Connection, terms: TermsId, number: int) -> int:
        found = queries.version_id(conn, terms, number)
        if found is None:
            raise NotFound(f"{terms} has no version {number}")
        return found

    def looks(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[Look]:
        with self._read() as conn:
            return reading.looks(conn, terms, limit)

    def quarantined(self, look: Look) -> bytes:
        with self._read() as conn:
            return reading.quarantined(conn, look)

    def alerts(self, limit: int | None = None) -> Sequence[Alert]:
        with self._read() as conn:
            return reading.alerts(conn, limit)

    def deliveries(self, state: str | None = None, limit: int | None = None) -> Sequence[DeliveryRow]:
        with self._read() as conn:
            return reading.deliveries(conn, state, limit)

    def dead(self) -> Sequence[DeliveryRow]:
        return self.deliveries("dead")

    def search(self, words_asked: str, limit: int = 50) -> Sequence[Passage]:
        with self._read() as conn:
            return words.search(conn, words_asked, limit)

    def head(self) -> str:
        with self._read() as conn:
            seq, digest = chain.head(conn)
        return f"{seq}:{digest.hex()}"

    def verify(self) -> Iterator[Damage]:
        with self._read() as conn:
            yield from verifying.verify(conn)

    # ------------------------------------------------------------------ care of the file

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, so that it stays small."""
        with self._lock, storage_errors(self.path):
            self._check_open()
            self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def backup(self, target: Path, now: datetime) -> None:
        """A whole copy while everything goes on, and a manifest beside it (`monitor.store.backup`)."""
        with self._lock, storage_errors(self.path):
            self._check_open()
            backup.back_up(self._conn, target, now)
