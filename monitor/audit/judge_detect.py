"""Detectors: what a pattern on one sentence cannot see, as named functions of the whole reading. Pure.

A signal asks for one by `detect = "name"`. Each gives hits, best first for quoting, and none for absence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from monitor.audit.evidence import Hit
from monitor.audit.sections import Reading, Role
from monitor.text.dates import stated_dates

Detector = Callable[[Reading], list[Hit]]


def _whole(reading: Reading, number: int) -> Hit:
    return Hit(number, 0, len(reading.sentences[number].folded))


def _holding(reading: Reading, quote: str) -> list[Hit]:
    """The first sentence in which a quoted piece of the text stands; a label of another line may lead it."""
    words = quote.split(" ")
    parts = [part for part in re.split(r"\s{2,}|\n", quote) if part.strip()]
    tries = (quote, *(part.strip() for part in reversed(parts)), *(" ".join(words[n:]) for n in (1, 2)))
    at = next((reading.text.find(one) for one in tries if one and one in reading.text), -1)
    for number, one in enumerate(reading.sentences):
        if one.span.start <= at < one.span.end:
            return [_whole(reading, number)]
    return []


def _stated(kind: str, precision: str) -> Detector:
    def detect(reading: Reading) -> list[Hit]:
        stated = getattr(stated_dates(reading.text), kind)
        if stated is not None:
            return _holding(reading, stated.quote) if stated.precision == precision else []
        return [_whole(reading, number) for number in _dated_lines(reading, kind, precision)]

    return detect


_date_label = re.compile(
    r"(?:更新|修订|修改|发布|生效|施行|版本)(?:日期|时间)[:是为]?.{0,4}\d{4}"
    r"|^本(?:政策|声明|指引|协议|版本|隐私[^,]{0,8}).{0,24}\d{4}年.{0,24}(?:生效|施行|更新|修订|发布)"
)


def _dated_lines(reading: Reading, kind: str, precision: str) -> Iterator[int]:
    """Lines in the middle of a text (before an annex) that do nothing but state a date."""
    for number, one in enumerate(reading.sentences):
        if len(one.folded) <= 80 and _date_label.search(one.folded):
            stated = getattr(stated_dates(reading.text[one.span.start : one.span.end]), kind)
            if stated is not None and stated.precision == precision:
                yield number


def _contents(reading: Reading) -> list[Hit]:
    """A table of contents of four lines or more within the opening."""
    lines = list(_numbers(reading.with_role(Role.CONTENTS) & reading.opening))
    return [_whole(reading, lines[0])] if len(lines) >= 4 else []


_strong = re.compile(r"\*\*(?=[^*\s])[^*\n]{12,2000}\*\*(?![:：])")


def _bold(reading: Reading) -> list[Hit]:
    """Emphasis in the text itself: a bold stretch of a sentence's length that is no heading."""
    spans = [match.span() for match in _strong.finditer(reading.text)]
    return [
        _whole(reading, number)
        for number in _numbers(reading.body & reading.opening)
        if any(
            start < reading.sentences[number].span.end and reading.sentences[number].span.start < end
            for start, end in spans
        )
    ]


def _numbers(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


detectors: Mapping[str, Detector] = {
    "updated-date": _stated("updated", "day"),
    "effective-date": _stated("effective", "day"),
    "updated-month": _stated("updated", "month"),
    "effective-month": _stated("effective", "month"),
    "contents": _contents,
    "bold": _bold,
}
