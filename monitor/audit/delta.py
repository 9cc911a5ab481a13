"""What a new version does to the audit: finding by finding, old and new side by side. Pure.

A criterion moves where its verdict differs, where a remark beside the verdict came or went, or where the
quoted words keep their sense but a period or a named recipient in them changed. Another wording alone
moves nothing. More than five criteria lost at once speak of the capture, not of the law.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.audit.substance import companies, pairs, periods
from monitor.model import Audit, AuditDelta, Evidence, Finding, Movement, Verdict
from monitor.text.numbers import days

most_lost = 5
_grant = {
    Verdict.MET: 3,
    Verdict.PARTLY: 2,
    Verdict.RESTRICTED: 1,
    Verdict.NOT_FOUND: 0,
    Verdict.DENIED: -1,
}
_unclear = {(Verdict.NOT_FOUND, Verdict.RESTRICTED), (Verdict.RESTRICTED, Verdict.NOT_FOUND)}
# Saying nothing of time limits and grounds of refusal is no better than stating them.
_two_sided = frozenset({"rights.limits", "en.request-handling"})
_silent = frozenset({Verdict.NOT_FOUND, Verdict.REVIEW, Verdict.CLEAR, Verdict.NOT_STATED})
_shorter_is_better = (
    "retain.", "retention", "response-time", "request-handling", "security.breach", "rights."
)  # fmt: skip
_longer_is_better = ("change.", "en.changes")
_recipients = ("share.", "recipients", "cross.", "transfers")
_marks = frozenset({"suspect capture", "rows to read", "ruling", "ruling to review"})


def delta(before: Audit, after: Audit) -> AuditDelta:
    """The criteria that moved, with a warning where the capture is more likely at fault than the law."""
    old = {finding.criterion: finding for finding in before.findings}
    found = (_movement(old[new.criterion], new) for new in after.findings if new.criterion in old)
    movements = tuple(one for one in found if one)
    warning = _warning(before, after, movements)
    if warning:
        movements = tuple(_muted(one) if _doubtful(one, before) else one for one in movements)
    if before.edition != after.edition:
        note = f"edition {before.edition} -> {after.edition} of the checklist"
        movements = tuple(replace(one, note=f"{one.note}; {note}") for one in movements)
    return AuditDelta(profile=after.profile, movements=movements, warning=warning)


def _muted(one: Movement) -> Movement:
    return replace(one, better=None)


def _movement(before: Finding, after: Finding) -> Movement | None:
    if before.verdict is not after.verdict:
        notes, better = [f"{before.verdict} -> {after.verdict}"], _better(before, after)
    else:
        notes, better = _within(before, after)
    if not notes:
        return None
    note = "; ".join(notes)
    return Movement(criterion=after.criterion, before=before, after=after, better=better, note=note)


def _better(before: Finding, after: Finding) -> bool | None:
    """True where the new verdict gives the person more; None where the words do not say."""
    if after.criterion in _two_sided:
        return None
    if {before.verdict, after.verdict} == {Verdict.FLAGGED, Verdict.CLEAR}:
        return after.verdict is Verdict.CLEAR
    known = before.verdict in _grant and after.verdict in _grant
    if not known or (before.verdict, after.verdict) in _unclear:
        return None
    return _grant[after.verdict] > _grant[before.verdict]


# ------------------------------------------------------------------ the same verdict, other substance


def _within(before: Finding, after: Finding) -> tuple[list[str], bool | None]:
    """What changed beneath an unchanged verdict, and whether it is for the better where all parts agree."""
    notes: list[str] = []
    senses: list[bool | None] = []
    for name in sorted({*after.flags} - {*before.flags} - _marks):
        notes.append(f"added: {name}")
        senses.append(None if after.criterion in _two_sided else False)
    for name in sorted({*before.flags} - {*after.flags} - _marks):
        notes.append(f"no longer: {name}")
        senses.append(None if after.criterion in _two_sided else True)
    if any(part in after.criterion for part in (*_shorter_is_better, *_longer_is_better)):
        for old, new in pairs(before.evidence, after.evidence):
            _add_periods(after.criterion, old, new, notes, senses)
    if any(part in after.criterion for part in _recipients):
        _add_companies(before.evidence, after.evidence, notes, senses)
    better = senses[0] if senses and len(set(senses)) == 1 else None
    return notes, better


def _add_periods(criterion: str, old: str, new: str, notes: list[str], senses: list[bool | None]) -> None:
    gone, came = periods(old) - periods(new), periods(new) - periods(old)
    if not gone or not came:
        for one in sorted(gone | came):
            notes.append(f"{'no longer' if one in gone else 'added'}: {one}")
            senses.append(None)
        return
    notes.append(f"{', '.join(sorted(gone))} -> {', '.join(sorted(came))}")
    longest_old, longest_new = (max(days(one) or 0.0 for one in side) for side in (gone, came))
    longer = longest_new > longest_old
    if longest_new == longest_old:
        senses.append(None)
    elif criterion.startswith(_longer_is_better):
        senses.append(longer)
    else:
        senses.append(not longer)


def _add_companies(
    before: tuple[Evidence, ...], after: tuple[Evidence, ...], notes: list[str], senses: list[bool | None]
) -> None:
    """Named companies that joined or left a quote that stayed."""
    for old, new in pairs(before, after):
        for name in sorted(companies(new) - companies(old)):
            notes.append(f"recipient added: {name}")
            senses.append(None)
        for name in sorted(companies(old) - companies(new)):
            notes.append(f"recipient no longer named: {name}")
            senses.append(None)


# --------------------------------------------------------------------------- doubt


def _is_lost(one: Movement) -> bool:
    return one.after.verdict in _silent and one.before.verdict not in _silent and bool(one.before.evidence)


def _is_found(one: Movement) -> bool:
    return one.before.verdict in _silent and one.after.verdict not in _silent


def _doubtful(one: Movement, before: Audit) -> bool:
    """A movement that an incomplete capture would show as well: words gone now, or missing then."""
    return (_is_lost(one) or one.after.verdict is Verdict.REVIEW) or bool(before.suspect and _is_found(one))


def _warning(before: Audit, after: Audit, movements: tuple[Movement, ...]) -> str | None:
    if after.suspect:
        return f"the capture is in doubt: {after.suspect}"
    lost = sum(map(_is_lost, movements))
    if lost > most_lost:
        return f"{lost} criteria lost their evidence at once: the capture may be incomplete"
    if before.suspect and any(map(_is_found, movements)):
        return f"the earlier capture was in doubt ({before.suspect}): what is new here may have stood there"
    return None
