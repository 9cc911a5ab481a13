"""Judge a version by a checklist: which profiles, what the text does, with words that stand in it. Pure.

::

    text -> sections.read -> Session -> judge (signals -> rows -> finding) -> check -> Audit -> delta
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from monitor.audit.check import checked, doubted, suspect, unreadable
from monitor.audit.checklist import Checklist, Criterion
from monitor.audit.delta import delta
from monitor.audit.judge import Session, judge
from monitor.audit.nearest import Finder, Nearest
from monitor.audit.profiles import for_version
from monitor.audit.sections import Reading, read
from monitor.model import Audit, Confidence, Finding, Link, Pending, Verdict
from monitor.text.language import language_of

__all__ = ["applicable", "audit", "audit_text", "audits_of_text", "by_editions_of_now", "delta"]

_read = lru_cache(maxsize=4)(read)


def audit(
    pending: Pending, checklists: Mapping[str, Checklist], finder: Finder | None = None
) -> tuple[Audit, ...]:
    """Judge a stored version by every checklist of its language, under each profile that applies.

    `finder` gives the sentence classifier of a language: with it the likeliest evidence is quoted first, and absences
    name the rows nearest to their subject.
    """
    found: list[Audit] = []
    for checklist, profiles in applicable(pending, checklists):
        found.extend(audits_of_text(pending.text, checklist, profiles, links=pending.links, finder=finder))
    return tuple(found)


def applicable(
    pending: Pending, checklists: Mapping[str, Checklist]
) -> Iterable[tuple[Checklist, tuple[str, ...]]]:
    """The checklists of the language of a version, each with its profiles that apply to it.

    The text is looked at only where the language of the version is not known.
    """
    language = pending.version.language or language_of(pending.text) or pending.declaration.language or ""
    for checklist in checklists.values():
        if language.startswith(checklist.language) or _is_named(pending, checklist):
            yield checklist, for_version(pending, checklist)


def _is_named(pending: Pending, checklist: Checklist) -> bool:
    """True where the operator asked for a profile of this checklist, whatever the language of the text."""
    return any(checklist.profile(name) for name in pending.declaration.profiles)


def by_editions_of_now(
    pending: Pending, checklists: Mapping[str, Checklist], finder: Finder | None = None
) -> tuple[Audit, ...]:
    """The audits of the version before, judged anew where another edition made them: like is held against like."""
    return tuple(
        _by_edition_of_now(one, pending.previous_text, checklists.get(one.checklist), finder)
        for one in pending.previous_audits
    )


def _by_edition_of_now(
    one: Audit, text: str | None, checklist: Checklist | None, finder: Finder | None
) -> Audit:
    if text is None or checklist is None or checklist.edition == one.edition:
        return one
    return audit_text(text, checklist, one.profile, finder=finder) if checklist.profile(one.profile) else one


def audit_text(
    text: str,
    checklist: Checklist,
    profile: str,
    *,
    links: Sequence[Link] = (),
    criteria: Iterable[str] | None = None,
    finder: Finder | None = None,
) -> Audit:
    """Judge a text by one profile. `criteria` narrows to some ids (all of the profile's where None)."""
    chosen = checklist.of_profile(profile)
    if criteria is not None:
        wanted = frozenset(criteria)
        chosen = tuple(criterion for criterion in checklist.criteria if criterion.id in wanted)
    return next(iter(_audits(text, checklist, {profile: chosen}, links, finder)))


def audits_of_text(
    text: str,
    checklist: Checklist,
    profiles: Sequence[str],
    *,
    links: Sequence[Link] = (),
    finder: Finder | None = None,
) -> tuple[Audit, ...]:
    """Judge a text by several profiles; what they ask alike is judged once."""
    asked = {name: checklist.of_profile(name) for name in profiles}
    return tuple(_audits(text, checklist, asked, links, finder))


def _audits(
    text: str,
    checklist: Checklist,
    asked: Mapping[str, tuple[Criterion, ...]],
    links: Sequence[Link],
    finder: Finder | None = None,
) -> Iterable[Audit]:
    why = unreadable(text, checklist.language)
    reading = _read("" if why else text)
    model = finder(checklist.language) if finder else None
    session = Session(reading, checklist, Nearest(reading.text, model) if model else None)
    doubt = why or suspect(reading)
    known: dict[tuple[str, str], Finding] = {}
    for profile, criteria in asked.items():
        findings = []
        for criterion in criteria:
            key = (criterion.id, profile if any(row.profiles for row in criterion.decide) else "")
            if key not in known:
                known[key] = _finding(session, criterion, profile, links, why, doubt)
            findings.append(known[key])
        result = Audit(
            checklist=checklist.id,
            edition=checklist.edition,
            profile=profile,
            findings=tuple(findings),
            suspect=doubt,
        )
        yield checked(result, text)


def _finding(
    session: Session,
    criterion: Criterion,
    profile: str,
    links: Sequence[Link],
    why: str | None,
    doubt: str | None,
) -> Finding:
    if why:
        return Finding(
            criterion=criterion.id,
            verdict=Verdict.REVIEW,
            confidence=Confidence.WEAK,
            judge=f"{criterion.id}/unreadable",
            note=why,
        )
    found = judge(session, criterion, profile, links)
    return doubted(found, doubt) if doubt else found


def examine_example(checklist: Checklist, criterion: Criterion, text: str, profile: str) -> Finding:
    """Judge a short text by one criterion without doubting its length: for examples and `checklist try`."""
    return judge(Session(read(text), checklist), criterion, profile)


def reading_of(text: str) -> Reading:
    """The text taken apart as the judge sees it."""
    return _read(text)
