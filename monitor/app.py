"""The composition root: the only place where the adapters meet the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.util import find_spec

from monitor import extract, registry
from monitor.config import Settings
from monitor.decide import Rules
from monitor.decide.rules import matches
from monitor.errors import ConfigError
from monitor.extract.select import problem as selector_problem
from monitor.library import database
from monitor.notify.channels import problems as channel_problems
from monitor.notify.channels import split_recipients
from monitor.pipeline import Monitor
from monitor.ports import Spread
from monitor.render.attach import packed
from monitor.schedule import next_due
from monitor.store.sqlite import SqliteStore


def problems(settings: Settings) -> Iterator[str]:
    """What only the parts themselves can know to be wrong: names, selectors, profiles, channels."""
    yield from _missing_parts(settings)
    yield from _unknown_names(settings)
    yield from _bad_selectors(settings)
    yield from _unknown_criteria(settings)
    for index, channel in enumerate(settings.channels):
        if problem := channel_problems(channel):
            yield f"{settings.where('channels', index)}: {problem}"


def _missing_parts(settings: Settings) -> Iterator[str]:
    """Extras that the configuration needs."""
    if settings.metrics and find_spec("prometheus_client") is None:
        yield f"{settings.where('metrics')}: needs more: pip install 'policy-monitor[metrics]'"


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


def _unknown_criteria(settings: Settings) -> Iterator[str]:
    """A rule that waits for a criterion which no checklist has would wait for ever."""
    checklists = registry.checklists(settings.kit.checklist_folder).values()
    known = {criterion.id for checklist in checklists for criterion in checklist.criteria}
    for index, rule in enumerate(settings.rules.rules):
        for pattern in rule.criteria:
            if not any(matches(one, [pattern]) for one in known):
                yield f"{settings.where('rules', index, 'criteria')}: no criterion fits {pattern!r}"


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


def declare(settings: Settings, store: SqliteStore, now: datetime) -> None:
    """Make a configuration known to the database: what to watch, how it is read, where alerts go."""
    recipes = {one.terms: extract.recipe(one.documents) for one in settings.declarations}
    store.declare(settings.declarations, recipes, [channel.name for channel in settings.channels], now)


def prepared(settings: Settings) -> Settings:
    """A configuration that is fit to run: checked by the parts themselves, a channel for each recipient.

    Raises ConfigError with all that the parts complain of.
    """
    found = tuple(problems(settings))
    if found:
        raise ConfigError(found)
    parts = {channel.name: split_recipients(channel) for channel in settings.channels}
    channels = tuple(one for group in parts.values() for one in group)
    split = {name: tuple(one.name for one in group) for name, group in parts.items()}
    return replace(
        settings,
        channels=channels,
        kit=replace(settings.kit, channels=channels),
        rules=_by_recipient(settings.rules, split),
    )


def _by_recipient(rules: Rules, split: Mapping[str, tuple[str, ...]]) -> Rules:
    """Rules that name a channel of several recipients mean all of them."""

    def each(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(one for name in names for one in split.get(name, (name,)))

    return replace(
        rules,
        channels=each(rules.channels),
        rules=tuple(replace(rule, channels=each(rule.channels)) for rule in rules.rules),
        otherwise=None if rules.otherwise is None else each(rules.otherwise),
    )


def assemble(settings: Settings, store: SqliteStore, spread: Spread) -> Monitor:
    """A monitor ready to tick, of settings that were `prepared`."""
    channels = {channel.name: channel for channel in settings.channels}
    pack = partial(packed, channels=channels, library=store)
    return Monitor(store=store, spread=spread, kit=settings.kit, rules=settings.rules, pack=pack)
