"""Whether two clauses say the same in other letters: spelling, slips of the pen, addresses, figures for words. Pure.

Only what is certain counts: everything else is a change of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from rapidfuzz.distance import LCSseq, Levenshtein

from monitor.diff import lexicon
from monitor.text.facts import facts
from monitor.text.numbers import number
from monitor.text.tokens import email_pattern, tokens, url_pattern

_word = re.compile(r"\w")
_letter = re.compile("[a-z]")
_url = re.compile(url_pattern)
_email = re.compile(email_pattern)
_hidden_email = re.compile(r"\[email\s?protected\]")
_furniture = re.compile(
    r"[(（]?\b(?:opens in (?:a )?new (?:tab|window)|ouvre une nouvelle fenêtre|öffnet (?:sich )?in (?:einem )?neuen? (?:tab|fenster))\b[)）]?"
    r"|[(（](?:在)?新(?:窗口|标签页)(?:中)?打开[)）]"
)
_only_number = re.compile(  # "3.", or "3. Reserved."
    r"\s*(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-z]|[ivx]{1,5})[.．、)）])?\s*"
    r"(?:[\[(（]?(?:reserved|intentionally (?:left blank|omitted)|预留|已删除)[\])）]?[.。]?)?\s*$",
    re.IGNORECASE,
)
_twice_said = re.compile(r"([a-z]{3,12}(?:-[a-z]{3,6})?|[一二三四五六七八九十百]{1,6}) ?[(（](\d{1,4})[)）]")
_reference = re.compile(
    r"第\s?([一二三四五六七八九十百]{1,5}|\d{1,3}(?:\.\d{1,3}){0,3})\s?(?:条|部分|章|节|款|项)|\b(?:section|article|clause|paragraph|part|point|abschnitt|ziffer)s? (\d{1,3}(?:\.\d{1,3}){0,3})"
)
_of_a_law = re.compile(
    r"》|[法例定则]\s?第|\b(?:gdpr|ds-?gvo|rgpd|ccpa|pipl|regulation|directive|statute|act|law|code|gesetz|règlement|loi)\b"
)
_measured = ("period", "age", "amount", "date")
_least_letters = 7
_most_extra, _most_words = 3, 4_000  # of a clause that is worth looking for slips


def same_words(before: str, after: str) -> bool:
    """True where two clauses differ in punctuation, width, spaces or numbering marks only."""
    if not before or not after:
        return not _word.search(_only_number.sub("", before or after))
    return words(before) == words(after)


def words(text: str, terms: frozenset[str] = frozenset()) -> list[str]:
    """The words of a clause without what stands between them; `terms` are Chinese words that stay whole."""
    return [token for token in tokens(text, terms) if _word.search(token)]


def why_same(before: str, after: str) -> str | None:
    """Why two clauses of different letters say the same, or None where they do not."""
    old, new = before.casefold(), after.casefold()
    if same_words(old, new):
        return "only capitals differ"
    bare = _without_addresses(old, new)
    if all(bare) and same_words(*bare):
        return "only an address of the page or a hint on its links differs"
    old, new = map(plain, bare)
    if _solid(old) == _solid(new):
        return "only the way of writing differs"
    old, new = _figures(old), _figures(new)
    if words(old) == words(new):
        return "the same figures or dates, otherwise written"
    if slips := _slips(words(old), words(new)):
        return f"only slips of the pen differ: {', '.join(slips[:3])}"
    return None


def only_references(before: str, after: str, renumbered: Set[tuple[str, str]]) -> bool:
    """True where two clauses differ only in the numbers of sections that they point to, and those were renumbered so.

    Where a clause names a law the number may be one of the law's: another article is never cosmetic.
    """
    old, new = before.casefold(), after.casefold()
    if _of_a_law.search(old) or _of_a_law.search(new):
        return False
    pairs = list(zip(_references(old), _references(new), strict=False))
    if not renumbered or not any(one != other for one, other in pairs):
        return False
    if any(one != other and (one, other) not in renumbered for one, other in pairs):
        return False
    return words(_reference.sub(" § ", old)) == words(_reference.sub(" § ", new))


def _references(text: str) -> list[str]:
    return [match[1] or match[2] for match in _reference.finditer(text)]


def _without_addresses(old: str, new: str) -> tuple[str, str]:
    bare = tuple(_furniture.sub(" ", _url.sub(" ", text)) for text in (old, new))
    if any(_hidden_email.search(text) for text in bare):
        bare = tuple(_hidden_email.sub(" ", _email.sub(" ", text)) for text in bare)
    return bare[0], bare[1]


def plain(text: str) -> str:
    """A text in lower case with contractions, spelling and odd characters in one form."""
    if _letter.search(text):
        for pattern, said in lexicon.variants_latin:
            text = pattern.sub(said, text)
    for odd, said in lexicon.variants_zh:
        text = text.replace(odd, said)
    return text


def _solid(text: str) -> str:
    """The words run together, two figures never: "web site" and "website" are one."""
    return re.sub(r"(?<!\d)\x1f|\x1f(?!\d)", "", "\x1f".join(words(text)))


def _figures(text: str) -> str:
    """The text with its periods, ages, amounts and dates in their normal form; "fourteen (14)" is 14."""
    text = _twice_said.sub(lambda said: said[2] if number(said[1]) == int(said[2]) else said[0], text)
    out, at = [], 0
    for fact in facts(text):
        if fact.kind in _measured and fact.span.start >= at:
            out += [text[at : fact.span.start], f" {fact.value} "]
            at = fact.span.end
    return "".join([*out, text[at:]])


def _slips(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The slips of the pen that are all that differs, or nothing."""
    if abs(len(old) - len(new)) > _most_extra or len(old) > _most_words:
        return []
    found: list[str] = []
    for left, right, i, j in _differing(old, new):
        if (not right and _doubled(left, old, i)) or (not left and _doubled(right, new, j)):
            found.append(" ".join([*left, *right]))
        elif left and len(left) == len(right) and all(map(is_slip, left, right)):
            found += [f"{one} / {other}" for one, other in zip(left, right, strict=True)]
        else:
            return []
    return found


def _differing(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], int, int]]:
    """Runs of words that differ, with where they begin on either side."""
    i = j = 0
    for op in [*LCSseq.opcodes(old, new), None]:
        if op is not None and op.tag != "equal":
            continue
        i_end, j_end = (op.src_start, op.dest_start) if op else (len(old), len(new))
        if i < i_end or j < j_end:
            yield old[i:i_end], new[j:j_end], i, j
        if op is not None:
            i, j = op.src_end, op.dest_end


def _doubled(run: Sequence[str], text: Sequence[str], at: int) -> bool:
    """True for a word said twice in a row ("the the"); a lone run, with nothing for it on the other side."""
    return len(run) == 1 and run[0].isalpha() and run[0] in (*text[at - 1 : at], *text[at + 1 : at + 2])


def is_slip(one: str, other: str) -> bool:
    """True where one word is the other with a letter doubled, dropped or swapped: certain only in long Latin words."""
    if lexicon.misspelt.get(one, one) == lexicon.misspelt.get(other, other):
        return True
    if not (one + other).isalpha() or not (one + other).isascii() or {one, other} & lexicon.confusable:
        return False
    if min(len(one), len(other)) < _least_letters or one[0] != other[0] or one[-1] != other[-1]:
        return False
    if len(one) == len(other):
        return sorted(one) == sorted(other) and Levenshtein.distance(one, other) == 2 and _swapped(one, other)
    return abs(len(one) - len(other)) == 1 and Levenshtein.distance(one, other) == 1


def _swapped(one: str, other: str) -> bool:
    places = [index for index, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    return len(places) == 2 and places[1] == places[0] + 1
