"""status: how everything stands, for people, for monitoring (exit code) and, refreshed, for a screen on the wall."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Group, RenderableType

from monitor.cli.context import config_file, json_option
from monitor.cli.output import cell, console, print_json, span, stamp, table
from monitor.cli.show_audit import review_line, reviews
from monitor.config import state_folder
from monitor.daemon.lock import running_daemon
from monitor.daemon.vitals import SignOfLife, last_sign
from monitor.decide import Rules
from monitor.library import database, open_library
from monitor.model import Anchored
from monitor.ports import ChannelStanding, DeliveryRow, Overview, Standing

late_sign = timedelta(minutes=5)
late_look = timedelta(hours=1)
channel_patience = Rules().channel_failing_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that wants somebody. `level` is the exit code: 1 a page, 2 the monitor itself."""

    level: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that `status` tells, as of one moment."""

    at: datetime
    overview: Overview
    pending: Sequence[DeliveryRow]
    dead: Sequence[DeliveryRow]
    process: int | None
    sign: SignOfLife | None
    path: Path
    size: int
    log_size: int
    reviews: tuple[Anchored, ...]


@click.command()
@click.option("--watch", is_flag=True, help="Stay, and show it anew every few seconds, until Ctrl-C.")
@click.option(
    "--every", type=click.FloatRange(0.2, 3600), default=2.0, show_default=True, help="Seconds, with --watch."
)
@json_option
@click.pass_context
def status(ctx: click.Context, watch: bool, every: float, as_json: bool) -> None:
    """Show how every service, the channels, the database, the backups and the daemon stand.

    Exit code for monitoring: 0 all well; 1 a service cannot be read; 2 the monitor itself needs somebody: an
    alert could not be delivered, a channel, the storage or a backup fails, nobody is looking.
    """
    state = state_folder(config_file(ctx))
    if watch and not as_json:
        _watch(state, every)
        return
    shown = look(state)
    found = tuple(troubles(shown))
    code = max((one.level for one in found), default=0)
    if as_json:
        print_json(_as_json(shown, found, code))
    else:
        console().print(*_screen(shown, found), sep="\n")
    ctx.exit(code)


def _watch(state: Path, every: float) -> None:
    from rich.live import Live

    terminal = console()
    try:
        with Live(console=terminal, screen=terminal.is_terminal, auto_refresh=False) as live:
            while True:
                shown = look(state)
                live.update(Group(*_screen(shown, tuple(troubles(shown)))), refresh=True)
                time.sleep(every)
    except KeyboardInterrupt:
        return


def look(state: Path) -> Shown:
    """Read it all anew: from the database, the lock and the daemon's sign of life."""
    now, path = datetime.now(UTC), database(state)
    with open_library(state) as library:
        overview = library.overview(now)
        pending, dead = library.deliveries("pending"), library.deliveries("dead")
        ruled = reviews(library)
    log = path.with_name(path.name + "-wal")
    return Shown(
        at=now,
        overview=overview,
        pending=pending,
        dead=dead,
        process=running_daemon(state),
        sign=last_sign(state),
        path=path,
        size=path.stat().st_size,
        log_size=log.stat().st_size if log.exists() else 0,
        reviews=ruled,
    )


def troubles(shown: Shown) -> Iterator[Trouble]:
    """What is not as it should be, the gravest first."""
    for channel in shown.overview.channels:
        if channel.dead:
            yield Trouble(level=2, says=f"{channel.dead} alerts for channel {channel.name} were given up")
        since = channel.failing_since
        if since and shown.at - since >= channel_patience:
            yield Trouble(
                level=2, says=f"channel {channel.name} fails since {stamp(since)}: {channel.answer}"
            )
    if shown.overview.storage_problem:
        yield Trouble(level=2, says=f"storage: {shown.overview.storage_problem}")
    yield from _daemon_troubles(shown)
    for one in shown.overview.standings:
        if one.fault and not one.paused:
            yield Trouble(
                level=1, says=f"{one.declaration.title} cannot be read: {one.fault}: {one.fault_message}"
            )


def _daemon_troubles(shown: Shown) -> Iterator[Trouble]:
    sign, active = shown.sign, [one for one in shown.overview.standings if not one.paused]
    if sign and shown.process is not None:
        if shown.at - sign.seen_at > late_sign:
            yield Trouble(level=2, says=f"the daemon has given no sign of life since {stamp(sign.seen_at)}")
        if sign.storage_trouble:
            yield Trouble(level=2, says=f"the daemon cannot write: {sign.storage_trouble}")
        if sign.config_problem:
            yield Trouble(level=2, says=f"the configuration on disk was refused: {sign.config_problem}")
        if sign.metrics_problem:
            yield Trouble(level=2, says=sign.metrics_problem)
    elif sign and not sign.stopped_at:
        later = [one for one in active if one.last_look and one.last_look > sign.seen_at + late_sign]
        if not later:
            yield Trouble(level=2, says=f"the daemon died; its last sign of life is of {stamp(sign.seen_at)}")
    if sign and sign.backup.failing_since:
        since = stamp(sign.backup.failing_since)
        yield Trouble(level=2, says=f"backups fail since {since}: {sign.backup.problem}")
    late = [one for one in active if shown.at - one.due_at > late_look]
    if late:
        names = ", ".join(one.declaration.title for one in late[:5])
        yield Trouble(level=2, says=f"nobody looks: {len(late)} are overdue by more than an hour: {names}")


def _as_json(shown: Shown, found: Sequence[Trouble], code: int) -> dict[str, object]:
    overview = shown.overview
    return {
        "at": shown.at,
        "exit_code": code,
        "troubles": found,
        "daemon_pid": shown.process,
        "daemon": shown.sign,
        "services": overview.standings,
        "channels": overview.channels,
        "database": {"path": str(shown.path), "bytes": shown.size, "log_bytes": shown.log_size},
        "looks_of_the_week": overview.looks,
        "changes_of_the_week": overview.changes,
        "pending": shown.pending,
        "dead": shown.dead,
        "rulings_to_review": shown.reviews,
    }


# --------------------------------------------------------------------------- for people


def _screen(shown: Shown, found: Sequence[Trouble]) -> Iterator[RenderableType]:
    yield _services(shown.overview.standings, shown.at)
    if shown.overview.channels:
        yield cell("")
        yield _channels(shown.overview.channels, shown.at)
    yield cell("")
    yield from map(cell, _lines(shown))
    for row in shown.dead:
        yield cell(f"  given up: {row.kind} {row.terms or ''} on {row.channel}: {row.answer}", "red")
    for one in shown.reviews:
        yield cell(f"To review: {review_line(one)}", "magenta")
    for trouble in found:
        yield cell(f"! {trouble.says}", "bold red" if trouble.level == 2 else "red")


def _services(standings: Sequence[Standing], now: datetime) -> RenderableType:
    found = table(
        "", "service", ">versions", "latest (UTC)", "last look", "last success", "next look", "state"
    )
    found.title = None
    for standing in standings:
        found.add_row(
            cell(standing.declaration.title),
            str(standing.versions),
            stamp(standing.latest.first_seen if standing.latest else None),
            _ago(standing.last_look, now),
            _ago(standing.last_success, now),
            "paused" if standing.paused else _ahead(standing.due_at, now),
            cell(*_state(standing, now)),
        )
    return found


_waits = {
    "": "a new text waits for its second look",
    "a change": "a new text waits for its second look",
    "a return": "a text that was there before waits until it has stayed",
    "an edition": "what looks like another region's edition waits until it has stayed for a week",
}


def _state(standing: Standing, now: datetime) -> tuple[str, str]:
    """What there is to say of a service in a few words, and its colour."""
    if standing.fault:
        since = f" for {span(now - standing.failing_since)}" if standing.failing_since else ""
        return f"{standing.fault}{since}: {standing.fault_message}", "red"
    if standing.waiting_since:
        return f"{_waits[standing.waiting_for]}, since {stamp(standing.waiting_since)}", "yellow"
    if standing.flapping_since:
        return f"two texts are served in turn, since {stamp(standing.flapping_since)}", "yellow"
    return ("ok", "green") if standing.last_success else ("not looked at yet", "dim")


def _channels(channels: Sequence[ChannelStanding], now: datetime) -> RenderableType:
    found = table("", "channel", ">to be sent", ">given up", "last sent", "state")
    found.title = None
    for one in channels:
        says, style = "ok" if one.last_sent else "not used yet", "green" if one.last_sent else "dim"
        if one.failing_since:
            says, style = f"fails for {span(now - one.failing_since)}: {one.answer}", "red"
        found.add_row(
            cell(one.name), str(one.pending), str(one.dead), _ago(one.last_sent, now), cell(says, style)
        )
    return found


def _lines(shown: Shown) -> Iterator[str]:
    overview = shown.overview
    yield (
        f"Alerts: {len(shown.pending)} to be sent, {len(shown.dead)} given up."
        f" Of the last 7 days: {overview.looks} looks, {overview.changes} changes."
    )
    yield f"Database: {shown.path}, {_size(shown.size)}, log {_size(shown.log_size)}."
    yield f"Daemon: {_daemon(shown)}."
    if shown.sign and shown.sign.backup.folder:
        backup = shown.sign.backup
        last = f"last whole copy {_ago(backup.last_at, shown.at)}" if backup.last_at else "none yet"
        yield f"Backups: {last}, in {backup.folder}."


def _daemon(shown: Shown) -> str:
    sign, now = shown.sign, shown.at
    if shown.process is not None:
        if sign is None or sign.pid != shown.process:
            return f"running, process {shown.process}"
        return (
            f"running, process {shown.process}, version {sign.version}, for {span(now - sign.started_at)};"
            f" last sign of life {_ago(sign.seen_at, now)}"
        )
    if sign and sign.stopped_at:
        return f"not running; the last one ended as it should {_ago(sign.stopped_at, now)}"
    return (
        "not running" if sign is None else f"not running; the last one died after {stamp(sign.seen_at)} UTC"
    )


def _size(count: int) -> str:
    return f"{count / 2**20:,.1f} MiB"


def _ago(when: datetime | None, now: datetime) -> str:
    return f"{span(now - when)} ago" if when else "never"


def _ahead(when: datetime, now: datetime) -> str:
    return "now" if when <= now else f"in {span(when - now)}"
