"""What is wrong with the disk, the log or the history itself, and since when: what `status` and alerts tell."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from monitor.store.rows import micros, moment
from monitor.store.watching import note, set_note

enough_space = 200 * 1024 * 1024
large_log = 64 * 1024 * 1024
_behind_told_for = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`notes` are those of the table `about` that are to be written (None: taken away)."""

    problem: str = ""
    since: datetime | None = None
    notes: Mapping[str, str | None] = field(default_factory=dict)


def storage_problem(path: Path) -> str:
    """What will soon be wrong with the disk or the log; empty where all is well."""
    free = os.statvfs(path.parent)
    if free.f_bavail * free.f_frsize < enough_space:
        return f"only {free.f_bavail * free.f_frsize // 1024**2} MB are free in {path.parent}"
    log = path.with_name(path.name + "-wal")
    if log.exists() and (size := log.stat().st_size) > large_log:
        return f"the log {log.name} has grown to {size // 1024**2} MB: a reader keeps it from being folded in"
    return ""


def found(conn: sqlite3.Connection, path: Path, now: datetime) -> Trouble:
    """A history that is behind is told for a day; the rest for as long as it lasts."""
    behind, behind_since = note(conn, "behind"), note(conn, "behind_since")
    if behind and behind_since and now - moment(int(behind_since)) > _behind_told_for:
        behind = None
    problem = behind or storage_problem(path)
    known = note(conn, "storage_since")
    since = int(known) if known else micros(now)
    wanted = {
        "behind": behind,
        "behind_since": (behind_since or str(micros(now))) if behind else None,
        "storage_since": str(since) if problem else None,
    }
    changed = {name: value for name, value in wanted.items() if note(conn, name) != value}
    return Trouble(problem=problem, since=moment(since) if problem else None, notes=changed)


def keep(conn: sqlite3.Connection, notes: Mapping[str, str | None]) -> None:
    for name, value in notes.items():
        if value is None:
            conn.execute("DELETE FROM about WHERE name = ?", [name])
        else:
            set_note(conn, name, value)
