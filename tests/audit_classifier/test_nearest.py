"""The classifier points at rows where rules find nothing, and at topics no rule knows; it gives no verdict."""

from __future__ import annotations

from dataclasses import replace

from monitor import registry
from monitor.audit import audits_of_text
from monitor.audit.classifier import Classifier
from monitor.audit.judge import rows_to_read
from monitor.audit.nearest import Nearest
from monitor.diff import compare
from monitor.model import Confidence, Finding, Topic, Verdict

filler = "我们重视每一位朋友，欢迎您随时告诉我们您的想法，我们会认真听取。" * 8
odd = "万一哪天青禾不再经营，我们将关停服务并提前发布公示，同时把您的数据一并抹去。"


def findings(text: str, with_model: bool = True) -> dict[str, Finding]:
    checklist = registry.checklists()["zh"]
    finder = registry.classifier if with_model else None
    return {
        one.criterion: one for one in audits_of_text(text, checklist, ["pipl"], finder=finder)[0].findings
    }


def model(language: str = "zh") -> Classifier:
    found = registry.classifier(language)
    assert found is not None
    return found


def test_an_absence_names_the_rows_nearest_to_its_subject() -> None:
    text = f"隐私政策\n{filler}\n我们会与合作的快递公司共享您的资料。\n{filler}"
    found = findings(text)["share.merger"]
    assert found.verdict is Verdict.NOT_FOUND
    assert "主题最接近的句子" in found.searched
    assert "“我们会与合作的快递公司共享您的资料。”" in found.searched
    assert "主题最接近的句子" not in findings(text, with_model=False)["share.merger"].searched


def test_a_likely_row_of_the_very_subject_makes_an_absence_weak_and_no_more() -> None:
    text = f"隐私政策\n{filler}\n{odd}\n{filler}"
    plain, helped = findings(text, with_model=False), findings(text)
    assert {name: one.verdict for name, one in plain.items()} == {
        name: one.verdict for name, one in helped.items()
    }
    for name, one in helped.items():
        if rows_to_read in one.flags:
            assert one.confidence is Confidence.WEAK
            assert one.verdict is Verdict.NOT_FOUND
            assert replace(one, confidence=plain[name].confidence, searched="", flags=()) == replace(
                plain[name], searched="", flags=()
            )


def test_no_row_is_named_for_an_unknown_topic_or_an_unlikely_one() -> None:
    assert Nearest(filler, model()).to("weather") == ()
    assert Nearest("今天天气不错。", model()).to("cessation") == ()


def test_the_tags_reach_a_change_whose_words_no_rule_knows() -> None:
    before = "第一句话不变。\n最后一句话不变。"
    after = "第一句话不变。\n我们会将您的资料交给快递伙伴。\n最后一句话不变。"
    hunks = compare(before, after, registry.tagger("zh")).hunks
    assert Topic.SHARING in {topic for hunk in hunks for topic in hunk.topics}
