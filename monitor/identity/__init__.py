"""What is a version, what is a change: the state machine that every look at a policy goes through. Pure.

::

    first reading                         -> version 1, "first record"
    same text                             -> unchanged; a waiting candidate was a blip
    differs in nothing of weight          -> "cosmetic", recorded once it has stayed a day, no alarm
    new text                              -> candidate; the next look minutes later confirms it -> "change"
    text of an earlier version            -> candidate with more patience -> "return"
    comes and goes                        -> flapping: one notice, no versions until it stays
    stored pages read by a new recipe     -> same text: recipe mark moves; else "technical upgrade", no alarm
    fault                                 -> never a version; news after three in a row or a day

The store calls `judge` inside its write transaction and does as the judgement says.
"""

from monitor.identity.judge import judge
from monitor.identity.state import (
    Blip,
    Candidate,
    Flapping,
    Judgement,
    Memory,
    Move,
    Past,
    Patience,
    Rereading,
    State,
    Streak,
)

__all__ = [
    "Blip",
    "Candidate",
    "Flapping",
    "Judgement",
    "Memory",
    "Move",
    "Past",
    "Patience",
    "Rereading",
    "State",
    "Streak",
    "judge",
]
