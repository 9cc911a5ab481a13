"""Matches of clauses turned into places of two texts, exact to the character. Pure.

The invariant: a text without the `before` spans of its hunks equals the other without their `after`
spans, character by character. So the hunks alone rebuild the new text from the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.diff.align import Match
from monitor.diff.clauses import Clause
from monitor.model import Change, Op, Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where two texts differ: spans with the clauses in them (indices), and the offset it is ordered by."""

    before: Span | None
    after: Span | None
    old: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    moved: bool = False
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class _Island:
    """A clause (or run) that has no partner in place, between two separators."""

    indices: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Gap:
    """What lies between two clauses that stand in place on both sides."""

    start: int
    end: int
    islands: tuple[_Island, ...]

    def separators(self) -> list[Span]:
        edges = [self.start, *(edge for one in self.islands for edge in (one.start, one.end)), self.end]
        return [Span(start=x, end=y) for x, y in zip(edges[::2], edges[1::2], strict=True)]


def places(
    before: str, after: str, old: Sequence[Clause], new: Sequence[Clause], matches: Sequence[Match]
) -> list[Place]:
    """Every place where the texts differ, in the order of the new text."""
    in_place = sorted((match for match in matches if not match.moved), key=lambda match: match.after)
    moved = _moved_runs([match for match in matches if match.moved])
    found = [_pair_place(match, old, new) for match in in_place]
    found = [place for place in found if _differs(place, before, after)]
    spans_before: dict[tuple[int, ...], Span] = {}
    spans_after: dict[tuple[int, ...], Span] = {}
    moved_before = {match.before for match in moved}
    moved_after = {match.after for match in moved}
    for gap_before, gap_after in zip(
        _gaps(before, old, [match.before for match in in_place], moved_before),
        _gaps(after, new, [match.after for match in in_place], moved_after),
        strict=True,
    ):
        left, right = _leftover(before, after, gap_before, gap_after)
        spans_before |= _stretched(gap_before, left)
        spans_after |= _stretched(gap_after, right)
        rest_before, rest_after = gap_before.separators()[left], gap_after.separators()[right]
        for island in gap_before.islands:
            if island.indices not in moved_before:
                span = spans_before[island.indices]
                found.append(Place(span, None, old=island.indices, anchor=gap_after.start))
        for island in gap_after.islands:
            if island.indices not in moved_after:
                span = spans_after[island.indices]
                found.append(Place(None, span, new=island.indices, anchor=span.start))
        if before[rest_before.start : rest_before.end] != after[rest_after.start : rest_after.end]:
            found.append(Place(rest_before, rest_after, anchor=rest_after.start))
    for match in moved:
        one, other = spans_before[match.before], spans_after[match.after]
        found.append(Place(one, other, old=match.before, new=match.after, moved=True, anchor=other.start))
    return sorted(found, key=_order)


def _order(place: Place) -> tuple[int, int, int]:
    return place.anchor, place.after is not None, place.before.start if place.before else -1


def _pair_place(match: Match, old: Sequence[Clause], new: Sequence[Clause]) -> Place:
    one = Span(start=old[match.before[0]].start, end=old[match.before[-1]].end)
    other = Span(start=new[match.after[0]].start, end=new[match.after[-1]].end)
    return Place(one, other, old=match.before, new=match.after, anchor=other.start)


def _differs(place: Place, before: str, after: str) -> bool:
    assert place.before is not None
    assert place.after is not None
    return before[place.before.start : place.before.end] != after[place.after.start : place.after.end]


def _moved_runs(moved: Sequence[Match]) -> list[Match]:
    """Clauses that moved together are one move."""
    runs: list[Match] = []
    for match in sorted(moved, key=lambda match: match.after):
        last = runs[-1] if runs else None
        if last and last.before[-1] + 1 == match.before[0] and last.after[-1] + 1 == match.after[0]:
            runs[-1] = Match(last.before + match.before, last.after + match.after, moved=True)
        else:
            runs.append(match)
    return runs


def _gaps(
    text: str, clauses: Sequence[Clause], fixed: Sequence[tuple[int, ...]], runs: Iterable[tuple[int, ...]]
) -> list[_Gap]:
    """The stretches between clauses that stand in place, with the clauses that do not as islands in them."""
    run_at = {run[0]: run for run in runs}
    edges = [((-1,), 0, 0), *((run, clauses[run[0]].start, clauses[run[-1]].end) for run in fixed)]
    edges.append(((len(clauses),), len(text), len(text)))
    gaps = []
    for (left, _, start), (right, end, _) in pairwise(edges):
        islands, index = [], left[-1] + 1
        while index < right[0]:
            run = run_at.get(index, (index,))
            islands.append(_Island(run, clauses[run[0]].start, clauses[run[-1]].end))
            index = run[-1] + 1
        gaps.append(_Gap(start, end, tuple(islands)))
    return gaps


def _leftover(before: str, after: str, old: _Gap, new: _Gap) -> tuple[int, int]:
    """The separator on either side that stays outside the hunks: equal ones if there are any, else the last."""
    one = [before[span.start : span.end] for span in old.separators()]
    other = {
        after[span.start : span.end]: index for index, span in reversed(list(enumerate(new.separators())))
    }
    for index, separator in enumerate(one):
        if separator in other:
            return index, other[separator]
    return len(one) - 1, len(new.islands)


def _stretched(gap: _Gap, leftover: int) -> dict[tuple[int, ...], Span]:
    """Spans of the islands with the separators they take along: the one before or, past the leftover, the one after."""
    separators = gap.separators()
    return {
        island.indices: Span(start=separators[order].start, end=island.end)
        if order < leftover
        else Span(start=island.start, end=separators[order + 1].end)
        for order, island in enumerate(gap.islands)
    }


def rebuild(before: str, change: Change) -> str:
    """The new text, made of the old one and the hunks alone.

    Raises ValueError where the change is not one of this text.
    """
    rest = _without(before, [hunk.before for hunk in change.hunks if hunk.before])
    out: list[str] = []
    written = taken = 0
    for hunk in sorted(
        (hunk for hunk in change.hunks if hunk.after), key=lambda hunk: hunk.after.start if hunk.after else 0
    ):
        assert hunk.after is not None
        kept = rest[taken : taken + hunk.after.start - written]
        said = "".join(edit.text for edit in hunk.edits if edit.op is not Op.DELETE)
        if written + len(kept) != hunk.after.start or len(said) != hunk.after.end - hunk.after.start:
            raise ValueError(f"the hunk at {hunk.after.start} does not belong to this text")
        out += [kept, said]
        taken += len(kept)
        written = hunk.after.end
    return "".join([*out, rest[taken:]])


def _without(text: str, spans: Sequence[Span]) -> str:
    out, at = [], 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        out.append(text[at : span.start])
        at = span.end
    return "".join([*out, text[at:]])
