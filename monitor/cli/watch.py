"""run and check: the daemon, and one round by hand."""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import click

from monitor.app import assemble, declare, open_store, prepared
from monitor.cli.context import json_option, settings, terms_of
from monitor.cli.output import console, print_json, stamp
from monitor.config import Settings
from monitor.daemon.lock import only_one, running_daemon
from monitor.daemon.service import run_daemon
from monitor.decide import health
from monitor.errors import UsageError
from monitor.model import Fault, Outcome, TermsId
from monitor.notify.heartbeat import beat
from monitor.pipeline import Monitor, tick
from monitor.ports import Standing
from monitor.spread import over
from monitor.store.sqlite import SqliteStore
from monitor.text.clean import clean

patience_at_the_terminal = timedelta(minutes=1)
looked = (
    Outcome.UNCHANGED,
    Outcome.WAITING,
    Outcome.FIRST_RECORD,
    Outcome.CHANGED,
    Outcome.COSMETIC,
    Outcome.RETURNED,
    Outcome.FLAPPING,
    Outcome.FAULT,
    Outcome.QUARANTINED,
)


@click.command()
@json_option
@click.pass_context
def run(ctx: click.Context, as_json: bool) -> None:
    """Watch as a background service until SIGTERM; SIGHUP reads the configuration again.

    Logs go to standard error, one line each; with --json one JSON object each.
    """
    code = run_daemon(prepared(settings(ctx)), as_json)
    logging.shutdown()
    os._exit(code)  # a send that hangs in a library's own thread would hold the interpreter's exit


@click.command()
@click.argument("services", nargs=-1)
@click.option("--now", "now_", is_flag=True, help="At once, whatever the interval says: the default.")
@click.option("--due", is_flag=True, help="Only what is due by its interval, instead of everything at once.")
@json_option
@click.pass_context
def check(ctx: click.Context, services: tuple[str, ...], now_: bool, due: bool, as_json: bool) -> None:
    """Do one round now: look, store, compare, audit, alert. All services, or those named.

    A new text counts once a second look has shown it again: `check` waits for that look if it is due within
    a minute, else it says when the next round will find it. Where the daemon runs, it does the round. Exit
    code 1 if a service could not be read.
    """
    if now_ and due:
        raise UsageError("--now and --due exclude each other")
    known = _at_once(prepared(settings(ctx)))
    daemon = running_daemon(known.state)
    store = open_store(known)
    missing: set[TermsId] = set()
    if daemon and due:
        click.echo(f"The daemon (process {daemon}) looks at what is due by itself.", err=True)
        done = Counter[Outcome]()
    elif daemon:
        done, missing = _ask_daemon(known, store, services, daemon)
    else:
        with only_one(known.state, "check"), ThreadPoolExecutor(known.workers) as executor:
            monitor = assemble(known, store, over(executor))
            done = _round(known, store, monitor, services, due)
        _sign_of_life(known, store)
    wanted = {terms_of(store, service) for service in services}
    standings = [one for one in store.standings() if not wanted or one.declaration.terms in wanted]
    if as_json:
        print_json(
            {"done": {outcome.value: count for outcome, count in done.items()}, "standings": standings}
        )
    else:
        _print_round(done, standings)
    ctx.exit(1 if missing or any(one.fault for one in standings) else 0)


def _sign_of_life(known: Settings, store: SqliteStore) -> None:
    """Where no daemon beats, a round by cron does."""
    if known.heartbeat is None:
        return
    state = health(store.overview(datetime.now(UTC)), known.rules)
    told = beat(known.heartbeat.url, healthy=state.healthy, text=state.text, user_agent=known.kit.user_agent)
    if isinstance(told, Fault):
        click.echo(told.message, err=True)


def _at_once(known: Settings) -> Settings:
    """A round by hand is over when it is over: it does not wait for more changes before it sends."""
    return replace(known, rules=replace(known.rules, group_wait=timedelta(0)))


def _round(
    known: Settings, store: SqliteStore, monitor: Monitor, services: tuple[str, ...], due: bool
) -> Counter[Outcome]:
    """Tick, with a progress bar, until everything was looked at and no second look is due soon."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    start = datetime.now(UTC)
    declare(known, store, start)
    terms = [terms_of(store, service) for service in services] or None
    if not due:
        store.expedite(terms, start)
    done: Counter[Outcome] = Counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        task = progress.add_task("looking", total=len(terms or known.declarations))
        while True:
            latest = tick(monitor, datetime.now(UTC))
            done += latest
            looks = sum(latest[outcome] for outcome in looked)
            progress.update(task, advance=looks)
            if looks >= monitor.batch:
                continue
            if not _second_look(store, start + patience_at_the_terminal):
                return done
            progress.update(task, description="looking a second time", total=None)


def _ask_daemon(
    known: Settings, store: SqliteStore, services: tuple[str, ...], daemon: int
) -> tuple[Counter[Outcome], set[TermsId]]:
    """Make the services due, and wait until the running daemon has looked at them; what came of it, and what is missing."""
    start = datetime.now(UTC)
    terms = {terms_of(store, service) for service in services} or {one.terms for one in known.declarations}
    store.expedite(sorted(terms), start)
    click.echo(f"The daemon (process {daemon}) looks at {len(terms)} policies now ...", err=True)
    heard, missing = time.monotonic(), terms
    patience = known.kit.deadline + patience_at_the_terminal
    while missing and time.monotonic() - heard < patience.total_seconds():
        time.sleep(0.2)
        still = {one.declaration.terms for one in _not_looked_at(store, terms, start)}
        heard, missing = heard if still == missing else time.monotonic(), still
    for one in sorted(missing):
        click.echo(f"{one}: the daemon has not come to it", err=True)
    while _second_look_is_near(store, terms, start + patience_at_the_terminal):
        time.sleep(0.2)
    looks = [look for look in store.looks(None, 20 * len(terms)) if look.at >= start and look.terms in terms]
    return Counter(Outcome(look.outcome) for look in looks), missing


def _not_looked_at(store: SqliteStore, terms: set[TermsId], since: datetime) -> list[Standing]:
    return [
        one
        for one in store.standings()
        if one.declaration.terms in terms
        and not one.paused
        and not (one.last_look and one.last_look >= since)
    ]


def _second_look_is_near(store: SqliteStore, terms: set[TermsId], deadline: datetime) -> bool:
    """True while a text waits for a second look that is due before the deadline, and there is time to make it."""
    if datetime.now(UTC) > deadline:
        return False
    return any(
        one.waiting_since and not one.paused and one.due_at <= deadline and one.declaration.terms in terms
        for one in store.standings()
    )


def _second_look(store: SqliteStore, deadline: datetime) -> bool:
    """Sleep until a waiting text is due for its second look; False if that is not before the deadline."""
    due = [
        standing.due_at for standing in store.standings() if standing.waiting_since and not standing.paused
    ]
    if not due or min(due) > deadline:
        return False
    time.sleep(max(0.0, (min(due) - datetime.now(UTC)).total_seconds()))
    return True


def _print_round(done: Counter[Outcome], standings: Sequence[Standing]) -> None:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.items()) if count)
    click.echo(f"{len(standings)} watched: {counts or 'nothing was due'}.")
    for standing in standings:
        if standing.waiting_since:
            click.echo(
                f"{standing.declaration.title}: a new text is waiting for its second look, due {stamp(standing.due_at)} UTC"
            )
    for standing in standings:
        if standing.fault:
            click.echo(
                clean(f"{standing.declaration.title}: {standing.fault}: {standing.fault_message}"), err=True
            )
