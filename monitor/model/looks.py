"""What a look showed: pages as sent, faults as values, readings. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.model.watched import TermsId


def digest(content: bytes | str) -> str:
    """SHA-256 in hex; a string is taken as UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


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
