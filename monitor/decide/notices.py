"""All that must be said and is not a change, as a function of how everything stands. Pure.

Each alert has a key that is unique for ever and made of what happened, not of when it was noticed:
calling this at every tick tells everything once. The keys of what was announced already come with
the overview, and are left out here to save the store the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.decide.notices_channels import channel_state, dead_letters
from monitor.decide.notices_machine import digest, hold, machine, own_fault
from monitor.decide.notices_services import baseline, changed_state, failing
from monitor.decide.routing import decision
from monitor.decide.rules import Rules
from monitor.model import Alert, Decision
from monitor.ports import Overview


def notices(overview: Overview, rules: Rules) -> Decision:
    """Alerts about the state of things whose news is not out yet, with routes; and what is to be held."""
    found = [alert for alert in _all(overview, rules) if alert.key not in overview.announced]
    return replace(decision(found, rules), hold=hold(overview, rules))


def _all(overview: Overview, rules: Rules) -> Iterator[Alert]:
    yield from baseline(overview)
    for standing in overview.standings:
        if not standing.paused:
            yield from failing(standing, overview, rules)
            yield from changed_state(standing, overview)
    for channel in overview.channels:
        yield from channel_state(channel, overview, rules)
    yield from dead_letters(overview)
    yield from machine(overview, rules)
    yield from own_fault(overview, rules)
    yield from digest(overview, rules)
