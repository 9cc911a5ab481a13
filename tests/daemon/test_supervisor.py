"""A supervisor that does not listen, or is not there, holds nobody up."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from monitor.daemon import supervisor


def test_a_supervisor_that_does_not_listen_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    supervisor.alive("nobody is there")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        monkeypatch.setattr(supervisor, "patience", 0.01)
        begun = time.monotonic()
        for _ in range(1000):
            supervisor.alive("watching")
        assert time.monotonic() - begun < 60
        assert deaf.recv(100) == b"WATCHDOG=1\nSTATUS=watching"


def test_an_abstract_address_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0policy-monitor-test")
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@policy-monitor-test")
        supervisor.ready()
        assert listening.recv(100).startswith(b"READY=1")


def test_the_watchdog_of_another_process_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "120000000")
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert supervisor.watchdog_interval() is None
    monkeypatch.delenv("WATCHDOG_PID")
    found = supervisor.watchdog_interval()
    assert found is not None
    assert found.total_seconds() == 60
    monkeypatch.setenv("WATCHDOG_USEC", "soon")
    assert supervisor.watchdog_interval() is None
