"""What `standings`, `history` and `overview` show, made of plain values. Pure."""

from __future__ import annotations

from typing import Any, TypeVar

from monitor.identity import State
from monitor.model import AlertKind, Examination, Version
from monitor.ports import HistoryRow

T = TypeVar("T")
change_kinds = (AlertKind.CHANGE, AlertKind.RETURN)


def last(rows: list[T], limit: int | None) -> list[T]:
    """The latest so many of rows in order; all of them without a limit."""
    return rows if limit is None else rows[-limit:] if limit else []


def state_fields(state: State) -> dict[str, Any]:
    """What `Standing` tells of the state that identity keeps."""
    streak, ended, moved, waiting = state.streak, state.ended, state.moved, state.candidate
    unread = state.unread
    return {
        "last_look": state.last_look,
        "last_success": state.last_success,
        "failing_since": streak.since if streak else None,
        "failures": streak.failures if streak else 0,
        "fault": streak.kind.value if streak else None,
        "fault_message": streak.message if streak else "",
        "waiting_since": waiting.first_seen if waiting and not waiting.cosmetic else None,
        "waiting_for": _waiting_for(state),
        "flapping_since": state.flapping.since if state.flapping else None,
        "failed_since": ended.since if ended else None,
        "failed_fault": ended.kind.value if ended else "",
        "recovered_at": ended.until if ended else None,
        "moved_at": moved.at if moved else None,
        "moved_from": moved.before if moved else (),
        "moved_to": moved.after if moved else (),
        "unread_changed_at": unread.changed_at if unread else None,
        "unread_before": (unread.before or "") if unread else "",
        "unread_now": unread.sha256 if unread else "",
        "unread_message": unread.message if unread else "",
    }


def _waiting_for(state: State) -> str:
    waiting = state.candidate
    if waiting is None or waiting.cosmetic:
        return ""
    return "an edition" if waiting.edition else "a return" if waiting.familiar else "a change"


def examination_fields(examination: Examination) -> dict[str, Any]:
    """The sizes of a change and what it did to the audit: the columns of `history`."""
    change, deltas = examination.change, examination.deltas
    movements = [movement.better for delta in deltas for movement in delta.movements]
    return {
        "hunks": len(change.hunks) if change else None,
        "inserted": change.inserted if change else 0,
        "deleted": change.deleted if change else 0,
        "significance": change.significance if change else None,
        "better": movements.count(True),
        "worse": movements.count(False),
        "moved": len(movements),
        "warning": next((delta.warning for delta in deltas if delta.warning), None),
        "fault": examination.fault.message if examination.fault else None,
    }


def history_row(version: Version, examination: Examination | None) -> HistoryRow:
    return HistoryRow(version=version, **(examination_fields(examination) if examination else {}))
