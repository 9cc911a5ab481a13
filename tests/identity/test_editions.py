"""Another region's edition of a policy, as its text tells it."""

from __future__ import annotations

import pytest

from monitor.identity.editions import is_other_edition

european = """# Privacy policy

Last updated: 1 December 2025

Example Ireland Limited is responsible for your data. Write to Example Ireland Limited, Dublin.

Under the GDPR you may ask us what we know about you, and object to what we do with it."""
american = """# Privacy policy

Last updated: 1 December 2025

Example, Inc. is responsible for your data. Write to Example, Inc., Springfield.

You may look at what we know about you in the settings of your account."""
chinese = """# 隐私政策

更新日期：2025年12月1日

北京示例科技有限公司（下称“我们”）依照《个人信息保护法》处理您的个人信息。"""
hong_kong = """# 隐私政策

更新日期：2025年12月1日

示例香港有限公司（下称“我们”）依照当地法律处理您的个人信息。"""


@pytest.mark.parametrize(("one", "other"), [(european, american), (chinese, hong_kong)])
def test_another_company_under_other_law(one: str, other: str) -> None:
    assert is_other_edition(one, other)
    assert is_other_edition(other, one)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (european, european.replace("GDPR", "law")),
        (european, european.replace("Ireland Limited", "Malta Limited")),
        (european, american.replace("1 December", "2 December")),
        (european, american.replace("Example, Inc.", "We")),
        (european, european),
    ],
)
def test_no_other_edition(before: str, after: str) -> None:
    assert not is_other_edition(before, after)
