"""ruling: a named person overrules a finding, holds a change immaterial, or takes that back."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from monitor.app import open_store
from monitor.audit.ruling import as_it_stands, problems
from monitor.cli.context import json_option, library, settings, terms_of, version_at, version_of
from monitor.cli.context import moment as moment_of
from monitor.cli.output import cell, console, print_json, stamp, table
from monitor.cli.show_audit import shown
from monitor.errors import NotFound, UsageError
from monitor.model import Audit, Finding, Ruling, RulingStanding, TermsId, Verdict, Version, Withdrawal
from monitor.store.sqlite import SqliteStore

by_option = click.option(
    "--by",
    required=True,
    envvar="POLICY_MONITOR_BY",
    show_envvar=True,
    help="The person who says so: a name.",
)
reason_option = click.option("--reason", required=True, help="Why, in words that others will read.")


class OwnWords(click.Group):
    """`ruling SERVICE ...` is `ruling make SERVICE ...`: the first word is a command only if it is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=OwnWords)
def ruling() -> None:
    """Overrule a finding, or hold a change immaterial, as a named person. Nothing is ever erased.

    \b
    policy-monitor ruling SERVICE ITEM --verdict V --reason TEXT --by NAME [--quote TEXT]
    policy-monitor ruling SERVICE [ITEM] --change VERSION --immaterial --reason TEXT --by NAME
    policy-monitor ruling list [SERVICE]
    policy-monitor ruling withdraw ID --reason TEXT --by NAME
    """


@ruling.command()
@click.argument("service")
@click.argument("item", required=False)
@click.option("--verdict", type=click.Choice([one.value for one in Verdict]), help="What the text does.")
@click.option(
    "--change", help="The change ruled on: the number or date of its version, or the id of its alert."
)
@click.option("--immaterial", is_flag=True, help="The change (or what it did to ITEM) does not matter.")
@click.option(
    "--quote", help="The words of the text on which you decide. [default: the first quote of the finding]"
)
@click.option("-v", "--version", "number", help="The version ruled on: its number. [default: the latest]")
@click.option("--at", help="The version ruled on: the one in place at this date or time (UTC).")
@click.option("--profile", help="Only under this profile. [default: under all that ask ITEM]")
@reason_option
@by_option
@json_option
@click.pass_context
def make(
    ctx: click.Context,
    service: str,
    item: str | None,
    verdict: str | None,
    change: str | None,
    immaterial: bool,
    quote: str | None,
    number: str | None,
    at: str | None,
    profile: str | None,
    reason: str,
    by: str,
    as_json: bool,
) -> None:
    """Rule on ITEM (the id of a criterion) of SERVICE, or on a change of it."""
    _check_question(item, verdict, change, immaterial, number or at)
    with open_store(settings(ctx)) as store:
        versions = list(store.versions(terms_of(store, service)))
        version = _version(store, versions, change or number, at)
        if item is None:
            made = _on_change(version, by, reason)
        else:
            audit, finding = _finding(store, version, item, profile)
            made = _on_finding(store, version, audit, finding, verdict, quote, profile or "", by, reason)
        _refuse(made, store.text(version.text_sha256))
        stored = store.rule(made)
        if as_json:
            print_json(stored)
            return
        _print_made(store, stored, versions[-1])


def _check_question(
    item: str | None, verdict: str | None, change: str | None, immaterial: bool, named: str | None
) -> None:
    if immaterial == bool(verdict):
        raise click.UsageError("say --verdict (of an ITEM) or --immaterial (of a --change)")
    if verdict and not item:
        raise click.UsageError(
            "--verdict is about an ITEM: the id of a criterion, as `audit --json` shows it"
        )
    if immaterial and not change:
        raise click.UsageError("--immaterial is about a --change: the number of its version")
    if change and (verdict or named):
        raise click.UsageError("--change goes with --immaterial alone")


def _version(store: SqliteStore, versions: list[Version], named: str | None, at: str | None) -> Version:
    if named and ":" in named:
        of_alert = {
            one.key: one.version for one in store.alerts() if one.version and one.key.startswith(named)
        }
        numbers = {one.number for one in of_alert.values() if versions and one.terms == versions[0].terms}
        if len(numbers) != 1:
            raise NotFound(
                f"{'no' if not numbers else 'more than one'} alert of this service begins with {named!r}"
            )
        named = str(numbers.pop())
    return version_at(versions, moment_of(at)) if at else version_of(versions, named)


def _on_change(version: Version, by: str, reason: str) -> Ruling:
    if version.number == 1:
        raise UsageError(f"{version.terms} version 1 is the first record: there is no change to rule on")
    return Ruling(
        terms=version.terms, criterion="", by=by, at=datetime.now(UTC), reason=reason, version=version.number
    )


def _finding(store: SqliteStore, version: Version, item: str, profile: str | None) -> tuple[Audit, Finding]:
    """The finding ruled on; where profiles differ about it, the person must say which is meant."""
    audits = [one for one in store.audits(version.terms, version.number) if profile in (None, one.profile)]
    found = [(one, each) for one in audits for each in one.findings if each.criterion == item]
    if not found:
        known = sorted({each.criterion for one in audits for each in one.findings})
        near = difflib.get_close_matches(item, known, 5, 0.4)
        hint = f"; there are: {', '.join(near or known[:60])}" if known else " (no audit under that profile)"
        raise NotFound(f"{version.terms} version {version.number} has no item {item!r}{hint}")
    if len({each.verdict for _, each in found}) > 1:
        said = ", ".join(f"{one.profile}: {each.verdict}" for one, each in found)
        raise UsageError(f"the profiles differ about {item} ({said}): name one with --profile")
    return found[0]


def _on_finding(
    store: SqliteStore,
    version: Version,
    audit: Audit,
    finding: Finding,
    verdict: str | None,
    quote: str | None,
    profile: str,
    by: str,
    reason: str,
) -> Ruling:
    if quote is not None:
        quote = as_it_stands(quote, store.text(version.text_sha256)) or quote
    return Ruling(
        terms=version.terms,
        criterion=finding.criterion,
        by=by,
        at=datetime.now(UTC),
        reason=reason,
        verdict=Verdict(verdict) if verdict else None,
        quote=quote if quote is not None else finding.evidence[0].quote if finding.evidence else "",
        found=finding.verdict,
        checklist=audit.checklist,
        profile=profile,
        version=version.number,
    )


def _refuse(made: Ruling, text: str) -> None:
    if found := problems(made, text):
        raise UsageError("; ".join(found))


def _print_made(store: SqliteStore, made: Ruling, latest: Version) -> None:
    if not made.criterion:
        console().print(
            cell(
                f"Ruling {made.id}: the change to {made.terms} version {made.version} is immaterial, says {made.by}."
            )
        )
        click.echo("Alerts of it that are not sent yet go out marked as immaterial, without alarm.")
        return
    said = f"{made.verdict} (the rules say: {made.found})" if made.verdict else "its movement is immaterial"
    console().print(cell(f"Ruling {made.id} on {made.terms} {made.criterion}: {said}, says {made.by}."))
    console().print(
        cell(
            f"It holds as long as the text says: “{made.quote}”"
            if made.quote
            else f"It holds as long as the rules say: {made.found}"
        )
    )
    for one in shown(store, latest).to_review:
        if one.ruling.id == made.id:
            console().print(cell(f"In the latest version ({latest.number}) {one.standing}.", "magenta"))


@ruling.command("list")
@click.argument("service", required=False)
@click.option("--withdrawn", is_flag=True, help="Those that were taken back as well.")
@json_option
@click.pass_context
def list_(ctx: click.Context, service: str | None, withdrawn: bool, as_json: bool) -> None:
    """List rulings: who, when, what, why, and how each stands to the latest version."""
    store = library(ctx)
    made = store.rulings(terms_of(store, service) if service else None, withdrawn)
    states = _states(store, made)
    if as_json:
        print_json([{"ruling": one, "state": states[one.id]} for one in made])
        return
    if not made:
        click.echo("No ruling was made yet.")
        return
    found = table(
        "",
        ">id",
        "service",
        ">version",
        "item",
        "ruling",
        "the rules said",
        "by",
        "when (UTC)",
        "state",
        "reason",
    )
    found.title = None
    for one in made:
        style = "magenta" if "review" in states[one.id] else "dim" if one.withdrawn else ""
        found.add_row(
            str(one.id),
            cell(one.terms),
            str(one.version),
            cell(one.criterion or "the whole change"),
            cell(one.verdict or "immaterial"),
            cell(one.found or ""),
            cell(one.by),
            stamp(one.at),
            cell(states[one.id], style),
            cell(one.reason),
        )
    console().print(found)


def _states(store: SqliteStore, made: Sequence[Ruling]) -> dict[int, str]:
    """How each ruling stands to the latest version of its policy, in words."""
    found = {}
    latest = {one.declaration.terms: one.latest for one in store.standings()}
    for terms in {one.terms for one in made}:
        version = latest.get(terms)
        standing = _standings(store, version) if version else {}
        last = _last(store, terms)
        for one in made:
            if one.terms == terms:
                found[one.id] = _state(one, standing.get(one.id), last)
    return found


def _standings(store: SqliteStore, version: Version) -> dict[int, RulingStanding]:
    return {laid.ruling.id: laid.standing for laid in shown(store, version).rulings}


def _last(store: SqliteStore, terms: TermsId) -> set[int]:
    """The ids of the rulings that no later one on the same has replaced."""
    last: dict[tuple[object, ...], int] = {}
    for one in store.rulings(terms):
        what = (one.criterion, one.checklist, one.profile) if one.criterion else ("", one.version)
        last[what] = one.id
    return set(last.values())


def _state(one: Ruling, standing: RulingStanding | None, last: set[int]) -> str:
    if one.withdrawn:
        return f"withdrawn by {one.withdrawn.by}, {one.withdrawn.at:%Y-%m-%d}: {one.withdrawn.reason}"
    if one.id not in last:
        return "replaced by a later one"
    if not one.criterion:
        return "counts"
    return str(standing) if standing else "not asked any more"


@ruling.command()
@click.argument("id_", metavar="ID", type=int)
@reason_option
@by_option
@json_option
@click.pass_context
def withdraw(ctx: click.Context, id_: int, reason: str, by: str, as_json: bool) -> None:
    """Take a ruling back: it no longer counts. That it was made, and taken back, stays on record."""
    if not reason.strip() or not by.strip():
        raise UsageError("a withdrawal needs a reason and the name of the person who makes it")
    with open_store(settings(ctx)) as store:
        back = store.withdraw(id_, Withdrawal(by=by, at=datetime.now(UTC), reason=reason))
    if as_json:
        print_json(back)
        return
    console().print(
        cell(f"Ruling {id_} on {back.terms} {back.criterion or f'version {back.version}'} is withdrawn.")
    )
