"""A change as one page: each place inline or side by side, readable without scripts and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.model import Change, Hunk, Op
from monitor.render.change import Head, folded, headline, label
from monitor.render.order import by_weight
from monitor.render.pages import template
from monitor.text.clean import clean, clean_line

_around = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place as the template shows it: runs of (kind, words), kinds as in `Op`."""

    headline: str
    section: str
    weight: int
    nature: str
    edits: tuple[tuple[str, str], ...]

    def without(self, op: str) -> list[tuple[str, str]]:
        return [edit for edit in self.edits if edit[0] != op]


def as_html(
    change: Change,
    *,
    language: str = "en",
    head: Head | None = None,
    told: Sequence[str] = (),
    sides: bool = False,
) -> str:
    """A whole page, weightiest place first. The reader chooses inline or side by side; `sides` is what it opens with.

    `told` are the lines of a machine's summary, shown last.
    """
    return template("change.html").render(
        change=change,
        rows=list(_rows(change, language)),
        language="zh" if language.startswith("zh") else "en",
        head=head or Head(),
        told=told,
        sides=sides,
        word=lambda key: label(key, language),
        clean=clean_line,
    )


def _rows(change: Change, language: str) -> Iterator[Row]:
    for hunk in by_weight(change.hunks):
        yield Row(
            headline=headline(hunk, language),
            section=clean_line(" › ".join(hunk.section)),
            weight=hunk.significance,
            nature=hunk.nature.value,
            edits=_edits(hunk),
        )


def _edits(hunk: Hunk) -> tuple[tuple[str, str], ...]:
    """Cleaned runs without the blank lines at the edges, which the page would show as holes."""
    shown = [(op.value, clean(text).replace("\n\n", "\n")) for op, text in folded(hunk.edits, _around)]
    if shown:
        shown[0] = (shown[0][0], shown[0][1].lstrip("\n"))
        shown[-1] = (shown[-1][0], shown[-1][1].rstrip("\n"))
    return tuple((op, text) for op, text in shown if text or op == Op.EQUAL)
