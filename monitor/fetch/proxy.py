"""A proxy on loopback for one browser's one look: each of its requests passes the gate or is refused.

Only hosts that the page itself asks for are let through (`admit`): a browser has errands of its own.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

from monitor.fetch import gate
from monitor.fetch.address import parse
from monitor.fetch.causes import Refused
from monitor.fetch.gate import Passage
from monitor.fetch.look import Handle, Look, taking_part
from monitor.model import FaultKind

head_bytes = 64 * 1024
most_connections = 400
refusal = b"HTTP/1.1 403 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
hop_by_hop = re.compile(rb"^(?:proxy-[a-z-]+|connection|keep-alive|te|upgrade):", re.IGNORECASE)


class Proxy:
    """Answers CONNECT and plain requests. `refused` says what was not let through, `ips` who was asked."""

    def __init__(self, look: Look, through: Passage, allow_http: bool, budget: int) -> None:
        self.refused: dict[str, Refused] = {}
        self.ips: dict[str, str] = {}
        self._admitted: set[str] = set()
        self._look, self._through, self._allow_http = look, through, allow_http
        self._left = budget
        self._connections = 0
        self._guard = threading.Lock()
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, name="browser proxy", daemon=True).start()

    def admit(self, host: str) -> None:
        """The page asks for something of this host."""
        self._admitted.add(host)

    def close(self) -> None:
        for sock in (self._server, *tuple(self._open)):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self._connections += 1
                if self._connections > most_connections:
                    client.close()
                    continue
                threading.Thread(
                    target=self._serve, args=(client,), name="browser proxy", daemon=True
                ).start()

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        try:
            with client, taking_part(self._look), contextlib.suppress(OSError, Refused):
                client.settimeout(self._look.remaining())
                self._answer(client)
        finally:
            self._open.discard(client)

    def _answer(self, client: socket.socket) -> None:
        head, rest = _read_head(client)
        method, _, after = head.partition(b" ")
        target = after.partition(b" ")[0].decode("latin-1")
        host = target
        try:
            if method == b"CONNECT":
                address = parse(f"https://{target}/")
                first = b""
            else:
                address = parse(target)
                first = _forwarded(head, method, target)
                if address.scheme != "http" or not self._allow_http:
                    raise Refused(FaultKind.DOWNGRADE, f"{address.url} is plain http, which is refused")
            host = address.host
            if host not in self._admitted:
                client.sendall(refusal)
                return
            server, ip = gate.connect(address.host, address.port, self._through)
        except Refused as refused:
            self.refused[host] = refused
            client.sendall(refusal)
            return
        self.ips[host] = ip
        with server:
            self._relay(client, server, method == b"CONNECT", first + rest)

    def _relay(self, client: socket.socket, server: socket.socket, tunnel: bool, first: bytes) -> None:
        handle = Handle(server)
        try:
            self._look.hold(handle)
            for sock in (client, server):
                sock.settimeout(self._look.remaining())
            if tunnel:
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            server.sendall(first)
            upward = threading.Thread(
                target=self._pour, args=(client, server), name="browser proxy", daemon=True
            )
            upward.start()
            if not tunnel:
                client.sendall(_last_answer(server))
            self._pour(server, client)
            for sock in (client, server):
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            upward.join()
        finally:
            self._look.drop(handle)
            handle.close()

    def _pour(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(64 * 1024):
                with self._guard:
                    self._left -= len(chunk)
                if self._left < 0:
                    self.refused.setdefault("", Refused(FaultKind.TOO_LARGE, "the page asks for too much"))
                    break
                target.sendall(chunk)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def _last_answer(server: socket.socket) -> bytes:
    """The answer's head, saying that the connection ends with it: the next request may be another host's."""
    head, rest = _read_head(server)
    lines = [line for line in head.split(b"\r\n") if not hop_by_hop.match(line)]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + rest


def _read_head(sender: socket.socket) -> tuple[bytes, bytes]:
    """The head of a request or answer, and what came behind it."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = sender.recv(16 * 1024)
        if not chunk or len(received) > head_bytes:
            raise OSError("no HTTP")
        received += chunk
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


def _forwarded(head: bytes, method: bytes, target: str) -> bytes:
    """The head as the server gets it: its own path, one request a connection."""
    path = re.sub(r"^[A-Za-z]+://[^/?#]*", "", target).partition("#")[0]
    path = path if path.startswith("/") else f"/{path}"
    lines = [line for line in head.split(b"\r\n")[1:] if not hop_by_hop.match(line)]
    first = method + b" " + path.encode("latin-1") + b" HTTP/1.1"
    return b"\r\n".join([first, *lines, b"Connection: close", b"", b""])


@contextlib.contextmanager
def proxy(look: Look, through: Passage, allow_http: bool, budget: int) -> Iterator[Proxy]:
    one = Proxy(look, through, allow_http, budget)
    try:
        yield one
    finally:
        one.close()
