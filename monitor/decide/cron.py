"""Cron lines of five fields, as in crontab(5): when one fires next and fired last. Pure.

Minute, hour, day of month, month, day of week (0 and 7 are Sunday, names such as ``mon`` and ``jan``
are known). Where both days are given, either will do. Local times that daylight saving skips fire
when the clocks have moved on; times that come twice fire once, the first time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_names = {
    "month": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    "day of week": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
}
_fields = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of month", 1, 31),
    ("month", 1, 12),
    ("day of week", 0, 7),
)
_part = re.compile(r"(\*|\w{1,3})(?:-(\w{1,3}))?(?:/(\d{1,2}))?")
_horizon = 366 * 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def on(self, day: date) -> bool:
        """True if it fires on that day."""
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (of_month or of_week if self.either else of_month and of_week)


@cache
def parse(line: str) -> Cron:
    """Read a cron line; ValueError says what is wrong with it."""
    words = line.lower().split()
    if len(words) != len(_fields):
        raise ValueError(
            f"a cron line has five fields (minute hour day month weekday), this has {len(words)}"
        )
    minute, hour, day, month, weekday = (
        _values(word, name, low, high) for word, (name, low, high) in zip(words, _fields, strict=True)
    )
    found = Cron(
        minutes=tuple(sorted(minute)),
        hours=tuple(sorted(hour)),
        days=frozenset(day),
        months=frozenset(month),
        weekdays=frozenset(value % 7 for value in weekday),
        either="*" not in (words[2][0], words[4][0]),
    )
    if not any(found.on(date(2028, 1, 1) + timedelta(days=offset)) for offset in range(_horizon)):
        raise ValueError("it never fires")
    return found


def cron_problem(line: str) -> str | None:
    """What is wrong with a cron line, or None."""
    try:
        parse(line)
    except ValueError as error:
        return str(error)
    return None


def next_fire(line: str, time_zone: str, after: datetime) -> datetime:
    """The first time later than `after` (aware) at which the line fires in that time zone, in UTC."""
    zone = ZoneInfo(time_zone)
    today = after.astimezone(zone).date()
    times = (
        moment for offset in range(-1, _horizon) for moment in _on(line, today + timedelta(days=offset), zone)
    )
    return next(moment for moment in times if moment > after)


def last_fire(line: str, time_zone: str, before: datetime) -> datetime:
    """The last time not later than `before` (aware) at which the line fired in that time zone, in UTC."""
    zone = ZoneInfo(time_zone)
    today = before.astimezone(zone).date()
    times = (
        moment
        for offset in range(1, -_horizon, -1)
        for moment in reversed(list(_on(line, today + timedelta(days=offset), zone)))
    )
    return next(moment for moment in times if moment <= before)


def _on(line: str, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    cron = parse(line)
    if not cron.on(day):
        return
    for hour in cron.hours:
        for minute in cron.minutes:
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


def _values(field: str, name: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = _part.fullmatch(part)
        if not match:
            raise ValueError(f"{part!r} is no {name}")
        first, last, step = match[1], match[2], int(match[3] or 1)
        if first == "*":
            start, end = low, high
        else:
            start = _number(first, name, low, high)
            end = _number(last, name, low, high) if last else (high if match[3] else start)
        if end < start or step < 1:
            raise ValueError(f"{part!r} is no range of {name}s")
        found.update(range(start, end + 1, step))
    return found


def _number(word: str, name: str, low: int, high: int) -> int:
    if name in _names and word in _names[name]:
        return _names[name].index(word) + low
    if not word.isdecimal() or not low <= int(word) <= high:
        raise ValueError(f"{word!r} is no {name} ({low} to {high})")
    return int(word)
