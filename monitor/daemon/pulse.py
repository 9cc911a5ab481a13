"""The heartbeat of the daemon: on a thread of its own, so that no look and no alert ever waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from monitor.config import Settings
from monitor.daemon.vitals import Vitals
from monitor.decide import Health, health, unwell
from monitor.errors import MonitorError
from monitor.model import Fault
from monitor.notify.heartbeat import beat
from monitor.ports import Store

log = logging.getLogger("monitor.heartbeat")

last_words = timedelta(seconds=2)


class Pulse:
    """Beats from `start` to `stop`, at the interval of the settings of the moment."""

    def __init__(self, settings: Callable[[], Settings], store: Store, vitals: Vitals) -> None:
        self._settings, self._store, self._vitals = settings, store, vitals
        self._stopping = threading.Event()
        self._trouble = ""

    def start(self) -> None:
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def stop(self, *, failed: bool) -> None:
        """No more beats. Where the daemon ends because it failed, that is the last word, if it can be said at once."""
        self._stopping.set()
        if failed:
            teller = threading.Thread(target=lambda: self._tell(unwell("the daemon has failed")), daemon=True)
            teller.start()
            teller.join(last_words.total_seconds())

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopping.wait(max(0.0, min(1.0, due - time.monotonic()))):
            heartbeat = self._settings().heartbeat
            if heartbeat and time.monotonic() >= due:
                due = time.monotonic() + heartbeat.every.total_seconds()
                state = self._health()
                if not self._stopping.is_set():  # at the end the store closes under us: no trouble to tell of
                    self._tell(state)
            elif not heartbeat:
                due = time.monotonic() + 1.0

    def _health(self) -> Health:
        try:
            overview = self._store.overview(datetime.now(UTC))
            return health(overview, self._settings().rules, self._vitals.stalled())
        except MonitorError as error:
            return unwell(f"storage: {error}")

    def _tell(self, state: Health) -> None:
        """One beat; what goes wrong with it is logged, once per kind of trouble."""
        settings = self._settings()
        if settings.heartbeat is None:
            return
        try:
            answer = beat(
                settings.heartbeat.url,
                healthy=state.healthy,
                text=state.text,
                user_agent=settings.kit.user_agent,
            )
            trouble = answer.message if isinstance(answer, Fault) else ""
        except Exception as error:  # a beat that cannot be made must not end the beating
            trouble = f"heartbeat: {type(error).__name__}"
        if trouble != self._trouble:
            log.warning("%s", trouble or "heartbeat: heard again")
        self._trouble = trouble
