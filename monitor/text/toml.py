"""TOML with line numbers, so that a mistake can be shown where it stands. Pure.

The standard parser tells no lines for values; this finder reads headers and keys a second time. It is
right for every layout that the parser accepts except keys inside inline tables and multi-line arrays,
which are found at the line of the key that holds them: the right place to look.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.errors import ConfigError

Path = tuple[str | int, ...]

_header = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_key = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)
_part = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")
_at_line = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


class Lines(Mapping[Path, int]):
    """Path of a value -> its line, counted from 1; an unknown path gives the line of its nearest holder."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = dict(lines)

    def __getitem__(self, path: Path) -> int:
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def __iter__(self) -> Iterator[Path]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def load(text: str, file_name: str) -> tuple[dict[str, Any], Lines]:
    """Parse TOML; raises ConfigError as `file:LINE: what is wrong` where it is not TOML."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _at_line.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        what = _at_line.sub("", str(error)).strip()
        raise ConfigError(f"{file_name}:{line}: not valid TOML: {what}") from None
    return data, Lines(_find(text))


def shown(path: Sequence[str | int]) -> str:
    """A path as people write it: `services.2.url`."""
    return ".".join(str(part) for part in path)


def _find(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    table: Path = ()
    counts: Counter[Path] = Counter()
    inside: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if inside:
            if inside in line:
                inside = None
            continue
        if (match := _header.match(line)) and not _key.match(line):
            table = _table(match[1] == "[[", _parts(match[2]), counts)
            lines.setdefault(table, number)
        elif match := _key.match(line):
            lines.setdefault((*table, *_parts(match[1])), number)
            inside = _opens(line[match.end() :])
    return lines


def _table(is_array: bool, parts: Path, counts: Counter[Path]) -> Path:
    """The full path of a header: names of arrays of tables get the number of their latest entry."""
    path: Path = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if is_array and index == len(parts) - 1:
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _part.findall(dotted))


def _opens(value: str) -> str | None:
    """The closing quotes of a multi-line string that this line leaves open."""
    for quotes in ('"""', "'''"):
        if value.count(quotes) % 2:
            return quotes
    return None
