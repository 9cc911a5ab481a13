"""The read side of the store without a file: what is remembered of each policy, and questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.errors import NotFound
from monitor.identity import State
from monitor.model import (
    AuditDelta,
    Change,
    DatedAudits,
    Declaration,
    Examination,
    Link,
    Reading,
    Ruling,
    Snapshot,
    Span,
    TermsId,
    Validators,
    Version,
)
from monitor.ports import HistoryRow, Look, Passage, Standing
from monitor.store import views
from monitor.store.rulings import whole_changes
from monitor.store.views import last
from monitor.store.words import paragraphs, runs


@dataclass
class Watch:
    """A policy and all that is remembered of it."""

    declaration: Declaration
    recipe: str
    declared_at: datetime
    due_at: datetime
    retired: bool = False
    paused: bool = False
    claimed_until: datetime | None = None
    stale_at: datetime | None = None
    asked_whole_at: datetime | None = None
    validators: tuple[Validators, ...] = ()
    state: State = field(default_factory=State)
    versions: list[Version] = field(default_factory=list)
    readings: dict[int, Reading] = field(default_factory=dict)
    drafts: dict[str, Reading] = field(default_factory=dict)
    examinations: dict[int, Examination] = field(default_factory=dict)
    later: dict[int, list[DatedAudits]] = field(default_factory=dict)

    @property
    def latest(self) -> Version | None:
        return self.versions[-1] if self.versions else None


class MemoryLibrary:
    """Policies with their versions, and the ledger of looks."""

    def __init__(self) -> None:
        self._watches: dict[TermsId, Watch] = {}
        self._looks: list[Look] = []
        self._quarantine: dict[int, bytes] = {}
        self._history: list[Version] = []
        self._rulings: list[Ruling] = []

    def _active(self) -> list[Watch]:
        return [watch for watch in self._watches.values() if not watch.retired]

    def standings(self) -> Sequence[Standing]:
        return [
            Standing(
                declaration=watch.declaration,
                latest=watch.latest,
                versions=len(watch.versions),
                due_at=watch.due_at,
                paused=watch.paused,
                declared_at=watch.declared_at,
                **views.state_fields(watch.state),
            )
            for watch in self._active()
        ]

    def history(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[HistoryRow]:
        chosen = [version for version in self._history if terms in (None, version.terms)]
        whole = whole_changes([one for one in self._rulings if one.withdrawn is None])
        found = []
        for version in chosen[-limit:] if limit else chosen if limit is None else []:
            watch = self._watches[version.terms]
            row = views.history_row(
                watch.versions[version.number - 1], watch.examinations.get(version.number)
            )
            found.append(replace(row, immaterial=whole.get((version.terms, version.number))))
        return found

    def versions(self, terms: TermsId) -> Sequence[Version]:
        return list(self._watches[terms].versions) if terms in self._watches else []

    def text(self, sha256: str) -> str:
        return self.raw(sha256).decode()

    def raw(self, sha256: str) -> bytes:
        for watch in self._watches.values():
            for reading in watch.readings.values():
                if reading.sha256 == sha256:
                    return reading.text.encode()
                for snapshot in reading.snapshots:
                    if snapshot.sha256 == sha256:
                        return snapshot.content
        raise NotFound(f"no content with digest {sha256} is stored")

    def _examination(self, terms: TermsId, number: int) -> Examination | None:
        watch = self._watches.get(terms)
        if watch is None or not 1 <= number <= len(watch.versions):
            raise NotFound(f"{terms} has no version {number}")
        return watch.examinations.get(number)

    def links(self, version: Version) -> tuple[Link, ...]:
        self._examination(version.terms, version.number)
        return self._watches[version.terms].readings[version.number].links

    def snapshots(self, version: Version) -> tuple[Snapshot, ...]:
        self._examination(version.terms, version.number)
        return self._watches[version.terms].readings[version.number].snapshots

    def volatile(self, terms: TermsId) -> tuple[str, ...]:
        return self._watches[terms].state.volatile if terms in self._watches else ()

    def change(self, terms: TermsId, number: int) -> Change | None:
        found = self._examination(terms, number)
        return found.change if found else None

    def deltas(self, terms: TermsId, number: int) -> Sequence[AuditDelta]:
        found = self._examination(terms, number)
        return found.deltas if found else ()

    def looks(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[Look]:
        return last([look for look in self._looks if terms in (None, look.terms)], limit)

    def quarantined(self, look: Look) -> bytes:
        if look.seq not in self._quarantine:
            raise NotFound(f"what came at look {look.seq} is not kept (of each policy the latest few are)")
        return self._quarantine[look.seq]

    def search(self, words: str, limit: int = 50) -> Sequence[Passage]:
        asked = runs(words)
        found: list[Passage] = []
        for watch in self._watches.values():
            told: set[str] = set()
            for version in watch.versions:
                for start, end, line in paragraphs(watch.readings[version.number].text):
                    if line not in told and asked and all(run.stands_in(line) for run in asked):
                        still = line in watch.readings[len(watch.versions)].text.split("\n")
                        passage = Passage(
                            terms=version.terms,
                            number=version.number,
                            first_seen=version.first_seen,
                            text=line,
                            span=Span(start=start, end=end),
                            still=still,
                        )
                        found.append(passage)
                    told.add(line)
        found.sort(key=lambda passage: passage.first_seen, reverse=True)
        return found[:limit]
