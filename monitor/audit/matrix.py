"""The matrix: services by criteria under one profile, as values, and as rows, CSV, JSON and HTML. Pure.

Beside the verdicts stand, for the ten services of the review of 2017, the published tiers of that year: facts
with their source, not our judgement.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from monitor.audit.criteria import Checklist
from monitor.model import Audit, Finding, Verdict

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
    criterion: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service: which version was judged, its findings by criterion, and its tier of 2017."""

    service: str
    version: int | None
    day: date | None
    findings: Mapping[str, Finding]
    suspect: str | None = None
    tier: int | None = None

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
    """A service with the audit of the version that was chosen for it; no audit: nothing is known yet."""

    service: str
    names: tuple[str, ...] = ()
    version: int | None = None
    day: date | None = None
    audit: Audit | None = None


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
    columns = tuple(
        Column(criterion=one.id, title=one.title(language)) for one in checklist.of_profile(profile)
    )
    known = checklist.profile(profile)
    title = profile if known is None else (known.title_zh if language.startswith("zh") else known.title_en)
    lines = tuple(_line(entry, columns, tiers) for entry in entries)
    return Matrix(profile=profile, title=title, columns=columns, lines=lines, day=day, tiers=tiers)


def _line(entry: Entry, columns: Sequence[Column], tiers: TierList | None) -> Line:
    findings = {finding.criterion: finding for finding in entry.audit.findings} if entry.audit else {}
    tier = tiers.of(entry.service, *entry.names) if tiers else None
    return Line(
        service=entry.service,
        version=entry.version,
        day=entry.day,
        findings={one.criterion: findings[one.criterion] for one in columns if one.criterion in findings},
        suspect=entry.audit.suspect if entry.audit else None,
        tier=tier.tier if tier else None,
    )


# --------------------------------------------------------------------------- as rows, CSV, JSON


def table(found: Matrix) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and rows as words: service, version, day, tier of 2017 (where shown), a verdict a criterion."""
    head = ["service", "version", "day", *(["tier 2017"] if found.tiers else [])]
    head += [column.criterion for column in found.columns]
    return tuple(head), tuple(_cells(found, line) for line in found.lines)


def _cells(found: Matrix, line: Line) -> tuple[str, ...]:
    first = [line.service, _word(line.version), _word(line.day)]
    if found.tiers:
        first.append(_word(line.tier))
    verdicts = (line.findings.get(column.criterion) for column in found.columns)
    return (*first, *(str(one.verdict) if one else "" for one in verdicts))


def _word(value: object) -> str:
    return "" if value is None else str(value)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote mark before =, +, -, @, tab and line ends.

    See https://owasp.org/www-community/attacks/CSV_Injection; leading blanks are looked through.
    """
    bare = cell.lstrip(" \u00a0\u3000")
    return f"'{cell}" if bare[:1] in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} else cell


def as_csv(found: Matrix) -> str:
    """Comma-separated, RFC 4180 line ends, quoted against formula injection."""
    out = io.StringIO()
    writer = csv.writer(out)
    head, lines = table(found)
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return out.getvalue()


def as_json(found: Matrix) -> str:
    """Everything, with the first quote of each finding; keys in a fixed order."""
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
        "version": line.version,
        "day": line.day.isoformat() if line.day else None,
        "tier_2017": line.tier,
        "suspect": line.suspect,
        "counts": {str(verdict): count for verdict, count in sorted(line.counts().items())},
        "findings": {
            criterion: {
                "verdict": str(finding.verdict),
                "confidence": str(finding.confidence),
                "judge": finding.judge,
                "quote": finding.evidence[0].quote if finding.evidence else None,
            }
            for criterion, finding in line.findings.items()
        },
    }


# --------------------------------------------------------------------------- as HTML


def as_html(found: Matrix) -> str:
    """One table to be put into a page: every word of it escaped, the first quote as a cell's title."""
    head = "".join(
        f'<th scope="col"><abbr title="{escape(column.title)}">{escape(column.criterion)}</abbr></th>'
        for column in found.columns
    )
    tier = '<th scope="col">2017</th>' if found.tiers else ""
    body = "\n".join(_html_line(found, line) for line in found.lines)
    caption = escape(found.title) + (f" ({found.day.isoformat()})" if found.day else "")
    return (
        f'<table class="matrix">\n<caption>{caption}</caption>\n'
        f'<thead><tr><th scope="col">service</th>{tier}{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n{_legend(found)}"
    )


def _html_line(found: Matrix, line: Line) -> str:
    cells = "".join(_html_cell(line.findings.get(column.criterion)) for column in found.columns)
    tier = f"<td>{escape(_word(line.tier))}</td>" if found.tiers else ""
    doubt = f' <abbr title="{escape(line.suspect)}">⚠</abbr>' if line.suspect else ""
    return f'<tr><th scope="row">{escape(line.service)}{doubt}</th>{tier}{cells}</tr>'


def _html_cell(finding: Finding | None) -> str:
    if finding is None:
        return "<td></td>"
    quote = finding.evidence[0].quote if finding.evidence else finding.searched or finding.note
    words = escape(f"{finding.verdict}: {quote}" if quote else str(finding.verdict))
    return f'<td class="{finding.verdict}" title="{words}">{signs[finding.verdict]}</td>'


def _legend(found: Matrix) -> str:
    used = {finding.verdict for line in found.lines for finding in line.findings.values()}
    marks = ", ".join(f"{sign} {verdict}" for verdict, sign in signs.items() if verdict in used)
    lines = [f'<p class="legend">{escape(marks)}</p>\n']
    if found.tiers:
        meanings = "; ".join(f"{number}: {text}" for number, text in sorted(found.tiers.meanings.items()))
        lines.append(f'<p class="legend">2017: {escape(meanings)}. {escape(found.tiers.source)}</p>\n')
    return "".join(lines)


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
