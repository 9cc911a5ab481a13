"""Bytes -> text: HTML, plain text, JSON, PDF, DOCX, in one text form. Pure but for the child process."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import SourceDocument, digest

# Raise it whenever the same bytes may give another text: stored pages are then read again, without an alarm.
extractor_edition = "1"


def recipe(documents: Sequence[SourceDocument]) -> str:
    """A short mark of how the text of these documents is taken; equal marks give equal texts."""
    how = [(one.select, one.remove, one.extractor, one.json_path) for one in documents]
    return f"{extractor_edition}-{digest(repr(how))[:12]}"
