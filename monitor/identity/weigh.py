"""How much of what differs between two texts is the policy's own, and how much furniture. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from monitor.text.normal import key_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What differs: lines put in and taken out (as compared), and the share of the old text that went."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    removed_share: float

    @property
    def counts(self) -> bool:
        """True where something of weight differs."""
        return bool(self.added or self.removed)


def weigh(before: str, after: str, volatile: Set[str] = frozenset()) -> Weight:
    """Compare two texts line by line, wherever in the text the lines stand."""
    old, new = Counter(key_lines(before, volatile)), Counter(key_lines(after, volatile))
    added, removed = tuple((new - old).elements()), tuple((old - new).elements())
    whole = sum(len(line) * count for line, count in old.items()) or 1
    gone = sum(map(len, removed)) - sum(map(len, added))
    return Weight(added=added, removed=removed, removed_share=max(0.0, gone / whole))


def persists(change: Weight, later: Weight) -> bool:
    """True where a later text, held against the same old one, still carries the change.

    The old wording must still be gone; where nothing was taken out, half of what was put in must
    still be there. Wording that was edited once more in between is a change all the same.
    """
    if change.removed:
        return not (Counter(change.removed) - Counter(later.removed))
    kept = Counter(change.added) & Counter(later.added)
    return 2 * kept.total() >= len(change.added) > 0
