"""Values for the tests of deciding, wording and sending: small, made up, complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.model import (
    Alert,
    AlertKind,
    AuditDelta,
    Cause,
    Change,
    Confidence,
    Declaration,
    Direction,
    Edit,
    Evidence,
    Examination,
    Finding,
    Flag,
    Hunk,
    Movement,
    Nature,
    Op,
    Pending,
    SourceDocument,
    Span,
    StatedDate,
    StatedDates,
    TermsId,
    Topic,
    Verdict,
    Version,
)
from monitor.ports import Overview, Standing

now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # a Tuesday
hour = timedelta(hours=1)


def declaration(service: str = "shop", **rest: Any) -> Declaration:
    document = SourceDocument(location=f"https://{service}.example/privacy")
    return Declaration(terms=TermsId(service=service), name=service.title(), documents=(document,), **rest)


def version(service: str = "shop", number: int = 2, cause: Cause = Cause.CHANGE, **rest: Any) -> Version:
    return Version(
        terms=TermsId(service=service),
        number=number,
        cause=cause,
        first_seen=now - hour,
        recorded_at=now,
        text_sha256="0" * 64,
        key="1" * 64,
        recipe="r1",
        length=12_000,
        snapshots=("2" * 64,),
        final_urls=(f"https://{service}.example/privacy",),
        **rest,
    )


def hunk(old: str, new: str, nature: Nature = Nature.SUBSTANTIVE, **rest: Any) -> Hunk:
    edits = (
        Edit(op=Op.EQUAL, text="我们会将您的设备信息"),
        Edit(op=Op.DELETE, text=old),
        Edit(op=Op.INSERT, text=new),
        Edit(op=Op.EQUAL, text="提供给合作方。"),
    )
    return Hunk(
        form="changed",
        nature=nature,
        edits=edits,
        before=Span(start=0, end=9),
        after=Span(start=0, end=9),
        **rest,
    )


def change(*hunks: Hunk, significance: int = 3) -> Change:
    return Change(
        hunks=hunks or (hunk("在您同意后", "直接"),), significance=significance, inserted=2, deleted=5
    )


def finding(verdict: Verdict, quote: str = "") -> Finding:
    evidence = (Evidence(quote=quote, span=Span(start=0, end=len(quote))),) if quote else ()
    return Finding(
        criterion="rights.withdraw",
        verdict=verdict,
        confidence=Confidence.SINGLE,
        judge="rule",
        evidence=evidence,
        searched="" if quote else "looked for words of withdrawal in the whole text",
    )


def delta(better: bool | None = False, old: str = "您可以随时撤回同意。", new: str = "") -> AuditDelta:
    movement = Movement(
        criterion="rights.withdraw",
        before=finding(Verdict.MET, old),
        after=finding(Verdict.NOT_FOUND, new),
        better=better,
    )
    return AuditDelta(profile="pipl", movements=(movement,))


def examination(cause: Cause = Cause.CHANGE, **rest: Any) -> Examination:
    pending = Pending(
        declaration=declaration(tags=("retail",)),
        version=version(cause=cause, flags=(Flag.SILENT_CHANGE,)),
        text="new",
        previous=version(number=1, cause=Cause.FIRST_RECORD),
        previous_text="old",
    )
    return Examination(pending=pending, **{"change": change(), "deltas": (delta(),), **rest})


def alert(**rest: Any) -> Alert:
    """A change alert with everything in it."""
    stated = StatedDates(
        updated=StatedDate(day=date(2026, 1, 5), precision="day", quote="更新日期:2026年1月5日"),
        effective=StatedDate(day=date(2026, 12, 1), precision="day", quote="生效日期:2026年12月1日"),
    )
    softer = hunk(
        "在您同意后",
        "直接",
        topics=(Topic.SHARING,),
        direction=Direction.SOFTER,
        section=("三、共享",),
        significance=3,
    )
    made = Alert(
        key="change:shop:2",
        kind=AlertKind.CHANGE,
        at=now,
        terms=TermsId(service="shop"),
        service_name="Shop 小店",
        version=version(flags=(Flag.SILENT_CHANGE,), dates=stated),
        previous=version(number=1, cause=Cause.FIRST_RECORD, dates=replace(stated, effective=None)),
        change=change(softer),
        deltas=(delta(),),
        tags=("retail",),
        location="https://shop.example/privacy",
    )
    return replace(made, **rest)


def standing(service: str = "shop", **rest: Any) -> Standing:
    given: dict[str, Any] = {
        "declaration": declaration(service),
        "latest": version(service, number=1, cause=Cause.FIRST_RECORD),
        "versions": 1,
        "due_at": now + hour,
        "last_look": now - hour,
        "last_success": now - hour,
        "declared_at": now - 24 * hour,
    }
    return Standing(**{**given, **rest})


def overview(*standings: Standing, **rest: Any) -> Overview:
    given: dict[str, Any] = {"at": now, "standings": standings, "baseline_at": now - 20 * hour}
    return Overview(**{**given, **rest})
