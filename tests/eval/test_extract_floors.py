"""Extraction measured against texts that people selected by hand; the floors cannot sink unseen."""

from __future__ import annotations

import json
import runpy
import statistics
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

root = Path(__file__).parents[2]
replay = root.parent / "shared" / "corpus" / "replay"
floors: dict[str, float] = tomllib.loads((root / "tests/eval/baseline.toml").read_text())["extract"]
left_out = "fireworks"  # its hand-made selection holds a consent box with thousands of vendors
pages_per_document = 8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not replay.is_dir(), reason="needs the replay corpus beside the repository"),
]


def picked(snapshots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Distinct texts first, spread over time: the pages that the corpus's own measurement takes."""
    usable = [one for one in snapshots if one.get("text")]
    seen: set[str] = set()
    first = [one for one in usable if not (one["token_hash"] in seen or seen.add(one["token_hash"]))]  # type: ignore[func-returns-value]
    pool = first if len(first) >= pages_per_document else first + [one for one in usable if one not in first]
    if len(pool) <= pages_per_document:
        return pool
    step = (len(pool) - 1) / (pages_per_document - 1)
    return [pool[int(index * step)] for index in range(pages_per_document)]


def documents(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each document unpacked, with its picked pages and what was read of them by hand-made selectors."""
    for packed in sorted((replay / "dev" / "html").glob("*.tar.xz")):
        name = packed.name.removesuffix(".tar.xz")
        if left_out in name:
            continue
        for part in (packed, replay / "dev" / "gold" / packed.name):
            with tarfile.open(part) as archive:
                archive.extractall(folder / name, filter="data")
        gold = json.loads((folder / name / "gold.json").read_text())
        yield name, picked(gold["snapshots"])


@cache
def measured(mode: str, folder: Path) -> tuple[list[float], list[float]]:
    """F1 and recall of tokens, a pair a page."""
    tools = runpy.run_path(str(replay / "eval_extract.py"))
    f1s, recalls = [], []
    for name, pages in documents(folder):
        asked = [
            json.dumps(
                {
                    "html": str(folder / name / page["file"]),
                    "url": "https://service.example/",
                    "selectors": page["selectors"] if mode == "selectors" else None,
                }
            )
            for page in pages
        ]
        command = [sys.executable, str(root / "tests/eval/extract_text.py")]
        environment = {"PYTHONPATH": str(root)}
        done = subprocess.run(
            command, input="\n".join(asked), text=True, capture_output=True, env=environment, check=True
        )
        for page, answer in zip(pages, done.stdout.splitlines(), strict=True):
            known = page.get("ota_version") if page.get("f1_with_ota", 0) >= 0.99 else None
            reference = (folder / name / (known or page["text"])).read_text()
            reference = tools["md2text"](reference) if known else reference
            _, recall, f1 = tools["prf"](
                tools["tokens"](reference), tools["tokens"](json.loads(answer)["text"])
            )
            f1s.append(f1)
            recalls.append(recall)
    return f1s, recalls


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replay")


def tenth(values: list[float]) -> float:
    return sorted(values)[len(values) // 10]


def test_with_selectors(folder: Path) -> None:
    f1s, _ = measured("selectors", folder)
    assert statistics.median(f1s) >= floors["selectors_f1_median"]
    assert tenth(f1s) >= floors["selectors_f1_tenth"]


def test_without_selectors(folder: Path) -> None:
    f1s, recalls = measured("auto", folder)
    assert statistics.median(f1s) >= floors["auto_f1_median"]
    assert tenth(f1s) >= floors["auto_f1_tenth"]
    assert statistics.median(recalls) >= floors["auto_recall_median"]
    assert min(recalls) >= floors["auto_recall_least"]
