"""Runs of failures: when they begin, become news and end; and where a policy's text comes from. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.identity.state import Judgement, Move, Patience, State, Streak, Unread
from monitor.model import Exchange, Fault, FaultKind, Outcome, Stage, digest

_first_retry = timedelta(minutes=5)
_longest_retry = timedelta(hours=6)
_longest_ban = timedelta(hours=24)
_known_addresses = 20
_gone_kinds = frozenset({FaultKind.GONE, FaultKind.SUSPECT_SOFT_404})


def failed(state: State, fault: Fault, at: datetime, patience: Patience) -> Judgement:
    """One more failure. It never makes a version; a candidate goes on waiting."""
    streak = _lengthened(state.streak, fault, at, patience)
    outcome = Outcome.QUARANTINED if fault.stage is Stage.PLAUSIBLE else Outcome.FAULT
    return Judgement(
        outcome=outcome,
        state=replace(state, streak=streak, last_look=at, unread=_watched(state.unread, fault, at)),
        look_again=_retry(fault, streak, at),
    )


def _watched(known: Unread | None, fault: Fault, at: datetime) -> Unread | None:
    """What is known of bytes that cannot be read as text; other bytes count when two looks in a row show them."""
    if fault.kind is not FaultKind.UNREADABLE or fault.transient or not fault.content:
        return known
    seen = digest(fault.content)
    if known is None:
        return Unread(sha256=seen, message=fault.message)
    if seen == known.sha256:
        return replace(known, message=fault.message, candidate=None, candidate_at=None)
    if seen != known.candidate:
        return replace(known, candidate=seen, candidate_at=at)
    changed_at = known.candidate_at or at
    return Unread(sha256=seen, message=fault.message, before=known.sha256, changed_at=changed_at)


def _lengthened(streak: Streak | None, fault: Fault, at: datetime, patience: Patience) -> Streak:
    failures = streak.failures + 1 if streak else 1
    since = streak.since if streak else at
    says_gone = fault.exchange is not None and fault.exchange.status == 410
    is_news = failures >= patience.fault_looks or at - since >= patience.fault_after or says_gone
    news_at = streak.news_at if streak and streak.news_at else (at if is_news else None)
    removed = news_at is not None and (fault.kind in _gone_kinds or (streak is not None and streak.removed))
    return Streak(
        kind=fault.kind,
        message=fault.message,
        since=since,
        failures=failures,
        news_at=news_at,
        removed=removed,
    )


def _retry(fault: Fault, streak: Streak, at: datetime) -> timedelta | None:
    """When to look again: as the server asks, else soon and ever later; after a day, the regular time."""
    if fault.retry_after is not None:
        return min(max(fault.retry_after, _first_retry), _longest_ban)
    if at - streak.since >= timedelta(hours=24):
        return None
    return min(_first_retry * (1 << min(streak.failures, 10)), _longest_retry)


def answered(state: State, at: datetime) -> State:
    """The page answered with the policy: a streak is over, and remembered where it was news."""
    ended = state.ended
    if state.streak and state.streak.news_at:
        ended = replace(state.streak, until=at)
    return replace(state, streak=None, ended=ended, last_look=at, last_success=at)


# --------------------------------------------------------------------------- addresses


def arrived(state: State, exchanges: tuple[Exchange, ...], at: datetime) -> State:
    """Note where the text came from; an address never seen before, two looks in a row, is a move."""
    place = tuple(_place(exchange.final_url) for exchange in exchanges)
    if not place or place == state.address:
        return replace(state, new_address=())
    if not state.address or place in state.addresses:
        return _at_home(state, place)
    if place != state.new_address:
        return replace(state, new_address=place)
    return replace(_at_home(state, place), moved=Move(at=at, before=state.address, after=place))


def _at_home(state: State, place: tuple[str, ...]) -> State:
    known = tuple(dict.fromkeys((*state.addresses, place)))[-_known_addresses:]
    return replace(state, address=place, addresses=known, new_address=())


def _place(url: str) -> str:
    """An address without what differs from look to look: query, fragment, port of the scheme, final slash."""
    parts = urlsplit(url)
    return f"{parts.hostname or parts.netloc}{parts.path.rstrip('/')}" if parts.scheme else url
