"""Looks at everything that a watch depends on, without changing anything: what is well, what is not, who mends it.

A configuration that is wrong is one of the findings: what does not depend on it is looked at all the same.
"""

from __future__ import annotations

import os
import pwd
import shutil
import ssl
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from monitor.app import problems
from monitor.config import Backup, Settings, read_settings, state_folder
from monitor.daemon.backups import copies
from monitor.daemon.lock import running_daemon
from monitor.daemon.vitals import last_sign
from monitor.errors import ConfigError, MonitorError
from monitor.fetch.causes import Refused, build_date, wrong_clock
from monitor.fetch.chromium import find as find_browser
from monitor.library import database, open_library
from monitor.notify.channels import warnings as channel_warnings
from monitor.ports import Overview
from monitor.store.trouble import storage_problem
from monitor.summarise.endpoint import problem as endpoint_problem

least_disk = 200 * 2**20
least_inodes = 1000
silence = timedelta(minutes=5)
ahead = timedelta(minutes=5)
browser_patience = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `ok` None: not wrong, but worth knowing."""

    name: str
    ok: bool | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What is looked at. `settings` is None where the configuration cannot be read, for `complaints`."""

    file: Path
    state: Path
    settings: Settings | None
    complaints: tuple[str, ...]
    now: datetime


def examine(file: Path) -> Iterator[Check]:
    """All checks, in the order in which a start would meet them."""
    patient = _patient(file)
    for check in _checks:
        yield from check(patient)


def _patient(file: Path) -> Patient:
    now = datetime.now(UTC)
    try:
        settings = read_settings(file)
    except ConfigError as error:
        try:
            state = state_folder(file)
        except ConfigError:
            state = file.parent / "state"
        return Patient(file=file, state=state, settings=None, complaints=error.problems, now=now)
    found = tuple(problems(settings))
    return Patient(file=file, state=settings.state, settings=settings, complaints=found, now=now)


# --------------------------------------------------------------------------- configuration


def _configuration(patient: Patient) -> Iterator[Check]:
    for complaint in patient.complaints:
        yield Check(name="configuration", ok=False, says=complaint)
    if not patient.complaints:
        yield Check(name="configuration", ok=True, says=f"{patient.file}: valid")
    if not patient.file.exists():
        return
    if patient.file.stat().st_mode & stat.S_IROTH and any(
        line.startswith("url =") for line in _secret_lines(patient.file)
    ):
        says = f"{patient.file} is readable by all and holds channel addresses: chmod 640"
        yield Check(name="secrets", ok=False, says=says)
    for name in _secret_files(patient.file):
        if name.exists() and name.stat().st_mode & stat.S_IROTH:
            yield Check(name="secrets", ok=False, says=f"{name} is readable by all: chmod 640")


def _secret_lines(file: Path) -> Iterator[str]:
    """The lines of the tables that may hold secrets."""
    inside = False
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("["):
            inside = line.startswith(("[[channels]]", "[heartbeat]"))
        elif inside:
            yield line.strip()


def _secret_files(file: Path) -> Iterator[Path]:
    for line in _secret_lines(file):
        key, _, value = line.partition("=")
        if key.strip() == "url_file":
            yield file.parent / value.strip().strip("\"'")


# --------------------------------------------------------------------------- this machine


def _state(patient: Patient) -> Iterator[Check]:
    folder = patient.state
    if not folder.exists():
        yield Check(name="state", ok=None, says=f"{folder} is not there yet: the first check makes it")
        return
    if not folder.is_dir():
        yield Check(name="state", ok=False, says=f"{folder} is no folder: move it away, or name another")
        return
    writable = os.access(folder, os.W_OK)
    says = f"{folder} {'can' if writable else 'cannot'} be written by this user"
    yield Check(
        name="state", ok=writable, says=says if writable else f"{says}; it belongs to {_owner(folder)}"
    )
    if folder.stat().st_mode & stat.S_IWOTH:
        yield Check(name="state", ok=False, says=f"{folder} can be written by all: chmod o-w")
    strangers = [one.name for one in folder.iterdir() if one.is_file() and not os.access(one, os.W_OK)]
    if writable and strangers:
        says = (
            f"cannot be written by this user: {', '.join(sorted(strangers)[:5])}; was a command run as root?"
        )
        yield Check(name="state", ok=False, says=says)
    yield from _disk(folder)


def _owner(path: Path) -> str:
    owner = path.stat().st_uid
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return f"user {owner}"


def _disk(folder: Path) -> Iterator[Check]:
    free, inodes = shutil.disk_usage(folder).free, os.statvfs(folder)
    says = f"{free // 2**20:,} MiB free where the database is"
    few = inodes.f_files > 0 and inodes.f_favail < least_inodes
    if few:
        says += f", but only {inodes.f_favail} more files can be made"
    yield Check(name="disk", ok=free >= least_disk and not few, says=says)


def _clock(patient: Patient) -> Iterator[Check]:
    today = patient.now.date()
    yield Check(
        name="clock", ok=today >= build_date, says=f"{patient.now:%Y-%m-%d %H:%M} UTC{wrong_clock(today)}"
    )


def _tls(patient: Patient) -> Iterator[Check]:
    count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    folder = ssl.get_default_verify_paths().capath
    there = count > 0 or bool(folder and Path(folder).is_dir() and any(Path(folder).iterdir()))
    says = "trusted authorities found" if there else "no trusted authorities: install ca-certificates"
    yield Check(name="TLS", ok=there, says=says)
    for declaration in patient.settings.declarations if patient.settings else ():
        for document in declaration.documents:
            if document.tls_ca_file and (
                wrong := _authority_problem(patient.file.parent / document.tls_ca_file)
            ):
                yield Check(name="TLS", ok=False, says=f"{declaration.terms}: tls_ca_file: {wrong}")


def _authority_problem(file: Path) -> str:
    try:
        ssl.create_default_context(cafile=str(file))
    except OSError as error:  # an SSLError is one, too
        return f"{file}: {error.strerror or error}"
    return ""


def _browser(patient: Patient) -> Iterator[Check]:
    settings = patient.settings
    needed = [
        str(one.terms)
        for one in (settings.declarations if settings else ())
        if any(document.fetcher == "browser" for document in one.documents)
    ]
    needs = f"; needed by {', '.join(needed)}" if needed else ""
    try:
        program = find_browser(settings.kit.browser if settings else None)
    except Refused as refused:
        yield Check(name="browser", ok=False if needed else None, says=f"{refused.message}{needs}")
        return
    try:
        done = subprocess.run(  # noqa: S603 - the browser that the looks would start
            [program, "--version"], capture_output=True, text=True, timeout=browser_patience, check=False
        )
        wrong = (
            "" if done.returncode == 0 else f"it ends with {done.returncode}: {done.stderr.strip()[-200:]}"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        wrong = str(error)
    if wrong:
        yield Check(
            name="browser", ok=False if needed else None, says=f"{program} does not start: {wrong}{needs}"
        )
        return
    yield Check(name="browser", ok=True, says=f"{program}: {done.stdout.strip()}")


def _parts(patient: Patient) -> Iterator[Check]:
    missing = [name for name in ("pypdfium2", "mammoth") if find_spec(name) is None]
    says = f"{', '.join(missing)} missing: pip install 'policy-monitor[documents]'"
    yield Check(
        name="documents", ok=None if missing else True, says=says if missing else "PDF and DOCX can be read"
    )


# --------------------------------------------------------------------------- the watch


def _database(patient: Patient) -> Iterator[Check]:
    path = database(patient.state)
    if not path.exists():
        yield Check(name="database", ok=None, says="none yet")
        return
    try:
        with open_library(patient.state) as library:
            overview = library.overview(patient.now)
    except MonitorError as error:
        yield Check(name="database", ok=False, says=str(error))
        return
    count = sum(standing.versions for standing in overview.standings)
    says = f"{count} versions; `policy-monitor verify` checks every byte"
    yield Check(name="database", ok=True, says=says)
    if (problem := storage_problem(path)) and "free" not in problem:
        yield Check(name="database", ok=False, says=problem)
    yield from _history(overview)
    yield from _delivery(overview)


def _history(overview: Overview) -> Iterator[Check]:
    """What the looks say of the clock: time does not go back."""
    last = max((one.last_look for one in overview.standings if one.last_look), default=None)
    if last and last > overview.at + ahead:
        says = f"the last look was made at {last:%Y-%m-%d %H:%M} UTC, which is still to come: was, or is, the clock wrong?"
        yield Check(name="clock", ok=False, says=says)


def _delivery(overview: Overview) -> Iterator[Check]:
    for channel in overview.channels:
        if channel.failing_since:
            says = f"fails since {channel.failing_since:%Y-%m-%d %H:%M} UTC: {channel.answer}"
            yield Check(name=f"channel {channel.name}", ok=False, says=says)
        if channel.dead:
            says = f"{channel.dead} alerts were given up: `policy-monitor alerts retry` sends them again"
            yield Check(name=f"channel {channel.name}", ok=False, says=says)


def _daemon(patient: Patient) -> Iterator[Check]:
    process, sign = running_daemon(patient.state), last_sign(patient.state)
    if process is None:
        died = sign is not None and sign.stopped_at is None
        says = "not running: nobody watches unless cron calls `check`"
        if sign and died:
            says = f"died; its last sign of life is of {sign.seen_at:%Y-%m-%d %H:%M} UTC"
        yield Check(name="daemon", ok=False if died else None, says=says)
        return
    found = [f"running, process {process}"]
    wrong = False
    if sign and sign.pid == process:
        if patient.now - sign.seen_at > silence:
            found, wrong = [*found, f"no sign of life since {sign.seen_at:%Y-%m-%d %H:%M} UTC"], True
        if sign.version != version("policy-monitor"):
            found, wrong = (
                [*found, f"of version {sign.version}, not {version('policy-monitor')}: restart it"],
                True,
            )
        for trouble in (sign.storage_trouble, sign.metrics_problem):
            found, wrong = ([*found, trouble], True) if trouble else (found, wrong)
        if sign.config_problem:
            found, wrong = [*found, f"works by an older configuration: {sign.config_problem}"], True
    yield Check(name="daemon", ok=not wrong, says="; ".join(found))


def _channels(patient: Patient) -> Iterator[Check]:
    if patient.settings is None:
        return
    count = len(patient.settings.channels)
    says = f"{count} configured; `policy-monitor alerts test` tries them"
    nobody = "none: changes are recorded, nobody is told"
    yield Check(name="channels", ok=True if count else None, says=says if count else nobody)
    for channel in patient.settings.channels:
        for warning in channel_warnings(channel):
            yield Check(name=f"channel {channel.name}", ok=None, says=warning)
    beating = patient.settings.heartbeat is not None
    says = "configured; `policy-monitor alerts test` tries it"
    nobody = "none: nobody notices when this machine itself falls silent (see docs/how-to/alerts.md)"
    yield Check(name="heartbeat", ok=True if beating else None, says=says if beating else nobody)


def _summary(patient: Patient) -> Iterator[Check]:
    """The operator's own language model, where one is asked for."""
    kit = patient.settings.kit if patient.settings else None
    if kit is None or kit.summariser is None:
        return
    wrong = endpoint_problem(kit.summariser, kit)
    says = f"{kit.summariser.endpoint} answers" if wrong is None else f"{wrong}; changes are told without it"
    yield Check(name="summary", ok=True if wrong is None else None, says=says)


def _backups(patient: Patient) -> Iterator[Check]:
    if patient.settings is None:
        return
    plan = patient.settings.backup
    if plan is None:
        says = "none are made: a [backup] table in the configuration has the daemon make them"
        yield Check(name="backups", ok=None, says=says)
        return
    there = copies(plan.folder)
    if there:
        age = patient.now - there[-1].at
        late = age > 2 * plan.every + timedelta(hours=1)
        says = f"the last of {len(there)} copies is {_age(age)} old, in {plan.folder}"
        yield Check(name="backups", ok=not late, says=says)
    else:
        never = f"no copy is in {plan.folder} yet: the daemon makes the first when it starts"
        yield Check(name="backups", ok=None, says=never)
    yield from _backup_folder(patient, plan)


def _backup_folder(patient: Patient, plan: Backup) -> Iterator[Check]:
    folder = next(one for one in (plan.folder, *plan.folder.parents) if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield Check(name="backups", ok=False, says=f"{folder} cannot be written by this user")
        return
    if folder.stat().st_mode & stat.S_IROTH and folder == plan.folder:
        yield Check(name="backups", ok=None, says=f"{folder} can be read by all")
    path = database(patient.state)
    if path.exists() and shutil.disk_usage(folder).free < 2 * path.stat().st_size:
        yield Check(name="backups", ok=False, says=f"{folder} has no room for another two copies")
    if patient.state.exists() and folder.stat().st_dev == patient.state.stat().st_dev:
        yield Check(
            name="backups", ok=None, says="they are on the same disk as the database: it takes both with it"
        )


def _age(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return (
        f"{hours / 24:.0f} days"
        if hours >= 48
        else f"{hours:.0f} hours"
        if hours >= 1
        else "less than an hour"
    )


_checks: tuple[Callable[[Patient], Iterator[Check]], ...] = (
    _configuration, _state, _database, _daemon, _clock, _tls, _browser, _parts, _channels, _summary, _backups,
)  # fmt: skip
