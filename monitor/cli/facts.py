"""facts: what a version states as data - periods, days, contacts, data types, companies, SDKs - and which items it feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import click

from monitor import registry
from monitor.audit import audits_of_text
from monitor.audit.checklist import Checklist, fact_kinds
from monitor.cli.context import json_option, library, terms_of, version_at, version_of
from monitor.cli.context import moment as moment_of
from monitor.cli.output import cell, console, print_json, table
from monitor.cli.show_audit import checklists_of
from monitor.model import Fact, Span, Version
from monitor.text.blocks import blocks
from monitor.text.clean import clean_line
from monitor.text.facts import facts as facts_of
from monitor.text.language import language_of
from monitor.text.sentences import sentences
from monitor.text.sheet import sheet

groups = ("retention", "response", "contact", *fact_kinds, "recipient", "right", "place")
_contacts = ("email", "phone", "url", "address")


def _is(one: Fact, kind: str) -> bool:
    """Whether a fact is of a kind, or of a group of kinds that people ask for."""
    if kind == "retention":
        return one.kind == "period" and one.subject in ("retention", "deletion")
    if kind == "response":
        return one.kind == "period" and one.subject == "response"
    return one.kind in _contacts if kind == "contact" else one.kind == kind


_head = ("kind", "value", "subject", "quote", "start", "end", "section", "sentence", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A fact with its place: the headings above it, its sentence, and the items whose evidence it stands in."""

    kind: str
    value: str
    subject: str
    quote: str
    span: Span
    section: tuple[str, ...]
    sentence: str
    items: tuple[str, ...]


@click.command()
@click.argument("service")
@click.option("-v", "--version", "number", help="Which version: its number. [default: the latest]")
@click.option("--at", help="The version that was in place at this date or time (UTC).")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(groups),
    help="Only these: a kind of fact, or `retention`, `response` (periods), `contact`. May be given several times.",
)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@json_option
@click.pass_context
def facts(
    ctx: click.Context,
    service: str,
    number: str | None,
    at: str | None,
    kinds: tuple[str, ...],
    form: str,
    as_json: bool,
) -> None:
    """List what a version states as data, where, in which words, and which checklist items rest on it.

    The table tells equal facts once, with how often they stand there; CSV and JSON have every place.
    """
    store = library(ctx)
    versions = list(store.versions(terms_of(store, service)))
    version = version_at(versions, moment_of(at)) if at else version_of(versions, number)
    text = store.text(version.text_sha256)
    chosen = [one for one in facts_of(text) if not kinds or any(_is(one, kind) for kind in kinds)]
    found = list(_stated(text, chosen, list(_places(text, version, checklists_of(ctx)))))
    if as_json or form == "json":
        print_json({"version": version, "facts": found})
    elif form == "csv":
        click.echo(_csv(found), nl=False)
    else:
        _print(version, found)


def _places(
    text: str, version: Version, checklists: Mapping[str, Checklist]
) -> Iterator[tuple[Span, str, tuple[str, ...]]]:
    """Where the evidence stands of the items that read facts, under any profile: span, item, kinds read."""
    language = version.language or language_of(text) or ""
    for checklist in checklists.values():
        reads = {one.id: one.facts for one in checklist.criteria if one.facts}
        if not reads or not language.startswith(checklist.language):
            continue
        for audit in audits_of_text(
            text, checklist, [one.id for one in checklist.profiles], finder=registry.classifier
        ):
            for finding in audit.findings:
                for evidence in finding.evidence if finding.criterion in reads else ():
                    yield evidence.span, finding.criterion, reads[finding.criterion]


def _stated(
    text: str, chosen: Iterable[Fact], places: list[tuple[Span, str, tuple[str, ...]]]
) -> Iterator[Stated]:
    pieces = list(_pieces(text))
    at = 0
    for one in chosen:
        while at + 1 < len(pieces) and pieces[at + 1][0].start <= one.span.start:
            at += 1
        span, section = pieces[at]
        items = (
            item
            for place, item, kinds in places
            if one.kind in kinds and place.start <= one.span.start and one.span.end <= place.end
        )
        yield Stated(
            kind=one.kind,
            value=one.value,
            subject=one.subject or "",
            quote=one.quote,
            span=one.span,
            section=section,
            sentence=text[span.start : span.end].strip(),
            items=tuple(dict.fromkeys(items)),
        )


def _pieces(text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The sentences of a text in order, each with the headings above it."""
    yield Span(start=0, end=0), ()
    for block in blocks(text):
        for one in sentences(block.text):
            yield Span(start=block.span.start + one.start, end=block.span.start + one.end), block.section


def _csv(found: Iterable[Stated]) -> str:
    """Every fact in a row; nothing in it is taken for a formula."""
    return sheet([_head, *(_cells(one) for one in found)])


def _cells(one: Stated) -> list[str]:
    cells = (one.kind, one.value, one.subject, one.quote, str(one.span.start), str(one.span.end))
    rest = (" › ".join(one.section), one.sentence, " ".join(one.items))
    return [clean_line(each) for each in (*cells, *rest)]


def _print(version: Version, found: list[Stated]) -> None:
    if not found:
        click.echo(f"{version.terms} version {version.number} states no such fact.")
        return
    rows = table(
        f"{version.terms}, version {version.number}: what the text states as data",
        "kind", "value", "about", ">times", ">first at", "in", "words", "items",
    )  # fmt: skip
    grouped: dict[tuple[str, str, str], list[Stated]] = {}
    for one in found:
        grouped.setdefault((one.kind, one.value, one.subject), []).append(one)
    for (kind, value, subject), same in sorted(grouped.items(), key=lambda item: _rank(item[0][0])):
        first = same[0]
        rows.add_row(
            cell(kind),
            cell(_short(value, 60)),
            cell(_short(subject, 80)),
            str(len(same)),
            f"{first.span.start:,}",
            cell(_short(" › ".join(first.section[-1:]), 30)),
            cell("" if kind == "sdk" else _short(first.sentence, 80)),
            cell(" ".join(dict.fromkeys(item for one in same for item in one.items))),
        )
    console().print(rows)


def _rank(kind: str) -> int:
    return groups.index(kind) if kind in groups else len(groups)


def _short(text: str, most: int) -> str:
    line = clean_line(text)
    return line if len(line) <= most else line[: most - 1] + "…"
