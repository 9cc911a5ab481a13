"""Run by test_killed.py in a process of its own: bears daemons that are killed, one after the other.

    python nursery.py CONFIG

For each line on standard input it forks a child that is a whole `policy-monitor run`, says the child's
process id, and when the child is gone, how it ended. Forking saves the second that the imports take.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from monitor import app, registry
from monitor.config import read_settings
from monitor.daemon.service import run_daemon
from monitor.notify.service import open_service


def main() -> None:
    settings = app.prepared(read_settings(Path(sys.argv[1])))
    registry.checklists()
    for channel in settings.channels:
        open_service(channel.url)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(run_daemon(settings))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
