"""Who gets what and when, by the operator's rules; and the reasons that are given."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from monitor.decide import Explained, Quiet, Rule, Rules, explain, rule_problems
from monitor.model import Alert, AlertKind, Direction, TermsId, Topic
from tests.decide.values import alert, change, delta, hour, hunk, now

channels = ("team", "counsel#1", "counsel#2", "archive")


def explained(found: Alert, *rules: Rule, **rest: Any) -> dict[str, Explained]:
    made = Rules(channels=channels, rules=rules, group_wait=timedelta(0), **rest)
    return {one.channel: one for one in explain(found, made)}


def getting(found: Alert, *rules: Rule, **rest: Any) -> list[str]:
    return [one.channel for one in explained(found, *rules, **rest).values() if one.gets]


def rule(**conditions: Any) -> Rule:
    return Rule(**{"name": "r", "channels": ("counsel",), **conditions})


def test_without_rules_everything_goes_everywhere() -> None:
    assert getting(alert()) == list(channels)


@pytest.mark.parametrize(
    ("fits", "fits_not"),
    [
        ({"services": ("shop",)}, {"services": ("bank",)}),
        ({"services": ("SH*",)}, {"services": ("sh",)}),
        ({"tags": ("x", "retail")}, {"tags": ("x",)}),
        ({"terms_types": ("privacy*",)}, {"terms_types": ("Terms of Service",)}),
        ({"kinds": ("change",)}, {"kinds": ("digest",)}),
        ({"significance": 3}, {"significance": 3, "kinds": ("moved",)}),
        ({"topics": ("sharing",)}, {"topics": ("minors",)}),
        ({"criteria": ("rights.*",)}, {"criteria": ("minors.*",)}),
        ({"movements": "worse"}, {"movements": "better"}),
        ({"movements": "any"}, {"movements": "any", "services": ("bank",)}),
        ({"flags": ("silent change",)}, {"flags": ("back-dated",)}),
    ],
)
def test_each_condition_takes_and_leaves(fits: dict[str, Any], fits_not: dict[str, Any]) -> None:
    found = alert(change=change(hunk("a", "b", topics=(Topic.SHARING,), direction=Direction.SOFTER)))
    assert getting(found, rule(**fits)) == ["counsel#1", "counsel#2"]
    left = explained(found, rule(**fits_not))
    assert [one.channel for one in left.values() if one.gets] == ["team", "archive"]
    assert left["counsel#1"].reasons
    assert left["counsel#1"].reasons[0].startswith("rule 'r': ")


def test_what_could_not_be_compared_passes_every_condition_on_its_content() -> None:
    unknown = alert(change=None, deltas=(), fault="failed")
    assert "counsel#1" in getting(
        unknown, rule(significance=3, topics=("minors",), criteria=("x",), movements="worse")
    )


def test_an_alert_without_a_service_fits_no_rule_about_services() -> None:
    found = alert(kind=AlertKind.AWAY, terms=None, change=None, deltas=(), version=None)
    assert getting(found, rule(services=("*",)), rule(name="t", terms_types=("*",))) == ["team", "archive"]


def test_otherwise_names_who_gets_the_rest() -> None:
    other = alert(terms=TermsId(service="bank"))
    assert getting(other, rule(services=("shop",)), otherwise=("archive",)) == ["archive"]
    assert getting(other, rule(services=("shop",)), otherwise=()) == []


def test_trouble_of_the_monitor_itself_always_finds_somebody() -> None:
    everyone = rule(channels=("team", "counsel", "archive"), services=("shop",))
    trouble = alert(kind=AlertKind.STORAGE, terms=None, change=None, deltas=(), version=None)
    assert getting(trouble, everyone) == list(channels)
    assert getting(alert(terms=TermsId(service="bank")), everyone) == []


def test_a_failing_channel_is_told_of_on_the_others() -> None:
    failing = alert(kind=AlertKind.CHANNEL_FAILING, facts=(("channel", "team"),), terms=None)
    assert getting(failing, rule(channels=("team",))) == ["counsel#1", "counsel#2", "archive"]
    (only,) = explain(failing, Rules(channels=("team",)))
    assert only.gets


def test_the_earliest_of_several_rules_counts() -> None:
    slow = rule(name="slow", digest="0 9 * * mon")
    assert explained(alert(), slow)["counsel#1"].when == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    both = explained(alert(), slow, rule(name="fast", movements="worse"))["counsel#1"]
    assert (both.when, both.rule) == (now, "fast")


def test_a_mute_delays_and_drops_nothing() -> None:
    until = now + 48 * hour
    muted = explained(alert(), rule(mute_until=until))["counsel#1"]
    assert (muted.gets, muted.when) == (True, until)
    assert "muted until" in muted.reasons[0]
    assert explained(alert(), rule(mute_until=now - hour))["counsel#1"].when == now


@pytest.mark.parametrize(
    ("at", "start", "end", "sent"),
    [
        ("2026-11-24 09:30", "22:00", "07:00", "2026-11-24 09:30"),
        ("2026-11-24 23:30", "22:00", "07:00", "2026-11-25 07:00"),
        ("2026-11-24 03:00", "22:00", "07:00", "2026-11-24 07:00"),
        ("2026-11-24 12:30", "12:00", "14:00", "2026-11-24 14:00"),
        ("2026-11-24 14:00", "12:00", "14:00", "2026-11-24 14:00"),
    ],
)
def test_quiet_hours(at: str, start: str, end: str, sent: str) -> None:
    quiet = Quiet(start=time.fromisoformat(start), end=time.fromisoformat(end))
    found = alert(at=datetime.fromisoformat(at).replace(tzinfo=UTC))
    told = explained(found, rule(quiet=quiet))["counsel#1"]
    assert told.when == datetime.fromisoformat(sent).replace(tzinfo=UTC)
    assert bool(told.reasons) is (at != sent)


def test_moved_better_and_worse_are_told_apart() -> None:
    better = alert(deltas=(delta(better=True),))
    assert "counsel#1" in getting(better, rule(movements="better"))
    assert "counsel#1" not in getting(better, rule(movements="worse"))


def test_rules_that_cannot_work_are_loud() -> None:
    bad = rule(
        channels=("nobody",),
        kinds=("chnage",),
        topics=("x",),
        flags=("y",),
        movements="sideways",
        digest="0 9",
        services=("shpo*",),
    )
    said = "\n".join(rule_problems(bad, channels, ("shop",)))
    for word in ("'nobody'", "'chnage'", "'x'", "'y'", "'sideways'", "five fields", "'shpo*'"):
        assert word in said
    assert not list(rule_problems(rule(services=("sh*",)), channels, ("shop",)))
    assert list(rule_problems(rule(channels=()), channels)) == ["a rule needs 'channels'"]


def test_a_mute_without_a_zone_is_meant_in_the_zone_of_the_rule() -> None:
    local = datetime(2026, 11, 26, 8, 0)  # noqa: DTZ001 - as a configuration may give it
    muted = explained(alert(), rule(mute_until=local, time_zone="Asia/Shanghai"))["counsel#1"]
    assert muted.when == datetime(2026, 11, 26, 0, 0, tzinfo=UTC)


def test_rules_of_one_name_are_told_apart() -> None:
    assert getting(alert(), rule(services=("shop",)), rule(services=("bank",))) == ["counsel#1", "counsel#2"]
    assert "counsel#1" not in getting(alert(), rule(criteria=("minors.*",)), rule(services=("bank",)))


def test_what_no_service_fits_is_loud_too() -> None:
    rule = Rule(name="r", channels=("team",), tags=("retial",), terms_types=("Cookie*",))
    known = {"services": ("shop",), "tags": ("retail",), "terms_types": ("Privacy Policy",)}
    assert list(rule_problems(rule, ("team",), **known)) == [
        "no service has the tag 'retial'",
        "no service has terms of the type 'Cookie*'",
    ]
