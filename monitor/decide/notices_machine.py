"""What is told of the monitor itself: storage, absence, a storm that is probably its own fault, the report. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.decide.cron import last_fire
from monitor.decide.report import weekly
from monitor.decide.rules import Rules
from monitor.decide.times import minute, stamp
from monitor.model import Alert, AlertKind
from monitor.ports import Overview, RecentChange


def machine(overview: Overview, rules: Rules) -> Iterator[Alert]:
    if overview.storage_problem:
        since = overview.storage_since or overview.at.replace(hour=0, minute=0, second=0, microsecond=0)
        yield Alert(
            key=f"{AlertKind.STORAGE}:{stamp(since)}",
            kind=AlertKind.STORAGE,
            at=overview.at,
            notice=f"Storage trouble: {overview.storage_problem}",
            facts=(("problem", overview.storage_problem), ("since", since.isoformat())),
        )
    if (
        overview.away_from
        and overview.away_until
        and overview.away_until - overview.away_from >= rules.away_after
    ):
        hours = (overview.away_until - overview.away_from).total_seconds() / 3600
        yield Alert(
            key=f"{AlertKind.AWAY}:{stamp(overview.away_from)}",
            kind=AlertKind.AWAY,
            at=overview.at,
            notice=f"The monitor was away for {hours:.0f} hours.",
            details=(f"from {minute(overview.away_from)} to {minute(overview.away_until)}",),
            facts=(
                ("from", overview.away_from.isoformat()),
                ("until", overview.away_until.isoformat()),
                ("hours", f"{hours:.0f}"),
            ),
        )


def own_fault(overview: Overview, rules: Rules) -> Iterator[Alert]:
    storm = _storm(overview, rules)
    if storm:
        names = sorted({str(change.terms) for change in storm})
        minutes = round(rules.own_fault.hold.total_seconds() / 60)
        yield Alert(
            key=f"{AlertKind.OWN_FAULT}:{storm[0].key}",
            kind=AlertKind.OWN_FAULT,
            at=overview.at,
            notice=f"{len(names)} of {len(overview.standings)} services changed at once:"
            " probably our own fault."
            f" Their alerts are held for {minutes} minutes.",
            details=(*names, "alerts release sends them at once."),
            facts=(
                ("changed", str(len(names))),
                ("services", str(len(overview.standings))),
                ("minutes", str(minutes)),
                *(("service", name) for name in names),
            ),
        )


def _storm(overview: Overview, rules: Rules) -> tuple[RecentChange, ...]:
    """The changes of the last hours, oldest first, if they are too many to be believed."""
    limits = rules.own_fault
    recent = tuple(
        sorted(
            (
                one
                for one in overview.recent_changes
                if overview.at - one.at <= limits.within and not one.released
            ),
            key=lambda one: (one.at, one.key),
        )
    )
    changed = {one.terms for one in recent}
    watched = len(overview.standings)
    return recent if len(changed) >= limits.minimum and len(changed) > limits.share * watched else ()


def hold(overview: Overview, rules: Rules) -> dict[str, datetime]:
    return {one.key: one.at + rules.own_fault.hold for one in _storm(overview, rules) if one.waiting}


def digest(overview: Overview, rules: Rules) -> Iterator[Alert]:
    """The weekly report, once per firing of its cron line, however late; none before the first baseline.

    A firing earlier than one that was reported already (the cron line was changed) is no news.
    """
    if rules.digest is None or overview.baseline_at is None:
        return
    fired = last_fire(rules.digest, rules.digest_time_zone, overview.at)
    prefix = f"{AlertKind.DIGEST}:"
    reported = max((key for key in overview.announced if key.startswith(prefix)), default="")
    if fired > overview.baseline_at and prefix + stamp(fired) > reported:
        yield weekly(overview, prefix + stamp(fired))
