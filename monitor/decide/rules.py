"""The operator's rules of alerting, as values: who wants what, when, and from where on it is told. Pure.

Configuration builds these. `Rules` fields: `channels` (the names of all configured channels), `rules`
(`[[rules]]`, in order), `otherwise`, `failures_in_a_row`, `failing_for`, `channel_failing_for`,
`away_after`, `own_fault`, `digest`, `digest_time_zone`, `group_wait`. A `[[rules]]` table has the
fields of `Rule` with `quiet = { from = "22:00", to = "07:00", time_zone = "Asia/Shanghai" }`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase

from monitor.decide.cron import cron_problem
from monitor.model import AlertKind, Flag, Topic

movements_known = ("better", "worse", "any")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the day in which nothing is sent: from `start` up to `end`, over midnight if need be."""

    start: time
    end: time
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Alerts that fit every condition given go to `channels`. No condition means all alerts.

    Within a condition one hit is enough. `services` are ids or patterns such as ``meituan*``;
    `significance` is the least one; `criteria` are ids or patterns of checklist criteria that must
    have moved; `movements` is one of "better", "worse", "any". With `digest` (a cron line in
    `time_zone`) alerts wait for its next time and go out together; `quiet` hours and `mute_until`
    delay them too. Nothing is ever dropped by a delay.
    """

    name: str
    channels: tuple[str, ...]
    services: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    terms_types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    significance: int = 0
    topics: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    movements: str | None = None
    flags: tuple[str, ...] = ()
    digest: str | None = None
    time_zone: str = "UTC"
    quiet: Quiet | None = None
    mute_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFault:
    """When many services "change" at once, the fault is probably ours: hold, say so once, go on by itself.

    More than `share` of the watched services, and at least `minimum`, within `within`; held for `hold`.
    """

    share: float = 0.5
    minimum: int = 4
    within: timedelta = timedelta(hours=6)
    hold: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All that decides about alerts.

    `otherwise` names the channels of alerts that no rule takes; None means the channels that no rule
    names, and, for alerts about the monitor itself, all channels if there is none.
    `failures_in_a_row` or `failing_for`, whichever comes first, make a service unreachable.
    `digest` is the cron line of the weekly report, None for none. Changes wait `group_wait` before
    they are sent, so that a storm of them is seen as one.
    """

    channels: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    otherwise: tuple[str, ...] | None = None
    failures_in_a_row: int = 3
    failing_for: timedelta = timedelta(hours=24)
    channel_failing_for: timedelta = timedelta(hours=1)
    away_after: timedelta = timedelta(hours=3)
    own_fault: OwnFault = OwnFault()
    digest: str | None = "0 9 * * mon"
    digest_time_zone: str = "UTC"
    group_wait: timedelta = timedelta(seconds=30)


def matches(value: str, patterns: Collection[str]) -> bool:
    """True if a value is one of the patterns (``*`` and ``?`` stand for anything), whatever the case."""
    return any(fnmatchcase(value.casefold(), pattern.casefold()) for pattern in patterns)


def rule_problems(
    rule: Rule,
    channels: Collection[str],
    services: Collection[str] = (),
    tags: Collection[str] = (),
    terms_types: Collection[str] = (),
) -> Iterator[str]:
    """What is wrong with a rule: unknown channels, words, cron lines, and what no service fits. For the start to be loud."""
    if not rule.channels:
        yield "a rule needs 'channels'"
    for name in rule.channels:
        if not any(one == name or one.startswith(f"{name}#") for one in channels):
            yield f"no channel named {name!r}; known: {', '.join(channels) or 'none'}"
    known = (
        ("kind", rule.kinds, [str(one) for one in AlertKind]),
        ("topic", rule.topics, [str(one) for one in Topic]),
        ("flag", rule.flags, [str(one) for one in Flag]),
    )
    for what, words, allowed in known:
        for word in words:
            if word not in allowed:
                yield f"no {what} {word!r}; known: {', '.join(allowed)}"
    if rule.movements is not None and rule.movements not in movements_known:
        yield f"movements is one of {', '.join(movements_known)}, not {rule.movements!r}"
    if rule.digest and (problem := cron_problem(rule.digest)):
        yield f"digest {rule.digest!r}: {problem}"
    for pattern in rule.services if services else ():
        if not any(matches(service, [pattern]) for service in services):
            yield f"no service fits {pattern!r}"
    if services:  # what is said of a service can only be wrong where services are known
        for tag in rule.tags:
            if tag not in tags:
                yield f"no service has the tag {tag!r}"
        for pattern in rule.terms_types:
            if not any(matches(one, [pattern]) for one in terms_types):
                yield f"no service has terms of the type {pattern!r}"
