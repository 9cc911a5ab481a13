"""What the ledger proves about a period: seen unchanged, changed between two looks, or blind. Pure.

A *good look* showed a text, or was told by the server that it is not modified. Two good looks in a row
that showed the same text, no further apart than `allowed`, cover the time between them; anything else
leaves a blind time. What a page showed only between two looks, no monitor can know: the longest time
between two good looks is told with every answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from monitor.model import Outcome, TermsId, Version
from monitor.ports import Look


class Sight(StrEnum):
    """What is known of a stretch of time."""

    SEEN = "seen"
    OTHER = "a text that is no version"
    CHANGED = "changed in between"
    BLIND = "blind"
    OPEN = "not looked at yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of the period, from `start` to `end`.

    `before` and `after` are the versions seen at its two ends (None: none, or a text that is no version).
    `longest` is the longest time between two good looks, `faults` count the failed looks by their kind.
    `first_look` and `last_look` are the ledger's numbers of the good looks at its ends that bear witness;
    they may lie outside the period.
    """

    sight: Sight
    start: datetime
    end: datetime
    before: int | None = None
    after: int | None = None
    longest: timedelta = timedelta(0)
    faults: tuple[tuple[str, int], ...] = ()
    first_look: int | None = None
    last_look: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The answer for one policy and one period.

    `allowed` is the longest time between two good looks that still counts as covered. `versions` are the
    numbers seen in their order (None: a text that is no version); one seen again is named again. `read`
    and `not_modified` count the good looks, `faults` the failed ones by their kind, most first. `blind` is how
    much of the period is not covered, `longest` the longest time between two good looks elsewhere.
    """

    terms: TermsId
    start: datetime
    end: datetime
    allowed: timedelta
    stretches: tuple[Stretch, ...]
    versions: tuple[int | None, ...]
    read: int
    not_modified: int
    faults: tuple[tuple[str, int], ...]
    blind: timedelta
    longest: timedelta

    @property
    def unchanged(self) -> bool:
        """Every good look that tells of the period showed one and the same version."""
        return len(self.versions) == 1 and self.versions[0] is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A good look: when, which look, and which version's text it showed (None: of no version)."""

    at: datetime
    seq: int
    version: int | None
    not_modified: bool


def coverage(
    terms: TermsId,
    looks: Sequence[Look],
    versions: Sequence[Version],
    start: datetime,
    end: datetime,
    allowed: timedelta,
) -> Coverage:
    """What the looks (all of these terms, in their order) tell of the time from `start` to `end`."""
    seen = [one for one in (_seen(look, versions) for look in looks) if one is not None]
    within = [one for one in seen if start <= one.at <= end]
    before, after = [one for one in seen if one.at < start][-1:], [one for one in seen if one.at > end][:1]
    failed = [look for look in looks if look.fault is not None and start <= look.at <= end]
    telling = [*before, *within, *after]
    parts = [*_beginning(telling, start, end), *_between(telling, allowed), *_ending(telling, end, allowed)]
    clipped = [replace(one, start=max(one.start, start), end=min(one.end, end)) for one in parts]
    stretches = [_with_faults(one, failed) for one in _merged(one for one in clipped if one.start < one.end)]
    return Coverage(
        terms=terms,
        start=start,
        end=end,
        allowed=allowed,
        stretches=tuple(stretches),
        versions=tuple(
            number for number, _ in groupby(one.version for one in _telling(telling, within, stretches))
        ),
        read=sum(not one.not_modified for one in within),
        not_modified=sum(one.not_modified for one in within),
        faults=_counted(failed),
        blind=sum((one.end - one.start for one in stretches if is_blind(one, allowed)), timedelta(0)),
        longest=max((one.longest for one in stretches if not is_blind(one, allowed)), default=timedelta(0)),
    )


def is_blind(stretch: Stretch, allowed: timedelta) -> bool:
    """Nothing good was seen for longer than is allowed, whether or not the text was another one afterwards."""
    return stretch.sight is Sight.BLIND or (stretch.sight is Sight.CHANGED and stretch.longest > allowed)


def _seen(look: Look, versions: Sequence[Version]) -> _Seen | None:
    """A look as a sight. What differed in nothing that counts is a sight of the version in place."""
    if look.fault is not None:
        return None
    number = look.version
    if look.outcome != Outcome.UNCHANGED.value and look.text_sha256 is not None:
        known = [one.number for one in versions if one.text_sha256 == look.text_sha256]
        number = look.version if look.version in known else next(reversed(known), None)
    return _Seen(at=look.at, seq=look.seq, version=number, not_modified=look.not_modified)


def _beginning(seen: Sequence[_Seen], start: datetime, end: datetime) -> Iterable[Stretch]:
    """The time before the first sight of all."""
    first = seen[0] if seen else None
    if first is None:
        yield Stretch(sight=Sight.BLIND, start=start, end=end)
    elif first.at > start:
        yield Stretch(sight=Sight.BLIND, start=start, end=first.at, after=first.version, last_look=first.seq)


def _between(seen: Sequence[_Seen], allowed: timedelta) -> Iterable[Stretch]:
    """What lies between any two sights in a row."""
    for one, two in pairwise(seen):
        gap = two.at - one.at
        if one.version != two.version:
            sight = Sight.CHANGED
        elif gap > allowed:
            sight = Sight.BLIND
        else:
            sight = Sight.OTHER if one.version is None else Sight.SEEN
        yield Stretch(
            sight=sight,
            start=one.at,
            end=two.at,
            before=one.version,
            after=two.version,
            longest=timedelta(0) if sight is Sight.BLIND else gap,
            first_look=one.seq,
            last_look=two.seq,
        )


def _ending(seen: Sequence[_Seen], end: datetime, allowed: timedelta) -> Iterable[Stretch]:
    """The time after the last sight of all: the next look may yet tell of it, for as long as is allowed."""
    if seen and seen[-1].at < end:
        last = seen[-1]
        sight = Sight.OPEN if end - last.at <= allowed else Sight.BLIND
        yield Stretch(sight=sight, start=last.at, end=end, before=last.version, first_look=last.seq)


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours that saw the same version are one stretch."""
    merged: list[Stretch] = []
    for one in stretches:
        last = merged[-1] if merged else None
        steady = one.sight in (Sight.SEEN, Sight.OTHER)
        if last and steady and (last.sight, last.after) == (one.sight, one.before):
            longest = max(last.longest, one.longest)
            merged[-1] = replace(last, end=one.end, last_look=one.last_look, longest=longest)
        else:
            merged.append(one)
    return merged


def _with_faults(stretch: Stretch, failed: Sequence[Look]) -> Stretch:
    return replace(stretch, faults=_counted([one for one in failed if stretch.start <= one.at < stretch.end]))


def _counted(failed: Sequence[Look]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(str(look.fault) for look in failed).most_common())


def _telling(seen: Sequence[_Seen], within: Sequence[_Seen], stretches: Sequence[Stretch]) -> list[_Seen]:
    """The sights that tell of the period: those in it, and those whose covered time reaches into it."""
    witnesses = {one.seq for one in within}
    for stretch in stretches:
        if stretch.sight is not Sight.BLIND:
            witnesses |= {number for number in (stretch.first_look, stretch.last_look) if number is not None}
    return [one for one in seen if one.seq in witnesses]
