"""coverage: was it unchanged in a period, and where were we blind? Read from the ledger alone."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from monitor.cli.context import interval, json_option, library, moment, opening, terms_of
from monitor.cli.output import cell, console, print_json, span, stamp, table
from monitor.coverage import Coverage, Sight, Stretch, is_blind
from monitor.coverage import coverage as cover
from monitor.errors import UsageError
from monitor.ports import Standing
from monitor.schedule import regular_interval
from monitor.store.sqlite import SqliteStore

styles = {Sight.BLIND: "yellow", Sight.CHANGED: "bold", Sight.OTHER: "magenta", Sight.OPEN: "dim"}


@click.command()
@click.argument("service", required=False)
@click.option("--from", "since", help="First day or moment (UTC). [default: the first look]")
@click.option("--to", "until", help="Last day or moment (UTC). [default: now]")
@click.option("--gap", help="Longest time between two good looks that still counts as seen, such as 12h. "
              "[default: twice the interval of the service]")  # fmt: skip
@json_option
@click.pass_context
def coverage(
    ctx: click.Context,
    service: str | None,
    since: str | None,
    until: str | None,
    gap: str | None,
    as_json: bool,
) -> None:
    """Tell what the ledger proves of a period: unchanged, changed when, and where we were blind.

    Of one policy with every stretch of time, or of all in a line each. `history SERVICE --checks` lists the looks
    themselves, `verify` checks that none of them was altered.
    """
    store = library(ctx)
    now = datetime.now(UTC)
    standings = {one.declaration.terms: one for one in store.standings()}
    chosen = [terms_of(store, service)] if service else list(standings)
    allowed = interval(gap) if gap else None
    found = [_covered(store, standings[terms], now, since, until, allowed) for terms in chosen]
    if as_json:
        print_json([_plain(one) for one in found])
    elif service and found:
        _print_one(found[0], store)
    else:
        _print_all(found)


def _covered(
    store: SqliteStore,
    standing: Standing,
    now: datetime,
    since: str | None,
    until: str | None,
    allowed: timedelta | None,
) -> Coverage:
    terms = standing.declaration.terms
    looks = store.looks(terms)
    watched = looks[0].at if looks else standing.declared_at or now - timedelta(seconds=1)
    start = opening(since) if since else watched
    end = min(moment(until), now) if until else now
    if start >= end:
        raise UsageError(f"the period from {stamp(start)} to {stamp(end)} UTC is empty")
    allowed = allowed or 2 * regular_interval(standing.declaration, now)
    return cover(terms, looks, store.versions(terms), start, end, allowed)


def _plain(found: Coverage) -> dict[str, Any]:
    shown = {one.name: getattr(found, one.name) for one in fields(found)}
    return {**shown, "unchanged": found.unchanged}


# --------------------------------------------------------------------------- words


def conclusion(found: Coverage) -> str:
    """The answer in a sentence."""
    if not found.versions:
        return "Nothing is known: no good look tells of this period."
    changes = len(found.versions) - 1
    if found.unchanged:
        said = f"Unchanged wherever it was seen: every good look showed version {found.versions[0]}."
    elif changes == 0:
        said = "Every good look showed a text that is no version."
    else:
        seen = " -> ".join("(no version)" if one is None else str(one) for one in found.versions)
        said = f"Changed {'once' if changes == 1 else f'{changes} times'}: versions {seen}."
    return f"{said} {_blindness(found)}"


def _blindness(found: Coverage) -> str:
    if not found.blind:
        return "No blind time."
    share = found.blind / (found.end - found.start)
    return f"Blind for {span(found.blind, 2)} ({share:.1%} of the period)."


def _counts(found: Coverage) -> str:
    failed = sum(count for _, count in found.faults)
    kinds = f" ({_kinds(found.faults)})" if failed else ""
    return (
        f"{found.read} looks read the page, {found.not_modified} were told by the server that it is not modified, "
        f"{failed} failed{kinds}."
    )


def _kinds(faults: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in faults)


def _what(stretch: Stretch, allowed: timedelta) -> str:
    if stretch.sight is Sight.SEEN:
        return f"version {stretch.before}, seen at least every {span(stretch.longest, 2)}"
    if stretch.sight is Sight.CHANGED:
        gap = f"; no good look for {span(stretch.longest, 2)}" if is_blind(stretch, allowed) else ""
        return f"{_text(stretch.before)} -> {_text(stretch.after)}: changed between these two looks{gap}"
    if stretch.sight is Sight.BLIND:
        return f"blind: {_why_blind(stretch)}"
    if stretch.sight is Sight.OPEN:
        return f"not looked at since; last seen: {_text(stretch.before)}"
    return f"a text that is no version, seen at least every {span(stretch.longest, 2)}"


def _text(number: int | None) -> str:
    return "a text that is no version" if number is None else f"version {number}"


def _why_blind(stretch: Stretch) -> str:
    why = f"looks failed ({_kinds(stretch.faults)})" if stretch.faults else "nobody looked"
    if stretch.before is None and stretch.after is None:
        return why
    if stretch.before == stretch.after:
        return f"{why}; {_text(stretch.before)} before and after"
    return why


# --------------------------------------------------------------------------- printing


def _print_one(found: Coverage, store: SqliteStore) -> None:
    click.echo(f"{found.terms}, {_second(found.start)} to {_second(found.end)} UTC")
    click.echo(conclusion(found))
    click.echo(_counts(found))
    if found.longest:
        click.echo(
            f"Longest time between two good looks: {span(found.longest, 2)}; up to {span(found.allowed, 2)} "
            "counts as seen. What a page shows only between two looks, no look can tell.\n"
        )
    rows = table("", "from (UTC)", "to (UTC)", "what is known", "looks")
    rows.title = None
    for one in found.stretches:
        witnesses = "–".join(str(number or "") for number in (one.first_look, one.last_look))
        rows.add_row(
            _second(one.start),
            _second(one.end),
            cell(_what(one, found.allowed), styles.get(one.sight, "")),
            witnesses,
        )
    console().print(rows)
    click.echo(f"\nHead of the chain: {store.head()}")


def _print_all(found: list[Coverage]) -> None:
    rows = table(
        "", "service", "from (UTC)", "to (UTC)", ">good", ">failed", ">blind", ">longest", "versions seen"
    )
    rows.title = None
    for one in found:
        rows.add_row(
            cell(one.terms), stamp(one.start), stamp(one.end), f"{one.read + one.not_modified:,}",
            f"{sum(count for _, count in one.faults):,}",
            cell(span(one.blind, 2) if one.blind else "–", "yellow" if one.blind else ""),
            span(one.longest, 2), cell(_seen_versions(one), "" if one.unchanged else "bold"),
        )  # fmt: skip
    console().print(rows)


def _seen_versions(found: Coverage) -> str:
    return (
        " -> ".join("(no version)" if one is None else str(one) for one in found.versions) or "nothing seen"
    )


def _second(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
