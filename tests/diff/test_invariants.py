"""What holds of every classed change, whatever the texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.diff import compare
from monitor.diff.summary import main_topics
from monitor.model import Direction, Nature, Op

phrases = st.sampled_from(
    ["我们会", "我们不会", "共享", "您的信息", "。", "，", "等", "保存", "30天", "三十日", "您有权", "删除", "第三方", "| 甲 | 推送 |\n", "# SDK\n",
     "We ", "may ", "will not ", "share ", "your data", ". ", "30 days", "thirty days", "you can ", "delete ", "2024年5月2日", "\n\n", "- ", "1、"]
)  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(phrases, max_size=20).map("".join))


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_a_change_is_consistent(before: str, after: str) -> None:
    change = compare(before, after)
    assert (change.hunks == ()) == (before == after)
    assert change.significance == max((hunk.significance for hunk in change.hunks), default=0)
    assert set(main_topics(change)) <= {topic for hunk in change.hunks for topic in hunk.topics}
    for hunk in change.hunks:
        assert hunk.reasons
        assert (hunk.significance == 0) == (hunk.nature in (Nature.COSMETIC, Nature.MOVED))
        assert hunk.nature is Nature.SUBSTANTIVE or (hunk.direction is None and not hunk.facts)
        for one in hunk.facts:
            for fact, text in ((one.before, before), (one.after, after)):
                assert fact is None or text[fact.span.start : fact.span.end] == fact.quote


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_a_change_undone_goes_the_other_way(before: str, after: str) -> None:
    there, back = compare(before, after), compare(after, before)
    if len(there.hunks) == len(back.hunks) == 1 and there.hunks[0].form == back.hunks[0].form == "changed":
        contrary = {Direction.SOFTER: Direction.HARDER, Direction.HARDER: Direction.SOFTER}
        one, other = there.hunks[0], back.hunks[0]
        if one.edits and {edit.op for edit in one.edits} >= {Op.INSERT}:
            assert one.nature is other.nature
            if one.direction in contrary:
                assert other.direction is contrary[one.direction]


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert compare(text, text).hunks == ()
