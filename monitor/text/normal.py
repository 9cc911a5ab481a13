"""Normal forms: the comparison key, in which only differences that a reader can see are left. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

from monitor.model import digest
from monitor.text.blocks import Block, BlockKind, blocks

_invisible = dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x61C,
        0xFEFF,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
_alike = {
    '"': "“”„‟«»「」『』〝〞″",
    "'": "‘’‚‛′`´",
    "-": "‐‑‒–—―−",
    "·": "•●▪◦∙・‧",
    ",": "、",
    ".": "。",
    "[": "【〔",
    "]": "】〕",
}
_fold = {ord(char): plain for plain, chars in _alike.items() for char in chars} | _invisible
_wide = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_loose_space = re.compile(rf"(?<=[{_wide}\W]) | (?=[{_wide}\W])")
_space = re.compile(r"\s+")


def key_text(text: str) -> str:
    """One line (or block) as it is compared: widths, quotes, dashes, spaces and emphasis folded away.

    Idempotent: `key_text(key_text(x)) == key_text(x)`.
    """
    folded = _folded(text)
    while (again := _folded(folded)) != folded:  # a space that goes may bring together what folds once more
        folded = again
    return folded


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_fold)).translate(_fold)
    plain = _space.sub(" ", plain.replace("**", "")).strip()
    return unicodedata.normalize("NFC", _loose_space.sub("", plain))


def key_of_block(block: Block) -> str:
    """A block as it is compared: list markers are furniture, headings differ from paragraphs in look only."""
    if block.kind is BlockKind.ROW:
        return "|".join(key_text(cell) for cell in block.text.strip().strip("|").split("|"))
    return key_text(block.text)


def key_lines(text: str, volatile: Set[str] = frozenset()) -> tuple[str, ...]:
    """The comparison key of a text, block by block, without what is known to be volatile.

    `volatile` holds lines as they are compared, masked lines (`mask`) and places (`slot`).
    """
    lines = tuple(key for block in blocks(text) if (key := key_of_block(block)))
    if not volatile:
        return lines
    return tuple(line for index, line in enumerate(lines) if not is_volatile(lines, index, volatile))


def is_volatile(lines: tuple[str, ...], index: int, volatile: Set[str]) -> bool:
    """True where a line is one of the volatile ones, by its words or by its place."""
    return bool(_why_volatile(lines, index, volatile))


def _why_volatile(lines: tuple[str, ...], index: int, volatile: Set[str]) -> str:
    line = lines[index]
    if line in volatile:
        return "this line"
    if mask(line) in volatile:
        return "this line, whatever its figures"
    if not 0 < index < len(lines) - 1 or is_prose(line):
        return ""
    return "whatever short line stands here" if slot(lines[index - 1], lines[index + 1]) in volatile else ""


def left_out(text: str, volatile: Set[str]) -> tuple[tuple[str, str], ...]:
    """The lines of a text that comparisons leave out, each as it stands, and why."""
    known = [(block.text, key) for block in blocks(text) if (key := key_of_block(block))]
    lines = tuple(key for _, key in known)
    reasons = (_why_volatile(lines, index, volatile) for index in range(len(lines)))
    return tuple((text.strip(), why) for (text, _), why in zip(known, reasons, strict=True) if why)


def key(text: str, volatile: Set[str] = frozenset()) -> str:
    """The digest of the comparison key: texts of equal key differ in nothing a reader can see."""
    return digest("\n".join(key_lines(text, volatile)))


# --------------------------------------------------------------------------- what is volatile

_clock = r"\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?: ?[ap]\.?m\.?)?"
_made_by_machines = re.compile(
    rf"(?:(?:19|20)\d\d[-/.年]\d\d?[-/.月]\d\d?日?[t ]{{0,2}})?{_clock}"
    r"|\b(?=[a-z0-9_-]{0,40}\d)[a-z0-9][a-z0-9_-]{7,127}\b"
    r"|\d{1,3}(?:,\d{3})+|\d{4,}|\d+(?:\.\d+)? ?(?:ms|kb|mb|milliseconds|seconds|次|人|条评论|阅读|浏览)",
    re.IGNORECASE,
)
_blank = "\u2026"


def mask(line: str) -> str:
    """A line with clocks, tokens, counters and measured times blanked; years and periods stay."""
    return _made_by_machines.sub(lambda found: found[0] if _is_year(found[0]) else _blank, line)


def _is_year(figure: str) -> bool:
    return len(figure) == 4 and figure.isdecimal() and "1900" <= figure <= "2100"


def slot(above: str, below: str) -> str:
    """The place between two lines, as it is kept among what is volatile."""
    return f"{above[:120]}\x1f{below[:120]}"


_says_something = re.compile(r"[。；;！？!?]|\.(?: |$)")
_wide_letter = re.compile(f"[{_wide}]")
_least_prose = 60


def width(line: str) -> int:
    """Length in Latin letters' worth: a Chinese character says as much as three of them."""
    return len(line) + 2 * len(_wide_letter.findall(line))


def is_prose(line: str) -> bool:
    """True for a line (as compared) that says something in sentences: long, or with a sentence's end."""
    wide = width(line)
    return wide >= _least_prose or (wide >= 24 and bool(_says_something.search(line)))
