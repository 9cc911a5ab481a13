"""What of a page's structure is kept, in the text form."""

from __future__ import annotations

import pytest

from monitor.text.blocks import BlockKind, blocks
from tests.extract.pages import extracted, whole

forms = {
    "headings": ("<h1>A</h1><h2>B <b>c</b></h2><p>d</p><h6>E</h6>", "# A\n\n## B c\n\nd\n\n###### E"),
    "heading with blocks": ("<h2><div>Part</div><div>One</div></h2>", "## Part One"),
    "heading role": ("<div role=heading aria-level=3>Scope</div><p>x</p>", "### Scope\n\nx"),
    "empty heading": ("<h2> </h2><h3><img src=a.png></h3><p>x</p>", "x"),
    "nested list": (
        "<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>",
        "- a\n  - b\n    1. c\n- d",
    ),
    "numbers of the page": (
        "<ol start=4><li>a<li>b<li value=9>c<li>d</ol>",
        "4. a\n5. b\n9. c\n10. d",
    ),
    "letters": ("<ol type=a><li>x<li>y</ol><ol type=i><li>x<li>y</ol>", "a. x\nb. y\ni. x\nii. y"),
    "reversed": ("<ol reversed><li>x<li>y<li>z</ol>", "3. x\n2. y\n1. z"),
    "unnumbered ol": ("<ol style='list-style: none'><li>x</ol>", "- x"),
    "own number": ("<ul><li>1. x<li>（一）y</ul><ol><li>(2) z</ol>", "1. x\n- （一）y\n- (2) z"),
    "own bullet": ("<ul><li>• x</ul>", "- x"),
    "item of paragraphs": ("<ul><li><p>a</p><p>b</p><li>c</ul>", "- a\n  b\n- c"),
    "heading in item": (
        "<ol><li><h3>Scope</h3><p>a</p><li><h3>2. Data</h3></ol>",
        "### 1. Scope\n\n  a\n\n### 2. Data",
    ),
    "item without list": ("<li>a<li>b", "- a\n- b"),
    "table": (
        "<table><tr><th>SDK<th>Purpose<tr><td>Map<td>Show maps</table>",
        "| SDK | Purpose |\n| Map | Show maps |",
    ),
    "short cells": ("<table><tr><td>名称<td>共享<tr><td>甲<td>无</table>", "| 名称 | 共享 |\n| 甲 | 无 |"),
    "bars in cells": ("<table><tr><td>a|b<td>c</table>", "| a¦b | c |"),
    "rowspan": (
        "<table><tr><th>Kind<th>Data<tr><td rowspan=2>Map<td>place<tr><td>speed</table>",
        "| Kind | Data |\n| Map | place |\n| Map | speed |",
    ),
    "rowspan in the middle": (
        "<table><tr><td>a<td rowspan=2>b<td>c<tr><td>d<td>e</table>",
        "| a | b | c |\n| d | b | e |",
    ),
    "colspan": (
        "<table><tr><th colspan=2>Data<th>Use<tr><td>a<td>b<td>c</table>",
        "| Data | Data | Use |\n| a | b | c |",
    ),
    "title row": ("<table><tr><td colspan=3>Maps<tr><td>a<td>b<td>c</table>", "| Maps |\n| a | b | c |"),
    "caption": ("<table><caption>SDKs</caption><tr><td>a<td>b</table>", "SDKs\n\n| a | b |"),
    "list in a cell": ("<table><tr><td>a<td><ul><li>x<li>y</ul></table>", "| a | x y |"),
    "lines in a cell": ("<table><tr><td>a<br>b<td><p>c</p><p>d</p></table>", "| a b | c d |"),
    "layout table": ("<table><tr><td><h2>A</h2><p>x</p><td><p>y</p></table>", "## A\n\nx\n\ny"),
    "one column": ("<table><tr><td>a<tr><td>b</table>", "a\n\nb"),
    "table of roles": (
        "<div role=table><div role=row><span role=cell>a</span><span role=cell>b</span></div></div>",
        "| a | b |",
    ),
    "details": (
        "<details><summary>More</summary><p>hidden until asked</p></details>",
        "## More\n\nhidden until asked",
    ),
    "details with heading": ("<details><summary><h3>More</h3></summary>x</details>", "### More\n\nx"),
    "definitions": (
        "<dl><dt>Data<dd>What we hold<dt>You<dd>A user</dl>",
        "Data\n\nWhat we hold\n\nYou\n\nA user",
    ),
    "br paragraphs": ("<p>one<br><br>two<br>three</p>", "one\n\ntwo\n\nthree"),
    "bold": ("<p>We <b>never</b> sell <strong>it.</strong></p>", "We **never** sell **it.**"),
    "bold by style": ("<p><span style='font-weight: 700'>x</span> y</p>", "**x** y"),
    "not bold by style": ("<b style='font-weight:normal'><p>x <b>y</b></p></b>", "x **y**"),
    "bold runs joined": ("<p><b>a</b> <b>b</b><b>c</b></p>", "**a bc**"),
    "bold space outside": ("<p>a<b> b </b>c</p>", "a **b** c"),
    "bold punctuation": ("<p>a<b>: </b>c</p>", "a: c"),
    "bold over blocks": ("<b><p>a</p><p>b</p></b>", "**a**\n\n**b**"),
    "spaces": ("<p>a \n\t b&nbsp;&nbsp;c&#8203;d</p>", "a b cd"),
    "inline glue": ("<p><span>a</span><span>b</span> <i>c</i></p>", "ab c"),
    "div soup": ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
    "pre": ("<pre>one\ntwo\n\nthree</pre>", "one\n\ntwo\n\nthree"),
    "quote": ("<p>the <q>service</q></p>", "the “service”"),
    "ornaments": ("<p>***</p><p>a</p><p>‍</p>", "a"),
    "script and style": ("<p>a</p><script>b</script><style>c</style><template>d</template>", "a"),
    "form fields": ("<p>a</p><select><option>b</select><textarea>c</textarea>", "a"),
    "buttons": (
        "<button>Print</button><p>a</p><h3><button aria-expanded=false>Data</button></h3>",
        "a\n\n### Data",
    ),
}


@pytest.mark.parametrize("name", forms)
def test_form(name: str) -> None:
    page, expected = forms[name]
    assert whole(page) == expected


def test_every_line_of_the_text_form_is_read_back_as_what_it_is() -> None:
    page = "<h2>A</h2><p>b</p><ul><li>c<ul><li>d</ul></ul><ol><li>e</ol><table><tr><td>f<td>g</table>"
    kinds = [(block.kind, block.level) for block in blocks(whole(page))]
    assert kinds == [
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.ITEM, 0),
        (BlockKind.ITEM, 1),
        (BlockKind.ITEM, 0),
        (BlockKind.ROW, 0),
    ]


def test_links_stand_beside_the_text_with_whole_addresses() -> None:
    page = """<p>See <a href="../cookies?a=1">our <b>cookies</b></a>,
      <a href="mailto:dpo@service.example">write</a>,
      <a href="javascript:void(0)">x</a>, <a href="https://[broken">y</a> and <a href="#top"></a>.</p>"""
    result = extracted(page, select=("body",))
    assert result.text == "See our **cookies**, write, x, y and ."
    assert [(link.text, link.address) for link in result.links] == [
        ("our cookies", "https://service.example/cookies?a=1"),
        ("write", "mailto:dpo@service.example"),
    ]


def test_base_element_counts_for_links() -> None:
    result = extracted('<base href="https://cdn.example/x/"><p><a href="y">z</a></p>', select=("body",))
    assert result.links[0].address == "https://cdn.example/x/y"


def test_a_heading_of_a_whole_page_is_no_heading() -> None:
    page = "<h1>Terms<p>" + "<p>".join(f"Clause {n} says a good deal about the matter." for n in range(20))
    assert whole(page).count("\n\n") == 20
    assert not whole(page).startswith("#")


def test_title_is_the_page_title_or_the_first_heading() -> None:
    assert extracted("<title> A \n B </title><h1>C</h1><p>x", select=("body",)).title == "A B"
    assert extracted("<h1>C</h1><p>x", select=("body",)).title == "C"
    assert extracted("<p>x", select=("body",)).title is None


def test_ids_that_change_with_each_request_leave_no_trace() -> None:
    page = "<p id='{0}' class='c{0}' data-n='{0}'>a <a href='/r/{0}'>b</a><img src='{0}.png' alt='{0}'></p>"
    assert whole(page.format(1)) == whole(page.format(2)) == "a b"
