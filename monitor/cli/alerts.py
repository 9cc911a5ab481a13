"""alerts: what was said to whom, what could not be, and why; sending again; trying a channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from monitor.app import open_store, prepared
from monitor.cli.context import json_option, library, settings
from monitor.cli.output import cell, console, print_json, stamp, table
from monitor.config import Heartbeat, Settings
from monitor.decide import explain
from monitor.errors import NotFound, UsageError
from monitor.model import Alert, AlertKind, Delivery, Fault
from monitor.notify.heartbeat import beat
from monitor.ports import DeliveryRow
from monitor.steps import deliver
from monitor.store.sqlite import SqliteStore
from monitor.text.clean import clean


@click.group()
def alerts() -> None:
    """What was said to whom, what could not be, and why."""


@alerts.command("list")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=30, show_default=True)
@click.option(
    "--state",
    type=click.Choice(["pending", "sending", "sent", "dead"]),
    help="Only deliveries in this state.",
)
@json_option
@click.pass_context
def list_(ctx: click.Context, limit: int, state: str | None, as_json: bool) -> None:
    """List deliveries, the latest first."""
    _print_deliveries(library(ctx).deliveries(state, limit), as_json)


@alerts.command()
@json_option
@click.pass_context
def dead(ctx: click.Context, as_json: bool) -> None:
    """List deliveries that were given up. Exit code 2 if there are any."""
    rows = library(ctx).deliveries("dead")
    _print_deliveries(rows, as_json)
    ctx.exit(2 if rows else 0)


def _print_deliveries(rows: Sequence[DeliveryRow], as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    found = table(
        "", ">id", "alert (UTC)", "kind", "service", "channel", "state", ">tries", "next try", "answer"
    )
    found.title = None
    for row in rows:
        found.add_row(
            str(row.id),
            stamp(row.alert_at),
            row.kind,
            str(row.terms or ""),
            cell(row.channel),
            cell(row.state, {"dead": "red", "sent": "green"}.get(row.state, "yellow")),
            str(row.attempts),
            stamp(row.next_at) if row.state == "pending" else "",
            cell(row.answer),
        )
    console().print(found)


@alerts.command()
@click.argument("key")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@json_option
@click.pass_context
def show(ctx: click.Context, key: str, language: Literal["en", "zh"], as_json: bool) -> None:
    """Show an alert as it is told. KEY: its id, or the beginning of it, or the id of a delivery."""
    alert = _alert(library(ctx), key)
    if as_json:
        print_json(alert)
        return
    from monitor.render.message import message

    click.echo(clean(message(alert, language, repeat=False).text))


def _alert(store: SqliteStore, key: str) -> Alert:
    if key.isdigit():
        key = next((row.alert_key for row in store.deliveries() if row.id == int(key)), key)
    found = [alert for alert in store.alerts() if alert.key.startswith(key)]
    if not found:
        raise NotFound(f"no alert {key!r}: see `policy-monitor alerts list --json`")
    if len(found) > 1 and key not in {alert.key for alert in found}:
        raise NotFound(f"{len(found)} alerts begin with {key!r}: give more of the id")
    return next((alert for alert in found if alert.key == key), found[0])


@alerts.command()
@click.argument("key")
@click.argument("file", required=False, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_context
def evidence(ctx: click.Context, key: str, file: Path | None) -> None:
    """Write the evidence of a change as a ZIP file: texts, pages as sent, comparison, looks, digests.

    KEY as in `alerts show`. FILE: where to; without it, a name made of service and version in this folder.
    The package says itself how it can be checked.
    """
    store = library(ctx)
    alert = _alert(store, key)
    from monitor.render.attach import file_stem
    from monitor.render.evidence import package

    target = file or Path(f"{file_stem(alert)}-evidence.zip")
    content = package(store, alert, store.head())
    try:
        target.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from None
    click.echo(f"{target}: {len(content):,} bytes; README.txt in it says how to check it")


@alerts.command("explain")
@click.argument("key")
@json_option
@click.pass_context
def explain_(ctx: click.Context, key: str, as_json: bool) -> None:
    """Say who would get an alert by the rules of now, when, and why the others would not. Sends nothing."""
    explained = explain(_alert(library(ctx), key), prepared(settings(ctx)).rules)
    if as_json:
        print_json(explained)
        return
    found = table("", "channel", "gets it", "when (UTC)", "by", "because")
    found.title = None
    for one in explained:
        found.add_row(
            cell(one.channel),
            cell("yes" if one.gets else "no", "green" if one.gets else "red"),
            stamp(one.when) if one.when else "",
            cell(one.rule),
            cell("; ".join(one.reasons)),
        )
    console().print(found)


@alerts.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All that were given up.")
@click.pass_context
def retry(ctx: click.Context, ids: tuple[int, ...], everything: bool) -> None:
    """Queue deliveries that were given up to be sent again, by id (see `alerts dead`)."""
    if bool(ids) == everything:
        raise click.UsageError("name delivery ids, or --all")
    count = open_store(settings(ctx)).retry(ids or None, datetime.now(UTC))
    click.echo(f"{count} deliver{'y' if count == 1 else 'ies'} queued; the daemon or the next `check` sends.")


@alerts.command()
@click.pass_context
def release(ctx: click.Context) -> None:
    """Send at once what is held because so many services changed that the fault seemed to be ours."""
    count = open_store(settings(ctx)).release(None, datetime.now(UTC))
    click.echo(
        f"{count} deliver{'y' if count == 1 else 'ies'} released; the daemon or the next `check` sends."
    )


@alerts.command()
@click.argument("channels", nargs=-1)
@click.pass_context
def test(ctx: click.Context, channels: tuple[str, ...]) -> None:
    """Send a test message over the named channels, or all, now, and show what each answered.

    Without names the heartbeat is tried, too, where one is configured.
    """
    known = prepared(settings(ctx))
    names = [channel.name for channel in known.channels]
    for name in channels:
        if name not in names:
            raise NotFound(f"no channel {name!r}; there are: {', '.join(names) or 'none'}")
    if not names and not known.heartbeat:
        raise NotFound("no channel is configured: see docs/how-to/alerts.md")
    failed = [name for name in channels or names if not _try(known, name)]
    if not channels and known.heartbeat and not _try_heartbeat(known.heartbeat, known.kit.user_agent):
        failed.append("heartbeat")
    ctx.exit(1 if failed else 0)


def _try_heartbeat(heartbeat: Heartbeat, user_agent: str) -> bool:
    told = beat(heartbeat.url, healthy=True, text="a test of the heartbeat", user_agent=user_agent)
    if isinstance(told, Fault):
        console().print(cell(told.message, "red"))
        return False
    console().print(cell(f"heartbeat: {told.answer}", "green"))
    return True


def _try(known: Settings, name: str) -> bool:
    now = datetime.now(UTC)
    alert = Alert(
        key=f"test:{name}:{now:%Y%m%dT%H%M%S}",
        kind=AlertKind.TEST,
        at=now,
        notice=f"This is a test of the channel {name}: alerts of policy-monitor will arrive here.",
        facts=(("channel", name),),
    )
    delivered = deliver(Delivery(id=0, alert=alert, channel=name, attempt=1), known.kit, now)
    if isinstance(delivered.result, Fault):
        console().print(cell(f"{name}: refused: {delivered.result.message}", "red"))
        return False
    console().print(cell(f"{name}: {delivered.result.answer}", "green"))
    return True
