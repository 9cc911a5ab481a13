"""The composition root: the only place where the adapters meet the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from monitor import extract, registry
from monitor.config import Settings
from monitor.errors import ConfigError, MonitorError
from monitor.extract.select import problem as selector_problem
from monitor.notify.channels import problems as channel_problems
from monitor.pipeline import Monitor
from monitor.ports import Spread
from monitor.schedule import next_due
from monitor.store.sqlite import SqliteStore

database_name = "policy-monitor.sqlite"


def database(state: Path) -> Path:
    """Where the database lives in a state folder."""
    return state / database_name


def problems(settings: Settings) -> Iterator[str]:
    """What only the parts themselves can know to be wrong: names, selectors, profiles, channels."""
    yield from _unknown_names(settings)
    yield from _bad_selectors(settings)
    for index, channel in enumerate(settings.channels):
        if problem := channel_problems(channel):
            yield f"{settings.where('channels', index)}: {problem}"


def _unknown_names(settings: Settings) -> Iterator[str]:
    checklists = registry.checklists(settings.kit.checklist_folder).values()
    known = {profile.id for checklist in checklists for profile in checklist.profiles}
    for index, declaration in enumerate(settings.declarations):
        at = ("services", index)
        for profile in declaration.profiles:
            if profile not in known:
                yield f"{settings.where(*at, 'profiles')}: no profile {profile!r}; known: {', '.join(sorted(known))}"
        for document in declaration.documents:
            for kind, name in (("fetch", document.fetcher), ("extract", document.extractor)):
                if name not in registry.names(kind):
                    known_names = ", ".join(registry.names(kind))
                    yield f"{settings.where(*at, kind + 'er')}: no {kind}er {name!r}; known: {known_names}"


def _bad_selectors(settings: Settings) -> Iterator[str]:
    for index, declaration in enumerate(settings.declarations):
        for document in declaration.documents:
            for key, selectors in (("select", document.select), ("remove", document.remove)):
                for selector in selectors:
                    if problem := selector_problem(selector):
                        yield f"{settings.where('services', index, key)}: {problem}"


def open_store(settings: Settings) -> SqliteStore:
    """The database of a configuration, made where there is none, for writing."""
    settings.state.mkdir(parents=True, exist_ok=True)
    return SqliteStore(database(settings.state), patience=settings.patience, next_due=next_due)


def open_library(state: Path) -> SqliteStore:
    """The database of a state folder, read only."""
    return SqliteStore(database(state), read_only=True, create=False, next_due=next_due)


def declare(settings: Settings, store: SqliteStore, now: datetime) -> None:
    """Make a configuration known to the database: what to watch, how it is read, where alerts go."""
    recipes = {one.terms: extract.recipe(one.documents) for one in settings.declarations}
    store.declare(settings.declarations, recipes, [channel.name for channel in settings.channels], now)


def assemble(settings: Settings, store: SqliteStore, spread: Spread) -> Monitor:
    """A monitor ready to tick. Raises ConfigError with all that the parts complain of."""
    found = tuple(problems(settings))
    if found:
        raise ConfigError(found)
    return Monitor(store=store, spread=spread, kit=settings.kit, rules=settings.rules)
