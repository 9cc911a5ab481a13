"""add and test-extract: looking at a page before it is watched."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from monitor import extract, registry
from monitor.cli.context import config_file, json_option
from monitor.cli.output import cell, console, print_json, stated
from monitor.config import read_settings
from monitor.errors import ConfigError, MonitorError, NotFound
from monitor.extract.propose import propose
from monitor.fetch.discover import Discovery, discover
from monitor.model import (
    Declaration,
    Fault,
    NotModified,
    Reading,
    Snapshot,
    SourceDocument,
    Target,
    TermsId,
    Validators,
)
from monitor.plausible import assess
from monitor.ports import Kit
from monitor.steps import read
from monitor.text.clean import clean

preview_lines = 12


class Unreadable(MonitorError):
    """A page that cannot be taken for a policy."""

    exit_code = 1


@click.command()
@click.argument("url")
@click.option("--id", "service", help="Id of the service. [default: from the address]")
@click.option("--name", help="Name of the service. [default: the same]")
@click.option("--native", help="Name in its own language.")
@click.option("--select", help="CSS selector. [default: proposed from the page; '' for none]")
@click.option("--every", help="How often, such as 6h.")
@click.option("--tag", "tags", multiple=True)
@click.option(
    "--follow/--no-follow", default=False, help="Watch where the link points, not the page it points to now."
)
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@click.pass_context
def add(
    ctx: click.Context,
    url: str,
    service: str | None,
    name: str | None,
    native: str | None,
    select: str | None,
    every: str | None,
    tags: tuple[str, ...],
    follow: bool,
    yes: bool,
) -> None:
    """Find the policy at URL (a policy page, or a page that links to one), preview it, and watch it.

    The entry is appended to the configuration, whose comments and order stay as they are.
    """
    file = config_file(ctx)
    kit = _kit(file)
    found = _found(url, kit)
    start, target = found.snapshot.exchange.final_url, _policy(found, kit)
    snapshot = target.snapshot
    reading = _reading(SourceDocument(location=snapshot.exchange.final_url), snapshot)
    selectors = propose(snapshot, reading.text)
    selector = select if select is not None else (selectors[0] if selectors else "")
    if selector:
        reading = _reading(SourceDocument(location=snapshot.exchange.final_url, select=(selector,)), snapshot)
    _preview(reading, snapshot, selectors)
    id_ = service or _id(snapshot.exchange.final_url)
    entry: dict[str, Any] = {
        "id": id_,
        "name": name or id_,
        "name_native": native,
        "language": reading.language,
    }
    entry |= {"url": start if follow else snapshot.exchange.final_url}
    if follow:
        entry["follow"] = {"text": _link_text(found)}
    entry |= {"select": selector or None, "every": every, "tags": list(tags) or None}
    if yes or click.confirm(f"Append service {id_!r} to {file}?", default=True):
        append_service(file, {key: value for key, value in entry.items() if value is not None})
        click.echo(
            f"{id_} is in {file}; the daemon takes it on SIGHUP, `policy-monitor check {id_}` looks now."
        )


def _kit(file: Path) -> Kit:
    return read_settings(file).kit


def _found(url: str, kit: Kit) -> Discovery:
    found = discover(url, kit)
    if isinstance(found, Fault):
        raise Unreadable(clean(f"{url}: {found.kind}: {found.message}"))
    return found


def _policy(found: Discovery, kit: Kit) -> Discovery:
    """The policy itself: the page given, or where its best link leads."""
    if found.is_policy:
        return found
    if not found.candidates:
        raise NotFound(
            clean(
                f"{found.snapshot.exchange.final_url} is no policy and links to none that can be told by name"
            )
        )
    for index, candidate in enumerate(found.candidates[:5]):
        click.echo(
            clean(f"{'->' if index == 0 else '  '} {candidate.text or '(no text)'}  {candidate.address}")
        )
    target = _found(found.candidates[0].address, kit)
    if not target.is_policy:
        raise NotFound(
            clean(f"{found.candidates[0].address} does not look like a policy: give its address itself")
        )
    return target


def _link_text(found: Discovery) -> str:
    if found.follow is None or found.follow.text is None:
        raise click.UsageError("--follow needs a page that links to the policy by a text")
    return found.follow.text


def _reading(document: SourceDocument, snapshot: Snapshot) -> Reading:
    taken = read([document], [snapshot], extract.recipe([document]))
    if isinstance(taken, Fault):
        raise Unreadable(clean(f"{document.location}: {taken.kind}: {taken.message}"))
    declaration = Declaration(terms=TermsId(service="preview"), name="preview", documents=(document,))
    doubt = assess(taken, Target(declaration=declaration, recipe=taken.recipe))
    if doubt:
        raise Unreadable(clean(f"{document.location}: {doubt.kind}: {doubt.message}"))
    return taken


def _preview(reading: Reading, snapshot: Snapshot, selectors: tuple[str, ...]) -> None:
    lines = [line for line in reading.text.splitlines() if line]
    shown = (
        [*lines[:preview_lines], f"... {len(lines) - preview_lines} more lines"]
        if len(lines) > preview_lines
        else lines
    )
    console().print(cell(reading.title or "(no title)", "bold"))
    console().print(cell("\n".join(shown)))
    click.echo(
        clean(
            f"\n{len(reading.text):,} characters, language {reading.language or 'unknown'}, dates: {stated(reading.dates)}, "
            f"read by {snapshot.exchange.fetcher}; selectors that take it: {', '.join(selectors[:4]) or 'none found'}"
        )
    )


def _id(url: str) -> str:
    labels = [
        label
        for label in (urlsplit(url).hostname or "service").split(".")
        if label not in ("www", "m", "com", "cn")
    ]
    return (
        re.sub(r"[^a-z0-9-]+", "-", labels[-2] if len(labels) > 1 else labels[0].lower()).strip("-")
        or "service"
    )


def append_service(file: Path, entry: dict[str, Any]) -> None:
    """Append a `[[services]]` table; comments and layout stay. The file as it was stays where the result is wrong."""
    import tomlkit

    before = file.read_text(encoding="utf-8")
    document = tomlkit.parse(before)
    row = tomlkit.table()
    for key, value in entry.items():
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            row.add(key, inline)
        else:
            row.add(key, value)
    services = document.get("services")
    if services is None:
        services = tomlkit.aot()
        document.add("services", services)
    services.append(row)
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
    try:
        read_settings(file)
    except ConfigError:
        file.write_text(before, encoding="utf-8")
        raise


@click.command("test-extract")
@click.argument("place")
@click.option("--select", multiple=True, help="CSS selector; may be given again.")
@click.option("--remove", multiple=True, help="CSS selector of what to leave out; may be given again.")
@click.option("--fetcher", default="auto", show_default=True)
@click.option("--extractor", default="auto", show_default=True)
@json_option
@click.pass_context
def test_extract(
    ctx: click.Context,
    place: str,
    select: tuple[str, ...],
    remove: tuple[str, ...],
    fetcher: str,
    extractor: str,
    as_json: bool,
) -> None:
    """Print the text that would be taken from PLACE, an address or a file. Stores nothing."""
    try:
        kit = _kit(config_file(ctx))
    except ConfigError:
        kit = Kit()
    kit = replace(kit, base_folder=".")
    is_file = urlsplit(place).scheme == "" and Path(place).exists()
    document = SourceDocument(
        location=place,
        select=select,
        remove=remove,
        fetcher="file" if is_file else fetcher,
        extractor=extractor,
    )
    snapshot = registry.fetcher(document.fetcher)(document, Validators(), kit)
    if isinstance(snapshot, Fault):
        raise Unreadable(clean(f"{place}: {snapshot.kind}: {snapshot.message}"))
    assert not isinstance(snapshot, NotModified)
    reading = _reading(document, snapshot)
    if as_json:
        print_json(replace(reading, snapshots=()))
        return
    click.echo(clean(reading.text))
    click.echo(
        clean(
            f"\n{len(reading.text):,} characters, language {reading.language}, dates: {stated(reading.dates)}"
        ),
        err=True,
    )
