"""Scores the audit on policies that were labelled by reading them blind; prints the scorer's report for each part.

    python tests/eval/audit_readings.py [--lang zh|en] [--part mended|unseen] [--json]

`tests/eval/audit/readings.json` holds the labels: verdicts, whether they are sure, and quotes as spans. No text of a policy
is in it: the texts are read from the corpus beside the repository. Who labelled them had the rules in words
(`../shared/checklist`) and the text, and saw neither the patterns nor an answer of ours. Parts:

    mended   what these policies showed to be wrong has been mended since: they count as development data
    unseen   only figures were ever looked at, never a single answer; nothing may be mended by them
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audit_predict import checklist_of, predict

here = Path(__file__).resolve().parent
corpus = here.parents[2] / "shared" / "corpus"
parts = ("mended", "unseen")
languages = ("zh", "en")


def readings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((here / "audit" / "readings.json").read_text(encoding="utf-8"))
    return found


def text_of(reading: dict[str, Any]) -> str:
    """The policy's text, put together from the corpus as it was when it was labelled."""
    name = reading["document"]
    if reading["language"] == "zh":  # sentences and headings in order, one a line
        lines = (corpus / "capp130" / "documents" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return "\n".join(json.loads(line)["text"].strip() for line in lines) + "\n"
    with tarfile.open(corpus / "replay" / "dev" / "gold" / f"{name}-privacy-policy.tar.xz") as archive:
        last = max(one for one in archive.getnames() if one.endswith(".md"))
        found = archive.extractfile(last)
        assert found is not None
        return found.read().decode()


def measured(language: str, part: str) -> dict[str, float]:
    """The scorer's figures for one part: accuracy, kappa, evidence agreement, documents, invented quotes."""
    report = scored(language, part)
    patterns = {
        "documents": r"documents (\d+)",
        "labels": r"sure labels (\d+)",
        "accuracy": r"accuracy ([\d.]+)",
        "kappa": r"kappa ([\d.]+)",
        "evidence": r"evidence agreement \d+/\d+ = ([\d.]+)",
        "invented": r"invented quotes (\d+)",
        "missing": r"missing answers (\d+)",
    }
    return {
        name: float(match[1]) for name, pattern in patterns.items() if (match := re.search(pattern, report))
    }


def scored(language: str, part: str) -> str:
    """What the scorer of labelled policies prints for the readings of one language and part."""
    checklist = checklist_of(language)
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        texts, labels = Path(folder, "texts", language), Path(folder, "labels", language)
        texts.mkdir(parents=True)
        labels.mkdir(parents=True)
        for reading in readings():
            if (reading["language"], reading["part"]) != (language, part):
                continue
            name, text = reading["document"], text_of(reading)
            answers[name] = predict(text, checklist)
            (texts / f"{name}.txt").write_text(text, encoding="utf-8")
            told = {"document": name, "labels": [_label(one, text) for one in reading["labels"]]}
            (labels / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
        out = Path(folder, "predictions.json")
        out.write_text(json.dumps(answers), encoding="utf-8")
        command = [sys.executable, str(corpus / "gold" / "score.py"), str(out), "--lang", language]
        command += ["--labels", str(labels.parent), "--texts", str(texts.parent)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _label(label: dict[str, Any], text: str) -> dict[str, Any]:
    return label | {"quotes": [text[start:end] for start, end in label["quotes"]]}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Score the audit on policies labelled blind.")
    parser.add_argument("--lang", choices=languages)
    parser.add_argument("--part", choices=parts)
    parser.add_argument("--json", action="store_true", help="figures alone")
    asked = parser.parse_args(arguments)
    for language in [asked.lang] if asked.lang else languages:
        for part in [asked.part] if asked.part else parts:
            if asked.json:
                print(json.dumps({"language": language, "part": part} | measured(language, part)))
            else:
                print(f"== {language}, {part}\n{scored(language, part)}")


if __name__ == "__main__":
    main()
