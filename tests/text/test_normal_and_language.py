"""Comparison keys: idempotent, blind to what no reader sees, awake to what one does; languages by script."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.identity.pieces import core_of
from monitor.text.language import kin, language_of
from monitor.text.normal import key, key_lines, key_text, mask, slot


@given(st.text(max_size=200))
@example("Y¯")
@example("* *a* *")
def test_key_text_is_idempotent(text: str) -> None:
    assert key_text(key_text(text)) == key_text(text)


@given(st.text(max_size=120))
def test_core_never_fails_and_has_no_spaces(text: str) -> None:
    assert not any(char.isspace() for char in core_of(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("我们收集\u200b您的信息。", "我们收集您的信息。"),
        ("ｗｅ collect", "we collect"),
        ("We\u00a0collect “data”", 'We collect "data"'),
        ("- 第一项", "* 第一项"),
        ("cafe\u0301 rules apply", "caf\u00e9 rules apply"),
        ("我们 收集", "我们收集"),
        ("**重要**信息", "重要信息"),
    ],
)
def test_blind_spots(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("不得共享", "得共享"), ("30 days", "60 days"), ("may", "may not")]
)
def test_not_blind(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_volatile_lines_masks_and_places() -> None:
    text = "We keep data.\n\nServed at 12:01:33\n\nSummer deals\n\nWe share data."
    lines = key_lines(text)
    assert mask("Served at 12:01:33") == mask("Served at 12:09:01")
    assert mask("We keep it for 30 days.") == "We keep it for 30 days."
    known = frozenset({mask(lines[1]), slot(lines[1], lines[3])})
    assert key_lines(text, known) == (lines[0], lines[3])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("本隐私政策适用于我们提供的服务，我们会收集您的个人信息，例如 Android ID。" * 2, "zh"),
        ("本隱私政策適用於我們提供的服務，我們會收集您的個人資料，請與我們聯絡。" * 2, "zh-hant"),
        ("We collect the information that you give to us in order to provide our services to you.", "en"),
        ("Nous recueillons les informations que vous nous donnez pour vous fournir les services.", "fr"),
        ("Wir verarbeiten die Daten, die Sie uns geben, und nutzen sie nicht für andere Zwecke.", "de"),
        ("私たちはお客様の個人情報を収集し、サービスの提供のために利用します。" * 2, "ja"),
        ("우리는 서비스를 제공하기 위하여 개인정보를 수집하고 이용합니다." * 2, "ko"),
        ("404", None),
        ("zzz qqq xxx " * 30, None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_kin() -> None:
    assert kin("en-GB", "en")
    assert kin(None, "zh")
    assert kin("zh-TW", "zh-hant")
    assert not kin("zh", "zh-hant")
    assert not kin("zh", "en")
