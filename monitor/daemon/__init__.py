"""The background service: the beat, the signals, the watchdog, and one instance of it."""

from monitor.daemon.lock import only_one, running_daemon
from monitor.daemon.service import run_daemon

__all__ = ["only_one", "run_daemon", "running_daemon"]
