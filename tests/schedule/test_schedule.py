"""Due times: by interval or cron line, sooner after failures, spread out, always the same for the same call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from monitor.model import Declaration, SourceDocument, TermsId
from monitor.ports import Standing
from monitor.schedule import caught_up, cron_problem, next_due, phase

noon = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


def declared(
    service: str = "a", every: timedelta = timedelta(hours=6), cron: str | None = None
) -> Declaration:
    return Declaration(
        terms=TermsId(service=service),
        name=service,
        documents=(SourceDocument(location="https://example.org/"),),
        every=every,
        cron=cron,
        time_zone="Europe/Berlin",
    )


def test_the_next_look_is_about_an_interval_away_and_the_same_for_the_same_call() -> None:
    for number in range(100):
        due = next_due(declared(f"service-{number}"), noon, 0)
        assert timedelta(hours=1.5) <= due - noon <= timedelta(hours=7.5) + timedelta(minutes=36)
    assert next_due(declared(), noon, 0) == next_due(declared(), noon, 0)


def test_a_policy_keeps_its_place_in_the_interval_for_good() -> None:
    at = noon
    for _ in range(50):
        later = next_due(declared(), at, 0)
        assert timedelta(hours=5, minutes=24) <= later - at <= timedelta(hours=6, minutes=36) or at == noon
        into = (later - datetime(1970, 1, 1, tzinfo=UTC)) % timedelta(hours=6) - phase(declared())
        assert timedelta() <= into % timedelta(hours=6) <= timedelta(minutes=36)
        at = later


def test_two_hundred_that_were_looked_at_together_are_spread_over_the_whole_interval() -> None:
    due = [next_due(declared(f"service-{n}"), noon, 0) for n in range(200)]
    for quarter in range(4):
        begin = noon + timedelta(hours=1.5 + 1.5 * quarter)
        assert 20 <= sum(begin <= one < begin + timedelta(hours=1.5) for one in due) <= 80


def test_a_failing_policy_is_looked_at_sooner_but_ever_less_often() -> None:
    waits = [next_due(declared(), noon, failures) - noon for failures in range(1, 12)]
    assert timedelta(minutes=5) <= waits[0] <= timedelta(minutes=6)
    assert all(earlier < later for earlier, later in pairwise(waits[:7]))
    assert max(waits) <= timedelta(hours=6, minutes=36)


def test_a_cron_line_is_read_in_its_time_zone_across_the_change_of_the_clock() -> None:
    # 29 March 2026, 02:00 -> 03:00 in Berlin: 09:00 there is 07:00 UTC after, 08:00 UTC before.
    due = next_due(declared(cron="0 9 * * *"), noon, 0)
    assert datetime(2026, 3, 29, 7, 0, tzinfo=UTC) <= due <= datetime(2026, 3, 29, 9, 0, tzinfo=UTC)


def test_a_cron_line_is_kept_to_the_minute_or_five() -> None:
    for number in range(30):
        due = next_due(declared(f"service-{number}", cron="0 9 * * *"), noon, 0)
        assert timedelta() <= due - datetime(2026, 3, 29, 7, 0, tzinfo=UTC) <= timedelta(minutes=5)


def test_an_hour_that_never_comes_loses_no_look_and_one_that_comes_twice_adds_one_at_most() -> None:
    for start, looks in (
        (datetime(2026, 3, 27, 12, 0, tzinfo=UTC), 5),
        (datetime(2026, 10, 23, 12, 0, tzinfo=UTC), 6),
    ):
        at, days = start, []
        while (at := next_due(declared(cron="30 2 * * *"), at, 0)) < start + timedelta(days=5):
            days.append(at.astimezone(ZoneInfo("Europe/Berlin")).date())
        assert len(set(days)) == 5
        assert len(days) <= looks


# --------------------------------------------------------------------------- what is out of order


def standing(
    service: str = "a",
    due: timedelta = timedelta(hours=-1),
    *,
    every: timedelta = timedelta(hours=6),
    cron: str | None = None,
    paused: bool = False,
    failures: int = 0,
) -> Standing:
    return Standing(
        declaration=declared(service, every, cron),
        latest=None,
        versions=0,
        due_at=noon + due,
        paused=paused,
        failures=failures,
    )


def test_two_hundred_that_are_overdue_are_caught_up_with_one_by_one() -> None:
    late = [standing(f"service-{n}") for n in range(200)]
    moved = caught_up(late, noon, 4)
    assert len(moved) == 196, "four are looked at at once"
    waits = sorted(at - noon for at in moved.values())
    assert {later - earlier for earlier, later in pairwise(waits)} == {timedelta(seconds=1)}
    assert waits[-1] == timedelta(seconds=196)
    assert moved == caught_up(late[::-1], noon, 4), "the order is one of their names, not of the list"


def test_catching_up_never_takes_longer_than_half_an_interval() -> None:
    late = [standing(f"service-{n}", every=timedelta(seconds=10)) for n in range(200)]
    assert max(caught_up(late, noon, 4).values()) <= noon + timedelta(seconds=5)


def test_what_is_in_order_paused_or_asked_to_wait_stays() -> None:
    rest = [
        standing("soon", timedelta(hours=5)),
        standing("paused", paused=True),
        standing("asked", timedelta(hours=24)),
        standing("monthly", timedelta(days=3, hours=19), cron="0 9 1 * *"),
        standing("few", timedelta(hours=-9)),
    ]
    assert caught_up(rest, noon, 4) == {}


def test_a_restart_every_three_seconds_looks_at_everything_all_the_same() -> None:
    due = {f"service-{n}": noon for n in range(100)}
    looked: set[str] = set()
    for life in range(60):
        now = noon + life * timedelta(seconds=3)
        moved = caught_up([standing(name, at - noon) for name, at in due.items()], now, 4)
        due |= {terms.service: at for terms, at in moved.items()}
        looked |= {name for name, at in due.items() if at <= now + timedelta(seconds=2)}
        due = {name: at for name, at in due.items() if name not in looked}
    assert len(looked) == 100


def test_what_a_clock_that_was_ahead_put_off_is_due_anew() -> None:
    year = timedelta(days=365)
    ahead = [
        standing("far", year),
        standing("line", year, cron="0 9 * * *"),
        standing("well", timedelta(hours=3)),
    ]
    moved = caught_up(ahead, noon, 4)
    assert {terms.service for terms in moved} == {"far", "line"}
    assert max(moved.values()) <= noon + timedelta(days=1)
    # thirteen hours cannot be told from a page that asked to be left alone, unless the jump was seen
    hours = [standing("some", timedelta(hours=19))]
    assert caught_up(hours, noon, 4) == {}
    assert caught_up(hours, noon, 4, set_back=True)[hours[0].declaration.terms] <= noon + timedelta(hours=9)


def test_a_wrong_cron_line_is_explained() -> None:
    assert cron_problem("*/5 * * * *", "UTC") is None
    assert "Wrong number of fields" in str(cron_problem("* *", "UTC"))
