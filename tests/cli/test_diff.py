"""diff over stored versions: which two, in which form; options that contradict each other are refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, policy


@pytest.fixture
def config(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> Path:
    made = configuration(tmp_path, web, mail[1], ["amap"])
    for text in (policy, edited):
        web.pages["/amap"] = as_html(text)
        for _ in range(2):
            assert command(made, "check").returncode == 0
    return made


def test_a_change_is_told_in_every_form_under_the_versions_it_compares(config: Path) -> None:
    for form in ("terminal", "text", "markdown", "html", "html-sides", "unified"):
        shown = command(config, "diff", "amap", "--format", form)
        assert shown.returncode == 0, shown.stderr
        assert "通讯录" in shown.stdout
        assert "version 2" in shown.stdout
    assert "第 2 版" in command(config, "diff", "amap", "--language", "zh").stdout
    assert "[-" in command(config, "diff", "amap").stdout, "no colour in a pipe: brackets mark the words"
    assert command(config, "diff", "amap", "--format", "text", "--limit", "300").returncode == 0
    words = json.loads(command(config, "diff", "amap", "--words", "--json").stdout)
    assert any("通讯录" in one["after"] for one in words)
    assert "通讯录" in command(config, "diff", "amap", "--words").stdout


def test_versions_are_named_by_number_or_date_and_kinds_can_be_asked_for(config: Path) -> None:
    back = answer(config, "diff", "amap", "2", "1")
    assert (back["before"]["number"], back["after"]["number"]) == (2, 1)
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert answer(config, "diff", "amap", "--since", tomorrow)["change"]["hunks"] == []
    none = answer(config, "diff", "amap", "--only", "moved")
    assert none["change"]["hunks"] == []
    assert answer(config, "diff", "amap", "--only", "substantive")["change"]["hunks"]
    assert "not asked for" in command(config, "diff", "amap", "--only", "moved").stdout


def test_options_that_would_be_ignored_are_refused(config: Path) -> None:
    for options in (
        ("1", "--since", "2017-07-28"), ("--only", "moved", "--format", "unified"), ("--words", "--format", "html"),
        ("--limit", "500"), ("--limit", "500", "--format", "html"),
    ):  # fmt: skip
        assert command(config, "diff", "amap", *options).returncode == 2, options


def test_search_finds_words_of_two_characters_over_all_versions_and_says_who_said_them_first(
    config: Path,
) -> None:
    (old,) = answer(config, "search", "与位置")[:1]
    assert old["number"] == 1
    shown = command(config, "search", "通讯")
    assert re.search(r"first said on \d{4}-\d\d-\d\d by amap \(version 2\), still said", shown.stdout)
    assert "more: --limit" in command(config, "search", "位置", "-n", "2").stdout
    assert command(config, "search", "量子").returncode != 0
