"""How looks, and what they leave out of comparisons, are printed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from monitor.cli.output import cell, console, print_json, table
from monitor.model import Version
from monitor.ports import Look
from monitor.text.normal import left_out


def print_looks(looks: Sequence[Look], as_json: bool) -> None:
    """The ledger: when, which, what it came to, and what the server showed."""
    if as_json:
        print_json(looks)
        return
    if not looks:
        click.echo("No look is recorded in this time.")
        return
    found = table("", ">look", "when (UTC)", "service", "result", ">version", "what the server showed")
    found.title = None
    for look in looks:
        found.add_row(
            str(look.seq),
            f"{look.at:%Y-%m-%d %H:%M:%S}",
            cell(look.terms),
            cell(look.outcome, "yellow" if look.fault else ""),
            str(look.version or ""),
            cell(shown(look)),
        )
    console().print(found)


def shown(look: Look) -> str:
    """A look in words: the fault if there was one, then each answer in a line."""
    fault = f"{look.fault}: {look.message}" if look.fault else ""
    return "; ".join(part for part in (fault, *look.exchanges) if part)


def print_volatile(version: Version, text: str, volatile: Sequence[str], as_json: bool) -> None:
    """What comparisons leave out, as it stands in a version."""
    found = left_out(text, frozenset(volatile))
    if as_json:
        print_json({"version": version, "learned": volatile, "left_out": found})
        return
    if not volatile:
        click.echo(f"{version.terms}: nothing was seen to differ from look to look; every line counts.")
        return
    rows = table("", "left out", "as it stands in version " + str(version.number))
    rows.title = None
    for line, why in found:
        rows.add_row(cell(why), cell(line))
    console().print(rows)
    click.echo(f"{len(volatile)} learned in all; a change of anything else counts.")
