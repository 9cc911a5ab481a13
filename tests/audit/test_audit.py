"""Auditing whole texts: profiles, shared judgements, quotes that stand, texts that cannot be judged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.audit import audit, audit_text, audits_of_text
from monitor.audit.check import broken, checked
from monitor.audit.checklist import Checklist
from monitor.audit.profiles import in_force, of_text
from monitor.model import (
    Audit,
    Cause,
    Confidence,
    Declaration,
    Evidence,
    Finding,
    Link,
    Pending,
    SourceDocument,
    Span,
    StatedDate,
    StatedDates,
    TermsId,
    Verdict,
    Version,
    digest,
)

seen = datetime(2026, 1, 5, tzinfo=UTC)


def pending(
    text: str, *, effective: date | None = None, profiles: tuple[str, ...] = (), language: str = "zh"
) -> Pending:
    stated = StatedDate(day=effective, precision="day", quote="") if effective else None
    terms = TermsId(service="qinghe")
    version = Version(
        terms=terms,
        number=1,
        cause=Cause.FIRST_RECORD,
        first_seen=seen,
        recorded_at=seen,
        text_sha256=digest(text),
        key="",
        recipe="",
        length=len(text),
        snapshots=(),
        final_urls=(),
        language=language,
        dates=StatedDates(effective=stated),
    )
    documents = (SourceDocument(location="https://qinghe.example/privacy"),)
    declaration = Declaration(terms=terms, name="Qinghe", documents=documents, profiles=profiles)
    return Pending(declaration=declaration, version=version, text=text)


def found(audited: Audit, criterion: str) -> Finding:
    return next(finding for finding in audited.findings if finding.criterion == criterion)


def test_a_policy_is_judged(chinese: Checklist, policy: str) -> None:
    audited = audit_text(policy, chinese, "pipl")
    verdicts = {finding.criterion: finding.verdict for finding in audited.findings}
    assert verdicts["doc.dates"] is Verdict.MET
    assert verdicts["doc.controller"] is Verdict.MET
    assert verdicts["doc.contact"] is Verdict.MET
    assert verdicts["use.profiling"] is Verdict.MET
    assert verdicts["use.opt-out"] is Verdict.MET
    assert verdicts["collect.types"] is Verdict.PARTLY
    assert verdicts["share.separate-consent"] is Verdict.MET
    assert verdicts["cross.location"] is Verdict.MET
    assert verdicts["cross.details"] is Verdict.NOT_APPLICABLE
    assert verdicts["retain.period"] is Verdict.MET
    assert verdicts["rights.access"] is Verdict.MET
    assert verdicts["rights.delete"] is Verdict.RESTRICTED
    assert verdicts["rights.limits"] is Verdict.FLAGGED
    assert verdicts["rights.response-time"] is Verdict.MET
    assert verdicts["minors.rules"] is Verdict.NOT_FOUND
    assert audited.suspect is None
    assert (audited.checklist, audited.profile) == ("zh", "pipl")


def test_quotes_come_with_place_and_section(chinese: Checklist, policy: str) -> None:
    finding = found(audit_text(policy, chinese, "pipl"), "rights.delete")
    first = finding.evidence[0]
    assert policy[first.span.start : first.span.end] == first.quote
    assert "无法删除" in first.quote
    assert first.section[-1] == "四、您的权利"
    assert 1 <= len(finding.evidence) <= 3
    assert finding.judge.startswith("rights.delete/")
    assert finding.confidence is Confidence.STRONG


def test_absence_says_what_was_searched_and_where_it_may_be(chinese: Checklist, policy: str) -> None:
    links = (
        Link(text="儿童个人信息保护规则", address="https://qinghe.example/kids"),
        Link(text="关于我们", address="https://qinghe.example/about"),
    )
    finding = found(audit_text(policy, chinese, "pipl", links=links), "minors.rules")
    assert finding.verdict is Verdict.NOT_FOUND
    assert "儿童个人信息" in finding.searched
    assert [link.address for link in finding.links] == ["https://qinghe.example/kids"]
    assert finding.evidence == ()
    assert finding.confidence is Confidence.WEAK


def test_two_profiles_share_a_judgement_but_for_what_depends_on_the_profile(
    chinese: Checklist, policy: str
) -> None:
    first, second = audits_of_text(policy, chinese, ["gbt35273-2020", "pipl"])
    assert found(first, "rights.access") is found(second, "rights.access")
    text = policy.replace("单独同意", "同意")
    first, second = audits_of_text(text, chinese, ["gbt35273-2020", "pipl"])
    assert found(first, "share.separate-consent").verdict is Verdict.MET
    assert found(second, "share.separate-consent").verdict is Verdict.PARTLY


@pytest.mark.parametrize(
    ("day", "profiles"),
    [
        (date(2017, 8, 1), ("2017-audit",)),
        (date(2019, 1, 1), ("gbt35273-2017",)),
        (date(2021, 6, 1), ("gbt35273-2020",)),
        (date(2022, 6, 1), ("gbt35273-2020", "pipl")),
        (date(2025, 6, 1), ("gbt35273-2020", "pipl", "netdata-2025")),
        (date(2015, 1, 1), ("2017-audit",)),
        (date(2018, 2, 1), ("2017-audit",)),
    ],
)
def test_profiles_in_force(chinese: Checklist, day: date, profiles: tuple[str, ...]) -> None:
    assert in_force(chinese, day) == profiles


def test_a_version_is_judged_by_its_own_day_or_the_operators_word(chinese: Checklist, policy: str) -> None:
    checklists = {"zh": chinese}
    by_day = audit(pending(policy, effective=date(2021, 6, 1)), checklists)
    assert [one.profile for one in by_day] == ["gbt35273-2020"]
    named = audit(pending(policy, effective=date(2021, 6, 1), profiles=("2017-audit", "pipl")), checklists)
    assert [one.profile for one in named] == ["2017-audit", "pipl"]
    first_seen = audit(pending(policy), checklists)
    assert [one.profile for one in first_seen] == ["gbt35273-2020", "pipl", "netdata-2025"]
    assert audit(pending("We collect data.", language="en"), checklists) == ()


@pytest.mark.parametrize(
    ("text", "day", "profile"),
    [
        ("我们保护您的信息。", None, "gbt35273-2017"),
        ("根据《个人信息保护法》，我们保护您的信息。", None, "pipl"),
        ("我们保护您的信息。", date(2022, 1, 1), "pipl"),
        ("我们保护您的信息。", date(2021, 1, 1), "gbt35273-2020"),
        ("根据《个人信息保护法》，我们保护您的信息。", date(2019, 1, 1), "gbt35273-2017"),
    ],
)
def test_the_profile_of_a_text_alone(chinese: Checklist, text: str, day: date | None, profile: str) -> None:
    assert of_text(text, day, chinese) == profile


english = (
    "We collect your name and your e-mail address when you register, and we use them to provide the service. "
    * 6
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("我们重视隐私。", "characters"),
        (english, "another language"),
        (
            "我們會收集您的個人資訊，並依法保護您的隱私權與資料安全，詳情請參閱本政策各項說明。" * 6,
            "traditional",
        ),
        ("今天的比赛非常精彩，双方队员都拿出了最好的状态，观众们久久不愿离去。" * 8, "does not speak"),
    ],
)
def test_what_cannot_be_judged_is_for_review(chinese: Checklist, text: str, why: str) -> None:
    audited = audit_text(text, chinese, "pipl")
    assert {finding.verdict for finding in audited.findings} == {Verdict.REVIEW}
    assert len(audited.findings) == 45
    assert why in (audited.suspect or "")
    assert all(why in finding.note for finding in audited.findings)


def test_a_cut_text_reports_no_absence(chinese: Checklist, policy: str) -> None:
    cut = (
        policy[: policy.index("四、您的权利")].rstrip()
        + "\n在您浏览商品和下单期间，我们会记下您的购物车、您最近看过的店铺以及"
    )
    audited = audit_text(cut, chinese, "pipl")
    assert audited.suspect
    assert Verdict.NOT_FOUND not in {finding.verdict for finding in audited.findings}
    gone = found(audited, "rights.access")
    assert gone.verdict is Verdict.REVIEW
    assert "suspect capture" in gone.flags
    assert found(audited, "doc.dates").verdict is Verdict.MET


def test_an_agreement_without_a_privacy_part_reports_no_absence(chinese: Checklist) -> None:
    duties = "乙方应当按照约定使用软件，不得从事违法活动。双方发生争议的，提交仲裁委员会仲裁。"
    text = f"青禾软件用户服务协议\n一、总则\n{duties * 6}\n二、其他\n我们尊重您的隐私。您的信息受保护。\n"
    audited = audit_text(text, chinese, "pipl")
    assert "user agreement" in (audited.suspect or "")
    assert Verdict.NOT_FOUND not in {finding.verdict for finding in audited.findings}


def test_the_privacy_part_of_an_agreement_is_judged(chinese: Checklist, policy: str) -> None:
    agreement = "青禾软件用户服务协议\n一、总则\n您应当按照约定使用软件。\n二、隐私保护\n" + policy
    audited = audit_text(agreement, chinese, "pipl")
    alone = audit_text(policy, chinese, "pipl")
    kept = [one for one in alone.findings if one.verdict in (Verdict.MET, Verdict.PARTLY)]
    assert kept
    assert all(found(audited, one.criterion).verdict is one.verdict for one in kept)


def test_an_invented_quote_is_refused(chinese: Checklist, policy: str) -> None:
    quote = Evidence(quote="我们从不共享任何信息", span=Span(start=0, end=10))
    finding = Finding(
        criterion="x",
        verdict=Verdict.MET,
        confidence=Confidence.SINGLE,
        judge="someone else",
        evidence=(quote,),
    )
    forged = Audit(checklist="zh", edition="1", profile="pipl", findings=(finding,))
    assert broken(forged, policy)
    with pytest.raises(AssertionError):
        checked(forged, policy)


def test_a_verdict_that_claims_something_needs_its_quote(policy: str) -> None:
    bare = Finding(criterion="x", verdict=Verdict.PARTLY, confidence=Confidence.SINGLE, judge="someone else")
    assert broken(Audit(checklist="zh", edition="1", profile="pipl", findings=(bare,)), policy)


def test_the_same_text_gives_the_same_audit(chinese: Checklist, policy: str) -> None:
    assert audit_text(policy, chinese, "pipl") == audit_text(policy, chinese, "pipl")


pieces = st.sampled_from(
    [
        "您可以删除",
        "我们收集手机号码、姓名",
        "。",
        "，",
        "\n",
        "一、",
        "如您拒绝",
        "设置-隐私",
        "# ",
        "| a | b |",
        "**",
        "SDK",
        "期限届满后删除",
        "\ufeff",
        " ",
        "Cookie",
        "2023年5月8日生效",
    ]
)


@given(parts=st.lists(pieces, min_size=40, max_size=120))
@settings(max_examples=40, deadline=None)
def test_quotes_stand_in_any_text(chinese: Checklist, parts: list[str]) -> None:
    text = "".join(parts)
    for audited in audits_of_text(text, chinese, ["gbt35273-2020", "pipl"]):
        assert broken(audited, text) == ()
