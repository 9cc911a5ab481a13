"""Walls, log-ins, error pages, other languages and half texts are faults; policies that speak of them are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.model import (
    Cause,
    Declaration,
    Exchange,
    FaultKind,
    Reading,
    Snapshot,
    SourceDocument,
    Stage,
    Target,
    TermsId,
    Version,
)
from monitor.plausible import assess
from monitor.text.language import language_of

terms = TermsId(service="example")
where = "https://example.com/privacy"
english = "\n\n".join(
    [
        "# Privacy policy",
        *(
            f"{number}. We collect personal data such as your name, and with your consent we disclose it to third "
            "parties; the terms say how long the retention is and what your rights are."
            for number in range(1, 20)
        ),
    ]
)
chinese = "\n\n".join(
    [
        "# 隐私政策",
        *(
            f"{n}、我们会收集您的个人信息，并在征得您同意后与第三方共享，您有权撤回同意或注销账户。"
            for n in range(1, 25)
        ),
    ]
)


def target(latest: str | None = None, language: str | None = None) -> Target:
    declaration = Declaration(
        terms=terms, name="Example", documents=(SourceDocument(location=where),), language=language
    )
    return Target(declaration=declaration, recipe="one", latest=version(latest) if latest else None)


def version(text: str) -> Version:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Version(
        terms=terms, number=1, cause=Cause.FIRST_RECORD, first_seen=now, recorded_at=now, text_sha256="",
        key="", recipe="one", length=len(text), snapshots=(), final_urls=(where,), language=language_of(text),
    )  # fmt: skip


def reading(
    text: str, source: str | bytes = b"<html></html>", title: str | None = None, url: str = where
) -> Reading:
    content = source.encode() if isinstance(source, str) else source
    exchange = Exchange(url=where, final_url=url, status=200)
    snapshot = Snapshot(exchange=exchange, content=content, media_type="text/html")
    return Reading(
        text=text, key="", recipe="one", snapshots=(snapshot,), title=title, language=language_of(text)
    )


def kind(
    text: str, *, latest: str | None = None, language: str | None = None, **more: str
) -> FaultKind | None:
    fault = assess(reading(text, **more), target(latest, language))
    return fault.kind if fault else None


@pytest.mark.parametrize("text", [english, chinese])
def test_policies_are_plausible(text: str) -> None:
    assert kind(text) is None
    assert kind(text, latest=text) is None


def test_a_policy_may_speak_of_walls_and_log_ins() -> None:
    said = "\n\nWe use a captcha to see that you are not a robot. Log in to see more. A page not found gives 404."
    assert kind(english + said, source='<input type="password"> g-recaptcha') is None
    assert kind(chinese + "\n\n我们使用验证码进行安全验证。登录后可查看。页面不存在时会提示。") is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("抱歉，您访问的页面不存在", "404"),
        ("您要查看的内容已删除，请返回首页。", None),
        ("Sorry, the page you are looking for could not be found.", None),
        ("Oops! We can't find that page.", None),
        ("找不到页面\n\n可能已被移除，您可以返回首页看看其他内容。", None),
        ("Home\n\nProducts\n\nCareers", "Page not found"),
        ("系统繁忙，请稍后再试", None),
        ("Something went wrong. Please come back later.", None),
    ],
)
def test_error_pages_in_a_good_answer(text: str, title: str | None) -> None:
    fault = assess(reading(text, title=title), target(english))
    assert fault is not None
    assert fault.kind is FaultKind.SUSPECT_SOFT_404
    assert fault.stage is Stage.PLAUSIBLE
    assert fault.exchange is not None
    assert fault.content


@pytest.mark.parametrize(
    "text",
    [
        "Just a moment...\n\nChecking your browser before accessing example.com.",
        "Access denied\n\nYou have been blocked.",
        "请完成验证\n\n拖动滑块完成拼图",
        "访问过于频繁，请稍后再试",
    ],
)
def test_walls(text: str) -> None:
    assert kind(text, latest=chinese) is FaultKind.SUSPECT_WALL


def test_wall_known_by_its_marks() -> None:
    assert (
        kind("One moment", source="<script src=/cdn-cgi/challenge-platform/x></script>")
        is FaultKind.SUSPECT_WALL
    )


def test_log_in_pages() -> None:
    form = '<form><input name="p" type="password"></form>'
    assert kind("账号登录\n\n手机号\n\n密码\n\n忘记密码", source=form) is FaultKind.SUSPECT_LOGIN
    assert (
        kind("Sign in to continue", url="https://example.com/login?next=privacy") is FaultKind.SUSPECT_LOGIN
    )


def test_json_in_place_of_a_page() -> None:
    assert kind('{"code":403}', source='{"code":403,"message":"forbidden"}') is FaultKind.SUSPECT_NOT_HTML


def test_nothing_or_too_little() -> None:
    assert kind("") is FaultKind.EMPTY
    assert kind("Privacy policy") is FaultKind.SUSPECT_SHORT
    shell = '<div id="app"></div><script src="/app.js"></script>'
    assert kind("", source=shell) is FaultKind.NEEDS_BROWSER


def test_far_shorter_than_the_last_version() -> None:
    brief = (
        "We collect personal data with your consent and disclose it to third parties as the terms say. " * 3
    )
    assert kind(brief, latest=english * 3) is FaultKind.SUSPECT_SHORT


def test_true_large_deletion_is_no_fault() -> None:
    half = "\n\n".join(english.split("\n\n")[:12])
    assert kind(half, latest=english) is None


def test_other_language() -> None:
    assert kind(english, latest=chinese) is FaultKind.SUSPECT_LANGUAGE
    assert kind(chinese, language="en") is FaultKind.SUSPECT_LANGUAGE
    assert kind(chinese, language="zh-CN") is None
    assert kind(english, latest=chinese, language="en") is None


def test_no_policy() -> None:
    shop = (
        "Buy our lovely shoes today and get the second pair for half the price in the summer of colours. " * 4
    )
    assert kind(shop) is FaultKind.NOT_A_POLICY


def test_sections_of_the_contents_missing() -> None:
    names = [
        "Who we are",
        "What we collect",
        "Why we use it",
        "With whom we share",
        "How long we keep",
        "Your rights",
    ]
    filling = (
        "We collect personal data with your consent and disclose it to third parties as these terms say. " * 6
    )
    whole = ["# Privacy", *(f"- {name}" for name in names)]
    for name in names:
        whole += [f"## {name}", filling]
    cut = whole[: len(whole) - 4]
    assert kind("\n\n".join(whole)) is None
    assert kind("\n\n".join(cut), latest="\n\n".join(whole)) is FaultKind.SUSPECT_INCOMPLETE


def test_stops_in_mid_sentence() -> None:
    cut = english[: len(english) // 2 + 60].rstrip(".,; ")
    assert kind(cut, latest=english) is FaultKind.SUSPECT_INCOMPLETE


def test_shrunk_page_that_reports_a_missing_document() -> None:
    half = "\n\n".join(english.split("\n\n")[:11])
    assert kind(f"{half}\n\nThe document could not be found.", latest=english) is FaultKind.SUSPECT_SOFT_404
