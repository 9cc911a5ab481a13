"""A clock that jumps, a daylight saving change, a process that stands still: on the real scheduler."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.daemon.clock import Clock
from tests.daemon.test_daemon import running, until
from tests.world import Mailbox, Web, as_html, configuration, edited, policy, root


@dataclass
class Traveller:
    """A daemon whose clock can be set, and what it has logged."""

    process: subprocess.Popen[str]
    rows: list[dict[str, Any]] = field(default_factory=list)

    def goto(self, when: datetime) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"goto {when.isoformat()}\n")
        self.process.stdin.flush()

    def said(self, event: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row.get("event") == event]

    def read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.rows.append(json.loads(line))


@contextmanager
def travelling(config: Path) -> Iterator[Traveller]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.daemon.travelling", "--config", str(config), "run", "--json"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    found = Traveller(process)
    reader = threading.Thread(target=found.read, daemon=True)
    reader.start()
    try:
        yield found
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        print("\n".join(json.dumps(row, ensure_ascii=False) for row in found.rows))


def due(config: Path) -> list[datetime]:
    with sqlite3.connect(f"file:{config.parent}/state/policy-monitor.sqlite?mode=ro", uri=True) as conn:
        rows = conn.execute("SELECT due_at FROM watch ORDER BY terms_id").fetchall()
    return [datetime.fromtimestamp(micros / 1e6, UTC) for (micros,) in rows]


def looks(config: Path) -> list[datetime]:
    with sqlite3.connect(f"file:{config.parent}/state/policy-monitor.sqlite?mode=ro", uri=True) as conn:
        rows = conn.execute("SELECT at FROM looks ORDER BY seq").fetchall()
    return [datetime.fromtimestamp(micros / 1e6, UTC) for (micros,) in rows]


def test_a_clock_that_jumps_a_year_ahead_and_back_stops_nothing(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy), "/b": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a", "b"], each='every = "1h"')
    now = datetime.now(UTC)
    year = now + timedelta(days=365)
    with travelling(config) as daemon:
        until(lambda: mail[0].messages)
        first = len(looks(config))
        daemon.goto(year)
        until(lambda: len(looks(config)) >= first + 2)
        assert len(looks(config)) == first + 2, "once each, however long it was"
        until(lambda: any("was away for 87" in text for text in mail[0].texts()))
        assert min(due(config)) > year
        daemon.goto(now)
        until(lambda: max(due(config)) < now + timedelta(hours=2))
        assert daemon.said("time")[-1]["set_back"] is True
        web.pages["/a"] = as_html(edited)
        daemon.goto(now + timedelta(hours=2))
        until(lambda: any("通讯录" in text for text in mail[0].texts()))


def test_a_clock_set_back_by_hours_does_not_freeze_the_daemon(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1h"')
    earlier = datetime.now(UTC) - timedelta(hours=13)
    with travelling(config) as daemon:
        until(lambda: mail[0].messages)
        daemon.goto(earlier)
        until(lambda: daemon.said("time"))
        until(lambda: max(due(config)) < earlier + timedelta(hours=2))
        count = len(looks(config))
        daemon.goto(earlier + timedelta(hours=1, minutes=30))
        until(lambda: len(looks(config)) > count)
        assert not daemon.said("failed")


def test_alerts_are_sent_after_a_jump_back(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    mailbox, port = mail
    mailbox.refuse = True
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, port, ["a"], each='every = "1h"')
    now = datetime.now(UTC)
    with travelling(config) as daemon:
        until(lambda: [row for row in daemon.said("round") if "to be sent again" in row["done"]])
        daemon.goto(now - timedelta(days=365))
        until(lambda: daemon.said("time"))
        mailbox.refuse = False
        daemon.goto(now - timedelta(days=364))
        until(lambda: mailbox.messages)


def test_the_night_in_which_the_clock_is_set_back_makes_a_look_or_two(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    each = 'cron = "30 2 * * *"\ntime_zone = "Europe/Berlin"'
    config = configuration(tmp_path, web, mail[1], ["a"], each=each)
    berlin = ZoneInfo("Europe/Berlin")
    nights = [datetime(2027, 10, 30, 12, tzinfo=UTC) + timedelta(minutes=35 * step) for step in range(75)]
    with travelling(config) as daemon:
        until(lambda: mail[0].messages)
        before = len(looks(config))
        daemon.goto(nights[0])
        until(lambda: len(looks(config)) > before)
        caught_up = len(looks(config))
        for at in nights[1:]:
            if at.astimezone(berlin).hour in (2, 3, 4) or at == nights[-1]:
                daemon.goto(at)
                time.sleep(2.5)
        local = [one.astimezone(berlin) for one in looks(config)[caught_up:]]
    assert {one.date().day for one in local} == {31, 1}
    assert 2 <= len(local) <= 3
    assert all(one.hour in (2, 3) for one in local)


# --------------------------------------------------------------------------- standing still


def test_a_process_that_is_stopped_feeds_no_watchdog_and_goes_on_when_it_is_let(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(20)
        with running(config, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="2000000") as daemon:
            until(lambda: mail[0].messages)
            daemon.send_signal(signal.SIGSTOP)
            time.sleep(0.5)
            supervisor.setblocking(False)
            said_before = 0
            with contextlib.suppress(BlockingIOError):
                while supervisor.recv(300):
                    said_before += 1
            assert said_before
            supervisor.settimeout(3)
            with pytest.raises(TimeoutError):
                supervisor.recv(300)
            looked = len(web.requests)
            daemon.send_signal(signal.SIGCONT)
            supervisor.settimeout(20)
            while not supervisor.recv(300).startswith(b"WATCHDOG=1"):
                continue
            until(lambda: len(web.requests) > looked + 1)
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(timeout=10) == 0


def test_what_happened_to_time_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, steady = [1_000_000.0], [5_000.0]
    monkeypatch.setattr(time, "time", lambda: wall[0])
    monkeypatch.setattr(time, "monotonic", lambda: steady[0])
    clock = Clock(1.0)

    def later(wall_seconds: float, steady_seconds: float) -> str:
        wall[0] += wall_seconds
        steady[0] += steady_seconds
        seen = clock.irregularity()
        return f"{seen.message} {seen.set_back}" if seen else ""

    assert later(1, 1) == ""
    assert later(1.2, 1) == "", "the clock is slewed"
    assert later(3600, 1) == "the clock was moved by +3599 s, or the machine slept False"
    assert later(-3599, 1) == "the clock was moved by -3600 s, or the machine slept True"
    assert later(301, 301) == "the process stood still for 300 s False"
    assert later(1, 1) == ""
