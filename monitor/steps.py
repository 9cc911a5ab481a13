"""The steps of the pipeline: a value in, a value out. They run anywhere, never raise, know no store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor import registry
from monitor.audit import audit, by_editions_of_now
from monitor.audit.ruling import deltas, newly_to_review
from monitor.diff import compare
from monitor.model import (
    Change,
    Delivered,
    Delivery,
    Examination,
    Exchange,
    Extracted,
    Fault,
    FaultKind,
    NotModified,
    Pending,
    Reading,
    Snapshot,
    SourceDocument,
    Stage,
    Stale,
    Summary,
    Target,
    Unchanged,
    Validators,
    Visit,
)
from monitor.plausible import assess
from monitor.ports import Kit
from monitor.text.dates import stated_dates
from monitor.text.language import language_of
from monitor.text.normal import key


def by_host(targets: Iterable[Target]) -> list[tuple[Target, ...]]:
    """Targets grouped by the host of their first document: one connection to a host at a time."""
    groups: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        groups[host_of(target)].append(target)
    return [tuple(group) for group in groups.values()]


def host_of(target: Target) -> str:
    """The host of a policy's first document."""
    return urlsplit(target.declaration.documents[0].location).netloc


def visit_host(targets: Sequence[Target], kit: Kit, now: datetime) -> tuple[Visit, ...]:
    """Visit the policies of one host, one after the other."""
    return tuple(_guarded(target, kit, now) for target in targets)


def _guarded(target: Target, kit: Kit, now: datetime) -> Visit:
    try:
        return visit(target, kit, now)
    except Exception as error:
        return _lost_visit(target, error, now)


def visit(target: Target, kit: Kit, now: datetime) -> Visit:
    """Look at a policy: fetch its documents, take their text, ask whether it can be the policy."""
    terms = target.declaration.terms
    seen = _fetch_all(target, kit)
    if isinstance(seen, Fault):
        return Visit(terms=terms, at=now, result=seen)
    if seen and all(isinstance(one, NotModified) for one in seen):
        exchanges = tuple(one.exchange for one in seen)
        return Visit(terms=terms, at=now, result=Unchanged(exchanges=exchanges, not_modified=True))
    snapshots = tuple(one for one in seen if isinstance(one, Snapshot))
    reading = read(target.declaration.documents, snapshots, target.recipe, target.volatile)
    if isinstance(reading, Reading):
        reading = assess(reading, target) or reading
    if isinstance(reading, Fault):
        reading = _with_looks(reading, [snapshot.exchange for snapshot in snapshots])
    if isinstance(reading, Reading) and target.latest and reading.sha256 == target.latest.text_sha256:
        exchanges = tuple(snapshot.exchange for snapshot in snapshots)
        return Visit(terms=terms, at=now, result=Unchanged(exchanges=exchanges, not_modified=False))
    return Visit(terms=terms, at=now, result=reading)


def _fetch_all(target: Target, kit: Kit) -> list[Snapshot | NotModified] | Fault:
    """All documents or the first fault. Where only some are unmodified, those are asked for whole."""
    documents = target.declaration.documents
    validators = target.validators or (Validators(),) * len(documents)
    seen: list[Snapshot | NotModified] = []
    for document, known in zip(documents, validators, strict=True):
        one = registry.fetcher(document.fetcher)(document, known, kit)
        if isinstance(one, Fault):
            return _with_looks(one, [earlier.exchange for earlier in seen])
        seen.append(one)
    if len({type(one) for one in seen}) > 1:
        for index, one in enumerate(seen):
            if isinstance(one, NotModified):
                whole = registry.fetcher(documents[index].fetcher)(documents[index], Validators(), kit)
                if isinstance(whole, Fault):
                    return _with_looks(whole, [other.exchange for other in seen if other is not one])
                seen[index] = whole
    return seen


def _with_looks(fault: Fault, exchanges: Sequence[Exchange]) -> Fault:
    """A fault of one document, with what the others showed: every look goes into the ledger."""
    return replace(fault, also=tuple(one for one in exchanges if one != fault.exchange))


def read(
    documents: Sequence[SourceDocument],
    snapshots: Sequence[Snapshot],
    recipe: str,
    volatile: frozenset[str] = frozenset(),
) -> Reading | Fault:
    """The text of a whole policy out of the pages as sent, in the order of its documents."""
    parts: list[Extracted] = []
    for document, snapshot in zip(documents, snapshots, strict=True):
        part = registry.extractor(document.extractor)(snapshot, document)
        if isinstance(part, Fault):
            return replace(part, exchange=snapshot.exchange, content=snapshot.content)
        parts.append(part)
    text = "\n\n".join(part.text for part in parts if part.text)
    return Reading(
        text=text,
        key=key(text, volatile),
        recipe=recipe,
        snapshots=tuple(snapshots),
        title=next((part.title for part in parts if part.title), None),
        language=language_of(text),
        dates=stated_dates(text),
        links=tuple(link for part in parts for link in part.links),
    )


def reread(stale: Stale, now: datetime) -> Visit:
    """Read the stored pages of a version again with the recipe of now.

    A recipe made for a page's new layout may take next to nothing from the old one: such a text can be no
    policy, and the version keeps the text that it has.
    """
    terms, number = stale.version.terms, stale.version.number
    try:
        result = read(stale.declaration.documents, stale.snapshots, stale.recipe, stale.volatile)
        if isinstance(result, Reading):
            alone = Target(declaration=stale.declaration, recipe=stale.recipe)
            result = assess(result, alone) or result
    except Exception as error:
        result = _internal(Stage.EXTRACT, error)
    return Visit(terms=terms, at=now, result=result, reread=number, recipe=stale.recipe)


def examine(pending: Pending, kit: Kit) -> Examination:
    """Compare a version with the one before, audit it, and see what the change does to the audit."""
    try:
        change = None
        if pending.previous_text is not None:
            tagger = registry.tagger(pending.declaration.language or pending.version.language or "")
            change = _summarised(compare(pending.previous_text, pending.text, tagger), kit)
        checklists = registry.checklists(kit.checklist_folder)
        audits = audit(pending, checklists, registry.classifier)
        before, before_text = (
            by_editions_of_now(pending, checklists, registry.classifier),
            pending.previous_text,
        )
        return Examination(
            pending=pending,
            change=change,
            audits=audits,
            deltas=deltas(pending.rulings, before, before_text or "", audits, pending.text),
            reviews=newly_to_review(pending.rulings, before, before_text, audits, pending.text),
        )
    except Exception as error:
        return lost_examination(pending, error)


def _summarised(change: Change, kit: Kit) -> Change:
    """The change with a machine's summary, where the operator asked for one. Nothing else of it is touched."""
    asked = kit.summariser
    if asked is None or change.significance < asked.significance:
        return change
    try:
        told = registry.summariser(asked.kind)(change, asked, kit)
    except Exception as error:
        told = Summary(model=asked.model, fault=f"{type(error).__name__}: {error}")
    return replace(change, summary=told)


def deliver(delivery: Delivery, kit: Kit, now: datetime) -> Delivered:
    """Send one alert over one channel, once; what the channel answered is the receipt."""
    channel = next((channel for channel in kit.channels if channel.name == delivery.channel), None)
    if channel is None:
        message = f"no channel named {delivery.channel!r} is configured any more"
        fault = Fault(kind=FaultKind.CHANNEL, message=message, stage=Stage.DELIVER)
        return Delivered(id=delivery.id, at=now, result=fault)
    try:
        return Delivered(
            id=delivery.id, at=now, result=registry.notifier(channel.kind)(delivery, channel, kit)
        )
    except Exception as error:
        return lost_delivery(now)(delivery, error)


# What a step that died leaves behind: a value like any other, so that nothing is pending for ever.


def _internal(stage: Stage, error: BaseException) -> Fault:
    return Fault(kind=FaultKind.INTERNAL, message=f"{type(error).__name__}: {error}", stage=stage)


def _lost_visit(target: Target, error: BaseException, now: datetime) -> Visit:
    return Visit(terms=target.declaration.terms, at=now, result=_internal(Stage.FETCH, error))


def lost_visits(now: datetime) -> Callable[[Sequence[Target], BaseException], tuple[Visit, ...]]:
    return lambda targets, error: tuple(_lost_visit(target, error, now) for target in targets)


def lost_rereading(now: datetime) -> Callable[[Stale, BaseException], Visit]:
    return lambda stale, error: Visit(
        terms=stale.version.terms,
        at=now,
        result=_internal(Stage.EXTRACT, error),
        reread=stale.version.number,
        recipe=stale.recipe,
    )


def lost_examination(pending: Pending, error: BaseException) -> Examination:
    return Examination(pending=pending, fault=_internal(Stage.EXAMINE, error))


def lost_delivery(now: datetime) -> Callable[[Delivery, BaseException], Delivered]:
    return lambda delivery, error: Delivered(id=delivery.id, at=now, result=_internal(Stage.DELIVER, error))
