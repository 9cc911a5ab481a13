"""Nothing that steers a terminal or hides from the eye gets through `clean`."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.clean import clean, clean_line


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text 隐私政策\n\tline", "plain text 隐私政策\n\tline"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]8;;http://evil\x07link", "␛]8;;http://evil␇link"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("a\rb", "a␍b"),
        ("del\x7f", "del␡"),
        ("user\u202etxt.exe", "user⟨U+202E⟩txt.exe"),
        ("\u2066isolated\u2069", "⟨U+2066⟩isolated⟨U+2069⟩"),
        ("pay\u200bpal", "pay⟨U+200B⟩pal"),
        ("\ufeffbom", "⟨U+FEFF⟩bom"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("half \ud800", "half ⟨U+D800⟩"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("葛\U000e0100城", "葛\U000e0100城"),
    ],
)
def test_examples(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_line_has_no_breaks() -> None:
    assert clean_line("  one\n\ttwo\r ") == "one two␍"


@given(st.text(alphabet=st.characters(codec=None)))
def test_idempotent_and_encodable(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()
    assert not any(unicodedata.category(char) == "Cc" for char in once if char not in "\n\t")
    assert not any(unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF"} for char in once)
