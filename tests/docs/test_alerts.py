"""What the documents say of alerts is so: every example is read by the real loader, every table names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor import app
from monitor.cli.alerts import alerts as alerts_command
from monitor.config import read_settings
from monitor.config.sections import AlertsSection, RuleSection
from monitor.model import AlertKind, Flag, Topic
from monitor.store import outbox
from tests.world import root

how_to = root / "docs" / "how-to" / "alerts.md"
rules = root / "docs" / "reference" / "rules.md"
proof = root / "docs" / "reference" / "alerts-proof.md"
_example = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)

mail = "mailtos://user:password@smtp.example.org?from=monitor@example.org&to=counsel@example.org"
channels = """
[[channels]]
name = "counsel-mail"
url_env = "MAIL"
[[channels]]
name = "team-dingtalk"
url_env = "DINGTALK_URL"
"""
service = """
[[services]]
id = "shop"
name = "Shop"
url = "https://shop.example/privacy"
"""


def examples(file: Path) -> list[str]:
    return _example.findall(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "example", [one for file in (how_to, rules) for one in examples(file)], ids=lambda one: one.split("\n")[0]
)
def test_every_example_is_a_valid_configuration(tmp_path: Path, example: str) -> None:
    (tmp_path / "counsel-mail.url").write_text(mail, encoding="utf-8")
    (tmp_path / "heartbeat.url").write_text("https://hc.example.org/ping/0c1d2e3f", encoding="utf-8")
    (tmp_path / "model.key").write_text("sk-0c1d2e3f", encoding="utf-8")
    file = tmp_path / "config.toml"
    own = "" if "[[channels]]" in example else channels
    file.write_text(example + own + service, encoding="utf-8")
    app.prepared(read_settings(file, {"MAIL": mail, "DINGTALK_URL": "dingtalk://abcdefabcdef/"}))


def test_there_are_examples() -> None:
    assert len(examples(how_to)) == 3
    assert len(examples(rules)) == 1


def row(file: Path, key: str) -> str:
    """The row of a table that begins with a key."""
    return next(
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and f"`{key}`" in line.split("|")[1]
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("kinds", {str(kind) for kind in AlertKind if kind is not AlertKind.TEST}),
        ("topics", {str(topic) for topic in Topic}),
        ("flags", {str(flag) for flag in Flag}),
    ],
)
def test_the_words_of_conditions_are_all_there(key: str, words: set[str]) -> None:
    assert set(re.findall(r"`([^`]+)`", row(rules, key))) - {key} == words


def test_every_key_has_its_row_and_its_default() -> None:
    for section in (AlertsSection, RuleSection):
        for name in section.model_fields:
            assert row(rules, name)
    default = AlertsSection()
    assert f"`{default.failures_in_a_row}`" in row(rules, "failures_in_a_row")
    assert f'`"{default.digest}"`' in row(rules, "digest")
    assert all(
        f"{value}" in row(rules, "own_fault")
        for value in (default.own_fault.share, default.own_fault.minimum)
    )


def test_the_times_that_are_promised_are_those_of_the_outbox() -> None:
    text = " ".join(how_to.read_text(encoding="utf-8").split())
    assert (outbox.first_pause.seconds, outbox.longest_pause.seconds) == (30, 3600)
    assert "after 30 s, 1 min, 2 min ... up to an hour apart" in text
    assert f"for {outbox.patience.total_seconds() / 3600:.0f} hours" in text
    assert outbox.refusals_believed == 5
    assert "believed after five tries" in text


def test_every_command_is_told_and_every_command_told_is_there() -> None:
    told = set(re.findall(r"`alerts ([a-z]+)", how_to.read_text(encoding="utf-8")))
    assert told == set(alerts_command.commands)


def test_every_proof_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", proof.read_text(encoding="utf-8"))
    assert len(named) > 30
    for file, function in named:
        source = root / file
        assert source.exists(), file
        assert not function or f"def {function}(" in source.read_text(encoding="utf-8"), f"{file}::{function}"
