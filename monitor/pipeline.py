"""The whole story on a page: take what is pending, work on it anywhere, put it back in one transaction.

::

    outdated    -> reread  -> record     a new recipe over stored snapshots: a technical upgrade, no alarm
    due         -> visit   -> record     fetch, extract, plausibility; a change is confirmed before it counts
    unexamined  -> examine -> settle     diff, audit, decide; alerts are rows of this same transaction
    overview    -> notices -> announce   what must be said that is not a change: unreachable, recovered ...
    undelivered -> deliver -> close      send, or back off and try again; give up loudly

The database is the schedule and the queue: kill the monitor at any write, and the next tick finishes
the story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.decide import Rules, decide, notices
from monitor.model import Delivery, Outcome
from monitor.ports import Kit, Spread, Store
from monitor.steps import (
    by_host,
    deliver,
    examine,
    lost_delivery,
    lost_examination,
    lost_rereading,
    lost_visits,
    reread,
    visit_host,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A store, a way to spread work, and the settings a tick needs.

    `pack` adds to a delivery what its channel wants attached; it never raises.
    `looking`, if any, spreads the looks: they may then outlast a tick, and come back from a later one.
    """

    store: Store
    spread: Spread
    looking: Spread | None = None
    kit: Kit
    rules: Rules
    batch: int = 50
    pack: Callable[[Delivery], Delivery] = lambda delivery: delivery


def tick(m: Monitor, now: datetime) -> Counter[Outcome]:
    """Do what is due: fetch -> extract -> store -> diff -> audit -> alert."""
    return poll(m, now) + send(m, now)


def poll(m: Monitor, now: datetime) -> Counter[Outcome]:
    """Everything up to the alerts, which are rows by then."""
    done: Counter[Outcome] = Counter()
    for visited in m.spread(partial(reread, now=now), m.store.outdated(now, m.batch), lost_rereading(now)):
        done[m.store.record(visited)] += 1
    hosts = by_host(m.store.due(now, m.batch))
    look = m.looking or m.spread
    for visits in look(partial(visit_host, kit=m.kit, now=now), hosts, lost_visits(now)):
        for visited in visits:
            done[m.store.record(visited)] += 1
    for examination in m.spread(partial(examine, kit=m.kit), m.store.unexamined(m.batch), lost_examination):
        done[m.store.settle(examination, decide(examination, m.rules))] += 1
    m.store.announce(notices(m.store.overview(now), m.rules))
    return done


def send(m: Monitor, now: datetime) -> Counter[Outcome]:
    """Send what is to be said; apart from `poll`, so that a slow channel never delays a look."""
    done: Counter[Outcome] = Counter()
    for delivered in m.spread(
        partial(deliver, kit=m.kit, now=now),
        map(m.pack, m.store.undelivered(now, m.batch)),
        lost_delivery(now),
    ):
        done[m.store.close_delivery(delivered)] += 1
    return done
