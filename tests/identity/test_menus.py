"""Menus and tables of contents are furniture; lists of data and of recipients never are."""

from __future__ import annotations

import pytest

from monitor.identity.weigh import weigh

sections = [
    ("What we collect", "We collect your name and the address to which we are to send what you ordered."),
    ("Why does Example use it?", "We use it to deliver your orders and to answer when you write to us."),
    ("With whom we share it", "We share it with the carrier who brings the parcel to your door."),
    ("How long we keep it", "We keep it for thirty days after your last order and delete it then."),
    ("Your rights", "You may ask us at any time what we know about you and have it corrected."),
]
body = "\n\n".join(f"## {title}\n\n{said}" for title, said in sections)
policy = f"# Privacy policy\n\n{body}"
contents = "\n".join(f"{number}. {title}" for number, (title, _) in enumerate(sections, start=1))
unmarked = policy.replace("## ", "")
footer = """

## Company

Careers

News

Partners

## Products

Dream Shop

## Legal

Terms of service

Privacy policy

Security

© 2026 Example Ltd"""


def counts(before: str, after: str) -> bool:
    """The same both ways: what is no news when it comes is none when it goes."""
    weight = weigh(before, after)
    assert weigh(after, before).counts is weight.counts
    return weight.counts


def test_a_table_of_contents_comes() -> None:
    assert not counts(policy, policy.replace("# Privacy policy\n\n", f"# Privacy policy\n\n{contents}\n\n"))


def test_a_table_of_contents_whose_headings_the_page_does_not_mark() -> None:
    named = "\n\n".join(title for title, _ in sections)
    assert not counts(policy, f"{named}\n\nAdvertising controls\n\nPrivacy basics\n\n{unmarked}")


def test_a_menu_of_the_site_is_reworded() -> None:
    for before, after in [("Security", "Trust hub"), ("Dream Shop", "Brand Shop"), ("News\n\n", "")]:
        assert before in footer
        assert not counts(policy + footer, policy + footer.replace(before, after))


def test_what_the_menu_of_the_site_does_not_hide() -> None:
    whole = policy + footer
    assert counts(whole, whole.replace("thirty days", "ninety days"))
    assert counts(whole, whole.replace("Security", "Last updated: 3 March 2026"))
    for one, other in [
        ("privacy@example.com", "dpo@example.org"),
        ("电话：400-123-4567", "电话：400-765-4321"),
    ]:
        assert counts(whole.replace("Security", one), whole.replace("Security", other))
        assert counts(f"{policy}\n\n{one}", f"{policy}\n\n{other}")


def test_a_list_of_data_is_no_menu() -> None:
    listed = "\n\n## Data\n\n- Name\n- E-mail address\n- Telephone number\n- Place of birth\n\n"
    again = listed.replace("## Data", "## Data of guests").replace("- Place of birth\n", "")
    whole = policy + listed + again
    assert counts(whole, policy + listed + listed.replace("## Data", "## Data of guests"))
    assert counts(whole, whole.replace("- Telephone number\n", "- Telephone number\n- Voice\n", 1))


def test_a_list_of_recipients_is_no_menu() -> None:
    listed = (
        "\n\n## 第三方SDK\n\n- 友盟统计\n- 极光推送\n- 高德地图\n- 微信支付\n\n以上第三方会收集您的设备信息。"
    )
    assert counts(policy + listed, policy + listed.replace("- 极光推送\n", "- 极光推送\n- 穿山甲广告\n"))


def test_a_menu_without_its_lines() -> None:
    joined = "".join(title for title, _ in sections[1:4])
    middle = policy.replace("## How long", "- {}\n\n## How long")
    assert not counts(policy, middle.format(joined))
    assert counts(policy, middle.format(f"{joined}Your voice"))
    assert counts(policy, middle.format("Your voice"))


def test_languages_to_choose_from() -> None:
    listed = "\n\n- English (UK)\n- Deutsch\n- Français\n- 简体中文\n- Русский\n\n© 2026 Example Ltd"
    assert not counts(policy + listed, policy + listed.replace("- Русский", "- Русский\n- 日本語"))


def test_the_number_of_a_build() -> None:
    tail = "\n\nVersion 1.260.1.335\n\nYou may write to us at any time about anything in this policy."
    assert not counts(policy + tail, policy + tail.replace("1.260.1.335", "1.261.0.339"))
    assert counts(policy + tail.replace("1.260.1.335", "2.0"), policy + tail.replace("1.260.1.335", "2.1"))


def test_one_word_over_and_over() -> None:
    assert not counts(policy, f"{policy}\n\n{'word ' * 40}")
    assert counts(policy, f"{policy}\n\nWe sell what we know about you to whoever pays for it.")


@pytest.mark.parametrize(
    ("line", "news"),
    [
        ("Your search for the perfect parcel has never been so easy with the shop you know and love.", False),
        ("This website is made for grown people and nobody under the age of eighteen.", True),
        ("Example Ltd sells the list of its customers to the highest bidder every spring.", True),
        ("本政策最终解释权归本公司所有，用户使用即视为同意。", True),
    ],
)
def test_a_teaser_below_the_text(line: str, news: bool) -> None:
    assert counts(policy, f"{policy}\n\n{line}") is news


def test_a_teaser_inside_the_text_counts() -> None:
    line = "Your search for the perfect parcel has never been so easy with the shop you know and love."
    assert counts(policy, policy.replace("## How long", f"{line}\n\n## How long"))
