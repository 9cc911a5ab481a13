"""The daemon as a process: its end in the middle of things, its troubles, its exit codes, its neighbours."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import resource
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import declare, prepared
from monitor.config import read_settings
from monitor.daemon.lock import only_one, running_daemon
from monitor.daemon.service import Daemon
from monitor.daemon.vitals import last_sign
from monitor.errors import AlreadyRunning
from monitor.fetch.look import reopen
from tests.daemon.test_daemon import running, until
from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, mailing, policy, root

database = "policy-monitor.sqlite"


def rows(config: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{config.parent}/state/{database}?mode=ro", uri=True) as conn:
        return conn.execute(query).fetchall()


# --------------------------------------------------------------------------- the end


def test_sigterm_in_the_middle_of_a_hanging_send_ends_it_and_the_alert_is_sent_later(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = configuration(tmp_path, web, silent.getsockname()[1], ["a"], each='every = "1h"')
        with running(config) as daemon:
            connection, _ = silent.accept()
            time.sleep(0.5)
            asked = time.monotonic()
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(timeout=20) == 0
            assert time.monotonic() - asked < 5
            connection.close()
        port = silent.getsockname()[1]
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f":{port}/", f":{mail[1]}/"), encoding="utf-8")
    with running(config):
        until(lambda: mail[0].messages)


def test_a_killed_daemon_is_known_to_have_been_killed(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1h"')
    with running(config) as daemon:
        until(lambda: mail[0].messages)
        until(lambda: last_sign(tmp_path / "state"))
        assert command(config, "status").returncode == 0
        daemon.kill()
        daemon.wait()
    status = command(config, "status")
    assert status.returncode == 2
    assert "the daemon died" in status.stdout
    with running(config) as daemon:
        until(lambda: command(config, "status").returncode == 0)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        assert daemon.stderr is not None
        assert "did not end as it should" in daemon.stderr.read()
    assert "ended as it should" in command(config, "status").stdout
    assert command(config, "status").returncode == 0


# --------------------------------------------------------------------------- trouble


def test_a_disk_that_takes_nothing_is_survived_and_told(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    """A limit on the size of files stands for a full disk: every write of the daemon fails, none of ours."""
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"')
    with running(config) as daemon:
        until(lambda: mail[0].messages)
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        web.pages["/a"] = as_html(edited)
        time.sleep(4)
        assert daemon.poll() is None, "it stays"
        assert len(mail[0].messages) == 1
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: any("通讯录" in text for text in mail[0].texts()), 60)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        assert daemon.stderr is not None
        said = daemon.stderr.read()
    assert "tried again in" in said
    assert "the storage works again" in said
    assert len(answer(config, "history", "a")) == 2
    assert command(config, "verify").returncode == 0


# --------------------------------------------------------------------------- exit codes


def damaged(config: Path, statement: str) -> None:
    with sqlite3.connect(config.parent / "state" / database) as conn:
        conn.execute(statement)


@pytest.mark.parametrize(
    ("code", "words", "harm"),
    [
        (65, "not a database of policy-monitor", "a text file"),
        (65, "the file is empty", ""),
        (65, "cut short", "half"),
        (65, "guard", "DROP TRIGGER"),
        (76, "newer policy-monitor", "PRAGMA user_version = 999"),
        (65, "altered by another program", "DROP TABLE watch"),
    ],
)
def test_exit_codes_of_a_harmed_database(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], code: int, words: str, harm: str
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    assert command(config, "check").returncode == 0
    file = tmp_path / "state" / database
    if harm == "half":
        os.truncate(file, file.stat().st_size // 2)
    elif " " in harm and harm[0].isupper():
        if harm.startswith("DROP TRIGGER"):
            ((name,),) = rows(config, "SELECT MIN(name) FROM sqlite_master WHERE type = 'trigger'")
            harm = f"DROP TRIGGER {name}"
        damaged(config, harm)
    else:
        file.write_text(harm, encoding="utf-8")
    done = command(config, "run", timeout=60)
    assert done.returncode == code, done.stderr
    assert words in done.stderr


def test_a_database_that_fails_for_good_while_it_runs_ends_it(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"')
    for harm, code in (("DROP TABLE watch", 74), ("UPDATE watch SET state = 'no JSON'", 70)):
        mail[0].messages.clear()
        with running(config) as daemon:
            until(lambda: mail[0].messages)
            damaged(config, harm)
            assert daemon.wait(timeout=30) == code
        shutil.rmtree(tmp_path / "state")


def test_other_exit_codes(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    config = configuration(tmp_path, web, mail[1], ["a"])
    assert command(config, "run", "--nonsense").returncode == 2
    assert command(tmp_path / "none.toml", "run").returncode == 78
    assert command(config, "history").returncode == 74, "there is no database yet"
    assert command(config, "check").returncode == 1, "there is no page"
    assert command(config, "history", "unknown").returncode == 1
    assert command(config, "check", "--now", "--due").returncode == 2


# --------------------------------------------------------------------------- start and neighbours


def test_forty_services_are_not_asked_at_once_at_a_start(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    names = [f"s{number}" for number in range(40)]
    web.pages = {f"/{name}": as_html(policy) for name in names}
    config = configuration(tmp_path, web, mail[1], names, each='every = "6h"')
    with running(config) as daemon:
        until(lambda: len(web.requests) > 2)
        time.sleep(3)
        looked = {path for path in web.requests if path != "/robots.txt"}
        assert 4 <= len(looked) < 20
        waits = [float(str(one)) / 1e6 - time.time() for (one,) in rows(config, "SELECT due_at FROM watch")]
        assert sum(0 < wait <= 40 for wait in waits) > 15, "a second apart"
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0


def test_a_check_while_the_daemon_is_at_that_very_page_is_made_after_it(
    tmp_path: Path, mail: tuple[Mailbox, int]
) -> None:
    answers: list[float] = []
    page = as_html(policy).encode()

    def serve(server: socket.socket) -> None:
        while True:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    asked = connection.recv(4000)
                    if b"robots.txt" in asked:
                        connection.sendall(
                            b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        )
                        continue
                    time.sleep(3)
                    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
                    connection.sendall(head.encode() + page)
                    answers.append(time.monotonic())
                continue
            return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        config = tmp_path / "config.toml"
        config.write_text(
            f"""[monitor]
state = "state"
confirm_after = "0s"
[fetch]
pause = "0s"
[[services]]
id = "slow"
name = "Slow"
url = "http://127.0.0.1:{server.getsockname()[1]}/"
allow_http = true
allow_private = ["127.0.0.0/8"]
every = "6h"
""",
            encoding="utf-8",
        )
        with running(config):
            until(lambda: len(answers) == 2)  # the first record, and the daily look at the whole page
            until(lambda: rows(config, "SELECT claimed_by FROM watch") == [(None,)])
            first = command(config, "check", "--now", "slow")
            assert first.returncode == 0, first.stderr
            assert len(answers) == 3
            asking = subprocess.Popen(
                [sys.executable, "-m", "monitor", "--config", str(config), "check", "--now", "slow"],
                env={**os.environ, "PYTHONPATH": str(root)},
                stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            until(lambda: rows(config, "SELECT claimed_by IS NOT NULL FROM watch") == [(1,)])
            again = command(config, "check", "--now", "slow")
            assert again.returncode == 0, again.stderr
            assert asking.wait(timeout=60) == 0
            assert len(answers) == 5, "the second was not lost to the first"


def test_commands_read_in_a_loop_while_the_daemon_writes(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    names = ["a", "b", "c", "d"]
    web.pages = {f"/{name}": as_html(policy) for name in names}
    config = configuration(tmp_path, web, mail[1], names, each='every = "1s"')
    failures: list[str] = []
    counts = dict.fromkeys(("history", "status", "search", "pause", "check"), 0)
    stop = time.monotonic() + 15

    def hammer(name: str, *arguments: str) -> None:
        while time.monotonic() < stop:
            done = command(config, *arguments)
            counts[name] += 1
            if done.returncode not in (0, 1) or "locked" in done.stderr or "Traceback" in done.stderr:
                failures.append(f"{arguments}: {done.returncode}: {done.stderr[-500:]}")

    with running(config, arguments=("--json",)) as daemon:
        until(lambda: mail[0].messages)
        lines: list[str] = []
        assert daemon.stderr is not None
        threading.Thread(target=lambda: lines.extend(daemon.stderr or []), daemon=True).start()
        threads = [
            threading.Thread(target=hammer, args=arguments)
            for arguments in (
                ("history", "history"),
                ("status", "status"),
                ("search", "search", "位置信息"),
                ("pause", "resume", "d"),
                ("check", "check", "--now", "c"),
            )
        ]
        for thread in threads:
            thread.start()
        number = 0
        while time.monotonic() < stop:
            number += 1
            web.pages["/a"] = as_html(policy.replace("设备信息", f"第{number}版设备信息"))
            time.sleep(4)  # long enough to be seen twice
        for thread in threads:
            thread.join()
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
    assert not failures, failures[:3]
    assert all(counts.values()), counts
    logged = [json.loads(line) for line in lines]
    assert not [row for row in logged if row["level"] in ("ERROR", "CRITICAL")]
    assert len(answer(config, "history", "a")) > 1
    assert command(config, "verify").returncode == 0


def test_status_stays_on_a_terminal_until_ctrl_c(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    assert command(config, "check").returncode == 0
    ours, theirs = pty.openpty()
    shown = subprocess.Popen(
        [sys.executable, "-m", "monitor", "--config", str(config), "status", "--watch", "--every", "0.3"],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root), "TERM": "xterm", "COLUMNS": "160", "LINES": "40"},
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""

    def reads(words: str) -> bool:
        nonlocal seen
        with contextlib.suppress(OSError):  # the other end is closed
            while select.select([ours], [], [], 0)[0]:
                seen += os.read(ours, 65536)
        return words.encode() in seen

    until(lambda: reads("Daemon: not running"))
    assert command(config, "pause", "a").returncode == 0
    until(lambda: reads("paused"))
    shown.send_signal(signal.SIGINT)
    until(lambda: reads("\x1b[?1049l"))
    _, errors = shown.communicate(timeout=10)
    assert (shown.returncode, errors) == (0, b"")
    os.close(ours)


def test_a_reload_takes_a_new_number_of_workers_and_patience(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"', general="workers = 2")
    with running(config) as daemon:
        until(lambda: mail[0].messages)
        text = config.read_text(encoding="utf-8")
        text = text.replace("workers = 2", "workers = 3").replace(
            'confirm_after = "0s"', 'confirm_after = "1h"'
        )
        config.write_text(text, encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        time.sleep(2.5)
        web.pages["/a"] = as_html(edited)
        until(lambda: answer(config, "status")["services"][0]["waiting_since"])
        asked = datetime.now(UTC)
        time.sleep(3)
        assert answer(config, "status")["services"][0]["waiting_since"] < asked.isoformat()
        assert len(mail[0].messages) == 1, "an hour has to pass first"
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0


def test_two_mail_servers_one_dead_hold_up_no_look(tmp_path: Path, web: Web) -> None:
    web.pages = {"/a": as_html(policy)}
    with mailing() as (mailbox, port), socket.create_server(("127.0.0.1", 0)) as silent:
        config = configuration(tmp_path, web, port, ["a"], each='every = "1s"')
        dead = f'[[channels]]\nname = "dead"\nurl = "mailto://127.0.0.1:{silent.getsockname()[1]}/?from=a@example.org&to=b@example.org"\n'
        text = config.read_text(encoding="utf-8").replace("[[services]]", f"{dead}[[services]]", 1)
        config.write_text(text, encoding="utf-8")
        with running(config):
            until(lambda: mailbox.messages)
            looked = len(web.requests)
            until(lambda: len(web.requests) > looked + 3, 10)


def test_the_log_of_the_database_is_shortened_every_hour(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    daemon = Daemon(prepared(read_settings(config)))
    declare(daemon.settings, daemon._stores["poll"], datetime.now(UTC))
    log = tmp_path / "state" / f"{database}-wal"
    daemon._scheduler.start(paused=True)
    daemon._poll()
    assert log.stat().st_size > 0
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 3601)
    daemon._poll()
    assert log.stat().st_size == 0
    daemon._stop()
    reopen()


def test_channel_addresses_come_from_the_credentials_of_systemd(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    """As `LoadCredential=mail:/etc/policy-monitor/mail.url` hands them over."""
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    (address,) = (line for line in config.read_text(encoding="utf-8").splitlines() if "mailto" in line)
    text = config.read_text(encoding="utf-8").replace(address, 'credential = "mail"')
    config.write_text(text, encoding="utf-8")
    done = command(config, "run")
    assert done.returncode == 78
    assert "LoadCredential" in done.stderr
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "mail").write_text(address.partition('"')[2].rstrip('"') + "\n")
    with running(config, CREDENTIALS_DIRECTORY=str(tmp_path / "credentials")):
        until(lambda: mail[0].messages)


def test_a_start_on_a_full_disk_waits_for_room(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"])
    with running(config) as daemon:
        until(lambda: mail[0].messages)
        daemon.kill()
        daemon.wait()
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, -1));"
        "sys.argv = ['policy-monitor', '--config', sys.argv[1], 'run'];"
        "import monitor.daemon.service as service; service.start_pause = 0.5;"
        "from monitor.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(config)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    try:
        looked = len(web.requests)
        time.sleep(4)
        assert process.poll() is None, process.communicate()
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert command(config, "check", "--now").returncode == 0
        until(lambda: len(web.requests) > looked)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0
        assert "the start is tried again" in said
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_a_command_that_holds_the_lock_is_not_taken_for_a_daemon(tmp_path: Path) -> None:
    with only_one(tmp_path, "check"):
        assert running_daemon(tmp_path) is None
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), only_one(tmp_path):
            pass
    with only_one(tmp_path, "daemon"):
        assert running_daemon(tmp_path) == os.getpid()
        (tmp_path / "lock").write_text("")
        assert running_daemon(tmp_path) == 0, "it may not have been able to say who it is"
    assert running_daemon(tmp_path) is None
    assert running_daemon(tmp_path / "nowhere") is None


def test_a_half_that_hangs_is_not_covered_up(
    tmp_path: Path,
    web: Web,
    mail: tuple[Mailbox, int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The watchdog is fed for as long as both halves are heard, and no longer."""
    daemon = Daemon(prepared(read_settings(configuration(tmp_path, web, mail[1], ["a"]))))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        guard = threading.Thread(target=daemon._guard)
        guard.start()
        try:
            assert supervisor.recv(300).startswith(b"WATCHDOG=1")
            daemon.vitals.last["send"] -= 100
            supervisor.settimeout(3)
            with contextlib.suppress(TimeoutError):
                supervisor.recv(300)  # one may have been on its way
            with pytest.raises(TimeoutError):
                supervisor.recv(300)
            assert "no beat of send" in caplog.text
            daemon.vitals.beat("send")
            supervisor.settimeout(10)
            assert supervisor.recv(300).startswith(b"WATCHDOG=1")
        finally:
            daemon._stopping.set()
            guard.join()
            daemon._scheduler.start(paused=True)
            daemon._stop()
            reopen()
