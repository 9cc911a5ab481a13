"""One writer per state folder: a lock that the kernel lets go of when its process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreUnwritable

lock_name = "lock"


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the lock of a state folder; raises AlreadyRunning with the process that holds it."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o750)
        descriptor = os.open(state / lock_name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreUnwritable(f"{state}: the state folder cannot be written: {error.strerror}") from None
    try:
        if not _try(descriptor):
            holder = _holder(descriptor)
            raise AlreadyRunning(f"another policy-monitor (process {holder}) works on {state}")
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def running_daemon(state: Path) -> int | None:
    """The process that holds the lock of a state folder, or None."""
    try:
        descriptor = os.open(state / lock_name, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _try(descriptor, fcntl.LOCK_SH) else _holder(descriptor)
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int:
    written = os.pread(descriptor, 32, 0).strip()
    return int(written) if written.isdigit() else 0
