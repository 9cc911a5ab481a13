"""Pairs of texts that differ in little, through the real audit and delta: what must move moves, the rest stays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor import registry
from monitor.audit import audit_text, delta
from monitor.model import AuditDelta

here = Path(__file__).parent
pairs: list[dict[str, Any]] = tomllib.loads((here / "minimal_pairs.toml").read_text(encoding="utf-8"))["pair"]
profiles = {"zh": "pipl", "en": "gdpr-13-14"}
ordinals = "一二三四五六七八九十"


@cache
def base(language: str) -> str:
    return (here / f"policy_{language}.txt").read_text(encoding="utf-8")


def edited(pair: Mapping[str, Any]) -> str:
    """The second version of a pair; raises AssertionError where an edit does not fit."""
    text = base(pair.get("language", "zh"))
    for old, new in pair.get("edits", []):
        assert text.count(old) == 1, f"{pair['id']}: {old!r} stands {text.count(old)} times in the text"
        text = text.replace(old, new)
    if operation := pair.get("operation"):
        text = operated(text, operation)
    assert text != base(pair.get("language", "zh"))
    return text


def operated(text: str, operation: str) -> str:
    """A change of the whole text that changes nothing of its substance."""
    match operation.split():
        case ["replace", old, new]:
            return text.replace(old, new)
        case ["half-width"]:
            return text.translate(
                {ord(wide): plain for wide, plain in zip("，：；（）", ",:;()", strict=True)}
            )
        case ["renumber"]:
            places = {char: f"第{char}条 " for char in ordinals}
            return re.sub(rf"^([{ordinals}])、", lambda match: places[match[1]], text, flags=re.M)
        case ["swap", one, other]:
            return swapped(text, one, other)
        case ["join"]:
            return re.sub(r"(?<=。)\n(?=[^\d一二三四五六七八九十\n])", "", text)
        case ["curly"]:
            return text.replace('"', "”").replace("'", "’").replace(" - ", " – ")
    raise AssertionError(f"unknown operation {operation!r}")


def swapped(text: str, one: str, other: str) -> str:
    """Two sections change places and numbers; the table of contents changes with them."""
    parts = re.split(r"\n\n(?=[一二三四五六七八九十\d]{1,2}[、.] ?)", text)
    starts = [re.match(r"[一二三四五六七八九十\d]{1,2}", part) for part in parts]
    first, second = (
        next(n for n, start in enumerate(starts) if start and start[0] == mark and n > 0)
        for mark in (one, other)
    )
    parts[first], parts[second] = (
        one + parts[second][len(other) :],
        other + parts[first][len(one) :],
    )
    return "\n\n".join(parts)


def moved(pair: Mapping[str, Any]) -> AuditDelta:
    language = pair.get("language", "zh")
    checklist, profile = registry.checklists()[language], pair.get("profile", profiles[language])
    return delta(audit_text(base(language), checklist, profile), audit_text(edited(pair), checklist, profile))


def difference(pair: Mapping[str, Any]) -> list[str]:
    """What the delta tells beyond or short of what the pair expects; empty where they agree."""
    told = [f"{one.criterion}: {one.note}" for one in moved(pair).movements]
    expected: list[str] = pair["moves"]
    missing = [f"missing {want}" for want in expected if not any(matches(want, one) for one in told)]
    return missing + [f"told {one}" for one in told if not any(matches(want, one) for want in expected)]


def matches(want: str, told: str) -> bool:
    criterion, _, note = want.partition(": ")
    return told.startswith(f"{criterion}: ") and note in told


@pytest.mark.parametrize("pair", pairs, ids=[pair["id"] for pair in pairs])
def test_a_pair_moves_as_expected(pair: dict[str, Any]) -> None:
    assert difference(pair) == []


def test_the_pairs_are_many_and_balanced() -> None:
    chinese = [pair for pair in pairs if pair.get("language", "zh") == "zh"]
    still = [pair for pair in pairs if not pair["moves"]]
    assert len(pairs) >= 60
    assert len(chinese) >= 40
    assert 0.4 <= len(still) / len(pairs) <= 0.6
    assert len({pair["id"] for pair in pairs}) == len(pairs)
    assert len([pair for pair in pairs if pair.get("held_out")]) * 3 >= len(pairs) - 3


def test_every_movement_shows_old_and_new_words_that_stand_in_their_texts() -> None:
    for pair in pairs:
        language = pair.get("language", "zh")
        for one in moved(pair).movements:
            for finding, text in ((one.before, base(language)), (one.after, edited(pair))):
                for evidence in finding.evidence:
                    assert text[evidence.span.start : evidence.span.end] == evidence.quote
