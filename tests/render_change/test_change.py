"""A change in every form: complete, most important first, and inert whatever the text holds."""

from __future__ import annotations

import re
from html import unescape
from io import StringIO

import pytest
from rich.console import Console, Group
from rich.text import Text

from monitor.diff import compare
from monitor.model import Change
from monitor.render.change import as_html, as_markdown, as_terminal, as_text, as_unified

hostile = "\x1b]52;c;aGk=\x07<script>alert(1)</script>[x](http://evil.example)@all\u202e[bold]"
before = "我们保存日志30天。\n\n我们不会出售您的个人信息。"
after = f"我们保存日志180天。\n\n我们不会出售您的个人信息。\n\n{hostile}"


def on_terminal(width: int = 80) -> str:
    console = Console(width=width, force_terminal=True, color_system=None, record=True, file=StringIO())
    console.print(as_terminal(compare(before, after)))
    return console.export_text()


def test_every_form_shows_what_went_and_what_came() -> None:
    change = compare(before, after)
    for shown in (as_text(change), as_html(change, before, after), as_unified(before, after), on_terminal()):
        assert "30" in shown
        assert "180" in shown


def test_nothing_of_the_text_acts_in_any_form() -> None:
    change = compare(before, after)
    for shown in (as_text(change), as_markdown(change), as_unified(before, after), on_terminal()):
        assert "\x1b]" not in shown
        assert "\x07" not in shown
        assert "\u202e" not in shown
    assert "<script" not in as_html(change, before, after)
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
    assert "没有差别" in as_html(same, before, before, language="zh")


peers_before = "我们不会将您的个人信息用于推送信息。日志保存30天。我们会与第三方共享您的订单信息。"
peers_after = "我们会将您的个人信息用于推送商业广告信息。日志保存180天。我们会与关联公司共享您的订单信息。"
taken, put = ["不会", "30", "第三方"], ["会", "商业广告", "180", "关联公司"]


def test_of_four_chinese_changes_every_form_marks_the_changed_words_alone() -> None:
    """Where other tools mark the whole paragraph."""
    change = compare(peers_before, peers_after)
    text, page, marked = as_text(change), as_html(change, peers_before, peers_after), as_markdown(change)
    inline = [part.partition("<details>")[0] for part in page.split("<section")[1:]]
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
    texts = [one for one in shown.renderables if isinstance(one, Text)]
    return [
        text.plain[span.start : span.end] for text in texts for span in text.spans if style in str(span.style)
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
        assert fact in unescape(as_html(change, old, new, language=language))
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
