"""validate, doctor, config: whether the configuration is right and everything else well."""

from __future__ import annotations

import click

from monitor.app import problems
from monitor.cli.context import config_file, json_option, settings
from monitor.cli.output import cell, console, print_json, span, table
from monitor.errors import ConfigError
from monitor.text.clean import clean


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

    checks = tuple(examine(config_file(ctx)))
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
        "backup": known.backup,
        "metrics": known.metrics,
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
    if known.backup:
        when = known.backup.cron or f"every {span(known.backup.every)}"
        click.echo(f"backup  {known.backup.folder}, {when}")
    if known.metrics and known.metrics.listen:
        click.echo(f"metrics http://{known.metrics.listen[0]}:{known.metrics.listen[1]}/metrics")
    if known.metrics and known.metrics.textfile:
        click.echo(f"metrics {known.metrics.textfile}")
    for one in known.declarations:
        places = ", ".join(document.location for document in one.documents)
        click.echo(clean(f"service {one.terms} {one.title}: {places}, every {span(one.every)}"))
