"""Which rows are likeliest about a subject, by the sentence classifier. Pure.

It orders the evidence that the rules found, and points at rows to read where they found none; it never gives a
verdict. Quotes are whole rows of the text.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.audit.classifier import Classifier, Contexts, Ranked, probability, scores
from monitor.audit.sentence_rows import Row, rows
from monitor.text.blocks import BlockKind

Finder = Callable[[str], Classifier | None]
most_rows = 2
likely = 0.5  # below it a row is not worth a reader's time
telling = 0.9  # from here on a row of the very subject speaks against "not found"


class Nearest:
    """The rows of one text, each scored when it is first asked for. Headings are left out."""

    def __init__(self, text: str, model: Classifier) -> None:
        self._text, self._model = text, model
        self._rows: dict[int, Row] | None = None
        self._scores: dict[int, tuple[float, ...]] = {}
        self._contexts: Contexts = {}

    def likelihood(self, topic: str, start: int) -> float:
        """How likely the row that starts at an offset is about a topic: 0 to 1; 0 where none is known."""
        row = self._by_start().get(start)
        if row is None or topic not in self._model.labels:
            return 0.0
        if start not in self._scores:
            self._scores[start] = scores(self._model, [row], self._contexts)[0]
        place = self._model.labels.index(topic)
        return probability(self._model.heads[place], self._scores[start][place])

    def to(self, topic: str) -> tuple[Ranked, ...]:
        """The likeliest rows of a topic (two at most), none that is unlikely."""
        ranked = (
            Ranked(row=row, probability=self.likelihood(topic, start))
            for start, row in self._by_start().items()
        )
        best = sorted(ranked, key=lambda one: -one.probability)[:most_rows]
        return tuple(one for one in best if one.probability >= likely)

    def _by_start(self) -> dict[int, Row]:
        if self._rows is None:
            kept = (row for row in rows(self._text) if row.kind is not BlockKind.HEADING)
            self._rows = {row.span.start: row for row in kept}
        return self._rows
