"""What kind of change a place is, by rule, with the words that decided: nature, topics, direction, facts, weight. Pure.

How the rules decide is told in docs/explanation/diff.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.diff import lexicon
from monitor.diff.cosmetic import only_references, plain, same_words, why_same, words
from monitor.diff.fact_changes import changed_facts, fact_topics, fact_worth
from monitor.diff.signals import difference, signals
from monitor.model import Direction, Edit, Fact, FactChange, Nature, Op, Topic
from monitor.text.numbers import number
from monitor.text.words_of_dates import months

_figure = re.compile(r"\d")
_forms = re.compile(r"(?:ies|es|s|ed|ing|d|y)$")
_general = [Topic.CONSENT, Topic.SECURITY, Topic.PURPOSE]  # said beside what is done: named after it
_always = (Topic.MINORS,)  # a clause on children is about children, whichever of its words changed
_small = frozenset({Topic.DATES, Topic.CONTACT})
_weighty_facts = ("period", "age", "sdk", "recipient", "right", "permission", "place")
_clear, _contrary = 1.5, 3.5

Tagger = Callable[[str, str, str], tuple[Topic, ...]]  # clause, headings above, lead of its list -> topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place where two texts differ, with what stands around it.

    `keys` are the comparison keys of its clauses, joined; `facts` those of either side, with spans in `before` and
    `after`; `lead` announces the list or table the clause stands in; `embedded` says that it is a row of a table of
    SDKs, plug-ins or cookies, `heading` that it is nothing but headings which the
    page itself marks as such, `regrouped` that sentences were split or joined. `renumbered` are the numbers of
    sections of the whole text that are others now.
    """

    before: str
    after: str
    keys: tuple[str, str]
    edits: tuple[Edit, ...]
    section: tuple[str, ...] = ()
    lead: str = ""
    moved: bool = False
    facts: tuple[Sequence[Fact], Sequence[Fact]] = ((), ())
    embedded: bool = False
    heading: bool = False
    regrouped: bool = False
    renumbered: frozenset[tuple[str, str]] = frozenset()

    def changed(self, op: Op) -> str:
        return " ".join(edit.text for edit in self.edits if edit.op is op)


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """How a place is classed; `reasons` are the words that decided."""

    nature: Nature
    topics: tuple[Topic, ...] = ()
    direction: Direction | None = None
    reasons: tuple[str, ...] = ()
    facts: tuple[FactChange, ...] = ()
    significance: int = 0


def classify(spot: Spot, tagger: Tagger | None = None) -> Class:
    """Class one place. `tagger` names topics of a clause where the rules know none; they add no weight."""
    if same_words(*spot.keys):
        return _moved(spot) if spot.moved else _cosmetic("the words are the same")
    if spot.before and spot.after and (reason := why_same(*spot.keys)):
        return _moved(spot) if spot.moved else _cosmetic(reason)
    if spot.before and spot.after and only_references(*spot.keys, spot.renumbered):
        return _cosmetic("only numbers of renumbered sections differ")
    if spot.regrouped and _only_joints(spot):
        return Class(nature=Nature.WORDING, reasons=("the same words in other sentences",), significance=1)
    facts = changed_facts(*spot.facts)
    score, reasons = _score(spot, facts)
    topics = _topics(spot, facts, reasons)
    shown = topics or _tagged(spot, tagger)
    if not facts and not reasons and _is_wording(spot):
        return Class(nature=Nature.WORDING, topics=shown, reasons=("no word of substance",), significance=1)
    return Class(
        nature=Nature.SUBSTANTIVE,
        topics=shown,
        direction=_direction(score, reasons),
        reasons=reasons or _named(topics),
        facts=facts,
        significance=_significance(score, topics, facts),
    )


def _named(topics: Sequence[Topic]) -> tuple[str, ...]:
    """The reason where the wording shows no direction: what the words are about."""
    return (f"words on {topics[0].value}",) if topics else ("words without a known topic",)


def _cosmetic(reason: str) -> Class:
    return Class(nature=Nature.COSMETIC, reasons=(reason,))


def _moved(spot: Spot) -> Class:
    return Class(
        nature=Nature.MOVED, reasons=("same words in another place",), topics=_by_words(spot.after) or ()
    )


def _score(spot: Spot, facts: Sequence[FactChange]) -> tuple[float, tuple[str, ...]]:
    worth, words_that_decided = difference(spot.before, spot.after)
    of_facts, facts_that_decided = fact_worth(facts, spot.before, spot.after)
    return worth + of_facts, (*facts_that_decided, *words_that_decided)[:10]


def _direction(score: float, reasons: Sequence[str]) -> Direction | None:
    if score:
        return Direction.HARDER if score > 0 else Direction.SOFTER
    return Direction.UNCLEAR if reasons else None


# --------------------------------------------------------------------------- topics


def _topics(spot: Spot, facts: Sequence[FactChange], reasons: Sequence[str]) -> tuple[Topic, ...]:
    """By the changed words and facts; where they name none of weight, by the clause; else by what stands above it."""
    clause = f"{spot.before} {spot.after}"
    of_facts = fact_topics(facts, clause, embedded=spot.embedded)
    of_words = _by_words(f"{spot.changed(Op.DELETE)} {spot.changed(Op.INSERT)} {' '.join(reasons)}")
    always = [topic for topic in _always if lexicon.is_on(topic, clause)]
    found = _ranked([*of_facts, *of_words, *always])
    if of_facts or set(found) - {Topic.CONTACT, *_general}:
        return found
    for text in (clause, spot.lead, *reversed(spot.section[-2:])):
        if more := _by_words(text):
            return _ranked([*found, *more])
    return found


def _tagged(spot: Spot, tagger: Tagger | None) -> tuple[Topic, ...]:
    """What the classifier says where the rules are silent: shown to the reader, of no weight."""
    return tagger(spot.after or spot.before, " ".join(spot.section[-2:]), spot.lead) if tagger else ()


def _ranked(found: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(dict.fromkeys(found))


def _by_words(text: str) -> tuple[Topic, ...]:
    """The topics that a text names, most named first; one that is named far less than the first is left out."""
    return _topics_named(text.strip())


@lru_cache(maxsize=512)  # a clause is asked about several times, a heading for every clause below it
def _topics_named(text: str) -> tuple[Topic, ...]:
    counts = lexicon.topic_counts(text)
    most = max(counts.values(), default=0)
    named = [topic for topic, count in counts.most_common() if 3 * count >= most]
    return tuple(sorted(named, key=lambda topic: topic in _general))


# --------------------------------------------------------------------------- wording and weight


def _is_wording(spot: Spot) -> bool:
    """True where other words say nothing of substance.

    So it is where only words without meaning or other forms of the same words differ, where a heading is retitled,
    and where the clause is about nothing or about dates alone, which have their substance in their facts.
    A sentence that comes or goes whole is never mere wording.
    """
    if not (spot.heading or (spot.before and spot.after)):
        return False
    gone, come = _changed_words(spot)
    differing = (Counter(gone) - Counter(come)) + (Counter(come) - Counter(gone))
    if any(_counts(word) for word in differing if word not in lexicon.empty):
        return False
    if spot.before and spot.after and _is_passive(spot.before) != _is_passive(spot.after):
        return _in_other_voice(spot)  # else who does it and to whom it is done have changed roles
    if spot.heading:
        return True
    if all(word in lexicon.empty for word in differing) or _stems(gone) == _stems(come):
        return True
    if not all(any(word not in lexicon.empty for word in side) for side in (gone, come)):
        return False  # words that come without any that go make a list longer
    clause, changed = f"{spot.before} {spot.after}", f"{spot.changed(Op.DELETE)} {spot.changed(Op.INSERT)}"
    about = {*_by_words(clause), *_by_words(spot.lead)}
    if (
        not about <= {Topic.DATES}
        or not set(_by_words(changed)) <= {Topic.DATES}
        or lexicon.legal.search(clause.casefold())
    ):
        return False
    return not any(one.worth for one in signals(clause) if one.name in lexicon.acts)


def _changed_words(spot: Spot) -> tuple[list[str], list[str]]:
    gone, come = (plain(spot.changed(op).casefold()) for op in (Op.DELETE, Op.INSERT))
    return words(gone, lexicon.whole), words(come, lexicon.whole)


def _only_joints(spot: Spot) -> bool:
    """True where sentences were split or joined, and only who does it is said again or no more."""
    gone, come = map(Counter, _changed_words(spot))
    return set((gone - come) + (come - gone)) <= lexicon.empty | _joints


_joints = frozenset(
    ["我们", "会", "将", "您", "we", "will", "they", "them", "you"]
)  # said again in a sentence of its own
_passive = re.compile(r"(?<![理自])由(?!于)|被(?!动)|\bby\b")
_of_voice = frozenset(["由", "被", "将", "把", "by"])


def _is_passive(text: str) -> bool:
    return bool(_passive.search(text.casefold()))


def _in_other_voice(spot: Spot) -> bool:
    """True where active became passive or the contrary: the same words, and the two ends have changed places."""
    old, new = (words(plain(said.casefold()), lexicon.whole) for said in (spot.before, spot.after))
    one, other = ([word for word in _stems(side) if word not in _of_voice] for side in (old, new))
    return sorted(one) == sorted(other) and one[:1] != other[:1] and one[-1:] != other[-1:]


@lru_cache(maxsize=50_000)
def _counts(word: str) -> bool:
    """True for a figure, a numeral or a month: what is counted or dated is never mere wording."""
    return bool(_figure.search(word)) or word in months or number(word) is not None


def _stems(found: Iterable[str]) -> list[str]:
    """The words that mean something, without their endings, one name for what has several."""
    bare = (lexicon.alike.get(word, word) for word in found if word not in lexicon.empty)
    return [_forms.sub("", word) if word.isascii() else word for word in bare]


def _significance(score: float, topics: Sequence[Topic], facts: Sequence[FactChange]) -> int:
    """1 to 3: a topic of substance makes 2; a clear direction or a changed measure, party or right of it makes 3.

    A promise that became its contrary makes 3 whatever it is about.
    """
    if abs(score) >= _contrary:
        return 3
    if not any(topic not in _small for topic in topics):
        return 2 if abs(score) >= _clear else 1
    measured = any(one.kind in _weighty_facts for one in facts)
    return 3 if abs(score) >= _clear or measured else 2
