"""What is remembered of a policy between two looks, and what a look comes to: plain frozen values. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import FaultKind, Outcome, StatedDates, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait and how often to look before something counts.

    confirm_looks     looks that must show a new text (1: it counts at first sight)
    confirm_after     time that must lie between the first and the confirming look
    deletion_share    share of the text that goes, from which on one more look is needed
    return_looks, return_after        for a text that was there before, or nearly so
    return_at_last    time after which two looks at such a text are enough
    edition_looks, edition_after      for a text that looks like another region's edition
    cosmetic_looks, cosmetic_after    for a difference that no reader can see or need mind
    flap_times        blips of one text that make the page "alternating"
    flap_looks, flap_after            before a change counts while the page alternates
    steady_looks, steady_after        of one text before the alternation is over
    unsettled_looks   looks in a row, each different, after which the newest text counts anyway
    volatile_within   two looks so close together that a line which differs is noise
    fault_looks, fault_after          failures in a row, or time, after which a fault is news
    short_notice_days days of notice below which a new effective date is flagged
    """

    confirm_looks: int = 2
    confirm_after: timedelta = timedelta(minutes=10)
    deletion_share: float = 0.5
    return_looks: int = 3
    return_after: timedelta = timedelta(hours=12)
    return_at_last: timedelta = timedelta(days=30)
    edition_looks: int = 4
    edition_after: timedelta = timedelta(days=7)
    cosmetic_looks: int = 3
    cosmetic_after: timedelta = timedelta(hours=24)
    flap_times: int = 2
    flap_looks: int = 4
    flap_after: timedelta = timedelta(hours=24)
    steady_looks: int = 6
    steady_after: timedelta = timedelta(hours=48)
    unsettled_looks: int = 3
    volatile_within: timedelta = timedelta(hours=1)
    fault_looks: int = 3
    fault_after: timedelta = timedelta(hours=24)
    short_notice_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Failures in a row. `news_at` is when they became worth telling; `removed` where the page is gone.

    `until` is the look that ended the streak (None while it lasts).
    """

    kind: FaultKind
    message: str
    since: datetime
    failures: int = 1
    news_at: datetime | None = None
    removed: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """The bytes of a document whose text cannot be read (a scan, an encrypted file): watched all the same.

    `sha256` are the bytes that count, since `changed_at` where they were others (`before`) earlier. Other
    bytes at the last look wait as `candidate`, since `candidate_at`, for a second look that shows them.
    """

    sha256: str
    message: str
    before: str | None = None
    changed_at: datetime | None = None
    candidate: str | None = None
    candidate_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A text that waits for a second look, with all that its version will need.

    `sightings` counts looks in a row that showed it; `returns_to` is the earlier version whose text it
    is, `familiar` says that it is an earlier version or one that nearly came back, `edition` that it looks
    like another region's edition of the policy, `cosmetic` that nothing of weight differs from the latest
    version.
    """

    text_sha256: str
    key: str
    recipe: str
    first_seen: datetime
    last_seen: datetime
    length: int
    sightings: int = 1
    needed: int = 2
    snapshots: tuple[str, ...] = ()
    final_urls: tuple[str, ...] = ()
    title: str | None = None
    language: str | None = None
    dates: StatedDates = StatedDates()  # noqa: RUF009 - frozen, so it can be shared
    returns_to: int | None = None
    familiar: bool = False
    edition: bool = False
    cosmetic: bool = False

    @property
    def is_doubtful(self) -> bool:
        """True where a second look minutes later proves nothing: the text may come and go."""
        return self.familiar or self.edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Blip:
    """A text that came and went before it was confirmed, and how often it did."""

    key: str
    text_sha256: str
    first_seen: datetime
    last_seen: datetime
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """The page alternates between version `number` and the text of `text_sha256` (`other`, if a version)."""

    since: datetime
    number: int
    text_sha256: str
    other: int | None = None
    steady: int = 0
    steady_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The same text has come from another address since `at`."""

    at: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """How reading the stored pages by a new recipe has failed. `next_at` None: given up for this recipe."""

    recipe: str
    failures: int
    message: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A recent version, as far as knowing a return to it takes."""

    number: int
    key: str
    text_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that is remembered of one policy beside its versions. Stored as JSON, one per terms.

    `streak` is the present run of failures, `ended` the last one that was news and is over.
    `unsettled` counts looks in a row that each showed yet another text. `latest_seen` is the last look
    that showed the latest version. `address` is where the text came from last, `addresses` all places
    it ever came from; `volatile` what is left out of comparisons (see `monitor.text.normal.key_lines`).
    `returns` are the times of the last returns to an earlier text; `unread` is the last document that
    could not be read as text.
    """

    last_look: datetime | None = None
    last_success: datetime | None = None
    latest_seen: datetime | None = None
    streak: Streak | None = None
    ended: Streak | None = None
    unread: Unread | None = None
    candidate: Candidate | None = None
    unsettled: int = 0
    blips: tuple[Blip, ...] = ()
    flapping: Flapping | None = None
    returns: tuple[datetime, ...] = ()
    past: tuple[Past, ...] = ()
    volatile: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    addresses: tuple[tuple[str, ...], ...] = ()
    new_address: tuple[str, ...] = ()
    moved: Move | None = None
    rereading: Rereading | None = None
    out_of_date: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What judging a look needs of the past.

    `seen` maps the comparison key of every text ever recorded to the latest version that had it;
    `text` gives the stored text of a digest (of the latest version, its predecessors, the candidate).
    """

    state: State
    latest: Version | None
    seen: Mapping[str, int]
    text: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a look comes to.

    `version` is to be recorded now (its text and snapshots are the reading's, or were kept when its
    candidate was first seen). `look_again` is the time to the next look; None means the regular one.
    `remark` is the version whose recipe mark moves to the new recipe (read again, same text).
    `keep_text` asks to keep the text and snapshots of this look's reading.
    """

    outcome: Outcome
    state: State
    version: Version | None = None
    look_again: timedelta | None = None
    remark: int | None = None
    keep_text: bool = False
