"""What kind of change a place is, by rule, with the words that decided: nature, topics, direction, facts, weight. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.diff import lexicon
from monitor.model import Direction, Edit, Fact, FactChange, Nature, Op, Span, Topic
from monitor.text.facts import facts
from monitor.text.numbers import days
from monitor.text.tokens import tokens, url_pattern

_word = re.compile(r"\w")
_url = re.compile(url_pattern)
_clock_facts = ("period", "age", "amount", "date")
_counts_for_person = re.compile(r"答复|响应|回复|处理您的请求|respond|reply|notice|通知")
_right = re.compile(
    r"有权|您可以|查阅|更正|删除|注销|撤回|复制|投诉|right to|you (?:can|may)|opt.?out|delete|erasure|withdraw",
    re.I,
)
_burden = re.compile(
    r"收集|采集|共享|提供给|转让|披露|广告|画像|读取|获取|collect|share|disclos|sell|advertis|profil|track|transfer",
    re.I,
)

# A clause that comes or goes: others who get the data, or what is done with it. That a collection is stated says
# nothing of its direction: it may be new, or only told at last.
_reach = re.compile(r"共享|提供给|转让|披露|广告|画像|境外|share|disclos|sell|advertis|profil|transfer", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """How a place is classed; `reasons` are the words that decided."""

    nature: Nature
    topics: tuple[Topic, ...] = ()
    direction: Direction | None = None
    reasons: tuple[str, ...] = ()
    facts: tuple[FactChange, ...] = ()
    significance: int = 0


def same_words(before: str, after: str) -> bool:
    """True where two clauses differ in punctuation, width, case of spaces or numbering marks only."""
    return _words(before) == _words(after)


def _words(text: str) -> list[str]:
    return [token for token in tokens(text) if _word.search(token)]


def classify(
    before: str, after: str, keys: tuple[str, str], edits: Sequence[Edit], section: Sequence[str], moved: bool
) -> Class:
    """Class one place: `keys` are the comparison keys of its clauses, joined."""
    if same_words(*keys):
        if moved:
            return Class(
                nature=Nature.MOVED,
                reasons=("same words in another place",),
                topics=_topics(after, (), section),
            )
        return Class(nature=Nature.COSMETIC, reasons=("the words are the same",))
    if before and after and _url.sub("", keys[0]) == _url.sub("", keys[1]):
        return Class(nature=Nature.COSMETIC, reasons=("only an address differs",))
    gone = " ".join(edit.text for edit in edits if edit.op is Op.DELETE)
    come = " ".join(edit.text for edit in edits if edit.op is Op.INSERT)
    moved_facts = fact_changes(before, after)
    found = _topics(f"{gone} {come}", (before, after), section)
    direction, reasons = _direction(before, after, gone, come, moved_facts)
    weight = _weight(found, direction, moved_facts, gone, come)
    return Class(
        nature=Nature.SUBSTANTIVE,
        topics=found,
        direction=direction,
        reasons=reasons,
        facts=moved_facts,
        significance=weight,
    )


def _topics(changed: str, whole: Iterable[str], section: Sequence[str]) -> tuple[Topic, ...]:
    """By the changed words; where they name none, by the clause; else by the headings above."""
    for text in (changed, " ".join(whole), " ".join(section[-1:]), " ".join(section)):
        lower = text.casefold()
        hits = [topic for topic, words in lexicon.topics.items() if any(word in lower for word in words)]
        if hits:
            return tuple(hits)
    return ()


def _direction(
    before: str, after: str, gone: str, come: str, moved: Sequence[FactChange]
) -> tuple[Direction | None, tuple[str, ...]]:
    if not before or not after:
        return _of_whole(before, after)
    for one in moved:
        if one.kind == "period" and one.before and one.after:
            return _of_period(one, f"{before} {after}")
    score, reasons = 0, []
    for words, sign in ((lexicon.softer, -1), (lexicon.harder, 1)):
        for word in words:
            difference = _count(word, come) - _count(word, gone)
            if difference:
                score += sign * difference
                reasons.append(f"{'+' if difference > 0 else '−'}{word}")
    negated = sum(_count(word, come) - _count(word, gone) for word in lexicon.negations)
    if negated:
        reasons.append("negation " + ("added" if negated > 0 else "removed"))
    burden = bool(_burden.search(f"{before}{after}"))
    if negated and burden:
        return (Direction.HARDER if negated > 0 else Direction.SOFTER), tuple(reasons)
    if score:
        return (Direction.HARDER if score > 0 else Direction.SOFTER), tuple(reasons)
    return (Direction.UNCLEAR if reasons else None), tuple(reasons)


def _count(word: str, text: str) -> int:
    if not word.isascii():
        return text.count(word)
    return len(re.findall(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text.casefold()))


def _of_whole(before: str, after: str) -> tuple[Direction | None, tuple[str, ...]]:
    """A clause that came or went: a right more is harder, a burden more is softer."""
    text, added = after or before, bool(after)
    if match := _right.search(text):
        return (Direction.HARDER if added else Direction.SOFTER), (match[0],)
    if match := _reach.search(text):
        negative = any(_count(word, text) for word in ("不会", "不得", "不向", "will not", "do not", "never"))
        softer = added != negative
        return (Direction.SOFTER if softer else Direction.HARDER), (match[0],)
    return None, ()


def _of_period(one: FactChange, clause: str) -> tuple[Direction | None, tuple[str, ...]]:
    assert one.before is not None
    assert one.after is not None
    then, now = days(one.before.value), days(one.after.value)
    reason = (f"{one.before.value} -> {one.after.value}",)
    if then is None or now is None or then == now:
        return Direction.UNCLEAR, reason
    longer = now > then
    good = longer if re.search(r"提前|advance|prior notice", clause) else not longer
    return (Direction.HARDER if good else Direction.SOFTER), reason


def fact_changes(before: str, after: str) -> tuple[FactChange, ...]:
    """Facts that differ between two clauses; measures of one kind and subject are paired in order."""
    old, new = list(facts(before)), list(facts(after))
    kept = Counter(_same(fact) for fact in old) & Counter(_same(fact) for fact in new)
    gone, come = _without(old, kept), _without(new, kept)
    changes = []
    for fact in list(gone):
        partner = next((one for one in come if fact.kind in _clock_facts and one.kind == fact.kind), None)
        if partner:
            gone.remove(fact)
            come.remove(partner)
            changes.append(
                FactChange(
                    kind=fact.kind, before=fact, after=partner, subject=partner.subject or fact.subject
                )
            )
    changes += [FactChange(kind=fact.kind, before=fact, after=None, subject=fact.subject) for fact in gone]
    changes += [FactChange(kind=fact.kind, before=None, after=fact, subject=fact.subject) for fact in come]
    return tuple(changes)


def _same(fact: Fact) -> tuple[str, str]:
    return fact.kind, fact.value


def _without(found: list[Fact], kept: Counter[tuple[str, str]]) -> list[Fact]:
    left = Counter(kept)
    out = []
    for fact in found:
        if left[_same(fact)] > 0:
            left[_same(fact)] -= 1
        else:
            out.append(fact)
    return out


def shifted(change: FactChange, before: int, after: int) -> FactChange:
    """A fact change with its spans counted from the beginning of the texts."""
    return replace(change, before=_shift(change.before, before), after=_shift(change.after, after))


def _shift(fact: Fact | None, by: int) -> Fact | None:
    if fact is None:
        return None
    return replace(fact, span=Span(start=fact.span.start + by, end=fact.span.end + by))


def _weight(
    topics: Sequence[Topic], direction: Direction | None, moved: Sequence[FactChange], gone: str, come: str
) -> int:
    """0 to 3; a topic of substance with a direction or a changed measure is the most."""
    of_substance = any(topic not in (Topic.DATES, Topic.CONTACT) for topic in topics)
    if not of_substance:
        return 1
    measured = any(one.kind in ("period", "age", "amount", "sdk", "company") for one in moved)
    return 3 if direction in (Direction.SOFTER, Direction.HARDER) or measured else 2
