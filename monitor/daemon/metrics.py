"""What a monitoring system may know: Prometheus metrics, for a port on loopback or a file. Needs the extra `metrics`.

`docs/reference/metrics.md` explains each. Names of services and channels are cleaned: they come from
a file that people write, and end in dashboards.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.daemon.vitals import Vitals
from monitor.errors import MonitorError
from monitor.library import database
from monitor.ports import Overview, Standing, Store
from monitor.text.clean import clean_line

prefix = "policy_monitor_"
states = ("ok", "failing", "waiting", "flapping", "paused", "new")


def state_of(standing: Standing) -> str:
    """One of `states`: what comes first in that order of trouble is told."""
    if standing.paused:
        return "paused"
    if standing.fault:
        return "failing"
    if standing.waiting_since:
        return "waiting"
    if standing.flapping_since:
        return "flapping"
    return "ok" if standing.last_success else "new"


class Exposed(Collector):
    """Reads everything anew at each scrape."""

    def __init__(self, vitals: Vitals, store: Store, state: Path) -> None:
        self._vitals, self._store, self._state = vitals, store, state

    def collect(self) -> Iterator[Metric]:
        yield from self._own()
        try:
            overview = self._store.overview(datetime.now(UTC))
        except MonitorError:
            yield _gauge("storage_readable", "1 where the database can be read", 0)
            return
        yield _gauge("storage_readable", "1 where the database can be read", 1)
        yield from _services(overview)
        yield from _channels(overview)
        yield from self._files(overview)

    def _own(self) -> Iterator[Metric]:
        """What the process knows without the database."""
        beats, done = self._vitals.counted()
        build = GaugeMetricFamily(
            f"{prefix}build_info", "Versions; always 1", labels=["version", "python", "sqlite"]
        )
        build.add_metric([self._vitals.version, platform.python_version(), sqlite3.sqlite_version], 1)
        yield build
        yield _gauge("start_time_seconds", "When the daemon was started", self._vitals.started_at.timestamp())
        rounds = CounterMetricFamily(
            f"{prefix}rounds", "Rounds of each half since the start", labels=["half"]
        )
        ages = GaugeMetricFamily(
            f"{prefix}last_beat_age_seconds", "Since a half was last heard", labels=["half"]
        )
        for half, at in sorted(self._vitals.last.items()):
            rounds.add_metric([half], beats[half])
            ages.add_metric([half], time.monotonic() - at)
        yield rounds
        yield ages
        outcomes = CounterMetricFamily(
            f"{prefix}outcomes", "Looks, examinations and deliveries since the start", labels=["outcome"]
        )
        for outcome, count in sorted(done.items()):
            outcomes.add_metric([str(outcome)], count)
        yield outcomes
        irregular = CounterMetricFamily(
            f"{prefix}clock_irregularities", "Jumps of the clock, sleeps, stand-stills"
        )
        irregular.add_metric([], self._vitals.irregularities)
        yield irregular
        yield _gauge("storage_failing", "1 while writing fails", bool(self._vitals.storage_trouble))
        refused = bool(self._vitals.config_problem)
        yield _gauge("config_refused", "1 where the file on disk was refused at the last reload", refused)
        yield from self._backup()

    def _backup(self) -> Iterator[Metric]:
        backup = self._vitals.backup
        if backup.folder:
            yield _gauge(
                "backup_failing", "1 where the last attempt failed", backup.failing_since is not None
            )
        if backup.last_at:
            yield _gauge(
                "backup_last_timestamp_seconds",
                "When the last whole copy was made",
                backup.last_at.timestamp(),
            )

    def _files(self, overview: Overview) -> Iterator[Metric]:
        path = database(self._state)
        sizes = GaugeMetricFamily(
            f"{prefix}store_bytes", "Size of the database and of its log", labels=["file"]
        )
        for name, file in (("database", path), ("log", path.with_name(path.name + "-wal"))):
            sizes.add_metric([name], file.stat().st_size if file.exists() else 0)
        yield sizes
        yield _gauge(
            "storage_problem", "1 where disk or database need somebody", bool(overview.storage_problem)
        )


def _services(overview: Overview) -> Iterator[Metric]:
    standings = overview.standings
    found = GaugeMetricFamily(f"{prefix}services", "Policies by state", labels=["state"])
    for state in states:
        found.add_metric([state], sum(state_of(one) == state for one in standings))
    yield found
    yield _gauge(
        "candidates",
        "New texts that wait for their second look",
        sum(bool(one.waiting_since) for one in standings),
    )
    each: dict[str, tuple[str, Callable[[Standing], float | None]]] = {
        "last_look_timestamp_seconds": (
            "When a policy was last looked at",
            lambda one: _seconds(one.last_look),
        ),
        "last_success_timestamp_seconds": (
            "When a policy was last read",
            lambda one: _seconds(one.last_success),
        ),
        "next_due_timestamp_seconds": (
            "When a policy is due; absent while paused",
            lambda one: None if one.paused else _seconds(one.due_at),
        ),
        "failures": ("Looks in a row that failed", lambda one: float(one.failures)),
        "versions": ("Versions stored", lambda one: float(one.versions)),
    }
    for name, (says, value) in each.items():
        family = GaugeMetricFamily(prefix + name, says, labels=["service", "terms_type"])
        for one in standings:
            if (shown := value(one)) is not None:
                terms = one.declaration.terms
                family.add_metric([clean_line(terms.service), clean_line(terms.terms_type)], shown)
        yield family
    read = [one.last_success for one in standings if one.last_success and not one.paused]
    if read:
        age = (overview.at - min(read)).total_seconds()
        yield _gauge(
            "oldest_success_age_seconds", "Since the policy that was not read for longest was read", age
        )


def _channels(overview: Overview) -> Iterator[Metric]:
    letters = GaugeMetricFamily(f"{prefix}deliveries", "Alerts not delivered", labels=["channel", "state"])
    failing = GaugeMetricFamily(f"{prefix}channel_failing", "1 while a channel fails", labels=["channel"])
    for channel in overview.channels:
        name = clean_line(channel.name)
        letters.add_metric([name, "pending"], channel.pending)
        letters.add_metric([name, "dead"], channel.dead)
        failing.add_metric([name], channel.failing_since is not None)
    yield letters
    yield failing


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(prefix + name, says, value=value)


def _seconds(when: datetime | None) -> float | None:
    return when.timestamp() if when else None


def registry_of(vitals: Vitals, store: Store, state: Path) -> CollectorRegistry:
    """All metrics of ours, and memory, descriptors and processor time of the process."""
    registry = CollectorRegistry()
    registry.register(Exposed(vitals, store, state))
    ProcessCollector(registry=registry)
    return registry


def exposition(registry: CollectorRegistry) -> bytes:
    """The page that is scraped."""
    return generate_latest(registry)


def write_textfile(file: Path, registry: CollectorRegistry) -> None:
    """The same page as a file, in place at once or not at all, readable by the collector of another user."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(exposition(registry))
        draft.chmod(0o644)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
