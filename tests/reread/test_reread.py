"""The stored past read with another recipe, and what was learned to be volatile: as their user sees them."""

from __future__ import annotations

from pathlib import Path

from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, policy


def with_notice(page: str, notice: str) -> str:
    return page.replace("</main>", f'<div class="notice"><p>{notice}</p></div></main>')


def watched(tmp_path: Path, web: Web, port: int) -> Path:
    """Three versions: the notice changes, then the policy itself."""
    first = "本页面由示例团队维护，欢迎通过客服热线向我们反馈意见和建议。"
    second = "本页面由示例团队维护，欢迎通过在线客服向我们反馈意见和建议，我们会尽快答复。"
    config = configuration(tmp_path, web, port, ["amap"])
    for page in (
        with_notice(as_html(policy), first),
        with_notice(as_html(policy), second),
        with_notice(as_html(edited), second),
    ):
        web.pages = {"/amap": page}
        for _ in range(3):
            assert command(config, "check").returncode == 0
    return config


def test_rereading_shows_what_another_selector_would_have_made_of_the_past(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = watched(tmp_path, web, mail[1])
    stored = [row["version"]["text_sha256"] for row in answer(config, "history", "amap")]
    assert len(stored) == 3

    assert [one["same"] for one in answer(config, "reread", "amap")] == [True, True, True]
    tried = answer(config, "reread", "amap", "--remove", ".notice")
    assert [one["same"] for one in tried] == [False, False, False]
    assert [one["like_before"] for one in tried] == [False, True, False]
    assert "notice" not in tried[0]["result"]["text"]

    shown = command(config, "reread", "amap", "--remove", ".notice")
    assert "no change between them" in shown.stdout
    assert "3 with another text" in shown.stdout
    diff = command(config, "reread", "amap", "--remove", ".notice", "--version", "2")
    assert "在线客服" in diff.stdout
    again = [row["version"]["text_sha256"] for row in answer(config, "history", "amap")]
    assert again == stored, "nothing is stored"
    assert answer(config, "verify")["damage"] == []


def test_a_recipe_that_does_not_fit_is_told_for_each_version(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = watched(tmp_path, web, mail[1])
    found = answer(config, "reread", "amap", "--select", "#nowhere")
    assert {one["result"]["kind"] for one in found} == {"selector"}
    text = config.read_text(encoding="utf-8")
    one = f'{{ url = "{web.origin}/amap", allow_http = true, allow_private = ["127.0.0.0/8"] }}'
    combined = text[: text.index('url = "http')] + f"documents = [{one}, {one}]\n"
    assert combined != text
    config.write_text(combined, encoding="utf-8")
    shown = command(config, "reread")
    assert "made of 1 pages, the configuration names 2" in shown.stdout, shown.stderr


def test_a_bad_selector_or_a_service_that_is_not_configured_is_a_clear_error(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = watched(tmp_path, web, mail[1])
    bad = command(config, "reread", "amap", "--select", "p:::x")
    assert bad.returncode == 2
    assert "Traceback" not in bad.stderr
    assert command(config, "reread", "--select", "p").returncode == 2
    assert command(config, "reread", "nobody").returncode != 0


def test_volatile_lines_are_shown_as_they_stand(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    config = configuration(tmp_path, web, mail[1], ["amap"])
    for count in range(1, 6):
        web.pages = {"/amap": with_notice(as_html(policy), f"今日访问 {count}2,{count}45 次")}
        assert command(config, "check").returncode == 0
    found = answer(config, "show", "amap", "--volatile")
    assert found["learned"]
    assert len(found["left_out"]) == 1
    assert "今日访问" in found["left_out"][0][0]
    assert "今日访问" in command(config, "show", "amap", "--volatile").stdout
    assert len(answer(config, "history", "amap")) == 1
