"""Adapter for measuring extraction: JSON lines {"html", "url", "selectors"} in, {"text"} out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from monitor.extract.auto import extract
from monitor.model import Exchange, Fault, Range, Snapshot, SourceDocument

_ends = {
    "startBefore": "start_before",
    "startAfter": "start_after",
    "endBefore": "end_before",
    "endAfter": "end_after",
}


def choices(said: Any) -> tuple[str | Range, ...]:
    """Open Terms Archive's notation (string, range or list of both) as ours."""
    if not said:
        return ()
    many = said if isinstance(said, list) else [said]
    return tuple(
        one if isinstance(one, str) else Range(**{_ends[end]: selector for end, selector in one.items()})
        for one in many
    )


def text_of(path: str, url: str, selectors: dict[str, Any] | None) -> str:
    """The text of a stored page, or "" and a word on stderr where there is none."""
    said = selectors or {}
    document = SourceDocument(
        location=url, select=choices(said.get("select")), remove=choices(said.get("remove"))
    )
    exchange = Exchange(url=url, final_url=url)
    snapshot = Snapshot(
        exchange=exchange, content=Path(path).read_bytes(), media_type="text/html", charset=None
    )
    result = extract(snapshot, document)
    if isinstance(result, Fault):
        print(f"{path}: {result.kind}: {result.message}", file=sys.stderr)
        return ""
    return result.text


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        print(
            json.dumps({"text": text_of(asked["html"], asked["url"] or "", asked.get("selectors"))}),
            flush=True,
        )


if __name__ == "__main__":
    main()
