"""The English checklist: every example is a test, every criterion is there, profiles and laws are named."""

from __future__ import annotations

import pytest

from monitor import registry
from monitor.audit import examine_example
from monitor.audit.criteria import Criterion, Example, all_examples

checklist = registry.checklists()["en"]


@pytest.mark.parametrize(
    ("criterion", "example"),
    [pytest.param(*pair, id=f"{pair[0].id}-{number}") for number, pair in enumerate(all_examples(checklist))],
)
def test_example(criterion: Criterion, example: Example) -> None:
    found = examine_example(checklist, criterion, example.text, example.profile)
    assert found.verdict is example.verdict, found
    for one in found.evidence:
        assert example.text[one.span.start : one.span.end] == one.quote


def test_it_is_complete() -> None:
    assert len(checklist.criteria) == 25
    assert {one.id for one in checklist.profiles} == {"gdpr-13-14", "ccpa"}
    assert all(one.legal_basis(profile) for one in checklist.criteria for profile in one.profiles)
