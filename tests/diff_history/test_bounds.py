"""What a comparison may cost is counted, not timed; and the texts that are made to be costly are cut down."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from monitor.diff import compare, rebuild
from monitor.diff.budget import Budget, default_operations, most_at_once
from monitor.diff.chains import common
from monitor.diff.clauses import clauses
from monitor.diff.words import word_edits
from monitor.model import Op


def letters(seed: int, length: int, alphabet: str) -> str:
    chosen = random.Random(seed)
    return "".join(chosen.choice(alphabet) for _ in range(length))


def characters(seed: int, length: int) -> str:
    """Chinese characters without sense, in sentences of up to sixty."""
    chosen = random.Random(seed)
    out = [chr(chosen.randrange(0x4E00, 0x9FA5)) for _ in range(length)]
    at = 0
    while at < length:
        out[at] = "。"
        at += chosen.randrange(8, 60)
    return "".join(out)


def test_a_comparison_that_would_cost_too_much_is_refused_and_says_so() -> None:
    budget = Budget(left=1_000)
    assert budget.spend(10, 10)
    assert not budget.coarse
    left = budget.left
    assert not budget.spend(1_000, 1_000)
    assert (budget.left, budget.coarse) == (left, True)


def test_no_single_table_takes_more_memory_than_one_may() -> None:
    side = int((8 * most_at_once) ** 0.5) + 1
    assert not Budget(left=1 << 60).spend(side, side)


def test_where_the_budget_ends_the_differing_middle_is_replaced_whole() -> None:
    edits = word_edits("甲的乙的丙", "甲之乙之丙", frozenset(), Budget(left=0))
    assert [(edit.op, edit.text) for edit in edits] == [
        (Op.EQUAL, "甲"), (Op.DELETE, "的乙的"), (Op.INSERT, "之乙之"), (Op.EQUAL, "丙"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(characters(1, 100_000), characters(2, 100_000), id="unrelated sentences"),
        pytest.param(letters(1, 60_000, "的一是在不了"), letters(2, 60_000, "的一是在不了"), id="no full stop"),
        pytest.param("我们收集您的信息，" * 8_000, "您的信息我们收集，" * 8_000, id="repeats"),
        pytest.param("我们收集您的信息。" * 3_000, "您的信息我们收集。" * 3_000, id="repeated sentences"),
        pytest.param("\n".join(letters(1, 9_000, "abcd")), "\n".join(letters(2, 9_000, "abcd")), id="one letter a line"),
        pytest.param("一行。\n" * 9_000, "一行。\n" * 8_000 + "二行。\n" * 500, id="equal lines"),
        pytest.param("x" * 900_000, "x" * 400_000 + "y" + "x" * 500_000, id="one long word"),
    ],
)  # fmt: skip
def test_costly_texts_are_compared_within_the_budget_and_without_loss(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[int] = []

    def spend(self: Budget, n: int, m: int) -> bool:
        before = self.left
        allowed = was(self, n, m)
        spent.append(before - self.left)
        return allowed

    was = Budget.spend
    monkeypatch.setattr(Budget, "spend", spend)
    change = compare(before, after)
    assert sum(spent) <= default_operations
    assert len(spent) <= 12 * (len(clauses(before)) + len(clauses(after))) + 1_000, "pairs, not all pairs"
    assert rebuild(before, change) == after


def test_the_same_texts_always_give_the_same_change() -> None:
    before, after = characters(3, 20_000), characters(4, 20_000)
    assert compare(before, after) == compare(before, after)


def test_an_edit_in_a_text_without_full_stops_is_one_small_place() -> None:
    line = "，".join(f"第{n}项信息用于提供第{n % 97}项功能" for n in range(20_000))
    at = len(line) // 3
    change = compare(line, line[:at] + "不" + line[at:])
    (hunk,) = change.hunks
    assert hunk.after is not None
    assert hunk.after.end - hunk.after.start < 10_000
    assert change.inserted <= 10
    assert not change.coarse


def test_pieces_of_a_long_sentence_are_short_and_leave_nothing_out() -> None:
    text = letters(5, 200_000, "我们收集您的信息，用于服务、")
    found = clauses(text)
    assert max(one.end - one.start for one in found) <= 4_000
    assert all(not text[one.end : other.start].strip() for one, other in pairwise(found))
    assert (found[0].start, found[-1].end) == (0, len(text))


def test_sequences_without_anything_unique_are_still_aligned_in_bands() -> None:
    chosen = random.Random(1)
    one = [chosen.randrange(5) for _ in range(12_000)]
    other = [*one[:6_000], 9, *one[6_000:-1]]
    pairs = common(one, other, [1.0] * 10)
    assert len(pairs) > 0.8 * len(one)
    assert all(i < i2 and j < j2 for (i, j), (i2, j2) in pairwise(pairs))
    assert all(one[i] == other[j] for i, j in pairs)
