"""The nouns: frozen values of plain fields that travel between the steps. Pure, standard library only.

The story they tell, in order::

    Declaration -> Target -> Visit -> Version -> Examination -> Alert -> Delivery

Times are aware UTC datetimes. Digests are lower-case SHA-256 in hex. Spans are character offsets
into a text, `start` included, `end` excluded. A *text* is always in the text form described in
`monitor.text.blocks`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

type_privacy_policy = "Privacy Policy"


def digest(content: bytes | str) -> str:
    """SHA-256 in hex; a string is taken as UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


# --------------------------------------------------------------------------- what is watched


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TermsId:
    """Which terms of which service: the key of everything that is stored."""

    service: str
    terms_type: str = type_privacy_policy

    def __str__(self) -> str:
        if self.terms_type == type_privacy_policy:
            return self.service
        return f"{self.service}/{self.terms_type}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A part of a page between two elements; each end is a CSS selector, one of before/after per end."""

    start_before: str | None = None
    start_after: str | None = None
    end_before: str | None = None
    end_after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """The document is where a link of a stable page points to: found by selector or by link text."""

    select: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """One page (or file) out of which terms are taken.

    `fetcher` and `extractor` are names in the registry; "auto" lets the page decide.
    `allow_private` lists networks (CIDR) that this document may live in on purpose.
    """

    location: str
    select: tuple[str | Range, ...] = ()
    remove: tuple[str | Range, ...] = ()
    fetcher: str = "auto"
    extractor: str = "auto"
    follow: Follow | None = None
    json_path: str | None = None
    wait_for: str | None = None
    accept_language: str | None = None
    allow_private: tuple[str, ...] = ()
    allow_http: bool = False
    ignore_robots_reason: str | None = None
    tls_ca_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the operator wrote about one policy: where it is, how it is read, how often, against what."""

    terms: TermsId
    name: str
    documents: tuple[SourceDocument, ...]
    name_native: str | None = None
    operator: str | None = None
    language: str | None = None
    profiles: tuple[str, ...] = ()
    every: timedelta = timedelta(hours=6)
    cron: str | None = None
    time_zone: str = "UTC"
    tags: tuple[str, ...] = ()
    minimum_length: int = 200

    @property
    def title(self) -> str:
        """Name as shown: the name and, where it differs, the native one."""
        if self.name_native and self.name_native != self.name:
            return f"{self.name} {self.name_native}"
        return self.name


# --------------------------------------------------------------------------- what a look showed


class Stage(StrEnum):
    """Where in a visit something went wrong."""

    FETCH = "fetch"
    EXTRACT = "extract"
    PLAUSIBLE = "plausible"
    EXAMINE = "examine"
    DELIVER = "deliver"


class FaultKind(StrEnum):
    """Expected wrong outcomes, by what happened. The words are shown to users."""

    DNS = "dns"
    TLS = "tls"
    CONNECT = "connect"
    RESET = "reset"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    DOWNGRADE = "downgrade"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_ADDRESS = "bad_address"
    ROBOTS = "robots"
    STATUS = "status"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    BOT_BLOCKED = "bot_blocked"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    ENCODING = "encoding"
    CHARSET = "charset"
    EMPTY = "empty"
    NOT_A_POLICY = "not_a_policy"
    UNREADABLE = "unreadable"
    PARSE_LIMIT = "parse_limit"
    NEEDS_BROWSER = "needs_browser"
    NO_BROWSER = "no_browser"
    SELECTOR = "selector"
    FOLLOW = "follow"
    SUSPECT_SOFT_404 = "suspect:soft404"
    SUSPECT_WALL = "suspect:wall"
    SUSPECT_LOGIN = "suspect:login"
    SUSPECT_NOT_HTML = "suspect:not_html"
    SUSPECT_SHORT = "suspect:short"
    SUSPECT_LANGUAGE = "suspect:language"
    SUSPECT_INCOMPLETE = "suspect:incomplete"
    FILE = "file"
    REFUSED = "refused"
    CHANNEL = "channel"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What one look at one address showed of the server: the proof that is kept for ever.

    `redirects` are the addresses passed on the way, `headers` only those that matter
    (lower-case names), `seconds` the wall time of the look. `status` is None where no answer came.
    """

    url: str
    final_url: str
    fetcher: str = "http"
    status: int | None = None
    redirects: tuple[str, ...] = ()
    ip: str | None = None
    certificate_sha256: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    raw_sha256: str | None = None
    notes: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The value of a kept header, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page as sent: decoded of its transfer and content encoding, otherwise untouched."""

    exchange: Exchange
    content: bytes
    media_type: str
    charset: str | None = None
    screenshot: bytes | None = None

    @property
    def sha256(self) -> str:
        return digest(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304 to our validators."""

    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An expected wrong outcome as a value.

    `content` is what came, kept in quarantine, `exchange` the look at the document concerned and `also`
    the looks at the other documents of the same policy.
    """

    kind: FaultKind
    message: str
    stage: Stage
    transient: bool = True
    retry_after: timedelta | None = None
    exchange: Exchange | None = None
    content: bytes = b""
    also: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The server's own ETag and Last-Modified, to be sent back word for word.

    `url` is the final address of the page they came from; where it is known they are sent to no other.
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the page, kept beside the text: link addresses are noise inside it."""

    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date that the text states. `precision` is "day" or "month" (then the day is 1)."""

    day: date
    precision: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDates:
    """The dates a policy states of itself; None where it does not say, never guessed."""

    updated: StatedDate | None = None
    effective: StatedDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of one source document in the text form, and what lay beside it."""

    text: str
    title: str | None = None
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a visit read: a plausible text of the whole policy, with the pages it was read from.

    `key` is the digest of the text's comparison key (`monitor.text.normal.key`): readings of equal
    key differ in nothing a reader can see. `recipe` says how the text was taken.
    """

    text: str
    key: str
    recipe: str
    snapshots: tuple[Snapshot, ...]
    title: str | None = None
    language: str | None = None
    dates: StatedDates = StatedDates()
    links: tuple[Link, ...] = ()

    @property
    def sha256(self) -> str:
        return digest(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The text is the one of the latest version, letter by letter, or the server said so by 304."""

    exchanges: tuple[Exchange, ...]
    not_modified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One look at one policy and what came of it.

    `reread` is set where stored snapshots were read again with a new recipe (no page was fetched):
    the number of the version they belong to, and `recipe` is the new recipe.
    """

    terms: TermsId
    at: datetime
    result: Reading | Unchanged | Fault
    reread: int | None = None
    recipe: str | None = None


# --------------------------------------------------------------------------- what is known


class Cause(StrEnum):
    """Why a version exists."""

    FIRST_RECORD = "first record"
    CHANGE = "change"
    TECHNICAL_UPGRADE = "technical upgrade"
    RETURN = "return"
    COSMETIC = "cosmetic"


class Flag(StrEnum):
    """What the dates of a version give away."""

    SILENT_CHANGE = "silent change"
    BACK_DATED = "back-dated"
    SHORT_NOTICE = "short notice"
    DATE_ANOMALY = "date anomaly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that a policy had, without the text itself (read it by its digest).

    `number` counts from 1 per terms. `first_seen` is the look that saw it first, `recorded_at` when
    it was confirmed. `returns_to` names the earlier version whose text this is (cause "return").
    """

    terms: TermsId
    number: int
    cause: Cause
    first_seen: datetime
    recorded_at: datetime
    text_sha256: str
    key: str
    recipe: str
    length: int
    snapshots: tuple[str, ...]
    final_urls: tuple[str, ...]
    title: str | None = None
    language: str | None = None
    dates: StatedDates = StatedDates()
    flags: tuple[Flag, ...] = ()
    returns_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A policy that is due, with what a visit must know of the past. Small: it may cross machines.

    `validators` has one entry per document (empty ones ask unconditionally).
    """

    declaration: Declaration
    recipe: str
    latest: Version | None = None
    validators: tuple[Validators, ...] = ()
    volatile: frozenset[str] = frozenset()
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A version whose text was taken by another recipe than the declaration's now: read it again."""

    declaration: Declaration
    version: Version
    recipe: str
    snapshots: tuple[Snapshot, ...]
    volatile: frozenset[str] = frozenset()


# --------------------------------------------------------------------------- what changed


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
class Change:
    """Everything that differs between two texts, in the order of the new one.

    `significance` is 0 (cosmetic) to 3 (a duty, right, recipient, term or purpose changed), with its
    `reasons`; it orders, it never hides. `coarse` is set where the token budget ran out and a
    clause is shown as replaced whole. `inserted` and `deleted` count characters.
    """

    hunks: tuple[Hunk, ...]
    significance: int = 0
    reasons: tuple[str, ...] = ()
    coarse: bool = False
    inserted: int = 0
    deleted: int = 0


# --------------------------------------------------------------------------- what the audit says


class Verdict(StrEnum):
    """What the TEXT does with regard to a criterion. Never a judgement of law."""

    MET = "met"
    PARTLY = "partly"
    RESTRICTED = "restricted"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    NOT_APPLICABLE = "not_applicable"
    FLAGGED = "flagged"
    CLEAR = "clear"
    NOT_STATED = "not_stated"
    REVIEW = "review"


class Confidence(StrEnum):
    """How firm a finding is, by its structure: two independent quotes, one, or a weak one."""

    STRONG = "strong"
    SINGLE = "single"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words that stand in the text at that span. Anything else is refused by `audit.check`."""

    quote: str
    span: Span
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one criterion for one version.

    `judge` names the rule that decided, `note` says why in a few words; for an absence `searched`
    says what was looked for and where, and `links` which links of the page may hold it.
    """

    criterion: str
    verdict: Verdict
    confidence: Confidence
    judge: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    searched: str = ""
    links: tuple[Link, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A version judged by a checklist under a profile. `suspect` says why the capture is in doubt."""

    checklist: str
    edition: str
    profile: str
    findings: tuple[Finding, ...]
    suspect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Judged:
    """What a version was judged by: one edition of a checklist under one profile of it."""

    checklist: str
    edition: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAudits:
    """Audits of a version made together: when it was examined (`at` None), or later by another edition."""

    audits: tuple[Audit, ...]
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A criterion whose finding differs between two versions, old and new side by side.

    `immaterial` says which person held it immaterial and why, where one did.
    """

    criterion: str
    before: Finding
    after: Finding
    better: bool | None
    note: str = ""
    immaterial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDelta:
    """What a new version does to the audit. `warning` doubts the capture, not the law."""

    profile: str
    movements: tuple[Movement, ...] = ()
    warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Who took a ruling back, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A named person's word on one criterion of one policy, or on a change of it as a whole.

    `version` is the number of the version ruled on and `at` when the person said so. `verdict` overrules
    the finding; None leaves it as it is and holds the movement of the criterion immaterial, or, without
    a `criterion`, the whole change to `version`. `quote` is the anchor: the words of the text on which
    the person decided; "" where the finding was an absence: the ruling then holds as long as the finding
    stays what it was (`found`). `checklist` and `profile` narrow it where they are given. `id` is 0
    until it is stored.
    """

    terms: TermsId
    criterion: str
    by: str
    at: datetime
    reason: str
    verdict: Verdict | None = None
    quote: str = ""
    found: Verdict | None = None
    checklist: str = ""
    profile: str = ""
    version: int = 0
    id: int = 0
    withdrawn: Withdrawal | None = None


class RulingStanding(StrEnum):
    """How a ruling stands to a text."""

    HOLDS = "holds"
    CHANGED = "its quote changed: review"
    GONE = "its quote is gone: review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A ruling laid on a text: how it stands, where its quote now is, and how like it is (0 to 100).

    `profile` and `found` are of the finding that it was laid on: what the rules alone say now.
    """

    ruling: Ruling
    standing: RulingStanding
    evidence: Evidence | None = None
    likeness: float = 0.0
    profile: str = ""
    found: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A version that nobody has examined yet, with all that examining it takes.

    `rulings` are those of its terms that were not withdrawn.
    """

    declaration: Declaration
    version: Version
    text: str
    links: tuple[Link, ...] = ()
    previous: Version | None = None
    previous_text: str | None = None
    previous_audits: tuple[Audit, ...] = ()
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What examining a version found. A failed examination is stored as one, never repeated for ever.

    `audits` are the judges' own; `deltas` heed the rulings, and `reviews` are those that no longer hold.
    """

    pending: Pending
    change: Change | None = None
    audits: tuple[Audit, ...] = ()
    deltas: tuple[AuditDelta, ...] = ()
    reviews: tuple[Anchored, ...] = ()
    fault: Fault | None = None


# --------------------------------------------------------------------------- what is said


class AlertKind(StrEnum):
    CHANGE = "change"
    RETURN = "return"
    BASELINE = "baseline"
    UNREACHABLE = "unreachable"
    SUSPECT = "suspect"
    RECOVERED = "recovered"
    REMOVED = "removed"
    MOVED = "moved"
    FLAPPING = "flapping"
    DOCUMENT = "document changed"
    EFFECTIVE = "effective"
    CHANNEL_FAILING = "channel failing"
    STORAGE = "storage"
    AWAY = "away"
    OWN_FAULT = "own fault"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that must be said. `key` is unique for ever: the same news is never told twice.

    It carries all that its messages are made of, so that they can be rendered anywhere and again.
    `notice` is the one-sentence news of an alert that is not a change; `details` its lines, both in
    English. `facts` are the same news as names and values, for the other languages. `location` is
    the page that the terms are read from. `fault` says why a change could not be compared.
    """

    key: str
    kind: AlertKind
    at: datetime
    terms: TermsId | None = None
    service_name: str = ""
    notice: str = ""
    details: tuple[str, ...] = ()
    version: Version | None = None
    previous: Version | None = None
    change: Change | None = None
    deltas: tuple[AuditDelta, ...] = ()
    tags: tuple[str, ...] = ()
    loud: bool = True
    facts: tuple[tuple[str, str], ...] = ()
    location: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which alerts there are, and to which channels each goes.

    `routes` maps the key of an alert to channels; `not_before` maps (key, channel) to the earliest
    moment it may be sent, where that is later than at once (digests, quiet hours, mutes). `hold`
    maps keys of alerts that are stored already to the moment until which those of their deliveries
    that are not sent yet are to wait (suspected own fault); an alert is held at most once.
    """

    alerts: tuple[Alert, ...] = ()
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_before: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    hold: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where alerts go. `url` is an Apprise address and may hold secrets: it is never stored or shown."""

    name: str
    url: str = field(repr=False)
    kind: str = "apprise"
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert on its way to one channel. `repeat`: an earlier attempt may have arrived already.

    `also` are further alerts that wait for the same channel and go out in the same message (a digest,
    or a storm of many at once); the store closes their deliveries together with this one. `head` is
    the head of the ledger's chain when the delivery was claimed: every mailbox is a witness of it.
    """

    id: int
    alert: Alert
    channel: str
    attempt: int
    repeat: bool = False
    also: tuple[Alert, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the channel answered."""

    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How one attempt of a delivery ended."""

    id: int
    at: datetime
    result: Receipt | Fault


class Outcome(StrEnum):
    """What a tick did with a record: the keys of its count."""

    UNCHANGED = "unchanged"
    WAITING = "waiting for a second look"
    FIRST_RECORD = "first records"
    CHANGED = "changes"
    COSMETIC = "cosmetic changes"
    RETURNED = "returns"
    UPGRADED = "technical upgrades"
    REREAD = "read again, same text"
    FLAPPING = "flapping"
    FAULT = "faults"
    QUARANTINED = "quarantined"
    EXAMINED = "examined"
    EXAMINATION_FAILED = "examinations failed"
    DELIVERED = "delivered"
    RETRY = "to be sent again"
    DEAD = "dead letters"
    STALE = "out of date results dropped"
