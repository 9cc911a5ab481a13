"""A change in every form: complete, most important first, and inert whatever the text holds."""

from __future__ import annotations

import re
from html import unescape
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from monitor.diff import compare
from monitor.model import Change
from monitor.render.change import Head, as_markdown, as_terminal, as_text, as_unified
from monitor.render.change_html import as_html
from monitor.render.change_words import Replaced, replaced_words

hostile = "\x1b]52;c;aGk=\x07<script>alert(1)</script>[x](http://evil.example)@all\u202e[bold]"
before = "我们保存日志30天。\n\n我们不会出售您的个人信息。"
after = f"我们保存日志180天。\n\n我们不会出售您的个人信息。\n\n{hostile}"


def on_terminal(width: int = 80) -> str:
    console = Console(width=width, force_terminal=True, color_system=None, record=True, file=StringIO())
    console.print(as_terminal(compare(before, after)))
    return console.export_text()


def test_every_form_shows_what_went_and_what_came() -> None:
    change = compare(before, after)
    for shown in (as_text(change), as_html(change), as_unified(before, after), on_terminal()):
        assert "30" in shown
        assert "180" in shown


def test_nothing_of_the_text_acts_in_any_form() -> None:
    change = compare(before, after)
    for shown in (as_text(change), as_markdown(change), as_unified(before, after), on_terminal()):
        assert "\x1b]" not in shown
        assert "\x07" not in shown
        assert "\u202e" not in shown
    assert "<script" not in as_html(change)
    assert "[x](http" not in as_markdown(change)


def test_plain_text_is_cut_between_places_and_says_how_many_are_left() -> None:
    old = "\n".join(f"第{n}条收集的信息保存{n}天。" for n in range(1, 30))
    new = "\n".join(f"第{n}条收集的信息保存{n + 100}天。" for n in range(1, 30))
    shown = as_text(compare(old, new), limit=400)
    assert len(shown) < 700
    assert "more)" in shown
    assert "另有" in as_text(compare(old, new), limit=400, language="zh")


def test_no_difference_is_said_in_words() -> None:
    same = compare(before, before)
    assert "do not differ" in as_text(same)
    assert "没有差别" in as_html(same, language="zh")


peers_before = "我们不会将您的个人信息用于推送信息。日志保存30天。我们会与第三方共享您的订单信息。"
peers_after = "我们会将您的个人信息用于推送商业广告信息。日志保存180天。我们会与关联公司共享您的订单信息。"
taken, put = ["不会", "30", "第三方"], ["会", "商业广告", "180", "关联公司"]


def test_of_four_chinese_changes_every_form_marks_the_changed_words_alone() -> None:
    """Where other tools mark the whole paragraph."""
    change = compare(peers_before, peers_after)
    text, page, marked = as_text(change), as_html(change), as_markdown(change)
    inline = [part.partition('<div class="sides">')[0] for part in page.split("<section")[1:]]
    assert sorted(re.findall(r"\[-(.*?)-\]", text)) == sorted(taken)
    assert sorted(re.findall(r"\{\+(.*?)\+\}", text)) == sorted(put)
    assert sorted(re.findall(r"<del>(.*?)</del>", "".join(inline))) == sorted(taken)
    assert sorted(re.findall(r"<ins>(.*?)</ins>", "".join(inline))) == sorted(put)
    assert sorted(re.findall(r"~~(.*?)~~", marked)) == sorted(taken)
    assert set(put) <= set(re.findall(r"\*\*(.*?)\*\*", marked))
    assert styled(change, "strike") == taken
    assert styled(change, "underline") == put


def styled(change: Change, style: str) -> list[str]:
    """The words that the terminal shows in a style."""
    shown = as_terminal(change)
    assert isinstance(shown, Group)
    texts = [one.renderable for one in shown.renderables if isinstance(one, Padding)]
    return [
        text.plain[span.start : span.end]
        for text in texts
        if isinstance(text, Text)
        for span in text.spans
        if style in str(span.style)
    ]


@pytest.mark.parametrize(
    ("old", "new", "english", "chinese"),
    [
        (
            "日志保存三十日。",
            "日志保存180天。",
            "retention: 30 days -> 180 days",
            "保存期限: 三十日 -> 180天",
        ),
        ("共享给商家。", "共享给商家、保险公司。", "recipient added: insurers", "新增接收方：保险公司"),
        ("您有权查阅、注销。", "您有权查阅。", "right removed: account closure", "移除权利：注销"),
        (
            "| SDK | 目的 |\n| 甲 | 推送 |",
            "| SDK | 目的 |\n| 甲 | 推送 |\n| 乙 | 广告 |",
            "SDK added: 乙 (目的: 广告)",
            "新增SDK：乙（目的: 广告）",
        ),
        (
            "| SDK | 目的 |\n| 甲 | 推送 |",
            "| SDK | 目的 |\n| 甲 | 广告 |",
            "SDK 甲: 目的: 推送 -> 目的: 广告",
            "SDK 甲: 目的: 推送 -> 目的: 广告",
        ),
        ("满14周岁。", "满16周岁。", "age: 14 years old -> 16 years old", "年龄: 14周岁 -> 16周岁"),
    ],
)
def test_changed_facts_stand_in_every_form(old: str, new: str, english: str, chinese: str) -> None:
    change = compare(old, new)
    for language, fact in (("en", english), ("zh", chinese)):
        assert fact in as_text(change, language=language)
        assert fact in unescape(as_html(change, language=language))
        assert fact in as_markdown(change, language=language).replace("\\", "")
        console = Console(width=300, record=True, file=StringIO())
        console.print(as_terminal(change, language=language))
        assert fact in console.export_text()


def test_many_facts_are_counted_not_listed() -> None:
    change = compare("我们收集：昵称。", "我们收集：昵称、姓名、性别、职业、邮箱、IMEI、IP地址、民族。")
    assert "+3" in as_text(change)


def test_what_takes_from_the_person_comes_first_of_equal_weight() -> None:
    old = "我们会出售您的照片。\n\n我们不会共享您的通讯录。"
    new = "我们不会出售您的照片。\n\n我们会共享您的通讯录。"
    assert as_text(compare(old, new)).index("通讯录") < as_text(compare(old, new)).index("照片")


def test_without_colour_the_words_are_marked_by_brackets() -> None:
    console = Console(width=80, record=True, file=StringIO())
    console.print(as_terminal(compare(before, after), marks=True))
    assert "[-30-]{+180+}" in console.export_text()


def test_chinese_lines_are_broken_by_their_width_and_stay_indented() -> None:
    long = "我们收集您的个人信息用于提供服务" * 20
    console = Console(width=60, record=True, file=StringIO())
    console.print(as_terminal(compare("", long)))
    lines = [line for line in console.export_text().splitlines() if "收集" in line]
    assert len(lines) > 5
    assert all(line.startswith("  ") and cell_len(line.rstrip()) <= 60 for line in lines)


def test_every_form_stands_under_the_versions_it_compares() -> None:
    change, head = (
        compare(before, after),
        Head(title="amap: version 1 -> version 2", lines=("seen\x1b[31m then",)),
    )
    for shown in (as_text(change, head=head), as_html(change, head=head), as_markdown(change, head=head)):
        assert "amap" in shown
        assert "\x1b" not in shown
    same = compare(before, before)
    assert "amap" in as_text(same, head=head)
    assert "amap" in as_markdown(same, head=head)
    names = as_unified(before, after, names=("version 1", "version\n2")).splitlines()[:2]
    assert names == ["--- version 1", "+++ version 2"]


def test_the_page_shows_both_sides_and_opens_with_the_one_asked_for() -> None:
    page = as_html(compare(before, after), sides=True)
    assert re.search(r'id="sides"[^>]* checked', page)
    assert not re.search(r'id="inline"[^>]* checked', page)
    assert page.count('<div class="sides">') == page.count('<section class="place')
    assert "<script" not in page
    assert "http-equiv" in page


def test_markdown_is_cut_between_places_too() -> None:
    old = "\n".join(f"第{n}条收集的信息保存{n}天。" for n in range(1, 30))
    new = "\n".join(f"第{n}条收集的信息保存{n + 100}天。" for n in range(1, 30))
    shown = as_markdown(compare(old, new), limit=600)
    assert len(shown) < 900
    assert "more)" in shown


def test_the_list_of_words_says_what_stands_in_place_of_what() -> None:
    old = "日志保存30天。\n\n订单保存30天。\n\n我们不会共享您的信息。"
    new = "日志保存180天。\n\n订单保存180天。\n\n我们会共享您的通讯录信息。"
    found = {(one.before, one.after): one.times for one in replaced_words(compare(old, new))}
    assert found[("30", "180")] == 2
    assert found[("不会", "会")] == 1
    assert found[("", "通讯录")] == 1


def test_the_list_of_words_knows_what_only_went_and_nothing_of_moves() -> None:
    clauses = [f"第{n}类信息用于提供第{n}项功能，保存期限以本政策为准。" for n in "甲乙丙丁戊"]
    moved = compare("\n\n".join(clauses), "\n\n".join([*clauses[1:4], clauses[0], clauses[4]]))
    assert replaced_words(moved) == []
    gone = replaced_words(compare("我们共享您的姓名。" + hostile, "我们共享您的姓名。"))
    assert all(isinstance(one, Replaced) and one.after == "" for one in gone)
    assert not any("\x1b" in one.before for one in gone)
