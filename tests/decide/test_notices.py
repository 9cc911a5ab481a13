"""Everything that is said and is not a change: once, at the right time, to the right people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from monitor.decide import OwnFault, Rules, notices
from monitor.model import Alert, AlertKind, StatedDate, StatedDates, TermsId
from monitor.ports import ChannelStanding, DeliveryRow, Overview, RecentChange
from tests.decide.values import hour, now, overview, standing, version

rules = Rules(channels=("team", "counsel"), digest=None)
since = "2026-11-23T09:30:00Z"


def told(seen: Overview, given: Rules = rules) -> tuple[Alert, ...]:
    """The alerts; and telling them again says nothing, however much later."""
    found = notices(seen, given).alerts
    keys = frozenset(one.key for one in found)
    assert len(keys) == len(found)
    again = replace(seen, announced=seen.announced | keys, at=seen.at + timedelta(minutes=1))
    if not any(one.kind is AlertKind.BASELINE for one in found):
        assert not notices(again, given).alerts
    return found


def kinds(seen: Overview, given: Rules = rules) -> list[AlertKind]:
    return [one.kind for one in told(seen, given)]


def failing(fault: str = "timeout", failures: int = 3, hours: float = 24, **rest: Any) -> Overview:
    one = standing(
        failing_since=now - hours * hour, failures=failures, fault=fault, fault_message="no answer", **rest
    )
    return overview(one)


def test_all_well_is_nothing_to_say() -> None:
    assert not told(overview(standing(), standing("bank")))


def test_the_beginning_is_told_once_when_all_were_looked_at() -> None:
    waiting = standing("bank", latest=None)
    assert not told(overview(standing(), waiting, baseline_at=None))
    (found,) = told(overview(standing(), standing("bank"), baseline_at=None))
    assert (found.key, found.notice) == ("baseline", "Watching 2 services from now on.")
    unread = replace(waiting, failures=1, fault="dns", fault_message="no such host")
    (found,) = told(overview(standing(), unread, standing("x", paused=True), baseline_at=None))
    assert "1 could not be read" in found.notice
    assert any("no such host" in line for line in found.details)


def test_a_service_added_later_has_a_beginning_of_its_own() -> None:
    added = standing("bank", declared_at=now - hour)
    (found,) = told(overview(standing(), added))
    assert (found.kind, found.service_name, found.key) == (
        AlertKind.BASELINE,
        "Bank",
        "baseline:bank:2026-11-24T08:30:00Z",
    )
    assert not told(overview(standing(), replace(added, latest=None)))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("timeout", AlertKind.UNREACHABLE),
        ("status", AlertKind.UNREACHABLE),
        ("bot_blocked", AlertKind.UNREACHABLE),
        ("gone", AlertKind.REMOVED),
        ("suspect:login", AlertKind.SUSPECT),
    ],
)
def test_trouble_is_told_after_three_failures_in_a_row(fault: str, kind: AlertKind) -> None:
    assert not told(failing(fault, failures=2, hours=5))
    (found,) = told(failing(fault, failures=3, hours=5))
    assert (found.kind, found.key) == (kind, f"{kind}:shop:2026-11-24T04:30:00Z")
    assert "no answer" in " ".join(found.details)


def test_or_after_a_day() -> None:
    (found,) = told(failing(failures=1))
    assert found.key == f"unreachable:shop:{since}"
    assert not told(failing("gone", failures=1))


def test_what_is_paused_is_left_alone() -> None:
    assert not told(failing(paused=True))


def test_the_end_of_trouble_is_told_if_its_beginning_was() -> None:
    well = overview(standing(failed_since=now - 24 * hour, failed_fault="timeout", recovered_at=now))
    assert not told(well)
    (found,) = told(replace(well, announced=frozenset({f"unreachable:shop:{since}"})))
    assert found.key == f"recovered:shop:{since}"
    (back,) = told(replace(well, announced=frozenset({f"removed:shop:{since}"})))
    assert "there again" in back.notice


def test_moved_and_flapping() -> None:
    moved = standing(moved_at=now, moved_from=("https://a.example",), moved_to=("https://b.example",))
    (found,) = told(overview(moved))
    assert (found.kind, dict(found.facts)) == (
        AlertKind.MOVED,
        {"from": "https://a.example", "to": "https://b.example"},
    )
    assert kinds(overview(standing(flapping_since=now - hour))) == [AlertKind.FLAPPING]


@pytest.mark.parametrize(
    ("day", "precision", "first_seen", "expected"),
    [
        (date(2026, 11, 24), "day", now - 48 * hour, [AlertKind.EFFECTIVE]),
        (date(2026, 11, 25), "day", now - 48 * hour, []),
        (date(2026, 11, 24), "day", now, []),
        (date(2026, 11, 1), "month", now - 9999 * hour, []),
    ],
)
def test_the_day_on_which_a_text_takes_effect(
    day: date, precision: str, first_seen: Any, expected: Any
) -> None:
    stated = StatedDates(effective=StatedDate(day=day, precision=precision, quote="in effect"))
    latest = version(number=4, dates=stated)
    assert kinds(overview(standing(latest=replace(latest, first_seen=first_seen)))) == expected


def test_a_day_that_passed_while_we_were_away_is_told_late_and_once() -> None:
    stated = StatedDates(effective=StatedDate(day=date(2026, 11, 20), precision="day", quote="in effect"))
    latest = replace(version(number=4, dates=stated), first_seen=now - 200 * hour)
    (found,) = told(overview(standing(latest=latest)))
    assert "took effect on 2026-11-20" in found.notice
    upgraded = overview(standing(latest=replace(latest, number=5)), announced=frozenset({found.key}))
    assert not told(upgraded), "another version that says the same day is no news"


def channel(**rest: Any) -> Overview:
    return overview(standing(), channels=(ChannelStanding(name="team", **rest),))


def test_a_channel_that_fails_is_told_of_on_the_others_and_so_is_its_end() -> None:
    assert not told(channel(failing_since=now - timedelta(minutes=30)))
    seen = channel(failing_since=now - 24 * hour, pending=4, answer="no route")
    (found,) = told(seen)
    assert found.key == f"channel failing:team:{since}"
    assert notices(seen, rules).routes[found.key] == ("counsel",)
    over = channel(failed_since=now - 24 * hour, recovered_at=now)
    assert not told(over)
    (end,) = told(replace(over, announced=frozenset({found.key})))
    assert "works again" in end.notice


def dead(*ids: int) -> tuple[DeliveryRow, ...]:
    return tuple(
        DeliveryRow(
            id=number,
            alert_key=f"change:shop:{number}",
            alert_at=now,
            kind="change",
            terms=TermsId(service="shop"),
            channel="team",
            state="dead",
            attempts=9,
            next_at=None,
            answer="310000 keywords not in content",
        )
        for number in ids
    )


def test_every_dead_letter_is_covered_by_a_notice_one_a_day_and_again_after_a_week() -> None:
    (first,) = told(overview(standing(), dead=dead(7)))
    assert first.key == "channel failing:team:dead:2026-11-24:7"
    assert "310000" in " ".join(first.details)
    known = frozenset({first.key})
    later = overview(standing(), dead=dead(7, 9), announced=known)
    assert not told(later)
    (second,) = told(replace(later, at=now + 24 * hour))
    assert second.key.endswith(":9")
    assert not told(replace(later, dead=dead(7), at=now + 5 * 24 * hour))
    assert told(replace(later, dead=dead(7), at=now + 7 * 24 * hour))


def test_the_machine_itself() -> None:
    (found,) = told(overview(standing(), storage_problem="disk full", storage_since=now))
    assert (found.kind, found.terms) == (AlertKind.STORAGE, None)
    assert told(overview(standing(), storage_problem="disk full"))
    assert not told(overview(standing(), away_from=now - hour, away_until=now))
    (away,) = told(overview(standing(), away_from=now - 13 * hour, away_until=now))
    assert away.notice == "The monitor was away for 13 hours."


def storm(count: int, watched: int = 10, **rest: Any) -> Overview:
    changes = tuple(
        RecentChange(
            key=f"change:s{n}:2", terms=TermsId(service=f"s{n}"), at=now - timedelta(minutes=n), **rest
        )
        for n in range(count)
    )
    return overview(*(standing(f"s{n}") for n in range(watched)), recent_changes=changes)


def test_half_of_the_services_changing_is_no_storm_but_more_is() -> None:
    assert not notices(storm(5), rules).hold
    decision = notices(storm(6), rules)
    assert [one.kind for one in decision.alerts] == [AlertKind.OWN_FAULT]
    assert set(decision.hold) == {f"change:s{n}:2" for n in range(6)}
    assert decision.hold["change:s1:2"] == now + timedelta(minutes=29)


def test_few_services_are_never_a_storm() -> None:
    assert not notices(storm(3, watched=3), rules).hold
    assert notices(storm(3, watched=3), replace(rules, own_fault=OwnFault(minimum=2))).hold


def test_a_storm_is_told_once_even_if_it_grows() -> None:
    (found,) = told(storm(6))
    grown = storm(6)
    oldest = min(grown.recent_changes, key=lambda one: one.at)
    newer = RecentChange(key="change:s9:2", terms=TermsId(service="s9"), at=now)
    more = replace(grown, recent_changes=(*grown.recent_changes, newer), announced=frozenset({found.key}))
    assert oldest.key in found.key
    assert not told(more)
    assert "change:s9:2" in notices(more, rules).hold


def test_what_a_human_released_and_what_is_sent_is_not_held() -> None:
    assert not notices(storm(6, released=True), rules).hold
    sent = notices(storm(6, waiting=False), rules)
    assert sent.alerts
    assert not sent.hold


def test_the_weekly_report_comes_once_a_week_after_the_beginning() -> None:
    weekly = replace(rules, digest="0 9 * * tue")
    seen = overview(
        standing(),
        standing("bank", last_success=None),
        standing("x", paused=True),
        changes=2,
        looks=80,
        pending=1,
    )
    (found,) = told(seen, weekly)
    assert found.key == "digest:2026-11-24T09:00:00Z"
    assert found.notice == "2 watched, 1 read in the last 7 days, 2 changes, 1 alert undelivered."
    assert found.loud
    assert not told(replace(seen, baseline_at=now), weekly)
    assert not told(replace(seen, baseline_at=None, standings=()), weekly)


def test_another_cron_line_does_not_report_the_past_once_more() -> None:
    reported = overview(standing(), announced=frozenset({"digest:2026-11-23T09:00:00Z"}))
    assert not told(reported, replace(rules, digest="0 8 * * mon"))
    assert told(reported, replace(rules, digest="0 9 * * tue"))


def test_a_week_without_news_says_that_all_is_well() -> None:
    (found,) = told(overview(standing(), standing("bank")), replace(rules, digest="0 9 * * *"))
    assert found.notice == (
        "2 watched, 2 read in the last 7 days (each at 2026-11-24 08:30 UTC or later),"
        " 0 changes, nothing undelivered."
    )
    assert not found.loud
    assert all(line.startswith("✓") for line in found.details)
