"""What is said: alerts, channels, deliveries, and what a tick did. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.audits import AuditDelta
from monitor.model.changes import Change
from monitor.model.looks import Fault
from monitor.model.versions import Version
from monitor.model.watched import TermsId


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
    """Where alerts go. `url` is an Apprise address and may hold secrets: it is never stored or shown.

    `attach` names what goes along with changes ("diff", "evidence"), up to `attach_limit` bytes a message.
    """

    name: str
    url: str = field(repr=False)
    kind: str = "apprise"
    language: str = "en"
    time_zone: str = "UTC"
    attach: tuple[str, ...] = ()
    attach_limit: int = 5 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Summariser:
    """An endpoint of the operator's own that puts changes in sentences. `key` is a secret: never stored or shown.

    At most `most_places` changed places are sent, the weightiest; changes of less than `significance` are not.
    """

    endpoint: str
    model: str
    key: str = field(default="", repr=False)
    language: str = "en"
    deadline: timedelta = timedelta(seconds=60)
    most_places: int = 40
    significance: int = 1
    kind: str = "openai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along with a message. `name` is plain ASCII."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert on its way to one channel. `repeat`: an earlier attempt may have arrived already.

    `also` are further alerts that wait for the same channel and go out in the same message (a digest,
    or a storm of many at once); the store closes their deliveries together with this one. `head` is
    the head of the ledger's chain when the delivery was claimed: every mailbox is a witness of it.
    `attachments` are made after the claim and never stored.
    """

    id: int
    alert: Alert
    channel: str
    attempt: int
    repeat: bool = False
    also: tuple[Alert, ...] = ()
    head: str = ""
    attachments: tuple[Attachment, ...] = ()


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
