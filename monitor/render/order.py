"""The order in which the places of a change are read: what matters most first. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model import Direction, Hunk

_leanings = {Direction.SOFTER: 0, Direction.HARDER: 1, Direction.UNCLEAR: 2}


def by_weight(hunks: Iterable[Hunk]) -> list[Hunk]:
    """Weightiest first; of equal weight what takes from the person first, else in the order of the text."""
    return sorted(hunks, key=_rank)


def _rank(hunk: Hunk) -> tuple[int, int]:
    return -hunk.significance, _leanings[hunk.direction] if hunk.direction else len(_leanings)
