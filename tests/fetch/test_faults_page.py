"""The page that maps faults to tests names tests that exist, and leaves no row out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

root = Path(__file__).parents[2]
page = (root / "docs" / "reference" / "faults.md").read_text(encoding="utf-8")
named = sorted(set(re.findall(r"(tests/[a-z_/]+\.py)::(\w+)", page)))


@pytest.mark.parametrize(("file", "function"), named)
def test_a_test_that_is_named_exists(file: str, function: str) -> None:
    assert f"def {function}(" in (root / file).read_text(encoding="utf-8")


def test_no_row_is_left_out() -> None:
    rows = [int(number) for number in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)]
    assert rows == [*range(1, 34), *range(70, 74)]


def test_every_test_of_a_row_is_named() -> None:
    written = set()
    for file in (root / "tests" / "fetch").glob("test_*.py"):
        written |= set(
            re.findall(r"def (test_rows?_(?!53|06_pages_that_stay)\w+)\(", file.read_text(encoding="utf-8"))
        )
    assert written - {function for _, function in named} == set()
