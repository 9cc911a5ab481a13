"""What `SqliteStore` can do with people's rulings and with audits by later editions: each method a transaction."""

from __future__ import annotations

import sqlite3
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from monitor.model import Audit, DatedAudits, Judged, Ruling, TermsId, Withdrawal
from monitor.store import examining, reaudits, rulings
from monitor.store.rows import micros

_at_once = 100


class AuditingSide:
    """The part of the store that people and later editions write."""

    @abstractmethod
    def _write(self) -> AbstractContextManager[sqlite3.Connection]: ...

    @abstractmethod
    def _read(self) -> AbstractContextManager[sqlite3.Connection]: ...

    @abstractmethod
    def _bear_witness(self) -> None: ...

    def rule(self, ruling: Ruling) -> Ruling:
        with self._write() as conn:
            made = replace(ruling, id=rulings.rule(conn, ruling))
        self._bear_witness()
        return made

    def withdraw(self, ruling_id: int, withdrawal: Withdrawal) -> Ruling:
        with self._write() as conn:
            rulings.withdraw(conn, ruling_id, withdrawal)
            (found,) = (one for one in rulings.rulings(conn, None, withdrawn=True) if one.id == ruling_id)
        self._bear_witness()
        return found

    def rulings(self, terms: TermsId | None = None, withdrawn: bool = False) -> Sequence[Ruling]:
        with self._read() as conn:
            return rulings.rulings(conn, terms, withdrawn)

    def add_audits(self, terms: TermsId, number: int, audits: Sequence[Audit], at: datetime) -> bool:
        with self._write() as conn:
            return reaudits.add(conn, reaudits.version_row(conn, terms, number), audits, micros(at))

    def index_judged(self) -> int:
        """In small transactions, so that nobody waits long for the database."""
        done = 0
        while True:
            with self._write() as conn:
                rows = reaudits.unindexed(conn, _at_once)
                reaudits.index(conn, rows)
            if not rows:
                return done
            done += len(rows)

    def judged(self, terms: TermsId) -> Mapping[int, frozenset[Judged]]:
        with self._read() as conn:
            return reaudits.judged(conn, terms)

    def all_audits(self, terms: TermsId, number: int) -> Sequence[DatedAudits]:
        with self._read() as conn:
            return examining.all_audits(conn, reaudits.version_row(conn, terms, number))
