"""The kind of a change, its direction, its facts and its weight, rule by rule."""

from __future__ import annotations

import pytest

from monitor.diff import compare
from monitor.diff.cosmetic import is_slip, why_same
from monitor.diff.signals import difference, signals
from monitor.model import Direction, FactChange, Hunk, Nature, Topic


def only(before: str, after: str) -> Hunk:
    (hunk,) = compare(before, after).hunks
    return hunk


def said(change: FactChange) -> str:
    return f"{change.before.value if change.before else ''} -> {change.after.value if change.after else ''}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We don't sell data.", "We do not sell data."),
        ("We honour your choice.", "We honor your choice."),
        ("We recieve your letters.", "We receive your letters."),
        ("We protect the the files.", "We protect the files."),
        ("Your web site visits.", "Your website visits."),
        ("See https://example.org/a now.", "See https://example.org/b now."),
        ("Read the notice (opens in new tab) here.", "Read the notice here."),
        ("Kept for thirty days.", "Kept for 30 days."),
        ("保存三十日。", "保存30天。"),
        ("更新日期：2024年5月2日", "更新日期：2024年05月02日"),
        ("登陆您的帐号。", "登录您的账号。"),
        ("Read the privacy notice.", "Read the Privacy Notice."),
        ("Write to [email protected] please.", "Write to desk@example.org please."),
    ],
)
def test_the_same_otherwise_written_is_cosmetic_and_says_why(before: str, after: str) -> None:
    hunk = only(before, after)
    assert hunk.nature is Nature.COSMETIC
    assert hunk.reasons
    assert hunk.significance == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("content", "consent"),
        ("country", "county"),
        ("enable", "unable"),
        ("disclose", "enclose"),
        ("may", "way"),
    ],
)
def test_words_that_are_easily_mistaken_are_never_slips(one: str, other: str) -> None:
    assert not is_slip(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("informtion", "information"), ("infromation", "information"), ("commmunicate", "communicate")],
)
def test_a_letter_dropped_swapped_or_doubled_in_a_long_word_is_a_slip(one: str, other: str) -> None:
    assert is_slip(one, other)


def test_another_number_is_no_other_way_of_writing() -> None:
    assert why_same("保存30天", "保存31天") is None
    assert why_same("1 2", "12") is None


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("我们会出售您的信息。", "我们不会出售您的信息。", Direction.HARDER),
        ("我们不会出售您的信息。", "我们会出售您的信息。", Direction.SOFTER),
        ("我们将及时通知您。", "我们可能通知您。", Direction.SOFTER),
        ("个性化展示默认关闭。", "个性化展示默认开启。", Direction.SOFTER),
        ("我们会提前15日告知您。", "我们会提前30日告知您。", Direction.HARDER),
        ("仅在您同意后收集。", "收集。", Direction.SOFTER),
        ("We will delete it.", "We will not delete it.", Direction.SOFTER),
        ("We sell data.", "We never sell data.", Direction.HARDER),
        ("We delete it promptly.", "We delete it.", Direction.SOFTER),
        ("Ads are off by default.", "Ads are on by default.", Direction.SOFTER),
        ("You may object.", "You may not object.", Direction.SOFTER),
        ("Nous ne partageons pas vos données.", "Nous partageons vos données.", Direction.SOFTER),
    ],
)
def test_direction_is_that_of_the_act(before: str, after: str, direction: Direction) -> None:
    assert only(before, after).direction is direction


def test_what_two_texts_have_in_common_decides_nothing() -> None:
    assert difference("我们不会共享您的信息。", "我们绝对不会共享您的信息。")[0] == 0
    assert difference("We share it. We sell it.", "We sell it. We share it.") == (0, ())


def test_a_denial_reaches_no_further_than_its_half_sentence() -> None:
    found = {(one.name, one.worth) for one in signals("我们不会出售您的信息，我们会共享您的信息。")}
    assert ("share", 2.0) in found
    assert ("share", -2.0) in found


def test_not_limited_to_denies_nothing() -> None:
    assert all(one.worth <= 0 for one in signals("including but not limited to your name"))
    assert not any(one.name == "denial" for one in signals("包括但不限于姓名"))


def test_the_month_of_may_permits_nothing() -> None:
    assert only("Updated 3 March 2024.", "Updated 14 May 2025.").direction is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("保存三十日。", "保存180天。", ["30 days -> 180 days"]),
        ("共享给商家。", "共享给商家、保险公司。", [" -> insurers"]),
        ("您有权查阅、复制。", "您有权查阅。", ["copy -> "]),
        ("存储在境内。", "存储在新加坡。", ["mainland China -> Singapore"]),
        ("We collect your IP address.", "We collect your IP address and gender.", [" -> gender"]),
        ("We notify our affiliates.", "We notify data brokers.", ["affiliates -> ", " -> data brokers"]),
        ("Effective Oct. 3, 2023.", "Effective Nov. 4, 2023.", ["2023-10-03 -> 2023-11-04"]),
        ("二〇二四年三月一日起生效", "二〇二五年四月一日起生效", ["2024-03-01 -> 2025-04-01"]),
    ],
)
def test_facts_that_changed(before: str, after: str, expected: list[str]) -> None:
    assert [said(one) for one in only(before, after).facts] == expected


def test_the_spans_of_facts_count_from_the_beginning_of_the_texts() -> None:
    lead = "我们重视您的隐私。\n\n"
    rows = "## SDK 清单\n\n| 名称 | 目的 |\n| 甲推送 | 推送 |\n"
    before, after = f"{lead}日志保存30天。\n\n{rows}", f"{lead}日志保存60天。\n\n{rows}| 乙统计 | 统计 |\n"
    changes = [one for hunk in compare(before, after).hunks for one in hunk.facts]
    assert [one.kind for one in changes] == ["period", "sdk"]
    for one in changes:
        for fact, text in ((one.before, before), (one.after, after)):
            assert fact is None or text[fact.span.start : fact.span.end] == fact.quote


def test_a_row_that_changed_is_the_row_before_and_the_row_after() -> None:
    head = "| SDK | 目的 | 信息 |\n"
    hunk = only(f"{head}| 甲 | 统计 | 设备型号 |", f"{head}| 甲 | 统计 | 设备型号、IMEI |")
    row = next(one for one in hunk.facts if one.kind == "sdk")
    assert row.before is not None
    assert row.after is not None
    assert row.before.subject == "目的: 统计; 信息: 设备型号"
    assert row.after.subject == "目的: 统计; 信息: 设备型号、IMEI"
    assert Topic.COOKIES in hunk.topics


def test_one_negation_in_a_long_text_outranks_a_rewritten_introduction() -> None:
    filler = "\n\n".join(
        f"第{index}项功能的说明文字，描述该功能的界面和操作步骤。" * 3 for index in range(3400)
    )
    intro = "欢迎您来到我们的世界，本文写给每一位朋友。"
    rewritten = "很高兴遇见每一位新朋友，请慢慢读完这篇文字。"
    before = f"{intro}\n\n{filler}\n\n我们不会出售您的照片。"
    after = f"{rewritten}\n\n{filler}\n\n我们会出售您的照片。"
    assert len(before) > 280_000
    change = compare(before, after)
    first, *others = sorted(change.hunks, key=lambda hunk: -hunk.significance)
    assert first.significance == 3
    assert first.direction is Direction.SOFTER
    assert "不会" in "".join(first.reasons)
    assert others
    assert all(hunk.significance <= 1 for hunk in others)
    assert change.significance == 3
    assert change.reasons == ("sharing: softer duty or weaker right",)


def test_a_clause_that_comes_or_goes_whole_is_never_mere_wording() -> None:
    change = compare("Hello there.", "Hello there. Bring your own cup.")
    assert [hunk.nature for hunk in change.hunks] == [Nature.SUBSTANTIVE]


def test_a_heading_retitled_is_wording_and_a_numbered_line_is_not() -> None:
    assert only("# How we share\n\nText.", "# Whom we share with\n\nText.").nature is Nature.WORDING
    numbered = compare("1、昵称\n\n2、头像", "1、昵称\n\n2、步数")
    assert {hunk.nature for hunk in numbered.hunks} == {Nature.SUBSTANTIVE}


def test_a_tagger_is_asked_only_where_the_words_name_no_topic() -> None:
    asked: list[str] = []

    def tagger(clause: str, heading: str, lead: str) -> tuple[Topic, ...]:
        asked.append(f"{heading}{lead}{clause}")
        return (Topic.SECURITY,)

    change = compare("甲乙丙丁戊。\n\n我们收集姓名。", "甲乙丙己庚。\n\n我们收集性别。", tagger)
    assert [hunk.topics for hunk in change.hunks] == [(Topic.SECURITY,), (Topic.COLLECTION,)]
    assert len(asked) == 1


renumbered = (
    "第四条 保存\n\n删除的方式见第五条。\n\n第五条 权利\n\n您可以删除。",
    "第五条 保存\n\n删除的方式见第六条。\n\n第六条 权利\n\n您可以删除。",
)


def natures(before: str, after: str) -> set[Nature]:
    return {hunk.nature for hunk in compare(before, after).hunks}


def test_references_to_sections_that_were_renumbered_are_cosmetic() -> None:
    assert natures(*renumbered) == {Nature.COSMETIC}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("见第五条", "见第七条"),  # not what the section is called now
        ("见第五条", "见第六条和第九条"),
        ("依据《个人信息保护法》第五条", "依据《个人信息保护法》第六条"),
        ("依据民法第五条", "依据民法第六条"),
    ],
)
def test_other_references_are_news(before: str, after: str) -> None:
    one, other = (
        text.replace("见第五条", said).replace("见第六条", said)
        for text, said in zip(renumbered, (before, after), strict=True)
    )
    assert Nature.SUBSTANTIVE in natures(one, other)


def test_an_empty_item_and_lines_broken_anew_are_cosmetic() -> None:
    assert natures(
        "1. 我们收集姓名。\n\n2.\n\n3. 我们收集地址。", "1. 我们收集姓名。\n\n2. 我们收集地址。"
    ) == {Nature.COSMETIC}
    wrapped = "We read the meter once a day\nand keep the figure for\na year."
    assert natures(wrapped, wrapped.replace("\n", " ")) == {Nature.COSMETIC}
    assert Nature.SUBSTANTIVE in natures("1. We sell it.\n\n2. Reserved.", "1. We sell it.\n\n2. Children.")


def test_the_other_voice_is_wording_and_changed_roles_are_not() -> None:
    assert natures("账单由仓库寄出。", "仓库寄出账单。") == {Nature.WORDING}
    assert Nature.SUBSTANTIVE in natures("Users are called by partners.", "Users call partners.")


def test_a_term_that_goes_frees_whoever_stated_it() -> None:
    change = compare("我们会登记记录。记录在活动结束后保存30日。", "我们会登记记录。")
    assert change.hunks[0].direction is Direction.SOFTER
