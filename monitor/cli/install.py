"""install-service: the units of systemd as they belong on this machine, shown or put in their places."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import click

import monitor
from monitor.cli.context import places
from monitor.errors import StoreUnwritable, UsageError

named_prefix = "/opt/policy-monitor"
hidden = ("/home", "/root", "/tmp", "/var/tmp", "/run/user")  # noqa: S108 - the unit hides them from the service


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file of the service, where it belongs, and its text."""

    place: Path
    text: str


@click.command("install-service")
@click.option("--print", "only_print", is_flag=True, help="Show the files, and change nothing.")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Put the files under this folder, for packages.",
)
@click.option(
    "--config",
    "config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=places[-1],
    show_default=True,
    help="Configuration of the service.",
)
def install_service(only_print: bool, root: Path | None, config: Path) -> None:
    """Install policy-monitor as a service of systemd: units, a user of its own, its folders.

    Nothing is started: the last lines say what is left to do.
    """
    found = tuple(pieces(Path(sys.prefix), config))
    if only_print:
        click.echo("\n".join(f"# {piece.place}\n{piece.text}" for piece in found), nl=False)
        return
    if root is None:
        _refuse_what_cannot_work(Path(sys.prefix))
    for piece in found:
        click.echo(f"{_put(piece, root or Path('/'))} {piece.place}")
    if root is None:
        for command in (
            ("systemd-sysusers", "policy-monitor.conf"),
            ("systemd-tmpfiles", "--create", "policy-monitor.conf"),
            ("systemctl", "daemon-reload"),
        ):
            click.echo(f"runs {' '.join(command)}")
            subprocess.run(command, check=True)  # noqa: S603 - fixed commands of systemd
    click.echo(f"\nLeft to do:\n{_left_to_do(config)}")


def pieces(prefix: Path, config: Path) -> Iterator[Piece]:
    """The files of the service for a program installed under `prefix`."""
    folder = units()
    for name, place in (
        ("policy-monitor.sysusers.conf", "/etc/sysusers.d/policy-monitor.conf"),
        ("policy-monitor.tmpfiles.conf", "/etc/tmpfiles.d/policy-monitor.conf"),
        ("policy-monitor.service", "/etc/systemd/system/policy-monitor.service"),
        ("policy-monitor-failed@.service", "/etc/systemd/system/policy-monitor-failed@.service"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        text = text.replace("/etc/policy-monitor/config.toml run", f"{config} run")
        text = text.replace(f"ExecPaths={named_prefix}", f"ExecPaths={_executed(prefix)}")
        text = text.replace(named_prefix, str(prefix))
        yield Piece(place=Path(place), text=text)


def _executed(prefix: Path) -> str:
    """The folders from which the service may run programs: its own, and its Python's where that is elsewhere."""
    base = Path(sys.base_prefix)
    return str(prefix) if base.is_relative_to("/usr") or base == prefix else f"{prefix} {base}"


def units() -> Path:
    """Where the units lie: in the installed package, or beside it in a checkout."""
    inside = Path(str(resources.files(monitor))) / "systemd"
    return inside if inside.is_dir() else inside.parents[1] / "systemd"


def _refuse_what_cannot_work(prefix: Path) -> None:
    """UsageError says what to do instead."""
    if not Path("/run/systemd/system").is_dir():
        raise UsageError(
            "systemd does not run on this machine: `install-service --print` shows the units,"
            " the Containerfile does without them, and `check --due` from cron does without a service"
        )
    if os.geteuid() != 0:
        raise UsageError("only root can install a service: run it with sudo, or see the files with --print")
    far = [
        str(one)
        for one in (prefix, Path(sys.base_prefix))
        if any(one.is_relative_to(folder) for folder in hidden)
    ]
    if far:
        raise UsageError(
            f"this program or its Python is installed in {far[0]}, where the service may not look:"
            f" install it in {named_prefix} (python3 -m venv {named_prefix}) and call it from there"
        )
    if not (prefix / "bin" / "policy-monitor").exists():
        raise UsageError(f"there is no {prefix}/bin/policy-monitor: install the program with pip first")
    missing = [
        name for name in ("systemctl", "systemd-sysusers", "systemd-tmpfiles") if not shutil.which(name)
    ]
    if missing:
        raise UsageError(
            f"{', '.join(missing)} not found: see the files with --print, and install them by hand"
        )


def _put(piece: Piece, root: Path) -> str:
    """Write a file in one step; gives the word for what was done."""
    target = root / piece.place.relative_to("/")
    before = target.read_text(encoding="utf-8") if target.exists() else None
    if before == piece.text:
        return "has     "
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        draft.write_text(piece.text, encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(target)
    except OSError as error:
        raise StoreUnwritable(f"{target}: cannot be written: {error.strerror}") from None
    return "writes  " if before is None else "replaces"


def _left_to_do(config: Path) -> str:
    steps = [
        f"install -m 640 -g policy-monitor config.toml {config}",
        f"{Path(sys.prefix) / 'bin' / 'policy-monitor'} --config {config} validate",
        "systemctl enable --now policy-monitor",
        "systemctl status policy-monitor",
    ]
    return "\n".join(f"  {step}" for step in steps)
