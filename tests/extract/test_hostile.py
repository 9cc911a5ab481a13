"""Pages made to break an extractor, or broken by themselves: all of the text, or a fault, in time."""

from __future__ import annotations

import time

import pytest

from monitor.extract import child
from monitor.extract.lines import Line, Shape, page
from monitor.model import Extracted, FaultKind
from monitor.text.blocks import blocks
from tests.extract.pages import chosen, extracted, kind_of, policy, read, site, whole


@pytest.mark.parametrize(
    "tag", ["div", "p><b", "ul><li", "span", "blockquote", "table><tr><td", "font", "section", "details"]
)
@pytest.mark.parametrize("depth", [600, 8000])
def test_unclosed_elements_lose_no_text(tag: str, depth: int) -> None:
    started = time.perf_counter()
    text = whole("".join(f"<{tag}>word{n} " for n in range(depth)) + "<p>the last word</p>")
    assert time.perf_counter() - started < child.wall_seconds + 10
    for n in (0, 1, depth // 2, depth - 1):
        assert f"word{n} " in f"{text} ".replace("\n", " ").replace("*", " ")
    assert "the last word" in text


def test_a_page_of_sixteen_thousand_levels_is_read() -> None:
    result = read("<body>" + "<div>" * 16_000 + "the last word " * 30)
    assert isinstance(result, Extracted)
    assert "the last word" in result.text


def test_a_page_of_a_hundred_thousand_levels_ends_as_text_or_fault_in_time() -> None:
    started = time.perf_counter()
    result = read("<body>" + "<ul><li>" * 100_000 + "x" * 300)
    assert time.perf_counter() - started < child.wall_seconds + 10
    assert isinstance(result, Extracted) or kind_of(result) is FaultKind.PARSE_LIMIT


bombs = {
    "attribute of 30 MB": lambda: f"<p title='{'a' * 30_000_000}'>{policy()}</p>",
    "one line of 9 MB": lambda: "<p>" + "word " * 1_800_000,
    "one word of 4 MB": lambda: "<p>" + "x" * 4_000_000,
    "half a million tags": lambda: "<i>a</i>" * 500_000,
    "spans of a table": lambda: (
        "<table>" + "<tr><td rowspan=65534 colspan=1000>some label<td>b" * 500 + "</table>"
    ),
    "open brackets": lambda: "<p>" + "<" * 1_000_000,
    "open noscripts": lambda: "<noscript>" * 100_000 + "text",
    "open comments": lambda: "<p>text</p>" + "<!-- " * 200_000,
    "open scripts": lambda: "<p>text</p>" + "<script>" * 100_000,
    "attributes": lambda: "<p " + " ".join(f"a{n}=b" for n in range(100_000)) + ">text",
    "class of many names": lambda: f"<div class='{'share-' * 200_000}'>text</div>",
    "style of many colons": lambda: f"<div style='{'display: ' * 200_000}'>text</div>",
    "spaces": lambda: "<p>a" + " " * 3_000_000 + "b",
    "digits": lambda: "<li>" + "1" * 1_000_000,
    "stars": lambda: "<p><b>" + "*" * 1_000_000 + "</b>text",
    "meta": lambda: "<meta " + "charset" * 100_000 + "><p>text",
    "links": lambda: "<p>" + "<a href=/x>y</a> " * 100_000,
    "buttons": lambda: "<button>Accept all cookies</button>" * 20_000 + policy(),
    "headings": lambda: "<div>" * 2000 + "<h1>a</h1>" * 5000,
    "nested tables": lambda: "<table><tr><td>" * 3000 + "text",
}


@pytest.mark.parametrize("name", bombs)
def test_bombs_end_in_time(name: str) -> None:
    content = bombs[name]()
    started = time.perf_counter()
    result = read(content)
    assert time.perf_counter() - started < child.wall_seconds + 10
    assert isinstance(result, Extracted) or kind_of(result) is not None
    if isinstance(result, Extracted):
        assert len(result.text) < 12_000_000


def test_noscript_with_an_open_frame_does_not_swallow_the_page() -> None:
    page_ = f"<noscript><iframe src=https://t.example/></noscript>{policy()}"
    assert chosen(page_) == chosen(policy())


def test_noscript_in_scripts_and_comments_is_not_markup() -> None:
    tricky = "<script>var a = '<noscript>';</script><!-- <noscript> -->"
    assert chosen(site(tricky + policy() + "<noscript>late</noscript>")) == chosen(site(policy()))


def test_an_unclosed_noscript_loses_nothing_behind_it() -> None:
    assert chosen(f"<noscript><img src=a>{policy()}").endswith("删除。")


def test_text_that_looks_like_the_text_form_stays_on_its_line() -> None:
    text = whole("<p># not a heading?</p><p>a\nb</p><table><tr><td>| c |<td>d\ne</table>")
    assert text == "# not a heading?\n\na b\n\n| ¦ c ¦ | d e |"


def test_control_characters_and_half_characters_are_tamed() -> None:
    text = whole("<p>a&#0;b\x01c\x0bd\x85e\u2028f&#xD800;g\u202eh\ufeffi</p>")
    assert "\n" not in text
    assert all(char.isprintable() for char in text)
    text.encode()


def test_rows_and_items_of_any_text_are_one_line_each() -> None:
    lines = [Line(Shape.ITEM, "a", 40, "- "), Line(Shape.ROW, "| b |"), Line(Shape.MORE, "c", 2)]
    assert page(lines) == " " * 16 + "- a\n\n| b |\n\n    c"
    assert len(blocks(page(lines))) == 3


def test_a_page_cut_in_the_middle_gives_what_came() -> None:
    whole_page = site(policy(40))
    cut = extracted(whole_page[: len(whole_page) // 2]).text
    assert cut.startswith("# Privacy Policy")
    assert extracted(whole_page).text.startswith(cut[: len(cut) - 200])
