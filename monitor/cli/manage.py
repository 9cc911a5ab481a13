"""pause, resume, verify, backup: care of the watch and of its database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.app import open_store
from monitor.cli.context import config_file, json_option, library, settings, terms_of
from monitor.cli.output import cell, console, print_json
from monitor.config import state_folder
from monitor.daemon.lock import only_one
from monitor.errors import UsageError
from monitor.library import database
from monitor.store.backup import restore as put_back


@click.command()
@click.argument("services", nargs=-1, required=True)
@click.pass_context
def pause(ctx: click.Context, services: tuple[str, ...]) -> None:
    """Leave services alone until `resume`. Their history stays readable; `status` shows them as paused."""
    _set_paused(ctx, services, paused=True)


@click.command()
@click.argument("services", nargs=-1, required=True)
@click.pass_context
def resume(ctx: click.Context, services: tuple[str, ...]) -> None:
    """Watch paused services again, beginning now."""
    _set_paused(ctx, services, paused=False)


def _set_paused(ctx: click.Context, services: tuple[str, ...], *, paused: bool) -> None:
    store = open_store(settings(ctx))
    terms = [terms_of(store, service) for service in services]
    store.pause(terms, paused)
    if not paused:
        store.expedite(terms, datetime.now(UTC))
    click.echo(f"{', '.join(str(one) for one in terms)}: {'paused' if paused else 'watched again'}.")


@click.command()
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Check every stored byte against its digest and the chain that binds all looks, versions and audits.

    Exit code 65 if anything is not as it was written.
    """
    store = library(ctx)
    found = tuple(store.verify())
    head = store.head()
    if as_json:
        print_json({"head": head, "damage": found})
    elif found:
        for one in found:
            console().print(cell(one, "red"))
    else:
        click.echo(f"Everything is as it was written. Head of the chain: {head}")
    ctx.exit(65 if found else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write a whole copy of the database to FILE while the daemon goes on (a plain `cp` of it may not be whole)."""
    if file.exists():
        raise UsageError(f"{file} exists: name a new file")
    store = library(ctx)
    store.backup(file, datetime.now(UTC))
    click.echo(f"{file}: whole, head of the chain {store.head()}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def restore(ctx: click.Context, file: Path) -> None:
    """Put the backup FILE in the place of the database, once every byte of it is checked.

    The database that was there is kept beside it under another name. The daemon must be stopped.
    """
    state = state_folder(config_file(ctx))
    with only_one(state):
        aside = put_back(file, database(state), datetime.now(UTC))
    click.echo(f"{file}: checked and put in place.")
    if aside:
        click.echo(f"What was there before is kept as {aside}")
