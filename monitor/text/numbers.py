"""Numbers and periods as words and figures, Chinese and English, in one normal form. Pure.

三十日, 30天, ３０ 日 and "thirty (30) days" are all ``30 days``.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

numerals_zh = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟"
_digits_zh = {char: index % 10 for index, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_digits_zh |= {char: index for index, char in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_powers_zh = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000}

_ones = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
words_en = (
    {word: value for value, word in enumerate(_ones)}
    | {word: 10 * value for value, word in enumerate(_tens, 2)}
    | {"hundred": 100}
)
number_words = (
    rf"(?:(?:{'|'.join(_tens)})(?:[- ](?:{'|'.join(_ones[1:10])}))?|{'|'.join(reversed(_ones))}|hundred)"
)

_units: dict[str, tuple[str, str]] = {
    "1 minute": ("分钟", "minutes? minuten?"),
    "1 hour": ("小时 个小时 钟头", "hours? hrs? heures? stunden?"),
    "1 day": ("天 日 自然日 个自然日 日历日", "days? calendar-days? jours? tage?n?"),
    "1 working day": (
        "工作日 个工作日 工作天",
        "working-days? business-days? jours?-ouvrés? jours?-ouvrables? werktage?n? arbeitstage?n?",
    ),
    "7 day": ("周 个星期 星期", "weeks? semaines? wochen?"),
    "1 month": ("个月 月", "calendar-months? months? mois monate?n?"),
    "3 month": ("个季度 季度", "quarters?"),
    "1 year": ("年 周年 个年度", "years? ans? années? jahre?n?"),
}


def _unit_pattern(names: str) -> str:
    return "|".join(name.replace("-", "[ -]") for name in names.split())


_unit_zh = {name: scale for scale, (names, _) in _units.items() for name in names.split()}
_unit_en = tuple(
    (re.compile(rf"(?:{_unit_pattern(names)})", re.I), scale) for scale, (_, names) in _units.items()
)
unit_pattern_zh = "|".join(sorted(_unit_zh, key=len, reverse=True))
unit_pattern_latin = "|".join(
    sorted(
        (name.replace("-", "[ -]") for _, names in _units.values() for name in names.split()),
        key=len,
        reverse=True,
    )
)
_length_in_days = {
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "working day": 1.4,
    "month": 30.44,
    "year": 365.25,
}


def number(written: str) -> Decimal | None:
    """The value of a number however written ("１，０００", "三十", "thirty", "thirty (30)"), or None."""
    plain = unicodedata.normalize("NFKC", written).strip().lower()
    if match := re.fullmatch(r"[^()]{1,40}\((.{1,20})\)", plain):
        return number(match[1])
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    if re.fullmatch(r"\d{1,18}(?:\.\d{1,9})?", plain):
        return Decimal(plain)
    if plain and all(char in _digits_zh or char in _powers_zh for char in plain):
        return Decimal(_chinese(plain))
    parts = re.split(r"[- ]", plain)
    if parts and all(part in words_en for part in parts):
        return Decimal(sum(words_en[part] for part in parts))
    return None


def _chinese(written: str) -> int:
    """三十 is 30, 一百八十 is 180, 二〇二四 is 2024, 三万五千 is 35000."""
    if not any(char in _powers_zh for char in written):
        return int("".join(str(_digits_zh[char]) for char in written)) if len(written) < 18 else 0
    total = section = digit = 0
    for char in written:
        power = _powers_zh.get(char)
        if power is None:
            digit = _digits_zh[char]
        elif power == 10_000:
            total, section, digit = total + max(section + digit, 1) * power, 0, 0
        else:
            section, digit = section + max(digit, 1) * power, 0
    return total + section + digit


def period(count: str, unit: str) -> str | None:
    """The normal form of a period: ``30 days``, ``15 working days``, ``1 year``; None where it is none.

    Weeks become days, quarters months and whole dozens of months years, so that equal periods are equal strings.
    """
    amount = Decimal("0.5") if count.strip() in {"半", "half"} else number(count)
    scale = _scale(unit)
    if amount is None or scale is None:
        return None
    factor, name = int(scale.split(" ", 1)[0]), scale.split(" ", 1)[1]
    amount *= factor
    if name == "year" and amount % 1:
        amount, name = amount * 12, "month"
    if name == "month" and amount and amount % 12 == 0:
        amount, name = amount / 12, "year"
    shown = _plain(amount)
    return f"{shown} {name}" if shown == "1" else f"{shown} {name}s"


def _scale(unit: str) -> str | None:
    bare = unit.strip()
    if bare in _unit_zh:
        return _unit_zh[bare]
    return next((scale for pattern, scale in _unit_en if pattern.fullmatch(bare)), None)


def _plain(amount: Decimal) -> str:
    try:
        return str(amount.quantize(Decimal(1))) if amount == amount.to_integral() else str(amount.normalize())
    except InvalidOperation:
        return str(amount)


def days(value: str) -> float | None:
    """How long a normal period lasts in days, near enough to say which of two is longer; None if it is none."""
    count, _, unit = value.partition(" ")
    length = _length_in_days.get(unit.removesuffix("s"))
    try:
        return float(count) * length if length is not None else None
    except ValueError:
        return None
