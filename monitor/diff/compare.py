"""Two texts -> what differs: clauses aligned, words compared inside them, each place classed and weighed. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.diff import lexicon
from monitor.diff.align import Match, align
from monitor.diff.budget import Budget
from monitor.diff.classify import Class, Spot, Tagger, classify
from monitor.diff.clauses import Clause, clauses, label
from monitor.diff.coding import Coder
from monitor.diff.fact_changes import shifted
from monitor.diff.places import Place, places
from monitor.diff.summary import reasons_of
from monitor.diff.words import word_edits
from monitor.model import Change, Edit, Fact, Hunk, Nature, Op, Span
from monitor.text.blocks import BlockKind
from monitor.text.facts import TableRow, clause_facts, table_rows

_unread = Class(
    nature=Nature.SUBSTANTIVE, reasons=("too much changed to be read: not classed",), significance=2
)


@dataclass(frozen=True, slots=True)
class _Text:
    """One of the two texts, with its clauses and the rows of its tables of third parties."""

    text: str
    clauses: Sequence[Clause]
    rows: Sequence[TableRow]

    def said(self, span: Span | None) -> str:
        return self.text[span.start : span.end] if span else ""

    def facts(self, span: Span | None) -> tuple[Fact, ...]:
        """The facts of a span: of its sentences counted from its start, of its table rows from the text's."""
        if span is None:
            return ()
        return (*clause_facts(self.said(span)), *(row.fact for row in self.rows_in(span)))

    def rows_in(self, span: Span | None) -> list[TableRow]:
        if span is None:
            return []
        first, end = (bisect_left(self.rows, at, key=_start) for at in (span.start, span.end))
        return list(self.rows[first:end])


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both texts, with the numbers of sections that are others in the new one."""

    old: _Text
    new: _Text
    renumbered: frozenset[tuple[str, str]]


def _renumbered(matches: Sequence[Match], old: _Text, new: _Text) -> frozenset[tuple[str, str]]:
    """Numbers that the same clause bore and bears: "4" became "5"."""
    pairs = (
        (label(old.clauses[match.before[0]].number), label(new.clauses[match.after[0]].number))
        for match in matches
    )
    return frozenset((one, other) for one, other in pairs if one and other and one != other)


def _start(row: TableRow) -> int:
    return row.fact.span.start


def compare(before: str, after: str, tagger: Tagger | None = None) -> Change:
    """Everything that differs between two texts, in the order of the new one.

    The same two texts always give the same answer; `rebuild` makes the new one of the old one and the
    hunks. The rules cover Chinese and English at once. `tagger` names the topics of a clause whose words
    the rules do not know.
    """
    if before == after:
        return Change(hunks=())
    budget = Budget()
    old = _Text(before, clauses(before), sorted(table_rows(before), key=_start))
    new = _Text(after, clauses(after), sorted(table_rows(after), key=_start))
    coder = Coder()
    matches = align(coder.side(old.clauses), coder.side(new.clauses), budget)
    found = places(before, after, old.clauses, new.clauses, matches)
    pair = _Pair(old, new, _renumbered(matches, old, new))
    hunks = tuple(_hunk(place, pair, budget, tagger) for place in found)
    return Change(
        hunks=hunks,
        significance=max((hunk.significance for hunk in hunks), default=0),
        reasons=reasons_of(hunks),
        coarse=budget.coarse,
        inserted=_size(hunks, Op.INSERT),
        deleted=_size(hunks, Op.DELETE),
    )


def _size(hunks: Sequence[Hunk], op: Op) -> int:
    return sum(len(edit.text) for hunk in hunks for edit in hunk.edits if edit.op is op)


def _hunk(place: Place, pair: _Pair, budget: Budget, tagger: Tagger | None) -> Hunk:
    old, new = pair.old, pair.new
    edits = word_edits(old.said(place.before), new.said(place.after), lexicon.whole, budget)
    length = sum(len(edit.text) for edit in edits)
    found = _classed(place, pair, edits, tagger) if budget.read(length) else _unread
    starts = [span.start if span else 0 for span in (place.before, place.after)]
    return Hunk(
        form=_form(place, found),
        nature=found.nature,
        edits=edits,
        before=place.before,
        after=place.after,
        section=_section(place, old.clauses, new.clauses),
        topics=found.topics,
        direction=found.direction,
        reasons=found.reasons,
        facts=tuple(shifted(one, *starts) for one in found.facts),
        significance=found.significance,
    )


def _classed(place: Place, pair: _Pair, edits: tuple[Edit, ...], tagger: Tagger | None) -> Class:
    old, new = pair.old, pair.new
    if not place.old and not place.new:
        return Class(nature=Nature.COSMETIC, reasons=("white space or rulers only",))
    concerned = [*(new.clauses[j] for j in place.new), *(old.clauses[i] for i in place.old)]
    spot = Spot(
        before=old.said(place.before),
        after=new.said(place.after),
        keys=(
            " ".join(old.clauses[i].key for i in place.old),
            " ".join(new.clauses[j].key for j in place.new),
        ),
        edits=edits,
        section=concerned[0].section,
        lead=concerned[0].lead,
        moved=place.moved,
        facts=(old.facts(place.before), new.facts(place.after)),
        heading=all(one.kind is BlockKind.HEADING and one.text.startswith("#") for one in concerned),
        regrouped=bool(place.old and place.new) and len(place.old) != len(place.new),
        renumbered=pair.renumbered,
        embedded=any(row.embedded for row in (*old.rows_in(place.before), *new.rows_in(place.after))),
    )
    return classify(spot, tagger)


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
