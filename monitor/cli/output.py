"""How the commands print: tables, JSON, times. Everything that came from a page is cleaned first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.model import AuditDelta, Confidence, StatedDates, Verdict
from monitor.text.clean import clean

verdict_styles = {
    Verdict.MET: "green",
    Verdict.CLEAR: "green",
    Verdict.PARTLY: "yellow",
    Verdict.REVIEW: "magenta",
    Verdict.RESTRICTED: "red",
    Verdict.DENIED: "red",
    Verdict.FLAGGED: "red",
    Verdict.NOT_FOUND: "red",
    Verdict.NOT_STATED: "dim",
    Verdict.NOT_APPLICABLE: "dim",
}
confidence_marks = {Confidence.STRONG: "●", Confidence.SINGLE: "◐", Confidence.WEAK: "○"}


def console() -> Console:
    """The terminal; wide enough to keep rows whole where it is a pipe."""
    found = Console(highlight=False, markup=False, emoji=False)
    return found if found.is_terminal else Console(highlight=False, markup=False, emoji=False, width=160)


def print_json(value: object) -> None:
    """JSON of any value of the model. Control characters are escaped by JSON itself, Chinese is kept."""
    click.echo(json.dumps(to_jsonable_python(value, bytes_mode="base64"), ensure_ascii=False, indent=2))


def table(title: str, *columns: str) -> Table:
    found = Table(title=Text(title), title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        found.add_column(
            column.lstrip(">"), justify="right" if column.startswith(">") else "left", overflow="fold"
        )
    return found


def cell(value: object, style: str = "") -> Text:
    return Text(clean(str(value)), style=style)


def stamp(when: datetime | None) -> str:
    """A moment in UTC to the minute, or a dash."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M}" if when else "–"


def span(length: timedelta, units: int = 1) -> str:
    """`3 h`, `2 d`: the largest unit that fits; with `units` 2, `6 h 20 min`, `2 d 4 h`."""
    seconds = max(0, int(length.total_seconds()))
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:units]) or "0 s"


def stated(dates: StatedDates) -> str:
    """The dates a text states of itself: `updated 2022-05-12, effective 2022-05-19`."""
    words = (("updated", dates.updated), ("effective", dates.effective))
    shown = [
        f"{word} {found.day:%Y-%m-%d}" if found.precision == "day" else f"{word} {found.day:%Y-%m}"
        for word, found in words
        if found
    ]
    return ", ".join(shown) or "none stated"


def movement(deltas: Sequence[AuditDelta]) -> str:
    """What a version did to the audit: `2 better, 1 worse`."""
    moved = [one.better for delta in deltas for one in delta.movements]
    return movement_words(moved.count(True), moved.count(False), moved.count(None))


def movement_words(better: int, worse: int, other: int) -> str:
    counts = ((better, "better"), (worse, "worse"), (other, "other"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)
