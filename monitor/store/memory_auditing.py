"""Rulings and audits by later editions in the store without a file, as `AuditingSide` keeps them in SQLite."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.decide.immaterial import with_rulings
from monitor.errors import NotFound, StoreError
from monitor.model import Alert, Audit, DatedAudits, Judged, Ruling, TermsId, Withdrawal
from monitor.store.memory_library import MemoryLibrary
from monitor.store.reaudits import judged_by, latest


class MemoryAuditing(MemoryLibrary):
    """Policies with the rulings on them."""

    @abstractmethod
    def _link(self, *said: object) -> int: ...

    def rule(self, ruling: Ruling) -> Ruling:
        watch = self._watches.get(ruling.terms)
        if watch is None or not 1 <= ruling.version <= len(watch.versions):
            raise NotFound(f"{ruling.terms} has no version {ruling.version}")
        made = replace(ruling, id=len(self._rulings) + 1)
        self._rulings.append(made)
        self._link("ruling", made)
        return made

    def withdraw(self, ruling_id: int, withdrawal: Withdrawal) -> Ruling:
        made = next((one for one in self._rulings if one.id == ruling_id), None)
        if made is None:
            raise NotFound(f"there is no ruling {ruling_id}: see `policy-monitor ruling list`")
        if made.withdrawn:
            raise NotFound(f"ruling {ruling_id} was withdrawn already, by {made.withdrawn.by}")
        back = replace(made, withdrawn=withdrawal)
        self._rulings[self._rulings.index(made)] = back
        self._link("withdrawal", back)
        return back

    def rulings(self, terms: TermsId | None = None, withdrawn: bool = False) -> Sequence[Ruling]:
        return [
            one
            for one in self._rulings
            if terms in (None, one.terms) and (withdrawn or one.withdrawn is None)
        ]

    def _told(self, alert: Alert) -> Alert:
        return with_rulings(alert, self.rulings(alert.terms)) if alert.terms else alert

    def add_audits(self, terms: TermsId, number: int, audits: Sequence[Audit], at: datetime) -> bool:
        watch = self._watches.get(terms)
        if watch is None or not 1 <= number <= len(watch.versions):
            raise StoreError(f"{terms} has no version {number} to audit")
        known = self.judged(terms).get(number, frozenset())
        fresh = tuple(one for one, by in zip(audits, judged_by(audits), strict=True) if by not in known)
        if not fresh:
            return False
        watch.later.setdefault(number, []).append(DatedAudits(at=at, audits=fresh))
        self._link("audits", terms, number, fresh)
        return True

    def index_judged(self) -> int:
        return 0

    def judged(self, terms: TermsId) -> Mapping[int, frozenset[Judged]]:
        watch = self._watches.get(terms)
        if watch is None:
            return {}
        return {
            number: frozenset(by for made in self.all_audits(terms, number) for by in judged_by(made.audits))
            for number in watch.examinations
        }

    def all_audits(self, terms: TermsId, number: int) -> Sequence[DatedAudits]:
        found = self._examination(terms, number)
        first = [DatedAudits(audits=found.audits)] if found else []
        return [*first, *self._watches[terms].later.get(number, [])]

    def audits(self, terms: TermsId, number: int) -> Sequence[Audit]:
        return latest(self.all_audits(terms, number))
