"""A change as a list of words: what went, what stands in its place, how often and where. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.model import Change, Edit, Hunk, Op
from monitor.render.order import by_weight
from monitor.text.clean import clean_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Words `before` that became `after` ("" where there were or are none), `times` over, in these sections.

    `weight` is the significance of the weightiest place that does it.
    """

    before: str
    after: str
    times: int
    weight: int
    sections: tuple[str, ...]


def replaced_words(change: Change) -> list[Replaced]:
    """Every replacement once, weightiest first. A clause that only moved replaces nothing."""
    found: dict[tuple[str, str], list[Hunk]] = {}
    for hunk in by_weight(change.hunks):
        for pair in _pairs(hunk.edits):
            if pair[0] != pair[1]:
                found.setdefault(pair, []).append(hunk)
    return [
        Replaced(
            before=before,
            after=after,
            times=len(hunks),
            weight=hunks[0].significance,
            sections=tuple(dict.fromkeys(clean_line(" › ".join(hunk.section)) for hunk in hunks)),
        )
        for (before, after), hunks in found.items()
    ]


def _pairs(edits: Sequence[Edit]) -> Iterator[tuple[str, str]]:
    """Deletions with the insertion that follows them."""
    open_deletion: str | None = None
    for edit in edits:
        if edit.op is Op.INSERT:
            yield clean_line(open_deletion or ""), clean_line(edit.text)
            open_deletion = None
            continue
        if open_deletion is not None:
            yield clean_line(open_deletion), ""
        open_deletion = edit.text if edit.op is Op.DELETE else None
    if open_deletion is not None:
        yield clean_line(open_deletion), ""


def shortened(text: str, most: int = 120) -> str:
    """The words of a long run by its beginning and its end."""
    return text if len(text) <= most else f"{text[: most - 40]} … {text[-37:]}"
