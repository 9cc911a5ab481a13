"""Adapter for measuring kinds of changes: two text files in, the change as JSON out.

    python tests/eval/diff_kinds.py BEFORE AFTER --lang zh|en

`kind` is the gravest of the hunks' kinds. `--lang` names the language of the texts; the rules read both at once,
so it only says which classifier of topics helps where the rules are silent (`--rules-alone` leaves it out).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitor import registry
from monitor.diff import compare
from monitor.model import Change, Direction, Fact, FactChange, Hunk, Nature
from monitor.render.fact_lines import fact_line

kinds = tuple(Nature)  # from the lightest to the gravest
_signs = {Direction.SOFTER: "softer", Direction.HARDER: "harder"}


def as_data(change: Change) -> dict[str, Any]:
    """The change as plain data: what happened, where, why it is called so."""
    return {
        "kind": gravest(change),
        "significance": change.significance,
        "reasons": list(change.reasons),
        "coarse": change.coarse,
        "hunks": [_hunk(hunk) for hunk in change.hunks],
    }


def gravest(change: Change) -> str | None:
    """The gravest kind of a change's hunks, None where the texts are the same."""
    return max((hunk.nature for hunk in change.hunks), key=kinds.index, default=None)


def direction(hunk: Hunk) -> str:
    return _signs.get(hunk.direction, "none") if hunk.direction else "none"


def _hunk(hunk: Hunk) -> dict[str, Any]:
    return {
        "kind": hunk.nature,
        "form": hunk.form,
        "topics": list(hunk.topics),
        "direction": direction(hunk),
        "reasons": list(hunk.reasons),
        "significance": hunk.significance,
        "section": list(hunk.section),
        "before": [hunk.before.start, hunk.before.end] if hunk.before else None,
        "after": [hunk.after.start, hunk.after.end] if hunk.after else None,
        "edits": [[edit.op, edit.text] for edit in hunk.edits],
        "facts": [_fact_change(one) for one in hunk.facts],
    }


def _fact_change(change: FactChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "subject": change.subject,
        "said": fact_line(change),
        "before": _fact(change.before),
        "after": _fact(change.after),
    }


def _fact(fact: Fact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {"value": fact.value, "quote": fact.quote, "span": [fact.span.start, fact.span.end]}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="The change between two text files as JSON.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--rules-alone", action="store_true", help="no classifier for the topics")
    asked = parser.parse_args(arguments)
    tagger = None if asked.rules_alone else registry.tagger(asked.lang)
    change = compare(
        asked.before.read_text(encoding="utf-8"), asked.after.read_text(encoding="utf-8"), tagger
    )
    print(json.dumps(as_data(change), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
