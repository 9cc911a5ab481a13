"""audit --all-versions: the whole past by the checklists of now, in several processes, to be broken off at will."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from monitor import registry
from monitor.app import open_store, prepared
from monitor.cli.context import settings, terms_of
from monitor.cli.output import cell, console, print_json, table
from monitor.config import Settings
from monitor.model import Declaration
from monitor.reaudit import Missing, Tally, missing, reaudit
from monitor.store.sqlite import SqliteStore
from monitor.text.clean import clean

_shown = 20


def audit_all_versions(ctx: click.Context, service: str | None, workers: int, as_json: bool) -> None:
    """Judge what is not judged yet; exit code 1 where a version could not be."""
    known = prepared(settings(ctx))
    checklists = registry.checklists(known.kit.checklist_folder)
    with open_store(known) as store:
        store.index_judged()
        declarations = _declarations(known, store, service)
        versions = list(missing(store, declarations, checklists))
        tally, broken_off = _run(store, versions, known.kit.checklist_folder, workers)
    if as_json:
        print_json(_plain(tally, len(versions)))
    else:
        _print(tally, len(versions), [f"{one.id} {one.edition}" for one in checklists.values()])
    if broken_off:
        click.echo("Broken off; what is done is stored. The same command goes on from here.", err=True)
    ctx.exit(130 if broken_off else 1 if tally.faults else 0)


def _declarations(known: Settings, store: SqliteStore, service: str | None) -> list[Declaration]:
    """What is watched, as the configuration of now declares it."""
    written = {one.terms: one for one in known.declarations}
    watched = [written.get(one.declaration.terms, one.declaration) for one in store.standings()]
    if service is None:
        return watched
    terms = terms_of(store, service)
    return [one for one in watched if one.terms == terms]


def _run(
    store: SqliteStore, versions: Sequence[Missing], folder: str | None, workers: int
) -> tuple[Tally, bool]:
    """The tally, and whether somebody pressed Ctrl-C (or a service manager ended us)."""
    tally = Tally()
    if not versions:
        return tally, False
    try:
        with _workers(min(workers, len(versions))) as executor, _progress(len(versions)) as progress:
            for tally in reaudit(store, executor, versions, folder, datetime.now(UTC), 3 * workers):  # noqa: B007
                progress.advance(progress.task_ids[0])
    except KeyboardInterrupt:
        return tally, True
    return tally, False


@contextmanager
def _workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that leave Ctrl-C to us; at an end before their time they finish what they hold, and no more."""
    executor = ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_signals
    )
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        signal.signal(signal.SIGTERM, before)


def _leave_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(5)  # a daemon on the same machine goes first


def _progress(total: int) -> Progress:
    """A bar on standard error where that is a terminal; nothing at all where it is not."""
    terminal = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    found = Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal)
    found.add_task("judging", total=total)
    return found


def _plain(tally: Tally, wanted: int) -> dict[str, object]:
    return {
        "wanted": wanted,
        "judged": tally.versions,
        "judged_by_another_run": tally.known,
        "faults": tally.faults,
        "moved": [
            {"criterion": criterion, "before": before, "after": after, "findings": count}
            for (criterion, before, after), count in tally.moves.most_common()
        ],
    }


def _print(tally: Tally, wanted: int, editions: Sequence[str]) -> None:
    if not wanted:
        click.echo(f"Every stored version is judged by the checklists of now: {', '.join(editions)}.")
        return
    click.echo(
        f"{tally.versions:,} of {wanted:,} versions judged by: {', '.join(editions)}; old results are kept."
    )
    for fault in tally.faults[:_shown]:
        click.echo(clean(f"not judged: {fault}"), err=True)
    if tally.moves:
        found = table(
            "Verdicts that differ from the edition before", "criterion", "before", "after", ">findings"
        )
        for (criterion, before, after), count in tally.moves.most_common(_shown):
            found.add_row(cell(criterion), cell(before), cell(after), f"{count:,}")
        console().print(found)
        if len(tally.moves) > _shown:
            click.echo(f"and {len(tally.moves) - _shown} more kinds of moves (--json has all)")
    elif tally.versions:
        click.echo("No verdict differs from the edition before.")
