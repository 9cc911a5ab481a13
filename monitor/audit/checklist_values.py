"""The values of a checklist's tables, each checked as it is read; every mistake is kept with its line. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from monitor.text.toml import Lines, Path, shown


class Values:
    """Reads values of one file and collects its mistakes; lives for one reading of it."""

    def __init__(self, file_name: str, data: dict[str, Any], lines: Lines) -> None:
        self.file, self.data, self.lines = file_name, data, lines
        self.problems: list[tuple[int, str]] = []
        self.words: dict[str, str] = {}

    def wrong(self, path: Path, what: str) -> None:
        line = self.lines[path]
        self.problems.append((line, f"{self.file}:{line}: {shown(path) or 'checklist'}: {what}"))

    # -- values of a table

    def table(self, value: Any, path: Path, known: str, needed: str = "") -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong(path, "must be a table")
            return {}
        for key in value:
            if key not in known.split():
                self.wrong((*path, key), f"unknown key; known: {', '.join(known.split())}")
        for key in needed.split():
            if key not in value:
                self.wrong(path, f"{key!r} is missing")
        return value

    def tables(self, holder: Mapping[str, Any], key: str, path: Path = ()) -> list[tuple[Any, Path]]:
        value = holder.get(key, [])
        if not isinstance(value, list):
            self.wrong((*path, key), f"must be an array of tables: [[{shown((*path, key))}]]")
            return []
        return [(one, (*path, key, number)) for number, one in enumerate(value)]

    def text(self, table: Mapping[str, Any], key: str, path: Path, choices: tuple[str, ...] = ()) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.wrong((*path, key), f"must be a text, not {type(value).__name__}")
            return ""
        if choices and key in table and value not in choices:
            self.wrong((*path, key), f"{value!r} is not one of {', '.join(choices)}")
        if key in table and not value.strip():
            self.wrong((*path, key), "is empty")
        return value

    def texts(
        self, table: Mapping[str, Any], key: str, path: Path, choices: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong((*path, key), "must be an array of texts")
            return ()
        for one in value:
            if choices and one not in choices:
                self.wrong((*path, key), f"{one!r} is not one of {', '.join(choices)}")
        for one in (one for one, times in Counter(value).items() if times > 1):
            self.wrong((*path, key), f"{one!r} stands there twice")
        return tuple(value)

    def number(
        self, table: Mapping[str, Any], key: str, path: Path, usual: int, least: int, most: int
    ) -> int:
        value = table.get(key, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong((*path, key), f"must be a whole number from {least} to {most}")
            return usual
        return value

    def truth(self, table: Mapping[str, Any], key: str, path: Path) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.wrong((*path, key), "must be true or false")
            return False
        return value

    def day(self, table: Mapping[str, Any], key: str, path: Path) -> date | None:
        value = table.get(key)
        if value is None or (isinstance(value, date) and type(value) is date):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong((*path, key), f"{value!r} is not a day such as 2021-11-01")
            return None
