"""The daemon itself: APScheduler beats, the database says who is due.

Two jobs, each on a thread and a database connection of its own: `poll` (everything up to the alerts)
and `send`, so that a slow channel never delays a look. The main thread, on the monotonic clock, feeds
the watchdog while both beat, and wakes them when the wall clock jumps, since APScheduler sleeps by it.
Backups, the heartbeat and the metrics have threads of their own: none of them can hold up a beat.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor as BeatExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor import registry
from monitor.app import assemble, declare, open_store, prepared
from monitor.config import Settings, read_settings
from monitor.daemon import supervisor
from monitor.daemon.backups import Backups
from monitor.daemon.clock import Clock
from monitor.daemon.exposure import Exposure
from monitor.daemon.lock import only_one
from monitor.daemon.logs import begin_logging
from monitor.daemon.memory import few_arenas, give_back
from monitor.daemon.pulse import Pulse
from monitor.daemon.vitals import Vitals, last_sign, leave_sign, sign
from monitor.errors import MonitorError, StoreError
from monitor.fetch.look import abort_all
from monitor.model import Outcome
from monitor.notify.heartbeat import secrets_in
from monitor.notify.secrets import guard_logs
from monitor.pipeline import Monitor, poll, send
from monitor.schedule import caught_up
from monitor.spread import Flow, over
from monitor.steps import host_of
from monitor.store.sqlite import SqliteStore

log = logging.getLogger("monitor.daemon")

beat_interval = timedelta(seconds=1)
notices_interval = timedelta(minutes=1)  # what is told by time alone (a report, a date) needs no look
sign_interval = timedelta(minutes=1)
checkpoint_interval = timedelta(hours=1)
start_pause = 10.0  # seconds between two attempts to start on a storage that fails
first_pause, longest_pause = 5.0, 300.0  # seconds that a half waits after a failure of the storage
senders = 4  # alerts sent side by side
stop_patience = timedelta(seconds=3)


class Beat(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Again in a second, from whenever it is now.

    An interval trigger would count, one by one, all the seconds that a clock has jumped ahead: a machine
    that wakes up in 1970 and learns the time a minute later would be busy, and out of memory, for good.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else now + beat_interval


class Daemon:
    """Lives from `start` to `stop`. `exit_code` is what the process ends with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.exit_code = 0
        self.vitals = Vitals()
        self._stopping = threading.Event()
        self._reload = threading.Event()
        self._disorder: list[bool] = []
        self._executors = {
            "poll": ThreadPoolExecutor(settings.workers, thread_name_prefix="poller"),
            "send": ThreadPoolExecutor(senders, thread_name_prefix="sender"),
        }
        self._at_work = {"poll": threading.Lock(), "send": threading.Lock()}
        self._next_notices = {"poll": 0.0, "send": 0.0}
        self._next_checkpoint = time.monotonic() + checkpoint_interval.total_seconds()
        self._pauses: dict[str, tuple[float, float]] = {}
        self._looking = Flow(
            self._executors["poll"],
            settings.workers,
            lane=host_of,
            same=lambda target: target.declaration.terms,
            stopping=self._stopping.is_set,
        )
        self._stores = {name: open_store(settings) for name in self._executors}
        self._monitors = {name: self._monitor(name) for name in self._executors}
        self._pulse = Pulse(lambda: self.settings, self._stores["send"], self.vitals)
        self._backups = Backups(lambda: self.settings, self._stores["send"], self.vitals)
        self._exposure = Exposure(lambda: self.settings, self._stores["send"], self.vitals)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": BeatExecutor(2)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._jobs = [
            self._scheduler.add_job(job, Beat(), id=name)
            for name, job in (("poll", self._poll), ("send", self._send))
        ]
        self._scheduler.add_listener(self._job_failed, EVENT_JOB_ERROR)

    def _monitor(self, name: str) -> Monitor:
        spread = over(self._executors[name], self._stopping.is_set, lambda: self.vitals.beat(name))
        return replace(assemble(self.settings, self._stores[name], spread), looking=self._looking)

    def begin(self) -> None:
        """Make the configuration known, and put in order what is overdue."""
        declare(self.settings, self._stores["poll"], datetime.now(UTC))
        self._put_in_order(set_back=False)

    def give_up(self) -> None:
        """Let go of what a failed beginning has opened."""
        for store in self._stores.values():
            self._close(store)

    def run(self) -> int:
        """Watch until told to stop."""
        self._report_last_life()
        signal.signal(signal.SIGTERM, lambda *_: self._stopping.set())
        signal.signal(signal.SIGINT, lambda *_: self._stopping.set())
        signal.signal(signal.SIGHUP, lambda *_: self._reload.set())
        self._scheduler.start()
        for beside in (self._pulse, self._backups, self._exposure):
            beside.start()
        supervisor.ready()
        log.info(
            "watching %d policies, state in %s",
            len(self.settings.declarations),
            self.settings.state,
            extra={"event": "started", "policies": len(self.settings.declarations)},
        )
        self._guard()
        self._stop()
        return self.exit_code

    def _report_last_life(self) -> None:
        before = last_sign(self.settings.state)
        if before and before.stopped_at is None:
            log.warning(
                "the run before (process %d) did not end as it should; its last sign of life is of %s",
                before.pid,
                before.seen_at.isoformat(timespec="seconds"),
                extra={
                    "event": "ended abnormally",
                    "before": before.pid,
                    "seen_at": before.seen_at.isoformat(),
                },
            )

    # ------------------------------------------------------------------ the two halves

    def _poll(self) -> None:
        self.vitals.beat("poll")
        with self._at_work["poll"]:
            if self._reload.is_set():
                self._reload.clear()
                self._read_again()
            while self._disorder:
                self._put_in_order(self._disorder.pop(0))
            self._work("poll", poll)

    def _send(self) -> None:
        self.vitals.beat("send")
        with self._at_work["send"]:
            self._work("send", send)

    def _work(self, name: str, half: Callable[[Monitor, datetime], Counter[Outcome]]) -> None:
        """One beat: a storage that fails now may work later; what was not written is due again."""
        waited, until = self._pauses.get(name, (0.0, 0.0))
        if self._stopping.is_set() or time.monotonic() < until:
            return
        try:
            self._do_what_is_due(name, half)
        except StoreError as error:
            if not _may_pass(error):
                raise
            pause = min(max(first_pause, waited * 2), longest_pause)
            self._pauses[name] = (pause, time.monotonic() + pause)
            self.vitals.storage_trouble[name] = str(error)
            log.error(
                "%s: tried again in %.0f s", error, pause, extra={"event": "storage failed", "half": name}
            )
            return
        if self._pauses.pop(name, None):
            self.vitals.storage_trouble.pop(name, None)
            log.info("the storage works again", extra={"event": "storage works", "half": name})

    def _do_what_is_due(self, name: str, half: Callable[[Monitor, datetime], Counter[Outcome]]) -> None:
        monitor, now = self._monitors[name], datetime.now(UTC)
        due_at = monitor.store.next_time()
        due = due_at is not None and due_at <= now
        due = due or (name == "poll" and bool(self._looking.held()))
        if not (due or time.monotonic() >= self._next_notices[name]):
            return
        self._next_notices[name] = time.monotonic() + notices_interval.total_seconds()
        done = half(monitor, now)
        self.vitals.round(name, done)
        if name == "poll" and time.monotonic() >= self._next_checkpoint:
            # SQLite reuses its log but never shortens it; one that a reader has let grow would stay large
            self._next_checkpoint = time.monotonic() + checkpoint_interval.total_seconds()
            self._stores[name].checkpoint()
        if done:
            counts = {str(outcome): count for outcome, count in sorted(done.items())}
            words = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
            log.info("%s", words, extra={"event": "round", "half": name, "done": counts})
            give_back()

    def _put_in_order(self, set_back: bool) -> None:
        """Catch up, one by one, with what is overdue; put anew what a wrong clock has put off."""
        store, now = self._stores["poll"], datetime.now(UTC)
        held = self._looking.held()
        waiting = [one for one in store.standings() if one.declaration.terms not in held]
        moved = caught_up(waiting, now, self.settings.workers, set_back)
        store.reschedule(moved, now)
        if moved:
            log.info(
                "%d looks put down anew, the last for %s",
                len(moved),
                max(moved.values()).isoformat(timespec="seconds"),
                extra={"event": "put in order", "looks": len(moved)},
            )

    def _read_again(self) -> None:
        """SIGHUP: take the new configuration if it is right, else keep the old one and say why."""
        supervisor.reloading()
        old = self.settings
        try:
            written = read_settings(old.file)
            registry.read_checklists_again(written.kit.checklist_folder)
            self.settings = prepared(written)
            if self.settings.state != old.state:
                raise MonitorError("the state folder cannot change while the daemon runs: restart it")
            guard_logs(secrets_in(self.settings))
            self._take_over(old)
            self.vitals.config_problem = ""
            count = len(self.settings.declarations)
            extra = {"event": "configuration read", "policies": count}
            log.info("configuration read again: watching %d policies", count, extra=extra)
        except MonitorError as error:
            self.settings = old
            self.vitals.config_problem = str(error)
            extra = {"event": "configuration refused"}
            log.error("the new configuration is not used, the old one stays:\n%s", error, extra=extra)
        supervisor.ready()

    def _take_over(self, old: Settings) -> None:
        """Work by the new settings. The sender may be in the middle of a round: it keeps its threads."""
        if self.settings.workers != old.workers:
            self._executors["poll"].shutdown(wait=False)
            self._executors["poll"] = ThreadPoolExecutor(self.settings.workers, thread_name_prefix="poller")
            self._looking.executor, self._looking.most = self._executors["poll"], self.settings.workers
        for store in self._stores.values():
            store.patience = self.settings.patience
        self._monitors = {name: self._monitor(name) for name in self._executors}
        declare(self.settings, self._stores["poll"], datetime.now(UTC))
        self._put_in_order(set_back=False)

    # ------------------------------------------------------------------ the guard

    def _guard(self) -> None:
        """The main thread: on the monotonic clock, feed the watchdog and wake the beats if time jumped."""
        interval = min(supervisor.watchdog_interval() or timedelta(seconds=1), timedelta(seconds=1))
        clock, next_sign, told = Clock(interval.total_seconds()), 0.0, ""
        while not self._stopping.wait(interval.total_seconds()):
            if seen := clock.irregularity():
                self.vitals.irregularities += 1
                extra = {"event": "time", "seconds": round(seen.seconds), "set_back": seen.set_back}
                log.warning("%s", seen.message, extra=extra)
                self._disorder.append(seen.set_back)
                for job in self._jobs:
                    job.modify(next_run_time=datetime.now(UTC))
            if stalled := self.vitals.stalled():
                log.error(
                    "no beat of %s: the watchdog is not fed", ", ".join(stalled), extra={"event": "stalled"}
                )
            else:
                supervisor.alive(f"watching {len(self.settings.declarations)} policies")
            seen_now = sign(self.vitals, len(self.settings.declarations))
            if time.monotonic() >= next_sign or seen_now.news != told:
                next_sign, told = time.monotonic() + sign_interval.total_seconds(), seen_now.news
                leave_sign(self.settings.state, seen_now)

    def _job_failed(self, event: JobExecutionEvent) -> None:
        """APScheduler would go on after any error; what is not expected must end the process, loudly."""
        error = event.exception
        if self._stopping.is_set():
            log.info("%s broken off by the end: %s", event.job_id, error)
            return
        log.critical("%s failed: %s", event.job_id, error, exc_info=error, extra={"event": "failed"})
        self.exit_code = error.exit_code if isinstance(error, MonitorError) else MonitorError.exit_code
        self._stopping.set()

    def _stop(self) -> None:
        """Leave within seconds: sockets are shut, results that still come are dropped, leases lapse."""
        supervisor.stopping()
        abort_all()
        self._backups.stop()
        self._exposure.stop()
        self._pulse.stop(failed=self.exit_code != 0)
        self._scheduler.shutdown(wait=False)
        for executor in self._executors.values():
            executor.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + stop_patience.total_seconds()
        for name, at_work in self._at_work.items():
            # a half that hangs past its time keeps its connection: the process ends under it, as in a crash
            if at_work.acquire(timeout=max(0.0, deadline - time.monotonic())):
                self._close(self._stores[name])
        seen = sign(self.vitals, len(self.settings.declarations))
        leave_sign(self.settings.state, seen, ended=self.exit_code == 0)
        log.info("stopped", extra={"event": "stopped", "exit_code": self.exit_code})

    def _close(self, store: SqliteStore) -> None:
        try:
            store.close()
        except StoreError as error:
            log.error("%s: its claims lapse by themselves", error, extra={"event": "storage failed"})


def _may_pass(error: StoreError) -> bool:
    """True for a full disk, a failed read or write, a lock: all else is for a human, not for time, to mend."""
    name = getattr(error.__cause__, "sqlite_errorname", "")
    return name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_NOMEM"))


def run_daemon(settings: Settings, json_logs: bool = False) -> int:
    """Watch by prepared settings until SIGTERM; gives the exit code. Raises AlreadyRunning, ConfigError and StoreError at start."""
    begin_logging(json_logs)
    few_arenas()
    guard_logs(secrets_in(settings))
    with only_one(settings.state, "daemon"):
        return _begun(settings).run()


def _begun(settings: Settings) -> Daemon:
    """A daemon with its database open. A disk that is full now may not be for ever: we wait for it."""
    while True:
        daemon = None
        try:
            daemon = Daemon(settings)
            daemon.begin()
        except StoreError as error:
            if not _may_pass(error):
                raise
            if daemon:
                daemon.give_up()
            extra = {"event": "storage failed"}
            log.error("%s: the start is tried again in %.0f s", error, start_pause, extra=extra)
            supervisor.later(start_pause * 2)
            time.sleep(start_pause)
            continue
        return daemon
