"""Train the sentence classifier that ranks evidence rows: same input, same file, byte for byte.

    python tools/train_classifier.py zh CORPUS/capp130  monitor/audit/data/rows_zh.bin
    python tools/train_classifier.py en CORPUS/appsi139 monitor/audit/data/rows_en.bin

Needs scikit-learn (dependency group `train`); nothing of it is needed where the file is read. The file
holds 32-bit hashes of letter runs and one-byte weights, no text. One core, about three minutes.
`--report FILE` writes the figures of the held-out folds that thresholds and probabilities come from.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.audit.classifier import Field, Head, dump
from monitor.audit.ngrams import fold, grams
from monitor.audit.sentence_rows import Row, contexts
from monitor.model import Span
from monitor.text.blocks import Block, BlockKind, blocks

Array = Any

topics = (
    "collection", "permission", "sharing", "usage", "storage", "security",
    "special_audience", "management", "contact", "policy_change", "cessation",
)  # fmt: skip
labels_zh = (*topics, "important", "risk")
labels_en = (*topics, "important")
_capp_names = dict(
    zip(
        (
            "数据收集", "权限获取", "共享、委托、转让、公开（披露）", "使用", "存储方式", "安全措施",
            "特殊人群", "数据、权限管理", "联系方式", "隐私政策的授权、修改与变更", "停止运营", "摘要",
            "潜在风险",
        ),
        labels_zh,
        strict=True,
    )
)  # fmt: skip
_appsi_order = (
    "collection", "permission", "sharing", "usage", "storage", "security",
    "management", "contact", "policy_change", "cessation", "special_audience",
)  # fmt: skip
fields = {
    "zh": (
        Field(name="text", low=1, high=4, seed=1, weight=1.0),
        Field(name="heading", low=1, high=3, seed=2, weight=0.5),
        Field(name="head", low=1, high=3, seed=3, weight=0.4),
    ),
    "en": (Field(name="text", low=2, high=6, seed=1, weight=1.0),),
}
sources = {
    "zh": "CAPP-130 (Zhu et al., NeurIPS 2023 Datasets and Benchmarks), CC BY 4.0",
    "en": "APPSI-139 (EnlightenedAI), CC BY 4.0",
}
kept = {"zh": 50_000, "en": 50_000}
cost = 0.3
folds = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Rows with a 0/1 matrix of labels; `group` names the family of near-duplicates that a row is of."""

    rows: tuple[Row, ...]
    marks: Array
    group: Array
    document: Array
    labels: tuple[str, ...]


# ------------------------------------------------------------------ reading


def row_of(text: str, heading: str = "", head: str = "") -> Row:
    return Row(text=text, span=Span(start=0, end=len(text)), heading=heading, head=head)


def read_document(path: Path) -> tuple[list[Row], list[frozenset[str]]]:
    """The rows of one CAPP policy with their labels; context is what the reader of texts would see."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = [line for line in lines if line["text"].strip()]
    texts = [" ".join(line["text"].split()) for line in lines]
    parts = blocks_of(texts)
    found = [
        row_of(text, heading, head) for text, (heading, head) in zip(texts, contexts(parts), strict=True)
    ]
    marks = [frozenset(_capp_names[name] for name in line["label"] if name in _capp_names) for line in lines]
    return found, marks


def blocks_of(texts: Sequence[str]) -> list[Block]:
    """One block a line; lines that the text form leaves out (rulers) count as paragraphs."""
    text = "\n".join(texts)
    by_line: dict[int, Block] = {text.count("\n", 0, part.span.start): part for part in blocks(text)}
    found: list[Block] = []
    section: tuple[str, ...] = ()
    for index, line in enumerate(texts):
        part = by_line.get(index)
        section = part.section if part else section
        span = Span(start=0, end=len(line))
        found.append(part or Block(kind=BlockKind.PARAGRAPH, text=line, span=span, section=section))
    return found


def read_zh(folder: Path) -> Corpus:
    """All policies but the word-for-word twins, with their families."""
    paths = sorted((folder / "documents").glob("*.jsonl"), key=lambda path: int(path.stem.split("_")[1]))
    rows: list[Row] = []
    marks: list[frozenset[str]] = []
    document: list[int] = []
    seen: set[str] = set()
    sentences: list[set[str]] = []
    for path in paths:
        found, named = read_document(path)
        whole = "\n".join(row.text for row in found)
        if whole in seen:
            continue
        seen.add(whole)
        rows += found
        marks += named
        document += [len(sentences)] * len(found)
        sentences.append({plain(row.text) for row in found if len(row.text) > 15})
    family = families(sentences)
    where = np.array(document)
    return Corpus(
        rows=tuple(rows),
        marks=matrix_of(marks, labels_zh),
        group=np.array(family)[where],
        document=where,
        labels=labels_zh,
    )


def plain(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def families(documents: Sequence[set[str]], share: float = 0.25) -> list[int]:
    """Connected documents: two belong together where they share a quarter of the smaller one's sentences."""
    family = list(range(len(documents)))
    for second in range(len(documents)):
        for first in range(second):
            a, b = documents[first], documents[second]
            if len(a & b) >= share * min(len(a), len(b)):
                old, new = family[second], family[first]
                family = [new if name == old else name for name in family]
    return family


def matrix_of(marks: Sequence[Iterable[str]], labels: Sequence[str]) -> Array:
    return np.array([[label in named for label in labels] for named in marks], dtype=np.int8)


def read_split(path: Path) -> tuple[list[str], list[Any]]:
    """The authors' files: text TAB flags."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.rsplit("\t", 1) for line in lines if "\t" in line]
    return [text for text, _ in pairs], [ast.literal_eval(flags) for _, flags in pairs]


def read_en(folder: Path, parts: Sequence[str] = ("train", "dev")) -> Corpus:
    """Topic rows, and the unimportant ones as rows without a topic; equal texts count as one family."""
    marks: dict[str, set[str]] = {}
    for part in parts:
        texts, flags = read_split(folder / "topic" / f"{part}.txt")
        for text, row in zip(texts, flags, strict=True):
            named = {name for name, flag in zip(_appsi_order, row, strict=True) if flag}
            marks.setdefault(spaced(text), set()).update(named | {"important"})
        texts, flags = read_split(folder / "important" / f"{part}.txt")
        for text, flag in zip(texts, flags, strict=True):
            if not flag:
                marks.setdefault(spaced(text), set())
    texts = sorted(marks)
    group = np.array([hash_of(plain(text.lower())) % 997 for text in texts])
    return Corpus(
        rows=tuple(row_of(text) for text in texts),
        marks=matrix_of([marks[text] for text in texts], labels_en),
        group=group,
        document=None,
        labels=labels_en,
    )


def spaced(text: str) -> str:
    """The corpus writes a comma for every space."""
    return text.replace(",,", "\0").replace(",", " ").replace("\0", ", ").strip()


def hash_of(text: str) -> int:
    return sum((index + 1) * ord(char) for index, char in enumerate(text))


# ------------------------------------------------------------------ features


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-gram hashes in use, sorted, with their weight by rarity (eighths, as the file keeps it)."""

    hashes: Array
    rarity: Array


Occurrences = list[tuple[Array, Array]]


def occurrences(rows: Sequence[Row], use: Sequence[Field], is_spaced: bool) -> Occurrences:
    """Per field: the hashes of all rows one after the other, and where each row begins."""
    found = []
    for field in use:
        hashes: list[int] = []
        starts = [0]
        known: dict[str, list[int]] = {}
        for row in rows:
            text = getattr(row, field.name)
            if field.name != "text" and text in known:
                mine = known[text]
            else:
                mine = sorted(grams(fold(text, is_spaced), field.low, field.high, field.seed)) if text else []
                known[text] = mine
            hashes += mine
            starts.append(len(hashes))
        found.append((np.array(hashes, dtype=np.uint32), np.array(starts)))
    return found


def pick(found: Occurrences, chosen: Array) -> Occurrences:
    """The occurrences of some rows."""
    picked = []
    for hashes, starts in found:
        sizes = (starts[1:] - starts[:-1])[chosen]
        parts = [hashes[starts[index] : starts[index + 1]] for index in chosen]
        joined = np.concatenate(parts) if parts else hashes[:0]
        picked.append((joined, np.concatenate([[0], np.cumsum(sizes)])))
    return picked


def vocabulary_of(found: Occurrences, least: int = 3) -> Vocabulary:
    hashes, counts = np.unique(np.concatenate([hashes for hashes, _ in found]), return_counts=True)
    rows = len(found[0][1]) - 1
    hashes, counts = hashes[counts >= least], counts[counts >= least]
    rarity = np.log((1 + rows) / (1 + np.minimum(counts, rows))) + 1
    return Vocabulary(hashes, np.clip(np.round(rarity * 16), 1, 255))


def matrix(found: Occurrences, use: Sequence[Field], known: Vocabulary) -> Any:
    """Rows by vocabulary: each field scaled to the length of its weight."""
    total: Any = 0
    for (hashes, starts), field in zip(found, use, strict=True):
        place: Array = np.searchsorted(known.hashes, hashes)
        place[place == len(known.hashes)] = 0
        stands = known.hashes[place] == hashes
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))[stands]
        shape = (len(starts) - 1, len(known.hashes))
        part = sparse.csr_matrix((known.rarity[place[stands]], (row, place[stands])), shape=shape)
        length = np.sqrt(np.asarray(part.multiply(part).sum(axis=1)).ravel())
        length[length == 0] = 1
        part = sparse.diags(field.weight / length) @ part
        total = total + part if sparse.issparse(total) else part
    return total.tocsr().astype(np.float64)


# ------------------------------------------------------------------ fitting


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear machine over a vocabulary: `weights` has a row per label."""

    vocabulary: Vocabulary
    weights: Array
    bias: Array


def fit_linear(data: Any, marks: Array, penalty: float) -> tuple[Array, Array]:
    weights, bias = [], []
    for column in marks.T:
        if not column.any():
            weights.append(np.zeros(data.shape[1]))
            bias.append(-1.0)
            continue
        machine = LinearSVC(C=penalty, random_state=0, dual=True, max_iter=3000).fit(data, column)
        weights.append(machine.coef_[0])
        bias.append(float(machine.intercept_[0]))
    return np.array(weights), np.array(bias)


def fit(found: Occurrences, marks: Array, use: Sequence[Field], keep: int, penalty: float = cost) -> Fitted:
    """Fit on everything, keep the n-grams that weigh most for any label, fit on those, round to bytes."""
    whole = vocabulary_of(found)
    weights, _ = fit_linear(matrix(found, use, whole), marks, penalty)
    lengths = np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-9)
    strength = (np.abs(weights) * lengths**-1).max(axis=0)
    best = np.sort(np.argsort(-strength, kind="stable")[:keep])
    small = Vocabulary(whole.hashes[best], whole.rarity[best])
    weights, bias = fit_linear(matrix(found, use, small), marks, penalty)
    return Fitted(small, rounded(weights * small.rarity) / small.rarity, bias)


def rounded(weights: Array) -> Array:
    """As the file will keep them: a byte each, scaled by the greatest of the label."""
    scale = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-9) / 127
    return np.round(weights / scale) * scale


def scores(fitted: Fitted, found: Occurrences, use: Sequence[Field]) -> Array:
    return np.asarray(matrix(found, use, fitted.vocabulary) @ fitted.weights.T) + fitted.bias


def best_threshold(score: Array, truth: Array) -> float:
    """The score above which F1 is highest."""
    order = np.argsort(-score, kind="stable")
    hits: Array = np.cumsum(truth[order])
    quality = 2 * hits / (np.arange(1, len(score) + 1) + truth.sum())
    top = int(quality.argmax())
    below = score[order[top + 1]] if top + 1 < len(score) else score[order[top]] - 0.1
    return float((score[order[top]] + below) / 2)


def held_out(
    corpus: Corpus, found: Occurrences, use: Sequence[Field], keep: int, group: Array
) -> tuple[Array, Array]:
    """Scores of every row by a machine that never saw its group, and the fold each row was in."""
    fold_of = spread(group)
    result = np.zeros(corpus.marks.shape)
    for number in range(folds):
        inside = np.flatnonzero(fold_of != number)
        outside = np.flatnonzero(fold_of == number)
        fitted = fit(pick(found, inside), corpus.marks[inside], use, keep)
        result[outside] = scores(fitted, pick(found, outside), use)
    return result, fold_of


def spread(group: Array) -> Array:
    """Whole groups into folds of like size, the largest first."""
    sizes = Counter(group.tolist())
    load = [0] * folds
    place: dict[int, int] = {}
    for name, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        place[name] = load.index(min(load))
        load[place[name]] += size
    return np.array([place[name] for name in group.tolist()])


# ------------------------------------------------------------------ judging


def f1(truth: Array, said: Array) -> float:
    hits = float((truth & said).sum())
    return 2 * hits / max(1.0, float(truth.sum() + said.sum()))


def tagging(score: Array, truth: Array, fold_of: Array) -> tuple[float, float, list[float]]:
    """Micro and macro F1 with the thresholds of each fold taken from the other folds."""
    said = np.zeros(truth.shape, dtype=bool)
    for number in range(folds):
        inside, outside = fold_of != number, fold_of == number
        for column in range(truth.shape[1]):
            cut = best_threshold(score[inside, column], truth[inside, column])
            said[outside, column] = score[outside, column] > cut
    real = truth.astype(bool)
    each = [f1(real[:, column], said[:, column]) for column in range(truth.shape[1])]
    return f1(real, said), float(np.mean(each)), each


def first_right(score: Array, truth: Array, document: Array) -> list[float]:
    """Per topic: the share of documents (that have the topic) whose first-ranked row is of the topic."""
    by_document: dict[int, list[int]] = defaultdict(list)
    for index, name in enumerate(document.tolist()):
        by_document[name].append(index)
    found = []
    for column in range(truth.shape[1]):
        hits = [
            bool(truth[max(mine, key=lambda index: score[index, column]), column])
            for mine in by_document.values()
            if truth[mine, column].any()
        ]
        found.append(float(np.mean(hits)) if hits else 0.0)
    return found


def calibration(score: Array, truth: Array) -> tuple[float, float]:
    """Slope and shift of the logistic curve that turns a score into a probability."""
    if not truth.any():
        return 1.0, -5.0
    curve = LogisticRegression(C=1e6, max_iter=1000).fit(score.reshape(-1, 1), truth)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


def figures(corpus: Corpus, score: Array, fold_of: Array) -> dict[str, Any]:
    wide = len(topics)
    micro, macro, each = tagging(score, corpus.marks, fold_of)
    micro, macro, _ = tagging(score[:, :wide], corpus.marks[:, :wide], fold_of)
    result: dict[str, Any] = {"micro": round(micro, 4), "macro": round(macro, 4)}
    result["f1"] = {label: round(value, 3) for label, value in zip(corpus.labels, each, strict=True)}
    if corpus.document is not None:
        right = first_right(score[:, :wide], corpus.marks[:, :wide], corpus.document)
        result["first_right"] = {label: round(value, 3) for label, value in zip(topics, right, strict=True)}
        result["first_right_mean"] = round(float(np.mean(right)), 4)
    return result


def authors_split(folder: Path, language: str, asked_file: Path | None = None) -> dict[str, float]:
    """Train on the authors' training rows of the topic set, judge their dev rows (or `asked_file`) alone.

    Thresholds come from held-out folds of the training rows, never from the rows that are judged.
    """
    use, keep = fields[language][:1], kept[language]
    data = []
    for path in (folder / "topic" / "train.txt", asked_file or folder / "topic" / "dev.txt"):
        texts, flags = read_split(path)
        rows = [row_of(text if language == "zh" else spaced(text)) for text in texts]
        data.append((occurrences(rows, use, language == "en"), np.array(flags)))
    (found, marks), (asked, truth) = data
    fold_of = np.arange(len(marks)) % folds
    score = np.zeros(marks.shape)
    for number in range(folds):
        inside, outside = np.flatnonzero(fold_of != number), np.flatnonzero(fold_of == number)
        fitted = fit(pick(found, inside), marks[inside], use, keep)
        score[outside] = scores(fitted, pick(found, outside), use)
    cuts = np.array([best_threshold(score[:, column], marks[:, column]) for column in range(marks.shape[1])])
    said = scores(fit(found, marks, use, keep), asked, use) > cuts
    real = truth.astype(bool)
    each = [f1(real[:, column], said[:, column]) for column in range(real.shape[1])]
    return {"micro": round(f1(real, said), 4), "macro": round(float(np.mean(each)), 4)}


# ------------------------------------------------------------------ writing


def heads(corpus: Corpus, fitted: Fitted, score: Array) -> list[Head]:
    """Threshold, probability curve and bias of each label, rounded so that they print the same everywhere."""
    found = []
    for column, label in enumerate(corpus.labels):
        slope, shift = calibration(score[:, column], corpus.marks[:, column])
        cut = best_threshold(score[:, column], corpus.marks[:, column])
        found.append(
            Head(
                label=label,
                bias=round(float(fitted.bias[column]), 4),
                threshold=round(cut, 4),
                slope=round(slope, 3),
                shift=round(shift, 3),
            )
        )
    return found


def write(path: Path, language: str, corpus: Corpus, fitted: Fitted, score: Array) -> None:
    content = dump(
        language=language,
        source=sources[language],
        fields=fields[language],
        heads=heads(corpus, fitted, score),
        hashes=[int(value) for value in fitted.vocabulary.hashes],
        rarity=[int(value) for value in fitted.vocabulary.rarity],
        weights=(fitted.weights * fitted.vocabulary.rarity).tolist(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


readers: dict[str, Callable[[Path], Corpus]] = {"zh": read_zh, "en": read_en}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language", choices=sorted(readers))
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--report", type=Path)
    given = parser.parse_args(arguments)
    use, keep = fields[given.language], kept[given.language]
    corpus = readers[given.language](given.corpus)
    found = occurrences(corpus.rows, use, given.language == "en")
    score, fold_of = held_out(corpus, found, use, keep, corpus.group)
    result = {"rows": len(corpus.rows), "families": len(set(corpus.group.tolist()))}
    result |= figures(corpus, score, fold_of)
    fitted = fit(found, corpus.marks, use, keep)
    write(given.out, given.language, corpus, fitted, score)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if given.report:
        given.report.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
