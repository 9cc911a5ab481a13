"""add and test-extract: looking at a page before it is watched."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from monitor import extract, registry
from monitor.cli.context import config_file, json_option, places
from monitor.cli.output import cell, console, print_json, stated
from monitor.config import parse_settings, read_text
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
likely_links = 4
beginning = """\
# What is watched. All keys: docs/reference/configuration.md; check it with `policy-monitor validate`.

[monitor]
contact = "set your e-mail address"  # shown to the services in the User-Agent: tell them whom to ask
"""


def look_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a look that `add` and `test-extract` share; `add` writes them into the entry."""
    for option in (
        click.option("--accept-language", help="Ask for this language, such as zh-CN."),
        click.option("--allow-private", multiple=True, help="A private network (CIDR) that is meant."),
        click.option("--allow-http", is_flag=True, help="Plain http where there is no other way."),
    ):
        function = option(function)
    return function


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
@click.option("--as-is", is_flag=True, help="URL is the policy itself, whatever it looks like.")
@look_options
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
    as_is: bool,
    allow_http: bool,
    allow_private: tuple[str, ...],
    accept_language: str | None,
    yes: bool,
) -> None:
    """Find the policy at URL (a policy page, or a page that links to one), preview it, and watch it.

    The entry is appended to the configuration, whose comments and order stay as they are; where there is no
    configuration yet, ./config.toml is begun.
    """
    file = _file_to_add_to(ctx)
    kit = parse_settings(_text_of(file), file).kit
    asked = SourceDocument(
        location=url, allow_http=allow_http, allow_private=allow_private, accept_language=accept_language
    )
    way = (_found(url, kit, asked),) if as_is else _way_to_policy(url, kit, asked)
    start, target = way[0], way[-1]
    snapshot = target.snapshot
    document = replace(asked, location=snapshot.exchange.final_url)
    reading = _reading(document, snapshot)
    selectors = propose(snapshot, reading.text)
    selector = select if select is not None else (selectors[0] if selectors else "")
    if selector:
        reading = _reading(replace(document, select=(selector,)), snapshot)
    _preview(reading, snapshot, selectors)
    id_ = service or _id(snapshot.exchange.final_url)
    entry: dict[str, Any] = {
        "id": id_,
        "name": name or id_,
        "name_native": native,
        "language": reading.language,
        "url": start.snapshot.exchange.final_url if follow else snapshot.exchange.final_url,
        "follow": {"text": _link_text(way)} if follow else None,
        "select": selector or None,
        "accept_language": accept_language,
        "allow_http": allow_http or None,
        "allow_private": list(allow_private) or None,
        "every": every,
        "tags": list(tags) or None,
    }
    if yes or click.confirm(f"Append service {id_!r} to {file}?", default=True):
        append_service(file, {key: value for key, value in entry.items() if value is not None})
        click.echo(
            f"{id_} is in {file}; the daemon takes it on SIGHUP, `policy-monitor check {id_}` looks now."
        )


def _file_to_add_to(ctx: click.Context) -> Path:
    """The configuration there is, or the one that is to be begun."""
    named = ctx.find_root().obj
    if isinstance(named, Path):
        return named
    return next((place for place in places if place.exists()), places[0])


def _text_of(file: Path) -> str:
    return read_text(file) if file.exists() else beginning


# --------------------------------------------------------------------------- finding


def _way_to_policy(url: str, kit: Kit, asked: SourceDocument) -> tuple[Discovery, ...]:
    """The pages from the one given to the policy: itself, or by its likeliest links, over one page between at most."""
    first = _found(url, kit, asked)
    if first.is_policy:
        return (first,)
    if not first.candidates:
        raise NotFound(
            clean(
                f"{first.snapshot.exchange.final_url} does not look like a policy and links to none that can be told by name"
                " (if it is one: --as-is)"
            )
        )
    for candidate in first.candidates[:likely_links]:
        click.echo(clean(f"-> {candidate.text or '(no text)'}  {candidate.address}"))
        second = discover(candidate.address, kit, asked)
        if isinstance(second, Fault):
            click.echo(clean(f"   {second.kind}: {second.message}"))
            continue
        if second.is_policy:
            return (first, second)
        for further in second.candidates[:1]:
            click.echo(clean(f"   -> {further.text or '(no text)'}  {further.address}"))
            third = discover(further.address, kit, asked)
            if isinstance(third, Discovery) and third.is_policy:
                return (second, third)
    raise NotFound(
        clean(
            f"none of the likeliest links of {first.snapshot.exchange.final_url} leads to a policy: give its address itself, with --as-is if need be"
        )
    )


def _found(url: str, kit: Kit, asked: SourceDocument) -> Discovery:
    found = discover(url, kit, asked)
    if isinstance(found, Fault):
        raise Unreadable(clean(f"{url}: {found.kind}: {found.message}"))
    return found


def _link_text(way: Sequence[Discovery]) -> str:
    """The text of the link that led to the policy."""
    target = way[-1].snapshot.exchange
    links = way[0].candidates if len(way) > 1 else ()
    text = next((link.text for link in links if link.address in (target.url, target.final_url)), "")
    if not text:
        raise click.UsageError("--follow needs a page that links to the policy by a text")
    return text


def _reading(document: SourceDocument, snapshot: Snapshot) -> Reading:
    """The text of a page that can be taken for a policy; Unreadable otherwise."""
    taken = _taken(document, snapshot)
    if doubt := _doubt(document, taken):
        raise Unreadable(clean(f"{document.location}: {doubt.kind}: {doubt.message}"))
    return taken


def _taken(document: SourceDocument, snapshot: Snapshot) -> Reading:
    taken = read([document], [snapshot], extract.recipe([document]))
    if isinstance(taken, Fault):
        raise Unreadable(clean(f"{document.location}: {taken.kind}: {taken.message}"))
    return taken


def _doubt(document: SourceDocument, taken: Reading) -> Fault | None:
    declaration = Declaration(terms=TermsId(service="preview"), name="preview", documents=(document,))
    return assess(taken, Target(declaration=declaration, recipe=taken.recipe))


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
    host = urlsplit(url).hostname or "service"
    labels = [
        label
        for label in ([host] if re.fullmatch(r"[\d.:a-f]+", host) else host.split("."))
        if label not in ("www", "m", "com", "cn")
    ]
    name = labels[-2] if len(labels) > 1 else next(iter(labels), "service")
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:64] or "service"


# --------------------------------------------------------------------------- writing


def append_service(file: Path, entry: dict[str, Any]) -> None:
    """Append a `[[services]]` table; comments and layout stay.

    The new text is checked before it takes the place of the old one, which is whole at every moment.
    """
    import tomlkit

    row = tomlkit.table()
    for key, value in entry.items():
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            row.add(key, inline)
        else:
            row.add(key, value)
    services = tomlkit.aot()
    services.append(row)
    added = tomlkit.document()
    added.add("services", services)
    text = f"{_text_of(file).rstrip()}\n\n{tomlkit.dumps(added)}"
    parse_settings(text, file)
    _replace(file.resolve(), text)


def _replace(file: Path, text: str) -> None:
    """Put a text in the place of a file in one step, with its owner and permissions."""
    try:
        new = file.with_name(f".{file.name}.new")
        new.write_text(text, encoding="utf-8")
        if file.exists():
            shutil.copymode(file, new)
            owner = file.stat()
            if (owner.st_uid, owner.st_gid) != (os.getuid(), os.getgid()):
                os.chown(new, owner.st_uid, owner.st_gid)
        with new.open("rb") as handle:
            os.fsync(handle.fileno())
        new.replace(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror or error}") from None


# --------------------------------------------------------------------------- looking once


@click.command("test-extract")
@click.argument("place")
@click.option("--select", multiple=True, help="CSS selector; may be given again.")
@click.option("--remove", multiple=True, help="CSS selector of what to leave out; may be given again.")
@click.option("--fetcher", default="auto", show_default=True)
@click.option("--extractor", default="auto", show_default=True)
@click.option("--json-path", help="Where the text stands in a JSON document.")
@look_options
@json_option
@click.pass_context
def test_extract(
    ctx: click.Context,
    place: str,
    select: tuple[str, ...],
    remove: tuple[str, ...],
    fetcher: str,
    extractor: str,
    json_path: str | None,
    allow_http: bool,
    allow_private: tuple[str, ...],
    accept_language: str | None,
    as_json: bool,
) -> None:
    """Print the text that would be taken from PLACE, an address or a file. Stores nothing."""
    try:
        file = config_file(ctx)
        kit = parse_settings(read_text(file), file).kit
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
        json_path=json_path,
        allow_http=allow_http,
        allow_private=allow_private,
        accept_language=accept_language,
    )
    snapshot = registry.fetcher(document.fetcher)(document, Validators(), kit)
    if isinstance(snapshot, Fault):
        raise Unreadable(clean(f"{place}: {snapshot.kind}: {snapshot.message}"))
    assert not isinstance(snapshot, NotModified)
    reading = _taken(document, snapshot)
    doubt = _doubt(document, reading)
    if as_json:
        print_json(
            {
                "reading": replace(reading, snapshots=()),
                "doubt": doubt and {"kind": doubt.kind, "message": doubt.message},
            }
        )
    else:
        click.echo(clean(reading.text))
        summary = (
            f"{len(reading.text):,} characters, language {reading.language}, dates: {stated(reading.dates)}"
        )
        click.echo(clean(f"\n{summary}"), err=True)
    if doubt:
        raise Unreadable(clean(f"{place}: no version would be made of it: {doubt.kind}: {doubt.message}"))
