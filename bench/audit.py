"""CPU of auditing one policy with the full Chinese checklist, all profiles (`python bench/audit.py`).

The text is our own, about 30,000 characters of varied clauses; counted is process time, best of several
rounds, each on a text not read before. Exits 1 if it takes longer than the limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.audit import audits_of_text
from monitor.audit.checklist import Checklist
from monitor.registry import checklists, classifier

length = 30_000


def policy(checklist: Checklist) -> str:
    """A long policy made of the checklist's own examples, section by section."""
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        for number, section in enumerate(checklist.sections, 1):
            parts.append(f"\n# {number}. {section.title_zh}\n")
            parts.extend(
                example.text + "\n"
                for criterion in checklist.criteria
                for example in criterion.examples
                if criterion.section == section.id
            )
    return "".join(parts)[:length]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--limit", type=float, default=0.15, help="seconds")
    arguments = parser.parse_args()
    began = time.process_time()
    checklist = checklists()["zh"]
    print(f"checklist read in {time.process_time() - began:.3f} s")
    profiles = [profile.id for profile in checklist.profiles]
    text = policy(checklist)
    audits_of_text(text, checklist, profiles, finder=classifier)
    texts = [f"{text}\n第{number}版。" for number in range(arguments.rounds)]
    best = min(_timed(one, checklist, profiles) for one in texts)
    sizes = f"{len(text):,} characters, {len(checklist.criteria)} criteria, {len(profiles)} profiles"
    print(f"{sizes}: {best:.3f} s")
    return int(best > arguments.limit)


def _timed(text: str, checklist: Checklist, profiles: list[str]) -> float:
    began = time.process_time()
    audits_of_text(text, checklist, profiles, finder=classifier)
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
