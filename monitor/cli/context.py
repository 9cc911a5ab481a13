"""What the commands share: which configuration, which database, which service is meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from monitor.config import Settings, read_settings, state_folder
from monitor.config.sections import duration
from monitor.errors import ConfigError, NotFound, UsageError
from monitor.library import open_library
from monitor.model import TermsId, Version, type_privacy_policy
from monitor.store.sqlite import SqliteStore

F = TypeVar("F", bound=Callable[..., Any])
places = (Path("config.toml"), Path("/etc/policy-monitor/config.toml"))


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def config_file(ctx: click.Context) -> Path:
    """The configuration named on the command line, else the first that is there."""
    named = ctx.find_root().obj
    if isinstance(named, Path):
        return named
    for place in places:
        if place.exists():
            return place
    raise ConfigError(
        f"no configuration: neither {places[0]} nor {places[1]} is there (name one with --config)"
    )


def settings(ctx: click.Context) -> Settings:
    return read_settings(config_file(ctx))


def library(ctx: click.Context) -> SqliteStore:
    """The database of the configuration, for reading; the rest of the configuration may be broken."""
    return open_library(state_folder(config_file(ctx)))


def terms_of(store: SqliteStore, name: str) -> TermsId:
    """The terms that `amap` or `amap/Terms of Service` means; NotFound names what there is."""
    service, _, terms_type = name.partition("/")
    known = [standing.declaration.terms for standing in store.standings()]
    wanted = TermsId(service=service, terms_type=terms_type or type_privacy_policy)
    if wanted in known:
        return wanted
    of_service = [terms for terms in known if terms.service == service]
    if len(of_service) == 1 and not terms_type:
        return of_service[0]
    choices = ", ".join(sorted(str(terms) for terms in of_service or known))
    raise NotFound(f"no service {name!r} in the database; there are: {choices or 'none yet'}")


def version_of(versions: list[Version], wanted: str | None) -> Version:
    """A version by number (`3`, `-1` for the last but one), by date (as it stood then) or the latest."""
    if not versions:
        raise NotFound("no version is stored yet: run `policy-monitor check`")
    if wanted is None:
        return versions[-1]
    try:
        number = int(wanted)
    except ValueError:
        return version_at(versions, moment(wanted))
    if number < 0:
        number += versions[-1].number
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise NotFound(f"no version {wanted}: versions 1 to {versions[-1].number} are stored")
    return found


def version_at(versions: list[Version], when: datetime) -> Version:
    """The version that was in place at a moment."""
    earlier = [version for version in versions if version.first_seen <= when]
    if not earlier:
        first = versions[0].first_seen
        raise NotFound(
            f"nothing is known of {when:%Y-%m-%d %H:%M}: the first look was on {first:%Y-%m-%d %H:%M} UTC"
        )
    return earlier[-1]


def moment(text: str) -> datetime:
    """`2017-07-28` (the end of that day, UTC) or `2017-07-28T12:00` as a moment."""
    try:
        if len(text) == len("2017-07-28"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time.min, UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date such as 2017-07-28 or 2017-07-28T12:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def opening(text: str) -> datetime:
    """`2017-07-28` (the beginning of that day, UTC) or `2017-07-28T12:00` as a moment."""
    return moment(f"{text}T00:00") if len(text) == len("2017-07-28") else moment(text)


def interval(text: str) -> timedelta:
    """`12h`, `30min`, `2d` as a length of time; longer than none."""
    try:
        found = duration(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if found <= timedelta(0):
        raise UsageError(f"{text!r} is no length of time")
    return found


def lies_in(when: datetime, start: datetime | None, end: datetime | None) -> bool:
    """True where a moment lies in a period that may be open at either end."""
    return (start is None or start <= when) and (end is None or when <= end)
