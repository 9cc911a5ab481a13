"""Plain text or Markdown -> Extracted: the lines as they are, tidied. Pure."""

from __future__ import annotations

import re

from monitor.extract import charset
from monitor.extract.faults import fault
from monitor.extract.lines import tidy
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument

_line_ends = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """The lines of a text file; the text form reads its headings and lists by their shape."""
    decoded = charset.decode(snapshot.content, snapshot.charset, "text/plain")
    return decoded if isinstance(decoded, Fault) else read(decoded)


def read(source: str) -> Extracted | Fault:
    """As `extract`, for characters."""
    kept: list[str] = []
    for line in _line_ends.sub("\n", source).split("\n"):
        text = tidy(line)
        indent = min(len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()), 16) if text else 0
        if text or (kept and kept[-1]):
            kept.append(" " * indent + text)
    text = "\n".join(kept).strip("\n")
    if not text.strip():
        return fault(FaultKind.EMPTY, "the text is empty", transient=True)
    title = next(line.strip("#* ") for line in kept if line.strip())
    return Extracted(text=text, title=title[:300])
