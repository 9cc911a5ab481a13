"""audit: the audit of a version, what the version did to it, and the whole past by a new edition."""

from __future__ import annotations

from collections.abc import Sequence

import click

from monitor.cli.context import json_option, library, terms_of, version_at, version_of
from monitor.cli.context import moment as moment_of
from monitor.cli.output import cell, console, print_json, stamp, table
from monitor.cli.show_audit import (
    checklists_of,
    print_audit,
    print_delta,
    print_reviews,
    shown,
    shown_deltas,
    titles_of,
)
from monitor.errors import NotFound
from monitor.model import Audit, DatedAudits, Version
from monitor.store.sqlite import SqliteStore


@click.command()
@click.argument("service", required=False)
@click.option(
    "-v", "--version", "number", help="Which version: its number, or -1 for the one before the latest."
)
@click.option("--at", help="The version that was in place at this date or time (UTC).")
@click.option("--profile", help="Only this profile.")
@click.option(
    "--delta", is_flag=True, help="What the version did to the audit, old and new words side by side."
)
@click.option("--edition", help="As this edition of the checklist judged it, without rulings.")
@click.option("--editions", is_flag=True, help="List the editions that judged the version.")
@click.option(
    "--all-versions",
    is_flag=True,
    help="Judge every stored version (of SERVICE, or of all) by the checklists of now; old results are kept.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes for --all-versions.",
)
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the questions."
)
@json_option
@click.pass_context
def audit(
    ctx: click.Context,
    service: str | None,
    number: str | None,
    at: str | None,
    profile: str | None,
    delta: bool,
    edition: str | None,
    editions: bool,
    all_versions: bool,
    workers: int,
    language: str,
    as_json: bool,
) -> None:
    """Show the audit of a version: each question, what the text does, and the words that say so.

    A person's ruling goes before the rules' own verdict, and is shown as one; see `ruling`.
    """
    if all_versions:
        if number or at or profile or delta or edition or editions:
            raise click.UsageError("--all-versions takes a SERVICE and --workers, nothing else")
        from monitor.cli.reaudit import audit_all_versions

        audit_all_versions(ctx, service, workers, as_json)
        return
    if service is None:
        raise click.UsageError("name a SERVICE, or --all-versions")
    store = library(ctx)
    versions = list(store.versions(terms_of(store, service)))
    version = version_at(versions, moment_of(at)) if at else version_of(versions, number)
    if editions:
        _print_editions(store.all_audits(version.terms, version.number), as_json)
        return
    previous = next((one for one in versions if one.number == version.number - 1), None)
    _print(
        store,
        version,
        previous,
        _by_edition(store, version, edition),
        profile,
        delta,
        as_json,
        titles_of(checklists_of(ctx), language),
    )


def _by_edition(store: SqliteStore, version: Version, edition: str | None) -> list[Audit] | None:
    """The audits by one edition, as it made them; None where no edition was named."""
    if edition is None:
        return None
    made = store.all_audits(version.terms, version.number)
    found = [one for together in made for one in together.audits if one.edition == edition]
    if not found:
        known = sorted({one.edition for together in made for one in together.audits})
        raise NotFound(
            f"no audit of {version.terms} version {version.number} by edition {edition!r}; by: {', '.join(known) or 'none'}"
        )
    return found


def _print(
    store: SqliteStore,
    version: Version,
    previous: Version | None,
    chosen: list[Audit] | None,
    profile: str | None,
    delta: bool,
    as_json: bool,
    titles: dict[str, str],
) -> None:
    seen = shown(store, version, chosen)
    audits = [one for one in (seen.audits if chosen is None else seen.own) if profile in (None, one.profile)]
    deltas = [one for one in shown_deltas(store, version, previous) if profile in (None, one.profile)]
    if as_json:
        said = {"version": version, "audits": audits, "deltas": deltas, "rulings": seen.rulings}
        print_json(said if chosen is None else {"version": version, "audits": audits})
        return
    if not audits:
        raise NotFound(
            f"{version.terms} version {version.number} has no audit"
            + (f" under {profile}" if profile else "")
        )
    for one in audits if not delta else []:
        print_audit(version, one, titles)
    for moved in deltas if chosen is None else []:
        print_delta(moved, titles)
    if delta and not any(moved.movements for moved in deltas):
        click.echo(f"Version {version.number} moved nothing in the audit.")
    if chosen is None:
        print_reviews(seen.to_review)


def _print_editions(made: Sequence[DatedAudits], as_json: bool) -> None:
    rows = [(together.at, one) for together in made for one in together.audits]
    if as_json:
        print_json(
            [
                {"at": at, "checklist": one.checklist, "edition": one.edition, "profile": one.profile}
                for at, one in rows
            ]
        )
        return
    found = table("", "checklist", "edition", "profile", "judged (UTC)")
    found.title = None
    for at, one in rows:
        when = stamp(at) if at else "when it was examined"
        found.add_row(cell(one.checklist), cell(one.edition), cell(one.profile), when)
    console().print(found)
