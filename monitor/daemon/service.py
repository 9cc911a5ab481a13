"""The daemon itself: APScheduler beats, the database says who is due.

Two jobs, each on a thread and a database connection of its own: `poll` (everything up to the alerts)
and `send`, so that a slow channel never delays a look. A third thread, on the monotonic clock, feeds
the watchdog while both beat, and wakes them when the wall clock jumps, since APScheduler sleeps by it.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor as BeatExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.app import assemble, declare, open_store, prepared
from monitor.config import Settings, read_settings
from monitor.daemon import supervisor
from monitor.daemon.lock import only_one
from monitor.daemon.pulse import Pulse
from monitor.errors import MonitorError
from monitor.fetch.look import abort_all
from monitor.model import Outcome
from monitor.notify.heartbeat import secrets_in
from monitor.notify.secrets import guard_logs
from monitor.pipeline import Monitor, poll, send
from monitor.spread import over
from monitor.store.sqlite import SqliteStore

log = logging.getLogger("monitor.daemon")

beat_interval = timedelta(seconds=1)
notices_interval = timedelta(
    minutes=1
)  # what is told by time alone (a report, an effective date) needs no look
clock_tolerance = timedelta(seconds=5)
stall_limit = timedelta(seconds=90)
stop_patience = timedelta(seconds=3)


class Daemon:
    """Lives from `start` to `stop`. `exit_code` is what the process ends with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.exit_code = 0
        self._stopping = threading.Event()
        self._reload = threading.Event()
        self._workers = ThreadPoolExecutor(settings.workers, thread_name_prefix="worker")
        self._senders = ThreadPoolExecutor(settings.workers, thread_name_prefix="sender")
        self._beats = {"poll": time.monotonic(), "send": time.monotonic()}
        self._at_work = {"poll": threading.Lock(), "send": threading.Lock()}
        self._next_notices = {"poll": 0.0, "send": 0.0}
        self._stores: list[SqliteStore] = []
        self._monitors = {
            "poll": self._monitor("poll", self._workers),
            "send": self._monitor("send", self._senders),
        }
        self._pulse = Pulse(lambda: self.settings, self._stores[-1], self._beats, stall_limit)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": BeatExecutor(2)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._jobs = [
            self._scheduler.add_job(
                job,
                "interval",
                seconds=beat_interval.total_seconds(),
                id=name,
                next_run_time=datetime.now(UTC),
            )
            for name, job in (("poll", self._poll), ("send", self._send))
        ]
        self._scheduler.add_listener(self._job_failed, EVENT_JOB_ERROR)

    def _monitor(self, name: str, workers: ThreadPoolExecutor) -> Monitor:
        store = open_store(self.settings)
        self._stores.append(store)
        return assemble(self.settings, store, over(workers, self._stopping.is_set, lambda: self._beat(name)))

    def run(self) -> int:
        """Watch until told to stop."""
        declare(self.settings, self._stores[0], datetime.now(UTC))
        signal.signal(signal.SIGTERM, lambda *_: self._stopping.set())
        signal.signal(signal.SIGINT, lambda *_: self._stopping.set())
        signal.signal(signal.SIGHUP, lambda *_: self._reload.set())
        self._scheduler.start()
        self._pulse.start()
        supervisor.ready()
        log.info("watching %d policies, state in %s", len(self.settings.declarations), self.settings.state)
        self._guard()
        self._stop()
        return self.exit_code

    def _beat(self, name: str) -> None:
        self._beats[name] = time.monotonic()

    def _poll(self) -> None:
        self._beat("poll")
        with self._at_work["poll"]:
            if self._reload.is_set():
                self._reload.clear()
                self._read_again()
            self._work("poll", poll)

    def _send(self) -> None:
        self._beat("send")
        with self._at_work["send"]:
            self._work("send", send)

    def _work(self, name: str, half: Callable[[Monitor, datetime], Counter[Outcome]]) -> None:
        monitor, now = self._monitors[name], datetime.now(UTC)
        due_at = monitor.store.next_time()
        due = due_at is not None and due_at <= now
        if self._stopping.is_set() or not (due or time.monotonic() >= self._next_notices[name]):
            return
        self._next_notices[name] = time.monotonic() + notices_interval.total_seconds()
        done = half(monitor, now)
        if done:
            log.info("%s", ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.items())))

    def _read_again(self) -> None:
        """SIGHUP: take the new configuration if it is right, else keep the old one and say why."""
        supervisor.reloading()
        old = self.settings
        try:
            self.settings = prepared(read_settings(old.file))
            if self.settings.state != old.state:
                raise MonitorError("the state folder cannot change while the daemon runs: restart it")
            self._monitors = {
                name: assemble(self.settings, store, monitor.spread)
                for (name, monitor), store in zip(self._monitors.items(), self._stores, strict=True)
            }
            guard_logs(secrets_in(self.settings))
            declare(self.settings, self._stores[0], datetime.now(UTC))
            log.info("configuration read again: watching %d policies", len(self.settings.declarations))
        except MonitorError as error:
            self.settings = old
            log.error("the new configuration is not used, the old one stays:\n%s", error)
        supervisor.ready()

    def _guard(self) -> None:
        """The main thread: on the monotonic clock, feed the watchdog and wake the beats if time jumped."""
        interval = min(supervisor.watchdog_interval() or timedelta(seconds=1), timedelta(seconds=1))
        offset = time.time() - time.monotonic()
        while not self._stopping.wait(interval.total_seconds()):
            jump = time.time() - time.monotonic() - offset
            if abs(jump) > clock_tolerance.total_seconds():
                offset += jump
                log.warning("the clock was moved by %+.0f s", jump)
                for job in self._jobs:
                    job.modify(next_run_time=datetime.now(UTC))
            stalled = [
                name
                for name, at in self._beats.items()
                if time.monotonic() - at > stall_limit.total_seconds()
            ]
            if stalled:
                log.error("no beat of %s: the watchdog is not fed", ", ".join(stalled))
            else:
                supervisor.alive(f"watching {len(self.settings.declarations)} policies")

    def _job_failed(self, event: JobExecutionEvent) -> None:
        """APScheduler would go on after a store error; a store that fails must end the process, loudly."""
        error = event.exception
        if self._stopping.is_set():
            log.info("%s broken off by the end: %s", event.job_id, error)
            return
        log.critical("%s failed: %s", event.job_id, error, exc_info=error)
        self.exit_code = error.exit_code if isinstance(error, MonitorError) else MonitorError.exit_code
        self._stopping.set()

    def _stop(self) -> None:
        """Leave within seconds: sockets are shut, results that still come are dropped, leases lapse."""
        supervisor.stopping()
        abort_all()
        self._pulse.stop(failed=self.exit_code != 0)
        self._scheduler.shutdown(wait=False)
        for executor in (self._workers, self._senders):
            executor.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + stop_patience.total_seconds()
        for at_work, store in zip(self._at_work.values(), self._stores, strict=True):
            # a half that hangs past its time keeps its connection: the process ends under it, as in a crash
            if at_work.acquire(timeout=max(0.0, deadline - time.monotonic())):
                store.close()
        log.info("stopped")


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message and, where there is one, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if trace := record.exc_text or (self.formatException(record.exc_info) if record.exc_info else ""):
            row["traceback"] = trace
        return json.dumps(row, ensure_ascii=False)


def run_daemon(settings: Settings, json_logs: bool = False) -> int:
    """Watch by prepared settings until SIGTERM; gives the exit code. Raises AlreadyRunning, ConfigError and StoreError at start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if json_logs:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    guard_logs(secrets_in(settings))
    with only_one(settings.state):
        return Daemon(settings).run()
