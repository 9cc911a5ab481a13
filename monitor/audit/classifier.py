"""The sentence classifier: ranks rows as evidence for a topic, tags rows with topics. Pure, standard library.

A linear machine over hashed letter runs, trained by `tools/train_classifier.py`. It finds where to look;
verdicts stay with the rules. The caller hands over the bytes of the file (`monitor.registry.classifier`).

File: the magic word, the length of the header (4 bytes, little-endian), the header as JSON, then per n-gram
its hash (4 bytes), its rarity in sixteenths (1 byte) and one signed weight a label, each kind in one run.
Weights of all labels of an n-gram are kept as one whole number with a lane of four bytes a label, so that
adding two of them adds every label at once: this is what makes plain Python fast enough.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from math import exp, sqrt

from monitor.audit.ngrams import fold, grams
from monitor.audit.sentence_rows import Row

magic = b"PMROWS01"
_lane = 4
_offset = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One part of a row ("text", "heading", "head") and how it is read."""

    name: str
    low: int
    high: int
    seed: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What turns the score of one label into a tag (`threshold`) and a probability (`slope`, `shift`)."""

    label: str
    bias: float
    threshold: float
    slope: float
    shift: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """A model in memory; `lanes` maps the hash of an n-gram to its packed weights."""

    language: str
    source: str
    fields: tuple[Field, ...]
    heads: tuple[Head, ...]
    scales: tuple[float, ...]
    lanes: dict[int, int] = field(repr=False)

    def __hash__(self) -> int:
        return id(self)  # what a model said of a row is remembered per model

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(head.label for head in self.heads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A row with the probability (0 to 1) that it is about the topic asked for."""

    row: Row
    probability: float


def load(content: bytes) -> Classifier:
    """Read a model file. Raises ValueError where the bytes are not one."""
    if content[: len(magic)] != magic:
        raise ValueError("not a row model: wrong magic word")
    start = len(magic) + 4
    size = int.from_bytes(content[len(magic) : start], "little")
    header = json.loads(content[start : start + size])
    count, wide = int(header["count"]), len(header["heads"])
    at = start + size
    if len(content) != at + count * (5 + wide):
        raise ValueError("not a whole row model: the file is cut or too long")
    hashes = struct.unpack_from(f"<{count}I", content, at)
    rarity = content[at + 4 * count : at + 5 * count]
    packed = _pack(content[at + 5 * count :], rarity, count, wide)
    step = _lane * (wide + 2)
    places = range(0, len(packed), step)
    numbers = (int.from_bytes(packed[index : index + step], "little") for index in places)
    return Classifier(
        language=header["language"],
        source=header["source"],
        fields=tuple(Field(**one) for one in header["fields"]),
        heads=tuple(Head(**one) for one in header["heads"]),
        scales=tuple(header["scales"]),
        lanes=dict(zip(hashes, numbers, strict=True)),
    )


def _pack(weights: bytes, rarity: bytes, count: int, wide: int) -> bytes:
    """Per n-gram: a lane a label (weight + 128), a lane that counts, a lane with the square of its rarity."""
    step = _lane * (wide + 2)
    packed = bytearray(step * count)
    for label in range(wide):
        packed[label * _lane :: step] = weights[label * count : (label + 1) * count]
    packed[wide * _lane :: step] = b"\x01" * count
    squares = struct.pack(f"<{count}H", *[value * value for value in rarity])
    packed[(wide + 1) * _lane :: step] = squares[0::2]
    packed[(wide + 1) * _lane + 1 :: step] = squares[1::2]
    return bytes(packed)


def dump(
    *,
    language: str,
    source: str,
    fields: Sequence[Field],
    heads: Sequence[Head],
    hashes: Sequence[int],
    rarity: Sequence[int],
    weights: Sequence[Sequence[float]],
) -> bytes:
    """The file of a model: `weights` has a row per label, each already multiplied by the rarity."""
    scales = [max(map(abs, row), default=0.0) / 127 or 1.0 for row in weights]
    header = {
        "language": language,
        "source": source,
        "count": len(hashes),
        "fields": [asdict(one) for one in fields],
        "heads": [asdict(one) for one in heads],
        "scales": [float(f"{scale:.6g}") for scale in scales],
    }
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    parts = [magic, len(text).to_bytes(4, "little"), text]
    parts += [struct.pack(f"<{len(hashes)}I", *hashes), bytes(rarity)]
    parts += [
        bytes(round(value / scale) + _offset for value in row)
        for row, scale in zip(weights, scales, strict=True)
    ]
    return b"".join(parts)


Contexts = dict[tuple[str, str], tuple[float, ...]]


def scores(model: Classifier, rows: Iterable[Row], known: Contexts | None = None) -> list[tuple[float, ...]]:
    """Per row the score of every label, in the order of `model.labels`; above 0 means rather yes.

    `known` keeps what headings and heads of lists add, for rows of the same text that are asked about later.
    """
    wide = len(model.heads)
    known = {} if known is None else known
    found = []
    for row in rows:
        total = [head.bias for head in model.heads]
        for one in model.fields:
            text = getattr(row, one.name)
            if not text:
                continue
            if one.name == "text":
                part = _part(model, one, text, wide)
            elif (key := (one.name, text)) in known:
                part = known[key]
            else:
                part = known[key] = _part(model, one, text, wide)
            total = [old + new for old, new in zip(total, part, strict=True)]
        found.append(tuple(total))
    return found


@lru_cache(maxsize=4096)  # the next version of a policy has nearly all rows of this one
def _part(model: Classifier, one: Field, text: str, wide: int) -> tuple[float, ...]:
    """What one field of a row adds to each label."""
    get = model.lanes.get
    hashes = grams(fold(text, model.language == "en"), one.low, one.high, one.seed)
    total = sum([get(number, 0) for number in hashes])
    *sums, count, square = struct.unpack(f"<{wide + 2}I", total.to_bytes(_lane * (wide + 2), "little"))
    if not count:
        return (0.0,) * wide
    factor = one.weight / sqrt(square)
    return tuple(
        (value - _offset * count) * scale * factor for value, scale in zip(sums, model.scales, strict=True)
    )


def rank(model: Classifier, rows: Sequence[Row], topic: str) -> tuple[Ranked, ...]:
    """All rows, the likeliest evidence for a topic first; equal ones in the order of the text.

    Raises ValueError for a topic that the model does not know.
    """
    if topic not in model.labels:
        raise ValueError(f"no topic {topic!r}; known: {', '.join(model.labels)}")
    place = model.labels.index(topic)
    head = model.heads[place]
    found = [
        Ranked(row=row, probability=probability(head, score[place]))
        for row, score in zip(rows, scores(model, rows), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.probability))


def tag(model: Classifier, rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """Per row the labels it is likely about, in the order of `model.labels`; mostly one, often none."""
    return tuple(
        tuple(head.label for head, score in zip(model.heads, found, strict=True) if score > head.threshold)
        for found in scores(model, rows)
    )


def probability(head: Head, score: float) -> float:
    """The probability that a score of this label stands for, as measured on policies never seen."""
    return 1 / (1 + exp(-max(-60.0, min(60.0, head.slope * score + head.shift))))
