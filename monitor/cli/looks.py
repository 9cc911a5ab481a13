"""How looks, and what they leave out of comparisons, are printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click

from monitor.cli.output import cell, console, print_json, table
from monitor.errors import NotFound, UsageError
from monitor.model import Exchange, TermsId, Version
from monitor.ports import Look
from monitor.store.sqlite import SqliteStore
from monitor.text.clean import clean
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


def show_look(store: SqliteStore, terms: TermsId, seq: int, raw: bool, as_json: bool) -> None:
    """All that one look left as proof; or the bytes that came, where it failed."""
    look = next((one for one in store.looks(terms) if one.seq == seq), None)
    if look is None:
        raise NotFound(f"look {seq} is none of {terms}: see `policy-monitor history {terms} --checks`")
    if raw:
        write_raw([store.quarantined(look)])
    elif as_json:
        print_json(look)
    else:
        lines = [
            f"look {look.seq} at {look.terms}, {look.at:%Y-%m-%d %H:%M:%S} UTC: {look.outcome}",
            *([f"{look.fault}: {look.message}"] if look.fault else []),
            *(line for exchange in look.proof for line in _proof(exchange)),
            f"version in place: {look.version or 'none'}; text SHA-256 {look.text_sha256 or '(none)'}",
            f"chain {look.chain}",
        ]
        click.echo(clean("\n".join(lines)))


def _proof(exchange: Exchange) -> Iterable[str]:
    yield f"{exchange.url} by {exchange.fetcher}: {exchange.status or 'no answer'} in {exchange.seconds:.3f} s"
    for passed in exchange.redirects:
        yield f"  by way of {passed}"
    if exchange.final_url and exchange.final_url != exchange.url:
        yield f"  read at {exchange.final_url}"
    if exchange.ip:
        yield f"  address {exchange.ip}"
    if exchange.certificate_sha256:
        yield f"  certificate SHA-256 {exchange.certificate_sha256}"
    if exchange.raw_sha256:
        yield f"  bytes SHA-256 {exchange.raw_sha256}"
    for name, value in exchange.headers:
        yield f"  {name}: {value}"
    for note in exchange.notes:
        yield f"  {note}"


def write_raw(pages: Iterable[bytes]) -> None:
    """Pages as they were sent, into a file or pipe."""
    if sys.stdout.isatty():
        raise UsageError("a page as sent may hold terminal commands: write it to a file (--raw > page.html)")
    for page in pages:
        sys.stdout.buffer.write(page)
