"""Two texts -> what differs: clauses aligned, words compared inside them, each place classed and weighed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.diff import lexicon
from monitor.diff.align import align
from monitor.diff.budget import Budget
from monitor.diff.classify import Class, classify, shifted
from monitor.diff.clauses import Clause, clauses
from monitor.diff.coding import Coder
from monitor.diff.places import Place, places
from monitor.diff.words import word_edits
from monitor.model import Change, Edit, Hunk, Nature, Op


def compare(before: str, after: str) -> Change:
    """Everything that differs between two texts, in the order of the new one.

    The same two texts always give the same answer; `rebuild` makes the new one of the old one and the
    hunks. The rules cover Chinese and English at once.
    """
    if before == after:
        return Change(hunks=())
    budget = Budget()
    old, new = clauses(before), clauses(after)
    coder = Coder()
    matches = align(coder.side(old), coder.side(new), budget)
    hunks = tuple(
        _hunk(place, before, after, old, new, budget) for place in places(before, after, old, new, matches)
    )
    weighty = max(hunks, key=lambda hunk: hunk.significance, default=None)
    return Change(
        hunks=hunks,
        significance=weighty.significance if weighty else 0,
        reasons=_reasons(hunks),
        coarse=budget.coarse,
        inserted=_size(hunks, Op.INSERT),
        deleted=_size(hunks, Op.DELETE),
    )


def _size(hunks: Sequence[Hunk], op: Op) -> int:
    return sum(len(edit.text) for hunk in hunks for edit in hunk.edits if edit.op is op)


def _reasons(hunks: Sequence[Hunk]) -> tuple[str, ...]:
    """Why the change weighs what it weighs: topic and direction of its weightiest places."""
    top = max((hunk.significance for hunk in hunks), default=0)
    said = []
    for hunk in hunks:
        if hunk.significance == top and top > 0:
            topic = hunk.topics[0].value if hunk.topics else "wording"
            said.append(f"{topic}: {hunk.direction.value}" if hunk.direction else topic)
    return tuple(dict.fromkeys(said))[:8]


def _hunk(
    place: Place, before: str, after: str, old: Sequence[Clause], new: Sequence[Clause], budget: Budget
) -> Hunk:
    was = before[place.before.start : place.before.end] if place.before else ""
    now = after[place.after.start : place.after.end] if place.after else ""
    edits = word_edits(was, now, lexicon.whole, budget)
    found = _classed(place, was, now, old, new, edits)
    return Hunk(
        form=_form(place, found),
        nature=found.nature,
        edits=edits,
        before=place.before,
        after=place.after,
        section=_section(place, old, new),
        topics=found.topics,
        direction=found.direction,
        reasons=found.reasons,
        facts=tuple(
            shifted(one, place.before.start if place.before else 0, place.after.start if place.after else 0)
            for one in found.facts
        ),
        significance=found.significance,
    )


def _classed(
    place: Place, was: str, now: str, old: Sequence[Clause], new: Sequence[Clause], edits: Sequence[Edit]
) -> Class:
    keys = (" ".join(old[i].key for i in place.old), " ".join(new[j].key for j in place.new))
    if not place.old and not place.new:
        return Class(nature=Nature.COSMETIC, reasons=("white space or rulers only",))
    return classify(was, now, keys, edits, _section(place, old, new), place.moved)


def _section(place: Place, old: Sequence[Clause], new: Sequence[Clause]) -> tuple[str, ...]:
    if place.new:
        return new[place.new[0]].section
    return old[place.old[0]].section if place.old else ()


def _form(place: Place, found: Class) -> str:
    if place.before is None or (not place.old and place.new):
        return "added"
    if place.after is None or (not place.new and place.old):
        return "removed"
    if place.moved:
        return "moved" if found.nature is Nature.MOVED else "moved and changed"
    if len(place.old) < len(place.new):
        return "split"
    return "merged" if len(place.old) > len(place.new) else "changed"
