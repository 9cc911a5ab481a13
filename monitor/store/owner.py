"""Who holds a claim: a name for each open store, by which a later life knows that its holder is dead."""

from __future__ import annotations

import os
from functools import cache
from itertools import count
from pathlib import Path

_numbers = count(1)
_alive: set[str] = set()


def new_owner() -> str:
    """A name for a store that was just opened: process, start of the process, number."""
    name = f"{os.getpid()}:{_started(os.getpid())}:{next(_numbers)}"
    _alive.add(name)
    return name


def gone(name: str) -> None:
    """The store of that name is closed."""
    _alive.discard(name)


def is_alive(name: str) -> bool:
    """True where the holder may still be at work. Two processes of one number differ in their start."""
    if name in _alive:
        return True
    pid, started, _ = name.split(":")
    if int(pid) == os.getpid() and started == _started(os.getpid()):
        return False
    return started != "0" and _start_of(int(pid)) == started


@cache
def _started(pid: int) -> str:
    return _start_of(pid) or "0"


def _start_of(pid: int) -> str | None:
    """When a process began, in the kernel's own count; None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]
