"""Clauses with every word coded as one character, so that sequences of words are compared as strings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.diff import lexicon
from monitor.diff.align import Side
from monitor.diff.clauses import Clause
from monitor.text.tokens import tokens

_first_code, _surrogates, _after_surrogates = 0x100, 0xD800, 0x800
_most_codes = 0x10FFFF - _first_code - _after_surrogates


class _Codes(dict[str, str]):
    """A character for every word, given when a word is first asked for."""

    def __missing__(self, word: str) -> str:
        self[word] = code = _char(len(self))
        return code


@dataclass(slots=True)
class Coder:
    """Gives words their characters, for as long as texts are compared with each other.

    Capitals are none: a heading that is shouted no more is the same heading. A clause that was coded once is not
    taken apart again: neighbouring versions share most of theirs.
    """

    _codes: _Codes = field(default_factory=_Codes)
    _coded: dict[str, str] = field(default_factory=dict)

    def side(self, found: Sequence[Clause]) -> Side:
        coded = [self._code(clause.key) for clause in found]
        return Side(clauses=found, coded=coded, words=[len(one) for one in coded])

    def _code(self, key: str) -> str:
        known = self._coded.get(key)
        if known is None:
            codes = self._codes
            known = "".join(
                [codes[word] for word in tokens(key.casefold(), lexicon.whole) if not word.isspace()]
            )
            self._coded[key] = known
        return known


def _char(number: int) -> str:
    number = number % _most_codes + _first_code
    return chr(number if number < _surrogates else number + _after_surrogates)
