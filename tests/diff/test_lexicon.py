"""The words of the lexicon: each has a reason, each pattern is sound, each topic has words in both scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from monitor.diff import lexicon, lexicon_latin, lexicon_zh
from monitor.model import Topic


def entries() -> Iterator[tuple[str, str]]:
    for words in (lexicon_zh, lexicon_latin):
        for of_topic in words.topics.values():
            yield from of_topic
        for acts in (words.burdens, words.stated, words.benefits):
            yield from acts.values()
        for _, _, pattern, why in words.signs:
            yield pattern, why


@pytest.mark.parametrize(("pattern", "why"), list(entries()))
def test_an_entry_has_a_reason_and_a_bounded_pattern(pattern: str, why: str) -> None:
    assert len(why) >= 6
    assert not re.compile(pattern).search("")
    assert not re.search(r"(?<!\\)\.[*+]|\][*+]|\)[*+]|\\w[*+]", pattern)


@pytest.mark.parametrize("topic", list(Topic))
def test_a_topic_has_words_in_both_scripts(topic: Topic) -> None:
    assert lexicon_zh.topics[topic]
    assert lexicon_latin.topics[topic]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("我们收集您的信息", Topic.COLLECTION),
        ("处理目的", Topic.PURPOSE),
        ("用户画像", Topic.PROFILING),
        ("投放广告", Topic.ADVERTISING),
        ("出售给他人", Topic.SHARING),
        ("传输至境外", Topic.CROSS_BORDER),
        ("保存期限", Topic.RETENTION),
        ("加密传输", Topic.SECURITY),
        ("撤回同意", Topic.RIGHTS),
        ("监护人", Topic.MINORS),
        ("嵌入的SDK收集", Topic.COOKIES),
        ("取得单独同意", Topic.CONSENT),
        ("联系我们", Topic.CONTACT),
        ("生效日期", Topic.DATES),
        ("We collect it", Topic.COLLECTION),
        ("for this purpose", Topic.PURPOSE),
        ("profiling", Topic.PROFILING),
        ("targeted ads", Topic.ADVERTISING),
        ("service providers", Topic.SHARING),
        ("standard contractual clauses", Topic.CROSS_BORDER),
        ("how long we retain it", Topic.RETENTION),
        ("encrypted at rest", Topic.SECURITY),
        ("the right to object", Topic.RIGHTS),
        ("children under 13", Topic.MINORS),
        ("web beacons", Topic.COOKIES),
        ("your consent", Topic.CONSENT),
        ("our data protection officer", Topic.CONTACT),
        ("last updated", Topic.DATES),
        ("durée de conservation", Topic.RETENTION),
        ("Einwilligung", Topic.CONSENT),
    ],
)
def test_a_topic_is_known_by_its_words(text: str, topic: Topic) -> None:
    assert topic in lexicon.topic_counts(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("IP地址和MAC地址", Topic.CONTACT),
        ("政策公开透明", Topic.SHARING),
        ("a third-party audit", Topic.SHARING),
        ("adsorption", Topic.ADVERTISING),
        ("your profile page", Topic.PROFILING),
    ],
)
def test_a_topic_is_not_seen_where_the_word_means_something_else(text: str, topic: Topic) -> None:
    assert topic not in lexicon.topic_counts(text)


def test_words_without_meaning_hold_no_word_of_substance() -> None:
    kept = {
        "不",
        "或",
        "或者",
        "仅",
        "等",
        "not",
        "or",
        "may",
        "must",
        "only",
        "your",
        "our",
        "without",
        "except",
    }
    assert not lexicon.empty & kept
    for word in lexicon.empty:
        assert not lexicon.topic_counts(word)
        assert not lexicon.legal.search(word)
