"""One writer per state folder: a lock that the kernel lets go of when its process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreUnwritable

lock_name = "lock"


@contextmanager
def only_one(state: Path, what: str = "command") -> Iterator[None]:
    """Hold the lock of a state folder as `what` ("daemon" or some command); raises AlreadyRunning with the holder."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o750)
        descriptor = os.open(state / lock_name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreUnwritable(f"{state}: the state folder cannot be written: {error.strerror}") from None
    try:
        if not _try(descriptor):
            process, _ = _holder(descriptor)
            raise AlreadyRunning(f"another policy-monitor (process {process}) works on {state}")
        with suppress(OSError):  # who holds it is good to know; on a full disk the lock alone must do
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()} {what}\n".encode())
        yield
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def running_daemon(state: Path) -> int | None:
    """The process of the daemon that works on a state folder, or None; a command that does is none."""
    try:
        descriptor = os.open(state / lock_name, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if _try(descriptor, fcntl.LOCK_SH):
            return None
        process, what = _holder(descriptor)
        return process if what == "daemon" else None
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> tuple[int, str]:
    """Process and kind of who holds the lock; one that could not say who it is, is taken for the daemon."""
    written = os.pread(descriptor, 64, 0).decode(errors="replace").split()
    if len(written) == 2 and written[0].isdigit():
        return int(written[0]), written[1]
    return 0, "daemon"
