"""Plain text or Markdown -> Extracted: its lines tidied, hard-wrapped paragraphs joined. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from monitor.extract import charset
from monitor.extract.faults import fault
from monitor.extract.lines import says_something, tidy
from monitor.extract.paragraphs import joined, starts_block
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument

_line_ends = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_deepest_indent = 16
_wrapped_at = (55, 100)  # a text whose lines all end below the second, and mostly above the first, is wrapped


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """The lines of a text file; the text form reads its headings and lists by their shape."""
    decoded = charset.decode(snapshot.content, snapshot.charset, "text/plain")
    return decoded if isinstance(decoded, Fault) else read(decoded)


def read(source: str) -> Extracted | Fault:
    """As `extract`, for characters."""
    lines = [_tidied(line) for line in _line_ends.sub("\n", source).split("\n")]
    if _is_wrapped(lines):
        lines = _unwrapped(lines)
    kept = [line for before, line in zip(["", *lines], lines, strict=False) if line or before]
    text = "\n".join(kept).strip("\n")
    if not says_something(text):
        return fault(FaultKind.EMPTY, "the text is empty", transient=True)
    title = next(line.strip("#* ") for line in kept if says_something(line))
    return Extracted(text=text, title=title[:300])


def _tidied(line: str) -> str:
    """One line with its indent, which lists need."""
    text = tidy(line)
    wide = line.expandtabs(4)
    return " " * min(len(wide) - len(wide.lstrip()), _deepest_indent) + text if text else ""


def _is_wrapped(lines: list[str]) -> bool:
    """True where line ends are an accident of the width: those inside paragraphs are near the margin."""
    inner = [len(line) for line, after in pairwise(lines) if line and after.strip()]
    low, high = _wrapped_at
    return len(inner) >= 10 and max(map(len, lines)) <= high and median(inner) >= low


def _unwrapped(lines: list[str]) -> list[str]:
    """Paragraphs on one line each; lines that start a block stay apart."""
    out: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if before and line and len(before) >= _wrapped_at[0] * 0.8 and not starts_block(line.strip()):
            out[-1] = joined([out[-1], line.strip()])
        else:
            out.append(line)
    return out
