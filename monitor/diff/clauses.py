"""A text taken apart into clauses, the smallest things that a lawyer quotes: sentences, list items, table rows. Pure.

What lies between clauses is white space and rulers only. A clause carries its own numbering in its
text but not in its key, so that renumbering does not hide that it is the same clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.model import Span
from monitor.text.blocks import Block, BlockKind, blocks
from monitor.text.normal import key_text
from monitor.text.sentences import sentences

_zh = "一二三四五六七八九十百零〇"
_numbering = re.compile(
    rf"\s*(?:第[{_zh}\d]{{1,4}}[章部分编条节款项][、:： \t]{{0,2}}"
    rf"|[（(](?:[{_zh}]{{1,4}}|\d{{1,3}}|[a-zA-Z]|[ivx]{{1,5}})[）)][、. \t]{{0,2}}"
    rf"|[{_zh}]{{1,4}}[、．.][ \t]?"
    r"|\d{1,3}(?:\.\d{1,3}){0,4}[、．)）](?!\d)[ \t]?|\d{1,3}(?:\.\d{1,3}){0,4}\.(?:[ \t]|(?=[^\d\s]))"
    r"|\d{1,2}(?:\.\d{1,3}){1,4}(?:[ \t]{1,3}|(?=[\u3400-\u9fff]))"
    r"|[a-z][.)][ \t]|[ivx]{1,5}[.)][ \t]|[①-⑳][ \t]?)(?=\S)"
)
_heading_number = re.compile(r"\s*\d{1,2}[ \t]{1,3}(?=\D)")
_longest = 4_000
_shortest_cut = 200
_cut_one_in = 24
_cut_by = 12
_soft = re.compile(r"[，,、;:：)）\s]")
_label = re.compile(r"[^\s\w]*(\w+(?:\.\w+)*)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: where it stands, what it says, and `key`, what is compared.

    `number` is its numbering as written ("第四条", "3.", "4.2", "" for none); `block` counts the blocks of the text.
    `lead` is the sentence that announces the list or table the clause stands in ("We collect:"), if any.
    """

    start: int
    end: int
    text: str
    key: str
    kind: BlockKind
    block: int
    number: str = ""
    section: tuple[str, ...] = ()
    lead: str = ""

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end)


def clauses(text: str) -> list[Clause]:
    """The clauses of a text in order. None is empty and none overlaps another."""
    found: list[Clause] = []
    lead, lead_kind = "", BlockKind.HEADING
    for index, block in enumerate(blocks(text)):
        if block.kind is BlockKind.HEADING or (
            block.kind is BlockKind.PARAGRAPH and lead_kind is not block.kind
        ):
            lead = ""
        mine = _of_block(block, index, "" if block.kind is BlockKind.HEADING else lead)
        found.extend(mine)
        if mine and _announces(mine[-1].text) and block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            lead, lead_kind = mine[-1].text, block.kind
        elif block.kind is BlockKind.PARAGRAPH and not _is_item_like(block):
            lead = ""
    return found


def _announces(text: str) -> bool:
    return text.rstrip("* ").endswith((":", "：", "——"))


def _is_item_like(block: Block) -> bool:
    """Paragraphs of a plain text may be list items that lost their marks: short, or numbered, or ending in `;`."""
    return len(block.text) < 60 or block.text.endswith((";", "；")) or bool(_numbering.match(block.text))


def _of_block(block: Block, index: int, lead: str) -> list[Clause]:
    line_start = block.span.start - len(block.marker)
    marker = block.marker.lstrip()
    start = line_start + len(block.marker) - len(marker)
    number, body_at = _number(block)
    found = []
    whole = (Span(start=0, end=len(block.text)),)
    pieces = whole if block.kind is BlockKind.ROW else sentences(block.text)
    for order, piece in enumerate(_cut(block.text, _without_number_pieces(pieces, body_at))):
        raw = block.text[piece.start : piece.end]
        core = raw.strip()
        if not core:
            continue
        at = block.span.start + piece.start + len(raw) - len(raw.lstrip())
        first = order == 0
        shown_from = start if first else at
        said = block.text[max(piece.start, body_at) : piece.end].strip() if first else core
        found.append(
            Clause(
                start=shown_from,
                end=at + len(core),
                text=(marker if first else "") + core,
                key=key_text(said) or key_text(core),
                kind=block.kind,
                block=index,
                number=number if first else "",
                section=block.section,
                lead=lead,
            )
        )
    return found


def _without_number_pieces(pieces: Sequence[Span], body_at: int) -> list[Span]:
    """Sentences, with one that is nothing but the block's numbering joined to the one it numbers."""
    joined = list(pieces)
    while len(joined) > 1 and joined[0].end <= body_at:
        joined[:2] = [Span(start=joined[0].start, end=joined[1].end)]
    return joined


def _cut(text: str, pieces: Iterable[Span]) -> Iterator[Span]:
    """Pieces that nobody could read as one sentence, cut where their words say so, not where they are counted.

    So an edit near the beginning of a text without full stops leaves the cuts behind it where they were.
    """
    for piece in pieces:
        start = piece.start
        if piece.end - start > _longest:
            for match in _soft.finditer(text, start, piece.end - 1):
                at = match.end()
                if at - start >= _shortest_cut and sum(map(ord, text[at - _cut_by : at])) % _cut_one_in == 0:
                    yield from _stepped(start, at)
                    start = at
        yield from _stepped(start, piece.end)


def _stepped(start: int, end: int) -> Iterator[Span]:
    """A piece in steps of the longest there may be: text without any mark."""
    for at in range(start, end, _longest):
        yield Span(start=at, end=min(at + _longest, end))


def _number(block: Block) -> tuple[str, int]:
    """The numbering of a block and where its words begin in the block's text."""
    match = _numbering.match(block.text)
    if match is None and block.kind is BlockKind.HEADING:
        match = _heading_number.match(block.text)
    if match is not None and block.kind is not BlockKind.ROW:
        return match[0].strip(), match.end()
    marker = block.marker.strip()
    return (marker if marker[:1].isdigit() else ""), 0


def label(number: str) -> str:
    """The bare figure of a numbering: ``4.2`` of "4.2.", ``四`` of "第四条"."""
    bare = number.strip("第条章节部分编款项 \t").strip("()（）.、．:： ")
    match = _label.match(bare)
    return match[1] if match else bare
