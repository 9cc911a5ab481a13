"""Folding keeps what patterns need; the index never hides a match; patterns that explode are refused."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.audit.checklist import Checklist
from monitor.audit.evidence import Index, fold, pattern, problem


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("你可以在 **APP** 中，注销帐户", "您可以在app中,注销账户"),
        ("「设置」→ 【隐私】", '"设置">"隐私"'),
        ("“我的” - “设置”", '"我的"-"设置"'),
        ("ＩＭＥＩ（设备号）", "imei(设备号)"),
        ("we  share\u200b data", "we share data"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "source", ["删除", "(?:删除|清除).{0,9}(?:信息|记录)", "[一二三]年", "注销?账号", r"\d{1,3}天", "a(?!b)c"]
)
@given(data=st.data())
@settings(max_examples=60)
def test_the_index_finds_what_searching_all_finds(source: str, data: st.DataObject) -> None:
    pieces = st.sampled_from(
        ["删除", "清除", "信息", "记录", "一年", "注账号", "注销账号", "15天", "ac", "x", "您"]
    )
    sentences = data.draw(st.lists(st.lists(pieces, max_size=5).map("".join), max_size=6))
    one = pattern(source)
    found = Index(sentences).find([one], (1 << len(sentences)) - 1)
    assert set(found) == {number for number, text in enumerate(sentences) if re.search(source, text)}


def test_all_needed_pieces_are_needed(chinese: Checklist) -> None:
    """No pattern of the shipped checklist is filtered by a piece that its match lacks."""
    text = [example.text for criterion in chinese.criteria for example in criterion.examples]
    sentences = [fold(one) for one in text]
    index = Index(sentences)
    everything = (1 << len(sentences)) - 1
    for criterion in chinese.criteria:
        for signal in criterion.signals.values():
            for one in signal.find:
                brute = {number for number, sentence in enumerate(sentences) if one.regex.search(sentence)}
                assert set(index.find([one], everything)) == brute, one.source


@pytest.mark.parametrize(
    "source", ["(a{0,9}){0,9}", "a+", "a*b", "(?:ab.{0,50}){4,}", r"(.)\1", "a{0,900}", "", "(", "A"]
)
def test_dangerous_or_useless_patterns_are_refused(source: str) -> None:
    assert problem(source)


def test_a_hostile_sentence_costs_little(chinese: Checklist) -> None:
    hostile = fold("您可以用于为了通过在如果当信息删除" * 1500)
    began = time.perf_counter()
    for criterion in chinese.criteria:
        for signal in criterion.signals.values():
            for one in signal.find:
                one.regex.search(hostile)
    assert time.perf_counter() - began < 60
