"""What the wording of a text does to the person, as signals that can be counted and taken from each other. Pure.

A text is read half sentence by half sentence. In each one there are acts (sharing is a burden, deletion a benefit),
denied or not, owed or only permitted; and words beside them that open a list, except, limit, hurry or ask for consent.
What two texts have in common falls out; the rest says which way a change goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.diff.lexicon import Script, latin, zh

_half = re.compile(r"[^，,。；;！!？?\n：]{1,400}")
_wide = re.compile(r"[\u3400-\u9fff]")
_only_future = ("会", "will")  # of an act that is not known: no promise yet
_possible_burden = -1.8  # "may share": hardly less than "will share"
_denied_promise, _burden, _vague = 2.0, -2.0, -0.5
_owed, _plain, _permitted = 2.0, 1.5, 0.5
_nearby = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing the wording does: `worth` is positive where the person gains. `words` are quoted as reasons."""

    name: str
    worth: float
    words: str


def signals(text: str) -> tuple[Signal, ...]:
    """All signals of a text, in order."""
    return _signals(text.strip())


@lru_cache(maxsize=64)  # a clause is asked about alone and with what it became
def _signals(text: str) -> tuple[Signal, ...]:
    found: list[Signal] = []
    for half in _half.finditer(text.casefold()):
        script = zh if _wide.search(half[0]) else latin
        found.extend(_of_half(half[0], script))
    return tuple(found)


def difference(before: str, after: str) -> tuple[float, tuple[str, ...]]:
    """What the wording of `after` gives (positive) or takes, against `before`, with the words that decided."""
    old, new = signals(before), signals(after)
    kept = Counter(map(_same, old)) & Counter(map(_same, new)) if old and new else Counter()
    gone, come = _without_turned_modals(_beyond(old, kept), _beyond(new, kept))
    score = sum(one.worth for one in come) - sum(one.worth for one in gone)
    said = [(f"−{one.words}", -one.worth) for one in gone] + [(f"+{one.words}", one.worth) for one in come]
    return score, tuple(dict.fromkeys(words for words, worth in said if worth))


def _without_turned_modals(gone: list[Signal], come: list[Signal]) -> tuple[list[Signal], list[Signal]]:
    """Where an act that is not known was denied and now is owed (or the contrary), which way that goes is not known."""
    names = [{one.name for one in side} for side in (gone, come)]
    if names in (
        [{"denial"}, {"owed"}],
        [{"denial"}, {"may"}],
        [{"owed"}, {"denial"}],
        [{"may"}, {"denial"}],
    ):
        return [replace(one, worth=0.0) for one in gone], [replace(one, worth=0.0) for one in come]
    return gone, come


def _same(one: Signal) -> tuple[str, float]:
    return one.name, one.worth


def _beyond(found: Iterable[Signal], kept: Counter[tuple[str, float]]) -> list[Signal]:
    left, out = Counter(kept), []
    for one in found:
        if left[_same(one)] > 0:
            left[_same(one)] -= 1
        else:
            out.append(one)
    return out


def _of_half(half: str, script: Script) -> Iterator[Signal]:
    denials = _denials(half, script)
    if right := script.person.search(half):
        yield from _of_right(half, right, denials)
        yield from _signs(half, script, without=("breadth", "limit", "any time"))
        return
    acts = list(_acts(half, script, denials))
    serves = any(one.worth > 0 and one.name in _served for one in acts)
    yield from acts
    yield from _signs(half, script, without=_not_beside(acts, serves))
    if not acts:
        yield from _modal(half, script, denials)


def _not_beside(acts: Sequence[Signal], serves: bool) -> tuple[str, ...]:
    """Signs that say nothing here: a wide or narrow benefit, speed of what serves nobody, discretion over nothing."""
    if serves:
        return ("breadth", "limit")
    return ("speed",) if acts else ("discretion", "speed")


_served = frozenset({"delete", "answer", "notify", "protect", "ask", "stop"})


def _denials(half: str, script: Script) -> list[re.Match[str]]:
    found = list(script.negation.finditer(half))
    if not found:
        return found
    spared = [match.span() for match in script.not_negation.finditer(half)]
    return [match for match in found if not any(start <= match.start() < end for start, end in spared)]


def _of_right(half: str, right: re.Match[str], denials: list[re.Match[str]]) -> Iterator[Signal]:
    """What the person may do. The rights by name are facts; here counts only that it is said or denied."""
    if denials and denials[0].start() < right.end() + _nearby:
        yield Signal(name="right denied", worth=-1.0, words=f"{denials[0][0]} … {right[0]}")
    else:
        yield Signal(name="right", worth=1.0, words=right[0].strip())


def _acts(half: str, script: Script, denials: list[re.Match[str]]) -> Iterator[Signal]:
    may = script.permission.search(half)
    for match in script.burdens.finditer(half):
        denial = _before(match, denials)
        yield (
            _denied(match, denial)
            if denial
            else _signal(match, _possible_burden if may else _burden, may[0] if may else "")
        )
    for match in script.stated.finditer(half):
        denial = _before(match, denials)
        yield (
            _denied(match, denial)
            if denial
            else _signal(match, _vague if may else 0.0, may[0] if may else "")
        )
    for match in script.benefits.finditer(half):
        denial = _before(match, denials)
        owed = script.duty.search(half)
        if denial:
            yield _signal(match, -_owed, denial[0])
        elif may and not (owed and owed.start() > may.start()):
            yield _signal(match, _permitted, may[0])
        else:
            yield _signal(match, _owed if owed else _plain, owed[0] if owed else "")


def _before(match: re.Match[str], denials: list[re.Match[str]]) -> re.Match[str] | None:
    return next(
        (denial for denial in denials if denial.start() <= match.start() or denial.end() <= match.end()), None
    )


def _denied(match: re.Match[str], denial: re.Match[str]) -> Signal:
    return _signal(match, _denied_promise, denial[0])


def _signal(match: re.Match[str], worth: float, marker: str) -> Signal:
    said = match[0].strip()
    return Signal(
        name=str(match.lastgroup),
        worth=worth,
        words=f"{marker.strip()} … {said}" if marker.strip() and marker.strip() != said else said,
    )


def _signs(half: str, script: Script, without: tuple[str, ...]) -> Iterator[Signal]:
    if not script.any_sign.search(half):
        return
    rest = half
    for sign in script.signs:
        found = sign.pattern.search(rest)
        if not found:
            continue
        if sign.name not in without:
            yield Signal(name=sign.name, worth=sign.worth, words=found[0].strip())
        rest = rest[: found.start()] + "\x00" * len(found[0]) + rest[found.end() :]


def _modal(half: str, script: Script, denials: list[re.Match[str]]) -> Iterator[Signal]:
    """Where no act is known: that something is owed, permitted or denied; which way a denial goes is not known."""
    for match in denials:
        yield Signal(name="denial", worth=0.0, words=match[0].strip())
    if may := script.permission.search(half):
        yield Signal(name="may", worth=-1.0, words=may[0].strip())
    elif owed := script.duty.search(half):
        said = owed[0].strip()
        yield Signal(name="owed", worth=0.0 if said in _only_future else 1.0, words=said)
