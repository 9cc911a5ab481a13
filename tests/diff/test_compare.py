"""What differs between two texts: only what differs is marked, and the hunks rebuild the new text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.diff import compare, rebuild
from monitor.model import Change, Direction, Nature, Op, Topic


def marked(change: Change, op: Op) -> list[str]:
    return [edit.text for hunk in change.hunks for edit in hunk.edits if edit.op is op and edit.text.strip()]


def test_of_four_chinese_changes_only_the_words_that_changed_are_marked() -> None:
    before = "我们不会将您的个人信息用于推送信息。日志保存30天。我们会与第三方共享您的订单信息。"
    after = "我们会将您的个人信息用于推送商业广告信息。日志保存180天。我们会与关联公司共享您的订单信息。"
    change = compare(before, after)
    assert marked(change, Op.DELETE) == ["不会", "30", "第三方"]
    assert marked(change, Op.INSERT) == ["会", "商业广告", "180", "关联公司"]
    assert [hunk.nature for hunk in change.hunks] == [Nature.SUBSTANTIVE] * 3
    assert change.hunks[0].direction is Direction.SOFTER
    (fact,) = change.hunks[1].facts
    assert fact.before is not None
    assert fact.after is not None
    assert (fact.before.value, fact.after.value) == ("30 days", "180 days")
    assert change.significance == 3


def test_a_word_between_two_that_changed_is_not_marked() -> None:
    change = compare("我们不会向第三方提供您的位置信息。", "我们会向关联公司提供您的位置信息。")
    assert marked(change, Op.DELETE) == ["不会", "第三方"]
    assert marked(change, Op.INSERT) == ["会", "关联公司"]


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("我们应当在15日内答复您。", "我们可以在15日内答复您。", Direction.SOFTER),
        ("日志信息的保存期限为六个月。", "日志信息的保存期限为三个月。", Direction.HARDER),
        ("We shall delete your data on request.", "We may delete your data on request.", Direction.SOFTER),
        ("We will share your data.", "We will not share your data.", Direction.HARDER),
        ("我们收集手机号码。", "我们收集手机号码等。", Direction.SOFTER),
    ],
)
def test_direction_follows_the_words(before: str, after: str, direction: Direction) -> None:
    (hunk,) = compare(before, after).hunks
    assert hunk.direction is direction
    assert hunk.reasons


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("我们收集您的手机号码，用于注册。", "我们收集您的手机号码,用于注册。"),
        ("3、我们保护您的个人信息。", "4、我们保护您的个人信息。"),
        ("We “protect” your data.", 'We "protect" your data.'),
        ("- 姓名\n- 电话", "姓名\n\n电话"),
    ],
)
def test_what_no_reader_minds_is_cosmetic(before: str, after: str) -> None:
    change = compare(before, after)
    assert change.hunks
    assert all(hunk.nature is Nature.COSMETIC for hunk in change.hunks)
    assert change.significance == 0


def test_a_moved_clause_is_one_move() -> None:
    clauses = [f"第{n}类信息用于提供第{n}项功能，保存期限以本政策为准。" for n in "甲乙丙丁戊"]
    change = compare("\n\n".join(clauses), "\n\n".join([*clauses[1:4], clauses[0], clauses[4]]))
    assert [hunk.form for hunk in change.hunks if hunk.nature is not Nature.COSMETIC] == ["moved"]


def test_a_new_row_of_the_sdk_table_is_one_place_with_its_topic() -> None:
    rows = ["| 名称 | 目的 | 信息 |", "| 甲 SDK | 推送 | 设备信息 |", "| 乙 SDK | 支付 | 订单信息 |"]
    change = compare("\n".join(rows), "\n".join([*rows, "| 丙 SDK | 广告 | 位置信息 |"]))
    assert [hunk.form for hunk in change.hunks] == ["added"]
    assert Topic.COOKIES in change.hunks[0].topics


def test_equal_texts_have_no_hunks() -> None:
    assert compare("同一段文字。", "同一段文字。").hunks == ()


pieces = st.sampled_from(
    ["。", "；", "\n", "\n\n", " ", "30天", "不", "会", "# ", "- ", "| a | b |", "我们收集", "may ", "not "]
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join))


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_the_hunks_rebuild_the_new_text(before: str, after: str) -> None:
    change = compare(before, after)
    assert rebuild(before, change) == after
    for hunk in change.hunks:
        kept = "".join(edit.text for edit in hunk.edits if edit.op is not Op.INSERT)
        assert kept == (before[hunk.before.start : hunk.before.end] if hunk.before else "")
