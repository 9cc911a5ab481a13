"""Every example of the shipped checklist is a test of its criterion."""

from __future__ import annotations

from importlib import resources

import pytest

from monitor.audit import examine_example
from monitor.audit.checklist import Checklist, all_examples, parse
from monitor.audit.criteria import Criterion, Example
from monitor.model import Evidence

_file = resources.files("monitor.checklists") / "zh.toml"
_checklist = parse(_file.read_text(encoding="utf-8"), "zh.toml")
_examples = list(all_examples(_checklist))


@pytest.mark.parametrize(
    ("criterion", "example"),
    _examples,
    ids=[f"{criterion.id}:{criterion.examples.index(example)}" for criterion, example in _examples],
)
def test_the_example_gets_its_verdict(criterion: Criterion, example: Example) -> None:
    finding = examine_example(_checklist, criterion, example.text, example.profile)
    assert finding.verdict is example.verdict, (finding.judge, [one.quote for one in finding.evidence])
    assert all(_stands(one, example.text) for one in finding.evidence)
    if example.quote:
        assert any(example.quote in one.quote or one.quote in example.quote for one in finding.evidence)


def _stands(evidence: Evidence, text: str) -> bool:
    return text[evidence.span.start : evidence.span.end] == evidence.quote


def test_the_checklist_is_whole(chinese: Checklist) -> None:
    assert len(chinese.criteria) == 47
    assert sum(criterion.tier == "core" for criterion in chinese.criteria) == 45
    assert {criterion.id for criterion in chinese.criteria if criterion.seed == "explicit"} == {
        "collect.types",
        "collect.methods",
        "use.purposes",
        "use.profiling",
        "use.advertising",
        "rights.access",
        "rights.delete",
        "rights.limits",
    }


@pytest.mark.parametrize(
    ("profile", "count"),
    [("2017-audit", 16), ("gbt35273-2017", 39), ("gbt35273-2020", 44), ("pipl", 45), ("netdata-2025", 23)],
)
def test_the_profiles_ask_for_what_they_say(chinese: Checklist, profile: str, count: int) -> None:
    assert len(chinese.of_profile(profile)) == count


def test_nobody_is_called_compliant(chinese: Checklist) -> None:
    shown = " ".join(
        [one.title_zh + one.title_en + one.question_zh + one.question_en for one in chinese.criteria]
        + [row.note for one in chinese.criteria for row in one.decide]
        + [words for one in chinese.criteria for words in one.rule.values()]
    )
    for word in ("compliant", "合规", "违法", "违规", "illegal"):
        assert word not in shown.lower()
