"""What is told of the channels on the other channels: failing, working again, letters given up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from monitor.decide.rules import Rules
from monitor.decide.times import counted, minute, stamp
from monitor.model import Alert, AlertKind
from monitor.ports import ChannelStanding, Overview


def channel_state(channel: ChannelStanding, overview: Overview, rules: Rules) -> Iterator[Alert]:
    if channel.failing_since is not None:
        if overview.at - channel.failing_since >= rules.channel_failing_for:
            yield _channel_alert(
                channel.name,
                stamp(channel.failing_since),
                overview.at,
                f"Channel {channel.name} has been failing since {minute(channel.failing_since)}.",
                (
                    f"{counted(channel.pending, 'alert waits', 'alerts wait')} for it.",
                    f"It says: {channel.answer}",
                ),
                (
                    ("since", channel.failing_since.isoformat()),
                    ("pending", str(channel.pending)),
                    ("answer", channel.answer),
                ),
            )
    elif channel.failed_since is not None:
        since = stamp(channel.failed_since)
        if f"{AlertKind.CHANNEL_FAILING}:{channel.name}:{since}" in overview.announced:
            yield _channel_alert(
                channel.name,
                f"{since}:over",
                overview.at,
                f"Channel {channel.name} works again.",
                (),
                (("since", channel.failed_since.isoformat()), ("over", "yes")),
            )


def _channel_alert(
    name: str,
    key: str,
    at: datetime,
    notice: str,
    details: tuple[str, ...],
    facts: tuple[tuple[str, str], ...],
) -> Alert:
    return Alert(
        key=f"{AlertKind.CHANNEL_FAILING}:{name}:{key}",
        kind=AlertKind.CHANNEL_FAILING,
        at=at,
        notice=notice,
        details=details,
        facts=(("channel", name), *facts),
    )


def dead_letters(overview: Overview) -> Iterator[Alert]:
    """Letters given up: each is covered by a notice, at most one a day; weekly while any is left."""
    by_channel: dict[str, list[int]] = {}
    for row in overview.dead:
        by_channel.setdefault(row.channel, []).append(row.id)
    for name, ids in by_channel.items():
        covered, days = _covered(name, overview.announced)
        today = overview.at.date().isoformat()
        a_week_ago = (overview.at - timedelta(days=7)).date().isoformat()
        new = max(ids) > covered and today not in days
        if not (new or max(days, default="") <= a_week_ago):
            continue
        keys = [row.alert_key for row in overview.dead if row.channel == name]
        answer = next(
            (row.answer for row in reversed(overview.dead) if row.channel == name and row.answer), ""
        )
        yield _channel_alert(
            name,
            f"dead:{today}:{max(ids)}",
            overview.at,
            f"{counted(len(ids), 'alert')} could not be delivered over channel {name} and"
            f" {'is' if len(ids) == 1 else 'are'} given up.",
            (
                *(f"not delivered: {key}" for key in keys[:20]),
                f"It says: {answer}",
                "alerts retry sends them again.",
            ),
            (("dead", str(len(ids))), *(("alert", key) for key in keys[:20]), ("answer", answer)),
        )


def _covered(name: str, announced: Iterable[str]) -> tuple[int, set[str]]:
    """The highest delivery told of as dead on a channel, and the days on which that was done."""
    prefix = f"{AlertKind.CHANNEL_FAILING}:{name}:dead:"
    told = [key.removeprefix(prefix).partition(":") for key in announced if key.startswith(prefix)]
    return max((int(highest) for _, _, highest in told), default=0), {day for day, _, _ in told}
