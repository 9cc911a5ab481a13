"""Rulings that stick while their quote stands, or come up for review; what they do to an audit's movement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.audit.delta import delta
from monitor.audit.ruling import (
    anchor,
    apply,
    as_it_stands,
    deltas,
    immaterial,
    newly_to_review,
    problems,
    to_review,
)
from monitor.decide.immaterial import with_rulings
from monitor.model import Alert, AlertKind, Cause, Ruling, RulingStanding, TermsId, Verdict, Version
from monitor.render.labels import Language
from monitor.render.message import message
from tests.audit_commands.values import audit, finding

quote = "您可以联系客服删除您的个人信息，我们将在15天内处理。"
text = f"# 您的权利\n{quote}其他事项另行约定。"
at = datetime(2025, 3, 1, tzinfo=UTC)


def ruling(verdict: Verdict | None = Verdict.PARTLY, anchor_quote: str = quote, **more: Verdict) -> Ruling:
    return Ruling(
        terms=TermsId(service="s"),
        criterion="rights.delete",
        by="Ada",
        at=at,
        reason="the way does not work",
        verdict=verdict,
        quote=anchor_quote,
        found=more.get("found"),
    )


def test_a_ruling_overrules_and_says_so() -> None:
    before = audit(finding("rights.delete", Verdict.MET), finding("cookies", Verdict.MET, "甲"))
    found = apply([ruling()], before, text)
    first, second = found.findings
    assert (first.verdict, first.judge) == (Verdict.PARTLY, "ruling: Ada, 2025-03-01")
    assert "the rules said: met" in first.note
    assert text[first.evidence[0].span.start : first.evidence[0].span.end] == first.evidence[0].quote == quote
    assert first.evidence[0].section == ("您的权利",)
    assert second == before.findings[1]
    assert to_review([ruling()], [before], text) == ()


@pytest.mark.parametrize(
    ("new", "standing"),
    [
        ("您可以联系客服，删除您的个人信息，我们将在15天内处理。", RulingStanding.HOLDS),
        ("您可以联系客服删除您的个人信息，我们将在30天内处理。", RulingStanding.CHANGED),
        ("您不可以联系客服删除您的个人信息，我们将在15天内处理。", RulingStanding.CHANGED),
        ("本公司位于海边。", RulingStanding.GONE),
        ("", RulingStanding.GONE),
    ],
)
def test_a_ruling_is_carried_while_its_quote_stands(new: str, standing: RulingStanding) -> None:
    found = anchor(ruling(), new)
    assert found.standing is standing
    if found.evidence:
        assert new[found.evidence.span.start : found.evidence.span.end] == found.evidence.quote
    judged = apply([ruling()], audit(finding("rights.delete", Verdict.MET)), new).findings[0]
    assert judged.verdict is (Verdict.PARTLY if standing is RulingStanding.HOLDS else Verdict.MET)
    assert ("ruling to review" in judged.flags) is (standing is not RulingStanding.HOLDS)


def test_a_ruling_on_an_absence_holds_while_it_is_one() -> None:
    made = ruling(Verdict.NOT_APPLICABLE, "", found=Verdict.NOT_FOUND)
    absent, there = (audit(finding("rights.delete", one)) for one in (Verdict.NOT_FOUND, Verdict.MET))
    assert apply([made], absent, "x").findings[0].verdict is Verdict.NOT_APPLICABLE
    assert apply([made], there, "x").findings[0].verdict is Verdict.MET
    assert len(to_review([made], [there], "x")) == 1


def test_a_change_can_be_held_immaterial() -> None:
    moved = delta(
        audit(finding("rights.delete", Verdict.MET)), audit(finding("rights.delete", Verdict.PARTLY))
    ).movements
    assert immaterial([ruling(None)], moved[0], text) == ruling(None)
    assert immaterial([ruling(None)], moved[0], "别的。") is None
    assert immaterial([ruling()], moved[0], text) is None


def test_what_a_ruling_needs() -> None:
    assert problems(ruling(), text) == ()
    bare = Ruling(
        terms=TermsId(service="s"),
        criterion="c",
        by=" ",
        at=datetime(2025, 1, 1),  # noqa: DTZ001 - a time without a zone is what is refused here
        reason="",
        quote="没有",
    )
    assert len(problems(bare, text)) == 5


# ------------------------------------------------------------------ what moves


moved_text = "# 您的权利\n" + quote.replace("15", "30")


def test_an_overruled_criterion_whose_quote_stands_does_not_move() -> None:
    before, after = (
        audit(finding("rights.delete", Verdict.MET)),
        audit(finding("rights.delete", Verdict.DENIED)),
    )
    (plain,) = deltas([], [before], text, [after], text)
    assert [one.criterion for one in plain.movements] == ["rights.delete"]
    (ruled,) = deltas([ruling()], [before], text, [after], text + "另有变化。")
    assert ruled.movements == ()
    assert newly_to_review([ruling()], [before], text, [after], text + "另有变化。") == ()


def test_a_ruling_that_falls_is_no_news_of_the_text_but_comes_up_for_review() -> None:
    same = audit(finding("rights.delete", Verdict.MET))
    (found,) = deltas([ruling()], [same], text, [same], moved_text)
    assert found.movements == ()
    (laid,) = newly_to_review([ruling()], [same], text, [same], moved_text)
    assert laid.standing is RulingStanding.CHANGED
    assert laid.evidence
    assert "30" in laid.evidence.quote
    assert newly_to_review([ruling()], [same], moved_text, [same], moved_text) == (), "it is told once"


def test_new_words_that_are_ruled_on_move_from_what_the_rules_said_before() -> None:
    before, after = (
        audit(finding("rights.delete", Verdict.NOT_FOUND)),
        audit(finding("rights.delete", Verdict.MET)),
    )
    (found,) = deltas([ruling()], [before], "别的文本。", [after], text)
    assert [(one.before.verdict, one.after.verdict) for one in found.movements] == [
        (Verdict.NOT_FOUND, Verdict.PARTLY)
    ]


def test_an_immaterial_movement_says_who_held_it_so() -> None:
    before, after = (
        audit(finding("rights.delete", Verdict.MET)),
        audit(finding("rights.delete", Verdict.PARTLY)),
    )
    (found,) = deltas([ruling(None)], [before], text, [after], text)
    assert [(one.better, one.immaterial) for one in found.movements] == [
        (None, "Ada, 2025-03-01: the way does not work")
    ]


def test_an_earlier_version_is_ruled_where_it_says_the_same_and_never_marked() -> None:
    made = replace(ruling(), version=3)
    known = audit(finding("rights.delete", Verdict.MET))
    assert apply([made], known, text, 1).findings[0].verdict is Verdict.PARTLY
    assert apply([made], known, moved_text, 1) == known
    assert "ruling to review" in apply([made], known, moved_text, 4).findings[0].flags
    assert to_review([made], [known], moved_text, 1) == ()
    assert len(to_review([made], [known], moved_text, 3)) == 1


def test_a_quote_is_found_however_the_screen_broke_its_lines() -> None:
    assert as_it_stands(" 您可以联系客服\n  删除您的个人信息 ", text) == "您可以联系客服删除您的个人信息"
    assert as_it_stands("do not  sell\nyour", "We do not sell your data.") == "do not sell your"
    assert as_it_stands("不在其中的话", text) is None
    assert as_it_stands("  ", text) is None


# ------------------------------------------------------------------ what an alert says of it


@pytest.mark.parametrize(("language", "says"), [("en", "held immaterial"), ("zh", "人工认定无实质影响")])
def test_a_message_of_an_immaterial_change_says_who_and_why_and_shows_no_alarm(
    language: Language, says: str
) -> None:
    before, after = (
        audit(finding("rights.delete", Verdict.MET)),
        audit(finding("rights.delete", Verdict.PARTLY)),
    )
    told = Alert(
        key="change:s:2",
        kind=AlertKind.CHANGE,
        at=at,
        terms=TermsId(service="s"),
        service_name="S",
        version=version(2),
        deltas=deltas([], [before], text, [after], text),
    )
    whole = replace(ruling(None, ""), criterion="", version=2, reason="only <b>typing</b> mistakes\x1b[31m")
    quiet = with_rulings(told, [whole, replace(whole, version=3), replace(whole, terms=TermsId(service="x"))])
    assert (told.loud, quiet.loud) == (True, False)
    sent = message(quiet, language, repeat=False)
    assert says in sent.title
    for form in (sent.text, sent.html, sent.markdown, sent.chat):
        assert "Ada" in form
        assert "\x1b" not in form
    assert "<b>typing</b>" not in sent.html
    assert says not in message(told, language, repeat=False).title


def test_a_message_shows_a_movement_that_was_held_immaterial() -> None:
    before, after = (
        audit(finding("rights.delete", Verdict.MET)),
        audit(finding("rights.delete", Verdict.PARTLY)),
    )
    told = Alert(
        key="change:s:2",
        kind=AlertKind.CHANGE,
        at=at,
        terms=TermsId(service="s"),
        version=version(2),
        deltas=deltas([], [before], text, [after], text),
    )
    quiet = with_rulings(told, [replace(ruling(None), version=2)])
    assert quiet.loud, "the change as a whole is as it was"
    (moved,) = quiet.deltas[0].movements
    assert moved.better is None
    assert (
        "held immaterial: Ada, 2025-03-01: the way does not work" in message(quiet, "en", repeat=False).text
    )


def version(number: int) -> Version:
    return Version(
        terms=TermsId(service="s"),
        number=number,
        cause=Cause.CHANGE,
        first_seen=at,
        recorded_at=at,
        text_sha256="0" * 64,
        key="0" * 64,
        recipe="r",
        length=10,
        snapshots=(),
        final_urls=(),
    )
