"""What is told of a policy and is no change of its text: watched, unreadable, back, moved, in effect. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.decide.rules import Rules
from monitor.decide.times import counted, minute, stamp
from monitor.model import Alert, AlertKind, FaultKind
from monitor.ports import Overview, Standing

suspect_kinds = frozenset(kind for kind in FaultKind if kind.value.startswith("suspect:"))
_openings = (AlertKind.UNREACHABLE, AlertKind.SUSPECT, AlertKind.REMOVED)


def _looked_at(standing: Standing) -> bool:
    return standing.latest is not None or standing.failures > 0


def baseline(overview: Overview) -> Iterator[Alert]:
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
            yield _watching(f"baseline:{standing.declaration.terms}:{stamp(since)}", [standing], overview.at)


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
        notice=f"Watching {one.title if one else counted(len(standings), 'service')} from now on."
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


def failing(standing: Standing, overview: Overview, rules: Rules) -> Iterator[Alert]:
    """Trouble that lasts; and its end, if its beginning was told."""
    if standing.failing_since is not None:
        lasting = overview.at - standing.failing_since >= rules.failing_for
        kind = _trouble(standing)
        if standing.failures >= rules.failures_in_a_row or (lasting and kind is not AlertKind.REMOVED):
            yield _trouble_alert(kind, standing, overview)
    elif standing.failed_since is not None:
        since, name = stamp(standing.failed_since), standing.declaration.title
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
                    f"It could not be read from {minute(standing.failed_since)} ({standing.failed_fault}).",
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
    success = minute(standing.last_success) if standing.last_success else "never"
    return _about(
        kind,
        stamp(since),
        standing,
        overview.at,
        f"{what[kind]} Changes made meanwhile would not be noticed.",
        details=(
            f"{counted(standing.failures, 'look')} in a row failed since {minute(since)}.",
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


def changed_state(standing: Standing, overview: Overview) -> Iterator[Alert]:
    """Moved, flapping, and the day on which a text begins to hold."""
    name = standing.declaration.title
    if standing.moved_at is not None and standing.moved_from:
        yield _about(
            AlertKind.MOVED,
            stamp(standing.moved_at),
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
            stamp(standing.flapping_since),
            standing,
            overview.at,
            f"{name} shows two texts in turn; no more alerts about them until one stays.",
            details=(f"since {minute(standing.flapping_since)}",),
            facts=(("since", standing.flapping_since.isoformat()),),
            loud=False,
        )
    yield from _another_document(standing, overview)
    yield from _effective(standing, overview)


def _another_document(standing: Standing, overview: Overview) -> Iterator[Alert]:
    """Another scan or encrypted file where one was: nobody can say what changed in it, but that it did."""
    if standing.unread_changed_at is None:
        return
    yield _about(
        AlertKind.DOCUMENT,
        stamp(standing.unread_changed_at),
        standing,
        overview.at,
        f"The document of {standing.declaration.title} is another one now; its text cannot be read: compare it by eye.",
        details=(
            f"since {minute(standing.unread_changed_at)}: {standing.unread_message}",
            f"SHA-256 before: {standing.unread_before}",
            f"SHA-256 now: {standing.unread_now}",
        ),
        facts=(
            ("since", standing.unread_changed_at.isoformat()),
            ("message", standing.unread_message),
            ("before", standing.unread_before),
            ("now", standing.unread_now),
        ),
    )


def _effective(standing: Standing, overview: Overview) -> Iterator[Alert]:
    """A text that was seen before the day on which it takes effect: that day, once, or as soon as we are back."""
    version = standing.latest
    stated = version.dates.effective if version else None
    if version is None or stated is None or stated.precision != "day":
        return
    zone = ZoneInfo(standing.declaration.time_zone)
    today = overview.at.astimezone(zone).date()
    if version.first_seen.astimezone(zone).date() < stated.day <= today:
        day = stated.day.isoformat()
        when = f"takes effect today ({day})" if today == stated.day else f"took effect on {day}"
        yield _about(
            AlertKind.EFFECTIVE,
            day,
            standing,
            overview.at,
            f"Version {version.number} of the policy of {standing.declaration.title} {when}.",
            details=(f"The text says: {stated.quote}",),
            facts=(
                ("day", day),
                ("number", str(version.number)),
                ("quote", stated.quote),
                ("late", "" if today == stated.day else "yes"),
            ),
        )
