"""Looks that outlast a beat: nothing waits for the slowest, no host is asked twice at once, nothing is lost."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor import spread
from monitor.spread import Flow, over
from tests.daemon.test_daemon import running, until
from tests.world import Mailbox, Web, answer, as_html, configuration, policy

Item = tuple[str, str]


def flow(executor: ThreadPoolExecutor, most: int = 4) -> Flow:
    return Flow(executor, most, lane=lambda item: item[0], same=lambda item: item)


def lost(group: tuple[Item, ...], error: BaseException) -> str:
    return f"lost {group[0][1]}: {error}"


def collected(one: Flow, step: object, seconds: float = 20) -> list[str]:
    found: list[str] = []
    end = time.monotonic() + seconds
    while one.held() and time.monotonic() < end:
        found += one(step, (), lost)  # type: ignore[arg-type] # a step of the test
    return found


def test_nothing_waits_for_the_slowest() -> None:
    gate = threading.Event()

    def step(group: tuple[Item, ...]) -> str:
        if group[0][1] == "slow":
            gate.wait(20)
        return group[0][1]

    with ThreadPoolExecutor(4) as executor:
        one = flow(executor)
        found = list(one(step, [(("a", "slow"),), (("b", "1"), ("b", "2"))], lost))
        found += one(step, [(("c", "3"),)], lost)
        assert sorted(found) == ["1", "2", "3"]
        assert one.held() == {("a", "slow")}
        assert list(one(step, [(("a", "slow"),)], lost)) == [], "it is at work already"
        gate.set()
        assert collected(one, step) == ["slow"]
        assert one.held() == set()


def test_a_host_is_asked_for_one_thing_at_a_time_in_order() -> None:
    now, most, order = Counter[str](), Counter[str](), []
    lock = threading.Lock()

    def step(group: tuple[Item, ...]) -> str:
        ((host, name),) = group
        with lock:
            now[host] += 1
            most[host] = max(most[host], now[host])
            order.append(name)
        time.sleep(0.01)
        with lock:
            now[host] -= 1
        return name

    with ThreadPoolExecutor(8) as executor:
        one = flow(executor, 8)
        groups = [tuple((host, f"{host}{n}") for n in range(8)) for host in "abc"]
        found = list(one(step, groups, lost)) + collected(one, step)
    assert sorted(found) == sorted(name for group in groups for _, name in group)
    assert set(most.values()) == {1}
    for host in "abc":
        assert [name for name in order if name[0] == host] == [f"{host}{n}" for n in range(8)]


def test_a_step_that_dies_or_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    def step(group: tuple[Item, ...]) -> str:
        if group[0][1] == "dies":
            raise SystemExit(3)
        gate.wait(20)
        return "late"

    monkeypatch.setattr(spread, "patience", 0.5)
    with ThreadPoolExecutor(2) as executor:
        one = flow(executor, 2)
        found = list(one(step, [(("a", "dies"),), (("b", "hangs"),)], lost)) + collected(one, step)
        assert found == ["lost dies: 3", "lost hangs: not heard of for 0 s"]
        with pytest.raises(RuntimeError, match="all 2 workers hang"):
            list(one(step, [(("c", "hangs too"),)], lost)) + collected(one, step)
        gate.set()


def test_it_stops_when_it_is_told() -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        one = Flow(executor, 2, lambda item: item, lambda item: item, stop.is_set)
        stop.set()
        assert list(one(lambda group: group, [("a",)], lambda group, error: group)) == []


def test_a_long_round_is_alive_and_a_hung_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []
    monkeypatch.setattr(spread, "glance", 0.05)
    monkeypatch.setattr(spread, "patience", 0.5)
    with ThreadPoolExecutor(2) as executor:
        spreading = over(executor, alive=lambda: beats.append(time.monotonic()))
        begun = time.monotonic()
        list(spreading(time.sleep, [1.2], lambda value, error: None))
    assert len(beats) > 3
    assert max(beat - begun for beat in beats if beat - begun < 1.1) < 0.8, "after its patience it is not fed"


def test_a_page_that_hangs_holds_up_no_other(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    web.pages = {"/quick": as_html(policy)}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = configuration(tmp_path, web, mail[1], ["quick", "hangs"], each='every = "1s"')
        text = config.read_text(encoding="utf-8").replace('deadline = "5s"', 'deadline = "20s"')
        port = silent.getsockname()[1]
        config.write_text(text.replace(f"{web.origin}/hangs", f"http://localhost:{port}/"), encoding="utf-8")
        with running(config):
            connection, _ = silent.accept()
            looked = len(web.requests)
            until(lambda: len(web.requests) > looked + 4, 15)
            connection.close()
            silent.close()
            until(lambda: answer(config, "status")["services"][1]["fault"])
