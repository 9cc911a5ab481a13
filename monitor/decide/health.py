"""Are we well? What an outside party is told at every heartbeat. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from monitor.decide.rules import Rules
from monitor.ports import Overview


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`healthy` is False where an alert may not get through, or a look may not be made. `text`: a line a fact."""

    healthy: bool
    text: str


def health(overview: Overview, rules: Rules, stalled: Collection[str] = ()) -> Health:
    """How the monitor itself is. A policy that cannot be read is news, told by an alert, and no illness of ours.

    `stalled` names the beats of the daemon that have not been heard for too long.
    """
    found = tuple(_troubles(overview, rules, stalled))
    watched = [standing for standing in overview.standings if not standing.paused]
    failing = sum(1 for standing in watched if standing.failing_since is not None)
    summary = (
        f"{len(watched)} watched, {failing} cannot be read,"
        f" {overview.pending} alerts waiting, {len(overview.dead)} alerts given up"
    )
    return Health(healthy=not found, text="\n".join((summary, *found)))


def unwell(trouble: str) -> Health:
    """What is told where the state of things cannot even be read."""
    return Health(healthy=False, text=trouble)


def _troubles(overview: Overview, rules: Rules, stalled: Collection[str]) -> Iterator[str]:
    if overview.dead:
        channels = ", ".join(sorted({row.channel for row in overview.dead}))
        yield f"alerts were given up on: {channels}"
    for channel in overview.channels:
        since = channel.failing_since
        if since is not None and overview.at - since >= rules.channel_failing_for:
            yield f"channel {channel.name} fails since {since.isoformat(timespec='minutes')}"
    if overview.storage_problem:
        yield f"storage: {overview.storage_problem}"
    for name in stalled:
        yield f"stalled: {name}"
