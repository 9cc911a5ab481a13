"""What every store decides alike, wherever it keeps its rows: schedule, validators, what to remember. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.identity import State
from monitor.model import Declaration, Exchange, Fault, Reading, Unchanged, Validators, Version
from monitor.ports import NextDue

lease = timedelta(minutes=10)
whole_look_every = timedelta(hours=23)
longest_asked_wait = timedelta(hours=24)
_away_after = timedelta(minutes=10)


def exchanges_of(result: Reading | Unchanged | Fault) -> Sequence[Exchange]:
    """What the servers said in a look, document by document."""
    if isinstance(result, Reading):
        return [snapshot.exchange for snapshot in result.snapshots]
    if isinstance(result, Unchanged):
        return result.exchanges
    return [*result.also, *([result.exchange] if result.exchange else [])]


def asked_whole(result: Reading | Unchanged | Fault) -> bool:
    """True where the look showed whole pages, not a mere "not modified"."""
    return isinstance(result, Reading) or (isinstance(result, Unchanged) and not result.not_modified)


def next_look(
    next_due: NextDue,
    declaration: Declaration,
    at: datetime,
    failures: int,
    look_again: timedelta | None,
    asked: timedelta | None,
) -> datetime:
    """The sooner of the regular look and the one identity asks for, but never before the server allows."""
    found = next_due(declaration, at, failures)
    if look_again is not None:
        found = min(found, at + look_again)
    if asked is not None:
        found = max(found, at + min(asked, longest_asked_wait))
    return found


def rereading_time(state: State, recipe: str, latest: Version | None, now: datetime) -> datetime | None:
    """When the latest version is to be read again with the recipe of now; None where it is not, or never."""
    if latest is None or latest.recipe == recipe or not latest.snapshots:
        return None
    failing = state.rereading
    return now if failing is None or failing.recipe != recipe else failing.next_at


def validators_of(exchanges: Sequence[Exchange]) -> tuple[Validators, ...]:
    """The servers' own validators of whole pages; empty where there is no page to go with them."""
    return tuple(
        Validators(etag=one.header("etag"), last_modified=one.header("last-modified"), url=one.final_url)
        if one.status == 200
        else Validators()
        for one in exchanges
    )


def validators_to_send(
    declaration: Declaration,
    latest: Version | None,
    state: State,
    known: tuple[Validators, ...],
    asked_whole_at: datetime | None,
    now: datetime,
) -> tuple[Validators, ...]:
    """One per document. Empty ones at least daily (a 304 may lie) and while a text waits to be seen again."""
    recent = asked_whole_at is not None and timedelta() <= now - asked_whole_at < whole_look_every
    if latest and recent and state.candidate is None and len(known) == len(declaration.documents):
        return known
    return (Validators(),) * len(declaration.documents)


def said_by(state: State) -> frozenset[str]:
    """The texts outside the record that are still wanted: the one that waits, and those that come and go."""
    wanted = {blip.text_sha256 for blip in state.blips}
    wanted |= {state.candidate.text_sha256} if state.candidate else set()
    return frozenset(wanted | ({state.flapping.text_sha256} if state.flapping else set()))


def gap(last: datetime | None, missed: datetime | None, now: datetime) -> tuple[datetime, datetime] | None:
    """The time in which nobody was at work: looks were due and were missed since the last sign of life."""
    if last is None or missed is None:
        return None
    begun = max(last, missed)
    return (begun, now) if now - begun >= _away_after else None
