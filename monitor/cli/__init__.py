"""The command line. A command is its arguments, one call and what it prints; each is loaded when asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from monitor.errors import MonitorError

groups: dict[str, dict[str, tuple[str, str]]] = {
    "Watch": {
        "run": ("watch:run", "watch as a background service"),
        "check": ("watch:check", "one round now: look, store, compare, audit, alert"),
        "status": ("status:status", "services, channels, database, daemon; exit code for monitoring"),
        "add": ("add:add", "find the policy of a site and watch it"),
        "pause": ("manage:pause", "leave services alone for a while"),
        "resume": ("manage:resume", "watch paused services again"),
    },
    "Versions": {
        "history": ("read:history", "every version, or every look"),
        "show": ("read:show", "the text of a version, the page as it was sent, the proof of a look"),
        "diff": ("read:diff", "what differs between two versions"),
        "blame": ("blame:blame", "of each sentence, since when it is said and what it was"),
        "search": ("search:search", "who says it, since when, and whether still"),
        "facts": ("facts:facts", "periods, contacts, recipients and other facts as data"),
        "coverage": ("coverage:coverage", "was it unchanged in a period, and where were we blind?"),
    },
    "Audit": {
        "audit": ("audit:audit", "the audit of a version, or what the version did to it"),
        "matrix": ("matrix:matrix", "services by criteria, at any date"),
        "ruling": ("ruling:ruling", "a named person overrules a finding, or calls a change immaterial"),
        "checklist": ("checklist:checklist", "list, show, try and check checklists"),
    },
    "Alerts": {
        "alerts": ("alerts:alerts", "what was said to whom, what could not be, and why"),
    },
    "Care": {
        "validate": ("state:validate", "every mistake of the configuration, with its line"),
        "config": ("state:show_config", "the configuration as it is understood"),
        "doctor": ("state:doctor", "is everything well that a watch depends on?"),
        "test-extract": ("add:test_extract", "the text that would be taken from a page or file"),
        "reread": ("reread:reread", "the stored past read with another recipe"),
        "verify": ("manage:verify", "check every stored byte"),
        "backup": ("manage:backup", "a whole copy of the live database"),
        "restore": ("manage:restore", "put a checked copy in its place"),
        "install-service": ("install:install_service", "units for systemd, printed or installed"),
        "demo": ("demo:demo", "the whole job on this machine, on invented policies"),
    },
}
commands = {name: place for group in groups.values() for name, (place, _) in group.items()}


class LazyGroup(click.Group):
    """Knows the names of its commands and imports one when it is used: `--help` and `history` stay fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = commands.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        return cast("click.Command", getattr(import_module(f"monitor.cli.{module}"), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, group in groups.items():
            with formatter.section(title):
                formatter.write_dl([(name, summary) for name, (_, summary) in group.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="policy-monitor", prog_name="policy-monitor")
@click.option(
    "-c",
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="POLICY_MONITOR_CONFIG",
    help="Configuration to use. [default: ./config.toml, else /etc/policy-monitor/config.toml]",
)
@click.pass_context
def cli(ctx: click.Context, config: Path | None) -> None:
    """Watch privacy policies: store every version, diff and audit each new one, and tell, reliably.

    \b
    Start with:  policy-monitor demo
    Then:        policy-monitor add ADDRESS, check, history, run
    """
    ctx.obj = config


def main() -> None:
    """Entry point. Errors are one message on standard error and an exit code of `monitor.errors`."""
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        click.echo("Interrupted.", err=True)
        code = 130
    except MonitorError as error:
        click.echo(f"policy-monitor: {error}" if "\n" not in str(error) else str(error), err=True)
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (`| head`): nothing to say, and nobody to say it to
        code = 141
    sys.exit(code if isinstance(code, int) else 0)
