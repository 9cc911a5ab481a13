"""Both stores: versions, the ledger, examinations and what is read of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import NotFound
from monitor.model import (
    Audit,
    AuditDelta,
    Cause,
    Confidence,
    Evidence,
    Examination,
    FaultKind,
    Finding,
    Movement,
    Outcome,
    Span,
    Stage,
    TermsId,
    Verdict,
)
from tests.store.values import (
    World,
    alert,
    base_text,
    decided,
    declaration,
    exchange,
    fault,
    hour,
    reading,
    some_change,
    start,
    unchanged,
    visit,
)

star = TermsId(service="starbridge")
changed_text = base_text.replace("推荐附近的优惠广告", "推送第三方广告")


def test_a_first_version_with_all_that_belongs_to_it(world: World) -> None:
    world.declare()
    world.first_version()
    (version,) = world.store.versions(star)
    seen = reading()
    assert (version.number, version.cause, version.first_seen) == (1, Cause.FIRST_RECORD, start)
    assert (version.text_sha256, version.key, version.recipe) == (seen.sha256, seen.key, "r1")
    assert (version.title, version.language, version.length) == ("隐私政策", "zh", len(base_text))
    assert world.store.text(version.text_sha256) == base_text
    assert world.store.raw(version.snapshots[0]) == seen.snapshots[0].content
    assert world.store.links(version) == seen.links


def test_a_change_is_confirmed_and_dated_at_its_first_sight(world: World) -> None:
    world.declare()
    world.first_version()
    assert world.store.record(visit(start + hour, reading(changed_text))) is Outcome.WAITING
    assert world.store.standings()[0].waiting_since == start + hour
    assert len(world.store.versions(star)) == 1
    assert world.store.record(visit(start + 2 * hour, reading(changed_text))) is Outcome.CHANGED
    second = world.store.versions(star)[1]
    assert (second.cause, second.first_seen, second.recorded_at) == (
        Cause.CHANGE,
        start + hour,
        start + 2 * hour,
    )
    assert world.store.text(second.text_sha256) == changed_text
    assert world.store.standings()[0].waiting_since is None


def test_what_a_waiting_text_would_be(world: World) -> None:
    world.declare()
    here = f"{base_text}\n\n北京星桥出行科技有限公司依照《个人信息保护法》处理您的个人信息。"
    there = f"{base_text}\n\n星桥国际香港有限公司依照香港的法律处理您的个人信息。"
    world.first_version(text=here)
    seen = [world.store.standings()[0].waiting_for]
    for number, text in enumerate([changed_text, changed_text, here, changed_text, there], start=1):
        world.store.record(visit(start + number * hour, reading(text)))
        seen.append(world.store.standings()[0].waiting_for)
    assert seen == ["", "a change", "", "a return", "", "a change"]
    for number, text in enumerate([there, here, there], start=6):
        world.store.record(visit(start + number * hour, reading(text)))
        seen.append(world.store.standings()[0].waiting_for)
    assert seen[6:] == ["", "an edition", ""]


def test_the_pages_of_a_version_are_those_of_its_first_sight(world: World) -> None:
    world.declare()
    world.first_version()
    first_sight, second_sight = reading(changed_text), reading(changed_text)
    noisy = second_sight.snapshots[0].content + b"<!-- 4711 -->"
    from dataclasses import replace

    second_sight = replace(second_sight, snapshots=(replace(second_sight.snapshots[0], content=noisy),))
    world.store.record(visit(start + hour, first_sight))
    assert world.store.record(visit(start + 2 * hour, second_sight)) is Outcome.CHANGED
    (_, version) = world.store.versions(star)
    assert world.store.raw(version.snapshots[0]) == first_sight.snapshots[0].content


def test_a_text_that_did_not_stay_is_no_version(world: World) -> None:
    world.declare()
    world.first_version()
    world.store.record(visit(start + hour, reading(changed_text)))
    assert world.store.record(visit(start + 2 * hour, unchanged())) is Outcome.UNCHANGED
    assert len(world.store.versions(star)) == 1
    assert [look.outcome for look in world.store.looks()] == [
        "first records",
        "waiting for a second look",
        "unchanged",
    ]


def test_returns_are_known(world: World) -> None:
    world.declare()
    world.first_version()
    world.changed_to(changed_text, start + hour)
    at, outcome = start + 3 * hour, None
    while outcome is not Outcome.RETURNED and at < start + timedelta(days=10):
        outcome, at = world.store.record(visit(at, reading())), at + 6 * hour
    third = world.store.versions(star)[2]
    assert (third.cause, third.returns_to) == (Cause.RETURN, 1)
    assert third.text_sha256 == world.store.versions(star)[0].text_sha256


def test_a_fault_makes_no_version_and_is_told(world: World) -> None:
    world.declare()
    world.first_version()
    wall = fault(FaultKind.SUSPECT_WALL, stage=Stage.PLAUSIBLE, content=b"<p>prove that you are human</p>")
    assert world.store.record(visit(start + hour, wall)) is Outcome.QUARANTINED
    (standing,) = world.store.standings()
    assert (standing.fault, standing.failures, standing.failing_since) == ("suspect:wall", 1, start + hour)
    assert standing.last_success == start
    look = world.store.looks()[-1]
    assert (look.fault, look.message, look.version, look.text_sha256) == (
        "suspect:wall",
        "no answer in 30 s",
        1,
        None,
    )
    world.store.record(visit(start + 2 * hour, unchanged()))
    assert world.store.standings()[0].fault is None


def test_the_end_of_a_long_run_of_failures_is_remembered(world: World) -> None:
    world.declare()
    world.first_version()
    for number in range(1, 5):
        world.store.record(visit(start + number * hour, fault(FaultKind.DNS)))
    world.store.record(visit(start + 6 * hour, unchanged()))
    (standing,) = world.store.standings()
    assert (standing.failed_since, standing.recovered_at) == (start + hour, start + 6 * hour)
    assert standing.failed_fault == "dns"


def test_the_ledger_keeps_the_proof_of_every_look(world: World) -> None:
    world.declare()
    seen = [
        exchange(seconds=0.125),
        exchange(
            seconds=0.5, headers=(("content-type", "text/html"), ("date", "Sat, 01 Mar 2031 09:00:00 GMT"))
        ),
        exchange(status=304, raw_sha256=None, headers=(("date", "Sat, 01 Mar 2031 10:00:00 GMT"),)),
        exchange(raw_sha256="b" * 64),
        exchange(raw_sha256="d" * 64, ip="2001:db8::1"),
        exchange(raw_sha256="d" * 64, ip="2001:db8::1"),
        exchange(status=None, ip=None, certificate_sha256=None, headers=(), redirects=(), raw_sha256=None),
        exchange(notes=("robots overridden: agreed in writing",)),
    ]
    world.first_version()
    from monitor.model import Unchanged

    for number, one in enumerate(seen, 1):
        world.store.record(
            visit(start + number * hour, Unchanged(exchanges=(one,), not_modified=one.status == 304))
        )
    looks = world.store.looks(star)[1:]
    assert [look.proof for look in looks] == [(one,) for one in seen]
    assert [look.not_modified for look in looks].count(True) == 1
    assert looks[0].exchanges == ("200 https://starbridge.example/privacy.html (203.0.113.7)",)
    assert len({look.chain for look in looks}) == len(looks)
    assert [look.seq for look in looks] == sorted(look.seq for look in looks)


def test_looks_and_history_with_limits_give_the_latest(world: World) -> None:
    world.declare(declaration("a"), declaration("b"))
    for service in ("a", "b"):
        world.first_version(service=service)
    world.store.record(visit(start + hour, unchanged("a"), "a"))
    assert [look.terms.service for look in world.store.looks(limit=2)] == ["b", "a"]
    assert [look.terms.service for look in world.store.looks(TermsId(service="a"))] == ["a", "a"]
    assert [row.version.terms.service for row in world.store.history(limit=1)] == ["b"]
    assert world.store.history(TermsId(service="nobody")) == []
    assert world.store.looks(TermsId(service="nobody")) == []
    assert world.store.versions(TermsId(service="nobody")) == []
    assert world.store.history(limit=0) == []


def test_what_is_not_there_is_said(world: World) -> None:
    world.declare()
    world.first_version()
    with pytest.raises(NotFound):
        world.store.text("0" * 64)
    with pytest.raises(NotFound):
        world.store.audits(star, 2)
    with pytest.raises(NotFound):
        world.store.change(TermsId(service="nobody"), 1)
    assert (world.store.change(star, 1), list(world.store.audits(star, 1))) == (None, [])


# --------------------------------------------------------------------------- examinations


def finding(verdict: Verdict) -> Finding:
    quote = "注销账号"
    at = base_text.index(quote)
    evidence = Evidence(quote=quote, span=Span(start=at, end=at + len(quote)), section=("三、您的权利",))
    return Finding(
        criterion="7.1",
        verdict=verdict,
        confidence=Confidence.SINGLE,
        judge="rule:deletion",
        evidence=(evidence,),
    )


def examined(world: World, verdict: Verdict, **fields: object) -> Examination:
    (pending,) = world.store.unexamined(50)
    audit = Audit(checklist="2017", edition="1", profile="default", findings=(finding(verdict),))
    return Examination(pending=pending, audits=(audit,), **fields)  # type: ignore[arg-type]


def test_a_version_is_examined_once(world: World) -> None:
    world.declare()
    world.first_version()
    found = examined(world, Verdict.MET)
    assert (found.pending.previous, found.pending.previous_text) == (None, None)
    assert (found.pending.text, found.pending.links) == (base_text, reading().links)
    assert world.store.settle(found, decided()) is Outcome.EXAMINED
    assert world.store.unexamined(50) == []
    assert world.store.settle(found, decided(alert())) is Outcome.STALE
    assert world.store.alerts() == []
    assert list(world.store.audits(star, 1)) == list(found.audits)


def test_an_examination_is_held_against_the_one_before(world: World) -> None:
    world.declare()
    world.first_version()
    world.changed_to(changed_text, start + hour)
    (pending,) = world.store.unexamined(50)
    assert pending.version.number == 1  # one after the other
    first = examined(world, Verdict.MET)
    world.store.settle(first, decided())
    second = examined(world, Verdict.DENIED)
    assert second.pending.previous == first.pending.version
    assert (second.pending.previous_text, second.pending.text) == (base_text, changed_text)
    assert tuple(second.pending.previous_audits) == first.audits
    worse = Movement(
        criterion="7.1", before=finding(Verdict.MET), after=finding(Verdict.DENIED), better=False
    )
    open_one = Movement(
        criterion="7.2", before=finding(Verdict.MET), after=finding(Verdict.REVIEW), better=None
    )
    delta = AuditDelta(profile="default", movements=(worse, open_one), warning="half of the findings moved")
    from dataclasses import replace

    second = replace(second, change=some_change(), deltas=(delta,))
    assert world.store.settle(second, decided(alert())) is Outcome.EXAMINED
    row = world.store.history()[1]
    assert (row.hunks, row.inserted, row.deleted, row.significance) == (1, 2, 2, 3)
    assert (row.better, row.worse, row.moved, row.warning) == (0, 1, 2, "half of the findings moved")
    assert world.store.change(star, 2) == some_change()
    assert list(world.store.deltas(star, 2)) == [delta]


def test_a_failed_examination_is_kept_as_one(world: World) -> None:
    world.declare()
    world.first_version()
    (pending,) = world.store.unexamined(50)
    broken = Examination(pending=pending, fault=fault(FaultKind.INTERNAL, message="ValueError: x"))
    assert world.store.settle(broken, decided()) is Outcome.EXAMINATION_FAILED
    assert world.store.unexamined(50) == []
    assert world.store.history()[0].fault == "ValueError: x"


# --------------------------------------------------------------------------- search


def test_words_are_found_with_the_version_that_said_them_first(world: World) -> None:
    world.declare(declaration("starbridge"), declaration("other"))
    world.first_version()
    world.first_version(service="other")
    world.changed_to(changed_text, start + hour)
    new = world.store.search("第三方广告")
    assert [(one.terms.service, one.number, one.still) for one in new] == [("starbridge", 2, True)]
    assert new[0].first_seen == start + hour
    assert changed_text[new[0].span.start : new[0].span.end] == new[0].text
    old = world.store.search("优惠广告")
    assert [(one.terms.service, one.number, one.still) for one in old] == [
        ("starbridge", 1, False),
        ("other", 1, True),
    ]
    assert len(world.store.search("位置")) == 5  # two paragraphs of each policy, one of them in two wordings
    assert [one.number for one in world.store.search("广告 派单 starb")] == []
    assert len(world.store.search("广告 派单")) == 3
    assert len(world.store.search("privac")) == 2
    assert len(world.store.search("位置", limit=1)) == 1


@pytest.mark.parametrize(
    "asked", ["", "   ", '"', "AND", "a OR", "NEAR(", "*", "位置:", "-x", "(", "'; DROP TABLE looks"]
)
def test_whatever_is_typed_is_searched_for(world: World, asked: str) -> None:
    world.declare()
    world.first_version()
    world.store.search(asked)
    assert len(world.store.looks()) == 1
