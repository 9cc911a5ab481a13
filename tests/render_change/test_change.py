"""A change in every form: complete, most important first, and inert whatever the text holds."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from monitor.diff import compare
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
