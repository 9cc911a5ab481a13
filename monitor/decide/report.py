"""The weekly report: what makes silence mean something. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.decide.times import counted, minute
from monitor.model import Alert, AlertKind
from monitor.ports import Overview, Standing

week = timedelta(days=7)


def weekly(overview: Overview, key: str) -> Alert:
    """How many services are watched, when each was last read, what changed, what could not be delivered."""
    active = [standing for standing in overview.standings if not standing.paused]
    looked = [one for one in active if one.last_success and overview.at - one.last_success <= week]
    undelivered = overview.pending + len(overview.dead)
    failing = any(one.failing_since is not None for one in active)
    healthy = len(looked) == len(active) and not failing and not overview.dead
    lines = tuple(_line(standing, overview.at) for standing in overview.standings)
    delivery = f"{counted(undelivered, 'alert')} undelivered" if undelivered else "nothing undelivered"
    oldest = min((one.last_success for one in active if one.last_success), default=None)
    return Alert(
        key=key,
        kind=AlertKind.DIGEST,
        at=overview.at,
        notice=f"{len(active)} watched, {len(looked)} read in the last 7 days"
        f"{f' (each at {minute(oldest)} or later)' if oldest and len(looked) == len(active) else ''},"
        f" {counted(overview.changes, 'change')}, {delivery}.",
        details=lines,
        facts=(
            ("watched", str(len(active))),
            ("looked", str(len(looked))),
            ("looks", str(overview.looks)),
            ("changes", str(overview.changes)),
            ("pending", str(overview.pending)),
            ("dead", str(len(overview.dead))),
            ("oldest success", oldest.isoformat() if oldest else ""),
            *(fact for standing in overview.standings for fact in _facts(standing)),
        ),
        loud=not healthy,
    )


def _line(standing: Standing, now: datetime) -> str:
    name = standing.declaration.title
    if standing.paused:
        return f"– {name}: paused"
    if standing.last_success is None:
        return f"✗ {name}: never read"
    success = minute(standing.last_success)
    mark = "✓" if standing.failing_since is None and now - standing.last_success <= week else "✗"
    trouble = f", {(standing.fault or '').replace('_', ' ')}" if standing.failing_since else ""
    number = f", version {standing.latest.number}" if standing.latest else ""
    return f"{mark} {name}: last read {success}{number}{trouble}"


def _facts(standing: Standing) -> tuple[tuple[str, str], ...]:
    """A service in four facts that follow each other: name, last success, version, trouble."""
    trouble = "paused" if standing.paused else (standing.fault or "") if standing.failing_since else ""
    return (
        ("service", standing.declaration.title),
        ("last success", standing.last_success.isoformat() if standing.last_success else ""),
        ("version", str(standing.latest.number) if standing.latest else ""),
        ("trouble", trouble),
    )
