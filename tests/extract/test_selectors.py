"""What the operator selects and removes: CSS selectors and ranges between two of them."""

from __future__ import annotations

import pytest

from monitor.extract import recipe
from monitor.model import Fault, FaultKind, Range, SourceDocument
from tests.extract.pages import address, extracted, read

page = """<body><div id=a>Top <h1>Title</h1> <p class=intro>Intro</p></div>
<div id=b><h2>One</h2><p>First</p><ul><li class=x>Item<li>Other</ul><h2 class=cut>Two</h2><p>Second</p></div>
<div id=c><p>Last</p><b>Word</b></div></body>"""

ranges = {
    "before, before": (
        Range(start_before="h1", end_before=".cut"),
        "# Title\n\nIntro\n\n## One\n\nFirst\n\n- Item\n- Other",
    ),
    "before, after": (Range(start_before=".intro", end_after="#b h2"), "Intro\n\n## One"),
    "after, before": (
        Range(start_after="#b h2", end_before="#c"),
        "First\n\n- Item\n- Other\n\n## Two\n\nSecond",
    ),
    "after, after": (Range(start_after=".cut", end_after="#c p"), "Second\n\nLast"),
    "inside one element": (Range(start_after=".x", end_before=".cut"), "- Other"),
    "over the borders": (Range(start_after="#b p:last-child", end_before="#c b"), "Last"),
}


@pytest.mark.parametrize("name", ranges)
def test_range_is_what_lies_between(name: str) -> None:
    chosen, expected = ranges[name]
    assert extracted(page, select=(chosen,)).text == expected


@pytest.mark.parametrize("name", ranges)
def test_range_removed_is_all_but_what_lies_between(name: str) -> None:
    chosen, expected = ranges[name]
    rest = extracted(page, select=("body",), remove=(chosen,)).text
    everything = extracted(page, select=("body",)).text.split()
    assert len(rest.split()) + len(expected.split()) == len(everything)
    assert not set(expected.split()) & set(rest.split()) - {"##", "-"}


def test_several_choices_are_read_in_the_order_of_the_page_and_once() -> None:
    result = extracted(page, select=("#c p", ".intro", "#a", Range(start_before="#c p", end_after="#c p")))
    assert result.text == "Top\n\n# Title\n\nIntro\n\nLast"


def test_removal_comes_before_selection() -> None:
    assert extracted(page, select=("#b",), remove=("h2", "li:first-child", "p")).text == "- Other"


def test_removing_what_is_not_there_is_no_fault() -> None:
    gone: tuple[str | Range, ...] = (".banner", Range(start_before=".banner", end_after="#c"))
    assert extracted(page, select=("#c",), remove=gone).text == "Last\n\n**Word**"


@pytest.mark.parametrize(
    ("select", "named"),
    [
        (("#b", "article.gone"), "'article.gone'"),
        (("p:::",), "'p:::'"),
        (("",), "''"),
        ((Range(start_before="#a", end_before=".gone"),), "end_before='.gone'"),
        ((Range(start_before="#a", start_after="#b", end_before="#c"),), "one of before and after"),
        ((Range(start_before="#a"),), "one of before and after"),
        ((Range(start_before="#c", end_before="#a"),), "start_before='#c'"),
        ((Range(start_before="[", end_before="#a"),), "'['"),
    ],
)
def test_a_selector_that_selects_nothing_is_named(select: tuple[str | Range, ...], named: str) -> None:
    result = read(page, select=select)
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.SELECTOR
    assert not result.transient
    assert named in result.message


def test_a_removal_that_is_no_selector_is_named() -> None:
    result = read(page, remove=("p:::",))
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.SELECTOR


def test_an_empty_selection_is_a_fault() -> None:
    result = read("<main></main><p>" + "text " * 100, select=("main",))
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.EMPTY


def test_what_is_selected_is_not_judged_but_hidden_parts_stay_out() -> None:
    inside = (
        "<nav>Contents</nav><footer>Imprint</footer><div hidden>x</div><div class=share-buttons>Share</div>"
    )
    text = extracted(f"<body><div id=p><p>Text</p>{inside}</div></body>", select=("#p",)).text
    assert text == "Text\n\nContents\n\nImprint\n\nShare"


def test_recipe_marks_everything_that_decides_how_a_text_is_taken() -> None:
    def mark(**how: object) -> str:
        return recipe([SourceDocument(location=address, **how)])  # type: ignore[arg-type]

    marks = {
        mark(),
        mark(select=("main",)),
        mark(remove=("main",)),
        mark(select=(Range(start_before="a", end_before="b"),)),
        mark(extractor="html"),
        mark(json_path="data.text"),
    }
    assert len(marks) == 6
    assert mark() == recipe([SourceDocument(location="https://elsewhere.example", fetcher="browser")])
    assert len(recipe([SourceDocument(location=address)] * 2)) < 40
