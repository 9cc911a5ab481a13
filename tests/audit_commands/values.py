"""Findings and audits made up for these tests."""

from __future__ import annotations

from monitor.model import Audit, Confidence, Evidence, Finding, Span, Verdict


def finding(criterion: str, verdict: Verdict, quote: str = "", flags: tuple[str, ...] = ()) -> Finding:
    evidence = (Evidence(quote=quote, span=Span(start=0, end=len(quote))),) if quote else ()
    return Finding(
        criterion=criterion,
        verdict=verdict,
        confidence=Confidence.SINGLE,
        judge="rule",
        evidence=evidence,
        flags=flags,
    )


def audit(*findings: Finding, edition: str = "1", suspect: str | None = None) -> Audit:
    return Audit(checklist="zh", edition=edition, profile="pipl", findings=findings, suspect=suspect)
