"""Which examined versions deserve an alert, and what it carries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.decide import Rules, decide
from monitor.model import AlertKind, AuditDelta, Cause, Fault, FaultKind, Flag, Nature, Stage
from tests.decide.values import change, examination, hunk, now

rules = Rules(channels=("team", "counsel"))


def test_a_change_becomes_an_alert_with_all_that_is_known() -> None:
    decision = decide(examination(), rules)
    (found,) = decision.alerts
    assert (found.key, found.kind, found.service_name) == ("change:shop:2", AlertKind.CHANGE, "Shop")
    assert found.change is not None
    assert found.deltas
    assert found.previous is not None
    assert found.version is not None
    assert found.version.flags == (Flag.SILENT_CHANGE,)
    assert (found.tags, found.location) == (("retail",), "https://shop.example/privacy")
    assert decision.routes == {found.key: ("team", "counsel")}
    assert decision.not_before[found.key, "team"] == now + timedelta(seconds=30)
    assert decide(examination(), rules) == decision


@pytest.mark.parametrize("cause", [Cause.FIRST_RECORD, Cause.TECHNICAL_UPGRADE, Cause.COSMETIC])
def test_what_is_no_change_is_not_told(cause: Cause) -> None:
    assert not decide(examination(cause), rules).alerts


def test_cosmetic_hunks_alone_are_not_told() -> None:
    assert not decide(
        examination(change=change(hunk("a", "b", Nature.COSMETIC), significance=0)), rules
    ).alerts


def test_a_moved_clause_is_told() -> None:
    assert decide(examination(change=change(hunk("a", "a", Nature.MOVED), significance=1)), rules).alerts


def test_a_change_in_which_nothing_was_found_is_told_all_the_same() -> None:
    empty = examination(change=change(significance=0))
    assert decide(empty, rules).alerts


def test_a_return_is_told_as_one() -> None:
    (found,) = decide(examination(Cause.RETURN), rules).alerts
    assert (found.key, found.kind) == ("return:shop:2", AlertKind.RETURN)


def test_a_failed_comparison_does_not_swallow_the_change() -> None:
    fault = Fault(kind=FaultKind.INTERNAL, message="out of memory", stage=Stage.EXAMINE)
    (found,) = decide(examination(change=None, deltas=(), fault=fault), rules).alerts
    assert (found.fault, found.change, found.loud) == ("out of memory", None, True)


def test_an_audit_that_did_not_move_is_left_out() -> None:
    (found,) = decide(examination(deltas=(AuditDelta(profile="pipl"),)), rules).alerts
    assert not found.deltas


def test_nobody_listens_but_the_alert_is_there() -> None:
    decision = decide(examination(), Rules())
    assert [alert.key for alert in decision.alerts] == ["change:shop:2"]
    assert decision.routes == {"change:shop:2": ()}
