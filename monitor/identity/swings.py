"""Texts that come and go: blips, returns, and pages that alternate between two texts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.identity.state import Blip, Candidate, Flapping, Memory, Past, Patience, State
from monitor.identity.weigh import Weight, weigh
from monitor.model import Reading, Version

_kept_blips = 8
_returns_within = timedelta(days=60)
_returns_that_alternate = 2


def is_flapping(state: State) -> bool:
    return state.flapping is not None


def stepped_back(state: State, at: datetime) -> State:
    """The waiting candidate did not show again: it becomes a blip. Cosmetic ones are just forgotten."""
    waiting = state.candidate
    if waiting is None or waiting.cosmetic:
        return replace(state, candidate=None)
    known = next((blip for blip in state.blips if blip.key == waiting.key), None)
    blip = Blip(
        key=waiting.key,
        text_sha256=waiting.text_sha256,
        first_seen=known.first_seen if known else waiting.first_seen,
        last_seen=waiting.last_seen,
        times=known.times + 1 if known else 1,
    )
    others = tuple(one for one in state.blips if one.key != waiting.key)
    return replace(state, candidate=None, blips=(*others, blip)[-_kept_blips:])


def alternating(
    state: State, candidate: Candidate, latest: Version, at: datetime, patience: Patience
) -> State:
    """A text shows up that has come and gone before: often enough, and the page alternates."""
    if state.flapping:
        return replace(state, flapping=replace(state.flapping, steady=0, steady_since=None))
    blip = next((one for one in state.blips if one.key == candidate.key), None)
    if blip is None or blip.times < patience.flap_times:
        return state
    swing = Flapping(
        since=blip.first_seen,
        number=latest.number,
        text_sha256=candidate.text_sha256,
        other=candidate.returns_to,
    )
    return replace(state, flapping=swing)


def steady(state: State, at: datetime, patience: Patience) -> State:
    """The latest text once more: after enough looks and time the alternation is over."""
    swing = state.flapping
    if swing is None:
        return state
    since = swing.steady_since or at
    if swing.steady + 1 >= patience.steady_looks and at - since >= patience.steady_after:
        return replace(state, flapping=None, blips=(), returns=())
    return replace(state, flapping=replace(swing, steady=swing.steady + 1, steady_since=since))


def known_again(memory: Memory, latest: Version, reading: Reading, change: Weight) -> tuple[int | None, bool]:
    """The earlier version whose text this is, but for what does not count; and whether one is nearly that.

    Nearly: another edition of the page, known again after a touch of its own. What differs from the
    earlier text is then a tenth at most of what differs from the latest.
    """
    number = memory.seen.get(reading.key)
    if number is not None and number != latest.number:
        return number, True
    nearly = False
    for past, differs in _against_past(memory, latest, reading):
        if not differs.counts:
            return past.number, True
        nearly = nearly or _near * _size(differs) <= _size(change)
    return None, nearly


def _against_past(memory: Memory, latest: Version, reading: Reading) -> Iterator[tuple[Past, Weight]]:
    known = frozenset(memory.state.volatile)
    for past in reversed(memory.state.past):
        if past.number != latest.number and past.text_sha256 != latest.text_sha256:
            yield past, weigh(memory.text(past.text_sha256), reading.text, known)


_near = 10


def _size(change: Weight) -> int:
    return len(change.added) + len(change.removed)


def return_time(state: State, patience: Patience) -> timedelta:
    """How long an earlier text must stay: the more often texts came back lately, the longer."""
    return patience.return_after * (1 << min(len(state.returns), 6))


def settled_down(state: State, version: Version, latest: Version | None, at: datetime) -> State:
    """A version is recorded: what stayed does not alternate, unless it is one return among several."""
    returns = tuple(one for one in state.returns if at - one <= _returns_within)
    if version.returns_to is not None:
        returns = (*returns, at)
    swing = None
    if len(returns) >= _returns_that_alternate and latest is not None:
        swing = Flapping(
            since=returns[0], number=version.number, text_sha256=latest.text_sha256, other=latest.number
        )
    return replace(state, flapping=swing, blips=(), returns=returns)
