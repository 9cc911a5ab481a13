"""TOML with lines: a mistake is shown where it stands."""

from __future__ import annotations

import pytest

from monitor.errors import ConfigError
from monitor.text.toml import load, shown

document = '''# a comment
title = "x"

[a.b]
key = 1
"quoted key" = """
[not.a.header]
key = 2
"""
after = [
  1,
  2,
]

[[row]]
name = "first"
[row.inner]
x = 1

[[row]]
name = "second"
  [[row.part]]
  y = 1
  [[row.part]]
  y = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("a", "b"), 4),
        (("a", "b", "key"), 5),
        (("a", "b", "quoted key"), 6),
        (("a", "b", "after"), 10),
        (("a", "b", "after", 1), 10),
        (("row", 0, "name"), 16),
        (("row", 0, "inner", "x"), 18),
        (("row", 1), 20),
        (("row", 1, "name"), 21),
        (("row", 1, "part", 1, "y"), 25),
        (("row", 1, "missing"), 20),
        (("nothing",), 1),
    ],
)
def test_lines_of_paths(path: tuple[str | int, ...], line: int) -> None:
    data, lines = load(document, "x.toml")
    assert data["row"][1]["part"][1]["y"] == 2
    assert lines[path] == line


def test_what_is_no_toml_is_shown_with_file_and_line() -> None:
    with pytest.raises(ConfigError, match=r"^x\.toml:2: not valid TOML"):
        load("a = 1\nb = \n", "x.toml")
    with pytest.raises(ConfigError, match=r"^x\.toml:2: not valid TOML"):
        load("a = 1\n[", "x.toml")


def test_paths_are_shown_with_dots() -> None:
    assert shown(("services", 2, "url")) == "services.2.url"
