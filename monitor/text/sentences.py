"""Sentences of a block, Chinese and English, lossless: the pieces joined are the whole. Pure."""

from __future__ import annotations

import re

from monitor.model import Span

_closers = "”’」』）)】》\"'*"
_end = re.compile(
    rf"(?:[。！？；!?;]|…{{2}})+[{_closers}]*\s*"
    rf"|(?<=[A-Za-z0-9)\]”\"'%*])\.[{_closers}]*(?=\s+[“\"'(\[*]*[A-Z0-9])\s+"
)
_abbreviation = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|No|Nos|Art|Sec|Inc|Ltd|Co|Corp|Mr|Mrs|Ms|Dr|St|U\.S|U\.K|E\.U|approx|Reg|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"|(?:^|\s)[A-Z]|(?:^|[\s(])\d{1,2})$"
)
_company = re.compile(r"\b(?:Inc|Ltd|Co|Corp|etc)$")
_starts_sentence = re.compile(r"(?:We|You|Our|Your|The|This|These|If|In|It|They|For|When|To|Please|As)\b")


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of one block's text. A semicolon ends a clause, which is what law counts.

    English full stops count only before a capital or digit, and not after an abbreviation.
    """
    spans, start = [], 0
    for match in _end.finditer(text):
        if _is_inside(text, match, start):
            continue
        spans.append(Span(start=start, end=match.end()))
        start = match.end()
    if start < len(text):
        spans.append(Span(start=start, end=len(text)))
    return tuple(spans)


def _is_inside(text: str, match: re.Match[str], start: int) -> bool:
    """True where the mark does not end a sentence: an abbreviation, an entity, an address."""
    mark = match[0].lstrip()[:1]
    before = text[start : match.start()]
    if mark == ".":
        if _company.search(before):
            return not _starts_sentence.match(text[match.end() :])
        return bool(_abbreviation.search(before))
    if mark in "!?;" and match.end() < len(text):
        return not match[0][-1].isspace() and text[match.end()].isascii() and text[match.end()].isalnum()
    return False
