"""Apprise with our strict plugins in place, each service with a logger that nobody else hears."""

from __future__ import annotations

import logging
import threading
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from apprise import Apprise, AppriseAsset
from apprise.common import PersistentStoreMode
from apprise.plugins import N_MGR
from apprise.plugins.base import NotifyBase

from monitor.notify import mail, strict

service_timeout = 30
_registering = threading.Lock()
_registered: set[str] = set()


class Heard(logging.Handler):
    """Keeps what a service's plugin logs, for the receipt and the fault; it goes nowhere else.

    `complaints` are the warnings of the plugin about its address; they may hold secrets.
    """

    def __init__(self, complaints: list[str]) -> None:
        super().__init__()
        self.lines: list[tuple[int, str]] = []
        self.complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelno, record.getMessage()))


def register(scheme: str = "") -> None:
    """Put the strict plugins in place of Apprise's own, once per process.

    Apprise's other plugins are loaded where a `scheme` is none of ours: a hundred and seventy of them
    take 20 MB, which mail and the Chinese chat services can do without.
    """
    with _registering:
        if not _registered:
            with TemporaryDirectory() as nothing:
                N_MGR.load_modules(path=nothing, name="none")
            _add_ours()
        if scheme and "all" not in _registered and scheme.lower() not in N_MGR:
            N_MGR.unload_modules()
            _add_ours()
            _registered.add("all")


def _add_ours() -> None:
    for plugin in (*strict.plugins, mail.Mail):
        N_MGR.add(plugin, force=True)
    _registered.add("ours")


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
    register(urlsplit(url).scheme)
    logging.getLogger("apprise").setLevel(max(logging.getLogger("apprise").level, logging.INFO))
    holder = Apprise(asset=asset())
    complaints = _silently_added(holder, url)
    if complaints is None:
        return None
    service = next(iter(holder))
    heard = Heard(complaints)
    own = logging.Logger(f"apprise.{id(heard)}", logging.DEBUG)  # private: not in the tree of loggers
    own.addHandler(heard)
    own.trace = own.debug  # type: ignore[attr-defined] # Apprise's plugins call it
    service.logger = own
    return holder, service, heard


def _silently_added(holder: Apprise, url: str) -> list[str] | None:
    """Add an address; what Apprise logs of a bad one may hold its token, so nobody but the caller hears it.

    Gives its warnings, or None where it is no address.
    """
    logger = logging.getLogger("apprise")
    deaf = _Deaf(threading.get_ident())
    logger.addFilter(deaf)
    try:
        return deaf.warnings if holder.add(url) else None
    finally:
        logger.removeFilter(deaf)


class _Deaf(logging.Filter):
    """Keeps the records of one thread to itself."""

    def __init__(self, thread: int) -> None:
        super().__init__()
        self._thread = thread
        self.warnings: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        if record.levelno >= logging.WARNING:
            self.warnings.append(record.getMessage())
        return False
