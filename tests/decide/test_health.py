"""What an outside party hears: well, or not, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.decide import Rules, health, unwell
from monitor.ports import ChannelStanding, Overview
from tests.decide.test_notices import dead
from tests.decide.values import hour, now, overview, standing

rules = Rules(channels=("team", "counsel"))


def test_all_well_is_said_in_numbers() -> None:
    state = health(overview(standing(), standing("bank"), standing("x", paused=True), pending=3), rules)
    assert state.healthy
    assert state.text == "2 watched, 0 cannot be read, 3 alerts waiting, 0 alerts given up"


def test_a_policy_that_cannot_be_read_is_no_illness_of_the_monitor() -> None:
    state = health(overview(standing(failing_since=now - 48 * hour, failures=9, fault="dns")), rules)
    assert state.healthy
    assert "1 watched, 1 cannot be read" in state.text


@pytest.mark.parametrize(
    ("seen", "stalled", "said"),
    [
        (overview(standing(), dead=dead(7, 8)), (), "alerts were given up on: team"),
        (overview(standing(), storage_problem="only 3 MB are free"), (), "storage: only 3 MB are free"),
        (overview(standing()), ("poll",), "stalled: poll"),
        (
            overview(standing(), channels=(ChannelStanding(name="team", failing_since=now - hour),)),
            (),
            "channel team fails since 2026-11-24T08:30+00:00",
        ),
    ],
)
def test_what_may_keep_an_alert_from_arriving_is_trouble(
    seen: Overview, stalled: tuple[str, ...], said: str
) -> None:
    state = health(seen, rules, stalled)
    assert not state.healthy
    assert said in state.text.splitlines()


def test_a_channel_that_failed_a_minute_ago_is_tried_again_first() -> None:
    shortly = ChannelStanding(name="team", failing_since=now - timedelta(minutes=1), failures=2)
    assert health(overview(standing(), channels=(shortly,)), rules).healthy


def test_what_cannot_be_read_is_not_well() -> None:
    assert not unwell("storage: disk I/O error").healthy
