"""Kinds, topics, directions and facts of changes, measured on hand-made and on real pairs; the floors cannot sink unseen."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

root = Path(__file__).parents[2]
corpus = root.parent / "shared" / "corpus" / "replay"
floors: dict[str, float] = tomllib.loads((root / "tests/eval/baseline.toml").read_text())["diff"]


def measured(script: str, *options: str) -> dict[str, Any]:
    command = [sys.executable, str(root / "tests" / "eval" / script), *options]
    done = subprocess.run(command, check=True, capture_output=True, env={"PYTHONPATH": str(root)})
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def kept(prefix: str, figures: dict[str, Any]) -> list[str]:
    """The floors of a set that its figures fall under; a `most_` one is a ceiling."""
    broken = []
    for name, floor in floors.items():
        of, _, figure = name.removeprefix("most_").partition("-")
        if of != prefix:
            continue
        found = figures[figure]
        if (found > floor) if name.startswith("most_") else (found < floor):
            broken.append(f"{name}: {found}, not {floor}")
    return broken


def test_hand_made_pairs() -> None:
    figures = measured("diff_pairs.py")
    assert figures["tuning"]["pairs"] + figures["held_out"]["pairs"] >= 120
    for part in ("tuning", "held_out", "both"):
        assert kept(part, figures[part]) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not corpus.is_dir(), reason="needs the replay corpus beside the repository")
def test_real_pairs(tmp_path: Path) -> None:
    figures = measured("diff_replay.py", "--cache", str(tmp_path))
    for part in ("tuning", "checking", "both"):
        assert kept(f"replay_{part}", figures[part]) == []


def test_the_adapter_tells_kinds_topics_directions_facts_and_reasons(tmp_path: Path) -> None:
    before, after = tmp_path / "before.txt", tmp_path / "after.txt"
    before.write_text("我们不会共享您的信息。\n\n日志保存三十日。", encoding="utf-8")
    after.write_text("我们会共享您的信息。\n\n日志保存180天。", encoding="utf-8")
    change = measured("diff_kinds.py", str(before), str(after), "--lang", "zh")
    assert (change["kind"], change["significance"]) == ("substantive", 3)
    share, keep = change["hunks"]
    assert share["direction"] == "softer"
    assert any("不会" in reason for reason in share["reasons"])
    assert "sharing" in share["topics"]
    (fact,) = keep["facts"]
    assert (fact["subject"], fact["before"]["value"], fact["after"]["value"]) == (
        "retention",
        "30 days",
        "180 days",
    )
    start, end = fact["after"]["span"]
    assert after.read_text(encoding="utf-8")[start:end] == fact["after"]["quote"] == "180天"
    assert fact["said"] == "retention: 30 days -> 180 days"
