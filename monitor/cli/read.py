"""history, show, diff, search: reading what is stored. None of them touches the network."""

from __future__ import annotations

from collections.abc import Sequence

import click

from monitor.cli.context import (
    json_option,
    library,
    lies_in,
    moment,
    opening,
    terms_of,
    version_at,
    version_of,
)
from monitor.cli.looks import print_looks, print_volatile, show_look, write_raw
from monitor.cli.output import (
    cell,
    console,
    movement_words,
    print_json,
    stamp,
    stated,
    table,
)
from monitor.errors import NotFound
from monitor.model import Nature, TermsId, Version
from monitor.ports import HistoryRow
from monitor.text.clean import clean


@click.command()
@click.argument("service", required=False)
@click.option("-n", "--limit", type=click.IntRange(min=1), help="Only the latest so many.")
@click.option("--checks", is_flag=True, help="Every look instead of every version: what was seen, and when.")
@click.option(
    "--from", "since", help="Only what was first seen, or looked at, from this day or moment on (UTC)."
)
@click.option("--to", "until", help="Only up to this day or moment (UTC).")
@json_option
@click.pass_context
def history(
    ctx: click.Context,
    service: str | None,
    limit: int | None,
    checks: bool,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """List every version: its dates, cause, size of change and audit movement.

    Of all services, or of one (SERVICE or SERVICE/TERMS TYPE). `coverage` says what the looks prove of a period.
    """
    store = library(ctx)
    terms = terms_of(store, service) if service else None
    start, end = opening(since) if since else None, moment(until) if until else None
    if checks:
        looks = [
            look
            for look in store.looks(terms, None if start or end else limit)
            if lies_in(look.at, start, end)
        ]
        print_looks(looks[-limit:] if limit else looks, as_json)
        return
    rows = store.history(terms, None if start or end else limit)
    rows = [row for row in rows if lies_in(row.version.first_seen, start, end)]
    rows = rows[-limit:] if limit else rows
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("No version is stored yet: run `policy-monitor check`.")
        return
    titles = {standing.declaration.terms: standing.declaration.title for standing in store.standings()}
    print_history(rows, titles)


def print_history(rows: Sequence[HistoryRow], titles: dict[TermsId, str]) -> None:
    found = table(
        "", "service", ">#", "first seen (UTC)", "cause", "the text says", ">size", "change", "audit", "flags"
    )
    found.title = None
    for row in rows:
        version = row.version
        found.add_row(
            cell(titles.get(version.terms, str(version.terms))),
            str(version.number),
            stamp(version.first_seen),
            cell(_cause(version), "bold" if row.significance else ""),
            cell(stated(version.dates)),
            f"{version.length:,}",
            cell(_size_of_change(row)),
            cell((row.warning and "capture in doubt") or movement_words(row.better, row.worse, row.moved)),
            cell(", ".join(version.flags), "yellow"),
        )
    console().print(found)


def _cause(version: Version) -> str:
    return f"{version.cause} to {version.returns_to}" if version.returns_to else str(version.cause)


def _size_of_change(row: HistoryRow) -> str:
    if row.fault:
        return f"not examined: {row.fault}"
    if row.hunks is None:
        return ""
    places = f"{row.hunks} place{'' if row.hunks == 1 else 's'}"
    held = f", immaterial by ruling ({row.immaterial.by})" if row.immaterial else ""
    return f"{places}, +{row.inserted:,} −{row.deleted:,}, weight {row.significance}{held}"


@click.command()
@click.argument("service")
@click.option(
    "-v", "--version", "number", help="Which version: its number, or -1 for the one before the latest."
)
@click.option("--at", help="The version that was in place at this date or time (UTC).")
@click.option(
    "--look", type=int, help="A look instead of a version, by its number in `history --checks`: its proof."
)
@click.option("--raw", is_flag=True, help="The page as it was sent, byte by byte (to a file or pipe).")
@click.option(
    "--volatile", is_flag=True, help="The lines that comparisons leave out: they differ from look to look."
)
@json_option
@click.pass_context
def show(
    ctx: click.Context,
    service: str,
    number: str | None,
    at: str | None,
    look: int | None,
    raw: bool,
    volatile: bool,
    as_json: bool,
) -> None:
    """Print the text of a version, with where it came from and its digests."""
    store = library(ctx)
    if look is not None:
        show_look(store, terms_of(store, service), look, raw, as_json)
        return
    versions = list(store.versions(terms_of(store, service)))
    version = version_at(versions, moment(at)) if at else version_of(versions, number)
    if raw:
        write_raw(store.raw(sha256) for sha256 in version.snapshots)
        return
    text = store.text(version.text_sha256)
    if volatile:
        print_volatile(version, text, store.volatile(version.terms), as_json)
        return
    if as_json:
        print_json({"version": version, "text": text, "links": store.links(version)})
        return
    click.echo(_header(version), err=True)
    click.echo(clean(text))


def _header(version: Version) -> str:
    lines = [
        f"{version.terms}, version {version.number} ({_cause(version)})",
        f"first seen {stamp(version.first_seen)} UTC, confirmed {stamp(version.recorded_at)} UTC; the text says: {stated(version.dates)}",
        f"from {', '.join(version.final_urls)}",
        f"text SHA-256 {version.text_sha256}; page SHA-256 {', '.join(version.snapshots)}",
    ]
    return clean("\n".join(lines)) + "\n"


@click.command()
@click.argument("service")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--since", help="Against the version that was in place at this date (UTC).")
@click.option(
    "--only", type=click.Choice([nature.value for nature in Nature]), help="Only changes of this kind."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "text", "markdown", "html", "html-sides", "unified"]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--words", is_flag=True, help="As a list of words: what stands in place of what, and how often."
)
@click.option(
    "--limit",
    type=click.IntRange(min=200),
    help="Characters of text or markdown: the weightiest places that fit, then how many more there are.",
)
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the labels."
)
@json_option
@click.pass_context
def diff(
    ctx: click.Context,
    service: str,
    a: str | None,
    b: str | None,
    since: str | None,
    only: str | None,
    form: str,
    words: bool,
    limit: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Show what differs between two versions: the latest and the one before it, or A and B.

    A and B are version numbers or dates. With A alone: from A to the latest.
    """
    from monitor.cli.show_diff import Form, print_diff

    if since and a:
        raise click.UsageError("--since takes the place of A: give one of them")
    if only and form == "unified" and not (words or as_json):
        raise click.UsageError("a unified diff knows no kinds of change: --only goes with the other formats")
    if words and form != "terminal":
        raise click.UsageError("--words is a list of its own: it goes with --json only")
    if limit and (form not in ("text", "markdown") or as_json):
        raise click.UsageError("--limit goes with --format text and markdown")
    store = library(ctx)
    versions = list(store.versions(terms_of(store, service)))
    before, after = _pair(versions, a, b, since)
    chosen = Form(
        name="json" if as_json else form,
        only=Nature(only) if only else None,
        words=words,
        language=language,
        limit=limit,
    )
    print_diff(store, before, after, chosen)


def _pair(
    versions: list[Version], a: str | None, b: str | None, since: str | None
) -> tuple[Version, Version]:
    after = version_of(versions, b)
    if since:
        return version_at(versions, moment(since)), after
    if a:
        return version_of(versions, a), after
    if after.number == 1:
        raise NotFound(f"{after.terms} has one version only: there is nothing to compare it with yet")
    return version_of(versions, str(after.number - 1)), after
