"""When a policy is due next: APScheduler's triggers compute it, the database keeps it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.model import Declaration, TermsId, digest
from monitor.ports import Standing

first_back_off = timedelta(minutes=5)
jitter_share = 0.1
most_cron_jitter = timedelta(minutes=5)
least_share = 0.25
apart = timedelta(seconds=1)
longest_asked = timedelta(hours=25)
_epoch = datetime(1970, 1, 1, tzinfo=UTC)


def next_due(declaration: Declaration, now: datetime, failures: int) -> datetime:
    """The next regular look after `now`.

    A policy that is looked at every so often has places of its own in time (`phase`): many that were
    looked at together drift apart at once. The next look is at the first of these that is at least a
    quarter of the interval away, so at most one and a quarter. A policy that failed is looked at again
    sooner, after 5, 10, 20 ... minutes, never later than its next place. Jitter (a tenth of the
    interval, five minutes for a cron line, at most) is drawn from the terms and the time, so that the
    same call gives the same answer.
    """
    regular = _trigger_time(declaration, now)
    if failures:
        wait = min(first_back_off * (1 << min(failures - 1, 16)), regular - now)
        return now + wait * (1 + _share(declaration, now) * jitter_share)
    return regular + _share(declaration, now) * _most_jitter(declaration, regular - now)


def phase(declaration: Declaration) -> timedelta:
    """Where in its interval a policy has its place: a hash of its name spreads many over all of it."""
    return declaration.every * _fraction(str(declaration.terms))


def caught_up(
    standings: Sequence[Standing], now: datetime, at_once: int, set_back: bool = False
) -> dict[TermsId, datetime]:
    """New due times for what a start, a sleep or a moved clock has put out of order; the rest stays.

    What is overdue, or was never looked at, is looked at once each: as many `at_once` as are looked at
    side by side, the others a second apart (never later than half their interval), in the order of a
    hash. What is due later than it can be was put off by a clock that was ahead, and is due anew; a
    clock that was just `set_back` makes that of everything due later than its next regular look.
    """
    active = [one for one in standings if not one.paused]
    moved = {
        one.declaration.terms: next_due(one.declaration, now, one.failures)
        for one in active
        if one.due_at > _latest(one, now, set_back)
    }
    late = [one.declaration for one in active if one.due_at <= now]
    late.sort(key=lambda declaration: _fraction(str(declaration.terms)))
    for place, declaration in enumerate(late[at_once:], 1):
        most = declaration.every / 2 * (place / len(late))
        moved[declaration.terms] = now + min(apart * place, most)
    return moved


def _latest(standing: Standing, now: datetime, set_back: bool) -> datetime:
    """The latest moment for which a look can have been put down by a right clock."""
    regular = next_due(standing.declaration, now, 0)
    if set_back:
        return regular
    return max(regular + standing.declaration.every * jitter_share, now + longest_asked)


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


def next_fire(cron: str | None, every: timedelta, time_zone: str, after: datetime) -> datetime:
    """The first time after `after` that a cron line names, or `every` later where there is none."""
    if cron is None:
        return after + every
    fires: datetime | None = _cron(cron, time_zone).get_next_fire_time(None, after + timedelta(seconds=1))
    return fires.astimezone(UTC) if fires else after + timedelta(days=1)


def _trigger_time(declaration: Declaration, now: datetime) -> datetime:
    if declaration.cron:
        return next_fire(declaration.cron, declaration.every, declaration.time_zone, now)
    seconds = max(1, int(declaration.every.total_seconds()))
    trigger = IntervalTrigger(seconds=seconds, start_date=_epoch + phase(declaration), timezone=UTC)
    fires: datetime = trigger.get_next_fire_time(None, now + declaration.every * least_share)
    return fires


def _most_jitter(declaration: Declaration, interval: timedelta) -> timedelta:
    if declaration.cron:
        return min(interval * jitter_share, most_cron_jitter)
    return declaration.every * jitter_share


@cache
def _cron(expression: str, time_zone: str) -> CronTrigger:
    return CronTrigger.from_crontab(expression, timezone=ZoneInfo(time_zone))


def _share(declaration: Declaration, now: datetime) -> float:
    return _fraction(f"{declaration.terms}|{now.isoformat()}")


def _fraction(seed: str) -> float:
    """A number from 0 up to 1 that looks drawn by chance and is the same for the same seed."""
    return int(digest(seed)[:12], 16) / 16**12
