"""Facts read out of a text as data: periods, ages, amounts, addresses, names, data types, rows of SDK tables. Pure.

A fact is normalised so that equal facts are equal strings: 三十日, 30天 and "thirty (30) days" are ``30 days``.
Everything is found by pattern, in linear time; what no pattern knows is simply not a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.model import Fact, Span
from monitor.text.blocks import Block, BlockKind, blocks
from monitor.text.fact_parties import countries, recipients, rights
from monitor.text.fact_words import (
    company_forms_latin,
    data_type_lines,
    names,
    period_subjects,
    permission_lines,
)
from monitor.text.numbers import (
    number,
    number_words,
    numerals_zh,
    period,
    unit_pattern_latin,
    unit_pattern_zh,
)
from monitor.text.tokens import email_pattern, pattern_of, url_pattern
from monitor.text.words_of_dates import months

_figure = rf"(?:\d{{1,4}}(?:\.\d)?|[０-９]{{1,4}}|[{numerals_zh}]{{1,6}}|半)"
_period_zh = re.compile(
    rf"(?<![\d.年月第{numerals_zh}])({_figure})[ \t]?(?:（[^（）]{{1,6}}）|\([^()]{{1,6}}\))?[ \t]?({unit_pattern_zh})(?!岁|龄|份)"
)
_period_latin = re.compile(
    rf"\b(\d{{1,4}}(?:\.\d)?|half|an?|one|(?:{number_words})(?:[ \t]?\(\d{{1,4}}\))?)[ \t-]{{1,2}}"
    rf"(?:calendar |consecutive )?({unit_pattern_latin})\b(?![ -]old| of age)",
    re.I,
)
_age = re.compile(
    rf"({_figure})[ \t]?(?:周岁|岁)"
    rf"|\b(?:under|below|over|least|aged?|age of|ages of|than|turn(?:ed|s)?)[ \t](?:the age of[ \t])?(\d{{1,2}})\b(?!%|[ \t-]?(?:day|month|week|hour|business|calendar|working))"
    rf"|\b(\d{{1,2}}|{number_words})(?:[ \t]|-)(?:years?(?:[ \t]|-)(?:old|of age))\b",
    re.I,
)
_amount = re.compile(
    r"(?:(?P<sign>[￥¥$€£]|US\$|USD[ \t]?|RMB[ \t]?|EUR[ \t]?)(?P<sum>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,2})?))"
    rf"|(?P<sum2>\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,12}}(?:\.\d{{1,2}})?|[{numerals_zh}]{{1,8}})[ \t]?(?P<unit>万元|亿元|元|美元|欧元|(?:euros?|dollars?|EUR|USD|RMB|CNY|€)\b)",
    re.I,
)
_signs = {
    "￥": "CNY",
    "¥": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "$": "USD",
    "US$": "USD",
    "美元": "USD",
    "€": "EUR",
    "欧元": "EUR",
    "£": "GBP",
}
_signs |= {
    "EURO": "EUR",
    "EUROS": "EUR",
    "DOLLAR": "USD",
    "DOLLARS": "USD",
    "万元": "CNY 10k",
    "亿元": "CNY 100M",
}
_email = re.compile(rf"(?<![A-Za-z0-9._%+\-]){email_pattern}")
_url = re.compile(url_pattern)
_phone = re.compile(
    r"(?<![\w.+/-])(?:\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{1,4}(?:[ -]?\d{2,4}){1,4}|400[ -]?\d{3,4}[ -]?\d{3,4}|0\d{2,3}[ -]\d{7,8}"
    r"|95\d{3,4}(?!\d)|1[3-9]\d{9}|\(\d{3}\)[ ]?\d{3}-\d{4}|1-\d{3}-\d{3}-\d{4})(?![\w-])"
)
_company_zh = re.compile(
    r"[A-Za-z\u4e00-\u9fff（）()·]{2,40}?(?:股份有限公司|有限责任公司|有限公司|集团公司)"
)
_company_latin = re.compile(rf"\b(?:[A-Z][\w&'’.\-]{{0,30}},?[ ]){{1,5}}{company_forms_latin}(?![A-Za-z])")
_company_lead = re.compile(
    r"^.*(?:由|与|和|及|向|给|是|为|即|系|的|指|于|对|包括|以及|关联方|公司：|如下：|名称：|[（(])(?=.{4,})"
)
_address_zh = re.compile(
    r"(?:[\u4e00-\u9fff]{2,7}(?:省|自治区))?[\u4e00-\u9fff]{2,6}市[\u4e00-\u9fffA-Za-z\d\-]{2,50}?(?:\d{1,5}号|大厦|\d层|\d室|\d楼|座)[\u4e00-\u9fffA-Za-z\d\-]{0,20}"
)
_address_latin = re.compile(
    r"\b\d{1,6}[A-Z]?(?:[- ]\d{1,4})?,? (?:(?:[A-Z][\w'’.]{0,20}|\d{1,3}(?:st|nd|rd|th)) ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Yard|Square|Place|"
    r"Court|Quay|Parkway|Terrace|Row)\b\.?(?:,? ?(?:[A-Z][\w'’.]{0,20}|[A-Z]?\d{3,6}(?:-\d{4})?|[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}|#?\d{1,5}|Floor|Suite)){0,8}"
)
_date = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[ \t]?(?P<s>年|[-/.])[ \t]?(?P<m>\d{1,2})[ \t]?(?:月|(?P=s))[ \t]?(?:(?P<d>\d{1,2})[ \t]?[日号]?)?(?!\d)"
    r"|(?<!\d)(?P<d2>\d{1,2})(?:st|nd|rd|th|er|\.)?[ \t](?:of[ \t])?(?P<m2>[A-Za-zéûä]{3,10})\.?,?[ \t](?P<y2>(?:19|20)\d{2})(?!\d)"
    r"|\b(?P<m3>[A-Za-zéûä]{3,10})\.?[ \t](?P<d3>\d{1,2})(?:st|nd|rd|th)?(?:,[ \t]?|[ \t])(?P<y3>(?:19|20)\d{2})(?!\d)"
    r"|(?<!\d)(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>(?:19|20)\d{2})(?!\d)"
    r"|(?<![\d/])(?P<p>\d{1,2})/(?P<q>\d{1,2})/(?P<y5>(?:19|20)\d{2})(?![\d/])"
    r"|(?P<y6>[二一][〇零○九][〇零○一二三四五六七八九]{2})年(?P<m6>[一二三四五六七八九十]{1,2})月(?:(?P<d6>[一二三四五六七八九十]{1,3})[日号])?"
    rf"|\b(?P<m7>{'|'.join(sorted(months, key=len, reverse=True))})\.?,?[ \t](?P<y7>20\d{{2}})(?!\d)",
    re.I,
)
_any_figure = re.compile(rf"[\d０-９{numerals_zh}半]|(?i:\b(?:half|an?|{number_words})\b)")
_any_digit = re.compile(r"[\d〇零○九]")  # no year is written without one (一九九八年)
_any_latin = re.compile(r"[A-Za-z]")
_data_names, _permission_names = names(data_type_lines), names(permission_lines)


def _pattern(known: Iterable[str]) -> re.Pattern[str]:
    """Words of any case, Latin ones as whole words with free spacing."""
    latin = [word for word in known if word.isascii()]
    wide = [word for word in known if not word.isascii()]
    latin_pattern = pattern_of(latin).replace("\\ ", "[ \\t-]")
    return re.compile(rf"(?<![a-z0-9])(?:{latin_pattern})(?![a-z0-9])|{pattern_of(wide)}", re.I)


_data = _pattern(_data_names)
_permission = _pattern(_permission_names)
_android = re.compile(
    r"\b(?:android\.permission\.)?((?:READ|WRITE|ACCESS|RECORD|CAMERA|GET|BLUETOOTH|CALL|SEND|RECEIVE|REQUEST)_[A-Z_]{3,40})\b"
)
_subjects = tuple((subject, re.compile(pattern, re.I)) for subject, pattern in period_subjects)
_sdk_word = re.compile(
    r"\bsdk\b|第三方.{0,12}(?:名称|主体|公司|清单|列表)|(?:third[ -]part(?:y|ies)|vendor|service provider|subprocessor|sub-processor)",
    re.I,
)
_embedded = re.compile(r"sdk|插件|cookie|tracker|pixel", re.I)
_clause_end = re.compile(r"[。；;！？!?\n]|\.\s")


def facts(text: str) -> tuple[Fact, ...]:
    """All facts of a text, in the order they stand. One stretch of text may state facts of several kinds."""
    return _ordered([*_loose(text), *(row.fact for row in table_rows(text))])


def clause_facts(text: str) -> tuple[Fact, ...]:
    """The facts of a piece of a text; rows of tables are left out, they need the table's head (`table_rows`)."""
    return _ordered(_loose(text))


def _ordered(found: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(found, key=lambda fact: (fact.span.start, fact.span.end, fact.kind)))


def _loose(text: str) -> list[Fact]:
    """Facts of sentences. What needs a figure or a Latin letter is not looked for where there is none."""
    found: list[Fact] = []
    if _any_figure.search(text):
        ages = list(_ages(text))
        of_age = {at for age in ages for at in range(age.span.start, age.span.end + 1)}
        found = [*ages, *(one for one in _periods(text) if one.span.start not in of_age)]
        found += _amounts(text)
    if _any_digit.search(text):
        found += [*_dates(text), *_phones(text)]
    if _any_latin.search(text):
        found += [*_addresses_of_nets(text), *_latin_names(text)]
    found += [*_chinese_names(text), *_vocabulary(text)]
    return [*found, *recipients(text), *countries(text), *rights(text)]


def _fact(kind: str, value: str, match: re.Match[str], subject: str | None = None, group: int = 0) -> Fact:
    start, end = match.span(group)
    return Fact(kind=kind, value=value, quote=match[group], span=Span(start=start, end=end), subject=subject)


def _periods(text: str) -> Iterator[Fact]:
    for pattern in (_period_zh, _period_latin):
        for match in pattern.finditer(text):
            count = "1" if match[1].lower() in {"a", "an"} else match[1]
            if match[2] == "年" and re.fullmatch(r"(?:19|20)\d\d|[二一][〇零九]..", count):
                continue
            if match[2] in {"月", "日"} and pattern is _period_zh and _is_calendar(text, match):
                continue
            if value := period(count, match[2]):
                yield _fact("period", value, match, _subject(text, match))


def _is_calendar(text: str, match: re.Match[str]) -> bool:
    """7月, and 28日 after it, are days of the calendar and not periods."""
    if match[2] == "月":
        return True
    before = text[max(0, match.start() - 3) : match.start()].rstrip()[-1:]
    return before in {"月", "第", "/"} or text[match.end() : match.end() + 1] in {"起", "常"}


def _subject(text: str, match: re.Match[str]) -> str | None:
    """What the period is about, by the nearest word of its own clause."""
    floor = max(0, match.start() - 120)
    left, right = text[floor : match.start()], text[match.end() : match.end() + 60]
    cuts = [cut.end() for cut in _clause_end.finditer(left)]
    left = left[cuts[-1] :] if cuts else left
    if cut := _clause_end.search(right):
        right = right[: cut.start()]
    best: tuple[int, str] | None = None
    for subject, pattern in _subjects:
        distances = [len(left) - found.end() for found in pattern.finditer(left)]
        distances += [found.start() + 4 for found in pattern.finditer(right)]
        if distances and (best is None or min(distances) < best[0]):
            best = (min(distances), subject)
    return best[1] if best else None


def _ages(text: str) -> Iterator[Fact]:
    for match in _age.finditer(text):
        value = number(match[1] or match[2] or match[3])
        if value is not None and 0 < value < 100:
            yield _fact("age", f"{value} years old", match)


def _amounts(text: str) -> Iterator[Fact]:
    for match in _amount.finditer(text):
        value = number(match["sum"] or match["sum2"])
        sign = (match["sign"] or match["unit"]).strip().upper()
        if value is not None:
            yield _fact("amount", f"{value} {_signs.get(sign, sign)}", match)


def _addresses_of_nets(text: str) -> Iterator[Fact]:
    for match in _email.finditer(text):
        yield _fact("email", match[0].lower().rstrip("."), match)
    for match in _url.finditer(text):
        value = match[0].rstrip(".,;:!?)]'")
        span = Span(start=match.start(), end=match.start() + len(value))
        yield Fact(kind="url", value=value, quote=value, span=span)


def _phones(text: str) -> Iterator[Fact]:
    for match in _phone.finditer(text):
        yield _fact("phone", re.sub(r"[^\d+]", "", match[0]), match)


def _chinese_names(text: str) -> Iterator[Fact]:
    """Companies and addresses; the letters that each must have are looked for first, which is cheap."""
    for match in _company_zh.finditer(text) if "公司" in text else ():
        lead = _company_lead.match(match[0])
        name = match[0][lead.end() :] if lead else match[0]
        span = Span(start=match.end() - len(name), end=match.end())
        yield Fact(kind="company", value=name, quote=name, span=span)
    for match in _address_zh.finditer(text) if "市" in text else ():
        yield _postal(match)


def _latin_names(text: str) -> Iterator[Fact]:
    for match in _company_latin.finditer(text):
        yield _fact("company", re.sub(r"\s+", " ", match[0]).replace(",", "").rstrip("."), match)
    for match in _address_latin.finditer(text):
        yield _postal(match)


def _postal(match: re.Match[str]) -> Fact:
    return _fact("address", re.sub(r"\s+", " ", match[0]).strip(" ,."), match)


def _vocabulary(text: str) -> Iterator[Fact]:
    allowed = {match.start() for match in _permission.finditer(text)}
    for match in _data.finditer(text):
        if match.start() in allowed:
            continue  # the permission to read contacts is named, not contacts
        yield _fact("data type", _data_names[_plain(match[0])], match)
    for match in _permission.finditer(text):
        yield _fact("permission", _permission_names[_plain(match[0])], match)
    for match in _android.finditer(text):
        yield _fact("permission", match[1], match)


def _plain(word: str) -> str:
    return re.sub(r"[ \t-]", " ", word.lower()) if word.isascii() else word.lower()


def _dates(text: str) -> Iterator[Fact]:
    for match in _date.finditer(text):
        if value := _iso(match):
            yield _fact("date", value, match)


def _iso(match: re.Match[str]) -> str | None:
    """The date as 2024-05-20 or 2024-05; as written where day and month cannot be told apart."""
    found = match.groupdict()
    if found["y5"]:
        return _slashed(int(found["p"]), int(found["q"]), found["y5"])
    if found["y6"]:
        year, month, day = (
            number(found[name].replace("○", "〇")) if found[name] else None for name in ("y6", "m6", "d6")
        )
        return _day(str(year), int(month or 0), int(day) if day else None)
    year_said = found["y"] or found["y2"] or found["y3"] or found["y4"] or found["y7"]
    name = found["m2"] or found["m3"] or found["m7"]
    month_said = months.get(name.lower(), 0) if name else int(found["m"] or found["m4"])
    day_said = found["d"] or found["d2"] or found["d3"] or found["d4"]
    return _day(year_said, month_said, int(day_said) if day_said else None)


def _slashed(one: int, other: int, year: str) -> str | None:
    if one > 12:
        return _day(year, other, one)
    return _day(year, one, other) if other > 12 else f"{one}/{other}/{year}"


def _day(year: str, month: int, day: int | None) -> str | None:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table of third parties; `embedded` where the table is one of SDKs, plug-ins or cookies."""

    fact: Fact
    embedded: bool


def table_rows(text: str) -> tuple[TableRow, ...]:
    """Rows of tables of third parties: the value is the name, the subject the other cells under their headers."""
    return tuple(_rows(text)) if "|" in text else ()


def _rows(text: str) -> Iterator[TableRow]:
    header: list[str] | None = None
    previous: Block | None = None
    embedded = False
    for block in blocks(text):
        if block.kind is not BlockKind.ROW:
            header, previous = None, block
            continue
        cells = [cell.strip().strip("*") for cell in block.text.strip().strip("|").split("|")]
        if header is None:
            context = f"{' '.join(block.section[-1:])} {previous.text if previous else ''} {block.text}"
            header = cells if _sdk_word.search(context) else []
            embedded = bool(_embedded.search(context))
            if header and not _is_header(cells):
                header = ["" for _ in cells]
                yield TableRow(fact=_row(block, header, cells), embedded=embedded)
        elif header and cells[0]:
            yield TableRow(fact=_row(block, header, cells), embedded=embedded)


def _is_header(cells: list[str]) -> bool:
    return all(len(cell) <= 30 for cell in cells) and any(
        re.search(
            r"名称|目的|类型|公司|信息|主体|用途|\b(?:name|purpose|data|company|provider|type|vendor)\b",
            cell,
            re.I,
        )
        for cell in cells
    )


def _row(block: Block, header: list[str], cells: list[str]) -> Fact:
    rest = [
        f"{label}: {cell}" if label else cell
        for label, cell in zip([*header[1:], *[""] * len(cells)], cells[1:], strict=False)
        if cell
    ]
    return Fact(
        kind="sdk", value=cells[0], quote=block.text, span=block.span, subject="; ".join(rest) or None
    )
