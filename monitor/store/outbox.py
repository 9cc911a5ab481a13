"""When a delivery is tried again, and when it is given up. Pure.

A failed attempt waits 30 s, 1 min, 2 min ... up to an hour, half as long or half as long again, for
72 hours. A channel that refuses for good is believed after five tries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.model import Delivered, Fault, FaultKind, digest

first_pause = timedelta(seconds=30)
longest_pause = timedelta(hours=1)
longest_asked_pause = timedelta(hours=24)
patience = timedelta(hours=72)
refusals_believed = 5
lease = timedelta(minutes=10)
storm = 5
most_together = 50

Row = Any  # a mapping: a row of the database, or what stands for it in memory

# After these the message may have arrived although no answer came.
_lost_answer = frozenset({FaultKind.TIMEOUT, FaultKind.RESET, FaultKind.TRUNCATED, FaultKind.INTERNAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A delivery after an attempt: its new state, and when it is to be tried again."""

    state: str
    next_at: datetime | None
    refusals: int
    repeat: bool
    answer: str


def after(
    delivered: Delivered, *, attempts: int, refusals: int, repeat: bool, first_tried_at: datetime
) -> Attempt:
    """What becomes of a delivery. `attempts` counts the one that just ended."""
    result = delivered.result
    if not isinstance(result, Fault):
        return Attempt(state="sent", next_at=None, refusals=refusals, repeat=repeat, answer=result.answer)
    refusals += not result.transient
    repeat = repeat or result.kind in _lost_answer
    next_at = delivered.at + pause(delivered.id, attempts, result.retry_after)
    if refusals >= refusals_believed or next_at > first_tried_at + patience:
        return Attempt(state="dead", next_at=None, refusals=refusals, repeat=repeat, answer=result.message)
    return Attempt(state="pending", next_at=next_at, refusals=refusals, repeat=repeat, answer=result.message)


def pause(delivery: int, attempts: int, asked: timedelta | None) -> timedelta:
    """How long to wait after the n-th attempt; the same for the same delivery and attempt."""
    regular = min(first_pause * (1 << min(attempts - 1, 16)), longest_pause)
    jitter = int(digest(f"{delivery}:{attempts}")[:8], 16) / 16**8
    pause = min(regular * (0.5 + jitter), longest_pause)
    if asked is None:
        return pause
    return max(pause, min(asked, longest_asked_pause))


def is_refusal(delivered: Delivered) -> bool:
    """True where the channel said that it does not want this message, now or ever."""
    return isinstance(delivered.result, Fault) and not delivered.result.transient


def grouped(rows: list[Row]) -> list[list[Row]]:
    """The due deliveries of one channel as messages: what was put off goes out together, and so does a storm.

    A row that was refused in company, or that failed alone before, goes alone.
    """
    alone = [row for row in rows if row["alone"] or row["attempts"]]
    fresh = [row for row in rows if not row["alone"] and not row["attempts"]]
    put_off = [row for row in fresh if row["not_before"] is not None]
    at_once = [row for row in fresh if row["not_before"] is None]
    if len(fresh) > storm:
        return [*_parts(fresh), *([row] for row in alone)]
    return [*_parts(put_off), *([row] for row in at_once), *([row] for row in alone)]


def _parts(rows: list[Row]) -> list[list[Row]]:
    return [rows[start : start + most_together] for start in range(0, len(rows), most_together)]
