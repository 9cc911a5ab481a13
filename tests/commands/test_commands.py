"""Every command that is listed exists, tells of itself, and stands in the reference."""

from __future__ import annotations

import re

import click
import pytest

from monitor.cli import cli, commands
from tests.world import root

reference = (root / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", commands)
def test_a_listed_command_exists_and_is_documented(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert len(command.get_short_help_str(200)) > 20
    assert re.search(rf"`{name}\b", reference), f"docs/reference/command-line.md does not speak of {name}"


@pytest.mark.parametrize("name", commands)
def test_every_option_says_what_it_is_for_or_is_plain_from_its_name(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    plain = {"tag", "every", "name"}
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in plain:
            assert option.help or option.default is not None or option.multiple, f"{name}: {option.opts}"


def test_an_unknown_command_is_a_clear_error() -> None:
    assert cli.get_command(click.Context(cli), "nonsense") is None
