"""Servers that imitate what alerts are sent to: chat robots that refuse, mail servers that drop."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = Callable[[Received], tuple[int, dict[str, str], bytes] | None]


@dataclass
class Sink:
    """What a chat service received; `answer` may be changed by a test. None of it is a hang or a drip."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Answer = lambda _: (200, {"Content-Type": "application/json"}, b"{}")
    drip: float = 0.0

    def says(self, content: object, status: int = 200, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda _: (status, named, body)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")


@contextmanager
def http_sink() -> Iterator[Sink]:
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            received = Received(self.path, dict(self.headers.items()), self.rfile.read(length))
            sink.received.append(received)
            answered = sink.answer(received)
            if answered is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, headers, body = answered
            if sink.drip:
                self._dripping(status, body)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _dripping(self, status: int, body: bytes) -> None:
            whole = f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            try:
                for byte in whole:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(sink.drip)
            except OSError:
                pass

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Box:
    """A mail server: what it took, and how it treats whom."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    grey: set[str] = field(default_factory=set)
    drop_after_data: bool = False
    data_answer: str = "250 2.0.0 Ok: queued as 4F2A"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - the library asks for it
        if address in self.refuse:
            return self.refuse[address]
        if address in self.grey:
            self.grey.discard(address)
            return "450 4.2.0 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library asks for it
        if self.data_answer.startswith("250"):
            self.mails.extend((address, envelope.content) for address in envelope.rcpt_tos)
        if self.drop_after_data:
            server.transport.abort()
        return self.data_answer


@contextmanager
def smtp_box() -> Iterator[Box]:
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
