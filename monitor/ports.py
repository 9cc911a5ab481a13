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
    DatedAudits,
    Decision,
    Declaration,
    Delivered,
    Delivery,
    Examination,
    Exchange,
    Extracted,
    Fault,
    Judged,
    Link,
    NotModified,
    Outcome,
    Pending,
    Receipt,
    Ruling,
    Snapshot,
    SourceDocument,
    Span,
    Stale,
    Summariser,
    Summary,
    Target,
    TermsId,
    Validators,
    Version,
    Visit,
    Withdrawal,
)

NextDue = Callable[[Declaration, datetime, int], datetime]
"""When a policy is looked at next: its declaration, now, and how often it has failed in a row."""

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
    summariser: Summariser | None = field(default=None, repr=False)


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


class Summarise(Protocol):
    """Put a change in sentences by a machine of the operator's own; what went wrong is in the summary."""

    def __call__(self, change: Change, summariser: Summariser, kit: Kit) -> Summary: ...


class Spread(Protocol):
    """Run a step over values here, on threads or elsewhere; results come as they end.

    A value whose step dies (it should not raise) gives `lost(value, error)` instead of a result.
    """

    def __call__(
        self, step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]
    ) -> Iterator[R]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One row of the ledger: a look at a policy and what it showed.

    `version` is the one in place after it, `fault` the kind of fault, `exchanges` the answers in a line
    each and `proof` all that is kept of them (seconds to the millisecond), `chain` the ledger's head.
    """

    seq: int
    terms: TermsId
    at: datetime
    outcome: str
    message: str = ""
    version: int | None = None
    text_sha256: str | None = None
    exchanges: tuple[str, ...] = ()
    fault: str | None = None
    not_modified: bool = False
    proof: tuple[Exchange, ...] = ()
    chain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one policy stands now: the row of `status`.

    `failed_since`, `failed_fault` and `recovered_at` tell of the last run of failures that has ended.
    `moved_at` is when the final addresses were last seen to differ from those of the look before,
    which are `moved_from`; None where they never did. `unread_changed_at` is when the bytes of a document
    that cannot be read as text (`unread_message`: why) became others: `unread_before`, then `unread_now`.
    `waiting_for` says what the waiting text would be: "a change", "a return", "an edition" of another region.
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
    waiting_for: str = ""
    flapping_since: datetime | None = None
    paused: bool = False
    declared_at: datetime | None = None
    failed_since: datetime | None = None
    failed_fault: str = ""
    recovered_at: datetime | None = None
    moved_at: datetime | None = None
    moved_from: tuple[str, ...] = ()
    moved_to: tuple[str, ...] = ()
    unread_changed_at: datetime | None = None
    unread_before: str = ""
    unread_now: str = ""
    unread_message: str = ""


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
    """A version with the size of its change and what it did to the audit, as `history` shows it.

    `immaterial` is the ruling by which a person held the whole change immaterial.
    """

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
    immaterial: Ruling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph that holds the words searched for.

    `number` and `first_seen` are of the version that said it first; `still` tells whether the latest
    version says it, too.
    """

    terms: TermsId
    number: int
    first_seen: datetime
    text: str
    span: Span
    still: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something stored that is not as it was written: which row of which table, and of whose policy."""

    table: str
    row: int | None
    terms: TermsId | None
    version: int | None
    message: str

    def __str__(self) -> str:
        where = f"{self.table}" if self.row is None else f"{self.table}, row {self.row}"
        whose = (
            ""
            if self.terms is None
            else f" ({self.terms}{f', version {self.version}' if self.version else ''})"
        )
        return f"{where}{whose}: {self.message}"


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

    def outdated(self, now: datetime, batch: int) -> Sequence[Stale]:
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

    def reschedule(self, due: Mapping[TermsId, datetime], now: datetime) -> int:
        """Put down other due times (paused and retired terms stay as they are); gives how many.

        Claims and back-offs that end later than any that begins at `now` can are shortened: a clock
        that was ahead has written them.
        """

    def pause(self, terms: Sequence[TermsId], paused: bool) -> int:
        """Leave policies alone until they are resumed; gives how many it concerned."""

    def next_time(self) -> datetime | None:
        """The earliest moment at which anything is to be done (a look, an examination, a delivery)."""

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Send dead letters (None: all) again, from now on, with fresh patience; gives how many."""

    def release(self, keys: Sequence[str] | None, now: datetime) -> int:
        """Let go of alerts that are held (None: all); gives how many."""

    def overview(self, now: datetime) -> Overview:
        """The state that notices are decided on."""

    def rule(self, ruling: Ruling) -> Ruling:
        """Store a ruling for ever; gives it with its id. NotFound where its version is not there."""

    def withdraw(self, ruling_id: int, withdrawal: Withdrawal) -> Ruling:
        """Take a ruling back, by a row of its own. NotFound where there is none, or it was taken back."""

    def add_audits(self, terms: TermsId, number: int, audits: Sequence[Audit], at: datetime) -> bool:
        """Store audits of a stored version by another edition; False where all of them are there already."""

    def index_judged(self) -> int:
        """Make up the index of what was judged for versions examined before there was one; gives how many."""


class Library(Protocol):
    """The read side. Cheap: it reads rows and decodes nothing that is not asked for."""

    def standings(self) -> Sequence[Standing]: ...

    def history(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[HistoryRow]: ...

    def versions(self, terms: TermsId) -> Sequence[Version]: ...

    def text(self, sha256: str) -> str: ...

    def raw(self, sha256: str) -> bytes: ...

    def links(self, version: Version) -> tuple[Link, ...]: ...

    def snapshots(self, version: Version) -> tuple[Snapshot, ...]:
        """The pages of a version as they were sent."""

    def volatile(self, terms: TermsId) -> tuple[str, ...]:
        """What was learned to differ from look to look, as `monitor.text.normal.key_lines` takes it."""

    def change(self, terms: TermsId, number: int) -> Change | None: ...

    def audits(self, terms: TermsId, number: int) -> Sequence[Audit]:
        """The audits of a version by the edition that judged it last, one for each checklist and profile."""

    def all_audits(self, terms: TermsId, number: int) -> Sequence[DatedAudits]:
        """Every audit of a version, oldest first: its examination's, then those by later editions."""

    def judged(self, terms: TermsId) -> Mapping[int, frozenset[Judged]]:
        """What each examined version, by its number, was judged by."""

    def rulings(self, terms: TermsId | None = None, withdrawn: bool = False) -> Sequence[Ruling]:
        """Rulings in the order in which they were made; with `withdrawn`, those taken back as well."""

    def deltas(self, terms: TermsId, number: int) -> Sequence[AuditDelta]: ...

    def looks(self, terms: TermsId | None = None, limit: int | None = None) -> Sequence[Look]: ...

    def quarantined(self, look: Look) -> bytes:
        """What came instead of the policy at a look that failed; NotFound where it is not kept, or not any more."""

    def alerts(self, limit: int | None = None) -> Sequence[Alert]: ...

    def deliveries(self, state: str | None = None, limit: int | None = None) -> Sequence[DeliveryRow]: ...

    def dead(self) -> Sequence[DeliveryRow]:
        """The dead letters."""

    def search(self, words: str, limit: int = 50) -> Sequence[Passage]:
        """Paragraphs that hold all of the words, newest first; Latin words match by their beginning."""

    def head(self) -> str:
        """The head of the hash chain: `number:digest`. Whoever knows it can tell later that nothing before it was altered."""

    def verify(self) -> Iterator[Damage]:
        """Read everything that is stored and tell what is not as it was written."""
