"""Due times: by interval or cron line, sooner after failures, spread out, always the same for the same call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.model import Declaration, SourceDocument, TermsId
from monitor.schedule import cron_problem, next_due, phase

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


def test_the_next_look_is_an_interval_away_with_a_little_jitter() -> None:
    due = next_due(declared(), noon, 0)
    assert timedelta(hours=6) <= due - noon <= timedelta(hours=6, minutes=36)
    assert due == next_due(declared(), noon, 0)


def test_a_failing_policy_is_looked_at_sooner_but_ever_less_often() -> None:
    waits = [next_due(declared(), noon, failures) - noon for failures in range(1, 12)]
    assert timedelta(minutes=5) <= waits[0] <= timedelta(minutes=6)
    assert all(earlier < later for earlier, later in pairwise(waits[:7]))
    assert max(waits) <= timedelta(hours=6, minutes=36)


def test_a_cron_line_is_read_in_its_time_zone_across_the_change_of_the_clock() -> None:
    # 29 March 2026, 02:00 -> 03:00 in Berlin: 09:00 there is 07:00 UTC after, 08:00 UTC before.
    due = next_due(declared(cron="0 9 * * *"), noon, 0)
    assert datetime(2026, 3, 29, 7, 0, tzinfo=UTC) <= due <= datetime(2026, 3, 29, 9, 0, tzinfo=UTC)


def test_policies_begin_spread_over_the_interval() -> None:
    starts = sorted(phase(declared(f"service-{n}"), noon) - noon for n in range(60))
    assert starts[0] < timedelta(minutes=30)
    assert starts[-1] > timedelta(hours=2, minutes=30)
    assert all(start <= timedelta(hours=3) for start in starts)


def test_a_wrong_cron_line_is_explained() -> None:
    assert cron_problem("*/5 * * * *", "UTC") is None
    assert "Wrong number of fields" in str(cron_problem("* *", "UTC"))
