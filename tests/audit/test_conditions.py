"""The language of `when`."""

from __future__ import annotations

import pytest

from monitor.audit.conditions import MalformedError, when

counts = {"a": 1, "b": 0, "c": 3}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("a", True),
        ("b", False),
        ("!b", True),
        ("a & b", False),
        ("a | b", True),
        ("b | a & c", True),
        ("(b | a) & !c", False),
        ("count(c) >= 3", True),
        ("count(a, c) >= 5", False),
        ("kinds(a, b, c) >= 2", True),
        ("kinds(a, b) >= 2", False),
    ],
)
def test_it_holds(source: str, holds: bool) -> None:
    assert when(source).holds(counts.__getitem__) is holds


@pytest.mark.parametrize(
    "source",
    [
        "",
        "a &",
        "& a",
        "a b",
        "(a",
        "a)",
        "count(a)",
        "count() >= 2",
        "kinds(a >= 2",
        "3",
        "a @ b",
        "count(a) >= b",
    ],
)
def test_what_cannot_be_read(source: str) -> None:
    with pytest.raises(MalformedError):
        when(source)


def test_signals_that_speak_for_it() -> None:
    found = when("a & !b | count(c) >= 2")
    assert list(found.signals()) == ["a", "c"]
    assert list(found.signals(positive=False)) == ["a", "b", "c"]
