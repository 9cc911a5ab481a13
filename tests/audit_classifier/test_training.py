"""Training: the same input gives the same file, byte for byte; families and folds keep twins together."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from monitor.audit.classifier import load, scores

pytest.importorskip("sklearn", reason="scikit-learn is in the dependency group `train` only")

root = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tools"))

import numpy as np  # noqa: E402  # after the check for scikit-learn
import train_classifier as training  # noqa: E402

corpus = root.parent / "shared" / "corpus" / "capp130"


def write_corpus(folder: Path) -> Path:
    """Twelve small policies written for this test, in the corpus's form."""
    (folder / "documents").mkdir(parents=True)
    for number in range(12):
        place = "甲乙丙丁戊己庚辛壬癸子丑"[number]
        shared = "共享、委托、转让、公开（披露）"
        lines: list[tuple[str, list[str]]] = [
            ("一、我们如何收集您的个人信息", []),
            (f"注册{place}账号时，我们会收集您的手机号码和第{number}类设备信息。", ["数据收集", "摘要"]),
            (f"为了保障{place}服务运行，我们会收集您的网络日志。", ["数据收集"]),
            ("二、我们如何共享您的个人信息", []),
            (f"未经您同意，{place}公司不会与任何第三方共享您的个人信息。", [shared, "摘要"]),
            (f"{place}公司会采用加密技术保护您的个人信息安全。", ["安全措施", "一句改写的话"]),
        ]
        rows = [{"text": text, "label": label} for text, label in lines]
        text = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
        (folder / "documents" / f"rw_{number}.jsonl").write_text(text + "\n", encoding="utf-8")
    return folder


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_corpus(tmp_path / "corpus")
    for name in ("one", "two"):
        assert training.main(["zh", str(source), str(tmp_path / name)]) == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_is_served_is_what_was_trained(tmp_path: Path) -> None:
    source = training.read_zh(write_corpus(tmp_path / "corpus"))
    use = training.fields["zh"]
    found = training.occurrences(source.rows, use, False)
    fitted = training.fit(found, source.marks, use, 2000)
    expected = training.scores(fitted, found, use)
    training.write(tmp_path / "rows.bin", "zh", source, fitted, expected)
    served = np.array(scores(load((tmp_path / "rows.bin").read_bytes()), source.rows))
    assert np.abs(served - expected).max() < 1e-3


def test_rewritten_sentences_are_not_labels(tmp_path: Path) -> None:
    _, marks = training.read_document(write_corpus(tmp_path) / "documents" / "rw_0.jsonl")
    assert marks[-1] == {"security"}


def test_families_join_documents_that_share_a_quarter() -> None:
    one, two = {f"句{number}" for number in range(8)}, {f"句{number}" for number in range(6, 14)}
    assert training.families([one, two, {"别的"}]) == [0, 0, 2]
    assert training.families([one, {"句0", *(f"新{number}" for number in range(7))}]) == [0, 1]


def test_folds_keep_groups_whole() -> None:
    group = np.array([0] * 50 + [1] * 10 + [2] * 10 + [3] * 10 + [4] * 10 + [5] * 5)
    fold_of = training.spread(group)
    assert all(len(set(fold_of[group == name])) == 1 for name in range(6))
    assert len(set(fold_of)) == 5


@pytest.mark.slow
@pytest.mark.skipif(not corpus.is_dir(), reason="the corpus is not beside the repository")
def test_the_shipped_file_can_be_trained_again(tmp_path: Path) -> None:
    assert training.main(["zh", str(corpus), str(tmp_path / "rows.bin")]) == 0
    shipped = root / "monitor" / "audit" / "data" / "rows_zh.bin"
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "rows.bin", shipped)]
    assert digests[0] == digests[1]
