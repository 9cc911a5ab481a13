"""reread: the stored past, read with the recipe of now or with one that is tried. Stores nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import click
from rich.progress import track

from monitor import extract
from monitor.cli.context import json_option, library, settings, terms_of, version_of
from monitor.cli.output import cell, console, print_json, stamp, table
from monitor.errors import ConfigError, UsageError
from monitor.extract.select import problem
from monitor.model import Declaration, Fault, Reading, TermsId
from monitor.rereading import Rereading, reread_all
from monitor.store.sqlite import SqliteStore


@click.command()
@click.argument("service", required=False)
@click.option(
    "--select",
    multiple=True,
    help="Try this CSS selector instead of the configured ones; may be given again.",
)
@click.option("--remove", multiple=True, help="Try leaving this CSS selector out; may be given again.")
@click.option("-v", "--version", "number", help="Show what would differ in this version, as a diff.")
@json_option
@click.pass_context
def reread(
    ctx: click.Context,
    service: str | None,
    select: tuple[str, ...],
    remove: tuple[str, ...],
    number: str | None,
    as_json: bool,
) -> None:
    """Read every stored version again with the configuration of now, and show what would differ.

    Nothing stored is altered: a version stays as it was recorded. The daemon itself reads the latest version again
    when the configuration changes, and records another text as a technical upgrade, without alarm. With --select or
    --remove, selectors are tried before they are written into the configuration.
    """  # fmt: skip
    if (select or remove or number) and not service:
        raise UsageError("--select, --remove and --version are of one service: name it")
    store = library(ctx)
    declared = {one.terms: one for one in settings(ctx).declarations}
    chosen = [terms_of(store, service)] if service else [one for one in declared if store.versions(one)]
    declarations = [_tried(_declared(declared, terms), select, remove) for terms in chosen]
    if number is not None:
        _print_version(store, declarations[0], number)
        return
    found = [one for declaration in declarations for one in _all(store, declaration)]
    if as_json:
        print_json([_plain(one) for one in found])
        return
    _print(found)


def _declared(declared: dict[TermsId, Declaration], terms: TermsId) -> Declaration:
    if terms not in declared:
        raise ConfigError(f"{terms} is not in the configuration any more: there is no recipe to read it with")
    return declared[terms]


def _tried(declaration: Declaration, select: tuple[str, ...], remove: tuple[str, ...]) -> Declaration:
    """The declaration with the selectors to be tried in all of its documents."""
    for selector in (*select, *remove):
        if wrong := problem(selector):
            raise UsageError(wrong)
    documents = tuple(
        replace(one, select=select or one.select, remove=remove or one.remove)
        for one in declaration.documents
    )
    return replace(declaration, documents=documents)


def _all(store: SqliteStore, declaration: Declaration) -> Iterator[Rereading]:
    """All versions of a policy read again; on a terminal with a bar."""
    versions = store.versions(declaration.terms)
    found = reread_all(store, versions, declaration.documents, extract.recipe(declaration.documents))
    if not sys.stderr.isatty():
        return found
    return iter(_with_bar(found, str(declaration.terms), len(versions)))


def _with_bar(found: Iterable[Rereading], name: str, total: int) -> Iterable[Rereading]:
    from rich.console import Console

    return track(found, description=name, total=total, console=Console(stderr=True), transient=True)


def _plain(one: Rereading) -> dict[str, Any]:
    result = replace(one.result, snapshots=()) if isinstance(one.result, Reading) else one.result
    return {
        "version": one.version,
        "same": one.same,
        "cosmetic": one.cosmetic,
        "like_before": one.like_before,
        "change": one.change,
        "result": result,
    }


def _print(found: list[Rereading]) -> None:
    rows = table("", "service", ">#", "first seen (UTC)", ">size", ">would be", "what would differ")
    rows.title = None
    for one in found:
        size = f"{len(one.result.text):,}" if isinstance(one.result, Reading) else "–"
        rows.add_row(
            cell(one.version.terms), str(one.version.number), stamp(one.version.first_seen),
            f"{one.version.length:,}", size, cell(_what(one), "" if one.same else "yellow"),
        )  # fmt: skip
    console().print(rows)
    differing = sum(not one.same for one in found)
    faults = sum(isinstance(one.result, Fault) for one in found)
    click.echo(
        f"\n{len(found)} versions read again: {len(found) - differing} the same, {differing - faults} with another text, "
        f"{faults} could not be read. Nothing was stored."
    )


def _what(one: Rereading) -> str:
    if isinstance(one.result, Fault):
        return f"{one.result.kind}: {one.result.message}"
    said = "the same text"
    if one.change is not None:
        places = len(one.change.hunks)
        said = (
            "nothing that a reader sees"
            if one.cosmetic
            else f"{places} place{'' if places == 1 else 's'}, +{one.change.inserted:,} −{one.change.deleted:,}"
        )
    if one.like_before:
        said += f"; the same as version {one.version.number - 1} would be: no change between them"
    return said


def _print_version(store: SqliteStore, declaration: Declaration, number: str) -> None:
    from monitor.render.change import as_terminal

    versions = list(store.versions(declaration.terms))
    version = version_of(versions, number)
    with_the_one_before = [one for one in versions if version.number - 1 <= one.number <= version.number]
    recipe = extract.recipe(declaration.documents)
    *_, one = reread_all(store, with_the_one_before, declaration.documents, recipe)
    click.echo(f"{version.terms}, version {version.number}: {_what(one)}\n")
    if one.change is not None:
        console().print(as_terminal(one.change, language="en"))
