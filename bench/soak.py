"""Years in fast-forward: polls of real pages over real sockets, a twentieth of them faults, a change now and then.

    python bench/soak.py [POLLS] [SERVICES]

Prints resident memory, threads and descriptors along the way, and what an unchanged look costs in the database.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor import app
from monitor.config import read_settings
from monitor.pipeline import Monitor, tick
from monitor.spread import here
from monitor.store.sqlite import SqliteStore
from tests.world import Web, as_html, configuration, mailing, policy, serving

fault_share = 0.05
polls_per_change = 500
start = datetime(2030, 1, 1, tzinfo=UTC)
look_every = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One moment: polls so far, VmRSS in KiB, threads, descriptors, bytes of the database."""

    polls: int
    resident: int
    threads: int
    descriptors: int
    database: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`slope` is the growth of resident memory from the first sample to the last, as a share."""

    samples: tuple[Sample, ...]
    looks: int
    faults: int
    versions: int
    bytes_per_unchanged_look: float

    @property
    def slope(self) -> float:
        return self.samples[-1].resident / self.samples[0].resident - 1


def resident() -> int:
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])


def sampled(store: SqliteStore, polls: int) -> Sample:
    store.checkpoint()
    return Sample(
        polls=polls,
        resident=resident(),
        threads=threading.active_count(),
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
        database=store.path.stat().st_size,
    )


def soak(folder: Path, web: Web, mail_port: int, polls: int, services: int) -> Figures:
    """Poll so often; the first tenth warms up, and a last stretch of pure silence weighs an unchanged look."""
    names = [f"s{number}" for number in range(services)]
    pages = {f"/{name}": as_html(policy) for name in names}
    web.pages = dict(pages)
    settings = app.prepared(read_settings(configuration(folder, web, mail_port, names)))
    dice = random.Random(7)
    with app.open_store(settings) as store:
        app.declare(settings, store, start)
        monitor = app.assemble(settings, store, here)
        samples: list[Sample] = []
        rounds = polls // services
        now = start
        for number in range(rounds):
            now += look_every
            if number % max(1, polls_per_change // services) == 1:
                changed = dice.choice(names)
                pages[f"/{changed}"] = as_html(policy.replace("设备信息", f"设备信息、第{number}类信息", 1))
            web.pages = {path: page for path, page in pages.items() if dice.random() >= fault_share}
            polled(monitor, store, now)
            if number % max(1, rounds // 9) == rounds // 10:
                samples.append(sampled(store, (number + 1) * services))
        web.pages, still = dict(pages), rounds // 5
        for _ in range(3):
            now += look_every
            polled(monitor, store, now)
        before = sampled(store, polls).database
        for _ in range(still):
            now += look_every
            polled(monitor, store, now)
        samples.append(sampled(store, polls + still * services))
        looks = store.looks()
        return Figures(
            samples=tuple(samples),
            looks=len(looks),
            faults=sum(look.fault is not None for look in looks),
            versions=len(store.history()),
            bytes_per_unchanged_look=(samples[-1].database - before) / (still * services),
        )


def polled(monitor: Monitor, store: SqliteStore, now: datetime) -> None:
    store.expedite(None, now)
    tick(monitor, now)


def main() -> None:
    polls = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    services = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as folder, serving() as web, mailing() as (_, port):
        found = soak(Path(folder), web, port, polls, services)
    for sample in found.samples:
        print(json.dumps(asdict(sample)))
    print(
        f"looks={found.looks}  faults={found.faults}  versions={found.versions}  "
        f"memory_slope={found.slope:+.1%} (limit 5 %)  "
        f"bytes_per_unchanged_look={found.bytes_per_unchanged_look:.0f} (limit 300)  cores={os.cpu_count()}"
    )


if __name__ == "__main__":
    main()
