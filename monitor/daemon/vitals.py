"""What the daemon knows of itself: its beats, what they did, its troubles; and the sign of life that it leaves on disk."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from monitor.model import Outcome

stall_limit = timedelta(seconds=90)
sign_name = "daemon.json"


class Vitals:
    """Written by the beats, read by the watchdog, `/healthz`, the metrics and the sign of life."""

    def __init__(self) -> None:
        self.started_at = datetime.now(UTC)
        self.version = version("policy-monitor")  # read from disk: once, not at every sign of life
        self.last: dict[str, float] = {"poll": time.monotonic(), "send": time.monotonic()}
        self.beats: Counter[str] = Counter()
        self.done: Counter[Outcome] = Counter()
        self.irregularities = 0
        self.storage_trouble: dict[str, str] = {}
        self.config_problem = ""
        self.metrics_problem = ""
        self.backup = BackupState()
        self._lock = threading.Lock()

    def beat(self, name: str) -> None:
        """A sign that this half is not stuck."""
        self.last[name] = time.monotonic()

    def round(self, name: str, done: Counter[Outcome]) -> None:
        """A half has done what was due."""
        with self._lock:
            self.beats[name] += 1
            self.done += done

    def counted(self) -> tuple[Counter[str], Counter[Outcome]]:
        """How many rounds each half has made, and what came of them, since the start."""
        with self._lock:
            return Counter(self.beats), Counter(self.done)

    def stalled(self) -> list[str]:
        """The halves that were not heard for longer than `stall_limit`."""
        limit = time.monotonic() - stall_limit.total_seconds()
        return [name for name, at in sorted(self.last.items()) if at < limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """How the scheduled backups stand. `folder` is empty where none are configured."""

    folder: str = ""
    last_at: datetime | None = None
    last_file: str = ""
    failing_since: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOfLife:
    """What a daemon last wrote of itself; `stopped_at` only where it ended as it should."""

    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    stopped_at: datetime | None = None
    policies: int = 0
    config_problem: str = ""
    storage_trouble: str = ""
    metrics_problem: str = ""
    backup: BackupState = BackupState()

    @property
    def news(self) -> str:
        """What is worth writing down at once: all but the time."""
        return repr(replace(self, seen_at=self.started_at))


def sign(vitals: Vitals, policies: int) -> SignOfLife:
    return SignOfLife(
        pid=os.getpid(),
        version=vitals.version,
        started_at=vitals.started_at,
        seen_at=datetime.now(UTC),
        policies=policies,
        config_problem=vitals.config_problem,
        storage_trouble="; ".join(dict.fromkeys(vitals.storage_trouble.values())),
        metrics_problem=vitals.metrics_problem,
        backup=vitals.backup,
    )


def leave_sign(state: Path, seen: SignOfLife, *, ended: bool = False) -> None:
    """Put it on disk, whole or not at all; a disk that is full costs a sign of life, no more."""
    if ended:
        seen = replace(seen, stopped_at=seen.seen_at)
    draft = state / f".{sign_name}.new"
    with suppress(OSError):
        draft.write_text(json.dumps(asdict(seen), default=_iso, indent=1) + "\n", encoding="utf-8")
        draft.replace(state / sign_name)


def last_sign(state: Path) -> SignOfLife | None:
    """What the last daemon of a state folder wrote of itself; None where there was none, or it cannot be read."""
    try:
        said = json.loads((state / sign_name).read_text(encoding="utf-8"))
        backup = BackupState(**_moments(said.pop("backup"), BackupState))
        return SignOfLife(**_moments(said, SignOfLife), backup=backup)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _moments(said: dict[str, Any], kind: type) -> dict[str, Any]:
    """The fields that this version knows, times as times."""
    known = {field.name for field in fields(kind)}
    return {
        name: datetime.fromisoformat(value) if name.endswith(("_at", "_since")) and value else value
        for name, value in said.items()
        if name in known
    }
