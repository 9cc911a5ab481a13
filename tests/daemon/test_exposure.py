"""`/healthz` and `/metrics`: on loopback alone, by their own names alone, true to what is there."""

from __future__ import annotations

import json
import re
import resource
import signal
import socket
import sys
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path

import pytest

from monitor.app import problems
from monitor.config import read_settings
from monitor.errors import ConfigError
from tests.daemon.test_daemon import running, until
from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, policy

pytest.importorskip("prometheus_client", reason="needs the extra `metrics`")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, path: str, host: str | None = None) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def values(page: str) -> dict[str, float]:
    rows = (line.rpartition(" ") for line in page.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


@pytest.fixture
def watched(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> tuple[Path, int]:
    web.pages = {"/a": as_html(policy)}
    port = free_port()
    config = configuration(tmp_path, web, mail[1], ["a", "b"], each='every = "1s"')
    text = config.read_text(encoding="utf-8")
    config.write_text(
        f'{text}\n[metrics]\nlisten = "127.0.0.1:{port}"\ntextfile = "metrics.prom"\n', encoding="utf-8"
    )
    return config, port


def test_a_running_daemon_tells_how_it_is(
    watched: tuple[Path, int], web: Web, mail: tuple[Mailbox, int]
) -> None:
    config, port = watched
    with running(config) as daemon:
        until(lambda: listening(port))
        until(lambda: mail[0].messages)
        status, said = asked(port, "/healthz")
        assert status == 200
        assert json.loads(said)["working"] is True
        web.pages["/a"] = as_html(edited)
        changes = 'policy_monitor_outcomes_total{outcome="changes"}'
        until(lambda: values(asked(port, "/metrics")[1]).get(changes) == 1)
        until(lambda: values(asked(port, "/metrics")[1]).get('policy_monitor_services{state="ok"}') == 1)
        status, page = asked(port, "/metrics")
        assert status == 200
        found = values(page)
        (build,) = (name for name in found if name.startswith("policy_monitor_build_info"))
        assert re.search(r'version="\d+\.\d+', build)
        assert found['policy_monitor_services{state="ok"}'] == 1
        assert found['policy_monitor_services{state="failing"}'] == 1
        of_a = '{service="a",terms_type="Privacy Policy"}'
        assert found[f"policy_monitor_versions{of_a}"] == 2
        assert found[f"policy_monitor_last_success_timestamp_seconds{of_a}"] > 1.7e9
        assert found[f"policy_monitor_next_due_timestamp_seconds{of_a}"] > 1.7e9
        assert found['policy_monitor_outcomes_total{outcome="changes"}'] == 1
        assert found['policy_monitor_outcomes_total{outcome="unchanged"}'] > 0
        assert found['policy_monitor_rounds_total{half="poll"}'] > 0
        assert found['policy_monitor_deliveries{channel="mail",state="dead"}'] == 0
        assert found['policy_monitor_store_bytes{file="database"}'] > 0
        assert found["policy_monitor_candidates"] == 0
        assert found["process_resident_memory_bytes"] > 1e7
        textfile = config.parent / "state" / "metrics.prom"
        until(textfile.exists)
        assert textfile.stat().st_mode & 0o777 == 0o644
        assert set(values(textfile.read_text())) >= {"policy_monitor_candidates"}
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0


def test_it_answers_nobody_who_asks_by_another_name(watched: tuple[Path, int]) -> None:
    config, port = watched
    with running(config):
        until(lambda: listening(port))
        assert asked(port, "/metrics", "evil.example")[0] == 403
        assert asked(port, "/metrics", f"evil.example:{port}")[0] == 403
        assert asked(port, "/metrics", f"localhost:{port}")[0] == 200
        assert asked(port, "/", f"localhost:{port}")[0] == 404


def test_a_port_that_is_taken_stops_no_watch(watched: tuple[Path, int], web: Web) -> None:
    config, port = watched
    with socket.create_server(("127.0.0.1", port)), running(config):
        until(lambda: "/a" in web.requests)
        until(lambda: "metrics cannot be served" in command(config, "status").stdout)


def test_a_reload_moves_the_port(watched: tuple[Path, int]) -> None:
    config, port = watched
    other = free_port()
    with running(config) as daemon:
        until(lambda: listening(port))
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(f':{port}"', f':{other}"'), encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: listening(other))
        until(lambda: not listening(port))


@pytest.mark.parametrize(
    "address", ["0.0.0.0:9464", "192.168.1.5:9464", "[::]:9464", "example.org:80", "9464", ":1"]
)
def test_an_address_that_others_can_reach_is_refused(tmp_path: Path, address: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[metrics]\nlisten = "{address}"\n[[services]]\nid="a"\nname="A"\nurl="https://x.example/"\n'
    )
    with pytest.raises(ConfigError, match=r"config\.toml:2: metrics\.listen"):
        read_settings(config)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[[services]]\nid="a"\nname="A"\nurl="https://x.example/"\n[metrics]\nlisten = "[::1]:9464"\n'
    )
    settings = read_settings(config)
    assert settings.metrics is not None
    assert settings.metrics.listen == ("::1", 9464)
    assert not list(problems(settings))
    monkeypatch.setattr(
        "monitor.app.find_spec", lambda name: None if "prometheus" in name else find_spec(name)
    )
    (what,) = problems(settings)
    assert what == "config.toml:5: metrics: needs more: pip install 'policy-monitor[metrics]'"


def test_a_daemon_without_metrics_does_not_load_their_library(tmp_path: Path) -> None:
    done = command(tmp_path / "config.toml", "--help")
    assert done.returncode == 0
    import subprocess

    code = "import sys, monitor.daemon; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_status_json_has_the_troubles(watched: tuple[Path, int], mail: tuple[Mailbox, int]) -> None:
    config, _ = watched
    with running(config):
        until(lambda: mail[0].messages)
        until(lambda: answer(config, "status")["daemon"])
        found = answer(config, "status")
    assert found["exit_code"] == 1
    assert [one["level"] for one in found["troubles"]] == [1]
    assert "B cannot be read" in found["troubles"][0]["says"]
    assert found["channels"][0]["name"] == "mail"
    assert found["database"]["bytes"] > 0


def test_a_storage_that_fails_is_no_health(watched: tuple[Path, int], web: Web) -> None:
    config, port = watched
    with running(config) as daemon:
        until(lambda: listening(port))
        until(lambda: "/a" in web.requests)
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        until(lambda: asked(port, "/healthz")[0] == 503)
        assert "state" in json.loads(asked(port, "/healthz")[1])["trouble"][0]
        assert values(asked(port, "/metrics")[1])["policy_monitor_storage_failing"] == 1
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: asked(port, "/healthz")[0] == 200, 60)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
