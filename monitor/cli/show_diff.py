"""Printing a change in the form asked for."""

from __future__ import annotations

from dataclasses import replace

import click

from monitor import registry
from monitor.cli.output import console, print_json, stamp, stated
from monitor.diff import compare
from monitor.diff.summary import main_topics
from monitor.model import Change, Nature, Version
from monitor.render.change import as_html, as_markdown, as_terminal, as_text, as_unified
from monitor.render.labels import mainly
from monitor.store.sqlite import SqliteStore


def print_diff(
    store: SqliteStore, before: Version, after: Version, only: Nature | None, form: str, language: str
) -> None:
    """Compare two stored versions and print what differs."""
    old, new = store.text(before.text_sha256), store.text(after.text_sha256)
    tagger = registry.tagger(after.language or "")
    whole = compare(old, new, tagger)
    change = _only(whole, only)
    if form == "json":
        print_json({"before": before, "after": after, "change": change})
    elif form == "unified":
        click.echo(as_unified(old, new))
    elif form == "html":
        click.echo(as_html(change, old, new, language=language))
    elif form == "markdown":
        click.echo(as_markdown(change, language=language))
    elif form == "text":
        click.echo(as_text(change, language=language))
    else:
        click.echo(_headline(before, after, whole))
        about = mainly(main_topics(whole, tagger), "zh" if language.startswith("zh") else "en")
        click.echo(f"{about}\n" if about else "", nl=bool(about))
        console().print(as_terminal(change, language=language))


def _only(change: Change, nature: Nature | None) -> Change:
    if nature is None:
        return change
    return replace(change, hunks=tuple(hunk for hunk in change.hunks if hunk.nature is nature))


def _headline(before: Version, after: Version, change: Change) -> str:
    places = len(change.hunks)
    return (
        f"{after.terms}: version {before.number} ({stamp(before.first_seen)} UTC, {stated(before.dates)})"
        f" -> version {after.number} ({stamp(after.first_seen)} UTC, {stated(after.dates)}):"
        f" {places} place{'' if places == 1 else 's'}, +{change.inserted:,} −{change.deleted:,} characters\n"
    )
