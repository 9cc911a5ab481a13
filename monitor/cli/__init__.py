"""The command line. A command is its arguments, one call and what it prints; each is loaded when asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from monitor.errors import MonitorError

commands = {
    "run": "monitor.cli.watch:run",
    "check": "monitor.cli.watch:check",
    "history": "monitor.cli.read:history",
    "show": "monitor.cli.read:show",
    "diff": "monitor.cli.read:diff",
    "blame": "monitor.cli.blame:blame",
    "audit": "monitor.cli.audit:audit",
    "ruling": "monitor.cli.ruling:ruling",
    "matrix": "monitor.cli.matrix:matrix",
    "checklist": "monitor.cli.checklist:checklist",
    "facts": "monitor.cli.facts:facts",
    "coverage": "monitor.cli.coverage:coverage",
    "reread": "monitor.cli.reread:reread",
    "status": "monitor.cli.status:status",
    "validate": "monitor.cli.state:validate",
    "config": "monitor.cli.state:show_config",
    "doctor": "monitor.cli.state:doctor",
    "alerts": "monitor.cli.alerts:alerts",
    "add": "monitor.cli.add:add",
    "test-extract": "monitor.cli.add:test_extract",
    "search": "monitor.cli.search:search",
    "pause": "monitor.cli.manage:pause",
    "resume": "monitor.cli.manage:resume",
    "verify": "monitor.cli.manage:verify",
    "backup": "monitor.cli.manage:backup",
    "restore": "monitor.cli.manage:restore",
    "install-service": "monitor.cli.install:install_service",
    "demo": "monitor.cli.demo:demo",
}


class LazyGroup(click.Group):
    """Knows the names of its commands and imports one when it is used: `--help` and `history` stay fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = commands.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))


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
    Then:        policy-monitor validate, check, history, diff SERVICE, run
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
