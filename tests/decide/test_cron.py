"""Cron lines: when they fire next and fired last, over months, leap days and daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.decide import cron_problem
from monitor.decide.cron import last_fire, next_fire
from tests.decide.values import now

cases = [
    ("0 9 * * mon", "UTC", "2026-11-30 09:00", "2026-11-23 09:00"),
    ("0 9 * * 1", "Asia/Shanghai", "2026-11-30 01:00", "2026-11-23 01:00"),
    ("30 9 * * *", "UTC", "2026-11-25 09:30", "2026-11-24 09:30"),
    ("*/15 8-9 * * *", "UTC", "2026-11-24 09:45", "2026-11-24 09:30"),
    ("0 0 1 jan *", "UTC", "2027-01-01 00:00", "2026-01-01 00:00"),
    ("0 0 29 2 *", "UTC", "2028-02-29 00:00", "2024-02-29 00:00"),
    ("0 12 1 * fri", "UTC", "2026-11-27 12:00", "2026-11-20 12:00"),
    ("0 6 * * 7", "UTC", "2026-11-29 06:00", "2026-11-22 06:00"),
    ("5,50 9 * * *", "UTC", "2026-11-24 09:50", "2026-11-24 09:05"),
]


@pytest.mark.parametrize(("line", "zone", "following", "before"), cases)
def test_the_time_after_and_the_time_before(line: str, zone: str, following: str, before: str) -> None:
    assert next_fire(line, zone, now) == datetime.fromisoformat(following).replace(tzinfo=UTC)
    assert last_fire(line, zone, now) == datetime.fromisoformat(before).replace(tzinfo=UTC)


def test_daylight_saving_neither_doubles_nor_drops_a_day() -> None:
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert next_fire("30 2 * * *", "Europe/Berlin", spring) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = datetime(
        2026, 10, 25, 0, 45, tzinfo=UTC
    )  # 02:45 for the first time; 02:30 comes again at 01:30 UTC
    assert next_fire("30 2 * * *", "Europe/Berlin", autumn) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0 9 * *", "five fields"),
        ("60 9 * * *", "'60' is no minute"),
        ("0 9 * * someday", "'someday' is no day of week"),
        ("0 9-7 * * *", "no range"),
        ("*/0 * * * *", "no range"),
        ("0 0 31 2 *", "never fires"),
        ("0 9 * nov-xxx *", "'xxx' is no month"),
    ],
)
def test_what_is_wrong_is_said(line: str, said: str) -> None:
    assert said in str(cron_problem(line))


def test_a_good_line_has_no_problem() -> None:
    assert cron_problem("*/10 8-18/2 1,15 jan-mar mon-fri") is None
