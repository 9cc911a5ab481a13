"""What is evidence and what is not: roles of sentences, sections, suspect captures."""

from __future__ import annotations

import pytest

from monitor.audit.check import suspect
from monitor.audit.sections import Role, read

filler = "我们会在取得您的同意后使用您的信息，用于提供服务并保障账号安全。" * 12


def role_of(text: str, piece: str) -> Role:
    reading = read(text)
    return next(one.role for one in reading.sentences if piece in text[one.span.start : one.span.end])


@pytest.mark.parametrize(
    ("text", "piece", "role"),
    [
        ("# 您的权利\n您可以查询您的信息。", "您的权利", Role.HEADING),
        ("一、您的权利\n您可以查询您的信息。", "可以查询", Role.BODY),
        ("敏感个人信息是指一旦泄露容易导致侵害的信息。", "一旦泄露", Role.DEFINITION),
        ("关联公司：指由我们控制的公司。", "关联公司", Role.DEFINITION),
        ("本政策将帮助您了解我们如何收集信息以及您如何管理信息的方式。", "帮助您", Role.SUMMARY),
        ("（本定义出自于《中华人民共和国个人信息保护法》）", "本定义", Role.LAW),
        ("您不得对本软件进行反向工程。", "反向工程", Role.CONTRACT),
        (f"本政策包括以下内容：\n收集\n使用\n共享\n{filler}", "共享", Role.CONTENTS),
        (
            f"{filler}\n以下情形除外：\n与国家安全有关的\n与公共安全有关的\n与司法有关的",
            "公共安全",
            Role.BODY,
        ),
        (f"要点如下：\n您可以随时删除您的信息。\n# 详情\n{filler}", "随时删除", Role.SUMMARY),
    ],
)
def test_roles(text: str, piece: str, role: Role) -> None:
    assert role_of(text, piece) is role


def test_every_sentence_stands_where_it_says(policy: str) -> None:
    for one in read(policy).sentences:
        piece = policy[one.span.start : one.span.end]
        assert piece == piece.strip()
        assert piece


def test_an_unmarked_heading_names_the_section() -> None:
    reading = read("如何联系我们\n请发送邮件至 help@qinghe.example 与我们联系。")
    assert reading.sentences[-1].section == ("如何联系我们",)


def test_an_annex_for_children_is_a_section_of_its_own() -> None:
    reading = read(f"{filler}\n\n青禾阅读儿童个人信息保护规则\n一、我们如何使用\n监护人可以要求删除。")
    assert "青禾阅读儿童个人信息保护规则" in reading.sentences[-1].section


def test_a_user_agreement_with_a_privacy_part() -> None:
    text = f"青禾阅读用户协议\n# 服务内容\n{filler}\n# 个人信息保护\n{filler}"
    reading = read(text)
    assert reading.agreement
    assert text[reading.start :].startswith("个人信息保护")
    assert not read(f"青禾阅读隐私政策\n{filler}").agreement


def test_a_text_that_stops_in_mid_sentence_is_suspect() -> None:
    assert "mid-sentence" in (
        suspect(read(filler + "\n在您浏览商品和下单期间，我们会记下您的购物车、您最近看过的店铺以及")) or ""
    )
    assert suspect(read(filler)) is None


def test_announced_sections_that_are_missing_are_suspect() -> None:
    lines = "一、信息的收集\n二、信息的共享\n三、您的权利\n四、未成年人保护\n五、联系方式\n"
    cut = f"本政策包括以下内容：\n{lines}\n# 一、信息的收集\n{filler}"
    assert "announce 5 sections" in (suspect(read(cut)) or "")
    whole = f"本政策包括以下内容：\n{lines}" + "".join(f"# {line}\n{filler}\n" for line in lines.split())
    assert suspect(read(whole)) is None


@pytest.mark.parametrize(
    "text", ["", "\n\n", "。。。", "|||", "#", "**", "\u200b" * 50, "a" * 5000, "、" * 3000]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    reading = read(text)
    assert suspect(reading) is None or reading.sentences
