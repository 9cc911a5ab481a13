"""install-service, and the container for machines without systemd: what they name is there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from monitor.cli import commands
from monitor.cli.install import hidden, pieces, units
from tests.systemd.test_units import needs_systemd
from tests.world import command, root


def parts(prefix: str = "/srv/watch", config: str = "/etc/policy-monitor/config.toml") -> dict[str, str]:
    return {piece.place.name: piece.text for piece in pieces(Path(prefix), Path(config))}


def test_the_units_name_the_program_where_it_is() -> None:
    unit = parts("/srv/watch", "/etc/watch.toml")["policy-monitor.service"]
    assert "ExecStart=/srv/watch/bin/policy-monitor --config /etc/watch.toml run\n" in unit
    assert re.search(r"^ExecPaths=/srv/watch .*/usr ", unit, re.MULTILINE)
    assert "/opt/policy-monitor" not in unit


def test_print_shows_every_file_and_changes_nothing(tmp_path: Path) -> None:
    done = command(tmp_path / "config.toml", "install-service", "--print")
    assert done.returncode == 0
    for piece in pieces(Path(sys.prefix), Path("/etc/policy-monitor/config.toml")):
        assert f"# {piece.place}\n{piece.text}" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_files_are_put_under_another_root_and_told(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    first = command(config, "install-service", "--root", str(tmp_path / "root"))
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("writes ") == 4
    unit = tmp_path / "root" / "etc" / "systemd" / "system" / "policy-monitor.service"
    assert unit.stat().st_mode & 0o777 == 0o644
    unit.write_text("old")
    again = command(config, "install-service", "--root", str(tmp_path / "root"))
    assert again.stdout.count("has ") == 3
    assert again.stdout.count("replaces ") == 1
    assert unit.read_text(encoding="utf-8").startswith("# Installed by")


def test_without_systemd_it_says_what_else_can_be_done(tmp_path: Path) -> None:
    if Path("/run/systemd/system").is_dir():
        pytest.skip("systemd runs here")
    done = command(tmp_path / "config.toml", "install-service")
    assert done.returncode == 2
    assert "install-service --print" in done.stderr
    assert "Containerfile" in done.stderr


def test_a_program_that_the_service_cannot_see_is_known() -> None:
    unit = (units() / "policy-monitor.service").read_text(encoding="utf-8")
    assert "ProtectHome=yes" in unit
    assert {"/home", "/root", "/run/user"} <= set(hidden)
    assert ("/tmp" in hidden) == ("PrivateTmp=yes" in unit)


@needs_systemd
def test_the_printed_units_verify_without_a_word(tmp_path: Path) -> None:
    """As they would be installed: only the program itself has to be one that is here."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "policy-monitor").symlink_to(sys.executable)
    for name, text in parts(str(tmp_path)).items():
        if name.endswith(".service"):
            (tmp_path / name).write_text(
                re.sub(r"=/usr/bin/logger", f"={sys.executable}", text), encoding="utf-8"
            )
    files = [str(file) for file in tmp_path.glob("*.service")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_the_unit_that_reports_a_failure_is_named_by_the_service() -> None:
    found = parts()
    assert "OnFailure=policy-monitor-failed@%n.service" in found["policy-monitor.service"]
    assert "%i" in found["policy-monitor-failed@.service"]
    assert re.search(r"^#LoadCredential=mail:", found["policy-monitor.service"], re.MULTILINE)


def test_the_units_are_in_the_wheel(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for unit in (root / "systemd").iterdir():
        assert f"monitor/systemd/{unit.name}" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


# --------------------------------------------------------------------------- the container


def instructions() -> list[tuple[str, str]]:
    text = (root / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [
        (one.partition(" ")[0], one.partition(" ")[2].strip()) for one in joined.splitlines() if one.strip()
    ]


def test_what_the_container_copies_exists_and_is_let_in() -> None:
    let_in = {
        line[1:] for line in (root / ".containerignore").read_text().splitlines() if line.startswith("!")
    }
    assert (root / ".containerignore").read_text() == (root / ".dockerignore").read_text()
    copied = [shlex.split(rest) for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    sources = {source for one in copied for source in one[:-1]}
    assert sources
    for source in sources:
        assert (root / source).exists(), source
        assert source in let_in
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {project["project"]["readme"], *project["project"]["license-files"]}
    assert needed <= sources, "the build needs what the project names"


def test_the_container_runs_as_nobody_special() -> None:
    last_stage = instructions()[max(i for i, (word, _) in enumerate(instructions()) if word == "FROM") :]
    words = dict(last_stage)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", words["USER"])
    order = [word for word, _ in last_stage]
    assert order.index("USER") > max(i for i, word in enumerate(order) if word in ("RUN", "COPY"))
    assert words["STOPSIGNAL"] == "SIGTERM"
    assert "ADD" not in order
    assert not any("latest" in rest or ":" not in rest for word, rest in instructions() if word == "FROM")


def test_the_container_starts_commands_that_exist() -> None:
    words = dict(instructions())
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (program,) = json.loads(words["ENTRYPOINT"])
    assert program in project["project"]["scripts"]
    assert json.loads(words["CMD"])[0] in commands
    assert f"{program} status" in words["HEALTHCHECK"]
    assert "status" in commands
    assert "--require-hashes" in (root / "Containerfile").read_text(encoding="utf-8")
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    for name in ("apprise", "pypdfium2", "mammoth", "prometheus-client"):
        assert re.search(rf"^{name}==", lock, re.MULTILINE), name
