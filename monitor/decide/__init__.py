"""What deserves an alert, who gets it, when, and how loud. Pure.

`decide` looks at an examined version, `notices` at the state of everything; `explain` says of an
alert who would get it and why the others do not, `health` whether the monitor itself is well. All are
functions of their arguments.

The fields of `Rules`, `Rule` and the rest are described in `monitor.decide.rules`: configuration
builds them, everything has a default.
"""

from __future__ import annotations

from monitor.decide.changes import decide
from monitor.decide.cron import cron_problem
from monitor.decide.health import Health, health, unwell
from monitor.decide.notices import notices
from monitor.decide.routing import Explained, explain
from monitor.decide.rules import OwnFault, Quiet, Rule, Rules, rule_problems

__all__ = [
    "Explained",
    "Health",
    "OwnFault",
    "Quiet",
    "Rule",
    "Rules",
    "cron_problem",
    "decide",
    "explain",
    "health",
    "notices",
    "rule_problems",
    "unwell",
]
