"""What counts as a difference between two texts, and what is furniture or spelling."""

from __future__ import annotations

import pytest

from monitor.identity.weigh import weigh

base = """# Privacy policy

Last updated: 6 October 2025

We collect your name and your address when you place an order with our shop.

## Sharing

- Carriers who bring the parcel
- Payment services that take the money

| Data | Purpose |
| Name | Delivery |

Write to privacy@example.com if you would like to know what we have stored about you.

我们会收集您的手机号码，用于注册账号和登录。我们不会与任何第三方共享您的个人信息。"""

furniture = [
    ("6 October 2025", "Oct 6, 2025"),
    ("# Privacy policy", "# PRIVACY POLICY\n\nPrint this page"),
    ("## Sharing", "## With whom we share"),
    ("privacy@example.com", "[email protected]"),
    ("privacy@example.com", "privacy[at]example[dot]com"),
    ("your name and your address", "your name and **your address**"),
    ("place an order", "place an\u00a0order"),
    ("with our shop.", "with our shop"),
    ("登录。我们不会", "登录。\n\n我们不会"),
    ("账号", "帐号"),
    ("about you.", "about you.\n\n© 2026 Example Ltd. All rights reserved."),
    ("## Sharing", "Back to top\n\n## Sharing"),
    ("would like to know", "would like to knwo"),
    ("your name and your address", "your name and to your address"),
    ("Write to privacy", "Write the privacy"),
    ("用于注册账号和登录", "注册账号和登录用于"),
    ("- Carriers who bring the parcel\n- Payment", "- Payment"),
]
news = [
    ("6 October 2025", "7 October 2025"),
    ("we have stored", "we have not stored"),
    ("privacy@example.com", "legal@example.com"),
    ("- Carriers who bring the parcel\n", ""),
    ("| Name | Delivery |", "| Name | Advertising |"),
    ("- Payment services that take the money", "- Payment services that take the money\n- Advertisers"),
    ("不会与任何第三方", "会与任何第三方"),
    ("我们不会与", "不会我们与"),
    ("手机号码", "身份证号码"),
    ("if you would", "unless you would"),
    ("# Privacy policy", "# Privacy policy\n\nWe have updated our privacy policy."),
]


@pytest.mark.parametrize(("before", "after"), furniture[:-1])
def test_furniture(before: str, after: str) -> None:
    assert before in base
    assert not weigh(base, base.replace(before, after)).counts


@pytest.mark.parametrize(("before", "after"), [*news, furniture[-1]])
def test_news(before: str, after: str) -> None:
    assert before in base
    assert weigh(base, base.replace(before, after)).counts


brief = ["我们设有门卫。", "We sell data.", "您可以投诉。"]


@pytest.mark.parametrize("sentence", brief)
def test_a_brief_sentence_at_either_end_is_news(sentence: str) -> None:
    assert weigh(base, f"{base}\n\n{sentence}").counts
    assert weigh(f"{base}\n\n{sentence}", base).counts
    plain = base.partition("Last updated: 6 October 2025\n\n")[2]
    assert weigh(plain, f"{sentence}\n\n{plain}").counts


@pytest.mark.parametrize("line", ["Careers", "关于我们", "Read more.", "Terms of use", "我们的产品"])
def test_a_line_of_the_site_behind_the_policy_is_none(line: str) -> None:
    assert not weigh(base, f"{base}\n\n{line}").counts
    beyond = f"{base}\n\nOur shops"
    assert not weigh(beyond, f"{beyond}\n\nWe use cookies.").counts, "a label ends the policy"


def test_share_of_what_went() -> None:
    assert weigh(base, base[:240]).removed_share > 0.3
    assert weigh(base, base).removed_share == 0


def test_a_denial_said_twice_counts_when_it_goes_once() -> None:
    sentence = "We do not share this with anybody outside of our company."
    twice = f"# One\n\n{sentence}\n\n# Two\n\n{sentence}"
    once = f"# One\n\n{sentence}\n\n# Two"
    assert weigh(twice, once).counts
