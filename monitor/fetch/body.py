"""Reads a body under a cap and takes off its content encoding; a body cut short is a fault, never a page.

HTTP clients give 40 % of a page as success where a gzip stream was cut and Content-Length agrees,
hand out unasked encodings as text, and expand 1 MB into 2 GB. So we decode ourselves: asked for are
gzip and deflate, every stream must reach its end, and no more than the cap is ever held.
"""

from __future__ import annotations

import contextlib
import zlib

from monitor.fetch.causes import Refused, cause
from monitor.fetch.gate import Answer
from monitor.fetch.look import current_look
from monitor.model import FaultKind

step = 64 * 1024
most_members = 1000


def read(answer: Answer, cap: int) -> bytes:
    """The whole body, decoded. Raises `Refused` (too large, truncated, unasked encoding)."""
    place = answer.address.url
    try:
        decoder = _decoder(answer, cap, place)
        _check_announced(answer, cap, place)
        parts, received = [], 0
        while chunk := _receive(answer, place):
            received += len(chunk)
            if received > cap:
                raise _too_large(place, cap)
            parts.append(decoder.feed(chunk))
        return b"".join([*parts, decoder.end()])
    except BaseException:
        answer.leave()
        raise


def glance(answer: Answer, cap: int) -> bytes:
    """What can be had of the body of an error page, decoded, at most `cap` bytes; never raises `Refused`."""
    parts, size = [], 0
    with contextlib.suppress(Refused):
        decoder = _decoder(answer, cap, answer.address.url)
        while size < cap and (chunk := _receive(answer, answer.address.url)):
            parts.append(decoder.feed(chunk))
            size += len(chunk)
    answer.leave()
    return b"".join(parts)[:cap]


def _receive(answer: Answer, place: str) -> bytes:
    now = current_look()
    try:
        chunk: bytes = answer.response.raw.read(step, decode_content=False)
    except Exception as error:
        if now is not None:
            now.check()
        raise cause(error, place) from error
    if not chunk and now is not None:
        now.check()  # a socket shut at the deadline looks like the end of the page
    return chunk


def _check_announced(answer: Answer, cap: int, place: str) -> None:
    announced = answer.header("content-length") or ""
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > cap:
        raise _too_large(place, cap)


def _too_large(place: str, cap: int) -> Refused:
    return Refused(FaultKind.TOO_LARGE, f"{place}: the page is larger than {cap} bytes", transient=False)


class Plain:
    """A body without content encoding."""

    def feed(self, chunk: bytes) -> bytes:
        return chunk

    def end(self) -> bytes:
        return b""


class Inflated:
    """A gzip or deflate body: `feed` gives what a chunk decodes to, `end` raises if it breaks off."""

    def __init__(self, name: str, cap: int, place: str) -> None:
        self._gzip = name == "gzip"
        self._left = cap
        self._cap = cap
        self._place = place
        self._members = 0
        self._started = False
        self._stream = zlib.decompressobj(31 if self._gzip else 15)

    def feed(self, chunk: bytes) -> bytes:
        parts = []
        if not self._gzip and not self._started and not _zlib_header(chunk):
            self._stream = zlib.decompressobj(-15)  # some servers send bare deflate: RFC 9110, 8.4.1.2
        self._started = True
        while chunk:
            if self._stream.eof:
                if not self._gzip or not chunk.startswith(b"\x1f"):
                    break  # bytes behind the end are ignored, as browsers do
                self._next_member()
            parts.append(self._inflate(chunk))
            chunk = self._stream.unused_data if self._stream.eof else b""
        return b"".join(parts)

    def _inflate(self, chunk: bytes) -> bytes:
        try:
            plain = self._stream.decompress(chunk, self._left + 1)
        except zlib.error as error:
            message = f"{self._place}: the compressed page is damaged: {error}"
            raise Refused(FaultKind.ENCODING, message) from None
        self._left -= len(plain)
        if self._left < 0:
            raise _too_large(self._place, self._cap)
        return plain

    def _next_member(self) -> None:
        self._members += 1
        if self._members > most_members:
            raise Refused(FaultKind.TOO_LARGE, f"{self._place}: gzip in more than {most_members} pieces")
        self._stream = zlib.decompressobj(31)

    def end(self) -> bytes:
        if self._started and not self._stream.eof:
            message = f"{self._place}: the compressed page breaks off before its end"
            raise Refused(FaultKind.TRUNCATED, message)
        return b""


def _zlib_header(chunk: bytes) -> bool:
    return len(chunk) < 2 or (chunk[0] & 0x0F == 8 and (chunk[0] << 8 | chunk[1]) % 31 == 0)


def _decoder(answer: Answer, cap: int, place: str) -> Plain | Inflated:
    names = [name.strip().lower() for name in (answer.header("content-encoding") or "").split(",")]
    coded = ["gzip" if name == "x-gzip" else name for name in names if name not in ("", "identity")]
    transfer = (answer.header("transfer-encoding") or "chunked").strip().lower()
    if transfer != "chunked":
        coded.append(f"transfer encoding {transfer}")
    if not coded:
        return Plain()
    if len(coded) == 1 and coded[0] in ("gzip", "deflate"):
        return Inflated(coded[0], cap, place)
    message = f"{place}: sent as {', '.join(coded)!r}, which was not asked for"
    raise Refused(FaultKind.ENCODING, message[:300], transient=False)
