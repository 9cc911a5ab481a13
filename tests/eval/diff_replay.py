"""Figures of the comparison on real, judged pairs of policy texts; prints JSON.

    python tests/eval/diff_replay.py [--cache FOLDER] [--wrong] [--half tuning|checking]

The pages of `../shared/corpus/replay/dev` are read with the product's own extraction (no selectors); each judged
pair of texts is compared. A pair is *called substantive* where the gravest hunk is. Left out, and counted: pairs
that the judge marked ambiguous, and noise that is not in the text but in what was served (the wrong page, another
language or variant, a page that did not load), which `monitor.plausible` and `monitor.identity` answer for.

Documents are split in two halves by the first digit of the SHA-256 of their name: rules may learn from `tuning`,
`checking` is only measured.
"""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diff_kinds import gravest
from extract_text import text_of

from monitor import registry
from monitor.diff import compare
from monitor.diff.classify import Tagger
from monitor.diff.summary import main_topics
from monitor.model import Change, Nature, Topic, digest

corpus = Path(__file__).parents[3] / "shared" / "corpus" / "replay"
halves = ("tuning", "checking")

# The judge's words for what changed -> the topics that say the same. "other" has none and is left out.
topics_of_kind: dict[str, frozenset[Topic]] = {
    "data-collected": frozenset({Topic.COLLECTION}),
    "purpose": frozenset({Topic.PURPOSE, Topic.PROFILING, Topic.ADVERTISING}),
    "sharing": frozenset({Topic.SHARING}),
    "transfer": frozenset({Topic.CROSS_BORDER}),
    "retention": frozenset({Topic.RETENTION}),
    "security": frozenset({Topic.SECURITY}),
    "rights": frozenset({Topic.RIGHTS}),
    "minors": frozenset({Topic.MINORS}),
    "cookies": frozenset({Topic.COOKIES}),
    "consent": frozenset({Topic.CONSENT}),
    "contact": frozenset({Topic.CONTACT}),
    "effective-date": frozenset({Topic.DATES}),
}
served_otherwise = {"fetch-failure", "language-flip", "region-or-variant-flip", "consent-banner"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One judged pair with what the comparison said of it."""

    document: str
    name: str
    label: str
    kinds: frozenset[str]
    called: str | None
    said: frozenset[str]
    significance: int
    reason: str

    @property
    def substantive(self) -> bool:
        return self.label == "substantive"


def half(document: str) -> str:
    return halves[int(digest(document)[0], 16) % 2]


def judged() -> Iterator[dict[str, Any]]:
    """Pairs that count: read by the judge, not ambiguous, a difference of the text and not of what was served."""
    for line in (corpus / "labels" / "dev.judged.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if not label["ambiguous"] and label.get("noise_type") not in served_otherwise:
            yield label


def texts(labels: Sequence[dict[str, Any]], cache: Path) -> None:
    """Extract every page that a label names into the cache."""
    wanted = {(label["id"], label[side]) for label in labels for side in ("before", "after")}
    missing = sorted(one for one in wanted if not kept(cache, *one).exists())
    documents = sorted({document for document, _ in missing})
    with ProcessPoolExecutor() as workers:
        for done in [
            workers.submit(_extract, document, [page for name, page in missing if name == document], cache)
            for document in documents
        ]:
            done.result()


def kept(cache: Path, document: str, page: str) -> Path:
    return cache / document / f"{page}.txt"


def _extract(document: str, pages: Sequence[str], cache: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(corpus / "dev" / "html" / f"{document}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        found = {path.name: path for path in Path(folder).rglob("*.html")}
        for page in pages:
            path = kept(cache, document, page)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text_of(str(found[page]), "https://service.example/", None), encoding="utf-8")


def compared(label: dict[str, Any], cache: Path) -> Pair:
    before, after = (kept(cache, label["id"], label[side]).read_text("utf-8") for side in ("before", "after"))
    tagger = registry.tagger(label["lang"])
    change = compare(before, after, tagger)
    return Pair(
        document=label["id"],
        name=f"{label['id']} {label['before'][:3]}-{label['after'][:3]}",
        label=label["label"],
        kinds=frozenset(label["kinds"]) & topics_of_kind.keys(),
        called=gravest(change),
        said=kinds_of(change, tagger),
        significance=change.significance,
        reason=label["reason"],
    )


def kinds_of(change: Change, tagger: Tagger | None) -> frozenset[str]:
    """The judge's words for what the comparison says the change is about."""
    said = set(main_topics(change, tagger))
    return frozenset(kind for kind, topics in topics_of_kind.items() if topics & said)


def figures(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Substantive against the rest, and the kinds of the substantive pairs."""
    hits = sum(one.substantive and one.called == Nature.SUBSTANTIVE for one in pairs)
    asked = sum(one.substantive for one in pairs)
    called = sum(one.called == Nature.SUBSTANTIVE for one in pairs)
    kinds = Counter[str]()
    per_kind: dict[str, Counter[str]] = {kind: Counter() for kind in topics_of_kind}
    for one in pairs:
        if not one.substantive or not one.kinds:
            continue
        for kind in topics_of_kind:
            outcome = {(True, True): "hit", (True, False): "missed", (False, True): "false"}.get(
                (kind in one.kinds, kind in one.said)
            )
            if outcome:
                kinds[outcome] += 1
                per_kind[kind][outcome] += 1
    return {
        "pairs": len(pairs),
        "substantive": asked,
        "recall": _share(hits, asked),
        "precision": _share(hits, called),
        "cosmetic_or_noise_left_alone": sum(
            not one.substantive and one.called != Nature.SUBSTANTIVE for one in pairs
        ),
        "called_cosmetic_or_nothing": sum(
            one.substantive and one.called in (None, Nature.COSMETIC) for one in pairs
        ),
        "kinds_micro_f1": _f1(kinds),
        "kinds": {
            kind: f"F1 {_f1(one):.2f} hit {one['hit']} missed {one['missed']} false {one['false']}"
            for kind, one in per_kind.items()
        },
    }


def _f1(counts: Counter[str]) -> float:
    return _share(2 * counts["hit"], 2 * counts["hit"] + counts["missed"] + counts["false"])


def _share(count: int, of: int) -> float:
    return round(count / of, 4) if of else 1.0


def wrong(pairs: Sequence[Pair]) -> Iterator[str]:
    for one in pairs:
        if one.substantive != (one.called == Nature.SUBSTANTIVE):
            yield f"{one.name}: {one.label} called {one.called} ({one.reason})"
        if one.substantive and one.kinds != one.said:
            missing, extra = sorted(one.kinds - one.said), sorted(one.said - one.kinds)
            yield f"{one.name}: kinds missing {missing} extra {extra} ({one.reason})"


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the comparison on real judged pairs.")
    parser.add_argument("--cache", type=Path, help="folder that keeps the extracted texts for the next run")
    parser.add_argument("--half", choices=halves, help="only the documents of this half")
    parser.add_argument("--wrong", action="store_true", help="also name the pairs that were told otherwise")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = measured(asked.cache or Path(folder), [asked.half] if asked.half else halves, asked.wrong)
    print(json.dumps(report, ensure_ascii=False, indent=1))


def measured(cache: Path, wanted: Sequence[str], tell: bool) -> dict[str, Any]:
    labels = [label for label in judged() if half(label["id"]) in wanted]
    texts(labels, cache)
    with ProcessPoolExecutor() as workers:
        pairs = [done.result() for done in [workers.submit(compared, label, cache) for label in labels]]
    report: dict[str, Any] = {
        name: figures([one for one in pairs if half(one.document) == name]) for name in wanted
    }
    if len(wanted) > 1:
        report["both"] = figures(pairs)
    if tell:
        report["wrong"] = list(wrong(pairs))
    return report


if __name__ == "__main__":
    main()
