"""From the tables of config.toml to the values that the rest of the program works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from monitor.config.sections import (
    BackupSection,
    ConfigFile,
    DocumentSection,
    MetricsSection,
    MonitorSection,
    RangeSection,
    RuleSection,
    SecretSection,
    ServiceSection,
)
from monitor.decide import OwnFault, Quiet, Rule, Rules, cron_problem, rule_problems
from monitor.identity import Patience
from monitor.model import Channel, Declaration, Follow, Range, SourceDocument, Summariser, TermsId
from monitor.ports import Kit
from monitor.text.toml import Lines, shown

Complain = Callable[[tuple[str | int, ...], str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Whom to tell that we live, and how often. The address is a secret: whoever knows it can feign our life."""

    url: str = field(repr=False)
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """When the database is copied where, and of how many days, weeks and months the last copy is kept."""

    folder: Path
    every: timedelta = timedelta(days=1)
    cron: str | None = None
    time_zone: str = "UTC"
    keep_daily: int = 7
    keep_weekly: int = 4
    keep_monthly: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Where metrics are to be had: `listen` is a host and a port of this machine alone, `textfile` a file."""

    listen: tuple[str, int] | None = None
    textfile: Path | None = None


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
    heartbeat: Heartbeat | None = None
    backup: Backup | None = None
    metrics: Metrics | None = None

    def where(self, *path: str | int) -> str:
        return f"{self.file.name}:{self.lines[path]}: {shown(path)}"


def problem(path: tuple[str | int, ...], what: str, file_name: str, lines: Lines) -> str:
    """A mistake as it is shown: `config.toml:LINE: path: what is wrong`."""
    return f"{file_name}:{lines[path]}: {shown(path)}: {what}"


def build(
    config: ConfigFile, file: Path, environment: Mapping[str, str], lines: Lines
) -> tuple[Settings, list[str]]:
    """The settings, and what is wrong with secrets and rules (then the settings are not to be used)."""
    problems: list[str] = []

    def complain(path: tuple[str | int, ...], what: str) -> None:
        problems.append(problem(path, what, file.name, lines))

    channels = _channels(config, file, environment, complain)
    rules = _rules(config, tuple(channel.name for channel in channels), complain)
    settings = _settings(config, file, channels, rules, environment, lines)
    kit = replace(settings.kit, summariser=_summariser(config, file, environment, complain))
    return replace(settings, kit=kit, heartbeat=_heartbeat(config, file, environment, complain)), problems


def _channels(
    config: ConfigFile,
    file: Path,
    environment: Mapping[str, str],
    complain: Complain,
) -> tuple[Channel, ...]:
    found = []
    for index, section in enumerate(config.channels):
        try:
            url = _secret(section, file.parent, environment)
        except ValueError as error:
            complain(("channels", index, _source(section)), str(error))
            continue
        language = section.language or config.monitor.language
        found.append(
            Channel(
                name=section.name,
                url=url,
                language=language,
                time_zone=config.monitor.time_zone,
                attach=tuple(dict.fromkeys(section.attach)),
                attach_limit=section.attach_limit,
            )
        )
    return tuple(found)


def _heartbeat(
    config: ConfigFile, file: Path, environment: Mapping[str, str], complain: Complain
) -> Heartbeat | None:
    section = config.heartbeat
    if section is None:
        return None
    try:
        url = _secret(section, file.parent, environment)
    except ValueError as error:
        complain(("heartbeat", _source(section)), str(error))
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url.split()) != 1:
        complain(("heartbeat", _source(section)), "the address is no http(s) address")
    return Heartbeat(url=url, every=section.every)


def _summariser(
    config: ConfigFile, file: Path, environment: Mapping[str, str], complain: Complain
) -> Summariser | None:
    section = config.summary
    if section is None:
        return None
    where = {"file": section.key_file, "env": section.key_env, "credential": section.key_credential}
    key = ""
    for name, value in where.items():
        if value is not None:
            try:
                key = _read_secret(name, value, file.parent, environment)
            except ValueError as error:
                complain(("summary", f"key_{name}"), str(error))
    return Summariser(
        endpoint=section.endpoint,
        model=section.model,
        key=key,
        language=section.language or config.monitor.language,
        deadline=section.deadline,
        most_places=section.most_places,
        significance=section.significance,
    )


def _source(section: SecretSection) -> str:
    return next(key for key in ("url", "url_file", "url_env", "credential") if getattr(section, key))


def _secret(section: SecretSection, folder: Path, environment: Mapping[str, str]) -> str:
    """The address of a section from where it says that it is; ValueError says what is missing."""
    if section.url is not None:
        return section.url
    if section.url_env is not None:
        return _read_secret("env", section.url_env, folder, environment)
    if section.credential is not None:
        return _read_secret("credential", section.credential, folder, environment)
    return _read_secret("file", str(section.url_file), folder, environment)


def _read_secret(kind: str, name: str, folder: Path, environment: Mapping[str, str]) -> str:
    """A secret out of the environment ("env"), systemd's credentials ("credential") or a file ("file")."""
    if kind == "env":
        if value := environment.get(name, "").strip():
            return value
        raise ValueError(f"environment variable {name} is not set")
    if kind == "credential":
        credentials = environment.get("CREDENTIALS_DIRECTORY")
        if not credentials:
            raise ValueError("no CREDENTIALS_DIRECTORY: not started by systemd with LoadCredential=")
        return _first_line(Path(credentials) / name)
    return _first_line(folder / name)


def _first_line(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not text:
        raise ValueError(f"{file} is empty")
    return text.splitlines()[0].strip()


def _settings(
    config: ConfigFile,
    file: Path,
    channels: tuple[Channel, ...],
    rules: Rules,
    environment: Mapping[str, str],
    lines: Lines,
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
            user_agent=f"policy-monitor/{version('policy-monitor')} ({general.contact})",
            deadline=fetching.deadline,
            pause=fetching.pause,
            max_bytes=fetching.max_bytes,
            checklist_folder=own_checklists,
            browser=fetching.browser,
            base_folder=str(folder),
            channels=channels,
        ),
        rules=rules,
        patience=Patience(confirm_after=general.confirm_after),
        workers=general.workers,
        language=general.language,
        lines=lines,
        backup=_backup(config.backup, state, general.time_zone),
        metrics=_metrics(config.metrics, state),
    )


def _backup(section: BackupSection | None, state: Path, time_zone: str) -> Backup | None:
    """A folder that is not absolute is one in the state folder: there we may write."""
    if section is None:
        return None
    return Backup(
        folder=state / section.folder,
        every=section.every or timedelta(days=1),
        cron=section.cron,
        time_zone=time_zone,
        keep_daily=section.keep_daily,
        keep_weekly=section.keep_weekly,
        keep_monthly=section.keep_monthly,
    )


def _metrics(section: MetricsSection | None, state: Path) -> Metrics | None:
    if section is None:
        return None
    host, _, port = (section.listen or "").rpartition(":")
    return Metrics(
        listen=(host.strip("[]"), int(port)) if section.listen else None,
        textfile=state / section.textfile if section.textfile else None,
    )


def _rules(config: ConfigFile, channels: tuple[str, ...], complain: Complain) -> Rules:
    """The rules of alerting; channels that could not be read are complained of elsewhere."""
    general, alerts = config.monitor, config.alerts
    names = (*channels, *(one.name for one in config.channels))
    rules = tuple(_rule(one, index, general.time_zone) for index, one in enumerate(config.rules))
    services, tags = [one.id for one in config.services], {tag for one in config.services for tag in one.tags}
    terms_types = {one.terms_type for one in config.services}
    for index, rule in enumerate(rules):
        for what in rule_problems(rule, names, services, tags, terms_types):
            complain(("rules", index), what)
    for name in alerts.otherwise or ():
        if name not in names:
            complain(
                ("alerts", "otherwise"), f"no channel named {name!r}; known: {', '.join(names) or 'none'}"
            )
    if alerts.digest and (what_is_wrong := cron_problem(alerts.digest)):
        complain(("alerts", "digest"), f"{alerts.digest!r}: {what_is_wrong}")
    return Rules(
        channels=channels,
        rules=rules,
        otherwise=tuple(alerts.otherwise) if alerts.otherwise is not None else None,
        failures_in_a_row=alerts.failures_in_a_row,
        failing_for=alerts.failing_for,
        channel_failing_for=alerts.channel_failing_for,
        away_after=alerts.away_after,
        own_fault=OwnFault(**alerts.own_fault.model_dump()),
        digest=alerts.digest or None,
        digest_time_zone=general.time_zone,
        group_wait=alerts.group_wait,
    )


def _rule(section: RuleSection, index: int, time_zone: str) -> Rule:
    quiet = section.quiet
    return Rule(
        name=section.name or f"rule {index + 1}",
        channels=tuple(section.channels),
        services=tuple(section.services),
        tags=tuple(section.tags),
        terms_types=tuple(section.terms_types),
        kinds=tuple(section.kinds),
        significance=section.significance,
        topics=tuple(section.topics),
        criteria=tuple(section.criteria),
        movements=section.movements,
        flags=tuple(section.flags),
        digest=section.digest,
        time_zone=section.time_zone or time_zone,
        quiet=Quiet(start=quiet.start, end=quiet.end, time_zone=quiet.time_zone or time_zone)
        if quiet
        else None,
        mute_until=section.mute_until,
    )


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
