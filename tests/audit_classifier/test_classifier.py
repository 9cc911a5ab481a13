"""The sentence classifier: the file format, the packed arithmetic, rows with context, and known answers."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import registry
from monitor.audit.classifier import Classifier, Field, Head, dump, load, rank, scores, tag
from monitor.audit.ngrams import fold, grams
from monitor.audit.sentence_rows import Row, contexts, is_head, rows
from monitor.model import Span
from monitor.text.blocks import blocks

sha_zh = "6062a6387bacd2eccfef8b31ab2b479b86bb465a73664b19ae964e38c1a2ae18"
sha_en = "d53db1765af653f2dad3d6d9820370d5dad306442b067b7650a3a5993547d448"


def row(text: str, heading: str = "", head: str = "") -> Row:
    return Row(text=text, span=Span(start=0, end=len(text)), heading=heading, head=head)


def chinese() -> Classifier:
    model = registry.classifier("zh-CN")
    assert model is not None
    return model


def english() -> Classifier:
    model = registry.classifier("en")
    assert model is not None
    return model


# ------------------------------------------------------------------ n-grams


def test_folding_levels_width_case_and_numbers() -> None:
    assert fold("ＡＢ 12 个 月", spaced=False) == "ab0个月"
    assert fold("We, keep  it 30 days", spaced=True) == " we keep it 0 days "


def test_grams_are_all_runs_of_the_lengths() -> None:
    assert len(grams("abc", 1, 2, 0)) == 5
    assert grams("abc", 1, 2, 0) != grams("abc", 1, 2, 1)
    assert grams("", 1, 4, 0) == set()


@given(st.text(max_size=60))
def test_grams_of_any_text_do_not_raise(text: str) -> None:
    assert all(0 <= number < 2**32 for number in grams(fold(text, spaced=False), 1, 4, 1))


def test_a_very_long_row_is_read_up_to_its_limit() -> None:
    assert len(fold("长" * 100_000, spaced=False)) == 1500


# ------------------------------------------------------------------ rows


def test_rows_stand_in_the_text_at_their_spans_with_context() -> None:
    listed = "# 一、收集\n我们收集以下信息：\n- 您的手机号码；\n- 您的昵称。"
    text = f"{listed}\n\n# 二、共享\n我们不会出售。另有规定的除外。"
    found = rows(text)
    assert all(text[one.span.start : one.span.end] == one.text for one in found)
    phone = next(one for one in found if "手机" in one.text)
    assert (phone.heading, phone.head) == ("一、收集", "我们收集以下信息：")
    last = found[-1]
    assert (last.text, last.heading, last.head) == ("另有规定的除外。", "二、共享", "")


@given(st.text(alphabet="一我们。：；#- 1.\n*ab", max_size=120))
def test_rows_of_any_text_stand_in_it(text: str) -> None:
    assert all(text[one.span.start : one.span.end] == one.text and one.text for one in rows(text))


def test_a_list_head_does_not_reach_for_ever() -> None:
    parts = blocks("包括：\n" + "\n".join(f"这里写着第 {number} 句话。" for number in range(20)))
    heads = [head for _, head in contexts(parts)]
    assert heads[1] == heads[12] == "包括："
    assert heads[14] == ""


@pytest.mark.parametrize(
    ("line", "answer"),
    [("（1）注册与登录", True), ("您有以下权利：", True), ("我们会保护您。", False), ("1、查询。", False)],
)
def test_what_introduces_a_list(line: str, answer: bool) -> None:
    assert is_head(line) is answer


# ------------------------------------------------------------------ the file


def small(weights: list[list[float]], hashes: list[int], rarity: list[int]) -> bytes:
    return dump(
        language="zh",
        source="made for this test",
        fields=(Field(name="text", low=1, high=1, seed=0, weight=1.0),),
        heads=[
            Head(label=f"l{number}", bias=0.5, threshold=0.6, slope=2.0, shift=0.0)
            for number in range(len(weights))
        ],
        hashes=hashes,
        rarity=rarity,
        weights=weights,
    )


def test_packed_arithmetic_is_the_plain_sum() -> None:
    hashes = sorted(grams("甲乙丙", 1, 1, 0))
    weights = [[127.0, -50.0, 3.0], [-1.0, -127.0, 0.0]]
    model = load(small(weights, hashes, [16, 32, 255]))
    found = scores(model, [row("甲乙丙"), row("丁"), row("")])
    length = math.sqrt(16**2 + 32**2 + 255**2)
    assert found[0] == pytest.approx([0.5 + sum(one) / length for one in weights])
    assert found[1] == found[2] == (0.5, 0.5)


def test_many_grams_do_not_overflow_a_lane() -> None:
    letters = [chr(0x4E00 + number) for number in range(1500)]
    hashes = sorted(set().union(*(grams(letter, 1, 1, 0) for letter in letters)))
    model = load(small([[127.0] * len(hashes)], hashes, [255] * len(hashes)))
    found = scores(model, [row("".join(letters))])[0][0]
    assert found == pytest.approx(0.5 + 127 * len(hashes) / (255 * math.sqrt(len(hashes))))


def test_a_broken_file_is_refused() -> None:
    content = small([[1.0]], [7], [16])
    with pytest.raises(ValueError, match="magic"):
        load(b"nonsense" + content)
    with pytest.raises(ValueError, match="cut"):
        load(content[:-1])


# ------------------------------------------------------------------ known answers

collecting = row("注册账号时，我们会收集您的手机号码和昵称。", "我们如何收集您的个人信息")
sharing = row("未经您同意，我们不会与任何第三方公司共享您的个人信息。", "我们如何共享您的个人信息")
keeping = row("您的个人信息将存储于中华人民共和国境内，保存期限为三年。", "我们如何存储您的个人信息")
greeting = row("感谢您选择我们的服务，请您仔细阅读。")


def test_ranking_puts_the_right_row_first() -> None:
    for topic, best in (("collection", collecting), ("sharing", sharing), ("storage", keeping)):
        ranked = rank(chinese(), [greeting, collecting, sharing, keeping], topic)
        assert ranked[0].row is best, topic
        assert ranked[0].probability > 0.5 > ranked[-1].probability
    with pytest.raises(ValueError, match="weather"):
        rank(chinese(), [greeting], "weather")


def test_tags_name_topics_and_nothing_where_there_is_none() -> None:
    tags = tag(chinese(), [collecting, sharing, keeping, greeting])
    assert "collection" in tags[0]
    assert "sharing" in tags[1]
    assert "storage" in tags[2]
    assert tags[3] == ()


def test_english_rows() -> None:
    found = [
        row("We collect your name, email address and phone number when you register."),
        row("You can delete your account at any time in the settings."),
        row("We may share your personal information with our service providers."),
        row("This policy applies to our mobile application."),
    ]
    assert rank(english(), found, "collection")[0].row is found[0]
    assert rank(english(), found, "management")[0].row is found[1]
    assert rank(english(), found, "sharing")[0].row is found[2]
    assert tag(english(), found)[3] == ()


def test_there_is_no_model_for_other_languages() -> None:
    assert registry.classifier("fr") is None


def test_the_shipped_files_are_the_ones_that_were_measured() -> None:
    folder = Path(registry.__file__).parent / "audit" / "data"
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.bin")}
    assert sums == {"rows_zh.bin": sha_zh, "rows_en.bin": sha_en}
    assert all(path.stat().st_size <= 1_000_000 for path in folder.glob("*.bin"))


def test_scores_of_the_shipped_files_stay_as_they_are() -> None:
    found = scores(chinese(), [collecting])[0]
    assert found[chinese().labels.index("collection")] == pytest.approx(1.06959, abs=1e-4)
    found = scores(english(), [row("You can delete your account at any time in the settings.")])[0]
    assert found[english().labels.index("management")] == pytest.approx(1.56196, abs=1e-4)
