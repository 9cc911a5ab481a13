"""Rulings: a person's word on a finding or a change. It sticks while its quote stands. Pure.

A ruling names who, when, which verdict and why. Laid over an audit it replaces the finding's verdict, and
says so. It is carried to later versions as long as its quote still stands there, letter by letter or in
nearly the same words; where the quote is gone, or the words around it changed, it no longer overrules: the
finding shows what the text says now, and the ruling comes up for review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from monitor.audit.delta import delta
from monitor.audit.evidence import fold
from monitor.audit.substance import companies, periods
from monitor.model import (
    Anchored,
    Audit,
    AuditDelta,
    Confidence,
    Evidence,
    Finding,
    Movement,
    Ruling,
    RulingStanding,
    Span,
)
from monitor.text.blocks import blocks
from monitor.text.sentences import sentences

ruled_flag = "ruling"
review_flag = "ruling to review"
stands = 95.0
changed = 70.0
_shortest = 6
_negation = re.compile(
    r"不|未|无|非|除外|拒绝|\b(?:not|no|never|cannot|except|unless|without|refuse)\b|n't\b"
)


def problems(ruling: Ruling, text: str) -> tuple[str, ...]:
    """Why a ruling cannot be taken, in words for the person who makes it; empty where it can."""
    found = []
    if not ruling.by.strip():
        found.append("a ruling needs the name of the person who makes it")
    if not ruling.reason.strip():
        found.append("a ruling needs a reason")
    if ruling.at.tzinfo is None:
        found.append("the time of a ruling needs a time zone")
    if ruling.quote and ruling.quote not in text:
        found.append("the quote does not stand in the text of that version")
    if ruling.quote and len(ruling.quote.strip()) < _shortest:
        found.append(f"the quote is too short to be found again: at least {_shortest} characters")
    return tuple(found)


def as_it_stands(quote: str, text: str) -> str | None:
    """The words of the text that a quote copied from a screen means: blanks and line ends do not matter."""
    wanted = "".join(quote.split())
    if not wanted or quote in text:
        return quote.strip() or None
    places = [at for at, character in enumerate(text) if not character.isspace()]
    at = "".join(text.split()).find(wanted)
    return None if at < 0 else text[places[at] : places[at + len(wanted) - 1] + 1]


# --------------------------------------------------------------------------- finding the quote again


def anchor(ruling: Ruling, text: str, finding: Finding | None = None) -> Anchored:
    """Where the words of a ruling stand in a text. A change of figures, names or negation is a change."""
    if not ruling.quote:
        same = finding is not None and (ruling.found is None or finding.verdict is ruling.found)
        return Anchored(ruling=ruling, standing=RulingStanding.HOLDS if same else RulingStanding.CHANGED)
    at = text.find(ruling.quote)
    if at >= 0:
        place = Span(start=at, end=at + len(ruling.quote))
        found = Evidence(quote=ruling.quote, span=place, section=_section(text, at))
        return Anchored(ruling=ruling, standing=RulingStanding.HOLDS, evidence=found, likeness=100.0)
    likeness, evidence = _nearest(ruling.quote, text)
    if evidence is None or likeness < changed:
        return Anchored(ruling=ruling, standing=RulingStanding.GONE, likeness=likeness)
    holds = likeness >= stands and _same_substance(ruling.quote, evidence.quote)
    standing = RulingStanding.HOLDS if holds else RulingStanding.CHANGED
    return Anchored(ruling=ruling, standing=standing, evidence=evidence, likeness=likeness)


def _nearest(quote: str, text: str) -> tuple[float, Evidence | None]:
    """The run of sentences most like the quote: as many of them as the quote has."""
    wanted = fold(quote)
    wide = max(1, len(sentences(quote)))
    best: tuple[float, Evidence | None] = (0.0, None)
    for block in blocks(text):
        spans = sentences(block.text)
        for first in range(max(1, len(spans) - wide + 1)):
            last = min(first + wide, len(spans)) - 1
            piece = block.text[spans[first].start : spans[last].end].rstrip()
            likeness = fuzz.ratio(wanted, fold(piece), score_cutoff=best[0])
            if likeness > best[0]:
                start = block.span.start + spans[first].start
                place = Span(start=start, end=start + len(piece))
                best = likeness, Evidence(quote=piece, span=place, section=block.section)
    return best


def _same_substance(old: str, new: str) -> bool:
    """Whether two nearly equal quotes agree in all that turns a meaning: figures, companies, negations."""
    digits = re.compile(r"\d{1,12}")
    return (
        periods(old) == periods(new)
        and companies(old) == companies(new)
        and sorted(digits.findall(old)) == sorted(digits.findall(new))
        and sorted(_negation.findall(fold(old))) == sorted(_negation.findall(fold(new)))
    )


def _section(text: str, at: int) -> tuple[str, ...]:
    inside = (block.section for block in blocks(text) if block.span.start <= at < block.span.end)
    return next(inside, ())


# --------------------------------------------------------------------------- laying rulings over an audit


def apply(rulings: Iterable[Ruling], audit: Audit, text: str, version: int | None = None) -> Audit:
    """The audit with every ruling laid over it that holds in its text; the latest of a criterion counts.

    A finding that was overruled names the person (judge "ruling: ...") and keeps what the rules had said
    in its note. Where a ruling no longer holds, the finding is the rules' own, marked "ruling to review".
    `version` is the number of the version that the text is: an earlier one than was ruled on is ruled
    where it says the same, and marked nowhere. None: a later one.
    """
    latest = concerning(rulings, audit)
    findings = tuple(
        _ruled(latest.get(finding.criterion), finding, text, version) for finding in audit.findings
    )
    return replace(audit, findings=findings)


def concerning(rulings: Iterable[Ruling], audit: Audit) -> dict[str, Ruling]:
    """The latest ruling on each criterion that is about an audit: its checklist and profile, if it names them."""
    made = sorted((one for one in rulings if one.criterion and concerns(one, audit)), key=lambda one: one.at)
    return {one.criterion: one for one in made}


def concerns(ruling: Ruling, audit: Audit) -> bool:
    """Whether a ruling is about an audit: of its checklist and profile, where it names them."""
    return ruling.checklist in ("", audit.checklist) and ruling.profile in ("", audit.profile)


def _ruled(ruling: Ruling | None, finding: Finding, text: str, version: int | None) -> Finding:
    if ruling is None:
        return finding
    found = anchor(ruling, text, finding)
    if found.standing is not RulingStanding.HOLDS:
        return finding if _before(version, ruling) else _marked(ruling, finding, found.standing)
    if ruling.verdict is None:
        note = f"change held immaterial by {ruling.by} ({ruling.at:%Y-%m-%d}): {ruling.reason}"
        return replace(finding, note=_joined(finding.note, note), flags=_with(finding.flags, ruled_flag))
    own = f"{ruling.reason} (the rules said: {finding.verdict}, {finding.judge})"
    return replace(
        finding,
        verdict=ruling.verdict,
        confidence=Confidence.STRONG,
        judge=f"ruling: {ruling.by}, {ruling.at:%Y-%m-%d}",
        evidence=_evidence(found.evidence, finding.evidence),
        note=own,
        flags=_with(finding.flags, ruled_flag),
    )


def _before(version: int | None, ruling: Ruling) -> bool:
    return version is not None and version < ruling.version


def _marked(ruling: Ruling, finding: Finding, standing: RulingStanding) -> Finding:
    note = f"ruling of {ruling.by} ({ruling.at:%Y-%m-%d}): {standing}"
    return replace(finding, note=_joined(finding.note, note), flags=_with(finding.flags, review_flag))


def _evidence(first: Evidence | None, others: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    if first is None:
        return others
    return (first, *(one for one in others if one.span != first.span))[:3]


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _with(flags: tuple[str, ...], flag: str) -> tuple[str, ...]:
    return flags if flag in flags else (*flags, flag)


def standings(
    rulings: Iterable[Ruling], audits: Iterable[Audit], text: str, version: int | None = None
) -> tuple[Anchored, ...]:
    """How each ruling that counts stands to a text, once each, in the order of the audits.

    Those made on a later version than this one are left out where they do not hold.
    """
    known, found = tuple(rulings), {}
    for audit in audits:
        latest = concerning(known, audit)
        for finding in audit.findings:
            ruling = latest.get(finding.criterion)
            if ruling and (ruling.id, ruling.criterion) not in found:
                laid = replace(anchor(ruling, text, finding), profile=audit.profile, found=finding.verdict)
                if laid.standing is RulingStanding.HOLDS or not _before(version, ruling):
                    found[ruling.id, ruling.criterion] = laid
    return tuple(found.values())


def to_review(
    rulings: Iterable[Ruling], audits: Iterable[Audit], text: str, version: int | None = None
) -> tuple[Anchored, ...]:
    """The rulings that a person must look at again."""
    laid = standings(rulings, audits, text, version)
    return tuple(one for one in laid if one.standing is not RulingStanding.HOLDS)


def newly_to_review(
    rulings: Iterable[Ruling],
    before: Sequence[Audit],
    before_text: str | None,
    after: Sequence[Audit],
    after_text: str,
) -> tuple[Anchored, ...]:
    """Those that a new version brings up: they held in the text before it."""
    known = tuple(rulings)
    fallen = to_review(known, after, after_text)
    if before_text is None or not fallen:
        return fallen
    held = {
        one.ruling.id for one in standings(known, before, before_text) if one.standing is RulingStanding.HOLDS
    }
    return tuple(one for one in fallen if one.ruling.id in held)


# --------------------------------------------------------------------------- rulings and what moved


def deltas(
    rulings: Iterable[Ruling],
    before: Iterable[Audit],
    before_text: str,
    after: Iterable[Audit],
    after_text: str,
) -> tuple[AuditDelta, ...]:
    """What moved between two versions, with the rulings that hold in the new text laid over both.

    A criterion whose ruling holds in both does not move. Where a ruling no longer holds, the rules'
    own findings are compared with each other: the ruling comes up for review, and is no news of the text.
    """
    known = tuple(rulings)
    old = {(one.checklist, one.profile): one for one in before}
    pairs = ((old[new.checklist, new.profile], new) for new in after if (new.checklist, new.profile) in old)
    return tuple(_delta(known, left, before_text, right, after_text) for left, right in pairs)


def _delta(rulings: tuple[Ruling, ...], before: Audit, old_text: str, after: Audit, text: str) -> AuditDelta:
    if not rulings:
        return delta(before, after)
    findings = {one.criterion: one for one in after.findings}
    holding = [
        ruling
        for criterion, ruling in concerning(rulings, after).items()
        if ruling.verdict
        and criterion in findings
        and anchor(ruling, text, findings[criterion]).standing is RulingStanding.HOLDS
    ]
    left, right = apply(holding, before, old_text, 0), apply(holding, after, text)
    moved = delta(left, right)
    kept = (one for one in moved.movements if not (_is_ruled(one.before) and _is_ruled(one.after)))
    return replace(moved, movements=tuple(_held(rulings, one, text) for one in kept))


def _is_ruled(finding: Finding) -> bool:
    return finding.judge.startswith("ruling: ")


def _held(rulings: Sequence[Ruling], movement: Movement, text: str) -> Movement:
    ruling = immaterial(rulings, movement, text)
    if ruling is None:
        return movement
    return replace(movement, better=None, immaterial=f"{ruling.by}, {ruling.at:%Y-%m-%d}: {ruling.reason}")


def immaterial(rulings: Iterable[Ruling], movement: Movement, text: str) -> Ruling | None:
    """The ruling that holds a movement immaterial in the new text, or None."""
    mine = [one for one in rulings if one.criterion == movement.criterion]
    if not mine:
        return None
    ruling = max(mine, key=lambda one: one.at)
    holds = anchor(ruling, text, movement.after).standing is RulingStanding.HOLDS
    return ruling if ruling.verdict is None and holds else None
