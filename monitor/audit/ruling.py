"""Rulings: a person's word on a finding or a change. It sticks while its quote stands. Pure.

A ruling names who, when, which verdict and why. Laid over an audit it replaces the finding's verdict, and
says so. It is carried to later versions as long as its quote still stands there, letter by letter or in
nearly the same words; where the quote is gone, or the words around it changed, it no longer overrules: the
finding shows what the text says now, and the ruling comes up for review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rapidfuzz import fuzz

from monitor.audit.evidence import fold
from monitor.audit.substance import companies, periods
from monitor.model import Audit, Confidence, Evidence, Finding, Movement, Span, TermsId, Verdict
from monitor.text.blocks import blocks
from monitor.text.sentences import sentences

stands = 95.0
changed = 70.0
_shortest = 6
_negation = re.compile(
    r"不|未|无|非|除外|拒绝|\b(?:not|no|never|cannot|except|unless|without|refuse)\b|n't\b"
)


class Standing(StrEnum):
    """How a ruling stands to a text."""

    HOLDS = "holds"
    CHANGED = "its quote changed: review"
    GONE = "its quote is gone: review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A person's word on one criterion of one policy.

    `verdict` None leaves the finding as it is and marks its change as immaterial. `quote` is the anchor:
    the words of the text on which the person decided; "" where the finding was an absence: the ruling then
    holds as long as the finding stays what it was (`found`). `version` is the number of the version ruled on.
    """

    terms: TermsId
    criterion: str
    by: str
    at: datetime
    reason: str
    verdict: Verdict | None = None
    quote: str = ""
    found: Verdict | None = None
    checklist: str = ""
    profile: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A ruling laid on a text: how it stands, where its quote now is, and how like it is (0 to 100)."""

    ruling: Ruling
    standing: Standing
    evidence: Evidence | None = None
    likeness: float = 0.0


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


# --------------------------------------------------------------------------- finding the quote again


def anchor(ruling: Ruling, text: str, finding: Finding | None = None) -> Anchored:
    """Where the words of a ruling stand in a text. A change of figures, names or negation is a change."""
    if not ruling.quote:
        same = finding is not None and (ruling.found is None or finding.verdict is ruling.found)
        return Anchored(ruling=ruling, standing=Standing.HOLDS if same else Standing.CHANGED)
    at = text.find(ruling.quote)
    if at >= 0:
        place = Span(start=at, end=at + len(ruling.quote))
        found = Evidence(quote=ruling.quote, span=place, section=_section(text, at))
        return Anchored(ruling=ruling, standing=Standing.HOLDS, evidence=found, likeness=100.0)
    likeness, evidence = _nearest(ruling.quote, text)
    if evidence is None or likeness < changed:
        return Anchored(ruling=ruling, standing=Standing.GONE, likeness=likeness)
    holds = likeness >= stands and _same_substance(ruling.quote, evidence.quote)
    standing = Standing.HOLDS if holds else Standing.CHANGED
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


def apply(rulings: Sequence[Ruling], audit: Audit, text: str) -> Audit:
    """The audit with every ruling laid over it that still holds; the latest of a criterion counts.

    A finding that was overruled names the person (judge "ruling: ...") and keeps what the rules had said
    in its note. Where a ruling no longer holds, the finding is the rules' own, marked "ruling to review".
    """
    latest = {one.criterion: one for one in in_order(rulings) if concerns(one, audit)}
    findings = tuple(_ruled(latest.get(finding.criterion), finding, text) for finding in audit.findings)
    return replace(audit, findings=findings)


def in_order(rulings: Iterable[Ruling]) -> list[Ruling]:
    return sorted(rulings, key=lambda one: one.at)


def concerns(ruling: Ruling, audit: Audit) -> bool:
    """Whether a ruling is about an audit: of its checklist and profile, where it names them."""
    return ruling.checklist in ("", audit.checklist) and ruling.profile in ("", audit.profile)


def _ruled(ruling: Ruling | None, finding: Finding, text: str) -> Finding:
    if ruling is None:
        return finding
    found = anchor(ruling, text, finding)
    if found.standing is not Standing.HOLDS:
        note = f"ruling of {ruling.by} ({ruling.at:%Y-%m-%d}): {found.standing}"
        flags = _with(finding.flags, "ruling to review")
        return replace(finding, note=_joined(finding.note, note), flags=flags)
    if ruling.verdict is None:
        note = f"change held immaterial by {ruling.by} ({ruling.at:%Y-%m-%d}): {ruling.reason}"
        return replace(finding, note=_joined(finding.note, note), flags=_with(finding.flags, "ruling"))
    own = f"{ruling.reason} (the rules said: {finding.verdict}, {finding.judge})"
    return replace(
        finding,
        verdict=ruling.verdict,
        confidence=Confidence.STRONG,
        judge=f"ruling: {ruling.by}, {ruling.at:%Y-%m-%d}",
        evidence=_evidence(found.evidence, finding.evidence),
        note=own,
        flags=_with(finding.flags, "ruling"),
    )


def _evidence(first: Evidence | None, others: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    if first is None:
        return others
    return (first, *(one for one in others if one.span != first.span))[:3]


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _with(flags: tuple[str, ...], flag: str) -> tuple[str, ...]:
    return flags if flag in flags else (*flags, flag)


def to_review(rulings: Sequence[Ruling], audit: Audit, text: str) -> tuple[Anchored, ...]:
    """The rulings of an audit that a person must look at again, in the order of the audit."""
    latest = {one.criterion: one for one in in_order(rulings) if concerns(one, audit)}
    found = []
    for finding in audit.findings:
        if ruling := latest.get(finding.criterion):
            anchored = anchor(ruling, text, finding)
            if anchored.standing is not Standing.HOLDS:
                found.append(anchored)
    return tuple(found)


def immaterial(rulings: Sequence[Ruling], movement: Movement, text: str) -> Ruling | None:
    """The ruling that holds a movement immaterial in the new text, or None."""
    for ruling in reversed(in_order(rulings)):
        if ruling.criterion != movement.criterion:
            continue
        holds = anchor(ruling, text, movement.after).standing is Standing.HOLDS
        return ruling if ruling.verdict is None and holds else None
    return None
