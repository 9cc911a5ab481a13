"""Memory that a round has used and freed goes back to the system: a daemon is at rest most of its life."""

from __future__ import annotations

import ctypes
from functools import cache

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
def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
        return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
    except OSError:
        return None
