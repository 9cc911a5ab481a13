"""Looks at everything that a watch depends on, without changing anything: what is well, what is not, who mends it."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from monitor.app import problems
from monitor.config import Settings
from monitor.daemon.lock import running_daemon
from monitor.errors import MonitorError
from monitor.fetch.causes import Refused, build_date, wrong_clock
from monitor.fetch.chromium import find as find_browser
from monitor.library import database, open_library
from monitor.notify.channels import warnings as channel_warnings

least_disk = 200 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `ok` None: not wrong, but worth knowing."""

    name: str
    ok: bool | None
    says: str


def examine(settings: Settings) -> Iterator[Check]:
    """All checks, in the order in which a start would meet them."""
    for check in _checks:
        yield from check(settings)


def _configuration(settings: Settings) -> Iterator[Check]:
    found = tuple(problems(settings))
    yield Check(name="configuration", ok=not found, says="; ".join(found) or f"{settings.file}: valid")
    mode = settings.file.stat().st_mode
    if mode & stat.S_IROTH and any("url =" in line for line in _channel_lines(settings.file)):
        yield Check(
            name="secrets",
            ok=False,
            says=f"{settings.file} is readable by all and holds channel addresses: chmod 640",
        )


def _channel_lines(file: Path) -> Iterator[str]:
    """The lines of the tables that may hold secrets."""
    inside = False
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            inside = line.startswith(("[[channels]]", "[heartbeat]"))
        elif inside:
            yield line.strip()


def _state(settings: Settings) -> Iterator[Check]:
    folder = settings.state
    if not folder.exists():
        yield Check(name="state", ok=None, says=f"{folder} is not there yet: the first check makes it")
        return
    writable = os.access(folder, os.W_OK)
    yield Check(
        name="state", ok=writable, says=f"{folder} {'can' if writable else 'cannot'} be written by this user"
    )
    free = shutil.disk_usage(folder).free
    yield Check(name="disk", ok=free >= least_disk, says=f"{free // 2**20:,} MiB free where the database is")


def _database(settings: Settings) -> Iterator[Check]:
    if not database(settings.state).exists():
        yield Check(name="database", ok=None, says="none yet")
        return
    try:
        store = open_library(settings.state)
        count = sum(standing.versions for standing in store.standings())
        store.close()
    except MonitorError as error:
        yield Check(name="database", ok=False, says=str(error))
        return
    yield Check(name="database", ok=True, says=f"{count} versions; `policy-monitor verify` checks every byte")


def _daemon(settings: Settings) -> Iterator[Check]:
    daemon = running_daemon(settings.state)
    says = f"running, process {daemon}" if daemon else "not running: nobody watches unless cron calls `check`"
    yield Check(name="daemon", ok=True if daemon else None, says=says)


def _clock(settings: Settings) -> Iterator[Check]:
    now = datetime.now(UTC)
    right = now.date() >= build_date
    yield Check(name="clock", ok=right, says=f"{now:%Y-%m-%d %H:%M} UTC{wrong_clock(now.date())}")


def _tls(settings: Settings) -> Iterator[Check]:
    count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    paths = ssl.get_default_verify_paths()
    there = count > 0 or bool(paths.capath and any(Path(paths.capath).iterdir()))
    yield Check(
        name="TLS",
        ok=there,
        says="trusted authorities found" if there else "no trusted authorities: install ca-certificates",
    )


def _browser(settings: Settings) -> Iterator[Check]:
    needed = [
        str(one.terms)
        for one in settings.declarations
        if any(doc.fetcher == "browser" for doc in one.documents)
    ]
    try:
        yield Check(name="browser", ok=True, says=find_browser(settings.kit.browser))
    except Refused as refused:
        needs = f"; needed by {', '.join(needed)}" if needed else ""
        yield Check(name="browser", ok=False if needed else None, says=f"{refused.message}{needs}")


def _documents(settings: Settings) -> Iterator[Check]:
    missing = [name for name in ("pypdfium2", "mammoth") if find_spec(name) is None]
    says = (
        f"{', '.join(missing)} missing: pip install 'policy-monitor[documents]'"
        if missing
        else "PDF and DOCX can be read"
    )
    yield Check(name="documents", ok=None if missing else True, says=says)


def _channels(settings: Settings) -> Iterator[Check]:
    count = len(settings.channels)
    says = (
        f"{count} configured; `policy-monitor alerts test` tries them"
        if count
        else "none: changes are recorded, nobody is told"
    )
    yield Check(name="channels", ok=True if count else None, says=says)
    for channel in settings.channels:
        for warning in channel_warnings(channel):
            yield Check(name=f"channel {channel.name}", ok=None, says=warning)


def _heartbeat(settings: Settings) -> Iterator[Check]:
    beating = settings.heartbeat is not None
    says = (
        "configured; `policy-monitor alerts test` tries it"
        if beating
        else "none: nobody notices when this machine itself falls silent (see docs/how-to/alerts.md)"
    )
    yield Check(name="heartbeat", ok=True if beating else None, says=says)


_checks: tuple[Callable[[Settings], Iterator[Check]], ...] = (
    _configuration, _state, _database, _daemon, _clock, _tls, _browser, _documents, _channels,
    _heartbeat,
)  # fmt: skip
