"""Why a look failed: `Refused` carries a fault out of the gate; `cause` names what a library raised. Pure."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from datetime import date, timedelta

from urllib3.exceptions import HTTPError, IncompleteRead, InvalidChunkLength

from monitor.model import Fault, FaultKind, Stage

# No certificate that we may meet was issued before this program was: an older clock is a wrong clock.
build_date = date(2026, 11, 1)


class Refused(Exception):
    """A look that cannot go on. It never leaves `monitor.fetch`: the fetchers turn it into a `Fault`."""

    def __init__(
        self, kind: FaultKind, message: str, transient: bool = True, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(kind, message, transient, retry_after)
        self.kind = kind
        self.message = message
        self.transient = transient
        self.retry_after = retry_after

    def fault(self) -> Fault:
        return Fault(
            kind=self.kind,
            message=self.message,
            stage=Stage.FETCH,
            transient=self.transient,
            retry_after=self.retry_after,
        )


def cause(error: BaseException, place: str) -> Refused:
    """What a library's exception means. `place` says where it happened: an address or a host."""
    for one in _chain(error):
        if isinstance(one, Refused):
            return one
        if found := _named(one, place):
            return found
    if any(isinstance(one, (http.client.HTTPException, HTTPError)) for one in _chain(error)):
        return Refused(FaultKind.RESET, f"{place}: the answer cannot be understood as HTTP: {_said(error)}")
    return Refused(FaultKind.INTERNAL, f"{place}: {_said(error)}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and those inside it, the innermost (most telling) first."""
    seen: list[BaseException] = []
    todo = [error]
    while todo:
        one = todo.pop()
        if one in seen or len(seen) > 20:
            continue
        seen.append(one)
        inner = [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
        todo.extend(other for other in inner if isinstance(other, BaseException))
    yield from reversed(seen)


def _named(error: BaseException, place: str) -> Refused | None:
    if isinstance(error, (IncompleteRead, InvalidChunkLength, http.client.IncompleteRead)):
        return Refused(FaultKind.TRUNCATED, f"{place}: the page ends before its announced end")
    if isinstance(error, ssl.SSLError):
        return tls_refused(error, place)
    if isinstance(error, TimeoutError):
        return Refused(FaultKind.TIMEOUT, f"{place}: no answer in time")
    if isinstance(error, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
        return Refused(FaultKind.RESET, f"{place}: the server broke the connection off without an answer")
    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, HTTPError):
        return Refused(FaultKind.CONNECT, f"{place}: {error.strerror or error}")
    return None


def tls_refused(error: ssl.SSLError, place: str) -> Refused:
    """A failed TLS handshake. Never answered by fetching without verification."""
    why = getattr(error, "verify_message", None) or error.reason or str(error)
    message = f"{place}: the TLS certificate or handshake was refused: {str(why).replace('_', ' ').lower()}"
    return Refused(FaultKind.TLS, message + wrong_clock(), transient=True)


def wrong_clock(today: date | None = None) -> str:
    """A hint where this machine's date is before the program was made: then no certificate is valid."""
    now = today or date.today()  # noqa: DTZ011 - TLS compares with this machine's clock, and so do we
    if now >= build_date:
        return ""
    return f" (the system clock looks wrong: it says {now}, this program was made in {build_date:%B %Y})"


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
