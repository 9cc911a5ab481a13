"""The matrix: services by criteria under one profile, as values, and as rows, CSV and JSON. Pure.

Beside the verdicts stand, for the ten services of the review of 2017, the published tiers of that year: facts
with their source, not our judgement.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitor.audit.criteria import Checklist
from monitor.model import Anchored, Audit, Finding, RulingStanding, Verdict
from monitor.text.sheet import sheet

signs: Mapping[Verdict, str] = {
    Verdict.MET: "●",
    Verdict.PARTLY: "◐",
    Verdict.RESTRICTED: "◍",
    Verdict.DENIED: "✕",
    Verdict.NOT_FOUND: "○",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.FLAGGED: "!",
    Verdict.CLEAR: "✓",
    Verdict.NOT_STATED: "·",
    Verdict.REVIEW: "?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """What was published of a service in September 2017: its highest tier, 1 to 3."""

    service: str
    names: tuple[str, ...]
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierList:
    """The published result: day, source, what each tier says, and the services."""

    day: date
    source: str
    meanings: Mapping[int, str]
    services: tuple[Tier, ...]

    def of(self, *names: str) -> Tier | None:
        """The tier of a service known by any of these names, or None; widths and case do not matter."""
        wanted = {name.casefold().strip() for name in names}
        return next((one for one in self.services if wanted & {name.casefold() for name in one.names}), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A criterion: its id, short title and question, and the title of the section it belongs to."""

    criterion: str
    title: str
    question: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service: which version was judged, its findings by criterion, and its tier of 2017.

    `rulings` are those that concern the version, by criterion; one that holds is laid over its finding.
    `remark` says why there are no findings, where there are none.
    """

    service: str
    title: str
    version: int | None
    day: date | None
    findings: Mapping[str, Finding]
    suspect: str | None = None
    tier: int | None = None
    rulings: Mapping[str, Anchored] = field(default_factory=dict)
    remark: str = ""

    def counts(self) -> Counter[Verdict]:
        return Counter(finding.verdict for finding in self.findings.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All of it. `day` is the day as of which the versions were chosen; None: the latest ones."""

    profile: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    day: date | None = None
    tiers: TierList | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A service with the audit of the version that was chosen for it; no audit: `remark` says why.

    `audit` has the rulings that hold laid over it; `rulings` are all that concern the version.
    """

    service: str
    title: str = ""
    names: tuple[str, ...] = ()
    version: int | None = None
    day: date | None = None
    audit: Audit | None = None
    rulings: tuple[Anchored, ...] = ()
    remark: str = ""


def matrix(
    entries: Iterable[Entry],
    checklist: Checklist,
    profile: str,
    *,
    language: str = "en",
    day: date | None = None,
    tiers: TierList | None = None,
) -> Matrix:
    """Lay audits side by side. Criteria are those of the profile, in the order of the checklist."""
    chinese = language.startswith("zh")
    sections = {one.id: one.title_zh if chinese else one.title_en for one in checklist.sections}
    columns = tuple(
        Column(
            criterion=one.id,
            title=one.title(language),
            question=one.question(language),
            section=sections.get(one.section, one.section),
        )
        for one in checklist.of_profile(profile)
    )
    known = checklist.profile(profile)
    title = profile if known is None else (known.title_zh if chinese else known.title_en)
    lines = tuple(_line(entry, columns, tiers) for entry in entries)
    return Matrix(profile=profile, title=title, columns=columns, lines=lines, day=day, tiers=tiers)


def _line(entry: Entry, columns: Sequence[Column], tiers: TierList | None) -> Line:
    findings = {finding.criterion: finding for finding in entry.audit.findings} if entry.audit else {}
    tier = tiers.of(entry.service, *entry.names) if tiers else None
    return Line(
        service=entry.service,
        title=entry.title or entry.service,
        version=entry.version,
        day=entry.day,
        findings={one.criterion: findings[one.criterion] for one in columns if one.criterion in findings},
        suspect=entry.audit.suspect if entry.audit else None,
        tier=tier.tier if tier else None,
        rulings={one.ruling.criterion: one for one in entry.rulings if one.ruling.criterion in findings},
        remark=entry.remark,
    )


# --------------------------------------------------------------------------- as rows, CSV, JSON


def table(found: Matrix) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and rows as words: service, version, day, tier of 2017 (where shown), a verdict a criterion, rulings."""
    head = ["service", "version", "day", *(["tier 2017"] if found.tiers else [])]
    head += [*(column.criterion for column in found.columns), "rulings", "remark"]
    return tuple(head), tuple(_cells(found, line) for line in found.lines)


def _cells(found: Matrix, line: Line) -> tuple[str, ...]:
    first = [line.service, _word(line.version), _word(line.day)]
    if found.tiers:
        first.append(_word(line.tier))
    verdicts = (line.findings.get(column.criterion) for column in found.columns)
    ruled = "; ".join(ruling_words(one) for one in line.rulings.values())
    remark = line.remark or (f"the capture is in doubt: {line.suspect}" if line.suspect else "")
    return (*first, *(str(one.verdict) if one else "" for one in verdicts), ruled, remark)


def ruling_words(laid: Anchored) -> str:
    """`rights.delete: partly by Ada, 2026-11-24 (the rules say met): the way does not work`."""
    ruling = laid.ruling
    said = f"{ruling.criterion}: {ruling.verdict or 'immaterial'} by {ruling.by}, {ruling.at:%Y-%m-%d}"
    own = f" (the rules say {laid.found})" if laid.found and ruling.verdict else ""
    review = "" if laid.standing is RulingStanding.HOLDS else f"; {laid.standing}"
    return f"{said}{own}: {ruling.reason}{review}"


def _word(value: object) -> str:
    return "" if value is None else str(value)


def as_csv(found: Matrix) -> str:
    """Comma-separated, RFC 4180 line ends, quoted against formula injection."""
    head, lines = table(found)
    return sheet([head, *lines])


def as_json(found: Matrix) -> str:
    """Everything, with the quotes of each finding and where they stand; keys in a fixed order."""
    return json.dumps(_plain(found), ensure_ascii=False, indent=1) + "\n"


def _plain(found: Matrix) -> dict[str, Any]:
    data: dict[str, Any] = {
        "profile": found.profile,
        "title": found.title,
        "day": found.day.isoformat() if found.day else None,
        "criteria": [{"id": column.criterion, "title": column.title} for column in found.columns],
        "services": [_plain_line(line) for line in found.lines],
    }
    if found.tiers:
        data["tiers_2017"] = {
            "day": found.tiers.day.isoformat(),
            "source": found.tiers.source,
            "meanings": {str(number): text for number, text in found.tiers.meanings.items()},
        }
    return data


def _plain_line(line: Line) -> dict[str, Any]:
    return {
        "service": line.service,
        "title": line.title,
        "version": line.version,
        "day": line.day.isoformat() if line.day else None,
        "tier_2017": line.tier,
        "suspect": line.suspect,
        "remark": line.remark,
        "counts": {str(verdict): count for verdict, count in sorted(line.counts().items())},
        "findings": {
            criterion: {
                "verdict": str(finding.verdict),
                "confidence": str(finding.confidence),
                "judge": finding.judge,
                "quote": finding.evidence[0].quote if finding.evidence else None,
                "evidence": [
                    {
                        "quote": one.quote,
                        "start": one.span.start,
                        "end": one.span.end,
                        "section": list(one.section),
                    }
                    for one in finding.evidence
                ],
                "searched": finding.searched,
                "ruling": _plain_ruling(line.rulings.get(criterion)),
            }
            for criterion, finding in line.findings.items()
        },
    }


def _plain_ruling(laid: Anchored | None) -> dict[str, Any] | None:
    if laid is None:
        return None
    ruling = laid.ruling
    return {
        "id": ruling.id,
        "by": ruling.by,
        "at": ruling.at.isoformat(),
        "verdict": str(ruling.verdict) if ruling.verdict else None,
        "reason": ruling.reason,
        "the_rules_say": str(laid.found) if laid.found else None,
        "standing": str(laid.standing),
    }


# --------------------------------------------------------------------------- the published result of 2017

tiers_2017 = TierList(
    day=date(2017, 9, 24),
    source=(
        "Result of the privacy policy review of July to September 2017 (CAC, MIIT, MPS, SAC), as reported by "
        "People's Daily on 25 September 2017. The wording of the tiers is the press's. Text was one of three "
        "things that the experts judged, and the policies were corrected during the review."
    ),
    meanings={
        1: "rules of collection and use stated, explicit authorisation",
        2: "tier 1, and users are prompted actively and given more choice",
        3: "tier 2, and one-stop withdrawal, online access, correction, deletion and cancellation",
    },
    services=(
        Tier(service="WeChat", names=("WeChat", "Weixin", "微信"), tier=3),
        Tier(service="Taobao", names=("Taobao", "淘宝", "淘宝网"), tier=3),
        Tier(service="Alipay", names=("Alipay", "支付宝"), tier=3),
        Tier(service="DiDi", names=("DiDi", "Didi Chuxing", "滴滴", "滴滴出行"), tier=3),
        Tier(service="JD", names=("JD", "JD.com", "京东", "京东商城"), tier=3),
        Tier(service="Umetrip", names=("Umetrip", "航旅纵横"), tier=2),
        Tier(service="Baidu Maps", names=("Baidu Maps", "Baidu Map", "百度地图"), tier=2),
        Tier(service="AMAP", names=("AMAP", "Amap", "Gaode", "高德", "高德地图"), tier=2),
        Tier(service="Weibo", names=("Weibo", "Sina Weibo", "微博", "新浪微博"), tier=1),
        Tier(service="Ctrip", names=("Ctrip", "携程", "携程旅行"), tier=1),
    ),
)
