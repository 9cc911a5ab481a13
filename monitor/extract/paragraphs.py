"""Printed lines of pages -> lines of the text form: paragraphs joined, running heads left out. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from monitor.extract.lines import Line, Shape, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One printed line. Places are shares of the page from its left and top; `size` is in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False


_margin = 0.13
_wide_char = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_digits = re.compile(r"\d+")
_page_number = re.compile(
    r"[-–—·|\s]*(?:page|seite|第|p\.)?\s*\d{1,4}\s*(?:页|頁)?\s*(?:(?:/|of|von|sur|共)\s*\d{1,4}\s*(?:页|頁)?)?[-–—·|，,\s]*",
    re.I,
)
_starts_block = re.compile(
    r"(?:[•●▪◦■○‣∙·*–-]\s|[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[ivx]{2,4})[)）.、．](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}[.、\s]"
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节部]|[①-⑳])"
)
_ends_sentence = re.compile(r"[。！？!?.;；:：”\"）)]\s*$")
_bullet = re.compile(r"[•●▪◦■○‣∙·*–-]\s+")


def lines_of(pages: Sequence[Sequence[Printed]]) -> list[Line]:
    """The text of a document, paragraph by paragraph across its pages."""
    kept = [line for page in _without_running_heads(pages) for line in [*page, None]]
    printed = [line for line in kept if line is not None]
    body = _body_size(printed)
    right = _right_edge(printed)
    blocks: list[list[Printed]] = []
    new_page = True
    for line in kept:
        if line is None:
            new_page = True
            continue
        if blocks and _continues(blocks[-1][-1], line, blocks[-1], right, new_page=new_page):
            blocks[-1].append(line)
        else:
            blocks.append([line])
        new_page = False
    sizes = sorted({round(line.size) for line in printed if line.size > body * 1.15}, reverse=True)
    return [laid for block in blocks if (laid := _line(block, body, sizes)).text]


def _without_running_heads(pages: Sequence[Sequence[Printed]]) -> list[list[Printed]]:
    """Without page numbers and what stands at the edge of most pages."""
    seen = Counter(key for page in pages for key in {_at_edge(line) for line in page if _is_edge(line)})
    needed = max(2, len(pages) * 0.5)
    return [
        [
            line
            for line in page
            if not _is_edge(line)
            or not (seen[_at_edge(line)] >= needed or _page_number.fullmatch(line.text.strip()))
        ]
        for page in pages
    ]


def _is_edge(line: Printed) -> bool:
    return line.bottom < _margin or line.top > 1 - _margin


def _at_edge(line: Printed) -> tuple[bool, str]:
    return line.top > 0.5, _digits.sub("#", tidy(line.text))


def _body_size(printed: Sequence[Printed]) -> float:
    """The size that most characters have."""
    weights: Counter[float] = Counter()
    for line in printed:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _right_edge(printed: Sequence[Printed]) -> float:
    """Where full lines end: the middle of the longer half."""
    ends = sorted(line.right for line in printed)
    return median(ends[len(ends) // 2 :]) if ends else 1.0


def _continues(
    before: Printed, line: Printed, block: Sequence[Printed], right: float, *, new_page: bool
) -> bool:
    """True where a line goes on with the paragraph of the one before."""
    if abs(before.size - line.size) > 0.1 * before.size or starts_block(line.text.strip()):
        return False
    if (
        before.bold != line.bold
        and (len(block) == 1 and (before.bold or line.bold))
        and not _is_full(before, right)
    ):
        return False
    height = max(before.bottom - before.top, 0.005)
    if new_page:
        return _is_full(before, right) and not _ends_sentence.search(before.text)
    gap = line.top - before.bottom
    if gap > 0.9 * height or gap < -2 * height:
        return False
    indent = line.left - (block[1].left if len(block) > 1 else block[0].left)
    if indent > 1.2 * height and len(block) > 1:
        return False
    return _is_full(before, right)


def _is_full(line: Printed, right: float) -> bool:
    """True where the line runs to the right edge, as far as its words allow."""
    slack = 0.05 if _wide_char.search(line.text[-1:]) else 0.16
    return line.right >= right - slack


def _line(block: Sequence[Printed], body: float, sizes: Sequence[int]) -> Line:
    text = tidy(joined([line.text.strip() for line in block]))
    if block[0].size > body * 1.15 and len(text) <= 200:
        level = min(1 + sizes.index(round(block[0].size)), 6) if round(block[0].size) in sizes else 6
        return Line(Shape.HEADING, text, 0, "#" * level + " ")
    if match := _bullet.match(text):
        return Line(Shape.ITEM, text[match.end() :], 0, "- ")
    if all(line.bold for line in block) and text:
        return Line(Shape.PROSE, f"**{text.replace('**', '')}**")
    return Line(Shape.PROSE, text)


def starts_block(line: str) -> bool:
    """True where a line begins like an item, a clause or a heading with a number."""
    return bool(_starts_block.match(line)) or line.startswith("#")


def joined(parts: Sequence[str]) -> str:
    """One paragraph: no space between Chinese characters, none at soft hyphens or after hard ones."""
    text = ""
    for part in parts:
        if text.endswith("\u00ad"):
            text = text[:-1]
        elif text and not (text[-1] == "-" and part[:1].islower()) and not _are_wide(text[-1], part[:1]):
            text += " "
        text += part
    return text


def _are_wide(before: str, after: str) -> bool:
    return bool(_wide_char.match(before) and _wide_char.match(after))
