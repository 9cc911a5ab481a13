"""The matrix as a page that stands by itself, and for a terminal. Nothing in it is trusted. Pure but for a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from monitor.audit.matrix import Column, Line, Matrix, ruling_words, signs
from monitor.model import Anchored, Finding, RulingStanding, Verdict
from monitor.render import labels
from monitor.render.labels import Language, pick
from monitor.render.pages import template
from monitor.text.clean import clean, clean_line

_column_width = 13
_words = {
    "en": {
        "criterion": "criterion", "tier": "published tier of 2017", "version": "version", "none": "no audit",
        "ruling": "ruling", "review": "ruling to review", "rules": "the rules say", "searched": "searched",
        "legend": "What the signs say", "evidence": "Evidence", "as of": "as of", "latest": "latest versions",
        "doubt": "the capture is in doubt", "in": "in", "characters": "characters", "item": "item",
        "advice": "A verdict says what the text does, never whether anybody obeys the law. It is no legal advice.",
        "how": "Open a cell, or rest on it, for the words of the policy; printed pages have them below the table.",
        "source": "Source of the tiers", "no evidence": "no quote",
    },
    "zh": {
        "criterion": "审核项", "tier": "2017 年公布档次", "version": "版本", "none": "无审核结果",
        "ruling": "人工裁定", "review": "裁定待复核", "rules": "规则判定", "searched": "检索",
        "legend": "图例", "evidence": "依据", "as of": "截至", "latest": "最新版本",
        "doubt": "抓取存疑", "in": "位于", "characters": "字符", "item": "项",
        "advice": "判定只描述文本写了什么，不评判是否守法，不是法律意见。",
        "how": "点开单元格或将鼠标停在其上可见政策原文；打印时原文列于表后。",
        "source": "档次来源", "no evidence": "无引文",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    words: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One finding as the page shows it. `kind` is the verdict, for the style sheet."""

    kind: str
    sign: str
    verdict: str
    confidence: str
    hover: str
    quotes: tuple[Quote, ...]
    note: str
    judge: str
    ruling: str = ""
    holds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One criterion with a cell for each service; None where it was not judged."""

    column: Column
    cells: tuple[Cell | None, ...]


def words(language: Language) -> dict[str, str]:
    return _words[language]


def as_html(found: Matrix, language: Language = "en") -> str:
    """A page without scripts or anything from elsewhere: criteria down, services across, words in every cell."""
    lines = [_cleaned(line) for line in found.lines]
    rows = [
        Row(column=column, cells=tuple(_cell(line, column, language) for line in found.lines))
        for column in found.columns
    ]
    used = {finding.verdict for line in found.lines for finding in line.findings.values()}
    return template("matrix.html").render(
        found=found,
        title=clean_line(found.title),
        lines=lines,
        groups=[(section, list(group)) for section, group in groupby(rows, lambda row: row.column.section)],
        rows=rows,
        legend=[(signs[one], pick(labels.verdicts[one], language), one) for one in signs if one in used],
        word=_words[language],
        language=language,
        any_rulings=any(line.rulings for line in found.lines),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    title: str
    version: int | None
    day: str
    tier: int | None
    remark: str
    suspect: str


def _cleaned(line: Line) -> Head:
    return Head(
        title=clean_line(line.title),
        version=line.version,
        day=line.day.isoformat() if line.day else "",
        tier=line.tier,
        remark=clean_line(line.remark),
        suspect=clean_line(line.suspect or ""),
    )


def _cell(line: Line, column: Column, language: Language) -> Cell | None:
    finding = line.findings.get(column.criterion)
    if finding is None:
        return None
    laid = line.rulings.get(column.criterion)
    verdict = pick(labels.verdicts[finding.verdict], language)
    quotes = tuple(_quote(finding, language))
    first = quotes[0].words if quotes else clean_line(finding.searched or finding.note)
    return Cell(
        kind=finding.verdict.value,
        sign=signs[finding.verdict],
        verdict=verdict,
        confidence=pick(labels.confidences[finding.confidence], language) if quotes else "",
        hover=f"{clean_line(line.title)} · {clean_line(column.title)}: {verdict}"
        + (f" – {first}" if first else ""),
        quotes=quotes,
        note="" if laid else clean_line(finding.note if quotes else finding.searched or finding.note),
        judge=clean_line(finding.judge),
        ruling=clean_line(_ruling(laid, language)),
        holds=laid is None or laid.standing is RulingStanding.HOLDS,
    )


def _ruling(laid: Anchored | None, language: Language) -> str:
    if laid is None:
        return ""
    word, ruling = _words[language], laid.ruling
    said = pick(labels.verdicts[ruling.verdict], language) if ruling.verdict else "–"
    own = f"; {word['rules']}: {pick(labels.verdicts[laid.found], language)}" if laid.found else ""
    review = "" if laid.standing is RulingStanding.HOLDS else f"; {word['review']}"
    return f"{word['ruling']} {ruling.id}: {said}, {ruling.by}, {ruling.at:%Y-%m-%d}: {ruling.reason}{own}{review}"


def _quote(finding: Finding, language: Language) -> Iterator[Quote]:
    for one in finding.evidence:
        section = f" {_words[language]['in']} “{clean_line(' › '.join(one.section))}”" if one.section else ""
        yield Quote(
            words=clean_line(one.quote),
            place=f"{_words[language]['characters']} {one.span.start:,}–{one.span.end:,}{section}",
        )


# --------------------------------------------------------------------------- for a terminal


def as_terminal(
    found: Matrix, width: int, styles: dict[Verdict, str], language: Language = "en"
) -> Iterator[RenderableType]:
    """Criteria down, as many services across as there is room for, then the next ones; a legend at the end."""
    titles = [Text(clean_line(f"{column.title} ({column.criterion})")) for column in found.columns]
    room = max(
        1, (width - min(46, max((one.cell_len for one in titles), default=0)) - 2) // (_column_width + 2)
    )
    for at in range(0, len(found.lines), room):
        yield _part(found, titles, found.lines[at : at + room], styles, language)
        yield Text("")
    used = {finding.verdict for line in found.lines for finding in line.findings.values()}
    yield Text(
        "  ".join(
            f"{sign} {pick(labels.verdicts[one], language)}" for one, sign in signs.items() if one in used
        )
        + f"  * {_words[language]['ruling']}  ? {_words[language]['review']}",
        style="dim",
    )
    yield from _remarks(found, language)


def _part(
    found: Matrix,
    titles: Sequence[Text],
    lines: Sequence[Line],
    styles: dict[Verdict, str],
    language: Language,
) -> Table:
    shown = Table(box=None, header_style="bold", pad_edge=False)
    shown.add_column(_words[language]["criterion"], overflow="fold", max_width=46)
    for line in lines:
        shown.add_column(Text(clean_line(line.title)), overflow="fold", width=_column_width)
    if found.tiers:
        tiers = (str(line.tier) if line.tier else "–" for line in lines)
        shown.add_row(Text(_words[language]["tier"], style="italic"), *tiers)
    versions = (
        f"{line.version} ({line.day})" if line.version else _words[language]["none"] for line in lines
    )
    shown.add_row(Text(_words[language]["version"], style="italic"), *versions, end_section=True)
    for title, column in zip(titles, found.columns, strict=True):
        shown.add_row(title, *(_sign(line, column.criterion, styles, language) for line in lines))
    return shown


def _sign(line: Line, criterion: str, styles: dict[Verdict, str], language: Language) -> Text:
    finding, laid = line.findings.get(criterion), line.rulings.get(criterion)
    if finding is None:
        return Text("")
    mark = "" if laid is None else " *" if laid.standing is RulingStanding.HOLDS else " ?"
    word = pick(labels.verdicts[finding.verdict], language)
    return Text(f"{signs[finding.verdict]} {word[: _column_width - 4]}{mark}", style=styles[finding.verdict])


def _remarks(found: Matrix, language: Language) -> Iterable[Text]:
    for line in found.lines:
        if line.remark or line.suspect:
            said = line.remark or f"{_words[language]['doubt']}: {line.suspect}"
            yield Text(clean(f"{line.title}: {said}"), style="yellow")
    for line in found.lines:
        for laid in line.rulings.values():
            yield Text(clean_line(f"{line.title}, {ruling_words(laid)}"), style="cyan")
    if found.tiers and any(line.tier for line in found.lines):
        meanings = "; ".join(f"{number}: {text}" for number, text in sorted(found.tiers.meanings.items()))
        yield Text(f"2017: {meanings}. {found.tiers.source}", style="dim")
