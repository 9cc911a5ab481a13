"""Alerts measured on real page histories; the floors cannot sink unseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

root = Path(__file__).parents[2]
corpus = root.parent / "shared" / "corpus" / "replay"
floors: dict[str, float] = tomllib.loads((root / "tests/eval/baseline.toml").read_text())["replay"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not corpus.is_dir(), reason="needs the replay corpus beside the repository"),
]


def measured(folder: Path, *options: str) -> dict[str, float]:
    """The figures of a run as shares; those that are no share are left out."""
    found = folder / "figures.json"
    command = [
        sys.executable,
        str(corpus / "eval_alerts.py"),
        *("--data", str(corpus / "dev"), "--labels", str(corpus / "labels" / "dev.jsonl"), "--grace", "2"),
        *(
            "--cmd",
            f"{sys.executable} {root / 'tests/eval/replay_alerts.py'}",
            "--json",
            str(found),
            *options,
        ),
    ]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(root)})
    figures: dict[str, Any] = json.loads(found.read_text())
    assert figures["failed"] == []
    figures["email"] = figures["false_alert_by_type"]["email-obfuscation"]
    return {name: _share(str(value)) for name, value in figures.items() if "%" in str(value)[:8]}


def _share(value: str) -> float:
    """ "8.7% (2/23)" as a share, of the exact counts."""
    part, whole = value.split("(")[1].rstrip(")").split("/")
    return int(part) / int(whole)


@pytest.mark.parametrize("mode", ["auto", "selectors"])
def test_alerts(mode: str, tmp_path: Path) -> None:
    figures = measured(tmp_path, *(["--give-selectors"] if mode == "selectors" else []))
    assert figures["recall_substantive"] >= floors[f"{mode}_recall"]
    assert figures["precision_of_alerts"] >= floors[f"{mode}_precision"]
    assert figures["false_alert_rate_all"] <= floors[f"{mode}_most_false_all"]
    assert figures["false_alert_judged_noise"] <= floors[f"{mode}_most_false_judged"]
    assert figures["false_alert_page_unavailable"] <= floors[f"{mode}_most_page_unavailable"]
    assert figures["flap_alerts"] <= floors[f"{mode}_most_flaps"]
    assert figures["alert_rate_cosmetic"] <= floors[f"{mode}_most_cosmetic"]
    assert figures["email"] <= floors[f"{mode}_most_email"]
