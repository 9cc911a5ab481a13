"""Killed at any write, the monitor loses nothing and sends everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.world import Mailbox, Web, as_html, command, configuration, edited, policy, root


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_before_any_write_nothing_is_lost_and_everything_is_sent(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    web.pages = {"/a": as_html(policy), "/b": as_html(policy.replace("第", "各"))}
    config = configuration(tmp_path, web, port, ["a", "b"])
    assert command(config, "check").returncode == 0
    copy = tmp_path / "before"
    shutil.copytree(tmp_path / "state", copy)
    mailbox.messages.clear()
    web.pages["/a"] = as_html(edited)

    rounds = run_rounds(config, copy)

    assert len(rounds) > 20, "there are many writes to die at"
    assert [one["killed"] for one in rounds] == [True] * (len(rounds) - 1) + [False]
    whole = rounds[-1]
    assert sorted(version[:2] for version in whole["versions"]) == [["a", 1], ["a", 2], ["b", 1]]
    for one in rounds:
        assert sorted(one["versions"]) == sorted(whole["versions"]), f"killed before write {one['n']}"
        assert one["examined"]
        assert one["deliveries"] == whole["deliveries"]
        assert all(state == "sent" for _, _, state in one["deliveries"])
    said = [text for text in mailbox.texts() if "通讯录" in text]
    assert len(said) >= len(rounds), "each round's change was told at least once"
    assert len(said) <= len(rounds) + 3, "and told again only where the answer of the mail server was lost"


def run_rounds(config: Path, copy: Path) -> list[dict[str, Any]]:
    script = Path(__file__).with_name("crash_rounds.py")
    done = subprocess.run(
        [sys.executable, str(script), str(config), str(copy), "1", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
