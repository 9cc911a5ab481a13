"""Apprise with our strict plugins in place, each service with a logger that nobody else hears."""

from __future__ import annotations

import logging
import threading
from typing import Any

from apprise import Apprise, AppriseAsset
from apprise.common import PersistentStoreMode
from apprise.plugins import N_MGR
from apprise.plugins.base import NotifyBase

from monitor.notify import mail, strict

service_timeout = 30
_registering = threading.Lock()
_registered: list[type[Any]] = []


class Heard(logging.Handler):
    """Keeps what a service's plugin logs, for the receipt and the fault; it goes nowhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelno, record.getMessage()))


def register() -> None:
    """Put the strict plugins in place of Apprise's own, once per process."""
    with _registering:
        for plugin in (*strict.plugins, mail.Mail):
            if plugin not in _registered:
                N_MGR.add(plugin, force=True)
                _registered.append(plugin)


def asset() -> AppriseAsset:
    """Nothing kept on disk, no keys made, no adornments, no waiting for ever."""
    return AppriseAsset(
        app_id="policy-monitor",
        app_desc="policy-monitor",
        app_url="",
        service_timeout=service_timeout,
        storage_mode=PersistentStoreMode.MEMORY,
        pgp_autogen=False,
        pem_autogen=False,
        async_mode=False,
        http_redirects=False,
        default_service_retry=0,
    )


def open_service(url: str) -> tuple[Apprise, NotifyBase, Heard] | None:
    """An Apprise object that holds the one service of an address, or None if it is no address at all."""
    register()
    logging.getLogger("apprise").setLevel(max(logging.getLogger("apprise").level, logging.INFO))
    holder = Apprise(asset=asset())
    if not _silently_added(holder, url):
        return None
    service = next(iter(holder))
    heard = Heard()
    own = logging.Logger(f"apprise.{id(heard)}", logging.DEBUG)  # private: not in the tree of loggers
    own.addHandler(heard)
    own.trace = own.debug  # type: ignore[attr-defined] # Apprise's plugins call it
    service.logger = own
    return holder, service, heard


def _silently_added(holder: Apprise, url: str) -> bool:
    """Add an address; what Apprise logs of a bad one may hold its token, so nobody hears it."""
    logger = logging.getLogger("apprise")
    deaf = _Deaf(threading.get_ident())
    logger.addFilter(deaf)
    try:
        return bool(holder.add(url))
    finally:
        logger.removeFilter(deaf)


class _Deaf(logging.Filter):
    """Drops the records of one thread."""

    def __init__(self, thread: int) -> None:
        super().__init__()
        self._thread = thread

    def filter(self, record: logging.LogRecord) -> bool:
        return record.thread != self._thread
