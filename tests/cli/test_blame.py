"""blame over versions that real looks recorded: dates, older wordings, what is gone; inert in every form."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.world import Mailbox, Web, answer, as_html, command, configuration, policy

log = "日志信息的保存期限为30天。"
last = "本政策由演示软件有限公司负责解释并不时更新。"
hostile = "=cmd()\u202e是我们收集的一种信息，用于向您提供本项服务。"


@pytest.fixture
def config(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> Path:
    """Three versions: 30 days; 180 days and a hostile sentence; 30 days again and the hostile one gone."""
    made = configuration(tmp_path, web, mail[1], ["amap"])
    for text in (
        policy + log,
        policy + log.replace("30", "180") + "\n" + hostile,
        policy + log + "\n" + last,
    ):
        web.pages["/amap"] = as_html(text)
        for _ in range(2):
            assert command(made, "check").returncode == 0
    return made


def test_blame_tells_first_last_before_and_gone_in_every_form(config: Path) -> None:
    found = answer(config, "blame", "amap", "--at", "2", "--grep", "保存期限")
    (row,) = found["sentences"]
    assert (row["first"]["version"], row["changed"]["version"], row["was"]) == (1, 2, log)
    assert row["removed"] is None
    (now,) = answer(config, "blame", "amap", "--grep", "180天")["sentences"]
    assert (now["text"], now["said_before"]["version"]) == (log, 1)
    shown = command(config, "blame", "amap", "--grep", "180天").stdout
    assert "was: " in shown
    assert "v3" in shown
    assert "原为" in command(config, "blame", "amap", "--grep", "180天", "--language", "zh").stdout
    gone = answer(config, "blame", "amap", "--removed", "--grep", "cmd")
    assert gone["sentences"] == []
    assert [row["removed"]["version"] for row in gone["removed"]] == [3]


def test_fetched_text_acts_neither_in_a_terminal_nor_in_a_spreadsheet(config: Path) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(command(config, "blame", "amap", "--removed", "--csv", "--grep", "cmd").stdout)
        )
    )
    assert rows[0]["text"].startswith("'=cmd()")
    assert "\u202e" not in rows[0]["text"]
    assert rows[0]["removed_version"] == "3"
    assert "\u202e" not in command(config, "blame", "amap", "--removed", "--grep", "cmd").stdout


def test_what_nobody_said_is_said_to_be_nowhere(config: Path) -> None:
    done = command(config, "blame", "amap", "--grep", "从未说过")
    assert done.returncode != 0
    assert "从未说过" in done.stderr
    assert command(config, "blame", "amap", "--csv", "--json").returncode != 0
