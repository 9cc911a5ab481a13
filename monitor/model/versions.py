"""What is known: versions, why they exist, and what a look must know of the past. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.looks import Snapshot, StatedDates, Validators
from monitor.model.watched import Declaration, TermsId


class Cause(StrEnum):
    """Why a version exists."""

    FIRST_RECORD = "first record"
    CHANGE = "change"
    TECHNICAL_UPGRADE = "technical upgrade"
    RETURN = "return"
    COSMETIC = "cosmetic"


class Flag(StrEnum):
    """What the dates of a version give away."""

    SILENT_CHANGE = "silent change"
    BACK_DATED = "back-dated"
    SHORT_NOTICE = "short notice"
    DATE_ANOMALY = "date anomaly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that a policy had, without the text itself (read it by its digest).

    `number` counts from 1 per terms. `first_seen` is the look that saw it first, `recorded_at` when
    it was confirmed. `returns_to` names the earlier version whose text this is (cause "return").
    """

    terms: TermsId
    number: int
    cause: Cause
    first_seen: datetime
    recorded_at: datetime
    text_sha256: str
    key: str
    recipe: str
    length: int
    snapshots: tuple[str, ...]
    final_urls: tuple[str, ...]
    title: str | None = None
    language: str | None = None
    dates: StatedDates = StatedDates()  # noqa: RUF009 - frozen, so it can be shared
    flags: tuple[Flag, ...] = ()
    returns_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A policy that is due, with what a visit must know of the past. Small: it may cross machines.

    `validators` has one entry per document (empty ones ask unconditionally).
    """

    declaration: Declaration
    recipe: str
    latest: Version | None = None
    validators: tuple[Validators, ...] = ()
    volatile: frozenset[str] = frozenset()
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A version whose text was taken by another recipe than the declaration's now: read it again."""

    declaration: Declaration
    version: Version
    recipe: str
    snapshots: tuple[Snapshot, ...]
    volatile: frozenset[str] = frozenset()
