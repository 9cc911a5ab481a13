"""Scheduled copies of the database: made beside the beats, read back from end to end, the old ones rotated out.

A copy that cannot be made is tried again within the hour and told as storage trouble, once and then
weekly. Only copies that were found whole count; damage in the database is found here at the latest.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config import Backup, Settings
from monitor.daemon.vitals import BackupState, Vitals, last_sign
from monitor.decide.routing import decision
from monitor.errors import MonitorError, StoreError
from monitor.library import database, open_library
from monitor.model import Alert, AlertKind
from monitor.ports import Store
from monitor.schedule import next_fire
from monitor.store.backup import check, manifest_file

log = logging.getLogger("monitor.backup")

longest_retry = timedelta(hours=1)
reminded = timedelta(days=7)
_stamp = "%Y%m%dT%H%M%SZ"
_named = re.compile(r"policy-monitor-(\d{8}T\d{6}Z)\.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Copy:
    """A copy that stands in the folder, and when it was made."""

    at: datetime
    file: Path


def copies(folder: Path) -> list[Copy]:
    """The copies in a folder, oldest first: what has our name and its manifest."""
    if not folder.is_dir():
        return []
    found = []
    for file in folder.iterdir():
        if (match := _named.fullmatch(file.name)) and manifest_file(file).exists():
            found.append(Copy(at=datetime.strptime(match[1], _stamp).replace(tzinfo=UTC), file=file))
    return sorted(found)


def kept(times: Iterable[datetime], plan: Backup) -> set[datetime]:
    """Which copies stay: the last of each of the latest days, weeks and months that have one; always the latest."""
    newest_first = sorted(times, reverse=True)
    found = set(newest_first[:1])
    for count, period in (
        (plan.keep_daily, "%Y-%j"),
        (plan.keep_weekly, "%G-%V"),
        (plan.keep_monthly, "%Y-%m"),
    ):
        last: dict[str, datetime] = {}
        for at in newest_first:
            last.setdefault(at.strftime(period), at)
        found |= set(list(last.values())[:count])
    return found


def rotate(folder: Path, plan: Backup) -> list[Path]:
    """Delete what has served its time, and nothing that is not a copy of ours; gives what was deleted."""
    there = copies(folder)
    staying = kept([copy.at for copy in there], plan)
    gone = [copy.file for copy in there if copy.at not in staying]
    for file in gone:
        file.unlink(missing_ok=True)
        manifest_file(file).unlink(missing_ok=True)
    return gone


def make(state: Path, folder: Path, now: datetime) -> Path:
    """Copy the database of a state folder and read the copy back; raises StoreError or OSError, leaving none."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    for leftover in folder.glob(".policy-monitor-*.new"):
        leftover.unlink(missing_ok=True)
    needed, free = database(state).stat().st_size, shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{folder}: {free >> 20} MB are free, a copy of the database needs {needed >> 20} MB"
        )
    file = folder / f"policy-monitor-{now:{_stamp}}.sqlite"
    try:
        with open_library(state) as library:
            library.backup(file, now)
        check(file)
    except BaseException:
        file.unlink(missing_ok=True)
        manifest_file(file).unlink(missing_ok=True)
        raise
    return file


class Backups:
    """Makes a copy whenever one is due, on a thread of its own, from `start` to `stop`."""

    def __init__(self, settings: Callable[[], Settings], store: Store, vitals: Vitals) -> None:
        self._settings, self._store, self._vitals = settings, store, vitals
        self._stopping = threading.Event()
        self._not_before = 0.0
        self._known: Path | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, name="backup", daemon=True).start()

    def stop(self) -> None:
        """Begin no more. One in the making is given up with the process; the next start clears it away."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(1.0):
            plan = self._settings().backup
            if plan is None:
                self._vitals.backup, self._known = BackupState(), None
                continue
            if self._known != plan.folder:
                self._vitals.backup, self._known = self._found(plan), plan.folder
            if time.monotonic() >= self._not_before and self._due(plan, datetime.now(UTC)):
                self._make(plan, datetime.now(UTC))

    def _found(self, plan: Backup) -> BackupState:
        """How the backups stand, by what is in the folder and what an earlier life has left behind."""
        there = copies(plan.folder)
        found = BackupState(folder=str(plan.folder))
        if there:
            found = replace(found, last_at=there[-1].at, last_file=there[-1].file.name)
        before = last_sign(self._settings().state)
        if before and before.backup.folder == found.folder:
            found = replace(found, failing_since=before.backup.failing_since, problem=before.backup.problem)
        return found

    def _due(self, plan: Backup, now: datetime) -> bool:
        last = self._vitals.backup.last_at
        return last is None or last > now or next_fire(plan.cron, plan.every, plan.time_zone, last) <= now

    def _make(self, plan: Backup, now: datetime) -> None:
        begun = time.monotonic()
        try:
            file = make(self._settings().state, plan.folder, now)
            gone = rotate(plan.folder, plan)
        except (MonitorError, OSError) as error:
            self._failed(plan, now, str(error))
            return
        self._vitals.backup = BackupState(folder=str(plan.folder), last_at=now, last_file=file.name)
        log.info(
            "%s: whole, read back in %.1f s; %d older ones deleted",
            file,
            time.monotonic() - begun,
            len(gone),
            extra={"event": "backup made", "file": str(file), "deleted": len(gone)},
        )

    def _failed(self, plan: Backup, now: datetime, problem: str) -> None:
        self._not_before = time.monotonic() + min(plan.every, longest_retry).total_seconds()
        state = self._vitals.backup
        since = state.failing_since or now
        self._vitals.backup = replace(state, failing_since=since, problem=problem)
        log.error("the backup failed: %s", problem, extra={"event": "backup failed"})
        try:
            self._store.announce(decision([trouble(self._vitals.backup, now)], self._settings().rules))
        except MonitorError as error:
            log.error("the failed backup could not be told: %s", error, extra={"event": "storage failed"})


def trouble(state: BackupState, now: datetime) -> Alert:
    """That copies cannot be made: told once for each run of failures, and again every week that it lasts."""
    since = state.failing_since or now
    last = f"{state.last_at:%Y-%m-%d %H:%M} UTC" if state.last_at else "never"
    week = (now - since) // reminded
    return Alert(
        key=f"{AlertKind.STORAGE}:backup:{since:{_stamp}}:{week}",
        kind=AlertKind.STORAGE,
        at=now,
        notice=f"The backup of the database could not be made: {state.problem}",
        details=(f"Last good copy: {last}, in {state.folder}.", "It is tried again every hour."),
        facts=(("problem", f"backup: {state.problem}"), ("since", since.isoformat())),
    )
