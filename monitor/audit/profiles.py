"""Which profiles a version is judged by: those of its own day, unless the operator names others. Pure."""

from __future__ import annotations

import re
from datetime import date

from monitor.audit.checklist import Checklist
from monitor.model import Pending, StatedDates

_cites_pipl = re.compile(r"《(?:中华人民共和国)?个人信息保护法》|敏感个人信息|个人信息处理者")
_pipl_day = date(2021, 11, 1)
_standard = "gbt35273-2017"


def for_version(pending: Pending, checklist: Checklist) -> tuple[str, ...]:
    """The profiles for a stored version: the operator's, else those in force on its effective day.

    Without an effective day the stated update counts, and so does one later than it; else the day the
    version was first seen.
    """
    named = tuple(name for name in pending.declaration.profiles if checklist.profile(name))
    if pending.declaration.profiles:
        return named
    day = own_day(pending.version.dates) or pending.version.first_seen.date()
    return in_force(checklist, day)


def own_day(dates: StatedDates) -> date | None:
    """The day a text is judged by: its effective day, unless it was updated since, or None.

    A text that was updated after the day it says it took effect names the day of its first version.
    """
    days = [stated.day for stated in (dates.effective, dates.updated) if stated]
    return max(days, default=None)


def in_force(checklist: Checklist, day: date) -> tuple[str, ...]:
    """The profiles in force on a day; before the first of them, the earliest."""
    found = tuple(
        profile.id
        for profile in checklist.profiles
        if profile.valid_from <= day and (profile.valid_to is None or day <= profile.valid_to)
    )
    if found or not checklist.profiles:
        return found
    past = [profile for profile in checklist.profiles if profile.valid_from <= day]
    if past:
        return (max(past, key=lambda profile: profile.valid_from).id,)
    return (min(checklist.profiles, key=lambda profile: profile.valid_from).id,)


def of_text(text: str, day: date | None, checklist: Checklist) -> str:
    """The one profile for a text alone: by the date it states, else by the law it cites.

    A Chinese text that cites PIPL or is dated from 2021-11-01 is read by PIPL; an older or undated one
    by GB/T 35273 (the edition in force on its day, the first where it has none).
    """
    if checklist.language != "zh":
        return checklist.profiles[0].id
    if (day and day >= _pipl_day) or (day is None and _cites_pipl.search(text)):
        return "pipl"
    if day and day >= date(2020, 10, 1):
        return "gbt35273-2020"
    return _standard
