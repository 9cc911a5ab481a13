"""The daemon as its operator sees it: a process that watches, stops at once, reloads, and is alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, policy, root


@contextmanager
def running(
    config: Path, arguments: tuple[str, ...] = (), **environment: str
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "--config", str(config), "run", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_a_new_version_published_while_it_runs_is_told(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    web.pages = {"/a": as_html(policy), "/b": as_html(policy)}
    config = configuration(tmp_path, web, port, ["a", "b"], each='every = "1s"')
    with running(config) as daemon:
        until(lambda: len(mailbox.messages) == 1)
        looks = len(web.requests)
        until(lambda: len(web.requests) > looks + 4)
        assert len(mailbox.messages) == 1, "several beats without a change say nothing"
        web.pages["/a"] = as_html(edited)
        until(lambda: len(mailbox.messages) == 2)
        assert "通讯录" in mailbox.texts()[1]
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
    assert [row["version"]["number"] for row in answer(config, "history", "a")] in ([1, 2], [2, 1])


def test_sigterm_in_the_middle_of_a_hanging_look_ends_it_within_five_seconds(
    tmp_path: Path, mail: tuple[Mailbox, int]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        config = tmp_path / "config.toml"
        config.write_text(
            f"""[monitor]
state = "state"
[fetch]
deadline = "60s"
[[services]]
id = "hangs"
name = "Hangs"
url = "http://127.0.0.1:{port}/"
allow_http = true
allow_private = ["127.0.0.0/8"]
ignore_robots_reason = "a test of hanging servers"
""",
            encoding="utf-8",
        )
        with running(config) as daemon:
            connection, _ = silent.accept()
            time.sleep(0.5)
            asked = time.monotonic()
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(timeout=20) == 0
            assert time.monotonic() - asked < 5
            connection.close()
    (standing,) = answer(config, "status")["services"]
    assert standing["fault"] is None, "a look that was broken off by us is no fault of the page"


def test_a_second_daemon_is_refused_and_a_check_asks_the_first(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1h"')
    with running(config) as daemon:
        until(lambda: len(mail[0].messages) == 1)
        second = command(config, "run")
        assert second.returncode == 75
        assert f"process {daemon.pid}" in second.stderr
        web.pages["/a"] = as_html(edited)
        done = command(config, "check", "a")
        assert done.returncode == 0, done.stderr
        assert f"process {daemon.pid}" in done.stderr
        until(lambda: len(mail[0].messages) == 2)
        assert answer(config, "status")["daemon_pid"] == daemon.pid
    assert answer(config, "status")["daemon_pid"] is None, "a killed daemon holds no lock"


def test_sighup_takes_a_right_configuration_and_keeps_the_old_one_otherwise(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy), "/b": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"')
    with running(config) as daemon:
        until(lambda: "/a" in web.requests)
        right = config.read_text(encoding="utf-8")
        config.write_text("[monitor]\nwrong = 1\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        time.sleep(2.5)
        looks = web.requests.count("/a")
        until(lambda: web.requests.count("/a") > looks)
        config.write_text(right.replace('id = "a"', 'id = "b"').replace("/a", "/b"), encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: "/b" in web.requests)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        assert daemon.stderr is not None
        said = daemon.stderr.read()
    assert "the new configuration is not used" in said
    assert "config.toml:2: monitor.wrong: unknown key" in said


def test_it_tells_systemd_that_it_is_ready_alive_and_stopping(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(20)
        with running(config, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="2000000") as daemon:
            assert supervisor.recv(200).startswith(b"READY=1")
            assert supervisor.recv(200).startswith(b"WATCHDOG=1")
            daemon.send_signal(signal.SIGTERM)
            said = b""
            while b"STOPPING=1" not in said:
                said = supervisor.recv(200)
            assert daemon.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("[monitor]\nwrong = 1\n", 78, "config.toml:2: monitor.wrong: unknown key"),
        (
            '[[services]]\nid = "a"\nname = "A"\nurl = "https://x.example/"\nselect = "p["\n',
            78,
            "is not a CSS selector",
        ),
        (
            '[[services]]\nid = "a"\nname = "A"\nurl = "https://x.example/"\nfetcher = "ftp"\n',
            78,
            "no fetcher 'ftp'",
        ),
        (
            '[[services]]\nid = "a"\nname = "A"\nurl = "https://x.example/"\nprofiles = ["gdprx"]\n',
            78,
            "no profile 'gdprx'",
        ),
    ],
)
def test_a_wrong_configuration_stops_the_start(tmp_path: Path, text: str, code: int, words: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")
    for arguments in (("run",), ("validate",), ("check",)):
        done = command(config, *arguments)
        assert done.returncode == code, done.stderr
        assert words in done.stderr


def test_a_state_folder_that_cannot_be_written_is_named(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = configuration(tmp_path, web, mail[1], ["a"])
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    done = command(config, "run")
    assert done.returncode == 73
    assert str(tmp_path / "state") in done.stderr


def test_its_log_is_json_where_asked(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    with running(config, arguments=("--json",)) as daemon:
        until(lambda: mail[0].messages)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        assert daemon.stderr is not None
        rows = [json.loads(line) for line in daemon.stderr.read().splitlines()]
    assert {"time", "level", "logger", "message"} <= set(rows[0])
    assert (rows[0]["event"], rows[0]["policies"]) == ("started", 1)
    (first,) = (row for row in rows if row.get("event") == "round" and "first records" in row["done"])
    assert first["done"]["first records"] == 1
    assert rows[-1]["message"] == "stopped"
    assert (rows[-1]["event"], rows[-1]["exit_code"]) == ("stopped", 0)
