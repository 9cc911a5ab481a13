"""Rows to read where the rules find nothing, by the sentence classifier. Pure.

It points at rows; it never gives a verdict. Quotes are whole rows of the text.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.audit.classifier import Classifier, Ranked, probability, scores
from monitor.audit.sentence_rows import Row, rows
from monitor.text.blocks import BlockKind

Finder = Callable[[str], Classifier | None]
most_rows = 2
likely = 0.5  # below it a row is not worth a reader's time
telling = 0.9  # from here on a row of the very subject speaks against "not found"


class Nearest:
    """The rows of one text with their scores, worked out when first asked for."""

    def __init__(self, text: str, model: Classifier) -> None:
        self._text, self._model = text, model
        self._found: tuple[tuple[Row, ...], list[tuple[float, ...]]] | None = None

    def to(self, topic: str) -> tuple[Ranked, ...]:
        """The likeliest rows of a topic (two at most), none that is unlikely; headings are left out."""
        if topic not in self._model.labels:
            return ()
        if self._found is None:
            kept = tuple(row for row in rows(self._text) if row.kind is not BlockKind.HEADING)
            self._found = kept, scores(self._model, kept)
        place = self._model.labels.index(topic)
        head = self._model.heads[place]
        ranked = (
            Ranked(row=row, probability=probability(head, score[place]))
            for row, score in zip(*self._found, strict=True)
        )
        best = sorted(ranked, key=lambda one: -one.probability)[:most_rows]
        return tuple(one for one in best if one.probability >= likely)
