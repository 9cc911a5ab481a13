"""The units are right and tight: systemd's own tools say so."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

units = Path(__file__).parents[2] / "systemd"
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (Debian package systemd)"
)


@needs_systemd
def test_the_units_verify_without_a_word(tmp_path: Path) -> None:
    for unit in units.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        # the program is not installed where the tests run, nor is logger on every machine: any executable will do
        text = re.sub(r"^ExecStart=/\S+", f"ExecStart={shutil.which('true')}", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = [str(file) for file in tmp_path.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    # a misspelled key leaves the exit code at 0: only silence is success
    assert (done.returncode, done.stderr.strip(), done.stdout.strip()) == (0, "", "")


@needs_systemd
def test_the_service_is_exposed_no_more_than_promised() -> None:
    unit = str(units / "policy-monitor.service")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=12", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:]
    exposure = re.search(r"exposure level.*?: (\d+\.\d+)", done.stdout)
    assert exposure is not None
    assert float(exposure[1]) <= 1.2


def test_every_fatal_exit_code_is_one_that_a_restart_cannot_mend() -> None:
    text = (units / "policy-monitor.service").read_text(encoding="utf-8")
    assert "RestartPreventExitStatus=65 76 78" in text
