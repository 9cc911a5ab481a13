"""Made-up policies, looks and alerts, and a store of each kind to put them into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.model import (
    Alert,
    AlertKind,
    Audit,
    Change,
    Confidence,
    Decision,
    Declaration,
    Edit,
    Evidence,
    Examination,
    Exchange,
    Fault,
    FaultKind,
    Finding,
    Hunk,
    Link,
    Nature,
    Op,
    Outcome,
    Reading,
    Ruling,
    Snapshot,
    SourceDocument,
    Span,
    Stage,
    TermsId,
    Unchanged,
    Verdict,
    Visit,
)
from monitor.store.memory import MemoryStore
from monitor.store.sqlite import SqliteStore
from monitor.text.normal import key

start = datetime(2031, 3, 1, 8, 0, tzinfo=UTC)
hour = timedelta(hours=1)
AnyStore = SqliteStore | MemoryStore
Opener = Callable[[], AnyStore]

base_text = "\n\n".join(
    [
        "# 星桥出行隐私政策（虚构文本）",
        "## 一、我们收集的信息",
        "我们收集您的手机号码、位置信息与行程记录，用于叫车与安全保障。",
        "## 二、我们如何使用",
        "我们会把位置信息用于派单，也会用于向您推荐附近的优惠广告。",
        "## 三、您的权利",
        "您可以查询、更正、删除您的个人信息，或者注销账号。",
        "Contact us: privacy@starbridge.example, we answer within fifteen days.",
    ]
)


def regular(declaration: Declaration, now: datetime, failures: int) -> datetime:
    """Every interval; failures make no difference here."""
    return now + declaration.every


def declaration(service: str = "starbridge", **fields: object) -> Declaration:
    document = SourceDocument(location=f"https://{service}.example/privacy")
    plain = Declaration(terms=TermsId(service=service), name=service.title(), documents=(document,))
    return replace(plain, **fields)  # type: ignore[arg-type]


def exchange(service: str = "starbridge", **fields: object) -> Exchange:
    plain = Exchange(
        url=f"https://{service}.example/privacy",
        final_url=f"https://{service}.example/privacy.html",
        status=200,
        redirects=(f"https://{service}.example/privacy",),
        ip="203.0.113.7",
        certificate_sha256="c" * 64,
        headers=(
            ("content-type", "text/html; charset=utf-8"),
            ("date", "Sat, 01 Mar 2031 08:00:00 GMT"),
            ("etag", '"v1"'),
            ("last-modified", "Fri, 28 Feb 2031 08:00:00 GMT"),
        ),
        seconds=0.25,
        raw_sha256="a" * 64,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def reading(
    text: str = base_text, service: str = "starbridge", recipe: str = "r1", **fields: object
) -> Reading:
    page = f"<html><body><pre>{text}</pre></body></html>".encode()
    snapshot = Snapshot(exchange=exchange(service), content=page, media_type="text/html", charset="utf-8")
    plain = Reading(
        text=text,
        key=key(text),
        recipe=recipe,
        snapshots=(snapshot,),
        title="隐私政策",
        language="zh",
        links=(Link(text="第三方 SDK 清单", address=f"https://{service}.example/sdk"),),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def visit(at: datetime, result: Reading | Unchanged | Fault, service: str = "starbridge") -> Visit:
    return Visit(terms=TermsId(service=service), at=at, result=result)


def unchanged(service: str = "starbridge", not_modified: bool = False, **fields: object) -> Unchanged:
    return Unchanged(exchanges=(exchange(service, **fields),), not_modified=not_modified)


def fault(kind: FaultKind = FaultKind.TIMEOUT, **fields: object) -> Fault:
    return replace(Fault(kind=kind, message="no answer in 30 s", stage=Stage.FETCH), **fields)  # type: ignore[arg-type]


def alert(name: str = "change:starbridge:2", at: datetime = start, **fields: object) -> Alert:
    plain = Alert(
        key=name, kind=AlertKind.CHANGE, at=at, terms=TermsId(service="starbridge"), notice="changed"
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def decided(*alerts: Alert, channels: tuple[str, ...] = ("mail",)) -> Decision:
    return Decision(alerts=alerts, routes={one.key: channels for one in alerts})


def some_change() -> Change:
    edits = (Edit(op=Op.DELETE, text="不得"), Edit(op=Op.INSERT, text="可以"))
    hunk = Hunk(form="changed", nature=Nature.SUBSTANTIVE, edits=edits, significance=3)
    return Change(hunks=(hunk,), significance=3, inserted=2, deleted=2)


def ruling(**fields: object) -> Ruling:
    plain = Ruling(
        terms=TermsId(service="starbridge"),
        criterion="rights.delete",
        by="Ada Lovelace",
        at=start,
        reason="the way is told elsewhere",
        verdict=Verdict.MET,
        quote="您可以查询、更正、删除您的个人信息，或者注销账号。",
        found=Verdict.PARTLY,
        version=1,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def audited(edition: str = "1", verdict: Verdict = Verdict.PARTLY) -> Audit:
    quote = "您可以查询、更正、删除您的个人信息，或者注销账号。"
    at = base_text.index(quote)
    found = Finding(
        criterion="rights.delete",
        verdict=verdict,
        confidence=Confidence.SINGLE,
        judge="rights.delete/2-partly",
        evidence=(Evidence(quote=quote, span=Span(start=at, end=at + len(quote))),),
    )
    return Audit(checklist="zh", edition=edition, profile="pipl", findings=(found,))


nothing_decided = Decision()


@dataclass
class World:
    """A store under test, and how to open it again as a later life would."""

    open: Opener
    kind: str
    store: AnyStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = self.open()

    def reopen(self) -> AnyStore:
        self.store.close()
        self.store = self.open()
        return self.store

    def declare(self, *declarations: Declaration, recipe: str = "r1", now: datetime = start) -> None:
        ones = declarations or (declaration(),)
        self.store.declare(ones, {one.terms: recipe for one in ones}, ["mail", "chat"], now)

    def settle_all(self, decision: Decision = nothing_decided) -> list[Outcome]:
        return [
            self.store.settle(Examination(pending=pending), decision) for pending in self.store.unexamined(50)
        ]

    def first_version(self, at: datetime = start, text: str = base_text, service: str = "starbridge") -> None:
        assert self.store.record(visit(at, reading(text, service), service)) is Outcome.FIRST_RECORD

    def changed_to(self, text: str, at: datetime) -> None:
        """Two looks an hour apart that show a new text."""
        assert self.store.record(visit(at, reading(text))) is Outcome.WAITING
        assert self.store.record(visit(at + hour, reading(text))) is Outcome.CHANGED
