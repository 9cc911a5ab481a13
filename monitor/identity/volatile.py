"""Learn what differs between looks minutes apart: counters, clocks, tokens, teasers. Pure.

Only furniture and machine-made figures are ever learned: a sentence of the policy that differs in
words is a change, however soon it comes after another one.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.text.normal import is_prose, key_lines, mask, slot

_most_learned = 40


def learned(before: str, middle: str, after: str, known: Iterable[str]) -> tuple[str, ...]:
    """What is known to be volatile, with what these three looks in a row teach. Sorted, no repeats.

    `before` is the latest version, `middle` the look before this one, `after` this look.
    """
    volatile = frozenset(known)
    texts = [key_lines(text, volatile) for text in (before, middle, after)]
    fresh = {*_masks(*texts), *_slots(*texts)}
    return tuple(sorted({*volatile, *sorted(fresh)[: max(0, _most_learned - len(volatile))]}))


def _masks(before: tuple[str, ...], middle: tuple[str, ...], after: tuple[str, ...]) -> set[str]:
    """Lines that differ between the last two looks only in figures that machines make."""
    one, other = set(middle) - set(after), set(after) - set(middle)
    masked = {mask(line) for line in one} & {mask(line) for line in other}
    literal = {*one, *other}
    return {entry for entry in masked if entry not in literal}


def _slots(before: tuple[str, ...], middle: tuple[str, ...], after: tuple[str, ...]) -> set[str]:
    """Places between two lines that stand, where each of three looks showed another line that is no prose."""
    found = [_between(lines) for lines in (before, middle, after)]
    common = set(found[0]) & set(found[1]) & set(found[2])
    return {place for place in common if len({lines[place] for lines in found}) == 3}


def _between(lines: tuple[str, ...]) -> dict[str, str]:
    """Each line that is no prose, by the place where it stands; a place that occurs twice is no place."""
    places: dict[str, str] = {}
    twice: set[str] = set()
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        place = slot(above, below)
        twice |= {place} & places.keys()
        if not is_prose(line):
            places[place] = line
    return {place: line for place, line in places.items() if place not in twice}
