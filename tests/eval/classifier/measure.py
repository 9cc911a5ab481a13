"""Measure the sentence classifier: unseen policy families, the authors' split, speed, size, training twice.

    python tests/eval/classifier/measure.py --corpus ../shared/corpus [--out FIGURES.json] [--twice]
    python tests/eval/classifier/measure.py --corpus ../shared/corpus --documents FOLDER   policies kept back
    python tests/eval/classifier/measure.py --corpus ../shared/corpus --split FILE         authors' test rows

Exits 1 where a figure lies under its floor in `tests/eval/baseline.toml`, section [classifier].
`--documents` judges the shipped file on policies that it has never seen; `--split` trains on the
authors' training rows and judges the rows of FILE. Both only report.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

here = Path(__file__).resolve()
root = here.parents[3]
sys.path[:0] = [str(root), str(root / "tools")]

import numpy as np  # noqa: E402  # after the path is set
import train_classifier as training  # noqa: E402

from monitor.audit import classifier  # noqa: E402
from monitor.audit.sentence_rows import rows  # noqa: E402

data = root / "monitor" / "audit" / "data"
shipped = {language: data / f"rows_{language}.bin" for language in ("zh", "en")}
folders = {"zh": "capp130", "en": "appsi139"}


def speed(language: str, texts: list[str]) -> dict[str, float]:
    """CPU milliseconds to load the file (best of three, as the floor is about the work, not the machine's
    other work), and rows scored a CPU second."""
    content = shipped[language].read_bytes()
    loads, rates = [], []
    every = [row for text in texts for row in rows(text)]
    for _ in range(3):
        start = time.process_time()
        model = classifier.load(content)
        loads.append(time.process_time() - start)
        start = time.process_time()
        classifier.scores(model, every)
        rates.append(len(every) / (time.process_time() - start))
    load_ms = round(min(loads) * 1000, 1)
    return {"load_ms": load_ms, "rows_per_second": round(max(rates)), "bytes": len(content)}


def trained(language: str, corpus: Path) -> tuple[str, dict[str, Any]]:
    """Train anew: the digest of the file, and the figures of the held-out folds."""
    with tempfile.TemporaryDirectory() as folder:
        out, report = Path(folder, "rows.bin"), Path(folder, "report.json")
        training.main([language, str(corpus), str(out), "--report", str(report)])
        return hashlib.sha256(out.read_bytes()).hexdigest(), json.loads(report.read_text(encoding="utf-8"))


def kept_back(folder: Path) -> dict[str, Any]:
    """The shipped Chinese file on annotated policies that it was not trained on."""
    model = classifier.load(shipped["zh"].read_bytes())
    wide = len(training.topics)
    score, truth, document = [], [], []
    for number, path in enumerate(sorted(folder.glob("*.jsonl"))):
        found, marks = training.read_document(path)
        score += classifier.scores(model, found)
        truth.append(training.matrix_of(marks, training.labels_zh))
        document += [number] * len(found)
    real = np.concatenate(truth)[:, :wide]
    values = np.array(score)[:, :wide]
    said = values > np.array([head.threshold for head in model.heads[:wide]])
    each = [training.f1(real[:, column].astype(bool), said[:, column]) for column in range(wide)]
    right = training.first_right(values, real, np.array(document))
    return {
        "micro": round(training.f1(real.astype(bool), said), 4),
        "macro": round(float(np.mean(each)), 4),
        "first_right_mean": round(float(np.mean(right)), 4),
    }


def measure(corpus: Path, *, twice: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    texts = {
        language: [path.read_text(encoding="utf-8") for path in (corpus / "gold" / language).iterdir()]
        for language in folders
    }
    for language, name in folders.items():
        digest, report = trained(language, corpus / name)
        own = hashlib.sha256(shipped[language].read_bytes()).hexdigest()
        authors = training.authors_split(corpus / name, language)
        figures[language] = {"families": report, "authors_dev": authors}
        figures[language] |= speed(language, texts[language])
        figures[language]["same_as_shipped"] = digest == own
        if twice:
            figures[language]["same_twice"] = trained(language, corpus / name)[0] == digest
    return figures


def under_floor(figures: dict[str, Any], floors: dict[str, float]) -> list[str]:
    """What lies on the wrong side of its floor (keys that start with `most_` are ceilings)."""
    wrong = []
    for key, floor in floors.items():
        ceiling = key.startswith("most_")
        language, *path = key.removeprefix("most_").split("-")
        value: Any = figures[language]
        for part in path:
            value = value[part]
        if (value > floor) if ceiling else (value < floor):
            wrong.append(f"{key}: {value}, floor {floor}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=root.parent / "shared" / "corpus")
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--split", type=Path)
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    wrong: list[str] = []
    if given.documents:
        figures = kept_back(given.documents)
    elif given.split:
        figures = training.authors_split(given.corpus / folders[given.language], given.language, given.split)
    else:
        figures = measure(given.corpus, twice=given.twice)
        floors = tomllib.loads((root / "tests" / "eval" / "baseline.toml").read_text(encoding="utf-8"))
        wrong = under_floor(figures, floors["classifier"])
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    for line in wrong:
        print(f"UNDER FLOOR {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
