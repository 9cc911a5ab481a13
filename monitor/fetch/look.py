"""The lifetime of one look: a deadline that shuts sockets, a turn at each host, and `abort_all` for SIGTERM.

No HTTP client has a total deadline: a server that sends a header a second outlives every read
timeout. One watching thread shuts the socket under the reader, which then wakes up at once.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Protocol

from monitor.fetch.causes import Refused
from monitor.model import FaultKind
from monitor.ports import Kit

far_off = 1e6  # seconds


class Breakable(Protocol):
    """Something that a look waits for and that can be broken off from another thread."""

    def break_off(self) -> None: ...


class Handle:
    """A second grip on a socket, so that it can be shut under a reader (also in a TLS handshake)."""

    def __init__(self, sock: socket.socket) -> None:
        self._copy: socket.socket | None = sock.dup()
        self._lock = threading.Lock()

    def break_off(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._copy is not None:
                self._copy.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            if self._copy is not None:
                self._copy.close()
                self._copy = None


class Look:
    """One look: how long it may still take, and what must be broken off when its time is up."""

    def __init__(self, seconds: float, pause: float) -> None:
        self.started = time.monotonic()
        self.seconds = seconds
        self.pause = pause
        self.ends = self.started + seconds
        self.visited: set[str] = set()
        self.host: str | None = None
        self.over: Refused | None = None
        self._held: set[Breakable] = set()
        self._stop = threading.Event()

    def remaining(self) -> float:
        """Seconds left, at least a millisecond. Raises `Refused` when the look is over."""
        self.check()
        return max(self.ends - time.monotonic(), 0.001)

    def check(self) -> None:
        """Raise `Refused` when the time is up or the monitor stops."""
        if self.over is None and time.monotonic() >= self.ends:
            self.over = _too_late(self)
        if self.over is not None:
            raise self.over

    def hold(self, thing: Breakable) -> None:
        """Break this off when the look ends before its time."""
        self._held.add(thing)
        self.check()

    def drop(self, thing: Breakable) -> None:
        self._held.discard(thing)

    def finish(self, why: Refused) -> None:
        """End the look from another thread."""
        self.over = self.over or why
        self._stop.set()
        for thing in tuple(self._held):
            thing.break_off()

    def sleep(self, seconds: float) -> None:
        """Wait, unless the look is over."""
        if seconds > 0:
            self._stop.wait(seconds)
        self.check()

    @contextlib.contextmanager
    def off_the_clock(self) -> Iterator[None]:
        """Waiting for our turn is not the server's doing: it does not count."""
        left = self.ends - time.monotonic()
        self.ends += far_off
        try:
            yield
        finally:
            self.ends = time.monotonic() + left
            watch.reconsider(self)


def _too_late(look: Look) -> Refused:
    return Refused(FaultKind.TIMEOUT, f"the look took longer than its {look.seconds:g} s in all")


def _stopping() -> Refused:
    return Refused(FaultKind.INTERNAL, "the look was broken off because the monitor is stopping")


class _Watch:
    """The thread that ends looks in time. It starts with the first look and sleeps between."""

    def __init__(self) -> None:
        self.looks: set[Look] = set()
        self.closed = False
        self._changed = threading.Condition()
        self._wakes = float("inf")
        self._thread: threading.Thread | None = None

    def add(self, look: Look) -> None:
        with self._changed:
            if self.closed:
                raise _stopping()
            self.looks.add(look)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif look.ends < self._wakes:
                self._changed.notify()

    def reconsider(self, look: Look) -> None:
        """A look may end sooner than this thread thinks."""
        with self._changed:
            if look.ends < self._wakes:
                self._changed.notify()

    def remove(self, look: Look) -> None:
        with self._changed:
            self.looks.discard(look)

    def close(self) -> None:
        with self._changed:
            self.closed = True
            looks = tuple(self.looks)
        for look in looks:
            look.finish(_stopping())

    def _run(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                late = [look for look in self.looks if look.ends <= now and look.over is None]
                ends = [look.ends for look in self.looks if look.ends > now]
                self._wakes = min(ends, default=float("inf"))
                if not late:
                    self._changed.wait(self._wakes - now if ends else None)
            for look in late:
                look.finish(_too_late(look))


class _Turns:
    """Whose turn it is at a host: one look at a time, with a pause after each, process-wide."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._left: dict[str, float] = {}
        self._shut: dict[str, float] = {}
        self._changed = threading.Condition()

    def enter(self, look: Look, host: str, pause: float) -> None:
        """Wait for the host; a look that has been there already comes back without a pause."""
        if look.host == host:
            return
        self.leave(look)
        free_at = self._take(look, host)
        wait = min(pause, free_at + pause - time.monotonic())  # never longer, whatever the clock says
        if host not in look.visited and wait > 0:
            with look.off_the_clock():
                look.sleep(wait)
        look.visited.add(host)

    def _take(self, look: Look, host: str) -> float:
        """Wait until nobody else is at the host; gives when the last one left it."""
        with self._changed:
            if host in self._busy:
                with look.off_the_clock():
                    while host in self._busy and look.over is None:
                        self._changed.wait(1.0)
            if look.over is not None:
                raise look.over
            self._busy.add(host)
            look.host = host
            return self._left.get(host, -far_off)

    def leave(self, look: Look) -> None:
        if look.host is None:
            return
        with self._changed:
            self._busy.discard(look.host)
            now = time.monotonic()
            if len(self._left) > 2000:
                self._left = {host: left for host, left in self._left.items() if now - left < 600}
            self._left[look.host] = now
            look.host = None
            self._changed.notify_all()

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def shut(self, host: str, seconds: float) -> None:
        """The host asked to be left alone (Retry-After): that holds for all its pages."""
        with self._changed:
            now = time.monotonic()
            self._shut = {other: until for other, until in self._shut.items() if until > now}
            self._shut[host] = now + seconds

    def shut_for(self, host: str) -> float:
        """Seconds for which the host is still not to be asked; 0 if it may be."""
        until = self._shut.get(host)
        return max(until - time.monotonic(), 0.0) if until else 0.0

    def forget(self) -> None:
        with self._changed:
            self._left.clear()
            self._shut.clear()


watch = _Watch()
turns = _Turns()
current = threading.local()


@contextlib.contextmanager
def look(kit: Kit) -> Iterator[Look]:
    """A look from its start to its end. Raises `Refused` at once where the gate is closed.

    A look begun inside another (a robots.txt, a second page) shares the outer one's time.
    """
    if (outer := current_look()) is not None:
        yield outer
        return
    one = Look(kit.deadline.total_seconds(), kit.pause.total_seconds())
    watch.add(one)
    current.look = one
    try:
        yield one
    finally:
        current.look = None
        turns.leave(one)
        watch.remove(one)


@contextlib.contextmanager
def taking_part(one: Look) -> Iterator[None]:
    """Let this thread work for a look that another thread began."""
    current.look = one
    try:
        yield
    finally:
        current.look = None


def current_look() -> Look | None:
    """The look that this thread is at, if any."""
    found = getattr(current, "look", None)
    return found if isinstance(found, Look) else None


def abort_all() -> None:
    """End all looks in flight at once and begin no more: the monitor is stopping. Thread-safe."""
    watch.close()
    turns.wake()


def reopen() -> None:
    """Take looks again after `abort_all`."""
    watch.closed = False
