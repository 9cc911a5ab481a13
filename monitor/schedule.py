"""When a policy is due next: APScheduler's triggers compute it, the database keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.model import Declaration, digest

first_back_off = timedelta(minutes=5)
jitter_share = 0.1
phase_share = 0.5


def next_due(declaration: Declaration, now: datetime, failures: int) -> datetime:
    """The next regular look after `now`.

    A policy that failed is looked at again sooner, after 5, 10, 20 ... minutes, never later than its
    own interval. Jitter (a tenth of the interval at most) is drawn from the terms and the time, so
    that the same call gives the same answer.
    """
    regular = _trigger_time(declaration, now)
    interval = regular - now
    if failures:
        wait = min(first_back_off * (1 << min(failures - 1, 16)), interval)
        return now + wait * (1 + _share(declaration, now) * jitter_share)
    return regular + _share(declaration, now) * interval * jitter_share


def phase(declaration: Declaration, now: datetime) -> datetime:
    """When the regular looks of a policy begin: spread over half an interval by a hash of its name."""
    return now + (_trigger_time(declaration, now) - now) * phase_share * _fraction(str(declaration.terms))


def regular_interval(declaration: Declaration, now: datetime) -> timedelta:
    """The longest time between two regular looks in a row, of the next thirty; without jitter."""
    longest, at = timedelta(0), _trigger_time(declaration, now)
    for _ in range(30):
        following = _trigger_time(declaration, at)
        longest, at = max(longest, following - at), following
    return longest


def cron_problem(expression: str, time_zone: str) -> str | None:
    """What is wrong with a cron line, or None."""
    try:
        _cron(expression, time_zone)
    except (ValueError, KeyError) as error:
        return str(error)
    return None


def _trigger_time(declaration: Declaration, now: datetime) -> datetime:
    fires: datetime | None
    if declaration.cron:
        cron = _cron(declaration.cron, declaration.time_zone)
        fires = cron.get_next_fire_time(None, now + timedelta(seconds=1))
    else:
        seconds = max(1, int(declaration.every.total_seconds()))
        fires = IntervalTrigger(seconds=seconds, timezone=UTC).get_next_fire_time(now, now)
    return fires.astimezone(UTC) if fires else now + timedelta(days=1)


@cache
def _cron(expression: str, time_zone: str) -> CronTrigger:
    return CronTrigger.from_crontab(expression, timezone=ZoneInfo(time_zone))


def _share(declaration: Declaration, now: datetime) -> float:
    return _fraction(f"{declaration.terms}|{now.isoformat()}")


def _fraction(seed: str) -> float:
    """A number from 0 up to 1 that looks drawn by chance and is the same for the same seed."""
    return int(digest(seed)[:12], 16) / 16**12
