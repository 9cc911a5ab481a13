"""The audit measured on labelled policies must not fall under its floors (skipped where they are absent)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

root = Path(__file__).parents[2]
gold = root.parent / "shared" / "corpus" / "gold"
corpus = root.parent / "shared" / "corpus"
all_floors = tomllib.loads((root / "tests" / "eval" / "baseline.toml").read_text(encoding="utf-8"))
floors = all_floors["audit"]
blind_floors = all_floors["readings"]


@pytest.mark.skipif(not gold.is_dir(), reason="the labelled policies are not on this machine")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_floors(language: str, tmp_path: Path) -> None:
    """Accuracy, kappa, evidence agreement; no invented quote and no missing answer."""
    if f"{language}-accuracy" not in floors:
        pytest.skip(f"no floor for {language}")
    out = tmp_path / "predictions.json"
    adapter = [
        sys.executable,
        str(root / "tests/eval/audit_predict.py"),
        "--texts",
        str(gold),
        "--lang",
        language,
    ]
    subprocess.run([*adapter, "--out", str(out)], check=True, cwd=root)
    scored = subprocess.run(
        [sys.executable, str(gold / "score.py"), str(out), "--lang", language],
        capture_output=True,
        text=True,
        check=False,
    )
    figures = _figures(scored.stdout)
    assert scored.returncode == 0, scored.stdout
    for name in ("accuracy", "kappa", "evidence"):
        assert figures[name] >= floors[f"{language}-{name}"], scored.stdout
    assert json.loads(out.read_text(encoding="utf-8"))


@pytest.mark.skipif(not corpus.is_dir(), reason="the texts of the labelled policies are not on this machine")
@pytest.mark.parametrize("part", sorted({name.rpartition("-")[0] for name in blind_floors}))
def test_floors_on_policies_labelled_blind(part: str) -> None:
    """As above, on texts that were labelled by reading and whose labels are kept as spans."""
    script = [sys.executable, str(root / "tests/eval/audit_readings.py"), "--json"]
    language, _, name = part.partition("-")
    done = subprocess.run(
        [*script, "--lang", language, "--part", name], capture_output=True, text=True, check=True, cwd=root
    )
    figures = json.loads(done.stdout)
    assert figures["documents"] > 0
    assert (figures["invented"], figures["missing"]) == (0, 0)
    for figure in ("accuracy", "kappa", "evidence"):
        assert figures[figure] >= blind_floors[f"{part}-{figure}"], done.stdout


def _figures(report: str) -> dict[str, float]:
    patterns = {
        "accuracy": r"accuracy ([\d.]+)",
        "kappa": r"kappa ([\d.]+)",
        "evidence": r"evidence agreement \d+/\d+ = ([\d.]+)",
    }
    return {
        name: float(match[1]) for name, pattern in patterns.items() if (match := re.search(pattern, report))
    }
