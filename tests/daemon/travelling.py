"""The daemon in a process whose clock its test moves: `goto ISO-TIME` on standard input sets it, and it runs on."""

from __future__ import annotations

import sys
import threading
from datetime import datetime

import time_machine

from monitor.cli import main


def obey() -> None:
    at: time_machine.travel | None = None
    for line in sys.stdin:
        _, _, when = line.strip().partition(" ")
        if at is not None:
            at.stop()
        at = time_machine.travel(datetime.fromisoformat(when), tick=True)
        at.start()


if __name__ == "__main__":
    threading.Thread(target=obey, daemon=True).start()
    main()
