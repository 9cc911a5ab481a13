"""Run by test_crash.py in a process of its own: rounds that are killed after the n-th database write.

    python crash_rounds.py CONFIG COPY_OF_STATE FIRST STEP

For n = FIRST, FIRST + STEP ... until a round ends by itself: put the state back as it was, fork a child
that does a round and is killed (SIGKILL) right before its n-th writing statement or commit, then fork a
second child that does whole rounds. One JSON line per n says what the database holds in the end.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor import app, registry
from monitor.config import Settings, read_settings
from monitor.library import open_library
from monitor.pipeline import tick
from monitor.spread import here
from tests.store.killing import die_before

writing = ("INSERT", "UPDATE", "DELETE", "REPLACE", "COMMIT", "RELEASE")


def do_round(settings: Settings, moments: int) -> None:
    """Everything due at once, then the minutes and hours in which what is left is finished."""
    store = app.open_store(settings)
    monitor = app.assemble(settings, store, here)
    now = datetime.now(UTC)
    app.declare(settings, store, now)
    store.expedite(None, now)
    for step in range(moments):
        tick(monitor, now + step * timedelta(hours=2))
    store.close()


def in_child(action: Callable[[], None]) -> bool:
    """Fork, act, and wait; True if the child came to its end."""
    child = os.fork()
    if child == 0:
        try:
            action()
            sys.stdout.flush()
            os._exit(0)
        except BaseException as error:
            print(f"child: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise SystemExit("a round failed instead of being killed")
    return os.WIFEXITED(status)


def killed(settings: Settings, write: int) -> None:
    die_before(write, writing)
    do_round(settings, 1)


def what_is_there(settings: Settings) -> dict[str, object]:
    store = open_library(settings.state)
    rows = store.history()
    found = {
        "versions": [[str(row.version.terms), row.version.number, row.version.text_sha256] for row in rows],
        "examined": all(row.fault is None for row in rows),
        "deliveries": sorted([row.alert_key, row.channel, row.state] for row in store.deliveries()),
    }
    store.close()
    return found


def main() -> None:
    config, copy, first, step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    settings = app.prepared(read_settings(config))
    registry.checklists()  # warm: the forked children find it done
    write, finished = first, False
    while not finished:
        shutil.rmtree(settings.state)
        shutil.copytree(copy, settings.state)
        finished = in_child(lambda n=write: killed(settings, n))  # type: ignore[misc]
        in_child(lambda: do_round(settings, 3))
        print(json.dumps({"n": write, "killed": not finished, **what_is_there(settings)}), flush=True)
        write += step


if __name__ == "__main__":
    main()
