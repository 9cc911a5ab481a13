"""A child process that dies (SIGKILL) right before its n-th writing statement, on whatever connection."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable

writing = (
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "COMMIT",
    "PRAGMA JOURNAL",
    "PRAGMA USER",
    "PRAGMA APP",
)


def killed_before(write: int, action: Callable[[], object]) -> bool:
    """True if the child died at its n-th write, False if it came to its end before. Fails if it failed."""
    child = os.fork()
    if child == 0:
        die_before(write)
        try:
            action()
            os._exit(0)
        except BaseException as error:
            print(f"child: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, -signal.SIGKILL}, f"the child ended with {code}"
    return code != 0


def die_before(write: int, writing: tuple[str, ...] = writing) -> None:
    """From now on this process dies before its `write`-th statement of those, on whatever connection."""
    count, plain = 0, sqlite3.connect

    def traced(statement: str) -> None:
        nonlocal count
        count += statement.lstrip().upper().startswith(writing)
        if count == write:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*arguments: object, **options: object) -> sqlite3.Connection:
        conn: sqlite3.Connection = plain(*arguments, **options)  # type: ignore[call-overload]
        conn.set_trace_callback(traced)
        return conn

    sqlite3.connect = connect  # type: ignore[assignment]
