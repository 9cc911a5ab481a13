"""Faults of extraction, as values. Pure."""

from __future__ import annotations

from monitor.model import Fault, FaultKind, Stage


def fault(kind: FaultKind, message: str, *, transient: bool = False) -> Fault:
    """A fault of this room. Most are not transient: the same bytes will say the same again."""
    return Fault(kind=kind, message=message, stage=Stage.EXTRACT, transient=transient)
