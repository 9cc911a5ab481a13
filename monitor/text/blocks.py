"""The text form: what every stored text looks like, and how it is taken apart into blocks. Pure.

The text form is a small part of Markdown with one block a line, so that a text can be read, searched
and quoted as it is and a span of it means the same for ever:

- ``# Heading`` (one to six ``#``);
- ``- point`` and ``3. point`` list items, two spaces of indent per depth; the number is the page's;
- ``| cell | cell |`` a table row; cells hold no ``|`` (it is shown as ``¦``) and no line break;
- anything else is a paragraph; ``**bold**`` marks emphasis, which the law asks for here and there;
- blank lines between blocks mean nothing.

Plain text from elsewhere is read by the same function: headings without ``#`` are recognised by
their numbering and shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from monitor.model import Span


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a text.

    `text` is the block without its marker; it stands in the whole text at `span`. `level` is the
    heading level (1 to 6) or the depth of a list item (0 up), else 0. `section` are the headings
    above, outermost first (a heading is not in its own section). `marker` is what was stripped.
    """

    kind: BlockKind
    text: str
    span: Span
    level: int = 0
    section: tuple[str, ...] = ()
    marker: str = ""


_numeral = "一二三四五六七八九十百零〇"
_hash = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_item = re.compile(r"([ \t]*)([-*+•·●]|\d{1,3}[.)])[ \t]+(?=\S)")
_row = re.compile(r"\|.*\|[ \t]*$")
_ruler = re.compile(r"(?:[-=*_] ?){3,}$|\|[ |:-]+\|[ \t]*$")
_underline = re.compile(r"(=+|-+)[ \t]*$")
_numbered = (
    (1, re.compile(rf"第[{_numeral}\d]{{1,4}}[章部分编]")),
    (2, re.compile(rf"第[{_numeral}\d]{{1,4}}[条节]")),
    (2, re.compile(rf"[{_numeral}]{{1,4}}(?:[、.．:：]|[ \t]+)")),
    (3, re.compile(rf"[（(][{_numeral}]{{1,4}}[）)]")),
    (4, re.compile(r"\d{1,2}(?:\.\d{1,2}){2,3}[、.．]?")),
    (3, re.compile(r"\d{1,2}\.\d{1,2}[、.．]?(?!\d)")),
    (3, re.compile(r"\d{1,2}(?:\\?[、.．]|[ \t]+)(?!\d)")),
)
_ends_sentence = re.compile(r"[。；;！!？?，,：:.]$")
_heading_length = {"zh": 40, "latin": 90}


@lru_cache(maxsize=4)  # dates, audit and comparison ask for those of the same two texts, one after the other
def blocks(text: str) -> tuple[Block, ...]:
    """Take a text apart into its blocks, in order; blank lines and rulers are left out."""
    found: list[Block] = []
    open_headings: list[tuple[int, str]] = []
    lines = _lines(text)
    for index, (start, line) in enumerate(lines):
        if not line.strip() or _ruler.match(line.strip()):
            continue
        following = lines[index + 1][1].strip() if index + 1 < len(lines) else ""
        kind, level, marker = _classify(line, following)
        body = line[len(marker) :].rstrip()
        at = start + len(marker)
        if kind is BlockKind.HEADING:
            while open_headings and open_headings[-1][0] >= level:
                open_headings.pop()
        block = Block(
            kind=kind,
            text=body,
            span=Span(start=at, end=at + len(body)),
            level=level,
            section=tuple(heading for _, heading in open_headings),
            marker=marker,
        )
        found.append(block)
        if kind is BlockKind.HEADING:
            open_headings.append((level, body.strip("*").strip()))
    return tuple(found)


def _lines(text: str) -> list[tuple[int, str]]:
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _classify(line: str, following: str) -> tuple[BlockKind, int, str]:
    """Kind, level and marker of one line that is not blank."""
    if match := _hash.match(line):
        return BlockKind.HEADING, len(match[1]), match[0]
    if _row.match(line):
        return BlockKind.ROW, 0, ""
    if match := _item.match(line):
        return BlockKind.ITEM, len(match[1].expandtabs(4)) // 2, match[0]
    indent = line[: len(line) - len(line.lstrip())]
    if len(following) > 2 and _underline.match(following) and not _is_sentence(line):
        return BlockKind.HEADING, 1 if following[0] == "=" else 2, indent
    if level := heading_level(line.strip()):
        return BlockKind.HEADING, level, indent
    return BlockKind.PARAGRAPH, 0, indent


def _is_sentence(line: str) -> bool:
    """True for a line that a ruler below does not make a heading: a long one, or one that ends a sentence."""
    bare = line.strip("* \u3000\t")
    return len(bare) > 90 or bool(_ends_sentence.search(bare) and not bare.endswith((":", "：")))


def heading_level(line: str) -> int:
    """The level of an unmarked line that is a heading by its numbering and shape, else 0.

    A bold line without closing punctuation counts as one; a numbered sentence does not.
    """
    bare = line.strip("* \u3000")
    if not bare or len(bare) > max(_heading_length.values()):
        return 0
    wide = any("\u3400" <= char <= "\u9fff" for char in bare)
    if len(bare) > _heading_length["zh" if wide else "latin"]:
        return 0
    if _ends_sentence.search(bare) and not bare.endswith((":", "：")):
        return 0
    for level, pattern in _numbered:
        if (match := pattern.match(bare)) and len(bare) > match.end():
            rest = bare[match.end() :]
            return 0 if re.search(r"[。；;，,]", rest) else level
    if line.startswith("**") and line.endswith("**") and line.count("**") == 2:
        return 0 if re.search(r"[。；;，,：:]", bare) else 4
    return 0
