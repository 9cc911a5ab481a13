"""config.toml -> Settings. Every mistake is reported at once, with file, line and path."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from monitor.decide import Rules
from monitor.errors import ConfigError
from monitor.identity import Patience
from monitor.model import Channel, Declaration, Follow, Range, SourceDocument, TermsId, type_privacy_policy
from monitor.ports import Kit
from monitor.schedule import cron_problem
from monitor.text.toml import Lines, load, shown

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
        from ipaddress import ip_network  # noqa: PLC0415 - only where someone watches a private network

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
    ignore: list[str] = []
    enabled: bool = True

    @model_validator(mode="after")
    def _documents(self) -> ServiceSection:
        if (self.url is None) == (not self.documents):
            raise ValueError("a service needs either 'url' or 'documents'")
        if any(document.url is None for document in self.documents):
            raise ValueError("each of 'documents' needs its 'url'")
        return self


class ChannelSection(Section):
    """A channel's address holds secrets: better in a file, the environment or a systemd credential."""

    name: Id
    url: str | None = None
    url_file: str | None = None
    url_env: str | None = None
    credential: str | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _one_source(self) -> ChannelSection:
        if sum(x is not None for x in (self.url, self.url_file, self.url_env, self.credential)) != 1:
            raise ValueError("a channel needs exactly one of 'url', 'url_file', 'url_env' and 'credential'")
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


class ConfigFile(Section):
    monitor: MonitorSection = MonitorSection()
    fetch: FetchSection = FetchSection()
    channels: list[ChannelSection] = []
    services: Annotated[list[ServiceSection], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A whole, valid configuration. `where(path)` says `config.toml:LINE: path` for later complaints."""

    file: Path
    state: Path
    declarations: tuple[Declaration, ...]
    channels: tuple[Channel, ...] = field(repr=False)
    kit: Kit = field(repr=False)
    rules: Rules
    patience: Patience
    workers: int
    language: str
    lines: Lines = field(repr=False)

    def where(self, *path: str | int) -> str:
        return f"{self.file.name}:{self.lines[path]}: {shown(path)}"


def read_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read a configuration; raises ConfigError with every mistake in it."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file (name another with --config)") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from None
    data, lines = load(text, file.name)
    problems = [*_twins(data, file.name, lines)]
    try:
        config = ConfigFile.model_validate(data)
    except ValidationError as error:
        problems += [_problem(one["loc"], _said(dict(one)), file.name, lines) for one in error.errors()]
        raise ConfigError(_in_order(problems)) from None
    problems += _cron_problems(config, file.name, lines)
    channels = _channels(config, file, environment, lambda path, what: problems.append(_problem(path, what, file.name, lines)))
    if problems:
        raise ConfigError(_in_order(problems))
    return _settings(config, file, channels, environment, lines)


def _problem(path: tuple[str | int, ...], what: str, file_name: str, lines: Lines) -> str:
    return f"{file_name}:{lines[path]}: {shown(path)}: {what}"


def _said(error: dict[str, Any]) -> str:
    """Pydantic's words in ours, with the value where that helps and holds no secret."""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return "unknown key"
    if error["type"] == "missing":
        return "is missing"
    value = error.get("input")
    plain = isinstance(value, (str, int, float, bool)) and "url" not in error["loc"]
    return f"{message} (here: {value!r})" if plain and repr(value) not in message else message


def _in_order(problems: list[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: int(one.split(":")[1])))


def _twins(data: Mapping[str, Any], file_name: str, lines: Lines) -> Iterator[str]:
    """Services and channels that bear the same name."""
    for table, keys in (("services", ("id", "terms_type")), ("channels", ("name",))):
        seen: dict[tuple[str, ...], int] = {}
        rows = data.get(table)
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            if not isinstance(row, Mapping) or keys[0] not in row:
                continue
            name = tuple(str(row.get(key, type_privacy_policy)) for key in keys)
            if name in seen:
                first = lines[table, seen[name], keys[0]]
                what = f"{name[0]!r} is there already, on line {first}"
                yield _problem((table, index, keys[0]), what, file_name, lines)
            seen.setdefault(name, index)


def _cron_problems(config: ConfigFile, file_name: str, lines: Lines) -> Iterator[str]:
    for index, service in enumerate(config.services):
        if service.cron is None:
            continue
        if service.every is not None:
            yield _problem(("services", index, "cron"), "'cron' and 'every' exclude each other", file_name, lines)
        problem = cron_problem(service.cron, service.time_zone or config.monitor.time_zone)
        if problem:
            yield _problem(("services", index, "cron"), f"{service.cron!r}: {problem}", file_name, lines)


def _channels(
    config: ConfigFile,
    file: Path,
    environment: Mapping[str, str],
    complain: Callable[[tuple[str | int, ...], str], None],
) -> tuple[Channel, ...]:
    found = []
    for index, section in enumerate(config.channels):
        source = next(key for key in ("url", "url_file", "url_env", "credential") if getattr(section, key))
        try:
            url = _secret(section, file.parent, environment)
        except ValueError as error:
            complain(("channels", index, source), str(error))
            continue
        language = section.language or config.monitor.language
        found.append(Channel(name=section.name, url=url, language=language))
    return tuple(found)


def _secret(section: ChannelSection, folder: Path, environment: Mapping[str, str]) -> str:
    """The address of a channel from where its section says it is; ValueError says what is missing."""
    if section.url is not None:
        return section.url
    if section.url_env is not None:
        if value := environment.get(section.url_env, "").strip():
            return value
        raise ValueError(f"environment variable {section.url_env} is not set")
    if section.credential is not None:
        credentials = environment.get("CREDENTIALS_DIRECTORY")
        if not credentials:
            raise ValueError("no CREDENTIALS_DIRECTORY: not started by systemd with LoadCredential=")
        return _first_line(Path(credentials) / section.credential)
    return _first_line(folder / str(section.url_file))


def _first_line(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not text:
        raise ValueError(f"{file} is empty")
    return text.splitlines()[0].strip()


def _settings(
    config: ConfigFile, file: Path, channels: tuple[Channel, ...], environment: Mapping[str, str], lines: Lines
) -> Settings:
    folder = file.parent
    general, fetching = config.monitor, config.fetch
    state = Path(environment.get("STATE_DIRECTORY") or folder / general.state)
    own_checklists = str(folder / general.checklists) if general.checklists else None
    return Settings(
        file=file,
        state=state,
        declarations=tuple(_declaration(one, general) for one in config.services if one.enabled),
        channels=channels,
        kit=Kit(
            user_agent=f"policy-monitor/{_version()} ({general.contact})",
            deadline=fetching.deadline,
            pause=fetching.pause,
            max_bytes=fetching.max_bytes,
            checklist_folder=own_checklists,
            browser=fetching.browser,
            base_folder=str(folder),
            channels=channels,
        ),
        rules=Rules(channels=tuple(channel.name for channel in channels)),
        patience=Patience(confirm_after=general.confirm_after),
        workers=general.workers,
        language=general.language,
        lines=lines,
    )


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, needed once

    return version("policy-monitor")


def _declaration(section: ServiceSection, general: MonitorSection) -> Declaration:
    return Declaration(
        terms=TermsId(service=section.id, terms_type=section.terms_type),
        name=section.name,
        name_native=section.name_native,
        operator=section.operator,
        documents=tuple(_document(one) for one in (section.documents or [section])),
        language=section.language,
        profiles=tuple(section.profiles or general.profiles),
        every=section.every or general.every,
        cron=section.cron,
        time_zone=section.time_zone or general.time_zone,
        tags=tuple(section.tags),
        minimum_length=section.minimum_length,
        ignore=tuple(section.ignore),
    )


def _document(section: DocumentSection) -> SourceDocument:
    return SourceDocument(
        location=str(section.url),
        select=_selectors(section.select),
        remove=_selectors(section.remove),
        fetcher=_fetcher(section),
        extractor=section.extractor,
        follow=Follow(**section.follow.model_dump()) if section.follow else None,
        json_path=section.json_path,
        wait_for=section.wait_for,
        accept_language=section.accept_language,
        allow_private=tuple(section.allow_private),
        allow_http=section.allow_http,
        ignore_robots_reason=section.ignore_robots_reason,
        tls_ca_file=section.tls_ca_file,
    )


def _fetcher(section: DocumentSection) -> str:
    """A location without a scheme is a file, unless the operator says otherwise."""
    is_file = urlsplit(str(section.url)).scheme == ""
    return "file" if section.fetcher == "auto" and is_file else section.fetcher


def _selectors(sections: list[str | RangeSection]) -> tuple[str | Range, ...]:
    return tuple(one if isinstance(one, str) else Range(**one.model_dump()) for one in sections)


def state_folder(file: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Where a configuration keeps its database, read without minding the rest of it."""
    try:
        data, _ = load(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    general = data.get("monitor")
    state = general.get("state") if isinstance(general, Mapping) else None
    return Path(environment.get("STATE_DIRECTORY") or file.parent / str(state or MonitorSection().state))
