"""What moves between two audits and what does not."""

from __future__ import annotations

import pytest

from monitor.audit.delta import delta
from monitor.model import Audit, Confidence, Evidence, Finding, Span, Verdict


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
