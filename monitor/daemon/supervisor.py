"""What systemd is told: ready, reloading, stopping, still alive (sd_notify without a dependency)."""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta

patience = 0.5  # seconds


def tell(message: str) -> None:
    """Send one notice to the supervisor; without one (NOTIFY_SOCKET unset) nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    target = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.settimeout(patience)
        try:
            channel.sendto(message.encode(), target)
        except OSError:
            return  # a supervisor that has gone, or does not listen, cannot be told, and must not hold us up


def ready() -> None:
    tell("READY=1\nSTATUS=watching")


def reloading() -> None:
    tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    tell("STOPPING=1")


def alive(status: str) -> None:
    tell(f"WATCHDOG=1\nSTATUS={status}")


def later(seconds: float) -> None:
    """The start takes longer: not to be taken for hung before so many seconds are over."""
    tell(f"EXTEND_TIMEOUT_USEC={int(seconds * 1_000_000)}\nSTATUS=waiting for the storage")


def watchdog_interval() -> timedelta | None:
    """How often the supervisor wants to hear that we live: half of what it allows."""
    allowed = os.environ.get("WATCHDOG_USEC", "")
    if not allowed.isdigit() or os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return timedelta(microseconds=int(allowed) // 2)
