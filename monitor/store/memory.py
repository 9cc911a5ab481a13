"""The store without a file: the same promises kept in plain dictionaries, for tests and trials.

It keeps nothing for a later process, and its chain is as long as its life; all else is as in SQLite,
and one conformance suite holds both to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from monitor.errors import NotFound, StoreError
from monitor.identity import Judgement, Memory, Patience, judge
from monitor.model import (
    Alert,
    AlertKind,
    Cause,
    Decision,
    Declaration,
    Delivered,
    Delivery,
    Examination,
    Exchange,
    Fault,
    Outcome,
    Pending,
    Reading,
    Stale,
    Target,
    TermsId,
    Unchanged,
    Version,
    Visit,
)
from monitor.ports import (
    Damage,
    DeliveryRow,
    Look,
    NextDue,
    Overview,
)
from monitor.store import views
from monitor.store.memory_auditing import MemoryAuditing
from monitor.store.memory_library import Watch
from monitor.store.memory_outbox import Outbox
from monitor.store.policy import (
    exchanges_of,
    gap,
    lease,
    next_look,
    rereading_time,
    said_by,
    validators_of,
    validators_to_send,
)
from monitor.store.rows import summary
from monitor.store.views import last


class MemoryStore(MemoryAuditing):
    """Both sides, `Store` and `Library`, in this process."""

    def __init__(self, *, patience: Patience | None = None, next_due: NextDue) -> None:
        super().__init__()
        self._outbox = Outbox()
        self._patience = patience or Patience()
        self._next_due = next_due
        self._seq = count(1)
        self._head = (0, "0" * 64)
        self._alive_at: datetime | None = None
        self._away: tuple[datetime, datetime] | None = None

    def close(self) -> None:
        """Let go of all claims."""
        for watch in self._watches.values():
            watch.claimed_until = None
        self._outbox.let_go()

    def reopened(self) -> MemoryStore:
        """The same store as a later life would find it."""
        return self

    def _link(self, *said: object) -> int:
        seq = next(self._seq)
        self._head = (seq, hashlib.sha256(f"{self._head[1]}{said!r}".encode()).hexdigest())
        return seq

    def _watch(self, terms: TermsId) -> Watch:
        found = self._watches.get(terms)
        if found is None:
            raise StoreError(f"{terms} is not in the database")
        return found

    # ------------------------------------------------------------------ watching

    def declare(
        self,
        declarations: Sequence[Declaration],
        recipes: Mapping[TermsId, str],
        channels: Sequence[str],
        now: datetime,
    ) -> None:
        named = {one.terms for one in declarations}
        for terms, watch in self._watches.items():
            watch.retired = watch.retired or terms not in named
        for one in declarations:
            self._declare(one, recipes[one.terms], now)
        self._outbox.configure(channels)
        self._note_presence(now)

    def _declare(self, declaration: Declaration, recipe: str, now: datetime) -> None:
        known = self._watches.get(declaration.terms)
        if known is None:
            fresh = Watch(declaration=declaration, recipe=recipe, declared_at=now, due_at=now)
            self._watches[declaration.terms] = fresh
        elif (known.declaration, known.recipe) != (declaration, recipe):
            known.declaration, known.recipe, known.retired = declaration, recipe, False
            known.due_at, known.validators = now, ()
            known.stale_at = rereading_time(known.state, recipe, known.latest, now)
        elif known.retired:
            known.retired, known.due_at = False, now

    def _note_presence(self, now: datetime) -> None:
        missed = min((one.due_at for one in self._active() if not one.paused), default=None)
        self._away = gap(self._alive_at, missed, now) or self._away
        self._alive_at = now

    def outdated(self, now: datetime, batch: int) -> Sequence[Stale]:
        stale = [one for one in self._active() if one.stale_at is not None and one.stale_at <= now]
        found = []
        for watch in stale[:batch]:
            assert watch.latest is not None
            one = Stale(
                declaration=watch.declaration,
                version=watch.latest,
                recipe=watch.recipe,
                snapshots=watch.readings[watch.latest.number].snapshots,
                volatile=frozenset(watch.state.volatile),
            )
            found.append(one)
        return found

    def due(self, now: datetime, batch: int) -> Sequence[Target]:
        self._note_presence(now)
        ready = [
            watch
            for watch in self._active()
            if not watch.paused and watch.due_at <= now and (watch.claimed_until or now) <= now
        ]
        ready.sort(key=lambda watch: watch.due_at)
        for watch in ready[:batch]:
            watch.claimed_until = now + lease
        return [self._target(watch, now) for watch in ready[:batch]]

    def _target(self, watch: Watch, now: datetime) -> Target:
        return Target(
            declaration=watch.declaration,
            recipe=watch.recipe,
            latest=watch.latest,
            validators=validators_to_send(
                watch.declaration, watch.latest, watch.state, watch.validators, watch.asked_whole_at, now
            ),
            volatile=frozenset(watch.state.volatile),
            failures=watch.state.streak.failures if watch.state.streak else 0,
        )

    def expedite(self, terms: Sequence[TermsId] | None, now: datetime) -> int:
        chosen = [one for one in self._active() if not one.paused] if terms is None else self._named(terms)
        for watch in chosen:
            watch.due_at = now
        return len(chosen)

    def reschedule(self, due: Mapping[TermsId, datetime], now: datetime) -> int:
        for watch in self._watches.values():
            watch.claimed_until = watch.claimed_until and min(watch.claimed_until, now + lease)
        self._outbox.shorten_waits(now)
        chosen = [
            (watch, due[watch.declaration.terms]) for watch in self._named(tuple(due)) if not watch.paused
        ]
        for watch, at in chosen:
            watch.due_at = at
        return len(chosen)

    def pause(self, terms: Sequence[TermsId], paused: bool) -> int:
        chosen = self._named(terms)
        for watch in chosen:
            watch.paused = paused
            if not paused and self._alive_at:
                watch.due_at = max(watch.due_at, self._alive_at)
        return len(chosen)

    def _named(self, terms: Sequence[TermsId]) -> list[Watch]:
        return [watch for watch in map(self._watch, terms) if not watch.retired]

    def next_time(self) -> datetime | None:
        moments = [
            max(one.due_at, one.claimed_until or one.due_at) for one in self._active() if not one.paused
        ]
        moments += [one.stale_at for one in self._active() if one.stale_at]
        moments += [version.recorded_at for version in self._waiting()]
        moments += self._outbox.moments()
        return min(moments, default=None)

    # ------------------------------------------------------------------ recording

    def record(self, visit: Visit) -> Outcome:
        watch = self._watches.get(visit.terms)
        if watch is None or watch.retired:
            return Outcome.STALE
        judgement = judge(self._memory(watch), visit, self._patience)
        if visit.reread is None:
            self._look(watch, visit, judgement)
        if judgement.version:
            self._add_version(watch, judgement.version, visit.result)
        if judgement.remark is not None and watch.versions:
            watch.versions[-1] = replace(watch.versions[-1], recipe=visit.recipe or watch.recipe)
        if judgement.keep_text and isinstance(visit.result, Reading):
            watch.drafts.setdefault(visit.result.sha256, visit.result)
        watch.state = judgement.state
        watch.stale_at = rereading_time(watch.state, watch.recipe, watch.latest, visit.at)
        watch.drafts = {
            sha256: draft for sha256, draft in watch.drafts.items() if sha256 in said_by(watch.state)
        }
        if visit.reread is None:
            self._schedule(watch, visit, judgement)
        return judgement.outcome

    def _memory(self, watch: Watch) -> Memory:
        def text(sha256: str) -> str:
            known = {
                reading.sha256: reading.text for reading in [*watch.readings.values(), *watch.drafts.values()]
            }
            if sha256 not in known:
                raise NotFound(f"no text with digest {sha256} is stored")
            return known[sha256]

        seen = {version.key: version.number for version in watch.versions}
        return Memory(state=watch.state, latest=watch.latest, seen=seen, text=text)

    def _look(self, watch: Watch, visit: Visit, judgement: Judgement) -> None:
        result, version = visit.result, judgement.version or watch.latest
        proof = tuple(_rounded(exchange) for exchange in exchanges_of(result))
        text = result.sha256 if isinstance(result, Reading) else None
        if isinstance(result, Unchanged) and version:
            text = version.text_sha256
        look = Look(
            seq=self._link("look", visit.terms, visit.at, judgement.outcome, proof),
            terms=visit.terms,
            at=visit.at,
            outcome=judgement.outcome.value,
            message=result.message if isinstance(result, Fault) else "",
            version=version.number if version else None,
            text_sha256=text,
            exchanges=tuple(map(summary, proof)),
            fault=result.kind.value if isinstance(result, Fault) else None,
            not_modified=isinstance(result, Unchanged) and result.not_modified,
            proof=proof,
            chain=self._head[1],
        )
        self._looks.append(look)
        if isinstance(result, Fault) and result.content:
            self._quarantine[look.seq] = result.content

    def _add_version(self, watch: Watch, version: Version, result: object) -> None:
        reading = watch.drafts.get(version.text_sha256)
        if reading is None or tuple(one.sha256 for one in reading.snapshots) != version.snapshots:
            if not isinstance(result, Reading) or result.sha256 != version.text_sha256:
                raise StoreError(f"{version.terms}: the waiting text is no longer there")
            reading = result
        watch.versions.append(version)
        watch.readings[version.number] = reading
        self._history.append(version)
        self._link("version", version)

    def _schedule(self, watch: Watch, visit: Visit, judgement: Judgement) -> None:
        result, state = visit.result, judgement.state
        asked = result.retry_after if isinstance(result, Fault) else None
        failures = state.streak.failures if state.streak else 0
        asked_meanwhile = watch.claimed_until is not None and watch.due_at > visit.at
        if not asked_meanwhile:
            watch.due_at = next_look(
                self._next_due, watch.declaration, visit.at, failures, judgement.look_again, asked
            )
        watch.claimed_until = None
        if isinstance(result, Reading) or (isinstance(result, Unchanged) and not result.not_modified):
            watch.asked_whole_at = visit.at
            watch.validators = validators_of(exchanges_of(result))

    # ------------------------------------------------------------------ examining

    def _waiting(self) -> list[Version]:
        """The earliest version of each policy that is not examined."""
        found: dict[TermsId, Version] = {}
        for version in self._history:
            if version.number not in self._watches[version.terms].examinations:
                found.setdefault(version.terms, version)
        return list(found.values())

    def unexamined(self, batch: int) -> Sequence[Pending]:
        return [self._pending(version) for version in self._waiting()[:batch]]

    def _pending(self, version: Version) -> Pending:
        watch = self._watches[version.terms]
        previous = watch.versions[version.number - 2] if version.number > 1 else None
        before = watch.examinations.get(version.number - 1)
        return Pending(
            declaration=watch.declaration,
            version=watch.versions[version.number - 1],
            text=watch.readings[version.number].text,
            links=watch.readings[version.number].links,
            previous=previous,
            previous_text=watch.readings[previous.number].text if previous else None,
            previous_audits=tuple(self.audits(previous.terms, previous.number))
            if previous and before
            else (),
            rulings=tuple(self.rulings(version.terms)),
        )

    def settle(self, examination: Examination, decision: Decision) -> Outcome:
        version = examination.pending.version
        watch = self._watch(version.terms)
        if version.number > len(watch.versions):
            raise StoreError(f"{version.terms} has no version {version.number} to settle")
        if version.number in watch.examinations:
            return Outcome.STALE
        watch.examinations[version.number] = examination
        self._link("examination", examination)
        self.announce(decision)
        return Outcome.EXAMINED if examination.fault is None else Outcome.EXAMINATION_FAILED

    # ------------------------------------------------------------------ sending

    def announce(self, decision: Decision) -> int:
        return self._outbox.announce(decision)

    def release(self, keys: Sequence[str] | None, now: datetime) -> int:
        return self._outbox.release(keys, now)

    def undelivered(self, now: datetime, batch: int) -> Sequence[Delivery]:
        claimed = self._outbox.undelivered(now, batch, self.head())
        return [
            replace(one, alert=self._told(one.alert), also=tuple(map(self._told, one.also)))
            for one in claimed
        ]

    def close_delivery(self, delivered: Delivered) -> Outcome:
        return self._outbox.close(delivered)

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        return self._outbox.retry(ids, now)

    def alerts(self, limit: int | None = None) -> Sequence[Alert]:
        return last(list(self._outbox.alerts.values()), limit)

    def deliveries(self, state: str | None = None, limit: int | None = None) -> Sequence[DeliveryRow]:
        return last(self._outbox.rows(state), limit)

    def dead(self) -> Sequence[DeliveryRow]:
        return self.deliveries("dead")

    # ------------------------------------------------------------------ overview

    def overview(self, now: datetime) -> Overview:
        week_ago = now - timedelta(days=7)
        alerts = self._outbox.alerts.values()
        baselines = [one.at for one in alerts if one.kind is AlertKind.BASELINE]
        return Overview(
            at=now,
            standings=tuple(self.standings()),
            pending=len(self._outbox.rows("pending")) + len(self._outbox.rows("sending")),
            dead=tuple(self.dead()),
            channels=tuple(self._outbox.standings()),
            announced=frozenset(one.key for one in alerts if one.kind not in views.change_kinds),
            baseline_at=min(baselines, default=None),
            recent_changes=tuple(self._outbox.recent_changes(now)),
            looks=sum(look.at > week_ago for look in self._looks),
            changes=sum(one.cause is Cause.CHANGE and one.recorded_at > week_ago for one in self._history),
            away_from=self._away[0] if self._away else None,
            away_until=self._away[1] if self._away else None,
        )

    def head(self) -> str:
        return f"{self._head[0]}:{self._head[1]}"

    def verify(self) -> Iterator[Damage]:
        """Nothing in memory can be damaged behind our back."""
        yield from ()


def _rounded(exchange: Exchange) -> Exchange:
    return replace(exchange, seconds=round(exchange.seconds * 1000) / 1000)
