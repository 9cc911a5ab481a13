"""The seams of the house: what the pipeline asks of the outside world, as Protocols.

The functions take values and return values; expected wrong outcomes come back as `Fault`. The write
side of the store (`Store`) is used by the pipeline alone, the read side (`Library`) by everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from monitor.model import (
    Alert,
    Audit,
    AuditDelta,
    Change,
    Channel,
    Decision,
    Declaration,
    Delivered,
    Delivery,
    Examination,
    Extracted,
    Fault,
    Link,
    NotModified,
    Outcome,
    Pending,
    Receipt,
    Snapshot,
    SourceDocument,
    Stale,
    Target,
    TermsId,
    Validators,
    Version,
    Visit,
)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The few plain values that a step needs wherever it runs. Sizes in bytes."""

    user_agent: str = "policy-monitor"
    deadline: timedelta = timedelta(seconds=30)
    pause: timedelta = timedelta(seconds=2)
    max_bytes: int = 8 * 1024 * 1024
    checklist_folder: str | None = None
    browser: str | None = None
    base_folder: str = "."
    channels: tuple[Channel, ...] = field(default=(), repr=False)


class Fetch(Protocol):
    """Look at one document, through the one gate."""

    def __call__(
        self, document: SourceDocument, validators: Validators, kit: Kit
    ) -> Snapshot | NotModified | Fault: ...


class Extract(Protocol):
    """Take the text out of a page as sent. Pure: the same bytes give the same text."""

    def __call__(self, snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault: ...


class Notify(Protocol):
    """Send one delivery over one channel, once."""

    def __call__(self, delivery: Delivery, channel: Channel, kit: Kit) -> Receipt | Fault: ...


class Spread(Protocol):
    """Run a step over values here, on threads or elsewhere; results come as they end.

    A value whose step dies (it should not raise) gives `lost(value, error)` instead of a result.
    """

    def __call__(
        self, step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]
    ) -> Iterator[R]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One row of the ledger: a look at a policy and what it showed."""

    seq: int
    terms: TermsId
    at: datetime
    outcome: str
    message: str = ""
    version: int | None = None
    text_sha256: str | None = None
    exchanges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one policy stands now: the row of `status`.

    `failed_since`, `failed_fault` and `recovered_at` tell of the last run of failures that has ended.
    `moved_at` is when the final addresses were last seen to differ from those of the look before,
    which are `moved_from`; None where they never did.
    """

    declaration: Declaration
    latest: Version | None
    versions: int
    due_at: datetime
    last_look: datetime | None = None
    last_success: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    fault: str | None = None
    fault_message: str = ""
    waiting_since: datetime | None = None
    flapping_since: datetime | None = None
    paused: bool = False
    declared_at: datetime | None = None
    failed_since: datetime | None = None
    failed_fault: str = ""
    recovered_at: datetime | None = None
    moved_at: datetime | None = None
    moved_from: tuple[str, ...] = ()
    moved_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """How one delivery stands: pending, sending, sent or dead."""

    id: int
    alert_key: str
    alert_at: datetime
    kind: str
    terms: TermsId | None
    channel: str
    state: str
    attempts: int
    next_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStanding:
    """How one channel stands. `failed_since` to `recovered_at`: the last run of failures that has ended."""

    name: str
    pending: int = 0
    dead: int = 0
    last_sent: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    answer: str = ""
    failed_since: datetime | None = None
    recovered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentChange:
    """A change alert of the last hours. `waiting`: no channel has it yet. `released`: a human let it go."""

    key: str
    terms: TermsId
    at: datetime
    waiting: bool = True
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything that notices are made from: standings and deliveries, as of one moment.

    `announced` are the keys of all alerts that are not changes (of the last 400 days at least).
    `baseline_at` is when the first baseline alert was stored. `recent_changes` are the alerts of kind
    change of the last 24 hours; `looks` and `changes` count the last 7 days. `away_from` and
    `away_until` are the ends of the last gap in which the daemon did not run. `storage_problem` is
    what is wrong with disk or database, since `storage_since`.
    """

    at: datetime
    standings: tuple[Standing, ...]
    pending: int = 0
    dead: tuple[DeliveryRow, ...] = ()
    channels: tuple[ChannelStanding, ...] = ()
    announced: frozenset[str] = frozenset()
    baseline_at: datetime | None = None
    recent_changes: tuple[RecentChange, ...] = ()
    looks: int = 0
    changes: int = 0
    away_from: datetime | None = None
    away_until: datetime | None = None
    storage_problem: str = ""
    storage_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A version with the size of its change and what it did to the audit, as `history` shows it."""

    version: Version
    hunks: int | None = None
    inserted: int = 0
    deleted: int = 0
    significance: int | None = None
    better: int = 0
    worse: int = 0
    moved: int = 0
    warning: str | None = None
    fault: str | None = None


class Store(Protocol):
    """The write side. Every method is one transaction; a kill between two of them loses nothing."""

    def declare(
        self,
        declarations: Sequence[Declaration],
        recipes: Mapping[TermsId, str],
        channels: Sequence[str],
        now: datetime,
    ) -> None:
        """Make the configuration known: new terms are due at once, those no longer named are retired."""

    def outdated(self, batch: int) -> Sequence[Stale]:
        """Latest versions whose text was taken by another recipe than the declaration's."""

    def due(self, now: datetime, batch: int) -> Sequence[Target]:
        """Claim policies whose time has come; a claim lapses by itself (lease)."""

    def record(self, visit: Visit) -> Outcome:
        """Put a visit into the ledger, and a version into the record where identity says so."""

    def unexamined(self, batch: int) -> Sequence[Pending]:
        """Versions that have not been compared and audited."""

    def settle(self, examination: Examination, decision: Decision) -> Outcome:
        """Store change, audits and alerts with a delivery per channel: all or nothing."""

    def announce(self, decision: Decision) -> int:
        """Store alerts whose key is new, with their deliveries; gives how many were new."""

    def undelivered(self, now: datetime, batch: int) -> Sequence[Delivery]:
        """Claim deliveries that are due; one found in the middle of sending is marked as a repeat."""

    def close_delivery(self, delivered: Delivered) -> Outcome:
        """Sent, or to be sent again later, or dead."""

    def expedite(self, terms: Sequence[TermsId] | None, now: datetime) -> int:
        """Make these policies (None: all that are not paused) due at once; gives how many."""

    def pause(self, terms: Sequence[TermsId], paused: bool) -> int:
        """Leave policies alone until they are resumed; gives how many it concerned."""

    def next_time(self) -> datetime | None:
        """The earliest moment at which anything is to be done (a look, an examination, a delivery)."""

    def overview(self, now: datetime) -> Overview:
        """The state that notices are decided on."""


class Library(Protocol):
    """The read side. Cheap: it reads rows and decodes nothing that is not asked for."""

    def standings(self) -> Sequence[Standing]: ...

    def history(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[HistoryRow]: ...

    def versions(self, terms: TermsId) -> Sequence[Version]: ...

    def text(self, sha256: str) -> str: ...

    def raw(self, sha256: str) -> bytes: ...

    def links(self, version: Version) -> tuple[Link, ...]: ...

    def change(self, terms: TermsId, number: int) -> Change | None: ...

    def audits(self, terms: TermsId, number: int) -> Sequence[Audit]: ...

    def deltas(self, terms: TermsId, number: int) -> Sequence[AuditDelta]: ...

    def looks(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[Look]: ...

    def alerts(self, limit: int | None = None) -> Sequence[Alert]: ...

    def deliveries(self, state: str | None = None, limit: int | None = None) -> Sequence[DeliveryRow]: ...
