"""Scores the comparison on the hand-made pairs of `tests/eval/diff`, part by part; prints figures as JSON.

    python tests/eval/diff_pairs.py [--part tuning|held_out] [--wrong]

Shares: kind and direction of the pair right; topics and facts as micro recall, precision and F1. A pair's
direction is that of its weightiest hunks; topics and facts are those of all its hunks that are not cosmetic.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diff_kinds import direction, gravest

from monitor.diff import compare
from monitor.model import Change, Fact, FactChange, Nature

folder = Path(__file__).parent / "diff"
parts = ("tuning", "held_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One pair with what was said of it; `wrong` names what was not as expected."""

    pair: dict[str, Any]
    kind: str | None
    direction: str
    topics: frozenset[str]
    facts: Counter[str]
    forms: frozenset[str]
    significance: int

    def wrong(self) -> Iterator[str]:
        pair = self.pair
        if self.kind != pair["kind"]:
            yield f"kind {self.kind}, not {pair['kind']}"
        if not set(pair.get("forms", ())) <= self.forms:
            yield f"forms {sorted(self.forms)}"
        if pair["kind"] != Nature.SUBSTANTIVE:
            return
        if self.direction != pair["direction"]:
            yield f"direction {self.direction}, not {pair['direction']}"
        missing, extra = topics_missed(self), topics_extra(self)
        if missing or extra:
            yield f"topics missing {sorted(missing)} extra {sorted(extra)}"
        asked = Counter(pair.get("facts", ()))
        if asked != self.facts:
            yield f"facts missing {sorted(asked - self.facts)} extra {sorted(self.facts - asked)}"


def topics_missed(one: Scored) -> set[str]:
    return set(one.pair["topics"]) - one.topics


def topics_extra(one: Scored) -> set[str]:
    return set(one.topics) - set(one.pair["topics"]) - set(one.pair.get("also", ()))


def pairs(part: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((folder / f"{part}.toml").read_text(encoding="utf-8"))["pair"]
    return found


def scored(pair: dict[str, Any]) -> Scored:
    change = compare(pair["before"], pair["after"])
    said = [hunk for hunk in change.hunks if hunk.nature is not Nature.COSMETIC]
    return Scored(
        pair=pair,
        kind=gravest(change),
        direction=direction_of(change),
        topics=frozenset(topic for hunk in said for topic in hunk.topics),
        facts=Counter(written(fact) for hunk in said for fact in hunk.facts),
        forms=frozenset(hunk.form for hunk in change.hunks),
        significance=change.significance,
    )


def direction_of(change: Change) -> str:
    """The direction of the weightiest hunks; of two against each other, the one that takes from the person."""
    found = {direction(hunk) for hunk in change.hunks if hunk.significance == change.significance}
    return next((one for one in ("softer", "harder") if one in found), "none")


def written(change: FactChange) -> str:
    """A changed fact as the files write it."""
    name = f"{change.kind}/{change.subject}" if change.kind == "period" and change.subject else change.kind
    if change.before and change.after:
        return f"{name}: {change.before.value} -> {change.after.value}"
    one: Fact | None = change.after or change.before
    assert one is not None
    return f"{'+' if change.after else '-'}{name}: {one.value}"


def figures(found: Sequence[Scored]) -> dict[str, float]:
    """Shares of a set of pairs."""
    substantive = [one for one in found if one.pair["kind"] == Nature.SUBSTANTIVE]
    asked = [set(one.pair["topics"]) for one in substantive]
    hits = sum(len(topics & one.topics) for topics, one in zip(asked, substantive, strict=True))
    facts = [Counter(one.pair.get("facts", ())) for one in substantive]
    fact_hits = sum((wanted & one.facts).total() for wanted, one in zip(facts, substantive, strict=True))
    return {
        "pairs": len(found),
        "kind_accuracy": _share(sum(one.kind == one.pair["kind"] for one in found), len(found)),
        "substantive_called_cosmetic": sum(one.kind in (None, Nature.COSMETIC) for one in substantive),
        "substantive_called_less": sum(one.kind != Nature.SUBSTANTIVE for one in substantive),
        "direction_accuracy": _share(
            sum(one.direction == one.pair["direction"] for one in substantive), len(substantive)
        ),
        **_f1(
            "topics", hits, sum(map(len, asked)), hits + sum(len(topics_extra(one)) for one in substantive)
        ),
        **_f1(
            "facts",
            fact_hits,
            sum(one.total() for one in facts),
            sum(one.facts.total() for one in substantive),
        ),
    }


def _f1(name: str, hits: int, asked: int, said: int) -> dict[str, float]:
    recall, precision = _share(hits, asked), _share(hits, said)
    return {
        f"{name}_recall": recall,
        f"{name}_precision": precision,
        f"{name}_f1": round(2 * recall * precision / (recall + precision), 4) if recall + precision else 0.0,
    }


def _share(count: int, of: int) -> float:
    return round(count / of, 4) if of else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the comparison on the hand-made pairs.")
    parser.add_argument("--part", choices=parts, help="only this part")
    parser.add_argument("--wrong", action="store_true", help="also name the pairs that are not as expected")
    asked = parser.parse_args()
    report: dict[str, Any] = {}
    everything: list[Scored] = []
    for part in [asked.part] if asked.part else parts:
        found = [scored(pair) for pair in pairs(part)]
        report[part] = figures(found)
        everything += found
        if asked.wrong:
            report[f"{part} wrong"] = {one.pair["id"]: list(one.wrong()) for one in found if any(one.wrong())}
    if not asked.part:
        report["both"] = figures(everything)
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
