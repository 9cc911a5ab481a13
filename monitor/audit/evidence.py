"""Patterns and how they are found fast: a folded text, an index of its sentences, linear regexes. Pure.

A pattern is a regular expression over the *folded* sentence (see `fold`). From each pattern the pieces
are read that any match must hold; an index of the sentences by their pairs of characters then leaves
only a few sentences for the regular expression itself. Patterns whose cost could explode are refused
by `problem`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

# The parse tree is what tells a linear pattern from one that explodes; the module is private but stable
# since 2001 (it was `sre_parse` before 3.11), and `tests/audit/test_evidence.py` notices if it moves.
from re import _constants, _parser  # type: ignore[attr-defined]  # isort: skip

_wide = r"\u2e80-\u9fff\uf900-\ufaff\uff01-\uffee\u3000-\u303f"
_gap = re.compile(rf"\s+(?=[{_wide}])|(?<=[{_wide}])\s+|(?<=[”\"])\s+(?=[-–—>→])|(?<=[-–—>→])\s+(?=[“\"])")
_space = re.compile(r"\s+")
_our_firm = re.compile(r"(?<!自)我行(?![为使])|我司")
_arrow = re.compile(r"(?:[-=]{0,8}>)+")
_same = {
    "'": "‘’′`´",
    '"': "“”„「」『』〝〞″【】〔〕［］[]",
    ">": "→➔➜⇒»›",
    "-": "‐‑‒–—―−－",
    "您": "你",
    "账": "帐賬",
    "、": "､",
}
_folds = (
    {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    | {ord(char): plain for plain, chars in _same.items() for char in chars}
    | dict.fromkeys(
        [0xAD, 0xFEFF, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    )
)


def fold(text: str) -> str:
    """A sentence as patterns see it.

    Latin in lower case, half-width letters, digits and punctuation, every bracketed quote as `"`, every
    dash as `-`, every arrow as `>`, 您 for 你, 账 for 帐, 我们 for 我行 and 我司 (how banks and firms call
    themselves), no emphasis marks, no spaces beside Chinese.
    """
    joined = _gap.sub("", text.replace("**", "").replace("__", ""))
    plain = _space.sub(" ", _arrow.sub(">", joined.translate(_folds)).lower()).strip()
    return _our_firm.sub("我们", plain)


def unreachable(source: str) -> str | None:
    """The first character of a pattern that no folded text holds, or None."""
    bare = re.sub(r"\\.", "", source)
    for char in bare:
        if char in "[]" or not (folded := fold(char)) or folded == char or char.isspace():
            continue
        return char
    return None


# --------------------------------------------------------------------------- what a match must hold


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression and what a match must hold: of every group, at least one piece."""

    source: str
    needs: tuple[tuple[str, ...], ...]

    @property
    def regex(self) -> re.Pattern[str]:
        return _compiled(self.source)


@lru_cache(maxsize=20_000)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=20_000)
def pattern(source: str) -> Pattern:
    """A pattern with its needed pieces; raises re.error where it is no regular expression."""
    groups = _needs(_parser.parse(source))
    return Pattern(source, tuple(dict.fromkeys(tuple(sorted(group)) for group in groups)))


_most_pieces = 160
Group = frozenset[str]


def _needs(tree: Iterable[tuple[Any, Any]]) -> list[Group]:
    """Groups of pieces; a text that matches the tree holds at least one piece of each group."""
    groups: list[Group] = []
    run = ""
    for operator, value in [*tree, (None, None)]:
        if operator is _constants.LITERAL:
            run += chr(value)
            continue
        if run:
            groups.append(frozenset({run}))
            run = ""
        if operator is not None:
            groups.extend(_needs_of(operator, value))
    return [group for group in groups if len(group) <= _most_pieces]


def _needs_of(operator: Any, value: Any) -> list[Group]:
    if operator is _constants.SUBPATTERN:
        return _needs(value[3])
    if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and value[0] >= 1:
        return _needs(value[2])
    if operator is _constants.BRANCH:
        best = [_best(_needs(branch)) for branch in value[1]]
        if all(best):
            return [frozenset().union(*(group for group in best if group))]
    if operator is _constants.IN and all(kind is _constants.LITERAL for kind, _ in value):
        return [frozenset(chr(char) for _, char in value)]
    return []


def _best(groups: list[Group]) -> Group | None:
    """The group that says most: its shortest piece is longest, and it has few."""
    return max(groups, key=lambda group: (min(2, min(map(len, group))), -len(group)), default=None)


# --------------------------------------------------------------------------- what a pattern may cost

_most_reach = 400


def problem(source: str) -> str | None:
    """Why a pattern cannot be used, or None: it must be valid, reachable and linear."""
    try:
        tree = _parser.parse(source)
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    if not source or tree.getwidth()[0] == 0:
        return "matches the empty text"
    if char := unreachable(source):
        return f"can never match: texts are folded, write {fold(char)!r} for {char!r}"
    return _cost(tree, inside=False)


def _cost(tree: Iterable[tuple[Any, Any]], inside: bool) -> str | None:
    for operator, value in tree:
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            low, high, body = value
            if high is _constants.MAXREPEAT or high > _most_reach:
                return (
                    f"has a repeat without a bound up to {_most_reach}: write {{0,40}} for *, {{1,40}} for +"
                )
            if inside and high > low and high > 3:
                return "has a repeat inside a repeat, which may take for ever"
            if found := _cost(body, inside or high > 3):
                return found
        elif operator is _constants.GROUPREF:
            return "has a back reference, which may take for ever"
        else:
            for part in _parts(operator, value):
                if found := _cost(part, inside):
                    return found
    return None


def _parts(operator: Any, value: Any) -> Iterator[Iterable[tuple[Any, Any]]]:
    if operator is _constants.SUBPATTERN:
        yield value[3]
    elif operator is _constants.BRANCH:
        yield from value[1]
    elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
        yield value[1]


# --------------------------------------------------------------------------- finding


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found in a sentence: `start` and `end` are offsets into the folded sentence."""

    sentence: int
    start: int
    end: int


class Index:
    """Which of the folded sentences hold which pair of characters, as bits of an integer."""

    __slots__ = ("_bits", "sentences")

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = sentences
        bits: dict[str, int] = defaultdict(int)
        for number, sentence in enumerate(sentences):
            bit = 1 << number
            for pair in {a + b for a, b in pairwise(sentence)}:
                bits[pair] |= bit
            for char in set(sentence):
                bits[char] |= bit
        self._bits: Mapping[str, int] = bits

    def holding(self, needed: Pattern, within: int) -> int:
        """The sentences of `within` that may match."""
        for group in needed.needs:
            if not within:
                return 0
            within &= self._any(group)
        return within

    def _any(self, pieces: tuple[str, ...]) -> int:
        found = 0
        for piece in pieces:
            found |= self._all(piece)
        return found

    def _all(self, piece: str) -> int:
        if len(piece) == 1:
            return self._bits.get(piece, 0)
        found = -1
        for at in range(len(piece) - 1):
            found &= self._bits.get(piece[at : at + 2], 0)
            if not found:
                return 0
        return found

    def find(self, patterns: Iterable[Pattern], within: int) -> dict[int, Hit]:
        """The first match of any of the patterns in each sentence of `within`, by sentence."""
        hits: dict[int, Hit] = {}
        for one in patterns:
            left = self.holding(one, within)
            search = one.regex.search
            while left:
                low = left & -left
                number = low.bit_length() - 1
                left ^= low
                if match := search(self.sentences[number]):
                    hits[number] = Hit(number, match.start(), match.end())
                    within ^= low
        return hits

    def distinct(self, patterns: Iterable[Pattern], number: int) -> set[str]:
        """The different words that the patterns find in one sentence."""
        sentence = self.sentences[number]
        return {match[0] for one in patterns for match in one.regex.finditer(sentence)}


def bits(numbers: Iterable[int]) -> int:
    """Numbers as the bits of an integer."""
    total = 0
    for number in numbers:
        total |= 1 << number
    return total
