"""Letter n-grams of a row as 32-bit hashes: what the sentence classifier reads. Pure, standard library."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

_digits = re.compile(r"\d+")
_loose = re.compile(r"[\s*#|]+")
_loose_latin = re.compile(r"[\s,*#|]+")
_longest = 1500


def fold(text: str, spaced: bool) -> str:
    """A row as the classifier sees it: one width, one case, every number a 0, no emphasis marks.

    `spaced` keeps the gaps between words (English); Chinese has none worth keeping. A row longer than
    1,500 characters is read up to there.
    """
    plain = _digits.sub("0", unicodedata.normalize("NFKC", text[:_longest]).lower())
    if not spaced:
        return _loose.sub("", plain)
    return f" {_loose_latin.sub(' ', plain).strip()} "


def grams(folded: str, low: int, high: int, seed: int) -> set[int]:
    """The hashes of all runs of `low` to `high` characters; each field of a row has its own seed."""
    data = folded.encode("utf-16-le", "surrogatepass")
    end = len(data)
    return {
        crc32(data[at : at + size], seed)
        for size in range(2 * low, 2 * high + 1, 2)
        for at in range(0, end - size + 1, 2)
    }
