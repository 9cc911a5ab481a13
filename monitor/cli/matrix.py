"""matrix: services by criteria under one profile, at any date, with rulings and the published tiers of 2017 beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import click

from monitor import registry
from monitor.audit import audits_of_text
from monitor.audit.checklist import Checklist
from monitor.audit.matrix import Entry, Matrix, as_csv, as_json, tiers_2017
from monitor.audit.matrix import matrix as laid_out
from monitor.cli.context import library, moment, terms_of, version_at
from monitor.cli.output import console, stamp, verdict_styles
from monitor.cli.show_audit import checklists_of, shown
from monitor.errors import NotFound, UsageError
from monitor.model import Audit, Version
from monitor.ports import Standing
from monitor.render.labels import Language
from monitor.render.matrix import as_html, as_terminal
from monitor.store.sqlite import SqliteStore
from monitor.text.language import language_of


@click.command()
@click.argument("services", nargs=-1)
@click.option("--profile", help="Which profile. [default: the one that most of the services are judged by]")
@click.option(
    "--at", help="The versions that were in place at this date or time (UTC). [default: the latest]"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "html"]),
    default="table",
    show_default=True,
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--json", "plain", is_flag=True, help="The same as --format json.")
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the labels."
)
@click.pass_context
def matrix(
    ctx: click.Context,
    services: tuple[str, ...],
    profile: str | None,
    at: str | None,
    form: str,
    output: Path | None,
    plain: bool,
    language: Language,
) -> None:
    """Lay the audits of all services (or those named) side by side, criterion by criterion.

    A version that was not judged by the profile when it was examined is judged now; nothing is stored. A
    person's ruling goes before the rules' own verdict and is marked. The tiers of the review of 2017 stand
    beside as published facts, with their source.
    """
    form = "json" if plain else form
    if output and form == "table":
        raise UsageError("--output takes --format csv, json or html")
    store, checklists = library(ctx), checklists_of(ctx)
    wanted = {terms_of(store, one) for one in services}
    standings = [one for one in store.standings() if not wanted or one.declaration.terms in wanted]
    name, checklist = _profile(store, standings, checklists, profile)
    when = moment(at) if at else None
    found = laid_out(
        list(_entries(store, standings, checklist, name, when)),
        checklist,
        name,
        language=language,
        day=(moment(f"{at}T00:00") if at and len(at) == len("2017-07-28") else when).date()
        if at and when
        else None,
        tiers=tiers_2017 if checklist.language == "zh" else None,
    )
    _write(found, form, output, language)


def _profile(
    store: SqliteStore, standings: list[Standing], checklists: Mapping[str, Checklist], named: str | None
) -> tuple[str, Checklist]:
    known = {one.id: checklist for checklist in checklists.values() for one in checklist.profiles}
    if named is None:
        counted = Counter(
            one.profile
            for standing in standings
            if standing.latest
            for one in store.audits(standing.latest.terms, standing.latest.number)
            if one.profile in known
        )
        if not counted:
            raise NotFound("no version is audited yet: run `policy-monitor check`, or name a --profile")
        named = max(known, key=lambda one: (counted[one], _begin(known[one], one)))
    if named not in known:
        raise NotFound(f"no profile {named!r}; there are: {', '.join(sorted(known))}")
    return named, known[named]


def _begin(checklist: Checklist, profile: str) -> date:
    """Of profiles that as many services are judged by, the youngest is meant."""
    found = checklist.profile(profile)
    return found.valid_from if found else date.min


def _entries(
    store: SqliteStore, standings: list[Standing], checklist: Checklist, profile: str, when: datetime | None
) -> Iterator[Entry]:
    for standing in standings:
        version, remark = _version(store, standing, when)
        own = _audit(store, version, checklist, profile) if version else remark
        seen = shown(store, version, [own]) if version and isinstance(own, Audit) else None
        declaration = standing.declaration
        yield Entry(
            service=str(declaration.terms),
            title=declaration.title,
            names=tuple(one for one in (declaration.name, declaration.name_native) if one),
            version=version.number if version else None,
            day=version.first_seen.date() if version else None,
            audit=seen.audits[0] if seen else None,
            rulings=seen.rulings if seen else (),
            remark=own if isinstance(own, str) else "",
        )


def _version(store: SqliteStore, standing: Standing, when: datetime | None) -> tuple[Version | None, str]:
    versions = list(store.versions(standing.declaration.terms))
    if not versions:
        return None, "no version is stored yet"
    if when is None:
        return versions[-1], ""
    try:
        return version_at(versions, when), ""
    except NotFound:
        return None, f"not watched yet: the first look was on {stamp(versions[0].first_seen)} UTC"


def _audit(store: SqliteStore, version: Version, checklist: Checklist, profile: str) -> Audit | str:
    """The stored audit, else one made now; in words why there can be none."""
    stored = next(
        (
            one
            for one in store.audits(version.terms, version.number)
            if (one.checklist, one.profile) == (checklist.id, profile)
        ),
        None,
    )
    if stored:
        return stored
    text = store.text(version.text_sha256)
    spoken = version.language or language_of(text) or ""
    if spoken and not spoken.startswith(checklist.language):
        return f"the text is in another language ({spoken}) than the checklist ({checklist.language})"
    return audits_of_text(text, checklist, [profile], links=store.links(version), finder=registry.classifier)[
        0
    ]


def _write(found: Matrix, form: str, output: Path | None, language: Language) -> None:
    if form == "table":
        terminal = console()
        terminal.print(f"{found.title} ({found.profile})", style="bold")
        for part in as_terminal(found, terminal.width, dict(verdict_styles), language):
            terminal.print(part)
        return
    said = as_csv(found) if form == "csv" else as_json(found) if form == "json" else as_html(found, language)
    if output is None:
        click.echo(said, nl=False)
        return
    try:  # a byte order mark, or spreadsheets take the Chinese of a CSV file for something else
        output.write_text(said, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    click.echo(
        f"{output}: {len(found.lines)} services, {len(found.columns)} criteria, profile {found.profile}.",
        err=True,
    )
