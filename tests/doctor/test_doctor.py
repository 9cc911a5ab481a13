"""Each check of `doctor`, on what is whole and on what is broken."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import ssl
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
import trustme

from monitor import doctor
from monitor.daemon.vitals import SignOfLife, last_sign, leave_sign
from monitor.doctor import examine
from monitor.fetch.causes import build_date
from tests.daemon.test_daemon import running, until
from tests.world import Mailbox, Web, as_html, command, configuration, policy

Break = Callable[[Path], None]


def found(config: Path, name: str) -> list[tuple[bool | None, str]]:
    return [(check.ok, check.says) for check in examine(config) if check.name == name]


@pytest.fixture
def config(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> Path:
    web.pages = {"/a": as_html(policy)}
    file = configuration(tmp_path, web, mail[1], ["a"])
    file.chmod(0o640)
    assert command(file, "check").returncode == 0
    return file


def replaced(config: Path, old: str, new: str) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_whole_watch_is_well(config: Path) -> None:
    checks = tuple(examine(config))
    assert [check for check in checks if check.ok is False] == []
    names = {check.name for check in checks}
    assert names >= {
        "configuration",
        "state",
        "disk",
        "database",
        "daemon",
        "clock",
        "TLS",
        "browser",
        "channels",
        "backups",
    }
    done = command(config, "doctor")
    assert done.returncode == 0, done.stdout


def test_a_wrong_configuration_hides_nothing_else(config: Path) -> None:
    replaced(config, 'contact = "tests@example.org"', "contact = 1\nnonsense = 2")
    complaints = found(config, "configuration")
    assert [ok for ok, _ in complaints] == [False, False]
    assert "config.toml:3" in complaints[0][1]
    assert found(config, "database")[0][0] is True
    done = command(config, "doctor")
    assert done.returncode == 1
    assert "nonsense" in done.stdout


def test_no_configuration_at_all_and_no_toml(tmp_path: Path) -> None:
    assert found(tmp_path / "none.toml", "configuration")[0][0] is False
    (tmp_path / "config.toml").write_text("[[[")
    assert found(tmp_path / "config.toml", "configuration")[0][0] is False
    assert found(tmp_path / "config.toml", "state") == [
        (None, f"{tmp_path / 'state'} is not there yet: the first check makes it")
    ]


def test_secrets_that_all_can_read(config: Path) -> None:
    assert found(config, "secrets") == []
    config.chmod(0o644)
    assert found(config, "secrets") == [
        (False, f"{config} is readable by all and holds channel addresses: chmod 640")
    ]
    secret = config.parent / "mail.url"
    line = next(line for line in config.read_text().splitlines() if line.startswith('url = "mailto'))
    secret.write_text(line.partition('"')[2].rstrip('"'))
    secret.chmod(0o644)
    replaced(config, line, 'url_file = "mail.url"')
    assert found(config, "secrets") == [(False, f"{secret} is readable by all: chmod 640")]
    secret.chmod(0o640)
    assert found(config, "secrets") == []


def test_a_state_folder_that_is_a_file_or_open_to_all(config: Path, tmp_path: Path) -> None:
    (tmp_path / "state").chmod(0o777)
    assert (False, f"{tmp_path / 'state'} can be written by all: chmod o-w") in found(config, "state")
    shutil.rmtree(tmp_path / "state")
    (tmp_path / "state").write_text("")
    assert "is no folder" in found(config, "state")[0][1]


def test_files_that_this_user_cannot_write(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: access(path, mode) and not str(path).endswith("sqlite")
    )
    assert found(config, "state")[-1] == (
        False,
        "cannot be written by this user: policy-monitor.sqlite; was a command run as root?",
    )
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (ok, says) = found(config, "state")[0]
    assert ok is False
    assert "it belongs to" in says


def test_a_disk_that_is_nearly_full(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(config, "disk")[0][0] is True
    usage, files = shutil.disk_usage(config), os.statvfs(config)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10 * 2**20))
    assert found(config, "disk") == [(False, "10 MiB free where the database is")]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    few = os.statvfs_result((*files[:5], 1000, 5, 5, *files[8:]))
    monkeypatch.setattr(os, "statvfs", lambda _: few)
    assert "only 5 more files" in found(config, "disk")[0][1]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda file: file.write_bytes(b""), "empty"),
        (lambda file: os.truncate(file, file.stat().st_size // 2), "cut short"),
        (lambda file: file.write_text("text" * 100), "not a database"),
    ],
)
def test_a_database_that_is_none(config: Path, harm: Break, says: str) -> None:
    harm(config.parent / "state" / "policy-monitor.sqlite")
    ((ok, words),) = found(config, "database")
    assert ok is False
    assert says in words


def test_no_database_is_no_trouble(config: Path) -> None:
    shutil.rmtree(config.parent / "state")
    assert found(config, "database") == [(None, "none yet")]


def test_a_clock_that_is_wrong(config: Path) -> None:
    with time_machine.travel(datetime(1970, 1, 2, tzinfo=UTC)):
        (start, history) = sorted(found(config, "clock"))
    assert start[0] is history[0] is False
    assert "the system clock looks wrong" in "".join(says for _, says in (start, history))
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=13)):
        assert any("still to come" in says for _, says in found(config, "clock"))
    assert build_date > date(2020, 1, 1)


def test_no_authorities_and_one_that_is_none(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    replaced(config, "allow_http = true", 'allow_http = true\ntls_ca_file = "ca.pem"')
    assert any(ok is False and "ca.pem" in says for ok, says in found(config, "TLS"))
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    assert [ok for ok, _ in found(config, "TLS")] == [True]
    (tmp_path / "ca.pem").unlink()
    assert any("No such file" in says for _, says in found(config, "TLS"))
    replaced(config, 'tls_ca_file = "ca.pem"', "")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "empty"))
    context = ssl.create_default_context
    monkeypatch.setattr(
        ssl,
        "create_default_context",
        lambda **rest: context(**rest) if rest else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    assert found(config, "TLS") == [(False, "no trusted authorities: install ca-certificates")]


def test_a_browser_that_does_not_start(config: Path, tmp_path: Path) -> None:
    program = tmp_path / "browser"
    replaced(config, "[fetch]", f'[fetch]\nbrowser = "{program}"')
    assert found(config, "browser")[0][0] is None, "nobody needs it"
    replaced(config, "allow_http = true", 'allow_http = true\nfetcher = "browser"')
    ((ok, says),) = found(config, "browser")
    assert ok is False
    assert "needed by a" in says
    program.write_text("#!/bin/sh\necho no display >&2\nexit 7\n")
    program.chmod(0o755)
    ((ok, says),) = found(config, "browser")
    assert ok is False
    assert "it ends with 7: no display; needed by a" in says
    program.write_text("#!/bin/sh\necho Chromium 1.2.3\n")
    assert found(config, "browser") == [(True, f"{program}: Chromium 1.2.3")]


def test_channels_none_failing_given_up(config: Path) -> None:
    assert found(config, "channels") == [(True, "1 configured; `policy-monitor alerts test` tries them")]
    with sqlite3.connect(config.parent / "state" / "policy-monitor.sqlite") as conn:
        conn.execute(
            "UPDATE channels SET failing_since = 1767225600000000, failures = 3, answer = '535 refused'"
        )
        conn.execute("UPDATE deliveries SET state = 'dead'")
    assert found(config, "channel mail") == [
        (False, "fails since 2026-01-01 00:00 UTC: 535 refused"),
        (False, "1 alerts were given up: `policy-monitor alerts retry` sends them again"),
    ]
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text[: text.index("[[channels]]")] + text[text.index("[[services]]") :], encoding="utf-8"
    )
    assert found(config, "channels")[0][0] is None


def test_a_daemon_that_runs_dies_or_is_of_another_version(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(config, "daemon")[0][0] is None
    with running(config) as daemon:
        until(lambda: last_sign(config.parent / "state"))
        assert found(config, "daemon") == [(True, f"running, process {daemon.pid}")]
        with monkeypatch.context() as patched:
            patched.setattr(doctor, "version", lambda _: "99.0")
            assert "restart it" in found(config, "daemon")[0][1]
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
            assert "no sign of life since" in found(config, "daemon")[0][1]
        text = config.read_text(encoding="utf-8")
        config.write_text("[nonsense]\n" + text, encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: "works by an older configuration" in found(config, "daemon")[0][1])
        config.write_text(text, encoding="utf-8")
        daemon.kill()
        daemon.wait()
    ((ok, says),) = found(config, "daemon")
    assert ok is False
    assert "died" in says


def backup(config: Path, **rest: Any) -> None:
    keys = "\n".join(f'{key} = "{value}"' for key, value in rest.items())
    config.write_text(config.read_text(encoding="utf-8") + f"\n[backup]\n{keys}\n", encoding="utf-8")


def test_backups_none_old_fresh_and_nowhere_to_go(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(config, "backups")[0][0] is None
    backup(config, folder=str(tmp_path / "copies"))
    assert "the daemon makes the first" in found(config, "backups")[0][1]
    assert any("the same disk" in says for _, says in found(config, "backups"))
    now = datetime.now(UTC)
    (tmp_path / "copies").mkdir(mode=0o750)
    for age, ok in ((timedelta(days=5), False), (timedelta(hours=3), True)):
        copy = tmp_path / "copies" / f"policy-monitor-{now - age:%Y%m%dT%H%M%SZ}.sqlite"
        copy.write_bytes(b"")
        copy.with_name(f"{copy.name}.manifest.json").write_text("{}")
        assert found(config, "backups")[0][0] is ok
    (tmp_path / "copies").chmod(0o755)
    assert any(says.endswith("can be read by all") for _, says in found(config, "backups"))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert any("no room" in says for ok, says in found(config, "backups") if ok is False)
    shutil.rmtree(tmp_path / "copies")
    (tmp_path / "copies").write_text("")
    assert (False, f"{tmp_path / 'copies'} cannot be written by this user") in found(config, "backups")


def test_a_sign_of_life_is_whole_or_none(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    seen = SignOfLife(pid=1, version="1", started_at=now, seen_at=now)
    leave_sign(tmp_path, seen)
    assert last_sign(tmp_path) == seen
    leave_sign(tmp_path, seen, ended=True)
    left = last_sign(tmp_path)
    assert left is not None
    assert left.stopped_at == now
    assert asdict(left)["backup"]["folder"] == ""
    for broken in ("", "{", "[]", '{"pid": 1}', "null"):
        (tmp_path / "daemon.json").write_text(broken)
        assert last_sign(tmp_path) is None
    leave_sign(tmp_path / "nowhere", seen)
