"""The dates that a policy states of itself: updated and effective, Chinese and English first. Pure.

A date counts only with a word beside it that says what it is a date of; where day and month could be
taken either way it is passed over; a date of a law, of an earlier version or of an example is none of
the policy's own. Nothing is guessed: a policy that does not say has None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.model import Flag, StatedDate, StatedDates
from monitor.text.blocks import blocks
from monitor.text.words_of_dates import (
    dates_of_others,
    effective_words,
    months,
    own_document,
    sentence_end,
    updated_words,
    weak_words,
)

_head_blocks, _tail_blocks = 60, 15
_longest_line = 3000
_reach_before, _reach_after = 48, 14
_day = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Found:
    """A date at its place in a line."""

    start: int
    end: int
    day: date
    precision: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that says what a date is a date of. Weak ones count only right beside a date."""

    start: int
    end: int
    kind: str
    weak: bool


# --------------------------------------------------------------------------- reading the dates of a text


def stated_dates(text: str) -> StatedDates:
    """When the text says it was last updated (or published) and when it takes effect.

    Looks at the opening (60 blocks) and, for what is not said there, at the close (15 blocks).
    """
    lines = [block.text for block in blocks(text)]
    head, rest = lines[:_head_blocks], lines[_head_blocks:]
    found: dict[str, StatedDate] = {}
    for kind, stated in (*_stated(head), *_stated(rest[-_tail_blocks:])):
        found.setdefault(kind, stated)
    return StatedDates(updated=found.get("updated"), effective=found.get("effective"))


def _stated(lines: list[str]) -> Iterator[tuple[str, StatedDate]]:
    """Each (kind, date) said in these lines, in order; a label may stand on a line of its own."""
    label = ""
    for line in lines:
        if len(line) > _longest_line:
            label = ""
            continue
        plain = plain_line(line)
        shown = label + line
        yield from _in_line(plain_line(label) + plain, shown)
        label = f"{line.rstrip()} " if _is_label(plain) else ""


def plain_line(line: str) -> str:
    """The line in plain lower-case letters and digits without emphasis; same length, so spans hold."""
    return line.translate(_plain_chars).lower()


_plain_chars = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord("*"): " ",
    ord("|"): " ",
    0x3000: " ",
    0xA0: " ",
    ord("İ"): "I",
    ord("年"): "年",
    ord("："): ":",
}


def _is_label(plain: str) -> bool:
    """True for a short line that only announces a date: "Last updated:"."""
    stripped = plain.strip(" :-—–")
    return 0 < len(stripped) <= 40 and bool(list(date_words_in(plain))) and not list(dates_in(plain))


def _in_line(plain: str, shown: str) -> Iterator[tuple[str, StatedDate]]:
    dates = list(dates_in(plain))
    if not dates:
        return
    words = list(date_words_in(plain))
    taken: set[_Word] = set()
    for index, found in enumerate(dates):
        floor = dates[index - 1].end if index else 0
        ceiling = dates[index + 1].start if index + 1 < len(dates) else len(plain)
        before = _before(plain, words, found, floor, taken)
        chosen = before or _after(plain, words, found, ceiling)
        taken.update(chosen)
        if not chosen or _is_of_another(plain, min(chosen[0].start, found.start), found):
            continue
        start, end = min(chosen[0].start, found.start), max(chosen[-1].end, found.end)
        stated = StatedDate(day=found.day, precision=found.precision, quote=shown[start:end].strip())
        yield from ((kind, stated) for kind in dict.fromkeys(word.kind for word in chosen))


def _before(plain: str, words: list[_Word], found: _Found, floor: int, taken: set[_Word]) -> list[_Word]:
    """The words that lead up to a date: the nearest, and those joined to it ("updated and effective")."""
    chosen: list[_Word] = []
    edge = found.start
    for word in reversed(words):
        if word.end > edge or word.start < floor or word in taken:
            continue
        gap = plain[word.end : edge]
        reach = 4 if word.weak else _reach_before
        if chosen:
            if not _joined.fullmatch(gap):
                break
        elif len(gap) > reach or sentence_end.search(gap):
            break
        chosen.insert(0, word)
        edge = word.start
    return chosen


def _after(plain: str, words: list[_Word], found: _Found, ceiling: int) -> list[_Word]:
    """The words that follow a date: "2022年3月3日起生效", "June 3, 2025 (last updated)"."""
    chosen: list[_Word] = []
    edge = found.end
    for word in words:
        if word.start < edge or word.end > ceiling:
            continue
        gap = plain[edge : word.start]
        if chosen:
            if not _joined.fullmatch(gap):
                break
        elif len(gap) > _reach_after or _breaks_after.search(gap) or (word.weak and len(gap.strip()) > 3):
            break
        if _is_label_of_next(plain, word, ceiling):
            break
        chosen.append(word)
        edge = word.end
    return chosen


_joined = re.compile(
    r"[ ,/&、,和与及并且亦即又於于(]{0,4}(?:and|und|et|y|/|and is|and are)?[ /&(]{0,2}(?:并|即|正式|已|is|was|date)?[ :]{0,2}"
)
_breaks_after = re.compile(r"[:。；;!?]|\. ")


def _is_label_of_next(plain: str, word: _Word, ceiling: int) -> bool:
    """True where a word after a date really announces the next one: "... 3月3日 生效日期:3月10日"."""
    return bool(
        re.match(r"(?:日期|时间|時間|日|date)? {0,2}[:：]", plain[word.end : min(word.end + 6, ceiling)])
    )


def _is_of_another(plain: str, start: int, found: _Found) -> bool:
    """True where the clause speaks of a law or of another version of the policy."""
    clause = max(plain.rfind(mark, 0, start) for mark in ("。", "；", ";", "! ", ". ", "？"))
    context = plain[max(clause + 1, start - 160, 0) : found.end + 24]
    return bool(dates_of_others.search(own_document.sub("", context)))


# --------------------------------------------------------------------------- words and dates of a line


def date_words_in(plain: str) -> Iterator[_Word]:
    """The words of a plain line that say what a date is a date of; where two overlap, the stronger one."""
    found: list[_Word] = []
    for kind, pattern, weak in _kinds:
        for match in pattern.finditer(plain):
            if not any(word.start < match.end() and match.start() < word.end for word in found):
                found.append(_Word(match.start(), match.end(), kind, weak))
    yield from sorted(found, key=lambda word: word.start)


_kinds = (
    ("effective", effective_words, False),
    ("updated", updated_words, False),
    ("updated", weak_words, True),
)

_number = "[〇零○一二三四五六七八九十]"
_open, _close = r"[\[【〔( ]{0,2}", r"[\]】〕) ]{0,2}"
_patterns = (
    (
        "ymd",
        re.compile(
            rf"(?<!\d){_open}((?:19|20)\d\d){_close}年{_open}(\d\d?){_close}月{_open}(\d\d?){_close}[日号號]"
        ),
    ),
    (
        "ymd",
        re.compile(
            rf"([一二][〇零○一二三四五六七八九]{{3}})年({_number}{{1,2}})月({_number}{{1,3}})[日号號]"
        ),
    ),
    ("ymd", re.compile(r"(?<![\d./-])((?:19|20)\d\d) ?([-/.]) ?(\d\d?) ?\2 ?(\d\d?)(?![\d]|[./-]\d)")),
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")),
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d\d)년 ?(\d\d?)월 ?(\d\d?)일")),
    (
        "dmy",
        re.compile(
            r"(?<![\d.])(\d\d?)(?:st|nd|rd|th|er|\.|º)?(?: de | of | |-|/|, )?([^\W\d_]{3,10})\.?(?: de | del |,? |-|/)((?:19|20)\d\d)(?!\d)"
        ),
    ),
    (
        "mdy",
        re.compile(
            r"(?<![^\W\d_])([^\W\d_]{3,10})\.? {0,2}(\d\d?)(?:st|nd|rd|th)?,? {0,2}((?:19|20)\d\d)(?!\d)"
        ),
    ),
    ("xxy", re.compile(r"(?<![\d./-])(\d\d?) ?([./-]) ?(\d\d?) ?\2 ?((?:19|20)\d\d)(?![\d]|[./-]\d)")),
    ("ym", re.compile(rf"(?<!\d){_open}((?:19|20)\d\d){_close}年{_open}(\d\d?){_close}月(?!{_open}\d)")),
    ("ym", re.compile(rf"([一二][〇零○一二三四五六七八九]{{3}})年({_number}{{1,2}})月(?!{_number})")),
    ("my", re.compile(r"(?<![^\W\d_])([^\W\d_]{3,10})\.?(?: de |,? )((?:19|20)\d\d)(?!\d)")),
)


def dates_in(plain: str) -> Iterator[_Found]:
    """Every date of a line that can be read in one way only, in order; where two overlap, the fuller one."""
    found: list[_Found] = []
    for order, pattern in _patterns:
        for match in pattern.finditer(plain):
            if any(other.start < match.end() and match.start() < other.end for other in found):
                continue
            day = _read(order, match)
            if day is not None:
                found.append(
                    _Found(match.start(), match.end(), day, "month" if order in {"ym", "my"} else "day")
                )
    yield from sorted(found, key=lambda one: one.start)


def _read(order: str, match: re.Match[str]) -> date | None:
    parts = [part for part in match.groups() if part not in {"-", "/", "."}]
    try:
        if order == "ymd":
            return date(*map(_figure, parts))
        if order == "ym":
            return date(_figure(parts[0]), _figure(parts[1]), 1)
        if order == "my":
            return date(int(parts[1]), months[parts[0]], 1)
        if order == "dmy":
            return date(int(parts[2]), months[parts[1]], int(parts[0]))
        if order == "mdy":
            return date(int(parts[2]), months[parts[0]], int(parts[1]))
        return _either_way(int(parts[0]), int(parts[1]), int(parts[2]))
    except (KeyError, ValueError):
        return None


def _either_way(one: int, two: int, year: int) -> date | None:
    """The date of "25/12/2021"; None for "03/04/2021", which means two days in two countries."""
    if one > 12 or one == two:
        return date(year, two, one)
    return date(year, one, two) if two > 12 else None


_digit = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


def _figure(written: str) -> int:
    """A number in digits or in Chinese: "2017", "二〇一七", "十一", "二十八"."""
    if written.isdecimal():
        return int(written)
    if "十" not in written:
        return int("".join(str(_digit[char]) for char in written))
    tens, _, ones = written.partition("十")
    return 10 * (_digit[tens] if tens else 1) + (_digit[ones] if ones else 0)


# --------------------------------------------------------------------------- what the dates give away


def flags(
    previous: StatedDates | None,
    now: StatedDates,
    first_seen: datetime,
    *,
    last_seen_before: datetime | None = None,
    short_notice_days: int = 7,
) -> tuple[Flag, ...]:
    """What the dates of a changed text give away, in a fixed order.

    `previous` are the dates of the text before (None for a first record, which cannot be silent,
    late or early), `first_seen` the look that saw the change first and `last_seen_before` the last
    look that still saw the old text. A day of grace is given for time zones.
    """
    raised = []
    if previous is not None and _is_silent(previous, now):
        raised.append(Flag.SILENT_CHANGE)
    if previous is not None and _is_back_dated(previous, now, last_seen_before):
        raised.append(Flag.BACK_DATED)
    if previous is not None and _is_short_notice(previous, now, first_seen, short_notice_days):
        raised.append(Flag.SHORT_NOTICE)
    if _is_anomalous(previous, now, first_seen):
        raised.append(Flag.DATE_ANOMALY)
    return tuple(raised)


def _days(dates: StatedDates) -> tuple[date | None, date | None]:
    updated, effective = dates.updated, dates.effective
    return updated.day if updated else None, effective.day if effective else None


def _is_silent(previous: StatedDates, now: StatedDates) -> bool:
    """The text states a date, as it did before, and no date moved."""
    return _days(now) != (None, None) and _days(previous) == _days(now)


def _last_day(stated: StatedDate) -> date:
    """The last day that a stated date can mean: a month runs to its end."""
    if stated.precision == "day":
        return stated.day
    return (stated.day.replace(day=28) + 4 * _day).replace(day=1) - _day


def _is_back_dated(previous: StatedDates, now: StatedDates, last_seen_before: datetime | None) -> bool:
    """A new "updated" date lies before a look that still saw the old text."""
    if now.updated is None or last_seen_before is None or _days(previous)[0] == now.updated.day:
        return False
    return _last_day(now.updated) < last_seen_before.date() - _day


def _is_short_notice(previous: StatedDates, now: StatedDates, first_seen: datetime, days: int) -> bool:
    """A new "effective" date leaves readers fewer days than asked for, or none."""
    if now.effective is None or _days(previous)[1] == now.effective.day:
        return False
    return (_last_day(now.effective) - first_seen.date()).days < days


def _is_anomalous(previous: StatedDates | None, now: StatedDates, first_seen: datetime) -> bool:
    """ "Updated" lies in the future or went backwards, or the new text took effect before it was written."""
    updated, effective = now.updated, now.effective
    if (
        updated
        and updated.day > first_seen.date() + _day
        and not (effective and effective.day >= updated.day)
    ):
        return True
    if updated and previous and previous.updated and _last_day(updated) < previous.updated.day:
        return True
    moved = previous is None or _days(previous)[1] != _days(now)[1]
    return bool(previous and moved and updated and effective and _last_day(effective) < updated.day)
