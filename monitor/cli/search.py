"""search: who says it, who said it first, and whether it is still said."""

from __future__ import annotations

from collections.abc import Sequence

import click

from monitor.cli.context import json_option, library
from monitor.cli.output import cell, console, print_json, stamp
from monitor.errors import NotFound
from monitor.model import TermsId
from monitor.ports import Passage

_all_there_are = 1_000_000


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Paragraphs at most."
)
@json_option
@click.pass_context
def search(ctx: click.Context, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find WORDS in every version of every service: who said it first, when, and whether it is still said.

    A paragraph counts that holds all of the words; Latin words are found by their beginning.
    """
    asked = " ".join(words)
    found = library(ctx).search(asked, _all_there_are)
    if as_json:
        print_json(found[:limit])
        return
    if not found:
        raise NotFound(f"nowhere: {asked}")
    _print_first_said(found)
    for passage in found[:limit]:
        still = "still said" if passage.still else "no longer said"
        where = (
            f"{passage.terms} version {passage.number}, first said {stamp(passage.first_seen)} UTC, {still}"
        )
        console().print(cell(where, "bold cyan"))
        console().print(cell(f"  {passage.text}"))
    if len(found) > limit:
        click.echo(f"({len(found) - limit} more: --limit)")


def _print_first_said(found: Sequence[Passage]) -> None:
    """Who said it first, a line a service, the earliest first."""
    first: dict[TermsId, Passage] = {}
    for passage in sorted(found, key=lambda one: (one.first_seen, one.number)):
        first.setdefault(passage.terms, passage)
    still = {passage.terms for passage in found if passage.still}
    for terms, passage in first.items():
        now = "still said" if terms in still else "no longer said"
        line = f"first said on {passage.first_seen:%Y-%m-%d} by {terms} (version {passage.number}), {now}"
        console().print(cell(line, "bold"))
    click.echo()
