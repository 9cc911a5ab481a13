"""`/healthz` and `/metrics` on a port of this machine alone, and the same metrics as a file."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from monitor.config import Metrics, Settings
from monitor.daemon.vitals import Vitals
from monitor.decide import health
from monitor.errors import MonitorError
from monitor.ports import Store

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

log = logging.getLogger("monitor.metrics")

file_interval = 30.0
bind_pause = 30.0
patience = 5.0  # seconds for which a slow reader is waited for
_loopback_names = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Exposure:
    """Serves and writes what the settings of the moment ask for, from `start` to `stop`."""

    def __init__(self, settings: Callable[[], Settings], store: Store, vitals: Vitals) -> None:
        self._settings, self._store, self._vitals = settings, store, vitals
        self._stopping = threading.Event()
        self._server: _Server | None = None
        self._serving: Metrics | None = None
        self._next_bind = self._next_file = 0.0
        self._registry: CollectorRegistry | None = None
        self._troubles: dict[str, str] = {}

    def start(self) -> None:
        threading.Thread(target=self._run, name="metrics", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(0.2):
            wanted = self._settings().metrics
            if wanted != self._serving:
                self._close()
                self._serving, self._next_bind, self._next_file = wanted, 0.0, 0.0
                self._troubles, self._vitals.metrics_problem = {}, ""
            if wanted and wanted.listen and self._server is None and time.monotonic() >= self._next_bind:
                self._bind(wanted.listen)
            if wanted and wanted.textfile and time.monotonic() >= self._next_file:
                self._write(wanted)
        self._close()

    def _page(self) -> bytes:
        # the library is an extra, and takes memory that only those who ask for metrics shall spend
        from monitor.daemon import metrics  # noqa: PLC0415

        return metrics.exposition(self._known())

    def _known(self) -> CollectorRegistry:
        """The metrics, set up when they are first asked for."""
        from monitor.daemon import metrics  # noqa: PLC0415 - as above

        if self._registry is None:
            self._registry = metrics.registry_of(self._vitals, self._store, self._settings().state)
        return self._registry

    def _write(self, wanted: Metrics) -> None:
        from monitor.daemon import metrics  # noqa: PLC0415 - as above

        assert wanted.textfile is not None
        self._next_file = time.monotonic() + file_interval
        try:
            metrics.write_textfile(wanted.textfile, self._known())
            self._trouble("file", "")
        except OSError as error:
            self._trouble("file", f"metrics cannot be written: {error}")

    def _bind(self, address: tuple[str, int]) -> None:
        try:
            self._server = _Server(address, self._page, self.healthy)
        except OSError as error:
            self._next_bind = time.monotonic() + bind_pause
            self._trouble(
                "port", f"metrics cannot be served on {address[0]}:{address[1]}: {error.strerror or error}"
            )
            return
        self._trouble("port", "")
        threading.Thread(
            target=self._server.serve_forever,
            name="metrics-server",
            kwargs={"poll_interval": 1.0},
            daemon=True,
        ).start()
        host, port = self._server.server_address[:2]
        log.info("metrics on %s:%s", host, port, extra={"event": "metrics", "port": port})

    def _close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _trouble(self, part: str, words: str) -> None:
        """Say it once for each kind of trouble: watching goes on without metrics."""
        if words and words != self._troubles.get(part):
            log.error("%s", words, extra={"event": "metrics failed"})
        self._troubles[part] = words
        self._vitals.metrics_problem = "; ".join(filter(None, self._troubles.values()))

    def healthy(self) -> tuple[bool, dict[str, object]]:
        """Whether the daemon works (else it wants a restart or a human), and what there is to say."""
        trouble = [f"no beat of {name}" for name in self._vitals.stalled()]
        trouble += dict.fromkeys(self._vitals.storage_trouble.values())
        try:
            state = health(self._store.overview(datetime.now(UTC)), self._settings().rules)
            says = state.text
        except MonitorError as error:
            says = str(error)
            trouble.append(says)
        ages = {name: round(time.monotonic() - at, 1) for name, at in self._vitals.last.items()}
        return not trouble, {
            "working": not trouble,
            "trouble": trouble,
            "beat_age_seconds": ages,
            "says": says,
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        page: Callable[[], bytes],
        healthy: Callable[[], tuple[bool, dict[str, object]]],
    ) -> None:
        self.page, self.healthy = page, healthy
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.names = _loopback_names | {address[0], f"[{address[0]}]"}
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that goes away in the middle is no trouble of ours."""


class _Handler(BaseHTTPRequestHandler):
    timeout = patience
    server_version = "policy-monitor"
    sys_version = ""

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        host = self.headers.get("Host", "").strip().lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name not in server.names:
            # a page in somebody's browser has had its own name resolved to this machine
            self._answer(403, "text/plain", b"asked for by another name\n")
        elif self.path == "/healthz":
            well, said = server.healthy()
            body = json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"
            self._answer(200 if well else 503, "application/json", body)
        elif self.path == "/metrics":
            self._answer(200, "text/plain; version=0.0.4; charset=utf-8", server.page())
        else:
            self._answer(404, "text/plain", b"here are /healthz and /metrics\n")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """A scrape every few seconds is no event."""
