"""The daemon, killed at random moments: every stored change arrives at least once on every channel."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import app
from monitor.config import read_settings
from monitor.library import open_library
from monitor.model import Cause
from monitor.pipeline import send, tick
from monitor.spread import here
from tests.crash.letters import copies, in_box, of_webhook
from tests.notify.sinks import Box, Received, Sink, http_sink, smtp_box
from tests.world import Web, as_html, policy, root

kills = 100
least_changes = kills // 3
seed = 20261124
services = tuple(f"s{number}" for number in range(6))
taken = 200, {"Content-Type": "application/json"}, b"{}"


def configured(folder: Path, web: Web, box: Box, half: Sink, lost: Sink) -> Path:
    watched = "\n".join(
        f'[[services]]\nid = "{one}"\nname = "Service {one}"\nurl = "{web.origin}/{one}"\nevery = "1s"\n'
        'allow_http = true\nallow_private = ["127.0.0.0/8"]\n'
        for one in services
    )
    file = folder / "config.toml"
    file.write_text(
        f"""[monitor]
state = "state"
confirm_after = "0s"
[fetch]
pause = "0s"
deadline = "5s"
[alerts]
group_wait = "0s"
digest = ""
own_fault = {{ share = 1.0, minimum = 100 }}
[[channels]]
name = "ok"
url = "mailto://127.0.0.1:{box.port}/?from=monitor@example.org&to=counsel@example.org"
[[channels]]
name = "half"
url = "json://{half.host}/half"
[[channels]]
name = "lost"
url = "json://{lost.host}/lost"
{watched}""",
        encoding="utf-8",
    )
    return file


def half_failing(
    dice: random.Random, accepted: list[Received]
) -> Callable[[Received], tuple[int, dict[str, str], bytes]]:
    """Slow enough to be killed in the middle of; refuses every second message."""

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        time.sleep(0.05)
        if dice.random() < 0.5:
            return 503, {}, b"not now"
        accepted.append(received)
        return taken

    return answer


def losing_answers(dice: random.Random) -> Callable[[Received], tuple[int, dict[str, str], bytes] | None]:
    return lambda _: None if dice.random() < 0.4 else taken


class Killer:
    """Lets daemons live for a moment; every one is killed with SIGKILL."""

    def __init__(self, config: Path) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py")), str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=config.parent,
            env={**os.environ, "PYTHONPATH": str(root)},
        )

    def live(self, seconds: float, begun: Callable[[], bool]) -> None:
        """Bear a daemon, wait until it has begun, let it live for so long, and kill it."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        child = int(self._nursery.stdout.readline())
        patience = time.monotonic() + 20
        while not begun() and time.monotonic() < patience:
            time.sleep(0.005)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        assert int(self._nursery.stdout.readline()) == -signal.SIGKILL

    def end(self) -> None:
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(timeout=10)


def changes_in(folder: Path) -> int:
    """How many versions that are changes the database holds."""
    with open_library(folder / "state") as library:
        return sum(row.version.cause is not Cause.FIRST_RECORD for row in library.history())


def drained(config: Path) -> None:
    """What a daemon that is left alone would do in the days that follow."""
    settings = app.prepared(read_settings(config))
    with app.open_store(settings) as store:
        monitor = app.assemble(settings, store, here)
        now = datetime.now(UTC)
        for step in range(60):
            tick(monitor, now) if step == 0 else send(monitor, now + step * timedelta(hours=1))
            if not store.deliveries("pending") and not store.deliveries("sending"):
                return
    raise AssertionError("60 hours were not enough")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_random_moments_nothing_is_missing_on_any_channel(tmp_path: Path, web: Web) -> None:
    dice, halves = random.Random(seed), list[Received]()
    with smtp_box() as box, http_sink() as half, http_sink() as lost:
        half.answer = half_failing(random.Random(seed + 1), halves)
        lost.answer = losing_answers(random.Random(seed + 2))
        config = configured(tmp_path, web, box, half, lost)
        web.pages = {f"/{one}": as_html(policy) for one in services}
        killer = Killer(config)
        killer.live(3.0, lambda: bool(box.mails))
        for number in range(2 * kills):
            if number >= kills - 1 and number % 5 == 0 and changes_in(tmp_path) >= least_changes:
                break  # killed often enough; a slow machine is given more rounds until there was something to lose
            for one in dice.sample(services, dice.choice((1, 1, 2, 3))):
                text = policy.replace("位置信息", f"位置信息、第{number}类信息", 1)
                web.pages[f"/{one}"] = as_html(text)
            looks, letters = len(web.requests), len(box.mails) + len(half.received) + len(lost.received)
            begins = (
                lambda looks=looks: len(web.requests) > looks,
                lambda letters=letters: len(box.mails) + len(half.received) + len(lost.received) > letters,
                lambda: True,
            )
            killer.live(dice.uniform(0, 0.9), begins[number % 3] if number % 9 else begins[0])
        killer.end()
        drained(config)
        mails, losts = in_box(box), lost.received

    with open_library(tmp_path / "state") as library:
        assert not list(library.verify())
        changes = [row.version for row in library.history() if row.version.cause is not Cause.FIRST_RECORD]
        told = {alert.key for alert in library.alerts()}
        rows = library.deliveries()
    assert len(changes) >= least_changes, "there was something to lose"
    assert {f"change:{one.terms}:{one.number}" for one in changes} <= told
    assert {(row.alert_key, row.channel) for row in rows} >= {
        (key, channel) for key in told if key.startswith("change:") for channel in ("ok", "half", "lost")
    }
    assert all(row.state == "sent" for row in rows)
    arrived = {
        "ok": copies(mails),
        "half": copies(map(of_webhook, halves)),
        "lost": copies(map(of_webhook, losts)),
    }
    for channel, letters_of in arrived.items():
        wanted = {row.alert_key for row in rows if row.channel == channel}
        assert wanted <= letters_of.keys(), f"missing on {channel}"
        assert letters_of.keys() <= told, f"nothing arrives on {channel} that is not stored"
    for channel in (
        "ok",
        "lost",
    ):  # where it was refused with a 503 it did not arrive: its next copy is the first
        for key, repeats in arrived[channel].items():
            assert all(repeats[1:]), f"{key} came again on {channel} without saying so"
    again = {channel: sum(len(one) > 1 for one in found.values()) for channel, found in arrived.items()}
    print(json.dumps({"kills": kills, "changes": len(changes), "alerts": len(told), "came again": again}))
    assert again["lost"] > 0, "answers were lost"
