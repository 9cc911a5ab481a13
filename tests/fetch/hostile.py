"""A site that does everything wrong, on real sockets: every page of it is a fault of the real web.

`Site` serves on 127.0.0.1 and answers each path by a function that writes raw bytes, so that a test
can send what no well-behaved server library would. It counts connections and keeps requests.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    path: str
    headers: Mapping[str, str]
    number: int


Handler = Callable[[socket.socket, Request], None]


def sentence(number: int) -> str:
    return (
        f"第{number}条 为了向您提供记账服务，我们会收集您主动填写的账户名称、手机号码和消费记录，"
        "并仅在实现上述目的所必需的期限内保存；未经您的单独同意，我们不会向第三方提供您的个人信息。"
    )


def policy(paragraphs: int = 40, title: str = "示例记账隐私政策", extra: str = "") -> str:
    """A policy of our own making, as a page."""
    body = "".join(f"<p>{sentence(number)}</p>\n" for number in range(1, paragraphs + 1))
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>更新日期：2026年3月1日</p>{body}{extra}</main></body></html>"
    )


def reply(
    body: bytes | str = b"",
    status: int = 200,
    content_type: str | None = "text/html; charset=utf-8",
    length: int | None = -1,
    **headers: str,
) -> bytes:
    """A whole answer. `length` None leaves Content-Length out; header names have underscores here."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Something"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if length is not None:
        lines.append(f"Content-Length: {len(content) if length < 0 else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + content


def says(answer: bytes) -> Handler:
    return lambda sock, request: sock.sendall(answer)


def redirects(target: str, status: int = 302, body: bytes = b"", **headers: str) -> Handler:
    return says(reply(body, status, None, -1, Location=target, **headers))


class Site:
    """The server. Use as a context manager; `site["/path"] = handler` sets a page."""

    def __init__(self, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, Handler] = {"/robots.txt": says(reply("", 404))}
        self.requests: list[Request] = []
        self.connections = 0
        self._tls = tls
        self._closing = threading.Event()
        self._socket = socket.create_server((address, 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Site:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for sock in tuple(self._open):
            with contextlib.suppress(OSError):
                sock.close()

    def __setitem__(self, path: str, handler: Handler | bytes | str) -> None:
        if isinstance(handler, str):
            handler = reply(handler)
        self.pages[path] = says(handler) if isinstance(handler, bytes) else handler

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def _accept(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(OSError):
                sock, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            self._open.add(sock)
            with sock, sock.makefile("rb") as stream:
                while request := self._read(stream):
                    handler = self.pages.get(request.path) or self.pages.get(request.path.partition("?")[0])
                    (handler or says(reply("nothing here", 404)))(sock, request)
        except (OSError, ValueError):
            pass
        finally:
            self._open.discard(sock)

    def _read(self, stream: io.BufferedReader) -> Request | None:
        first = stream.readline().decode("latin-1").split(" ")
        if len(first) < 2:
            return None
        headers = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        request = Request(path=first[1], headers=headers, number=len(self.asked(first[1])) + 1)
        self.requests.append(request)
        return request


@dataclass(slots=True)
class Listener:
    """A socket that only counts who connects: nobody should."""

    address: str = "127.0.0.1"
    family: socket.AddressFamily = socket.AF_INET
    connections: int = 0
    port: int = 0
    _socket: socket.socket | None = field(default=None)

    def __enter__(self) -> Listener:
        self._socket = socket.create_server((self.address, 0), family=self.family)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        assert self._socket is not None
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _count(self) -> None:
        with contextlib.suppress(OSError):
            while self._socket is not None:
                sock, _ = self._socket.accept()
                self.connections += 1
                sock.close()


# --------------------------------------------------------------------------- ways to be a bad server


def hangs(sock: socket.socket, request: Request) -> None:
    """Takes the request and never answers."""
    with contextlib.suppress(OSError):
        sock.recv(1)


def drips(answer: bytes, start: int = 0, gap: float = 0.05) -> Handler:
    """Sends `start` bytes at once, then one byte after each gap."""

    def handler(sock: socket.socket, request: Request) -> None:
        sock.sendall(answer[:start])
        for index in range(start, len(answer)):
            sock.sendall(answer[index : index + 1])
            time.sleep(gap)

    return handler


def drips_headers(sock: socket.socket, request: Request) -> None:
    """A header every now and then, without end: no read ever times out."""
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(2000):
        sock.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(0.05)


def continues_for_ever(sock: socket.socket, request: Request) -> None:
    while True:
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def resets(sock: socket.socket, request: Request) -> None:
    """Breaks the connection off with a RST instead of an answer."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionAbortedError


def then_closes(answer: bytes) -> Handler:
    def handler(sock: socket.socket, request: Request) -> None:
        sock.sendall(answer)
        sock.shutdown(socket.SHUT_RDWR)

    return handler


def chunked(body: bytes, *, end: bool = True, content_type: str = "text/html", encoding: str = "") -> bytes:
    """A chunked answer; without `end` it breaks off before the last, empty chunk."""
    coded = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{coded}Transfer-Encoding: chunked\r\n\r\n"
    parts = [body[index : index + 1000] for index in range(0, len(body), 1000)]
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts)
    return head.encode() + chunks + (b"0\r\n\r\n" if end else b"")


def bomb(megabytes: int) -> bytes:
    """Zeros, compressed 1000 to 1."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1024 * 1024)
    return b"".join([packer.compress(block) for _ in range(megabytes)] + [packer.flush()])


def members(count: int, each: bytes) -> bytes:
    """A gzip body in many members."""
    return gzip.compress(each, mtime=0) * count


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


@contextlib.contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    with Site(tls) as served:
        yield served
