"""The one door to the network: checked addresses, verified TLS, no redirects, a total deadline.

A `requests` adapter with connections of our own. Each connection resolves its host once, refuses
every address that is not global (`monitor.fetch.address`), and connects to the very address that it
checked, so that a name cannot answer twice (DNS rebinding). Host header, SNI and the name that the
certificate must show stay those of the URL. Every page, robots.txt, redirect hop and browser
request goes through `get` or `connect` here; nothing else in the monitor opens a socket to a page.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.hooks import default_hooks
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Retry

from monitor.fetch.address import Address, Network, blocked, networks, parse
from monitor.fetch.causes import Refused, cause, tls_refused
from monitor.fetch.look import Handle, Look, abort_all, current_look, look, reopen, turns
from monitor.model import FaultKind, SourceDocument

__all__ = ["Answer", "Passage", "abort_all", "connect", "get", "look", "passage", "post", "reopen", "resolve"]

connect_seconds = 10.0
idle_seconds = 30.0
lookups = threading.BoundedSemaphore(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the operator allows beyond the rule, for one document: networks, a CA of one's own."""

    allow_private: tuple[str, ...] = ()
    tls_ca_file: str | None = None

    @property
    def allowed(self) -> tuple[Network, ...]:
        return networks(self.allow_private)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who answered: the address connected to, and the SHA-256 of the certificate shown (DER)."""

    ip: str
    certificate_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer whose body has not been read."""

    address: Address
    response: requests.Response
    peer: Peer | None

    @property
    def status(self) -> int:
        return self.response.status_code

    def header(self, name: str) -> str | None:
        return self.response.headers.get(name)

    def leave(self) -> None:
        """Be done with the answer without reading its body: only one that has none keeps its connection."""
        raw = self.response.raw
        if self.status in (204, 304) or self.header("content-length") == "0":
            with contextlib.suppress(Exception):
                raw.read(1, decode_content=False)
        raw.close()
        raw.release_conn()


def passage(document: SourceDocument) -> Passage:
    return Passage(allow_private=document.allow_private, tls_ca_file=document.tls_ca_file)


def get(address: Address, headers: Mapping[str, str], through: Passage) -> Answer:
    """Ask for one address, once, without following redirects. Raises `Refused`.

    Runs inside a look (`with look(kit)`), whose time bounds it. The body is still to be read.
    """
    return _send("GET", address, headers, through, None)


def post(address: Address, headers: Mapping[str, str], through: Passage, body: bytes) -> Answer:
    """The same with a body to send: for an endpoint of the operator's own, never for a page."""
    return _send("POST", address, {**headers, "Content-Length": str(len(body))}, through, body)


def _send(
    method: str, address: Address, headers: Mapping[str, str], through: Passage, body: bytes | None
) -> Answer:
    now = _look()
    turns.enter(now, address.host, now.pause)
    prepared = requests.PreparedRequest()
    prepared.method, prepared.url, prepared.body = method, address.url, body
    prepared.headers = requests.structures.CaseInsensitiveDict(headers)
    prepared.hooks = default_hooks()
    try:
        response = _adapter(through).send(
            prepared, stream=True, timeout=(min(connect_seconds, now.remaining()), now.remaining())
        )
    except Refused:
        raise
    except Exception as error:
        now.check()
        raise cause(error, address.url) from error
    return Answer(address=address, response=response, peer=getattr(response.raw, "peer", None))


def connect(host: str, port: int, through: Passage) -> tuple[socket.socket, str]:
    """A socket to a checked address of this host, with that address. Raises `Refused`."""
    now = _look()
    refused: Refused | None = None
    for family, ip in resolve(host, port, through):
        try:
            return _connect(family, ip, port, now), ip
        except OSError as error:
            now.check()
            refused = cause(error, f"{host} ({ip}) port {port}")
            if isinstance(error, TimeoutError):
                refused = Refused(FaultKind.TIMEOUT, f"{host} ({ip}) port {port}: no connection in time")
    assert refused is not None
    if refused.kind is FaultKind.RESET:
        refused = Refused(FaultKind.CONNECT, refused.message)
    raise refused


def _connect(family: socket.AddressFamily, ip: str, port: int, now: Look) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    handle = Handle(sock)
    try:
        now.hold(handle)
        sock.settimeout(min(connect_seconds, now.remaining()))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect((ip, port))
        return sock
    except BaseException:
        sock.close()
        raise
    finally:
        now.drop(handle)
        handle.close()


def resolve(host: str, port: int, through: Passage) -> list[tuple[socket.AddressFamily, str]]:
    """The addresses of a host that may be connected to. Raises `Refused` where there is none."""
    found = _addresses(host, port)
    reasons = {ip: blocked(ip, through.allowed) for _, ip in found}
    good = [(family, ip) for family, ip in found if reasons[ip] is None]
    if good:
        return good
    shown = ", ".join(f"{ip} ({reason})" for ip, reason in reasons.items())
    raise Refused(
        FaultKind.BLOCKED_ADDRESS,
        f"{host} is at {shown}: not a public address, so not connected to"
        " (allow_private names networks that are meant)",
        transient=False,
    )


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """What the resolver says, each address once. It cannot be broken off: it gets a thread of its own."""
    answer: list[Any] = []
    done = threading.Event()

    def ask() -> None:
        try:
            answer.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)
        finally:
            lookups.release()
            done.set()

    now = _look()
    if not lookups.acquire(timeout=now.remaining()):
        raise Refused(FaultKind.DNS, f"{host}: the resolver is busy with other names and does not answer")
    threading.Thread(target=ask, name="resolver", daemon=True).start()
    waiting = _Waiting(done)
    now.hold(waiting)
    done.wait(now.remaining())
    now.drop(waiting)
    now.check()
    if answer and isinstance(answer[0], Exception):
        raise _unknown_host(host, answer[0])
    return list(dict.fromkeys((family, str(place[0])) for family, _, _, _, place in answer))


class _Waiting:
    """Waiting for an event, as something that a look can break off."""

    def __init__(self, event: threading.Event) -> None:
        self._event = event

    def break_off(self) -> None:
        self._event.set()


def _unknown_host(host: str, error: Exception) -> Refused:
    said = getattr(error, "strerror", None) or str(error)
    return Refused(FaultKind.DNS, f"the name {host} cannot be resolved: {said}")


def _look() -> Look:
    now = current_look()
    assert now is not None, "the gate is passed only inside a look"
    now.check()
    return now


# --------------------------------------------------------------------------- connections


class _Guarded(HTTPConnection):
    """What both kinds of connection share: where they connect to, and how they are broken off."""

    through: Passage = Passage()
    handle: Handle | None = None
    peer: Peer | None = None
    asked = 0

    def _new_conn(self) -> socket.socket:
        sock, ip = connect(self._dns_host, self.port, self.through)
        self.handle = Handle(sock)
        self.peer = Peer(ip=ip)
        self.asked = 0
        return sock

    def break_off(self) -> None:
        if self.handle is not None:
            self.handle.break_off()

    def request(self, *args: Any, **kwargs: Any) -> None:
        _look().hold(self)
        self.asked += 1
        super().request(*args, **kwargs)

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override] # as urllib3 itself has it
        response = super().getresponse()
        response.peer = self.peer  # type: ignore[attr-defined]
        return response

    def close(self) -> None:
        handle, self.handle = self.handle, None
        super().close()
        if handle is not None:
            handle.close()


class PlainConnection(_Guarded):
    """A checked connection without TLS."""


class TlsConnection(_Guarded, HTTPSConnection):
    """A checked connection with TLS, which is always verified."""

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLError as error:
            _look().check()
            raise tls_refused(error, self.host) from error
        except urllib3.exceptions.SSLError as error:
            _look().check()
            raise cause(error, self.host) from error
        if self.peer is not None and isinstance(self.sock, ssl.SSLSocket):
            certificate = self.sock.getpeercert(binary_form=True) or b""
            self.peer = Peer(ip=self.peer.ip, certificate_sha256=hashlib.sha256(certificate).hexdigest())


# --------------------------------------------------------------------------- pools and the adapter


class _Adapter(HTTPAdapter):
    """Sends a request over connections of one passage. Pools are found by the address we parsed."""

    def __init__(self, through: Passage) -> None:
        self.through = through
        self.used = 0.0
        self._pools: dict[str, tuple[HTTPConnectionPool, float]] = {}
        self._guard = threading.Lock()
        super().__init__(max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """There is no pool manager: `pool` below is all we need, and it asks our parser."""

    def get_connection_with_tls_context(self, request: Any, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        return self.pool(parse(request.url))

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Verification is a matter of the TLS context alone, which nobody can switch off."""

    def request_url(self, request: Any, proxies: Any) -> str:
        return cast("str", request.path_url)

    def pool(self, address: Address) -> HTTPConnectionPool:
        now = time.monotonic()
        with self._guard:
            idle = [origin for origin, (_, used) in self._pools.items() if now - used > idle_seconds]
            for origin in idle:
                self._pools.pop(origin)[0].close()
            pool = self._pools.pop(address.origin, (None, 0.0))[0] or _new_pool(address, self.through)
            self._pools[address.origin] = (pool, now)
            return pool

    def close(self) -> None:
        with self._guard:
            while self._pools:
                self._pools.popitem()[1][0].close()


def _new_pool(address: Address, through: Passage) -> HTTPConnectionPool:
    host = f"[{address.host}]" if ":" in address.host else address.host
    if address.scheme == "http":
        plain = HTTPConnectionPool(host, address.port, maxsize=1)
        plain.ConnectionCls = type("Plain", (PlainConnection,), {"through": through})
        return plain
    secure = HTTPSConnectionPool(host, address.port, maxsize=1, ssl_context=tls_context(through.tls_ca_file))
    secure.ConnectionCls = type("Tls", (TlsConnection,), {"through": through})
    return secure


@lru_cache(maxsize=64)
def _adapter(through: Passage) -> _Adapter:
    return _Adapter(through)


@lru_cache(maxsize=64)
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """The one TLS context per set of authorities: making one costs 10 ms and more.

    On macOS and Windows the system verifies (truststore). Where OpenSSL does, its own defaults are
    the system's: truststore would load them anew at every connection, and it holds a lock during the
    handshake, so that one stalling server would stop all others.
    """
    try:
        if ca_file is not None:
            return ssl.create_default_context(cafile=ca_file)
        if sys.platform in ("darwin", "win32"):
            import truststore  # noqa: PLC0415 - only where the system has a verifier of its own

            return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except (OSError, ssl.SSLError) as error:
        message = f"tls_ca_file {ca_file}: {getattr(error, 'strerror', None) or error}"
        raise Refused(FaultKind.TLS, message, transient=False) from None
    context = ssl.create_default_context()
    if not context.get_ca_certs() and not _has_folder_of_authorities():
        import certifi  # noqa: PLC0415 - only on a machine without certificates of its own

        context.load_verify_locations(certifi.where())
    return context


def _has_folder_of_authorities() -> bool:
    """OpenSSL reads a folder of hashed files only when it verifies: it shows no certificate before."""
    from pathlib import Path  # noqa: PLC0415 - once per process

    folder = ssl.get_default_verify_paths().capath
    with contextlib.suppress(OSError):
        return folder is not None and any(Path(folder).glob("*.0"))
    return False
