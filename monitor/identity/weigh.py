"""How much of what differs between two texts is the policy's own, and how much furniture or spelling. Pure.

Both texts are taken apart into sentences. A sentence counts as put in or taken out only where the other
text has it fewer times: moving, splitting and joining blocks is no news. What is left is news unless it
is soft (a heading, a line of a menu, a label or a teaser at the edge of the page, a word of the user
interface) or is spelled in another way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field

from monitor.identity.menus import is_joined, names_of, without_menus
from monitor.identity.pieces import Piece, pieces
from monitor.identity.spelling import spelled_alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What differs and counts: sentences put in and taken out, and the share of the old text that went.

    `soft` are the differences that do not count.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    soft: tuple[str, ...] = field(default=(), repr=False)
    removed_share: float = 0.0

    @property
    def counts(self) -> bool:
        """True where something of weight differs."""
        return bool(self.added or self.removed)


def weigh(before: str, after: str, volatile: Set[str] = frozenset()) -> Weight:
    """What differs between two texts, sentence by sentence, wherever in the text they stand."""
    old, new = pieces(before, volatile), pieces(after, volatile)
    old, new = without_menus(old, new), without_menus(new, old)
    in_old, in_new = Counter(piece.core for piece in old), Counter(piece.core for piece in new)
    headings = {piece.core for piece in (*old, *new) if piece.heading}
    added, removed = _of_weight(new, in_old, headings), _of_weight(old, in_new, headings)
    names = names_of(old) | names_of(new) if added or removed else frozenset()
    added, removed = _not_joined(added, names), _not_joined(removed, names)
    added, removed = spelled_alike(added, removed)
    whole = sum(len(piece.core) for piece in old) or 1
    gone = sum(len(piece.core) for piece in removed) - sum(len(piece.core) for piece in added)
    hard = {piece.core for piece in (*added, *removed)}
    return Weight(
        added=tuple(piece.core for piece in added),
        removed=tuple(piece.core for piece in removed),
        soft=tuple(sorted({*(in_old - in_new), *(in_new - in_old)} - hard)),
        removed_share=max(0.0, gone / whole),
    )


def _not_joined(found: list[Piece], names: Set[str]) -> list[Piece]:
    return [piece for piece in found if piece.telling or not is_joined(piece.core, names)]


def _of_weight(found: list[Piece], others: Counter[str], headings: Set[str]) -> list[Piece]:
    """The pieces that the other text lacks, or has fewer times, and that say something of their own.

    What is a heading in either text is one wherever it stands: a table of contents repeats it.
    """
    first, last = _policy_of(found, others)
    left = Counter(others)
    weighty = []
    for index, piece in enumerate(found):
        if piece.soft or (piece.core in headings and not piece.dated):
            continue
        left[piece.core] -= 1
        if left[piece.core] >= 0:
            continue
        if not piece.prose and piece.core in others:
            continue
        inside = first < index < last
        if inside or piece.dated or piece.contact or (piece.prose and not piece.idle):
            weighty.append(piece)
    return weighty


def _policy_of(found: list[Piece], others: Counter[str]) -> tuple[int, int]:
    """The places next before and next after the policy: what both texts say in sentences, and sentences joined to it.

    A brief sentence at the very end says as much as one in the midst; a label or a menu line ends the policy.
    """
    firm = [index for index, piece in enumerate(found) if piece.prose and piece.core in others]
    if not firm:
        return 0, len(found)
    first, last = firm[0] - 1, firm[-1] + 1
    while first >= 0 and _is_sentence(found[first]):
        first -= 1
    while last < len(found) and _is_sentence(found[last]):
        last += 1
    return first, last


_brief_sentence = re.compile(r"(?:[\u4e00-\u9fff][^.!?]{3,}|\w+(?: \S+){2,})[.!?]$")


def _is_sentence(piece: Piece) -> bool:
    return not piece.soft and not piece.idle and bool(_brief_sentence.search(piece.shown))


def persists(change: Weight, later: Weight) -> bool:
    """True where a later text, held against the same old one, still carries the change.

    The old wording must still be gone; where nothing was taken out, half of what was put in must
    still be there. Wording that was edited once more in between is a change all the same.
    """
    if change.removed:
        return set(change.removed) <= set(later.removed)
    kept = set(change.added) & set(later.added)
    return 2 * len(kept) >= len(set(change.added)) > 0
