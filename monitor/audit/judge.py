"""The judge: signals of a reading, the first row of a criterion that holds, its quotes. Pure.

Nothing is learnt and nothing is guessed: the same text gives the same finding, and the finding names the
row that decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from monitor.audit.criteria import Checklist, Criterion, Row, Signal
from monitor.audit.evidence import Hit, Pattern, bits, fold
from monitor.audit.judge_detect import detectors
from monitor.audit.nearest import Nearest, telling
from monitor.audit.sections import Reading, Role, Sentence
from monitor.model import Confidence, Evidence, Finding, Link, Span, Verdict
from monitor.text.facts import facts

most_quotes = 3
_longest_quote = 220
_context = 90
_longest_row = 80
rows_to_read = "rows to read"
_conditional = re.compile(
    r"^[^,]{0,12}(?:如(?:果)?|若|倘若|假如|一旦|未来|可能|if |should |in the event )"
    r"[^。]{0,60}(?:将|会|可能|will|may)"
)


Hits = dict[int, Hit]
HitsOf = Callable[[str], Hits]


class Session:
    """The signals of one reading under one checklist; each is looked for once, when first asked for."""

    def __init__(self, reading: Reading, checklist: Checklist, nearest: Nearest | None = None) -> None:
        self.reading, self.checklist, self.nearest = reading, checklist, nearest
        self._shared: dict[str, Hits] = {}
        self._places: dict[tuple[Pattern, ...], int] = {}
        self._roles = {
            "body": reading.body,
            "all": (1 << len(reading.sentences)) - 1,
            "prose": reading.with_role(Role.BODY, Role.SUMMARY, Role.DEFINITION, Role.LAW),
            "heading": reading.with_role(Role.HEADING),
            "opening": reading.opening,
            "contents": reading.with_role(Role.CONTENTS),
            "summary": reading.with_role(Role.SUMMARY),
            "definition": reading.with_role(Role.DEFINITION),
        }

    def signals_of(self, criterion: Criterion) -> Signals:
        return Signals(self, criterion)

    def shared(self, name: str) -> Hits:
        """The hits of a signal that all criteria may use."""
        if name not in self._shared:
            self._shared[name] = self.find(self.checklist.signals[name], self.shared)
        return self._shared[name]

    def find(self, signal: Signal, hits_of: HitsOf) -> Hits:
        """The hits of one signal; `hits_of` gives those of the signals it builds on."""
        allowed = self._roles[signal.where]
        if signal.within:
            allowed &= self._under(signal.within)
        if signal.outside:
            allowed &= ~self._under(signal.outside)
        found = self._candidates(signal, allowed, hits_of)
        index = self.reading.index
        for also in signal.also:
            kept = index.find([also], bits(found))
            found = {number: hit for number, hit in found.items() if number in kept}
        if signal.without and found:
            spoilt = index.find(signal.without, bits(found))
            found = {number: hit for number, hit in found.items() if number not in spoilt}
        if signal.distinct > 1:
            found = {
                n: hit for n, hit in found.items() if len(index.distinct(signal.find, n)) >= signal.distinct
            }
        if signal.near and found:
            found = _beside(self.reading, found, hits_of(signal.near), signal, keep=True)
        if signal.apart and found:
            found = _beside(self.reading, found, hits_of(signal.apart), signal, keep=False)
        return dict(sorted(found.items()))

    def _candidates(self, signal: Signal, allowed: int, hits_of: HitsOf) -> Hits:
        if signal.detect:
            return {hit.sentence: hit for hit in detectors[signal.detect](self.reading)}
        if signal.of:
            joined: Hits = {}
            for name in signal.of:
                for number, hit in hits_of(name).items():
                    if allowed >> number & 1:
                        joined.setdefault(number, hit)
            return joined
        return self.reading.index.find(signal.find, allowed)

    def _under(self, patterns: tuple[Pattern, ...]) -> int:
        """The sentences under a heading that one of the patterns finds."""
        if patterns not in self._places:
            found = 0
            for path, inside in self.reading.sections.items():
                if any(one.regex.search(path) for one in patterns):
                    found |= inside
            self._places[patterns] = found
        return self._places[patterns]

    def likelihood(self, criterion: Criterion, sentence: Sentence) -> int:
        """How likely a sentence is about the subject of a criterion, in quarters; 0 without a classifier.

        Quarters, because finer differences say nothing: among equals the order of the text decides.
        """
        if self.nearest is None or not criterion.topic:
            return 0
        return int(4 * self.nearest.likelihood(criterion.topic, sentence.span.start))

    def at_home(self, criterion: Criterion) -> int:
        return self._under(criterion.home) if criterion.home else 0


class Signals:
    """The signals of one criterion, with the shared ones behind them."""

    def __init__(self, session: Session, criterion: Criterion) -> None:
        self._session, self._criterion = session, criterion
        self._found: dict[str, Hits] = {}

    def __call__(self, name: str) -> Hits:
        own = self._criterion.signals.get(name)
        if own is None:
            return self._session.shared(name)
        if name not in self._found:
            self._found[name] = self._session.find(own, self)
        return self._found[name]

    def count(self, name: str) -> int:
        return len(self(name))


def _beside(reading: Reading, found: Hits, others: Iterable[int], signal: Signal, *, keep: bool) -> Hits:
    """The hits with (or without) a hit of the other signal within the window and the same chapter.

    What the next chapter begins with says nothing of the last sentence of this one.
    """
    before = signal.window if signal.side in ("either", "before") else 0
    after = signal.window if signal.side in ("either", "after") else 0
    places = 0
    for number in others:
        places |= 1 << number
    kept = {}
    for number, hit in found.items():
        low = max(0, number - before)
        window = ((1 << (number + after + 1)) - 1) ^ ((1 << low) - 1)
        if bool(places & window & reading.chapter(number)) is keep:
            kept[number] = hit
    return kept


# --------------------------------------------------------------------------- the finding


def judge(session: Session, criterion: Criterion, profile: str, links: Sequence[Link] = ()) -> Finding:
    """The finding for one criterion: the first row that holds decides, and is named."""
    signals = Signals(session, criterion)
    flags = tuple(flag.name for flag in criterion.flags if flag.when.holds(signals.count))
    for number, row in enumerate(criterion.decide, 1):
        if (row.profiles and profile not in row.profiles) or not row.when.holds(signals.count):
            continue
        hits = _quoted(session, criterion, row, signals)
        evidence = tuple(_evidence(session.reading, hit) for hit in hits)
        return Finding(
            criterion=criterion.id,
            verdict=row.verdict,
            confidence=_confidence(session, criterion, hits),
            judge=f"{criterion.id}/{number}-{row.verdict}",
            evidence=evidence,
            note="; ".join(part for part in (row.note, _facts(criterion, evidence)) if part),
            flags=flags,
        )
    return _absent(session, criterion, links, flags)


def _quoted(session: Session, criterion: Criterion, row: Row, signals: Signals) -> list[Hit]:
    """Up to three hits of different sentences: one of each quoted signal first, then more of them."""
    home = session.at_home(criterion)
    ranked = []
    for order, name in enumerate(row.quote):
        found = list(signals(name).values())
        if len(found) > 1:
            found.sort(key=lambda hit: _rank(session, criterion, home, hit))
        for turn, hit in enumerate(found):
            ranked.append((turn, order, hit))
    chosen: dict[int, Hit] = {}
    for _, _, hit in sorted(ranked, key=lambda one: one[:2]):
        chosen.setdefault(hit.sentence, hit)
        if len(chosen) == most_quotes:
            break
    return list(chosen.values())


def _facts(criterion: Criterion, evidence: Sequence[Evidence]) -> str:
    """The facts of the kinds a criterion asks for that its quotes state: "15 working days"."""
    if not criterion.facts:
        return ""
    found = (fact for one in evidence for fact in facts(one.quote) if fact.kind in criterion.facts)
    return ", ".join(dict.fromkeys(fact.value for fact in found))


def _rank(session: Session, criterion: Criterion, home: int, hit: Hit) -> tuple[bool, bool, int, int]:
    """Sentences at home before others, whole before conditional ones, likelier ones first, then in order."""
    sentence = session.reading.sentences[hit.sentence]
    away, conditional = not home >> hit.sentence & 1, bool(_conditional.match(sentence.folded))
    return (away, conditional, -session.likelihood(criterion, sentence), hit.sentence)


def _confidence(session: Session, criterion: Criterion, hits: Sequence[Hit]) -> Confidence:
    """Strong: two sentences, or one in the section where it belongs; weak: conditional ones or fragments."""
    sentences = [session.reading.sentences[hit.sentence] for hit in hits]
    firm = [one for one in sentences if not _conditional.match(one.folded) and one.role is Role.BODY]
    if not firm:
        return Confidence.SINGLE if not hits else Confidence.WEAK
    home = session.at_home(criterion)
    if len(firm) > 1 or any(home >> hit.sentence & 1 for hit in hits):
        return Confidence.STRONG
    return Confidence.SINGLE


def _evidence(reading: Reading, hit: Hit) -> Evidence:
    """The sentence of a hit; of a very long one the clauses around the words that were found."""
    sentence = reading.sentences[hit.sentence]
    span = sentence.span
    if span.end - span.start > _longest_quote:
        span = _clauses(reading.text, span, len(sentence.folded), hit)
    return Evidence(quote=reading.text[span.start : span.end], span=span, section=sentence.section)


def _clauses(text: str, span: Span, folded_length: int, hit: Hit) -> Span:
    """The part of a long sentence around a hit, cut at commas. Folding shifts offsets only a little."""
    scale = (span.end - span.start) / max(1, folded_length)
    first = span.start + int(hit.start * scale) - _context
    last = min(span.start + int(min(hit.end, hit.start + 2 * _context) * scale) + _context, span.end)
    start, end = span.start, span.end
    if first > span.start:
        start = max((text.rfind(mark, span.start, first) for mark in "，,；;、"), default=-1) + 1 or first
    if last < span.end:
        ends = [at for at in (text.find(mark, last, span.end) for mark in "，,；;、") if at >= 0]
        end = min(ends, default=span.end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end)


def _absent(session: Session, criterion: Criterion, links: Sequence[Link], flags: tuple[str, ...]) -> Finding:
    """No row held: what was searched for and where, and which links of the page may hold it."""
    elsewhere = tuple(
        link for link in links if any(one.regex.search(fold(link.text)) for one in criterion.links)
    )
    home = session.at_home(criterion)
    sections = list(
        dict.fromkeys(one.section[-1] for number, one in _of(session.reading, home) if one.section)
    )
    body = session.reading.body.bit_count()
    chinese = session.checklist.language == "zh"
    subject = criterion.searched or criterion.title(session.checklist.language)
    if chinese:
        where = f"全文{body}句" + (f"，重点在“{'”“'.join(sections[:4])}”" if sections else "")
        searched = f"在本文本中未发现；检索内容：{subject}；检索范围：{where}"
    else:
        where = f"all {body} sentences" + (
            f", above all in “{'”, “'.join(sections[:4])}”" if sections else ""
        )
        searched = f"not found in this text; searched for: {subject}; in {where}"
    rows, doubtful = _likely_rows(session, criterion, chinese)
    return Finding(
        criterion=criterion.id,
        verdict=criterion.otherwise,
        confidence=Confidence.WEAK
        if elsewhere or doubtful
        else (Confidence.STRONG if sections else Confidence.SINGLE),
        judge=f"{criterion.id}/otherwise-{criterion.otherwise}",
        searched=searched + rows,
        links=elsewhere[:5],
        flags=(*flags, rows_to_read) if doubtful else flags,
    )


def _likely_rows(session: Session, criterion: Criterion, chinese: bool) -> tuple[str, bool]:
    """The rows that the classifier holds likeliest, as words, and whether one of them makes the absence weak."""
    if session.nearest is None or not criterion.topic or criterion.otherwise is not Verdict.NOT_FOUND:
        return "", False
    found = session.nearest.to(criterion.topic)
    if not found:
        return "", False
    shown = "、".join(f"“{_cut(one.row.text)}”" for one in found)
    said = f"；主题最接近的句子：{shown}" if chinese else f"; rows nearest to the subject: {shown}"
    return said, criterion.telling and found[0].probability >= telling


def _cut(row: str) -> str:
    return row if len(row) <= _longest_row else f"{row[:_longest_row]}…"


def _of(reading: Reading, numbers: int) -> Iterable[tuple[int, Sentence]]:
    return ((number, one) for number, one in enumerate(reading.sentences) if numbers >> number & 1)
