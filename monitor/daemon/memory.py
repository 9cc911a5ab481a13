"""Memory that a round has used and freed goes back to the system: a daemon is at rest most of its life."""

from __future__ import annotations

from functools import cache
from typing import Any

_arenas_option = -8  # M_ARENA_MAX of glibc's <malloc.h>
_arenas = 2


def few_arenas() -> None:
    """Let threads share two heaps: each of its own would keep what its busiest round needed."""
    if libc := _libc():
        libc.mallopt(_arenas_option, _arenas)


def give_back() -> None:
    """Return what is free to the system. Does nothing where the C library has no such call."""
    if libc := _libc():
        libc.malloc_trim(0)


@cache
def _libc() -> Any:
    """The C library, or None where it has no such calls or may not be called like this."""
    try:
        import ctypes  # noqa: PLC0415 - a system that forbids memory to write and to run refuses the import

        libc = ctypes.CDLL(None)
        return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
    except (ImportError, MemoryError, OSError):
        return None
