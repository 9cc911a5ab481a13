"""The heartbeat: configured in secret, told by the daemon and by `check`, never in anybody's way."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from monitor.config import read_settings
from monitor.errors import ConfigError
from monitor.model import Fault, Receipt
from monitor.notify.heartbeat import beat, secrets_in
from tests.daemon.test_daemon import running, until
from tests.notify.sinks import Sink
from tests.world import Mailbox, Web, as_html, command, configuration, policy

canary = "cAnArY77cAnArY"


def with_heartbeat(config: Path, sink: Sink, every: str = "1s") -> Path:
    (config.parent / "heartbeat.url").write_text(f"{sink.url}/ping/{canary}/{canary}x\n", encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("[alerts]", f'[heartbeat]\nurl_file = "heartbeat.url"\nevery = "{every}"\n[alerts]'),
        encoding="utf-8",
    )
    return config


def paths(sink: Sink) -> list[str]:
    return [one.path for one in sink.received]


well, ill = f"/ping/{canary}/{canary}x", f"/ping/{canary}/{canary}x/fail"


def test_life_and_trouble_have_an_address_each(sink: Sink) -> None:
    address = f"{sink.url}/ping/{canary}"
    assert beat(address, healthy=True, text="10 watched") == Receipt(answer="HTTP 200 OK")
    assert isinstance(beat(address, healthy=False), Receipt)
    assert isinstance(beat(f"{address}/?token=1", healthy=False), Receipt)
    assert paths(sink) == [f"/ping/{canary}", f"/ping/{canary}/fail", f"/ping/{canary}/fail?token=1"]
    assert sink.received[0].body == b"10 watched"


@pytest.mark.parametrize(("status", "transient"), [(301, False), (404, False), (429, True), (500, True)])
def test_an_answer_that_is_no_yes_is_a_fault(status: int, transient: bool, sink: Sink) -> None:
    sink.says(b"", status, Location=f"{sink.url}/elsewhere")
    told = beat(f"{sink.url}/ping/{canary}", healthy=True)
    assert isinstance(told, Fault)
    assert (told.transient, len(sink.received)) == (transient, 1)


def test_the_address_is_in_no_fault(sink: Sink) -> None:
    for path in (canary, f"key-{canary}/slug-of-it", f"x?token={canary}"):
        told = beat(f"http://127.0.0.1:9/{path}", healthy=True)
        assert isinstance(told, Fault)
        assert told.transient
        assert canary not in told.message


def test_a_running_daemon_beats_and_says_when_alerts_are_given_up(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], sink: Sink
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = with_heartbeat(configuration(tmp_path, web, mail[1], ["a"]), sink)
    with running(config) as daemon:
        until(lambda: len(sink.received) >= 2)
        assert set(paths(sink)) == {well}
        assert b"1 watched, 0 cannot be read" in sink.received[-1].body
        until(lambda: mail[0].messages)
        with sqlite3.connect(tmp_path / "state" / "policy-monitor.sqlite") as database:
            database.execute("UPDATE deliveries SET state = 'dead', answer = 'refused' WHERE state = 'sent'")
        until(lambda: ill in paths(sink))
        assert b"alerts were given up on: mail" in sink.received[-1].body
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        assert daemon.stderr is not None
        assert canary not in daemon.stderr.read()


def test_a_heartbeat_that_hangs_delays_neither_looks_nor_alerts_nor_the_end(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], sink: Sink
) -> None:
    sink.drip = 3.0
    web.pages = {"/a": as_html(policy)}
    config = with_heartbeat(configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"'), sink)
    with running(config) as daemon:
        until(lambda: sink.received)
        looks = len(web.requests)
        until(lambda: len(web.requests) > looks + 3 and mail[0].messages)
        asked = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        assert time.monotonic() - asked < 5
    assert len(sink.received) == 1


def test_a_daemon_that_fails_says_so_with_its_last_breath(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], sink: Sink
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = with_heartbeat(configuration(tmp_path, web, mail[1], ["a"], each='every = "1s"'), sink, "1h")
    with running(config) as daemon:
        until(lambda: sink.received and mail[0].messages)
        with sqlite3.connect(tmp_path / "state" / "policy-monitor.sqlite") as database:
            database.execute("DROP TABLE watch")
        assert daemon.wait(timeout=20) != 0
    assert paths(sink)[-1] == ill
    assert sink.received[-1].body == b"the daemon has failed"


def test_a_round_by_cron_beats_too_and_a_test_tries_it(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], sink: Sink
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = with_heartbeat(configuration(tmp_path, web, mail[1], ["a"]), sink)
    assert command(config, "check").returncode == 0
    assert paths(sink) == [well]
    tried = command(config, "alerts", "test")
    assert tried.returncode == 0
    assert "heartbeat: HTTP 200 OK" in tried.stdout
    sink.says(b"", 404)
    refused = command(config, "alerts", "test")
    assert refused.returncode == 1
    assert "heartbeat: HTTP 404" in refused.stdout
    complained = command(config, "check")
    assert complained.returncode == 0
    assert "heartbeat: HTTP 404" in complained.stderr
    shown = command(config, "config")
    assert "heartbeat every 1 s" in shown.stdout
    as_json = command(config, "config", "--json")
    assert json.loads(as_json.stdout)["heartbeat"]
    everything = "".join(one.stdout + one.stderr for one in (tried, refused, complained, shown, as_json))
    assert canary not in everything


service = '[[services]]\nid = "a"\nname = "A"\nurl = "https://example.org/p"\n'


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ('every = "5m"', "a heartbeat needs exactly one of"),
        (f'url = "ftp://example.org/{canary}"', "the address is no http(s) address"),
        (f'url = "{canary}"', "the address is no http(s) address"),
        ('url = "https://example.org/x"\nevery = "0s"', "greater than or equal"),
        ('url_env = "NOT_SET_ANYWHERE"', "environment variable NOT_SET_ANYWHERE is not set"),
        ('url_file = "missing.url"', "cannot be read"),
    ],
)
def test_a_wrong_heartbeat_stops_the_start(tmp_path: Path, section: str, problem: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[heartbeat]\n{section}\n{service}", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_settings(file, {})
    (said,) = raised.value.problems
    assert problem in said
    assert "config.toml:" in said
    assert canary not in said


def test_the_address_comes_from_where_it_is_kept_and_is_shown_nowhere(tmp_path: Path) -> None:
    address = f"https://hc.example.org/{canary}"
    (tmp_path / "beat").write_text(address + "\n", encoding="utf-8")
    for source in ('url_file = "beat"', 'url_env = "BEAT"', 'credential = "beat"'):
        file = tmp_path / "config.toml"
        file.write_text(f"[heartbeat]\n{source}\n{service}", encoding="utf-8")
        settings = read_settings(file, {"BEAT": address, "CREDENTIALS_DIRECTORY": str(tmp_path)})
        assert settings.heartbeat
        assert settings.heartbeat.url == address
        assert canary not in repr(settings)
        assert canary not in secrets_in(settings).redact(f"POST {address}/fail: /{canary}/fail")
