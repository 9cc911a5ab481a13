"""What a new version does to the audit: finding by finding, old and new side by side. Pure."""

from __future__ import annotations

from monitor.model import Audit, AuditDelta, Finding, Movement, Verdict

_rank = {
    Verdict.MET: 3,
    Verdict.CLEAR: 3,
    Verdict.PARTLY: 2,
    Verdict.FLAGGED: 1,
    Verdict.RESTRICTED: 1,
    Verdict.NOT_STATED: 0,
    Verdict.NOT_FOUND: 0,
    Verdict.DENIED: 0,
}
_most_lost = 5


def delta(before: Audit, after: Audit) -> AuditDelta:
    """The criteria whose verdict differs, with a warning where the capture is more likely at fault than the law."""
    old = {finding.criterion: finding for finding in before.findings}
    pairs = [(old[new.criterion], new) for new in after.findings if new.criterion in old]
    movements = tuple(_movement(one, new) for one, new in pairs if one.verdict is not new.verdict)
    return AuditDelta(profile=after.profile, movements=movements, warning=_warning(after, movements))


def _movement(before: Finding, after: Finding) -> Movement:
    return Movement(
        criterion=after.criterion,
        before=before,
        after=after,
        better=_better(before, after),
        note=f"{before.verdict} -> {after.verdict}",
    )


def _better(before: Finding, after: Finding) -> bool | None:
    if before.verdict not in _rank or after.verdict not in _rank:
        return None
    difference = _rank[after.verdict] - _rank[before.verdict]
    return difference > 0 if difference else None


def _warning(after: Audit, movements: tuple[Movement, ...]) -> str | None:
    lost = sum(
        one.after.verdict in (Verdict.NOT_FOUND, Verdict.REVIEW) and one.before.verdict is not Verdict.NOT_FOUND
        for one in movements
    )
    if after.suspect:
        return after.suspect
    return f"{lost} criteria lost at once: the capture may be incomplete" if lost > _most_lost else None
