"""Ten thousand events through a channel that fails in every way it can: none is missing."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import app
from monitor.config import read_settings
from monitor.model import Alert, AlertKind, Decision
from monitor.pipeline import send
from monitor.spread import over
from tests.crash.letters import copies, of_webhook
from tests.decide.values import now
from tests.notify.sinks import Received, http_sink

events, waves = 10_000, 40
poison = frozenset(f"moved:event:{number}" for number in range(77, events, 2500))
taken = 200, {"Content-Type": "application/json"}, b"{}"


def event(number: int) -> Alert:
    return Alert(
        key=f"moved:event:{number}",
        kind=AlertKind.MOVED,
        at=now,
        service_name=f"Service {number}",
        notice=f"The policy of Service {number} is served from another address now.",
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_events_through_a_flaky_channel(tmp_path: Path) -> None:
    dice, arrived, answers = random.Random(20261124), [], Counter[str]()

    def answer(received: Received) -> tuple[int, dict[str, str], bytes] | None:
        if any(key in poison for key in of_webhook(received).keys):
            answers["refused for good"] += 1
            return 400, {}, b"this one never"
        how = dice.random()
        if how < 0.25:
            answers["failed"] += 1
            return 500, {}, b"broken"
        if how < 0.35:
            answers["too often"] += 1
            return 429, {"Retry-After": "30"}, b"slower"
        arrived.append(received)
        if how < 0.5:
            answers["answer lost"] += 1
            return None
        answers["taken"] += 1
        return taken

    with http_sink() as sink:
        sink.answer = answer
        config = tmp_path / "config.toml"
        config.write_text(
            f'[[channels]]\nname = "flaky"\nurl = "json://{sink.host}/"\n[[services]]\nid = "a"\nname = "A"\n'
            'url = "https://example.org/"\n',
            encoding="utf-8",
        )
        settings = app.prepared(read_settings(config))
        with app.open_store(settings) as store, ThreadPoolExecutor(4) as threads:
            monitor = app.assemble(settings, store, over(threads))
            app.declare(settings, store, now)
            moment = now
            for wave in range(waves):
                found = [
                    replace(event(number), at=moment)
                    for number in range(wave * events // waves, (wave + 1) * events // waves)
                ]
                # most come in storms, some a few at a time
                for part in (found,) if wave % 4 else (found[:-6], found[-6:-3], found[-3:]):
                    store.announce(Decision(alerts=tuple(part), routes={one.key: ("flaky",) for one in part}))
                    send(monitor, moment)
                moment += timedelta(minutes=7)
            while store.deliveries("pending") and moment < now + timedelta(hours=72):
                moment += timedelta(minutes=20)
                send(monitor, moment)
            rows = store.deliveries()
    letters = copies(map(of_webhook, arrived))
    print(dict(answers), "came again:", sum(len(one) > 1 for one in letters.values()))
    wanted = {f"moved:event:{number}" for number in range(events)}
    assert letters.keys() == wanted - poison, "none is missing"
    assert {row.alert_key for row in rows if row.state == "dead"} == poison, (
        "what never arrives is said to be dead"
    )
    assert {row.state for row in rows} == {"sent", "dead"}
    assert all(all(repeats[1:]) for repeats in letters.values()), "a second copy says that it is one"
    assert all(answers[how] for how in ("refused for good", "failed", "too often", "answer lost", "taken"))
