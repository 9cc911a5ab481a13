"""What quotes say beyond their wording: periods and named recipients, as comparable sets. Pure.

Used where two findings have the same verdict: the words may differ as they like, but 15 days that became
30, or a company that joined the list, is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from monitor.audit.evidence import fold
from monitor.model import Evidence
from monitor.text.numbers import number_words, numerals_zh, period, unit_pattern_latin, unit_pattern_zh

_alike = 75
_latin = re.compile(
    rf"(?<![\w.])(\d{{1,4}}|{number_words})(?: ?[\"(]{{1,2}}\d{{1,4}}\))?[ -]?"
    rf"((?:calendar |business |working )?(?:{unit_pattern_latin}))\b"
)
_chinese = re.compile(
    rf"(?<!第)(?<![年月\d{numerals_zh}])(\d{{1,4}}|[{numerals_zh}半]{{1,6}})"
    rf"(?:[\"(]{{1,2}}[\d{numerals_zh}]{{1,6}}\))?\s?({unit_pattern_zh})(?![份\d])"
)
_date = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|"
    r"(?:周岁|岁)|(?:每|当|次|第[一二三四五六七八九十\d]{1,3})[天日年月周]"
)
_company = re.compile(
    r"[\w（）()·]{2,30}?(?:有限责任公司|股份有限公司|有限公司|集团)"
    r"|\b[A-Z][\w&.'-]{1,30}(?: [A-Z][\w&.'-]{0,30}){0,4},? "
    r"(?:Inc|LLC|Ltd|Limited|GmbH|B\.V|S\.A|Corp|Co\., Ltd|PLC|AG)\b\.?"
)
_lead = re.compile(
    r"^(?:.{0,30}?(?:提供给|共享给|披露给|转让给|委托|包括|以及|例如|如下|我们与|合作方|第三方))"
    r"|^(?:与|和|及|或|向|由|给|如|为|是|的|我们){1,6}"
)
_gap = re.compile(r"\s+")


def periods(text: str) -> frozenset[str]:
    """The periods of a text in normal form ("15 working days"); dates and ages are none."""
    plain = _date.sub(" ", fold(text))
    matches = (match for pattern in (_latin, _chinese) for match in pattern.finditer(plain))
    found = {period(match[1], match[2]) for match in matches}
    return frozenset(one for one in found if one)


def companies(text: str) -> frozenset[str]:
    """The companies that a text names by their legal form."""
    found = (_lead.sub("", match[0]).strip("（）() ") for match in _company.finditer(text.replace("**", "")))
    return frozenset(_gap.sub(" ", one) for one in found if len(one) > 3)


def pairs(before: Sequence[Evidence], after: Sequence[Evidence]) -> Iterable[tuple[str, str]]:
    """Old and new quotes that say the same thing in (nearly) the same words, each used once."""
    left = list(after)
    for old in before:
        plain = _without_values(old.quote)
        scored = [(fuzz.ratio(plain, _without_values(new.quote)), index) for index, new in enumerate(left)]
        best, place = max(scored, default=(0.0, -1))
        if best >= _alike:
            yield old.quote, left.pop(place).quote


def _without_values(quote: str) -> str:
    """A quote with its figures blanked, so that 15 and 三十 do not make sentences strangers."""
    return re.sub(rf"\d{{1,6}}|[{numerals_zh}]{{1,6}}(?=个|天|日|年|月|周)", "0", fold(quote))[:1000]
