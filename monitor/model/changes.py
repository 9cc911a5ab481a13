"""What changed between two texts: hunks, their kind, direction and facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What kind of change a hunk is, by rule, from the lightest to the gravest.

    WORDING: other words, and no rule finds a duty, right, recipient, purpose, term or fact among them.
    """

    COSMETIC = "cosmetic"
    MOVED = "moved"
    WORDING = "wording"
    SUBSTANTIVE = "substantive"


class Direction(StrEnum):
    """Which way a change goes for the person whose data it is, where the wording shows it."""

    SOFTER = "softer duty or weaker right"
    HARDER = "harder duty or stronger right"
    UNCLEAR = "unclear"


class Topic(StrEnum):
    """What a clause is about."""

    COLLECTION = "data collected"
    PURPOSE = "purpose"
    PROFILING = "profiling"
    ADVERTISING = "advertising"
    SHARING = "sharing"
    CROSS_BORDER = "cross-border"
    RETENTION = "retention"
    SECURITY = "security"
    RIGHTS = "rights"
    MINORS = "minors"
    COOKIES = "cookies and SDKs"
    CONSENT = "consent"
    CONTACT = "contact"
    DATES = "dates"


class Op(StrEnum):
    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A run of words that is kept, taken out or put in."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact read out of a text as data: `value` is normalised so that equal facts are equal strings.

    kind: "period", "age", "amount", "address", "email", "phone", "url", "company", "data type",
    "permission", "sdk", "date", "recipient", "right", "place".
    """

    kind: str
    value: str
    quote: str
    span: Span
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact that differs between two texts: `before` is None where it was added."""

    kind: str
    before: Fact | None
    after: Fact | None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One place where two texts differ.

    `before` and `after` are the spans of the clauses concerned (None: added or removed) and
    `edits` rebuilds both clauses: equal + deleted runs are the old one, equal + inserted the new.
    `form` says what happened to the clause: "changed", "added", "removed", "moved", "moved and
    changed", "split", "merged". `section` is the heading path. `reasons` are the words that decided
    nature and direction.
    """

    form: str
    nature: Nature
    edits: tuple[Edit, ...]
    before: Span | None = None
    after: Span | None = None
    section: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    direction: Direction | None = None
    reasons: tuple[str, ...] = ()
    facts: tuple[FactChange, ...] = ()
    significance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    """A sentence that a machine wrote, with words of the change that it quotes and the hunks they stand in.

    `places` count the hunks of the change from 0. Every quote stands in one of them, as it stands there.
    """

    text: str
    quotes: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a language model of the operator's own said of a change. It decides nothing.

    `dropped` counts the sentences that quoted nothing, or words that do not stand in the change. `fault`
    says why there is no summary.
    """

    model: str
    sentences: tuple[SummarySentence, ...] = ()
    dropped: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything that differs between two texts, in the order of the new one.

    `significance` is 0 (cosmetic) to 3 (a duty, right, recipient, term or purpose changed), with its
    `reasons`; it orders, it never hides. `coarse` is set where the token budget ran out and a
    clause is shown as replaced whole. `inserted` and `deleted` count characters. `summary` is there where
    the operator asked for one.
    """

    hunks: tuple[Hunk, ...]
    significance: int = 0
    reasons: tuple[str, ...] = ()
    coarse: bool = False
    inserted: int = 0
    deleted: int = 0
    summary: Summary | None = None
