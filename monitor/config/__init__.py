"""config.toml -> Settings. Every mistake is reported at once, with file, line and path."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config.build import Backup, Heartbeat, Metrics, Settings, build, problem
from monitor.config.sections import ConfigFile, MonitorSection, duration, size
from monitor.errors import ConfigError
from monitor.model import type_privacy_policy
from monitor.schedule import cron_problem
from monitor.text.toml import Lines, load

__all__ = [
    "Backup",
    "Heartbeat",
    "Metrics",
    "Settings",
    "checklist_folder",
    "duration",
    "read_settings",
    "size",
    "state_folder",
]


def read_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read a configuration; raises ConfigError with every mistake in it, or where there is nothing to watch."""
    settings = parse_settings(read_text(file), file, environment)
    if not settings.declarations:
        raise ConfigError(
            f"{file.name}:1: no service is watched: add a [[services]], or let `policy-monitor add ADDRESS` do it"
        )
    return settings


def read_text(file: Path) -> str:
    """A configuration as it is written; raises ConfigError where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file (name another with --config)") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from None


def parse_settings(text: str, file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """A configuration that would stand in `file`; raises ConfigError with every mistake in it."""
    data, lines = load(text, file.name)
    problems = [*_twins(data, file.name, lines)]
    try:
        config = ConfigFile.model_validate(data)
    except ValidationError as error:
        problems += [problem(one["loc"], _said(dict(one)), file.name, lines) for one in error.errors()]
        raise ConfigError(_in_order(problems)) from None
    problems += _cron_problems(config, file.name, lines)
    settings, more = build(config, file, environment, lines)
    problems += more
    if problems:
        raise ConfigError(_in_order(problems))
    return settings


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
                yield problem((table, index, keys[0]), what, file_name, lines)
            seen.setdefault(name, index)


def _cron_problems(config: ConfigFile, file_name: str, lines: Lines) -> Iterator[str]:
    for index, service in enumerate(config.services):
        if service.cron is None:
            continue
        if service.every is not None:
            yield problem(
                ("services", index, "cron"), "'cron' and 'every' exclude each other", file_name, lines
            )
        if wrong := cron_problem(service.cron, service.time_zone or config.monitor.time_zone):
            yield problem(("services", index, "cron"), f"{service.cron!r}: {wrong}", file_name, lines)
    backup = config.backup
    if backup and backup.cron and (wrong := cron_problem(backup.cron, config.monitor.time_zone)):
        yield problem(("backup", "cron"), f"{backup.cron!r}: {wrong}", file_name, lines)


def state_folder(file: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Where a configuration keeps its database, read without minding the rest of it."""
    state = _general(file).get("state")
    return Path(environment.get("STATE_DIRECTORY") or file.parent / str(state or MonitorSection().state))


def checklist_folder(file: Path) -> str | None:
    """Where a configuration keeps checklists of its own, if anywhere, read without minding the rest of it."""
    folder = _general(file).get("checklists")
    return str(file.parent / str(folder)) if folder else None


def _general(file: Path) -> Mapping[str, Any]:
    """The table [monitor] as it is written."""
    try:
        data, _ = load(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    general = data.get("monitor")
    return general if isinstance(general, Mapping) else {}
