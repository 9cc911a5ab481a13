"""What the ledger proves of a period: a hand-made ledger for every case, and one of real looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.coverage import Coverage, Sight, coverage
from monitor.model import Cause, Outcome, TermsId, Version, digest
from monitor.ports import Look
from monitor.schedule import regular_interval
from tests.coverage.ledgers import declared
from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, policy

terms = TermsId(service="amap")
day = datetime(2017, 7, 3, tzinfo=UTC)
hour = timedelta(hours=1)


def version(number: int, at: datetime) -> Version:
    text = digest(f"text {number}")
    return Version(
        terms=terms, number=number, cause=Cause.CHANGE, first_seen=at, recorded_at=at, text_sha256=text, key=text,
        recipe="r", length=1000, snapshots=(), final_urls=(),
    )  # fmt: skip


def look(
    seq: int, at: datetime, number: int | None, outcome: Outcome = Outcome.UNCHANGED, **more: object
) -> Look:
    return Look(seq=seq, terms=terms, at=at, outcome=outcome.value, version=number, **more)  # type: ignore[arg-type]


def failed(seq: int, at: datetime, kind: str = "timeout") -> Look:
    return look(seq, at, 1, Outcome.FAULT, fault=kind, message="no answer")


def asked(
    looks: list[Look], start: datetime, end: datetime, versions: list[Version] | None = None
) -> Coverage:
    return coverage(terms, looks, versions or [version(1, day - 30 * hour)], start, end, 12 * hour)


steady = [look(n, day + (n - 4) * 6 * hour, 1) for n in range(110)]


def test_seen_every_six_hours_is_unchanged_and_without_blind_time() -> None:
    found = asked(steady, day, day + timedelta(days=25))
    assert found.unchanged
    assert found.versions == (1,)
    assert found.blind == timedelta(0)
    assert found.longest == 6 * hour
    assert [one.sight for one in found.stretches] == [Sight.SEEN]
    assert (found.stretches[0].start, found.stretches[0].end) == (day, day + timedelta(days=25))
    assert (found.read, found.not_modified, found.faults) == (101, 0, ())


def test_not_modified_is_a_good_look_and_counted_apart() -> None:
    looks = [look(n, day + n * 6 * hour, 1, not_modified=n % 2 == 1) for n in range(9)]
    found = asked(looks, day, day + 48 * hour)
    assert (found.read, found.not_modified) == (5, 4)
    assert found.unchanged


def test_failed_looks_leave_a_blind_time_with_its_reason() -> None:
    looks = [one for one in steady if not day + 10 * hour < one.at < day + 40 * hour]
    looks += [failed(900, day + 12 * hour), failed(901, day + 18 * hour, "tls"), failed(902, day + 24 * hour)]
    found = asked(sorted(looks, key=lambda one: one.at), day, day + 72 * hour)
    assert [one.sight for one in found.stretches] == [Sight.SEEN, Sight.BLIND, Sight.SEEN]
    blind = found.stretches[1]
    assert (blind.start, blind.end) == (day + 6 * hour, day + 42 * hour)
    assert blind.faults == (("timeout", 2), ("tls", 1))
    assert (blind.first_look, blind.last_look) == (5, 11)
    assert found.blind == 36 * hour
    assert found.unchanged, "all that was seen was one text; the blind time is told beside it"


def test_a_change_lies_between_two_looks() -> None:
    looks = [look(1, day, 1), look(2, day + 6 * hour, 1)]
    looks += [look(3, day + 12 * hour, 1, Outcome.WAITING, text_sha256=digest("text 2"))]
    looks += [
        look(4, day + 12.2 * hour, 2, Outcome.CHANGED, text_sha256=digest("text 2")),
        look(5, day + 18 * hour, 2),
    ]
    found = asked(looks, day, day + 18 * hour, [version(1, day), version(2, day + 12 * hour)])
    assert [(one.sight, one.before, one.after) for one in found.stretches] == [
        (Sight.SEEN, 1, 1), (Sight.CHANGED, 1, 2), (Sight.SEEN, 2, 2),
    ]  # fmt: skip
    assert (found.stretches[1].start, found.stretches[1].end) == (day + 6 * hour, day + 12 * hour)
    assert found.versions == (1, 2)
    assert not found.unchanged


def test_a_change_that_nobody_watched_for_a_week_is_blind_too() -> None:
    found = asked([look(1, day, 1), look(2, day + 168 * hour, 2, Outcome.CHANGED)], day, day + 168 * hour)
    assert [one.sight for one in found.stretches] == [Sight.CHANGED]
    assert found.blind == 168 * hour
    assert found.longest == timedelta(0)


def test_a_text_that_did_not_stay_is_told_and_is_no_version() -> None:
    looks = [look(1, day, 1), look(2, day + 6 * hour, 1, Outcome.WAITING, text_sha256=digest("blip"))]
    looks += [look(3, day + 12 * hour, 1)]
    found = asked(looks, day, day + 12 * hour)
    assert found.versions == (1, None, 1)
    assert not found.unchanged


def test_a_cosmetic_difference_is_the_version_in_place() -> None:
    looks = [look(1, day, 1), look(2, day + 6 * hour, 1, text_sha256=digest("text 1, other quotes"))]
    assert asked(looks, day, day + 6 * hour).unchanged


def test_the_ends_of_the_period_are_told_from_the_looks_around_it() -> None:
    looks = [look(1, day, 1), look(2, day + 6 * hour, 1)]
    found = asked(looks, day + hour, day + 2 * hour)
    assert [one.sight for one in found.stretches] == [Sight.SEEN]
    assert found.unchanged
    assert (found.stretches[0].first_look, found.stretches[0].last_look) == (1, 2)


def test_before_the_first_look_and_long_after_the_last_is_blind() -> None:
    looks = [look(1, day, 1), look(2, day + 6 * hour, 1)]
    found = asked(looks, day - 24 * hour, day + 48 * hour)
    assert [one.sight for one in found.stretches] == [Sight.BLIND, Sight.SEEN, Sight.BLIND]
    assert found.blind == 66 * hour


def test_shortly_after_the_last_look_is_open_not_blind() -> None:
    found = asked([look(1, day, 1), look(2, day + 6 * hour, 1)], day, day + 9 * hour)
    assert [one.sight for one in found.stretches] == [Sight.SEEN, Sight.OPEN]
    assert found.blind == timedelta(0)


@pytest.mark.parametrize("looks", [[], [failed(1, day + hour)]])
def test_without_a_good_look_nothing_is_known(looks: list[Look]) -> None:
    found = asked(looks, day, day + 24 * hour)
    assert found.versions == ()
    assert not found.unchanged
    assert found.blind == 24 * hour


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["same", "next", "blip", "fault"])), max_size=40),
    st.integers(-50, 400), st.integers(1, 300),
)  # fmt: skip
def test_every_moment_of_a_period_belongs_to_exactly_one_stretch(
    told: list[tuple[int, str]], begins: int, lasts: int
) -> None:
    looks, number = [], 1
    for seq, (after, kind) in enumerate(sorted(told), start=1):
        at = day + after * hour
        number += kind == "next"
        if kind == "fault":
            looks.append(failed(seq, at))
        elif kind == "blip":
            looks.append(look(seq, at, number, Outcome.WAITING, text_sha256=digest("blip")))
        else:
            looks.append(look(seq, at, number))
    start, end = day + begins * hour, day + (begins + lasts) * hour
    found = asked(looks, start, end, [version(n, day) for n in range(1, number + 1)])
    assert found.stretches[0].start == start
    assert found.stretches[-1].end == end
    for one, two in zip(found.stretches, found.stretches[1:], strict=False):
        assert one.end == two.start
    assert all(one.start < one.end for one in found.stretches)
    if found.unchanged:
        assert {one.before for one in found.stretches if one.sight is Sight.SEEN} <= set(found.versions)


def test_the_regular_interval_of_a_cron_line_is_its_longest_pause() -> None:
    assert regular_interval(declared(every=6 * hour), day) == 6 * hour
    assert regular_interval(declared(cron="0 9 * * 1-5"), day) == 72 * hour


# --------------------------------------------------------------------------- as its user sees it


def test_the_command_tells_seen_changed_and_blind_of_real_looks(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/amap": as_html(policy), "/jd": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["amap", "jd"])
    for _ in range(2):
        assert command(config, "check").returncode == 0
    page = web.pages.pop("/jd")
    command(config, "check")
    web.pages["/jd"] = page
    web.pages["/amap"] = as_html(edited)
    for _ in range(2):
        command(config, "check")

    (amap,), (jd,) = answer(config, "coverage", "amap"), answer(config, "coverage", "jd", "--gap", "1ms")
    assert amap["versions"] == [1, 2]
    assert not amap["unchanged"]
    assert jd["unchanged"]
    assert dict(jd["faults"]) == {"gone": 1}
    assert any(stretch["sight"] == "blind" for stretch in jd["stretches"])

    shown = command(config, "coverage", "amap")
    assert "Changed once: versions 1 -> 2." in shown.stdout
    assert "Head of the chain" in shown.stdout
    everything = command(config, "coverage")
    assert "1 -> 2" in everything.stdout
    assert "jd" in everything.stdout
    looks = command(config, "history", "jd", "--checks")
    assert "gone" in looks.stdout
    assert "127.0.0.1" in looks.stdout
    assert answer(config, "history", "jd", "--checks", "--to", "2001-01-01") == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "2017-07-28", "--to", "2017-07-03"), "is empty"),
        (("--from", "July"), "is not a date"),
        (("--gap", "soon"), "is not a duration"),
        (("--gap", "0s"), "is no length of time"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], arguments: tuple[str, ...], says: str
) -> None:
    web.pages = {"/amap": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["amap"])
    command(config, "check")
    done = command(config, "coverage", "amap", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
