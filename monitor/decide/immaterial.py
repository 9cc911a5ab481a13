"""What rulings made since do to an alert that is still to be sent: it goes out, marked and without alarm. Pure.

A ruling never drops an alert: whoever gets it must be able to see that a person judged the change, who,
and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitor.model import Alert, AlertKind, Anchored, AuditDelta, Movement, Ruling

fact = "immaterial"
review_fact = "ruling to review"
_kinds = (AlertKind.CHANGE, AlertKind.RETURN)


def with_rulings(alert: Alert, rulings: Iterable[Ruling]) -> Alert:
    """The alert with the rulings that hold its change, or movements of it, immaterial."""
    if alert.kind not in _kinds or alert.version is None:
        return alert
    mine = [
        one
        for one in rulings
        if one.verdict is None and one.terms == alert.terms and one.version == alert.version.number
    ]
    whole = next((one for one in reversed(mine) if not one.criterion), None)
    parts = {one.criterion: one for one in mine if one.criterion}
    if whole is None and not parts:
        return alert
    deltas = tuple(_muted(delta, parts) for delta in alert.deltas)
    if whole is None:
        return replace(alert, deltas=deltas)
    return replace(alert, deltas=deltas, loud=False, facts=(*alert.facts, (fact, words(whole))))


def words(ruling: Ruling) -> str:
    """`Ada Lovelace, 2026-11-24: a typing mistake only`."""
    return f"{ruling.by}, {ruling.at:%Y-%m-%d}: {ruling.reason}"


def review_words(laid: Anchored) -> str:
    """`rights.delete: Ada Lovelace, 2026-11-24: its quote changed` with the place to look at."""
    ruling = laid.ruling
    said = f"{ruling.criterion} ({ruling.verdict or 'immaterial'}, {ruling.by}, {ruling.at:%Y-%m-%d})"
    return f"{said}: {str(laid.standing).partition(':')[0]}"


def _muted(delta: AuditDelta, parts: dict[str, Ruling]) -> AuditDelta:
    return replace(delta, movements=tuple(_one(movement, parts) for movement in delta.movements))


def _one(movement: Movement, parts: dict[str, Ruling]) -> Movement:
    ruling = parts.get(movement.criterion)
    return replace(movement, better=None, immaterial=words(ruling)) if ruling else movement
