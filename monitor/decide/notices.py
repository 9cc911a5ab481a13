"""All that must be said and is not a change, as a function of how everything stands. Pure.

Each alert has a key that is unique for ever and made of what happened, not of when it was noticed:
calling this at every tick tells everything once. The keys of what was announced already come with
the overview, and are left out here to save the store the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.decide.cron import last_fire
from monitor.decide.report import weekly
from monitor.decide.routing import decision
from monitor.decide.rules import Rules
from monitor.model import Alert, AlertKind, Decision, FaultKind
from monitor.ports import ChannelStanding, Overview, RecentChange, Standing

suspect_kinds = frozenset(kind for kind in FaultKind if kind.value.startswith("suspect:"))
_openings = (AlertKind.UNREACHABLE, AlertKind.SUSPECT, AlertKind.REMOVED)


def notices(overview: Overview, rules: Rules) -> Decision:
    """Alerts about the state of things whose news is not out yet, with routes; and what is to be held."""
    found = [alert for alert in _all(overview, rules) if alert.key not in overview.announced]
    return replace(decision(found, rules), hold=_hold(overview, rules))


def _all(overview: Overview, rules: Rules) -> Iterator[Alert]:
    yield from _baseline(overview)
    for standing in overview.standings:
        if not standing.paused:
            yield from _failing(standing, overview, rules)
            yield from _changed_state(standing, overview)
    for channel in overview.channels:
        yield from _channel(channel, overview, rules)
    yield from _dead(overview)
    yield from _machine(overview, rules)
    yield from _own_fault(overview, rules)
    yield from _digest(overview, rules)


# ----------------------------------------------------------------- the beginning


def _looked_at(standing: Standing) -> bool:
    return standing.latest is not None or standing.failures > 0


def _baseline(overview: Overview) -> Iterator[Alert]:
    """Once for all, when every service had its first look; later ones each when they had theirs."""
    active = [standing for standing in overview.standings if not standing.paused]
    if not active:
        return
    if overview.baseline_at is None:
        if all(map(_looked_at, active)):
            yield _watching("baseline", active, overview.at)
        return
    for standing in active:
        since = standing.declared_at
        if since is not None and since > overview.baseline_at and _looked_at(standing):
            yield _watching(f"baseline:{standing.declaration.terms}:{_stamp(since)}", [standing], overview.at)


def _watching(key: str, standings: list[Standing], at: datetime) -> Alert:
    unread = [standing for standing in standings if standing.latest is None]
    lines = [_baseline_line(standing) for standing in standings]
    one = standings[0].declaration if len(standings) == 1 else None
    return Alert(
        key=key,
        kind=AlertKind.BASELINE,
        at=at,
        terms=one.terms if one else None,
        service_name=one.title if one else "",
        tags=one.tags if one else (),
        notice=f"Watching {one.title if one else f'{len(standings)} services'} from now on."
        + (f" {len(unread)} could not be read yet." if unread else ""),
        details=tuple(lines),
        facts=(
            ("services", str(len(standings))),
            ("unread", str(len(unread))),
            *(("service", line) for line in lines),
        ),
        loud=bool(unread),
    )


def _baseline_line(standing: Standing) -> str:
    title = standing.declaration.title
    if standing.latest is None:
        return f"✗ {title}: {standing.fault or 'no text'}: {standing.fault_message}"
    return f"✓ {title}: {standing.latest.length:,} characters"


# ----------------------------------------------------------------- a service


def _about(kind: AlertKind, key: str, standing: Standing, at: datetime, notice: str, **rest: object) -> Alert:
    declaration = standing.declaration
    alert = Alert(
        key=f"{kind}:{declaration.terms}:{key}",
        kind=kind,
        at=at,
        terms=declaration.terms,
        service_name=declaration.title,
        notice=notice,
        tags=declaration.tags,
        location=declaration.documents[0].location,
        version=standing.latest,
    )
    return replace(alert, **rest)  # type: ignore[arg-type] # the fields of Alert, spelt by the callers here


def _failing(standing: Standing, overview: Overview, rules: Rules) -> Iterator[Alert]:
    """Trouble that lasts; and its end, if its beginning was told."""
    if standing.failing_since is not None:
        lasting = overview.at - standing.failing_since >= rules.failing_for
        kind = _trouble(standing)
        if standing.failures >= rules.failures_in_a_row or (lasting and kind is not AlertKind.REMOVED):
            yield _trouble_alert(kind, standing, overview)
    elif standing.failed_since is not None:
        since, name = _stamp(standing.failed_since), standing.declaration.title
        told = any(f"{kind}:{standing.declaration.terms}:{since}" in overview.announced for kind in _openings)
        reappeared = f"{AlertKind.REMOVED}:{standing.declaration.terms}:{since}" in overview.announced
        if told:
            yield _about(
                AlertKind.RECOVERED,
                since,
                standing,
                overview.at,
                f"The policy of {name} is there again." if reappeared else f"{name} can be read again.",
                facts=(
                    ("since", standing.failed_since.isoformat()),
                    ("until", (standing.recovered_at or overview.at).isoformat()),
                    ("fault", standing.failed_fault),
                    ("reappeared", "yes" if reappeared else ""),
                ),
                details=(
                    f"It could not be read from {_minute(standing.failed_since)} ({standing.failed_fault}).",
                ),
            )


def _trouble(standing: Standing) -> AlertKind:
    if standing.fault == FaultKind.GONE:
        return AlertKind.REMOVED
    return AlertKind.SUSPECT if standing.fault in suspect_kinds else AlertKind.UNREACHABLE


def _trouble_alert(kind: AlertKind, standing: Standing, overview: Overview) -> Alert:
    name, since = standing.declaration.title, standing.failing_since or overview.at
    what = {
        AlertKind.REMOVED: f"The page of {name}'s policy is gone.",
        AlertKind.SUSPECT: f"What {name} shows cannot be its policy.",
        AlertKind.UNREACHABLE: f"{name} cannot be read.",
    }
    success = _minute(standing.last_success) if standing.last_success else "never"
    return _about(
        kind,
        _stamp(since),
        standing,
        overview.at,
        f"{what[kind]} Changes made meanwhile would not be noticed.",
        details=(
            f"{standing.failures} looks in a row failed since {_minute(since)}.",
            f"{standing.fault or ''}: {standing.fault_message}",
            f"Last successful look: {success}.",
        ),
        facts=(
            ("failures", str(standing.failures)),
            ("since", since.isoformat()),
            ("fault", standing.fault or ""),
            ("message", standing.fault_message),
            ("last success", standing.last_success.isoformat() if standing.last_success else ""),
        ),
    )


def _changed_state(standing: Standing, overview: Overview) -> Iterator[Alert]:
    """Moved, flapping, and the day on which a text begins to hold."""
    name = standing.declaration.title
    if standing.moved_at is not None and standing.moved_from:
        yield _about(
            AlertKind.MOVED,
            _stamp(standing.moved_at),
            standing,
            overview.at,
            f"The policy of {name} is served from another address now.",
            details=(f"before: {' '.join(standing.moved_from)}", f"now: {' '.join(standing.moved_to)}"),
            facts=(("from", " ".join(standing.moved_from)), ("to", " ".join(standing.moved_to))),
            loud=False,
        )
    if standing.flapping_since is not None:
        yield _about(
            AlertKind.FLAPPING,
            _stamp(standing.flapping_since),
            standing,
            overview.at,
            f"{name} shows two texts in turn; no more alerts about them until one stays.",
            details=(f"since {_minute(standing.flapping_since)}",),
            facts=(("since", standing.flapping_since.isoformat()),),
            loud=False,
        )
    yield from _effective(standing, overview)


def _effective(standing: Standing, overview: Overview) -> Iterator[Alert]:
    version = standing.latest
    stated = version.dates.effective if version else None
    if version is None or stated is None or stated.precision != "day":
        return
    zone = ZoneInfo(standing.declaration.time_zone)
    announced_before = version.first_seen.astimezone(zone).date() < stated.day
    if announced_before and overview.at.astimezone(zone).date() >= stated.day:
        yield _about(
            AlertKind.EFFECTIVE,
            str(version.number),
            standing,
            overview.at,
            f"Version {version.number} of the policy of {standing.declaration.title} takes effect today"
            f" ({stated.day.isoformat()}).",
            details=(f"The text says: {stated.quote}",),
            facts=(("day", stated.day.isoformat()), ("number", str(version.number)), ("quote", stated.quote)),
        )


# ----------------------------------------------------------------- channels


def _channel(channel: ChannelStanding, overview: Overview, rules: Rules) -> Iterator[Alert]:
    if channel.failing_since is not None:
        if overview.at - channel.failing_since >= rules.channel_failing_for:
            yield _channel_alert(
                channel.name,
                _stamp(channel.failing_since),
                overview.at,
                f"Channel {channel.name} has been failing since {_minute(channel.failing_since)}.",
                (f"{channel.pending} alerts wait for it.", f"It says: {channel.answer}"),
                (
                    ("since", channel.failing_since.isoformat()),
                    ("pending", str(channel.pending)),
                    ("answer", channel.answer),
                ),
            )
    elif channel.failed_since is not None:
        since = _stamp(channel.failed_since)
        if f"{AlertKind.CHANNEL_FAILING}:{channel.name}:{since}" in overview.announced:
            yield _channel_alert(
                channel.name,
                f"{since}:over",
                overview.at,
                f"Channel {channel.name} works again.",
                (),
                (("since", channel.failed_since.isoformat()), ("over", "yes")),
            )


def _channel_alert(
    name: str,
    key: str,
    at: datetime,
    notice: str,
    details: tuple[str, ...],
    facts: tuple[tuple[str, str], ...],
) -> Alert:
    return Alert(
        key=f"{AlertKind.CHANNEL_FAILING}:{name}:{key}",
        kind=AlertKind.CHANNEL_FAILING,
        at=at,
        notice=notice,
        details=details,
        facts=(("channel", name), *facts),
    )


def _dead(overview: Overview) -> Iterator[Alert]:
    """Letters given up: each is covered by a notice, at most one a day; weekly while any is left."""
    by_channel: dict[str, list[int]] = {}
    for row in overview.dead:
        by_channel.setdefault(row.channel, []).append(row.id)
    for name, ids in by_channel.items():
        covered, days = _covered(name, overview.announced)
        today = overview.at.date().isoformat()
        a_week_ago = (overview.at - timedelta(days=7)).date().isoformat()
        new = max(ids) > covered and today not in days
        if not (new or max(days, default="") <= a_week_ago):
            continue
        keys = [row.alert_key for row in overview.dead if row.channel == name]
        answer = next(
            (row.answer for row in reversed(overview.dead) if row.channel == name and row.answer), ""
        )
        yield _channel_alert(
            name,
            f"dead:{today}:{max(ids)}",
            overview.at,
            f"{len(ids)} alerts could not be delivered over channel {name} and are given up.",
            (
                *(f"not delivered: {key}" for key in keys[:20]),
                f"It says: {answer}",
                "alerts retry sends them again.",
            ),
            (("dead", str(len(ids))), *(("alert", key) for key in keys[:20]), ("answer", answer)),
        )


def _covered(name: str, announced: Iterable[str]) -> tuple[int, set[str]]:
    """The highest delivery told of as dead on a channel, and the days on which that was done."""
    prefix = f"{AlertKind.CHANNEL_FAILING}:{name}:dead:"
    told = [key.removeprefix(prefix).partition(":") for key in announced if key.startswith(prefix)]
    return max((int(highest) for _, _, highest in told), default=0), {day for day, _, _ in told}


# ----------------------------------------------------------------- the monitor itself


def _machine(overview: Overview, rules: Rules) -> Iterator[Alert]:
    if overview.storage_problem:
        since = overview.storage_since or overview.at.replace(hour=0, minute=0, second=0, microsecond=0)
        yield Alert(
            key=f"{AlertKind.STORAGE}:{_stamp(since)}",
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
            key=f"{AlertKind.AWAY}:{_stamp(overview.away_from)}",
            kind=AlertKind.AWAY,
            at=overview.at,
            notice=f"The monitor was away for {hours:.0f} hours.",
            details=(f"from {_minute(overview.away_from)} to {_minute(overview.away_until)}",),
            facts=(
                ("from", overview.away_from.isoformat()),
                ("until", overview.away_until.isoformat()),
                ("hours", f"{hours:.0f}"),
            ),
        )


def _own_fault(overview: Overview, rules: Rules) -> Iterator[Alert]:
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


def _hold(overview: Overview, rules: Rules) -> dict[str, datetime]:
    return {one.key: one.at + rules.own_fault.hold for one in _storm(overview, rules) if one.waiting}


def _digest(overview: Overview, rules: Rules) -> Iterator[Alert]:
    """The weekly report, once per firing of its cron line; none before the first baseline."""
    if rules.digest is None or overview.baseline_at is None:
        return
    fired = last_fire(rules.digest, rules.digest_time_zone, overview.at)
    if fired > overview.baseline_at:
        yield weekly(overview, f"{AlertKind.DIGEST}:{_stamp(fired)}")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
