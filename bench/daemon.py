"""The daemon at rest and at work: start, end, memory, processor, threads, descriptors; commands beside it.

    python bench/daemon.py [SERVICES] [SECONDS]

Memory is VmRSS of /proc at the moment of asking, not the most that ever was.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.world import Mailbox, as_html, command, configuration, mailing, policy, root, serving

tick = os.sysconf("SC_CLK_TCK")


def of(pid: int, key: str) -> int:
    """A figure of /proc/PID/status, in its own unit."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split(f"{key}:")[1].split()[0])


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def processor(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / tick


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("waited in vain")
        time.sleep(0.02)


def started(config: Path, supervisor: socket.socket) -> tuple[subprocess.Popen[bytes], float]:
    """A daemon that has told that it is ready, and the seconds that it took."""
    begun = time.perf_counter()
    daemon = subprocess.Popen(
        [sys.executable, "-m", "monitor", "--config", str(config), "run"],
        cwd=config.parent,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root), "NOTIFY_SOCKET": str(supervisor.getsockname())},
    )
    while not supervisor.recv(300).startswith(b"READY=1"):
        continue
    took = time.perf_counter() - begun
    threading.Thread(target=listen, args=(daemon, supervisor), daemon=True).start()
    return daemon, took


def listen(daemon: subprocess.Popen[bytes], supervisor: socket.socket) -> None:
    """Take what it tells, as a supervisor does, until it ends."""
    said = b""
    while not said.startswith(b"STOPPING=1"):
        said = supervisor.recv(300)


def stopped(daemon: subprocess.Popen[bytes]) -> float:
    begun = time.perf_counter()
    daemon.send_signal(signal.SIGTERM)
    if daemon.wait(timeout=30):
        raise SystemExit(f"it ended with {daemon.returncode}")
    return time.perf_counter() - begun


def beside(config: Path, seconds: float, *arguments: str) -> tuple[list[float], int]:
    """A command in a loop: how long each took, and how many failed."""
    took, failures, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        done = command(config, *arguments)
        took.append(time.perf_counter() - begun)
        failures += done.returncode not in (0, 1) or "locked" in done.stderr
    return took, failures


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def at_rest(config: Path, supervisor: socket.socket, mailbox: Mailbox, services: int, seconds: float) -> None:
    daemon, took = started(config, supervisor)
    print(f"start, new database      {took:>8.2f} s")
    until(lambda: mailbox.messages)
    until(lambda: len(json.loads(command(config, "history", "--json").stdout)) == services)
    time.sleep(5)
    stopped(daemon)
    daemon, took = started(config, supervisor)
    print(f"start, {services} services       {took:>8.2f} s")
    time.sleep(5)
    before = processor(daemon.pid)
    time.sleep(seconds)
    share = (processor(daemon.pid) - before) / seconds
    print(
        f"memory at rest           {of(daemon.pid, 'VmRSS') / 1024:>8.1f} MiB (goal: at most 80 with ten services)"
    )
    print(f"processor at rest        {share:>8.2%} of a core")
    print(f"threads, descriptors     {of(daemon.pid, 'Threads'):>5} {descriptors(daemon.pid):>3}")
    done = command(config, "check")
    if done.returncode:
        raise SystemExit(done.stderr)
    time.sleep(5)
    print(f"memory after a round     {of(daemon.pid, 'VmRSS') / 1024:>8.1f} MiB")
    print(f"end at rest              {stopped(daemon):>8.2f} s")


def at_work(config: Path, supervisor: socket.socket, seconds: float, change: Callable[[int], None]) -> None:
    """Looks every second, a new version every half second; commands beside it, `history` alone, then three at once."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('every = "6h"', 'every = "1s"'), encoding="utf-8")
    daemon, _ = started(config, supervisor)
    numbers = itertools.count(1)
    commands = {"history": ("history",), "status": ("status",), "search": ("search", "位置信息")}
    print(f"load of the machine      {os.getloadavg()[0]:>8.1f}, {os.cpu_count()} cores")
    for together in (("history",), tuple(commands)):
        found: dict[str, tuple[list[float], int]] = {}

        def run(name: str, found: dict[str, tuple[list[float], int]] = found) -> None:
            found[name] = beside(config, seconds, *commands[name])

        threads = [threading.Thread(target=run, args=(name,)) for name in together]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            change(next(numbers))
            time.sleep(0.5)
        for name, (took, failures) in sorted(found.items()):
            print(
                f"{name:<8} of {len(together)} at once    {statistics.median(took):>8.2f} s median, {p95(took):.2f} s p95,"
                f" {len(took)} runs, {failures} failed"
            )
    print(f"memory at work           {of(daemon.pid, 'VmRSS') / 1024:>8.1f} MiB")
    print(f"end at work              {stopped(daemon):>8.2f} s")


def main() -> None:
    services = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    names = [f"s{number}" for number in range(services)]
    with (
        serving() as web,
        mailing() as (mailbox, port),
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor,
    ):
        supervisor.bind(str(Path(folder) / "notify"))
        supervisor.settimeout(60)
        web.pages = {f"/{name}": as_html(f"{policy}服务代号：{name}") for name in names}
        config = configuration(Path(folder), web, port, names, each='every = "6h"')
        at_rest(config, supervisor, mailbox, services, seconds)

        def change(number: int) -> None:
            web.pages["/s0"] = as_html(policy.replace("设备信息", f"第{number}版设备信息"))

        at_work(config, supervisor, seconds, change)


if __name__ == "__main__":
    main()
