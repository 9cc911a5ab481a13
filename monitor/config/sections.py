"""The tables of config.toml: their keys, defaults and what each value must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from ipaddress import ip_address, ip_network
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from monitor.model import type_privacy_policy

default_contact = "no contact given"
_units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_duration = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_sizes = {"": 1, "kib": 2**10, "mib": 2**20, "kb": 10**3, "mb": 10**6}
_size = re.compile(r"(\d+)\s*([a-z]*)")


def duration(value: object) -> timedelta:
    """`"6h"`, `"90s"`, `"1d"` ... as a timedelta."""
    if isinstance(value, timedelta):
        return value
    match = _duration.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f"{value!r} is not a duration such as '30s', '10m', '6h' or '1d'")
    return timedelta(seconds=float(match[1]) * _units[match[2]])


def size(value: object) -> int:
    """`8388608` or `"8 MiB"` in bytes."""
    match = _size.fullmatch(str(value).strip().lower())
    if isinstance(value, bool) or not match or match[2] not in _sizes:
        raise ValueError(f"{value!r} is not a size such as 8388608 or '8 MiB'")
    return int(match[1]) * _sizes[match[2]]


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", value):
        raise ValueError("an id has 1 to 64 of a-z, 0-9 and '-', and begins with a letter or digit")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except Exception:
        raise ValueError(f"{value!r} is not a time zone such as 'Asia/Shanghai'") from None
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s\\]", value):
        return value
    if parts.scheme == "" and value and not value.startswith("//"):
        return value
    raise ValueError(f"{value!r} is neither an http(s) address nor a file path")


Duration = Annotated[timedelta, BeforeValidator(duration)]
Size = Annotated[int, BeforeValidator(size)]
Id = Annotated[str, AfterValidator(_id)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Address = Annotated[str, AfterValidator(_address)]
Language = Literal["zh", "en"]


class Section(BaseModel):
    """A table of the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RangeSection(Section):
    start_before: str | None = None
    start_after: str | None = None
    end_before: str | None = None
    end_after: str | None = None

    @model_validator(mode="after")
    def _one_each(self) -> RangeSection:
        if (self.start_before is None) == (self.start_after is None):
            raise ValueError("a range needs exactly one of start_before and start_after")
        if (self.end_before is None) == (self.end_after is None):
            raise ValueError("a range needs exactly one of end_before and end_after")
        return self


class FollowSection(Section):
    select: str | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _something(self) -> FollowSection:
        if not (self.select or self.text):
            raise ValueError("follow needs 'select' (a CSS selector) or 'text' (the words of the link)")
        return self


def _listed(value: object) -> object:
    return [value] if isinstance(value, (str, Mapping)) else value


Selectors = Annotated[list[str | RangeSection], BeforeValidator(_listed)]


class DocumentSection(Section):
    """Where a document is and how it is read: in a service itself, or in its `documents`."""

    url: Address | None = None
    select: Selectors = []
    remove: Selectors = []
    fetcher: str = "auto"
    extractor: str = "auto"
    follow: FollowSection | None = None
    json_path: str | None = None
    wait_for: str | None = None
    accept_language: str | None = None
    allow_private: list[str] = []
    allow_http: bool = False
    ignore_robots_reason: Annotated[str | None, Field(min_length=10)] = None
    tls_ca_file: str | None = None

    @model_validator(mode="after")
    def _networks(self) -> DocumentSection:
        for network in self.allow_private:
            ip_network(network)
        return self


class ServiceSection(DocumentSection):
    id: Id
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_native: str | None = None
    operator: str | None = None
    terms_type: str = type_privacy_policy
    documents: list[DocumentSection] = []
    language: str | None = None
    profiles: list[str] = []
    every: Duration | None = None
    cron: str | None = None
    time_zone: TimeZone | None = None
    tags: list[str] = []
    minimum_length: Annotated[int, Field(ge=0)] = 200
    enabled: bool = True

    @model_validator(mode="after")
    def _documents(self) -> ServiceSection:
        if (self.url is None) == (not self.documents):
            raise ValueError("a service needs either 'url' or 'documents'")
        if any(document.url is None for document in self.documents):
            raise ValueError("each of 'documents' needs its 'url'")
        return self


class SecretSection(Section):
    """An address that holds secrets: better in a file, the environment or a systemd credential."""

    what: ClassVar[str]
    url: str | None = None
    url_file: str | None = None
    url_env: str | None = None
    credential: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(x is not None for x in (self.url, self.url_file, self.url_env, self.credential)) != 1:
            raise ValueError(
                f"{self.what} needs exactly one of 'url', 'url_file', 'url_env' and 'credential'"
            )
        return self


class ChannelSection(SecretSection):
    """Where alerts go."""

    what: ClassVar[str] = "a channel"
    name: Id
    language: Language | None = None
    attach: list[Literal["diff", "evidence"]] = []
    attach_limit: Size = 5 * 2**20


class HeartbeatSection(SecretSection):
    """An outside party that raises the alarm when we fall silent."""

    what: ClassVar[str] = "a heartbeat"
    every: Annotated[Duration, Field(ge=timedelta(seconds=1))] = timedelta(minutes=5)


class QuietSection(Section):
    """Hours of the day in which nothing is sent; over midnight if need be."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: time = Field(alias="from")
    end: time = Field(alias="to")
    time_zone: TimeZone | None = None


class RuleSection(Section):
    """Who wants what, and when: see `monitor.decide.rules.Rule`."""

    name: str | None = None
    channels: Annotated[list[str], Field(min_length=1)]
    services: list[str] = []
    tags: list[str] = []
    terms_types: list[str] = []
    kinds: list[str] = []
    significance: Annotated[int, Field(ge=0, le=3)] = 0
    topics: list[str] = []
    criteria: list[str] = []
    movements: str | None = None
    flags: list[str] = []
    digest: str | None = None
    time_zone: TimeZone | None = None
    quiet: QuietSection | None = None
    mute_until: datetime | None = None


class OwnFaultSection(Section):
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    minimum: Annotated[int, Field(ge=2)] = 4
    within: Duration = timedelta(hours=6)
    hold: Duration = timedelta(minutes=30)


class AlertsSection(Section):
    otherwise: list[str] | None = None
    failures_in_a_row: Annotated[int, Field(ge=1)] = 3
    failing_for: Duration = timedelta(hours=24)
    channel_failing_for: Duration = timedelta(hours=1)
    away_after: Duration = timedelta(hours=3)
    group_wait: Duration = timedelta(seconds=30)
    digest: str | None = "0 9 * * mon"
    own_fault: OwnFaultSection = OwnFaultSection()


class BackupSection(Section):
    """Copies of the database made by the daemon, and how many of them stay."""

    folder: str = "backups"
    every: Duration | None = None
    cron: str | None = None
    keep_daily: Annotated[int, Field(ge=0, le=10_000)] = 7
    keep_weekly: Annotated[int, Field(ge=0, le=10_000)] = 4
    keep_monthly: Annotated[int, Field(ge=0, le=10_000)] = 12

    @model_validator(mode="after")
    def _one_time(self) -> BackupSection:
        if self.every is not None and self.cron is not None:
            raise ValueError("'cron' and 'every' exclude each other")
        if self.every is not None and self.every < timedelta(seconds=1):
            raise ValueError("'every' is at least a second")
        return self


def _loopback(value: str) -> str:
    host, _, port = value.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not port.isdigit() or not int(port) <= 65535 or not host:
        raise ValueError(f"{value!r} is not an address and port such as '127.0.0.1:9464'")
    try:
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(
            f"{value!r} is not an address of this machine alone (127.0.0.1, ::1): nothing here asks who is"
            " reading; put a proxy that does in front of it"
        )
    return value


class MetricsSection(Section):
    """Where a monitoring system finds out how we are: a port on loopback, or a file."""

    listen: Annotated[str | None, AfterValidator(_loopback)] = None
    textfile: str | None = None

    @model_validator(mode="after")
    def _something(self) -> MetricsSection:
        if self.listen is None and self.textfile is None:
            raise ValueError("metrics need 'listen' (address and port) or 'textfile' (a file's path)")
        return self


class MonitorSection(Section):
    state: str = "state"
    contact: str = default_contact
    language: Language = "en"
    every: Duration = timedelta(hours=6)
    time_zone: TimeZone = "UTC"
    confirm_after: Duration = timedelta(minutes=10)
    profiles: list[str] = []
    checklists: str | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = 4


class FetchSection(Section):
    deadline: Duration = timedelta(seconds=30)
    pause: Duration = timedelta(seconds=2)
    max_bytes: Size = 8 * 2**20
    browser: str | None = None


def _own_endpoint(value: str) -> str:
    """An address of the operator's own: without TLS only on this machine or in a private network."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\\]", value):
        raise ValueError(f"{value!r} is not an http(s) address such as 'http://127.0.0.1:8080/v1'")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the address holds no password and no query: the key has keys of its own")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise ValueError(f"{parts.hostname!r} is not on this machine or in a private network: it needs https")
    return value


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".lan"))


class SummarySection(Section):
    """A language model of the operator's own that puts changes in sentences."""

    endpoint: Annotated[str, AfterValidator(_own_endpoint)]
    model: Annotated[str, Field(min_length=1, max_length=200)]
    key: str | None = Field(default=None, repr=False)
    key_file: str | None = None
    key_env: str | None = None
    key_credential: str | None = None
    language: Language | None = None
    deadline: Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(minutes=5))] = timedelta(
        seconds=60
    )
    most_places: Annotated[int, Field(ge=1, le=200)] = 40
    significance: Annotated[int, Field(ge=1, le=3)] = 1

    @model_validator(mode="after")
    def _hidden_key(self) -> SummarySection:
        if self.key is not None:
            raise ValueError(
                "a key is not written in this file: name 'key_file', 'key_env' or 'key_credential'"
            )
        if sum(x is not None for x in (self.key_file, self.key_env, self.key_credential)) > 1:
            raise ValueError("only one of 'key_file', 'key_env' and 'key_credential' can hold the key")
        return self


class ConfigFile(Section):
    monitor: MonitorSection = MonitorSection()
    fetch: FetchSection = FetchSection()
    channels: list[ChannelSection] = []
    rules: list[RuleSection] = []
    alerts: AlertsSection = AlertsSection()
    heartbeat: HeartbeatSection | None = None
    backup: BackupSection | None = None
    metrics: MetricsSection | None = None
    summary: SummarySection | None = None
    services: list[ServiceSection] = []
