"""Starts Chromium as an unprivileged, limited child and speaks DevTools with it over two pipes.

Pipes, not a port: no page and no other user of the machine can reach the controls. All that the
browser asks for goes to the filtering proxy (`monitor.fetch.proxy`); it resolves no name itself.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.fetch.causes import Refused
from monitor.fetch.look import Look
from monitor.model import FaultKind

names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "headless_shell")
how_to_install = 'install Chromium (Debian, Ubuntu: apt install chromium) or name it with browser = "/path"'
memory_bytes = 1536 * 1024 * 1024
message_bytes = 128 * 1024 * 1024
limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 512 * 1024 * 1024, "RLIMIT_NOFILE": 4096}
flags = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,DnsOverHttps",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=<-loopback>",
    "--js-flags=--max-old-space-size=512",
    "--window-size=1280,1600",
)


class Chromium:
    """A running browser: `call` asks it something, `events` are what it told meanwhile."""

    def __init__(
        self, child: subprocess.Popen[bytes], reads: int, writes: int, look: Look, folder: str
    ) -> None:
        self.child = child
        self._folder = folder
        self.events: deque[dict[str, Any]] = deque(maxlen=20_000)
        self._reads, self._writes, self._look = reads, writes, look
        self._buffer = bytearray()
        self._number = 0
        self._replies: dict[int, dict[str, Any]] = {}
        self._weighed = 0.0

    def send(self, method: str, session: str | None = None, **parameters: Any) -> int:
        """Ask without waiting; gives the number of the question."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        content = memoryview(json.dumps(message).encode() + b"\0")
        try:
            while content:
                content = content[os.write(self._writes, content) :]
        except OSError:
            raise self._ended() from None
        return self._number

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Ask and wait for the answer. Raises `Refused` where the browser ends or says an error."""
        number = self.send(method, session, **parameters)
        while number not in self._replies:
            self.listen(self._look.remaining())
        reply = self._replies.pop(number)
        if "error" in reply:
            raise Refused(
                FaultKind.INTERNAL, f"the browser refused {method}: {reply['error'].get('message')}"
            )
        result: dict[str, Any] = reply["result"]
        return result

    def listen(self, seconds: float) -> None:
        """Take in what the browser says, waiting for it no longer than this."""
        self._look.check()
        self._weigh()
        poll = select.poll()
        poll.register(self._reads, select.POLLIN)
        if not poll.poll(min(seconds, 0.5) * 1000):
            return
        chunk = os.read(self._reads, 1 << 20)
        if not chunk:
            raise self._ended()
        self._buffer += chunk
        if len(self._buffer) > message_bytes:
            raise Refused(FaultKind.TOO_LARGE, "the page is too large to be taken out of the browser")
        if b"\0" in chunk:
            *messages, rest = bytes(self._buffer).split(b"\0")
            self._buffer = bytearray(rest)
            for message in messages:
                self._take(json.loads(message))

    def _take(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._replies[message["id"]] = message
        else:
            self.events.append(message)

    def _weigh(self) -> None:
        """End a browser that takes too much memory, before the machine does."""
        now = time.monotonic()
        if now - self._weighed < 0.5:
            return
        self._weighed = now
        weight = private_memory(self.child.pid)
        if weight > memory_bytes:
            self.break_off()
            message = f"the page takes {weight >> 20} MiB in the browser, more than {memory_bytes >> 20}"
            raise Refused(FaultKind.TOO_LARGE, message)

    def _ended(self) -> Refused:
        """The browser closed its pipe: say why, as far as it told."""
        self._look.check()
        self.break_off()
        told = _last_words(self.child, Path(self._folder, "stderr"))
        if "sandbox" in told.lower():
            message = f"the browser has no sandbox here (unprivileged user namespaces are off): {told}"
        else:
            message = f"the browser ended by itself: {told}"
        return Refused(FaultKind.NO_BROWSER, message[:600])

    def break_off(self) -> None:
        """Kill the browser with all its processes."""
        with contextlib.suppress(OSError):
            os.killpg(self.child.pid, signal.SIGKILL)


def find(configured: str | None) -> str:
    """The path of Chromium. Raises `Refused` that says how to install it."""
    if configured is not None:
        if found := shutil.which(configured):
            return found
        message = f"there is no program at {configured}, where browser says: {how_to_install}"
        raise Refused(FaultKind.NO_BROWSER, message, transient=False)
    for name in names:
        if found := shutil.which(name):
            return found
    raise Refused(FaultKind.NO_BROWSER, f"no browser is installed: {how_to_install}", transient=False)


@contextlib.contextmanager
def running(program: str, look: Look, proxy_port: int, extra: tuple[str, ...] = ()) -> Iterator[Chromium]:
    """A browser for one look, in a folder of its own that is gone afterwards."""
    user = _unprivileged()
    folder = tempfile.mkdtemp(prefix=f"policy-monitor-browser-{os.getpid()}-")
    their_reads, our_writes = os.pipe()
    our_reads, their_writes = os.pipe()
    browser = None
    try:
        if user is not None:
            os.chown(folder, *user)
        arguments = [
            *flags,
            *extra,
            f"--proxy-server=http://127.0.0.1:{proxy_port}",
            f"--user-data-dir={folder}",
        ]
        if user is None and os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium's sandbox cannot be had by root
        try:
            child = _start(
                [program, *arguments, "about:blank"], folder, user, (their_reads, their_writes), look
            )
        except OSError as error:
            message = f"the browser cannot be started: {error.strerror or error}"
            raise Refused(FaultKind.NO_BROWSER, message) from None
        browser = Chromium(child, our_reads, our_writes, look, folder)
        look.hold(browser)
        for end in (their_reads, their_writes):
            os.close(end)
        their_reads = their_writes = -1
        yield browser
    finally:
        if browser is not None:
            _end(browser)
            look.drop(browser)
        for end in (their_reads, their_writes, our_reads, our_writes):
            with contextlib.suppress(OSError):
                os.close(end)
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    program: list[str], folder: str, user: tuple[int, int] | None, ends: tuple[int, int], look: Look
) -> subprocess.Popen[bytes]:
    spec = {
        "program": program,
        "reads": ends[0],
        "writes": ends[1],
        "user": user[0] if user else None,
        "group": user[1] if user else None,
        "limits": {**limits, "RLIMIT_CPU": int(look.seconds) + 15},
    }
    environment = {"HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    confine = str(Path(__file__).with_name("confine.py"))
    with open(os.path.join(folder, "stderr"), "wb") as said:  # noqa: PTH118, PTH123 - a path for a child
        return subprocess.Popen(  # noqa: S603 - our own script, our own arguments
            [sys.executable, "-I", "-S", confine, json.dumps(spec)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            pass_fds=ends,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )


def _unprivileged() -> tuple[int, int] | None:
    """The user that a browser started by root becomes; None where we are no root (or there is nobody)."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return entry.pw_uid, entry.pw_gid


def _end(browser: Chromium) -> None:
    browser.break_off()
    with contextlib.suppress(subprocess.TimeoutExpired):
        browser.child.wait(5)


def _last_words(child: subprocess.Popen[bytes], said: Path) -> str:
    """The last lines of what the browser wrote, and how it ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(2)
    lines = said.read_text(errors="replace").splitlines() if said.exists() else []
    return " / ".join(
        [*[line.strip()[:200] for line in lines if line.strip()][-2:], f"exit {child.returncode}"]
    )


def private_memory(session: int) -> int:
    """Bytes of memory of a session's processes that they share with nobody (Linux; else 0)."""
    total = 0
    page = os.sysconf("SC_PAGE_SIZE")
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(after_name[3]) == session:
                resident, shared = (entry / "statm").read_text().split()[1:3]
                total += (int(resident) - int(shared)) * page
    return total


def key_pin(certificate: bytes) -> str:
    """Base64 of the SHA-256 of a DER certificate's public key, as Chromium's command line takes it."""
    fields = list(_parts(next(_parts(certificate))[1]))
    body = list(_parts(fields[0][1]))
    public_key = body[6 if body[0][0] == 0xA0 else 5]
    return base64.b64encode(hashlib.sha256(public_key[2]).digest()).decode()


def _parts(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The DER values in these bytes: tag, content, and the whole value."""
    at = 0
    while at < len(content):
        tag, size, start = content[at], content[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, start = int.from_bytes(content[start : start + count], "big"), start + count
        yield tag, content[start : start + size], content[at : start + size]
        at = start + size
