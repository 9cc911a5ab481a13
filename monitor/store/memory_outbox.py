"""The outbox of the store without a file: alerts, letters on their way, channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from monitor.model import Alert, AlertKind, Decision, Delivered, Delivery, Fault, Outcome
from monitor.ports import ChannelStanding, DeliveryRow, RecentChange
from monitor.store import outbox


@dataclass
class Letter:
    """A delivery on its way; `["name"]` as a row of the database, for `outbox.grouped`."""

    id: int
    alert: Alert
    channel: str
    next_at: datetime | None
    not_before: datetime | None = None
    state: str = "pending"
    attempts: int = 0
    refusals: int = 0
    repeat: bool = False
    alone: bool = False
    leader: int | None = None
    first_tried_at: datetime | None = None
    claimed_until: datetime | None = None
    answer: str = ""

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)


@dataclass
class ChannelNotes:
    """What is remembered of a channel."""

    configured: bool = True
    last_sent: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    answer: str = ""
    failed_since: datetime | None = None
    recovered_at: datetime | None = None

    def note(self, delivered: Delivered) -> None:
        if isinstance(delivered.result, Fault):
            self.failing_since = self.failing_since or delivered.at
            self.failures, self.answer = self.failures + 1, delivered.result.message
            return
        if self.failing_since:
            self.failed_since, self.recovered_at = self.failing_since, delivered.at
        self.last_sent, self.failing_since, self.failures, self.answer = delivered.at, None, 0, ""


class Outbox:
    """Alerts by key, and a letter for each of their channels."""

    def __init__(self) -> None:
        self.alerts: dict[str, Alert] = {}
        self._letters: dict[int, Letter] = {}
        self._holds: dict[str, tuple[datetime, bool]] = {}
        self._channels: dict[str, ChannelNotes] = {}

    def let_go(self) -> None:
        """What is being sent may or may not have arrived."""
        for letter in self._letters.values():
            if letter.state == "sending":
                letter.state, letter.repeat = "pending", True

    def shorten_waits(self, now: datetime) -> None:
        """No claim, back-off or first attempt is further ahead than one of `now`."""
        for letter in self._letters.values():
            letter.claimed_until = letter.claimed_until and min(letter.claimed_until, now + outbox.lease)
            letter.first_tried_at = letter.first_tried_at and min(letter.first_tried_at, now)
            if letter.state == "pending" and letter.attempts and letter.next_at:
                letter.next_at = min(letter.next_at, now + outbox.longest_asked_pause)

    def configure(self, channels: Sequence[str]) -> None:
        for notes in self._channels.values():
            notes.configured = False
        for name in channels:
            self._channels.setdefault(name, ChannelNotes()).configured = True

    def moments(self) -> list[datetime]:
        """When there is something to do."""
        found = []
        for letter in self._letters.values():
            at = {"pending": letter.next_at, "sending": letter.claimed_until}.get(letter.state)
            found += [at] if at else []
        return found

    def announce(self, decision: Decision) -> int:
        fresh = {one.key: one for one in reversed(decision.alerts) if one.key not in self.alerts}
        for alert in dict.fromkeys(one.key for one in decision.alerts if one.key in fresh):
            self._post(fresh[alert], decision)
        for key, until in decision.hold.items():
            if key in self.alerts and key not in self._holds:
                self._holds[key] = (until, False)
                for letter in self._letters_of(key):
                    letter.next_at = max(letter.next_at or until, until)
        return len(fresh)

    def _post(self, alert: Alert, decision: Decision) -> None:
        self.alerts[alert.key] = alert
        for channel in dict.fromkeys(decision.routes.get(alert.key, ())):
            earliest = decision.not_before.get((alert.key, channel))
            later = earliest if earliest and earliest > alert.at else None
            number = len(self._letters) + 1
            self._letters[number] = Letter(
                id=number, alert=alert, channel=channel, next_at=later or alert.at, not_before=later
            )

    def _letters_of(self, key: str) -> list[Letter]:
        return [one for one in self._letters.values() if one.alert.key == key and one.state == "pending"]

    def release(self, keys: Sequence[str] | None, now: datetime) -> int:
        held = [
            key
            for key, (until, released) in self._holds.items()
            if not released and until > now and (keys is None or key in keys)
        ]
        for key in held:
            self._holds[key] = (self._holds[key][0], True)
            for letter in self._letters_of(key):
                letter.next_at = now
        return len(held)

    def undelivered(self, now: datetime, batch: int, head: str) -> Sequence[Delivery]:
        for letter in self._letters.values():
            if letter.state == "sending" and letter.claimed_until and letter.claimed_until <= now:
                letter.state, letter.repeat, letter.next_at = "pending", True, letter.claimed_until
        ready = [
            one
            for one in self._letters.values()
            if one.state == "pending" and one.leader is None and one.next_at and one.next_at <= now
        ]
        ready.sort(key=lambda one: (one.channel, one.next_at, one.id))
        groups = [
            group for _, own in groupby(ready, lambda one: one.channel) for group in outbox.grouped(list(own))
        ]
        groups.sort(key=lambda group: (group[0].next_at, group[0].id))
        return [self._claim(group, now, head) for group in groups[:batch]]

    def _claim(self, group: list[Letter], now: datetime, head: str) -> Delivery:
        first = group[0]
        others = [one for one in self._letters.values() if one.leader == first.id] + group[1:]
        for one in others:
            one.leader = first.id
        for one in (first, *others):
            one.state, one.attempts, one.claimed_until = "sending", one.attempts + 1, now + outbox.lease
            one.first_tried_at = one.first_tried_at or now
        return Delivery(
            id=first.id,
            alert=first.alert,
            channel=first.channel,
            attempt=first.attempts,
            repeat=any(one.repeat for one in (first, *others)),
            also=tuple(one.alert for one in others),
            head=head,
        )

    def close(self, delivered: Delivered) -> Outcome:
        first = self._letters.get(delivered.id)
        if first is None or first.state != "sending":
            return Outcome.STALE
        together = [
            one for one in self._letters.values() if one.leader == first.id and one.state == "sending"
        ]
        assert first.first_tried_at is not None
        done = outbox.after(
            delivered,
            attempts=first.attempts,
            refusals=first.refusals,
            repeat=first.repeat,
            first_tried_at=first.first_tried_at,
        )
        split = bool(together) and outbox.is_refusal(delivered)
        for one in (first, *together):
            one.state, one.next_at, one.refusals = done.state, done.next_at, done.refusals
            one.repeat, one.answer = done.repeat, done.answer
            if split:
                one.state, one.next_at, one.refusals, one.alone = "pending", delivered.at, 0, True
            if split or done.state != "pending":
                one.leader = None
        self._channels.setdefault(first.channel, ChannelNotes(configured=False)).note(delivered)
        if done.state == "sent":
            return Outcome.DELIVERED
        return Outcome.RETRY if done.state == "pending" or split else Outcome.DEAD

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        dead = [
            one for one in self._letters.values() if one.state == "dead" and (ids is None or one.id in ids)
        ]
        for one in dead:
            one.state, one.next_at, one.attempts, one.refusals, one.alone = "pending", now, 0, 0, True
            one.first_tried_at = None
        return len(dead)

    def rows(self, state: str | None) -> list[DeliveryRow]:
        return [
            DeliveryRow(
                id=one.id,
                alert_key=one.alert.key,
                alert_at=one.alert.at,
                kind=one.alert.kind.value,
                terms=one.alert.terms,
                channel=one.channel,
                state=one.state,
                attempts=one.attempts,
                next_at=one.next_at if one.state in {"pending", "sending"} else None,
                answer=one.answer,
            )
            for one in self._letters.values()
            if state in (None, one.state)
        ]

    def standings(self) -> list[ChannelStanding]:
        return [
            ChannelStanding(
                name=name,
                pending=self._count(name, "pending") + self._count(name, "sending"),
                dead=self._count(name, "dead"),
                last_sent=notes.last_sent,
                failing_since=notes.failing_since,
                failures=notes.failures,
                answer=notes.answer,
                failed_since=notes.failed_since,
                recovered_at=notes.recovered_at,
            )
            for name, notes in sorted(self._channels.items())
            if notes.configured
        ]

    def _count(self, channel: str, state: str) -> int:
        return sum(one.channel == channel and one.state == state for one in self._letters.values())

    def recent_changes(self, now: datetime) -> list[RecentChange]:
        return [
            RecentChange(
                key=alert.key,
                terms=alert.terms,
                at=alert.at,
                waiting=not any(
                    one.alert.key == alert.key and one.state == "sent" for one in self._letters.values()
                ),
                released=self._holds.get(alert.key, (now, False))[1],
            )
            for alert in self.alerts.values()
            if alert.kind is AlertKind.CHANGE and alert.terms and alert.at >= now - timedelta(days=1)
        ]
