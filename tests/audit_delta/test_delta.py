"""What moves between two audits and what does not, rulings that stick or come up for review, the matrix."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from monitor import registry
from monitor.audit.delta import delta
from monitor.audit.matrix import Entry, as_csv, as_html, as_json, harmless, matrix, table, tiers_2017
from monitor.audit.ruling import Ruling, Standing, anchor, apply, immaterial, problems, to_review
from monitor.model import Audit, Confidence, Evidence, Finding, Span, TermsId, Verdict


def finding(criterion: str, verdict: Verdict, quote: str = "", flags: tuple[str, ...] = ()) -> Finding:
    evidence = (Evidence(quote=quote, span=Span(start=0, end=len(quote))),) if quote else ()
    return Finding(
        criterion=criterion,
        verdict=verdict,
        confidence=Confidence.SINGLE,
        judge="rule",
        evidence=evidence,
        flags=flags,
    )


def audit(*findings: Finding, edition: str = "1", suspect: str | None = None) -> Audit:
    return Audit(checklist="zh", edition=edition, profile="pipl", findings=findings, suspect=suspect)


# ------------------------------------------------------------------ delta


@pytest.mark.parametrize(
    ("criterion", "before", "after", "better"),
    [
        ("rights.delete", Verdict.MET, Verdict.PARTLY, False),
        ("rights.delete", Verdict.PARTLY, Verdict.RESTRICTED, False),
        ("rights.delete", Verdict.NOT_FOUND, Verdict.MET, True),
        ("rights.delete", Verdict.NOT_FOUND, Verdict.DENIED, False),
        ("rights.delete", Verdict.NOT_FOUND, Verdict.RESTRICTED, None),
        ("change.deemed", Verdict.CLEAR, Verdict.FLAGGED, False),
        ("change.deemed", Verdict.FLAGGED, Verdict.CLEAR, True),
        ("rights.limits", Verdict.NOT_STATED, Verdict.FLAGGED, None),
        ("en.request-handling", Verdict.CLEAR, Verdict.FLAGGED, None),
        ("cross.details", Verdict.MET, Verdict.NOT_APPLICABLE, None),
    ],
)
def test_a_verdict_that_differs_moves(
    criterion: str, before: Verdict, after: Verdict, better: bool | None
) -> None:
    found = delta(audit(finding(criterion, before, "甲")), audit(finding(criterion, after, "乙")))
    assert [(one.better, one.note) for one in found.movements] == [(better, f"{before} -> {after}")]
    assert found.warning is None


@pytest.mark.parametrize(
    ("criterion", "old", "new", "better", "note"),
    [
        (
            "rights.response-time",
            "我们将在15天内答复您的请求。",
            "我们将在30天内答复您的请求。",
            False,
            "15 days -> 30 days",
        ),
        ("retain.period", "日志保存十二个月。", "日志保存六个月。", True, "1 year -> 6 months"),
        (
            "en.retention",
            "We keep logs for 30 days.",
            "We keep logs for 90 days.",
            False,
            "30 days -> 90 days",
        ),
        ("change.notice", "我们会提前7日通知您。", "我们会提前15日通知您。", True, "7 days -> 15 days"),
    ],
)
def test_a_period_that_changed_moves(criterion: str, old: str, new: str, better: bool, note: str) -> None:
    found = delta(audit(finding(criterion, Verdict.MET, old)), audit(finding(criterion, Verdict.MET, new)))
    assert [(one.better, one.note) for one in found.movements] == [(better, note)]


@pytest.mark.parametrize(
    ("criterion", "old", "new"),
    [
        ("rights.response-time", "我们将在15天内答复您的请求。", "我们会在十五天内答复您的请求。"),
        ("rights.response-time", "我们将在三十日内回复您。", "我们将于30天内回复您。"),
        ("en.retention", "We keep logs for thirty (30) days.", "We store logs for 30 days."),
        ("share.recipients", "我们会与支付公司共享订单信息。", "我们会向支付公司共享订单信息。"),
    ],
)
def test_wording_alone_moves_nothing(criterion: str, old: str, new: str) -> None:
    before, after = audit(finding(criterion, Verdict.MET, old)), audit(finding(criterion, Verdict.MET, new))
    assert delta(before, after).movements == ()


def test_a_recipient_that_joined_moves() -> None:
    old = finding("share.recipients", Verdict.MET, "我们与北京甲乙科技有限公司共享您的订单信息以便配送。")
    new = finding(
        "share.recipients",
        Verdict.MET,
        "我们与北京甲乙科技有限公司、上海丙丁图文有限公司共享您的订单信息以便配送。",
    )
    found = delta(audit(old), audit(new)).movements
    assert [one.note for one in found] == ["recipient added: 上海丙丁图文有限公司"]


def test_a_remark_that_came_moves() -> None:
    old, new = (
        finding("collect.refusal", Verdict.MET, "甲"),
        finding("collect.refusal", Verdict.MET, "甲", ("no service",)),
    )
    assert [(one.note, one.better) for one in delta(audit(old), audit(new)).movements] == [
        ("added: no service", False)
    ]


def test_many_losses_doubt_the_capture_not_the_law() -> None:
    names = [f"c{number}" for number in range(6)]
    before = audit(*(finding(name, Verdict.MET, "甲") for name in names))
    after = audit(*(finding(name, Verdict.NOT_FOUND) for name in names))
    found = delta(before, after)
    assert found.warning is not None
    assert "6 criteria" in found.warning
    assert {one.better for one in found.movements} == {None}
    five = delta(audit(*before.findings[:5]), audit(*after.findings[:5]))
    assert five.warning is None


def test_a_suspect_capture_is_a_warning_then_and_now() -> None:
    lost = audit(finding("a", Verdict.NOT_FOUND), suspect="cut")
    whole = audit(finding("a", Verdict.MET, "甲"))
    assert "cut" in (delta(whole, lost).warning or "")
    back = delta(lost, whole)
    assert "cut" in (back.warning or "")
    assert back.movements[0].better is None


def test_another_edition_is_named() -> None:
    found = delta(
        audit(finding("a", Verdict.MET, "甲")), audit(finding("a", Verdict.PARTLY, "甲"), edition="2")
    )
    assert "edition 1 -> 2" in found.movements[0].note


# ------------------------------------------------------------------ rulings

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
    assert to_review([ruling()], before, text) == ()


@pytest.mark.parametrize(
    ("new", "standing"),
    [
        ("您可以联系客服，删除您的个人信息，我们将在15天内处理。", Standing.HOLDS),
        ("您可以联系客服删除您的个人信息，我们将在30天内处理。", Standing.CHANGED),
        ("您不可以联系客服删除您的个人信息，我们将在15天内处理。", Standing.CHANGED),
        ("本公司位于海边。", Standing.GONE),
        ("", Standing.GONE),
    ],
)
def test_a_ruling_is_carried_while_its_quote_stands(new: str, standing: Standing) -> None:
    found = anchor(ruling(), new)
    assert found.standing is standing
    if found.evidence:
        assert new[found.evidence.span.start : found.evidence.span.end] == found.evidence.quote
    judged = apply([ruling()], audit(finding("rights.delete", Verdict.MET)), new).findings[0]
    assert judged.verdict is (Verdict.PARTLY if standing is Standing.HOLDS else Verdict.MET)
    assert ("ruling to review" in judged.flags) is (standing is not Standing.HOLDS)


def test_a_ruling_on_an_absence_holds_while_it_is_one() -> None:
    made = ruling(Verdict.NOT_APPLICABLE, "", found=Verdict.NOT_FOUND)
    absent, there = (audit(finding("rights.delete", one)) for one in (Verdict.NOT_FOUND, Verdict.MET))
    assert apply([made], absent, "x").findings[0].verdict is Verdict.NOT_APPLICABLE
    assert apply([made], there, "x").findings[0].verdict is Verdict.MET
    assert len(to_review([made], there, "x")) == 1


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


# ------------------------------------------------------------------ matrix


def test_matrix_rows_with_tiers() -> None:
    checklist = registry.checklists()["zh"]
    known = audit(finding("rights.delete", Verdict.MET, "<b>引文</b>"))
    entries = [Entry(service="京东", version=3, audit=known), Entry(service='=cmd|"<x>"')]
    found = matrix(entries, checklist, "2017-audit", tiers=tiers_2017)
    head, rows = table(found)
    assert rows[0][:4] == ("京东", "3", "", "3")
    assert rows[0][head.index("rights.delete")] == "met"
    assert set(rows[1][1:]) == {""}
    read = list(csv.reader(io.StringIO(as_csv(found))))
    assert read[2][0] == '\'=cmd|"<x>"'
    data = json.loads(as_json(found))
    assert data["services"][0]["findings"]["rights.delete"]["quote"] == "<b>引文</b>"
    page = as_html(found)
    assert "<b>" not in page
    assert "<x>" not in page
    assert "●" in page


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\u3000=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("京东") == "京东"


def test_the_published_tiers() -> None:
    assert sorted(one.tier for one in tiers_2017.services) == [1, 1, 2, 2, 2, 3, 3, 3, 3, 3]
    weibo = tiers_2017.of("新浪微博")
    assert weibo is not None
    assert weibo.tier == 1
    assert tiers_2017.of("别的") is None
