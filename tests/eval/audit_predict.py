#!/usr/bin/env python3
"""Audit every text of a folder and write what the scorer of labelled policies reads.

usage: audit_predict.py --texts DIR --lang zh|en --out PREDICTIONS.json [--profile ID] [--checklists DIR]

Reads `*.txt` and `*.md` of DIR, or of DIR/<lang> where there is such a folder. Without --profile each
text is judged by the profile of its own date (else of the law it cites), and by its checklist's other
criteria under the latest profile that asks for them. Writes {stem: {criterion: {"verdict", "quotes"}}}.

The labels judge the text as captured: where an absence is for review only because the capture is
suspect, the verdict of the text itself is written and the doubt goes to "suspect".
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor.audit import audits_of_text
from monitor.audit.checklist import Checklist
from monitor.audit.profiles import of_text, own_day
from monitor.model import Finding, Verdict
from monitor.registry import checklists, classifier
from monitor.text.dates import stated_dates


def main() -> int:
    """Write the predictions; exit 2 where there is nothing to read."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", required=True, type=Path)
    parser.add_argument("--lang", required=True, choices=("zh", "en"))
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--profile")
    parser.add_argument("--checklists")
    arguments = parser.parse_args()
    folder = (
        arguments.texts / arguments.lang if (arguments.texts / arguments.lang).is_dir() else arguments.texts
    )
    files = sorted(file for file in folder.iterdir() if file.suffix in (".txt", ".md"))
    if not files:
        print(f"no texts in {folder}", file=sys.stderr)
        return 2
    checklist = checklist_of(arguments.lang, arguments.checklists)
    answers = {
        file.stem: predict(file.read_text(encoding="utf-8"), checklist, arguments.profile) for file in files
    }
    arguments.out.write_text(json.dumps(answers, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def checklist_of(language: str, folder: str | None = None) -> Checklist:
    """The checklist of a language: the operator's own, where the folder has one, else the shipped one."""
    return [one for one in checklists(folder).values() if one.language == language][-1]


def predict(text: str, checklist: Checklist, profile: str | None = None) -> dict[str, Any]:
    """The answers for one text: each criterion under its own profile or the latest that asks for it."""
    chosen = profile or of_text(text, own_day(stated_dates(text)), checklist)
    others = [one.id for one in reversed(checklist.profiles) if one.id != chosen]
    findings: dict[str, Finding] = {}
    for audit in audits_of_text(text, checklist, [chosen, *others], finder=classifier):
        for finding in audit.findings:
            findings.setdefault(finding.criterion, finding)
    return {name: _answer(finding) for name, finding in findings.items()}


def _answer(finding: Finding) -> dict[str, Any]:
    doubted = "suspect capture" in finding.flags
    answer: dict[str, Any] = {
        "verdict": (Verdict.NOT_FOUND if doubted else finding.verdict).value,
        "quotes": [one.quote for one in finding.evidence],
    }
    return answer | ({"suspect": finding.note} if doubted else {})


if __name__ == "__main__":
    sys.exit(main())
