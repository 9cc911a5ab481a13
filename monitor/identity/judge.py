"""Judge one look: unchanged, waiting, a version, or a fault. Pure: same past and look, same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.identity.editions import is_other_edition
from monitor.identity.state import Candidate, Judgement, Memory, Past, Patience, Rereading, State
from monitor.identity.streaks import answered, arrived, failed
from monitor.identity.swings import (
    alternating,
    is_flapping,
    known_again,
    return_time,
    settled_down,
    steady,
    stepped_back,
)
from monitor.identity.volatile import learned
from monitor.identity.weigh import Weight, persists, weigh
from monitor.model import Cause, Exchange, Fault, FaultKind, Flag, Outcome, Reading, Unchanged, Version, Visit
from monitor.text.dates import flags

_remembered = 12
_reread_tries = 3
_out_of_date_looks = 3


def judge(memory: Memory, visit: Visit, patience: Patience) -> Judgement:
    """What this look comes to. A fault never makes a version; nothing waits for ever."""
    if visit.reread is not None:
        return _read_again(memory, visit, visit.reread)
    if isinstance(visit.result, Fault):
        return failed(memory.state, visit.result, visit.at, patience)
    memory = replace(memory, state=_noted(memory.state, visit))
    if isinstance(visit.result, Unchanged):
        return _unchanged(memory.state, visit.at, patience)
    if memory.latest is None:
        return _first(memory.state, visit, visit.result, patience)
    if _must_reread_first(memory, memory.latest, visit.result):
        state = replace(memory.state, out_of_date=memory.state.out_of_date + 1)
        return Judgement(outcome=Outcome.STALE, state=state, look_again=patience.confirm_after)
    return _differs(memory, memory.latest, visit, visit.result, patience)


def _noted(state: State, visit: Visit) -> State:
    return arrived(answered(state, visit.at), _exchanges(visit), visit.at)


def _exchanges(visit: Visit) -> tuple[Exchange, ...]:
    if isinstance(visit.result, Unchanged):
        return visit.result.exchanges
    if isinstance(visit.result, Reading):
        return tuple(snapshot.exchange for snapshot in visit.result.snapshots)
    return ()


def _must_reread_first(memory: Memory, latest: Version, reading: Reading) -> bool:
    """The latest version was taken by another recipe: like is compared with like, if that can be had."""
    if reading.recipe == latest.recipe or not latest.snapshots:
        return False
    failing = memory.state.rereading
    given_up = failing is not None and failing.recipe == reading.recipe and failing.next_at is None
    return not given_up and memory.state.out_of_date < _out_of_date_looks


# --------------------------------------------------------------------------- the ways a look can go


def _first(state: State, visit: Visit, reading: Reading, patience: Patience) -> Judgement:
    """The first text ever is a version at once; a second look minutes later shows what is volatile in it."""
    candidate = _candidate(reading, visit.at, needed=1)
    return _recorded(
        state, None, visit, candidate, Cause.FIRST_RECORD, patience, look_again=patience.confirm_after
    )


def _unchanged(state: State, at: datetime, patience: Patience) -> Judgement:
    """The latest text stands. A candidate that waited was a blip; enough blips make an alternation."""
    state = steady(stepped_back(state, at), at, patience)
    return Judgement(
        outcome=Outcome.UNCHANGED, state=replace(state, latest_seen=at, unsettled=0, out_of_date=0)
    )


def _differs(
    memory: Memory, latest: Version, visit: Visit, reading: Reading, patience: Patience
) -> Judgement:
    """Another text than the latest, letter by letter. How much of it is news?"""
    memory, change = _weighed(memory, latest, visit.at, reading, patience)
    waiting = memory.state.candidate
    if not change.counts:
        return _cosmetic(memory, visit, reading, patience)
    if waiting and not waiting.cosmetic:
        if _is_same(memory, waiting, reading):
            return _seen_again(memory, latest, visit, waiting, patience)
        if _still_carries(memory, latest, waiting, change):
            return _overtaken(memory, latest, visit, waiting, reading, patience)
    return _new_candidate(memory, latest, visit, reading, change, patience)


def _weighed(
    memory: Memory, latest: Version, at: datetime, reading: Reading, patience: Patience
) -> tuple[Memory, Weight]:
    """What differs from the latest version, after learning what merely differs from look to look."""
    before = memory.text(latest.text_sha256)
    state = memory.state
    recent = state.candidate
    if recent and at - recent.last_seen <= patience.volatile_within and recent.key != reading.key:
        known = learned(before, memory.text(recent.text_sha256), reading.text, state.volatile)
        memory = replace(memory, state=replace(state, volatile=known))
    return memory, weigh(before, reading.text, frozenset(memory.state.volatile))


def _is_same(memory: Memory, waiting: Candidate, reading: Reading) -> bool:
    """The waiting text again, but for what does not count."""
    if waiting.key == reading.key or waiting.text_sha256 == reading.sha256:
        return True
    return not weigh(memory.text(waiting.text_sha256), reading.text, frozenset(memory.state.volatile)).counts


def _still_carries(memory: Memory, latest: Version, waiting: Candidate, change: Weight) -> bool:
    """A further edit on top of the waiting one: the change that waits has been seen twice."""
    if waiting.is_doubtful or is_flapping(memory.state):
        return False
    known = frozenset(memory.state.volatile)
    first = weigh(memory.text(latest.text_sha256), memory.text(waiting.text_sha256), known)
    return persists(first, change)


def _cosmetic(memory: Memory, visit: Visit, reading: Reading, patience: Patience) -> Judgement:
    """Nothing of weight differs: unchanged for everybody, and recorded in silence once it has stayed."""
    state = replace(memory.state, latest_seen=visit.at, unsettled=0, out_of_date=0)
    waiting = state.candidate
    if waiting and waiting.cosmetic and waiting.text_sha256 == reading.sha256:
        waiting = replace(waiting, sightings=waiting.sightings + 1, last_seen=visit.at)
        stayed = visit.at - waiting.first_seen >= patience.cosmetic_after
        if stayed and waiting.sightings >= patience.cosmetic_looks:
            return _recorded(state, memory.latest, visit, waiting, Cause.COSMETIC, patience)
        return Judgement(outcome=Outcome.UNCHANGED, state=replace(state, candidate=waiting))
    state = steady(stepped_back(state, visit.at), visit.at, patience)
    candidate = _candidate(reading, visit.at, needed=patience.cosmetic_looks, cosmetic=True)
    return Judgement(outcome=Outcome.UNCHANGED, state=replace(state, candidate=candidate), keep_text=True)


def _new_candidate(
    memory: Memory, latest: Version, visit: Visit, reading: Reading, change: Weight, patience: Patience
) -> Judgement:
    """A text not seen at the last look. It counts at once only if asked for, or if nothing ever settles."""
    state = stepped_back(memory.state, visit.at)
    earlier, familiar = known_again(memory, latest, reading, change)
    candidate = _candidate(
        reading,
        visit.at,
        needed=_needed(change, patience),
        returns_to=earlier,
        familiar=familiar,
        edition=is_other_edition(memory.text(latest.text_sha256), reading.text),
    )
    unsettled = state.unsettled + 1
    state = alternating(state, candidate, latest, visit.at, patience)
    state = replace(state, candidate=candidate, unsettled=unsettled)
    restless = unsettled > patience.unsettled_looks and not is_flapping(state)
    if restless or (not candidate.is_doubtful and patience.confirm_looks <= 1):
        cause = Cause.CHANGE if earlier is None else Cause.RETURN
        return _recorded(state, latest, visit, candidate, cause, patience)
    return _waits(state, patience, keep_text=True)


def _needed(change: Weight, patience: Patience) -> int:
    return patience.confirm_looks + (
        change.removed_share >= patience.deletion_share and patience.confirm_looks > 1
    )


def _seen_again(
    memory: Memory, latest: Version, visit: Visit, waiting: Candidate, patience: Patience
) -> Judgement:
    """The waiting text once more: it becomes a version, or waits for the looks or the time it needs."""
    waiting = replace(waiting, sightings=waiting.sightings + 1, last_seen=visit.at)
    state = replace(memory.state, candidate=waiting, unsettled=0)
    if not _has_stayed(state, waiting, visit.at - waiting.first_seen, patience):
        return _waits(state, patience)
    cause = Cause.CHANGE if waiting.returns_to is None else Cause.RETURN
    return _recorded(state, latest, visit, waiting, cause, patience)


def _has_stayed(state: State, waiting: Candidate, since: timedelta, patience: Patience) -> bool:
    """The waiting text was seen often enough, for long enough."""
    looks, time = waiting.needed, patience.confirm_after
    if waiting.familiar:
        if since >= patience.return_at_last:
            return True
        looks, time = max(looks, patience.return_looks), return_time(state, patience)
    if waiting.edition:
        looks, time = max(looks, patience.edition_looks), max(time, patience.edition_after)
    if is_flapping(state):
        looks, time = max(looks, patience.flap_looks), max(time, patience.flap_after)
    return waiting.sightings >= looks and since >= time


def _overtaken(
    memory: Memory, latest: Version, visit: Visit, waiting: Candidate, reading: Reading, patience: Patience
) -> Judgement:
    """The waiting change is confirmed by a text that goes further; that one waits in its turn."""
    if visit.at - waiting.first_seen < patience.confirm_after:
        return _waits(memory.state, patience)
    done = _recorded(
        memory.state, latest, visit, waiting, Cause.CHANGE, patience, look_again=patience.confirm_after
    )
    assert done.version is not None
    further = weigh(memory.text(waiting.text_sha256), reading.text, frozenset(memory.state.volatile))
    after = _candidate(reading, visit.at, needed=_needed(further, patience))
    return replace(done, state=replace(done.state, candidate=after), keep_text=True)


def _waits(state: State, patience: Patience, keep_text: bool = False) -> Judgement:
    outcome = Outcome.FLAPPING if is_flapping(state) else Outcome.WAITING
    waiting = state.candidate
    soon = waiting is not None and not waiting.is_doubtful and not is_flapping(state)
    return Judgement(
        outcome=outcome, state=state, look_again=patience.confirm_after if soon else None, keep_text=keep_text
    )


# --------------------------------------------------------------------------- candidates become versions


def _candidate(
    reading: Reading,
    at: datetime,
    *,
    needed: int,
    returns_to: int | None = None,
    familiar: bool = False,
    edition: bool = False,
    cosmetic: bool = False,
) -> Candidate:
    return Candidate(
        text_sha256=reading.sha256,
        key=reading.key,
        recipe=reading.recipe,
        first_seen=at,
        last_seen=at,
        length=len(reading.text),
        needed=needed,
        snapshots=tuple(snapshot.sha256 for snapshot in reading.snapshots),
        final_urls=tuple(snapshot.exchange.final_url for snapshot in reading.snapshots),
        title=reading.title,
        language=reading.language,
        dates=reading.dates,
        returns_to=returns_to,
        familiar=familiar,
        edition=edition,
        cosmetic=cosmetic,
    )


_outcomes = {
    Cause.FIRST_RECORD: Outcome.FIRST_RECORD,
    Cause.CHANGE: Outcome.CHANGED,
    Cause.RETURN: Outcome.RETURNED,
    Cause.COSMETIC: Outcome.COSMETIC,
    Cause.TECHNICAL_UPGRADE: Outcome.UPGRADED,
}


def _recorded(
    state: State,
    latest: Version | None,
    visit: Visit,
    candidate: Candidate,
    cause: Cause,
    patience: Patience,
    look_again: timedelta | None = None,
) -> Judgement:
    """A version made of a candidate, dated at its first sight."""
    version = Version(
        terms=visit.terms,
        number=latest.number + 1 if latest else 1,
        cause=cause,
        first_seen=candidate.first_seen,
        recorded_at=visit.at,
        text_sha256=candidate.text_sha256,
        key=candidate.key,
        recipe=candidate.recipe,
        length=candidate.length,
        snapshots=candidate.snapshots,
        final_urls=candidate.final_urls,
        title=candidate.title,
        language=candidate.language,
        dates=candidate.dates,
        flags=_flags(state, latest, candidate, patience)
        if cause in {Cause.CHANGE, Cause.FIRST_RECORD}
        else (),
        returns_to=candidate.returns_to if cause is Cause.RETURN else None,
    )
    state = settled_down(state, version, latest, visit.at)
    state = replace(
        state, candidate=None, unsettled=0, out_of_date=0, latest_seen=visit.at, past=_past(state, version)
    )
    outcome = _outcomes[cause]
    keep = candidate.first_seen == visit.at
    return Judgement(outcome=outcome, state=state, version=version, look_again=look_again, keep_text=keep)


def _flags(
    state: State, latest: Version | None, candidate: Candidate, patience: Patience
) -> tuple[Flag, ...]:
    return flags(
        latest.dates if latest else None,
        candidate.dates,
        candidate.first_seen,
        last_seen_before=state.latest_seen,
        short_notice_days=patience.short_notice_days,
    )


def _past(state: State, version: Version) -> tuple[Past, ...]:
    now = Past(number=version.number, key=version.key, text_sha256=version.text_sha256)
    others = tuple(one for one in state.past if one.text_sha256 != now.text_sha256)
    return (*others, now)[-_remembered:]


# --------------------------------------------------------------------------- a new recipe over the past


def _read_again(memory: Memory, visit: Visit, number: int) -> Judgement:
    """Stored pages read by a new recipe: the same text moves the mark, another is a technical upgrade."""
    latest, state = memory.latest, memory.state
    if latest is None or latest.number != number:
        return Judgement(outcome=Outcome.STALE, state=state)
    if not isinstance(visit.result, Reading):
        return _could_not_read(state, visit)
    reading = visit.result
    state = replace(state, rereading=None, out_of_date=0)
    if reading.sha256 == latest.text_sha256:
        return Judgement(outcome=Outcome.REREAD, state=state, remark=number)
    again = replace(
        _candidate(reading, latest.first_seen, needed=1),
        snapshots=latest.snapshots,
        final_urls=latest.final_urls,
    )
    done = _recorded(state, latest, visit, again, Cause.TECHNICAL_UPGRADE, Patience())
    return replace(done, keep_text=True, state=replace(done.state, latest_seen=state.latest_seen))


def _could_not_read(state: State, visit: Visit) -> Judgement:
    """The new recipe cannot read the old pages. Only our own mistakes are worth another try, next day."""
    assert isinstance(visit.result, Fault)
    recipe, known = visit.recipe or "", state.rereading
    failures = known.failures + 1 if known and known.recipe == recipe else 1
    hopeless = visit.result.kind is not FaultKind.INTERNAL or failures >= _reread_tries
    wait = None if hopeless else timedelta(days=1)
    failing = Rereading(
        recipe=recipe,
        failures=failures,
        message=visit.result.message,
        next_at=visit.at + wait if wait else None,
    )
    return Judgement(outcome=Outcome.FAULT, state=replace(state, rereading=failing), look_again=wait)
