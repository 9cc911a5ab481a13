"""Sentences that differ in spelling only: typing mistakes mended, variants of a word, articles. Pure.

Only words of alphabets are compared so; a Chinese character that differs is always news. Words that carry
a duty, a right, a number or a denial are never taken for spelled alike.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from monitor.identity.pieces import Piece
from monitor.text.numbers import words_en

_most_compared = 60
_least_similar = 70
_wide = re.compile("[\u2e80-\u9fff\uac00-\ud7af\u3041-\u30ff]")
_word = re.compile(r"[^\W_]+")


def spelled_alike(added: list[Piece], removed: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What is left of both after pairs that differ in spelling only are taken out."""
    if not added or not removed or len(added) > _most_compared or len(removed) > _most_compared:
        return added, removed
    left = list(removed)
    kept = []
    for piece in added:
        twin = next((other for other in _nearest(piece, left) if _says_the_same(other, piece)), None)
        if twin is None:
            kept.append(piece)
        else:
            left.remove(twin)
    return kept, left


def _says_the_same(old: Piece, new: Piece) -> bool:
    """Spelled in another way, or an e-mail address is hidden from machines on one side only."""
    if old.unaddressed == new.unaddressed and not (old.addresses and new.addresses):
        return True
    return is_respelled(old.shown, new.shown)


def _nearest(piece: Piece, others: list[Piece]) -> list[Piece]:
    scored = sorted(
        ((fuzz.ratio(piece.core, other.core), index) for index, other in enumerate(others)), reverse=True
    )
    return [others[index] for score, index in scored[:2] if score >= _least_similar]


def is_respelled(before: str, after: str) -> bool:
    """True where every run of words that differs is the same words spelled in another way."""
    if _wide.search(before) or _wide.search(after):
        return _is_reordered(before, after)
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    runs = [(old[i1:i2], new[j1:j2]) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    return all(_is_same_run(left, right) for left, right in runs)


_longest_moved = 16
_scope = re.compile(r"[\d%不未无非没勿否仅只除唯都均且或，,。.;；:：、]")


def _is_reordered(before: str, after: str) -> bool:
    """True where two neighbouring runs of characters have changed places and nothing hangs on their order."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if len(old) != len(new) or len(old) > _longest_moved or _scope.search(old):
        return False
    return any(old[cut:] + old[:cut] == new for cut in range(1, len(old)))


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _words(text: str) -> list[str]:
    bare = "".join(
        char for char in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(char)
    )
    return _word.findall(bare)


def _is_same_run(old: list[str], new: list[str]) -> bool:
    if "".join(old) == "".join(new):
        return not any(word in _weighty for word in (*old, *new))
    old, new = (
        [word for word in old if word not in _articles],
        [word for word in new if word not in _articles],
    )
    if len(old) != len(new):
        return _is_compound(old, new)
    return all(_is_variant(one, other) for one, other in zip(old, new, strict=True))


def _is_compound(old: list[str], new: list[str]) -> bool:
    """Words written as one or apart: "plates-formes", "plateformes"."""
    one, other = "".join(old), "".join(new)
    return 1 in (len(old), len(new)) and not {*old, *new} & _weighty and _is_variant(one, other)


def _is_variant(one: str, other: str) -> bool:
    if one == other:
        return True
    if one in _weighty or other in _weighty or not (one.isalpha() and other.isalpha()):
        return False
    if _abbreviations.get(one, one) == _abbreviations.get(other, other):
        return True
    shortest = min(len(one), len(other))
    if shortest < 4 or one[:2] != other[:2]:
        return False
    allowed = 2 if shortest >= 8 else 1
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


_abbreviations = dict(
    pair.split("=")
    for pair in [
        "attn=attention",
        "art=article",
        "arts=article",
        "articles=article",
        "sec=section",
        "no=number",
        "para=paragraph",
        "abs=absatz",
        "nr=nummer",
        "inc=incorporated",
        "ltd=limited",
        "info=information",
    ]
)
_articles = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "to",
        "of",
        "s",
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "des",
        "du",
        "de",
        "d",
        "ce",
        "cet",
        "cette",
        "ces",
        "present",
        "presente",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "el",
        "los",
        "las",
        "una",
        "unos",
        "il",
        "lo",
        "gli",
        "i",
    ]
)
_weighty = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "neither",
        "nor",
        "without",
        "unless",
        "except",
        "only",
        "may",
        "might",
        "can",
        "could",
        "must",
        "shall",
        "should",
        "will",
        "would",
        "and",
        "or",
        "opt",
        "in",
        "out",
        "ne",
        "pas",
        "non",
        "sans",
        "sauf",
        "aucun",
        "aucune",
        "jamais",
        "ni",
        "peut",
        "pouvons",
        "doit",
        "devons",
        "et",
        "ou",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "ohne",
        "ausser",
        "nie",
        "kann",
        "konnen",
        "darf",
        "durfen",
        "muss",
        "mussen",
        "soll",
        "und",
        "oder",
        "nunca",
        "sin",
        "salvo",
        "ningun",
        "puede",
        "debe",
        "y",
        "o",
        *(word for word, value in words_en.items() if value),
        "sixth",
        "sixteenth",
        "seventeenth",
    ]
)
