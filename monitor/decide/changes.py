"""What an examined version gives to say: a change, a return to an earlier text, or nothing. Pure."""

from __future__ import annotations

from monitor.decide.immaterial import review_fact, review_words
from monitor.decide.routing import decision
from monitor.decide.rules import Rules
from monitor.model import Alert, AlertKind, Cause, Change, Decision, Examination, Nature

_kinds = {Cause.CHANGE: AlertKind.CHANGE, Cause.RETURN: AlertKind.RETURN}


def decide(examination: Examination, rules: Rules) -> Decision:
    """The alert that a version deserves, with its routes.

    First records, technical upgrades and cosmetic changes deserve none. A change whose examination
    failed does: that it changed is known, only how is not.
    """
    pending = examination.pending
    kind = _kinds.get(pending.version.cause)
    if kind is None or (examination.change is not None and _only_cosmetic(examination.change)):
        return Decision()
    return decision([_alert(kind, examination)], rules)


def _only_cosmetic(change: Change) -> bool:
    return bool(change.hunks) and all(hunk.nature is Nature.COSMETIC for hunk in change.hunks)


def _alert(kind: AlertKind, examination: Examination) -> Alert:
    pending, change = examination.pending, examination.change
    declaration, version = pending.declaration, pending.version
    deltas = tuple(delta for delta in examination.deltas if delta.movements or delta.warning)
    loud = (
        change is None
        or change.significance > 1
        or bool(version.flags)
        or any(not moved.immaterial for one in deltas for moved in one.movements)
        or bool(examination.reviews)
    )
    return Alert(
        key=f"{kind}:{version.terms}:{version.number}",
        kind=kind,
        at=version.recorded_at,
        terms=version.terms,
        service_name=declaration.title,
        version=version,
        previous=pending.previous,
        change=change,
        deltas=deltas,
        tags=declaration.tags,
        loud=loud,
        location=declaration.documents[0].location,
        fault=examination.fault.message if examination.fault else "",
        facts=(
            *((("returns to", str(version.returns_to)),) if version.returns_to is not None else ()),
            *((review_fact, review_words(one)) for one in examination.reviews),
        ),
    )
