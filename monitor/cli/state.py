"""status and validate: how things stand, and whether the configuration is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from monitor.app import problems
from monitor.cli.context import json_option, library, settings
from monitor.cli.output import cell, console, print_json, span, stamp, table
from monitor.daemon import running_daemon
from monitor.errors import ConfigError
from monitor.ports import DeliveryRow, Standing
from monitor.text.clean import clean


@click.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show how every service, the alerts and the daemon stand.

    Exit code for monitoring: 0 all well, 1 a service cannot be read, 2 an alert could not be delivered.
    """
    store = library(ctx)
    standings = store.standings()
    pending, dead = store.deliveries("pending"), store.deliveries("dead")
    daemon = running_daemon(store.path.parent)
    if as_json:
        print_json({"daemon_pid": daemon, "services": standings, "pending": pending, "dead": dead})
    else:
        _print_status(standings, pending, dead, daemon)
    ctx.exit(2 if dead else 1 if any(standing.fault for standing in standings) else 0)


def _print_status(
    standings: Sequence[Standing],
    pending: Sequence[DeliveryRow],
    dead: Sequence[DeliveryRow],
    daemon: int | None,
) -> None:
    now = datetime.now(UTC)
    found = table(
        "", "service", ">versions", "latest (UTC)", "last look", "last success", "next look", "state"
    )
    found.title = None
    for standing in standings:
        found.add_row(
            cell(standing.declaration.title),
            str(standing.versions),
            stamp(standing.latest.first_seen if standing.latest else None),
            _ago(standing.last_look, now),
            _ago(standing.last_success, now),
            "paused" if standing.paused else _ahead(standing.due_at, now),
            cell(*_state(standing, now)),
        )
    console().print(found)
    click.echo(f"Daemon: {f'running, process {daemon}' if daemon else 'not running'}.")
    click.echo(f"Alerts: {len(pending)} to be sent, {len(dead)} given up.")
    for row in dead:
        console().print(
            cell(f"  given up: {row.kind} {row.terms or ''} on {row.channel}: {row.answer}", "red")
        )


def _ago(when: datetime | None, now: datetime) -> str:
    return f"{span(now - when)} ago" if when else "never"


def _ahead(when: datetime, now: datetime) -> str:
    return "now" if when <= now else f"in {span(when - now)}"


def _state(standing: Standing, now: datetime) -> tuple[str, str]:
    """What there is to say of a service in a few words, and its colour."""
    if standing.fault:
        since = f" for {span(now - standing.failing_since)}" if standing.failing_since else ""
        return f"{standing.fault}{since}: {standing.fault_message}", "red"
    if standing.waiting_since:
        return "a new text waits for its second look", "yellow"
    if standing.flapping_since:
        return "two texts are served in turn", "yellow"
    return ("ok", "green") if standing.last_success else ("not looked at yet", "dim")


@click.command()
@json_option
@click.pass_context
def validate(ctx: click.Context, as_json: bool) -> None:
    """Check the configuration: every mistake with its line. Touches neither network nor database."""
    try:
        known = settings(ctx)
        found = tuple(problems(known))
    except ConfigError as error:
        found = error.problems
    if as_json:
        print_json({"valid": not found, "problems": found})
    elif found:
        click.echo("\n".join(found), err=True)
    else:
        count = len(known.declarations)
        click.echo(
            f"{known.file}: valid; {count} service{'' if count == 1 else 's'}, {len(known.channels)} channels."
        )
    ctx.exit(ConfigError.exit_code if found else 0)


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at everything a watch depends on: configuration, disk, clock, browser, channels ... Exit code 1 if not well."""
    from monitor.doctor import examine

    checks = tuple(examine(settings(ctx)))
    if as_json:
        print_json(checks)
    else:
        marks = {True: ("ok", "green"), False: ("WRONG", "bold red"), None: ("note", "yellow")}
        found = table("", "what", "", "says")
        found.title = None
        for check in checks:
            found.add_row(check.name, cell(*marks[check.ok]), cell(check.says))
        console().print(found)
    ctx.exit(1 if any(check.ok is False for check in checks) else 0)


@click.command("config")
@json_option
@click.pass_context
def show_config(ctx: click.Context, as_json: bool) -> None:
    """Show the configuration as it is understood, defaults included. Channel addresses are never shown."""
    known = settings(ctx)
    shown = {
        "file": str(known.file),
        "state": str(known.state),
        "channels": [{"name": channel.name, "language": channel.language} for channel in known.channels],
        "heartbeat": {"every": known.heartbeat.every} if known.heartbeat else None,
        "rules": known.rules,
        "services": known.declarations,
    }
    if as_json:
        print_json(shown)
        return
    click.echo(f"file   {known.file}\nstate  {known.state}")
    for channel in known.channels:
        click.echo(f"channel {channel.name} ({channel.language})")
    if known.heartbeat:
        click.echo(f"heartbeat every {span(known.heartbeat.every)}")
    for one in known.declarations:
        places = ", ".join(document.location for document in one.documents)
        click.echo(clean(f"service {one.terms} {one.title}: {places}, every {span(one.every)}"))
