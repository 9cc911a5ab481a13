"""JSON -> Extracted: the string at a path, which may be HTML or plain text. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from monitor.extract import charset, html, plain
from monitor.extract.faults import fault
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument

_step = re.compile(r"\.?([^.\[\]]+)|\[(\d{1,6})\]")
_markup = re.compile(r"<(?:/?(?:p|div|br|span|h[1-6]|ul|ol|li|table|section|strong|b)\b)", re.I)


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Read the text that stands at `document.json_path` (dotted keys and [n])."""
    decoded = charset.decode(snapshot.content, snapshot.charset, "application/json")
    if isinstance(decoded, Fault):
        return decoded
    found = _at(decoded, document.json_path or "")
    if isinstance(found, Fault):
        return found
    if _markup.search(found):
        return html.read(found, document, snapshot.exchange.final_url or document.location)
    return plain.read(found)


def _at(source: str, path: str) -> str | Fault:
    """The string at a path; a list of strings there is read as paragraphs."""
    try:
        value: Any = json.loads(source)
    except (ValueError, RecursionError) as error:
        return fault(FaultKind.UNREADABLE, f"not JSON: {error}", transient=True)
    steps = _steps(path)
    if steps is None:
        return fault(FaultKind.SELECTOR, f"json_path {path!r} is not made of dotted keys and [n]")
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return fault(FaultKind.SELECTOR, f"nothing at {step!r} of json_path {path!r}")
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)
    if not isinstance(value, str):
        return fault(
            FaultKind.SELECTOR, f"json_path {path!r} leads to {type(value).__name__}, not to a string"
        )
    return value


def _steps(path: str) -> list[str | int] | None:
    """Keys and indexes of a path, or None where it is malformed."""
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        match = _step.match(path, at)
        if match is None or (match[1] and at and path[at] != "."):
            return None
        steps.append(match[1] if match[1] else int(match[2]))
        at = match.end()
    return steps
