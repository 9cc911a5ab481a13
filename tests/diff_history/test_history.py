"""The history of sentences: an edit keeps it, a move keeps it, a return is known, nothing is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.diff.clauses import clauses
from monitor.diff.history import History, Line, history

a = "我们收集您的手机号码，用于注册账号。"
b = "日志信息的保存期限为30天。"
b2 = "日志信息的保存期限为180天。"
c = "未经您的同意，我们不会向第三方提供您的个人信息。"
d = "您可以在设置中删除您的搜索记录与行程轨迹。"


def told(*texts: str) -> History:
    return history(enumerate(texts, 1))


def line(found: History, words: str) -> Line:
    return next(one for one in (*found.standing, *found.gone) if words in one.text)


def test_a_sentence_that_never_changed_is_as_old_as_the_first_version() -> None:
    found = told(a + b, a + b2, a + b2 + c)
    assert [one.first for one in found.standing] == [1, 1, 3]
    assert line(found, "手机号码").changed is None


def test_an_edited_sentence_keeps_its_history_and_tells_what_it_was() -> None:
    edited = line(told(a + b, a + b, a + b2), "180")
    assert edited.first == 1
    assert edited.changed is not None
    assert edited.changed.version == 3
    assert edited.was is not None
    assert edited.was.text == b
    assert [one.version for one in edited.wordings] == [1, 3]


def test_a_moved_sentence_keeps_its_history() -> None:
    moved = line(told("\n\n".join([a, b, c, d]), "\n\n".join([b, c, d, a])), "手机号码")
    assert (moved.first, moved.moved, moved.changed) == (1, 2, None)


def test_what_is_gone_is_told_with_the_version_that_no_longer_says_it() -> None:
    found = told(a + b + c, a + b, a)
    assert [(one.text, one.removed) for one in found.gone] == [(b, 3), (c, 2)]
    assert [one.text for one in found.standing] == [a]


def test_a_sentence_that_comes_back_is_the_same_line_again() -> None:
    found = told(a + c, a, a, a + c)
    back = line(found, "第三方")
    assert (back.first, back.back, back.removed) == (1, (4,), None)
    assert found.gone == ()


def test_a_wording_that_returns_says_when_it_stood_before() -> None:
    returned = line(told(a + b, a + b2, a + b), "30天")
    assert returned.first == 1
    assert returned.said_before == 1
    assert returned.changed is not None
    assert returned.changed.version == 3


def test_punctuation_width_and_numbering_are_no_change_of_a_sentence() -> None:
    found = told("1、" + a + "\n\n2、" + b, "2、" + a.replace("，", ",") + "\n\n3、" + b)
    assert [one.changed for one in found.standing] == [None, None]
    assert found.standing[0].text.startswith("2、")


def test_parts_of_a_split_sentence_are_as_old_as_the_whole() -> None:
    whole = "我们会收集您的手机号码、电子邮箱地址与收货地址，并将您的订单信息共享给负责配送的物流公司。"
    parts = "我们会收集您的手机号码、电子邮箱地址与收货地址。我们会将您的订单信息共享给负责配送的物流公司。"
    found = told(a + whole + c, a + parts + c)
    assert [one.first for one in found.standing] == [1, 1, 1, 1]
    assert [one.was.text for one in found.standing if one.was] == [whole, whole]
    assert found.gone == ()


def test_a_merged_sentence_is_as_old_as_its_oldest_part() -> None:
    one, other = "我们会收集您的手机号码与收货地址；", "我们会将您的订单信息共享给物流公司。"
    merged = "我们会收集您的手机号码与收货地址，并会将您的订单信息共享给物流公司。"
    found = told(one, one + other, merged)
    assert [(line.first, len(line.wordings)) for line in found.standing] == [(1, 2)]
    assert found.standing[0].was is not None
    assert found.standing[0].was.text == f"{one} {other}"


def test_equal_sentences_are_told_apart_by_their_place() -> None:
    found = told(a + "\n\n" + b, a + "\n\n" + b + "\n\n" + a)
    assert [one.first for one in found.standing] == [1, 1, 2]
    less = told(a + "\n\n" + b + "\n\n" + a, a + "\n\n" + b)
    assert len(less.gone) == 1


def test_versions_keep_their_own_numbers_and_no_version_has_no_history() -> None:
    found = history([(3, a), (7, a + b)])
    assert [one.first for one in found.standing] == [3, 7]
    assert told() == History()
    assert told("") == History()


sentences = st.lists(st.sampled_from([a, b, b2, c, d, "- 姓名\n", "# 标题\n", "\n\n"]), max_size=8).map(
    "".join
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(sentences, st.text(max_size=40)), max_size=5))
def test_every_clause_has_one_line_and_every_line_its_dates(texts: list[str]) -> None:
    found = told(*texts)
    newest = texts[-1] if texts else ""
    assert [one.text for one in found.standing] == [clause.text for clause in clauses(newest)]
    assert [one.span for one in found.standing] == [clause.span for clause in clauses(newest)]
    for one in (*found.standing, *found.gone):
        numbers = [wording.version for wording in one.wordings]
        assert numbers == sorted(numbers)
        assert 1 <= one.first <= (one.removed or len(texts))
    assert all(one.removed for one in found.gone)
    assert not any(one.removed for one in found.standing)
