"""A text cut into rows for the sentence classifier: sentences with the heading and list head above. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model import Span
from monitor.text.blocks import Block, BlockKind, blocks
from monitor.text.sentences import sentences

_opens_list = re.compile(r"[：:]\s*$|(?:以下|下列|如下|following)[^。.]{0,12}$")
_label = re.compile(
    r"(?:[（(]\s?[\d一二三四五六七八九十a-zA-Z]{1,3}\s?[）)]|[\d一二三四五六七八九十a-zA-Z]{1,3}\s?[、.．）)]|【|\*\*)"
)
_ends = re.compile(r"[。；;！!？?，,.]\s*$")
_label_length = 36
_reach = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence of a text at its span; `heading` and `head` (of its list) give the context."""

    text: str
    span: Span
    heading: str = ""
    head: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH


def rows(text: str) -> tuple[Row, ...]:
    """All rows of a text in order, headings among them (they are rows of kind heading)."""
    found: list[Row] = []
    parts = blocks(text)
    for block, (heading, head) in zip(parts, contexts(parts), strict=True):
        for span in sentences(block.text):
            sentence = block.text[span.start : span.end].rstrip()
            if not sentence:
                continue
            start = block.span.start + span.start
            place = Span(start=start, end=start + len(sentence))
            found.append(Row(text=sentence, span=place, heading=heading, head=head, kind=block.kind))
    return tuple(found)


def contexts(parts: Sequence[Block]) -> Iterable[tuple[str, str]]:
    """For each block the innermost headings above it and the head of the list it may stand in.

    A head is a line that ends with a colon or is a short label of its own; it reaches as far as the
    next heading or head, twelve blocks at most.
    """
    head, left = "", 0
    section: tuple[str, ...] = ()
    for block in parts:
        if block.section != section or block.kind is BlockKind.HEADING:
            head, section = "", block.section
        yield " ".join(block.section[-2:]), head
        left -= 1
        if block.kind is not BlockKind.HEADING and is_head(block.text):
            head, left = block.text, _reach
        elif left <= 0:
            head = ""


def is_head(line: str) -> bool:
    """Whether a line introduces what follows it."""
    bare = line.strip()
    if _opens_list.search(bare[-40:]):
        return True
    return len(bare) <= _label_length and bool(_label.match(bare)) and not _ends.search(bare)
