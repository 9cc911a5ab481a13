"""Recipients, rights and places read out of sentences, and dates however written."""

from __future__ import annotations

import pytest

from monitor.text.facts import clause_facts, facts, table_rows


def values(text: str, kind: str) -> list[str]:
    return [fact.value for fact in facts(text) if fact.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们与关联公司、广告合作伙伴共享", ["affiliates", "advertising partners"]),
        ("提供给第三方", ["third parties"]),
        ("使用第三方支付", []),
        ("第三方SDK目录", []),
        ("第三方服务商", ["third parties", "service providers"]),
        (
            "to our affiliates, data brokers and payment processors",
            ["affiliates", "data brokers", "payment providers"],
        ),
        ("partnership", []),
    ],
)
def test_recipients(text: str, expected: list[str]) -> None:
    assert values(text, "recipient") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "您有权查阅、复制、更正、删除您的个人信息，也可以注销账号。",
            ["access", "copy", "correction", "deletion", "account closure"],
        ),
        ("我们会删除您的信息。", []),
        ("您可以联系客服，我们将删除您的信息。", []),
        ("You have the right to access, rectify and erase your data.", ["access", "correction", "deletion"]),
        ("You may not object.", []),
        ("You can opt out or withdraw your consent. We delete it.", ["objection", "withdrawal"]),
    ],
)
def test_rights_are_read_only_where_the_person_may(text: str, expected: list[str]) -> None:
    assert values(text, "right") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("存储在境内，传输至新加坡", ["mainland China", "Singapore"]),
        ("传输至境外", ["outside the country"]),
        ("中华人民共和国境内", ["mainland China"]),
        ("servers in the United States and Ireland", ["United States", "Ireland"]),
        ("Indiana", []),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert values(text, "place") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024 年 3 月 19 日", "2024-03-19"),
        ("二〇二四年三月十九日", "2024-03-19"),
        ("Oct. 3, 2023", "2023-10-03"),
        ("June 2024", "2024-06"),
        ("08/26/2024", "2024-08-26"),
        ("26/08/2024", "2024-08-26"),
        ("08/09/2024", "8/9/2024"),
        ("1er février 2024", "2024-02-01"),
    ],
)
def test_dates_however_written(text: str, expected: str) -> None:
    assert values(text, "date") == [expected]
    assert values(text, "period") == []


def test_a_permission_to_read_something_is_no_data_of_it() -> None:
    assert values("申请通讯录权限", "permission") == ["contacts"]
    assert values("申请通讯录权限", "data type") == []


def test_rows_of_third_parties_stand_apart_from_the_facts_of_sentences() -> None:
    text = (
        "第三方 SDK 列表：\n\n| 名称 | 目的 |\n| 甲推送 | 推送 |\n\n今日菜单：\n\n| 菜名 | 价格 |\n| 面 | 9 |"
    )
    (row,) = table_rows(text)
    assert (row.fact.value, row.fact.subject, row.embedded) == ("甲推送", "目的: 推送", True)
    assert text[row.fact.span.start : row.fact.span.end] == row.fact.quote
    assert not any(fact.kind == "sdk" for fact in clause_facts(text))
    assert [fact.value for fact in facts(text) if fact.kind == "sdk"] == ["甲推送"]
    assert table_rows("no table here") == ()
