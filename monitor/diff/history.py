"""The history of every sentence over the versions of a text: said since when, changed from what, gone when. Pure.

Only neighbours are compared, by the aligner of `diff`, so that a sentence that is edited or moved stays
the same line, and a hundred versions cost a hundred comparisons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from monitor.diff.align import Match, align
from monitor.diff.budget import Budget
from monitor.diff.clauses import Clause, clauses
from monitor.diff.coding import Coder
from monitor.model import Span
from monitor.text.blocks import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a sentence said from a version on. `key` is what is compared: punctuation and numbering are no wording."""

    version: int
    text: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence through all versions.

    `wordings` are in order, the last one is (or was, at the end) the one that stands; `first` is the version
    that said it first, in any wording. `back` are the versions in which it returned after it had been
    gone, `moved` the last one that put it elsewhere, `removed` the one that no longer says it. `span` is its
    place in the newest text, or in the last one that said it. Versions are by their number.
    """

    kind: BlockKind
    first: int
    wordings: tuple[Wording, ...]
    section: tuple[str, ...] = ()
    span: Span
    back: tuple[int, ...] = ()
    moved: int | None = None
    removed: int | None = None

    @property
    def text(self) -> str:
        return self.wordings[-1].text

    @property
    def changed(self) -> Wording | None:
        """The wording that stands, where another stood before it."""
        return self.wordings[-1] if len(self.wordings) > 1 else None

    @property
    def was(self) -> Wording | None:
        """The wording before the one that stands."""
        return self.wordings[-2] if len(self.wordings) > 1 else None

    @property
    def said_before(self) -> int | None:
        """The version that had this very wording first, where others stood in between: A, B, A again."""
        key = self.wordings[-1].key
        return next((one.version for one in self.wordings[:-1] if one.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The sentences of the newest text in its order, and those that are gone, last gone first.

    `coarse` is set where a comparison ran out of its budget: a sentence may then look new that is not.
    """

    standing: tuple[Line, ...] = ()
    gone: tuple[Line, ...] = ()
    coarse: bool = False


@dataclass(slots=True)
class _Telling:
    """A history in the making: the lines of the text before, by the index of their clause."""

    coder: Coder = field(default_factory=Coder)
    clauses: list[Clause] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    gone: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    coarse: bool = False


def history(versions: Iterable[tuple[int, str]]) -> History:
    """The history of every sentence, told from versions (number, text) in their order, oldest first."""
    telling = _Telling()
    before: str | None = None
    for number, text in versions:
        if text != before:
            _tell(telling, number, text)
        before = text
    gone = [line for lines in telling.gone.values() for line in lines]
    gone.sort(key=lambda line: (-(line.removed or 0), line.span.start))
    return History(standing=tuple(telling.lines), gone=tuple(gone), coarse=telling.coarse)


def _tell(telling: _Telling, number: int, text: str) -> None:
    """Go on by one version: each of its clauses takes over the line it continues, or begins one."""
    found, budget = clauses(text), Budget()
    matches = align(telling.coder.side(telling.clauses), telling.coder.side(found), budget)
    lines: list[Line | None] = [None] * len(found)
    for match in matches:
        for j, line in _continued(match, telling, found, number):
            lines[j] = line
    continued = {i for match in matches for i in match.before}
    for i, old in enumerate(telling.lines):
        if i not in continued:
            telling.gone[old.wordings[-1].key].append(replace(old, removed=number))
    for j, clause in enumerate(found):
        if lines[j] is None:
            lines[j] = _found_again(telling.gone, clause, number) or _begun(clause, number)
    telling.clauses, telling.lines = found, [line for line in lines if line is not None]
    telling.coarse = telling.coarse or budget.coarse


def _continued(
    match: Match, telling: _Telling, found: Sequence[Clause], number: int
) -> list[tuple[int, Line]]:
    """The lines of a match go on: of merged sentences the oldest, in every part of a split one."""
    old = [telling.lines[i] for i in match.before]
    line = min(old, key=lambda one: one.first)
    same = len(match.before) == len(match.after) == 1
    if not same:
        was = Wording(
            version=max(one.wordings[-1].version for one in old),
            text=" ".join(one.text for one in old),
            key=" ".join(one.wordings[-1].key for one in old),
        )
        wordings = line.wordings if len(old) == 1 else (*line.wordings[:-1], was)
        line = replace(line, wordings=wordings)
    return [(j, _as_said(line, found[j], number, moved=match.moved)) for j in match.after]


def _as_said(line: Line, clause: Clause, number: int, *, moved: bool) -> Line:
    """A line at its place in a newer version, with a new wording where the words differ."""
    wordings = line.wordings
    if wordings[-1].key != clause.key:
        wordings = (*wordings, _worded(clause, number))
    elif wordings[-1].text != clause.text:
        wordings = (*wordings[:-1], replace(wordings[-1], text=clause.text))
    return replace(
        line,
        kind=clause.kind,
        wordings=wordings,
        section=clause.section,
        span=clause.span,
        moved=number if moved else line.moved,
        removed=None,
    )


def _found_again(gone: dict[str, list[Line]], clause: Clause, number: int) -> Line | None:
    """The line of a sentence of the same words that is gone: said again, or only put elsewhere."""
    lines = gone.get(clause.key)
    if not lines:
        return None
    line = lines.pop()
    if line.removed == number:
        return _as_said(line, clause, number, moved=True)
    return _as_said(replace(line, back=(*line.back, number)), clause, number, moved=False)


def _begun(clause: Clause, number: int) -> Line:
    return Line(
        kind=clause.kind,
        first=number,
        wordings=(_worded(clause, number),),
        section=clause.section,
        span=clause.span,
    )


def _worded(clause: Clause, number: int) -> Wording:
    return Wording(version=number, text=clause.text, key=clause.key)
