"""The servers of the demonstration, all on loopback: the policy web, a mail server, a chat server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.demo.pages import page, services

loopback = "127.0.0.1"


class Web(BaseHTTPRequestHandler):
    """Serves `/ID/privacy` for the ten services; POST is the chat server."""

    server: PolicyWeb
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        service = next((one for one in services if self.path == f"/{one.id}/privacy"), None)
        if service is None:
            self._answer(404, "text/plain", "no such page")
        else:
            self._answer(200, "text/html; charset=utf-8", page(service, self.server.released))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.chat.append(json.loads(body).get("text", ""))
        self._answer(200, "text/plain", "ok")

    def _answer(self, status: int, media_type: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silent: the demonstration prints its own story."""


class PolicyWeb(ThreadingHTTPServer):
    """`released` says whether AMAP's new policy is out; `chat` holds the messages that came in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((loopback, 0), Web)
        self.released = False
        self.chat: list[str] = []


class Mailbox:
    """Keeps what a real SMTP server is handed."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


@contextmanager
def policy_web() -> Iterator[PolicyWeb]:
    server = PolicyWeb()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """A mailbox and the port of the SMTP server that fills it."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname=loopback, port=free_port())
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((loopback, 0))
        return int(probe.getsockname()[1])
