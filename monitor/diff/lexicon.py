"""The words of both scripts made ready for use: topics, acts, negations, signs. Pure.

The words themselves, each with why it is there, are data: `lexicon_zh` and `lexicon_latin`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.diff import lexicon_latin, lexicon_zh
from monitor.model import Topic

whole = lexicon_zh.whole
empty = lexicon_zh.empty | lexicon_latin.empty
alike = lexicon_zh.alike | lexicon_latin.alike
misspelt = lexicon_latin.misspelt
confusable = lexicon_latin.confusable
variants_zh = lexicon_zh.variants
variants_latin = tuple((re.compile(pattern), plain) for pattern, plain in lexicon_latin.variants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Words beside an act that shift it: `worth` is positive where the person gains."""

    name: str
    worth: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The words of one script. `burdens`, `stated` and `benefits` are patterns whose groups name the act.

    `any_sign` finds whether there is any of the `signs` at all: in most half sentences there is none.
    """

    burdens: re.Pattern[str]
    stated: re.Pattern[str]
    benefits: re.Pattern[str]
    negation: re.Pattern[str]
    not_negation: re.Pattern[str]
    duty: re.Pattern[str]
    permission: re.Pattern[str]
    person: re.Pattern[str]
    signs: tuple[Sign, ...]
    any_sign: re.Pattern[str]


def _acts(acts: Mapping[str, tuple[str, str]], edge: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{edge}(?:{words}))" for name, (words, _) in acts.items()))


_Entries = Sequence[tuple[str, float, str, str]]


def _any_sign(entries: _Entries) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{words})" for _, _, words, _ in entries))


def _signs(entries: _Entries) -> tuple[Sign, ...]:
    return tuple(Sign(name=name, worth=worth, pattern=re.compile(words)) for name, worth, words, _ in entries)


zh = Script(
    burdens=_acts(lexicon_zh.burdens, ""),
    stated=_acts(lexicon_zh.stated, ""),
    benefits=_acts(lexicon_zh.benefits, ""),
    negation=re.compile(lexicon_zh.negation),
    not_negation=re.compile(lexicon_zh.not_negation),
    duty=re.compile(lexicon_zh.duty),
    permission=re.compile(lexicon_zh.permission),
    person=re.compile(lexicon_zh.person),
    signs=_signs(lexicon_zh.signs),
    any_sign=_any_sign(lexicon_zh.signs),
)
latin = Script(
    burdens=_acts(lexicon_latin.burdens, r"\b"),
    stated=_acts(lexicon_latin.stated, r"\b"),
    benefits=_acts(lexicon_latin.benefits, r"\b"),
    negation=re.compile(lexicon_latin.negation),
    not_negation=re.compile(lexicon_latin.not_negation),
    duty=re.compile(lexicon_latin.duty),
    permission=re.compile(lexicon_latin.permission),
    person=re.compile(lexicon_latin.person),
    signs=_signs(lexicon_latin.signs),
    any_sign=_any_sign(lexicon_latin.signs),
)


def _of_topic(entries: Iterable[tuple[str, str]], edge: str) -> re.Pattern[str]:
    return re.compile("|".join(f"{edge}(?:{words})" for words, _ in entries))


_topics_zh = {topic: _of_topic(entries, "") for topic, entries in lexicon_zh.topics.items()}
_topics_latin = {topic: _of_topic(entries, "(?<![a-z])") for topic, entries in lexicon_latin.topics.items()}
_latin_run = re.compile(r"[a-z][^\u3000-\u9fff\uff00-\uffef]+")
_wide = re.compile("[\u3400-\u9fff]")


def topic_counts(text: str) -> Counter[Topic]:
    """How often a text names each topic that it names; of words of both scripts those of the fuller one count."""
    lower, counts = text.casefold(), Counter[Topic]()
    is_wide = _wide.search(lower)
    latin_words = "\n".join(_latin_run.findall(lower)) if is_wide else lower
    for topics, said in ((_topics_zh, lower if is_wide else ""), (_topics_latin, latin_words)):
        for topic, pattern in topics.items() if said else ():
            if found := len(pattern.findall(said)):
                counts[topic] = max(counts[topic], found)
    return counts


def is_on(topic: Topic, text: str) -> bool:
    """True where a text names a topic at all."""
    lower = text.casefold()
    return bool(_topics_zh[topic].search(lower) or _topics_latin[topic].search(lower))


acts = frozenset().union(
    *(
        script.burdens.groupindex.keys() | script.stated.groupindex.keys() | script.benefits.groupindex.keys()
        for script in (zh, latin)
    )
)
legal = re.compile(f"{lexicon_zh.legal}|(?<![a-z])(?:{lexicon_latin.legal})")
