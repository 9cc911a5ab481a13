"""The past judged again by the checklists of now: what is missing, judged anywhere, stored version by version.

::

    missing -> rejudge -> add_audits      old results stay beside the new ones

What an edition has judged under a profile is never judged by it again, so a run that was broken off goes
on where it stood, and two runs at once do each other no harm. One version is one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol

from monitor import registry
from monitor.audit import applicable, audits_of_text
from monitor.audit.checklist import Checklist
from monitor.model import Audit, Declaration, Judged, Link, Pending, TermsId, Version
from monitor.ports import Library, Store

Move = tuple[str, str, str]
"""A criterion with its verdict by the edition before and by the new one."""


class Record(Store, Library, Protocol):
    """A store with both of its sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A stored version, and what it is still to be judged by."""

    declaration: Declaration
    version: Version
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a worker needs to judge a version, wherever it is; `before` are its audits so far."""

    terms: TermsId
    number: int
    text: str
    links: tuple[Link, ...]
    judged: tuple[Judged, ...]
    before: tuple[Audit, ...]
    checklist_folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The new audits of a version, and which verdicts differ from the edition before; or why there are none."""

    terms: TermsId
    number: int
    audits: tuple[Audit, ...] = ()
    moves: tuple[Move, ...] = ()
    fault: str = ""


@dataclass(slots=True)
class Tally:
    """What a run did: versions stored, those that somebody else had stored, faults, and what moved."""

    versions: int = 0
    known: int = 0
    faults: list[str] = field(default_factory=list)
    moves: Counter[Move] = field(default_factory=Counter)


def missing(
    library: Library, declarations: Sequence[Declaration], checklists: Mapping[str, Checklist]
) -> Iterator[Missing]:
    """Every examined version that a checklist which applies to it has not judged in its edition of now."""
    for declaration in declarations:
        known = library.judged(declaration.terms)
        for version in library.versions(declaration.terms):
            if version.number in known:
                wanted = _wanted(library, declaration, version, checklists)
                if rest := tuple(one for one in wanted if one not in known[version.number]):
                    yield Missing(declaration=declaration, version=version, judged=rest)


def _wanted(
    library: Library, declaration: Declaration, version: Version, checklists: Mapping[str, Checklist]
) -> list[Judged]:
    text = "" if version.language else library.text(version.text_sha256)
    pending = Pending(declaration=declaration, version=version, text=text)
    return [
        Judged(checklist=checklist.id, edition=checklist.edition, profile=profile)
        for checklist, profiles in applicable(pending, checklists)
        for profile in profiles
    ]


def work_of(library: Library, one: Missing, checklist_folder: str | None) -> Work:
    version = one.version
    return Work(
        terms=version.terms,
        number=version.number,
        text=library.text(version.text_sha256),
        links=library.links(version),
        judged=one.judged,
        before=tuple(library.audits(version.terms, version.number)),
        checklist_folder=checklist_folder,
    )


def rejudge(work: Work) -> Done:
    """Judge a version by what it was not judged by yet. Runs anywhere, never raises."""
    try:
        checklists = registry.checklists(work.checklist_folder)
        audits: list[Audit] = []
        for id_ in dict.fromkeys(one.checklist for one in work.judged):
            profiles = [one.profile for one in work.judged if one.checklist == id_]
            audits.extend(
                audits_of_text(
                    work.text, checklists[id_], profiles, links=work.links, finder=registry.classifier
                )
            )
    except Exception as error:
        return Done(terms=work.terms, number=work.number, fault=f"{type(error).__name__}: {error}")
    return Done(
        terms=work.terms, number=work.number, audits=tuple(audits), moves=tuple(_moves(work.before, audits))
    )


def _moves(before: Iterable[Audit], after: Iterable[Audit]) -> Iterator[Move]:
    """Verdicts that differ between the edition before and the new one, under the same profile."""
    old = {
        (one.checklist, one.profile, finding.criterion): finding.verdict
        for one in before
        for finding in one.findings
    }
    for one in after:
        for finding in one.findings:
            was = old.get((one.checklist, one.profile, finding.criterion))
            if was is not None and was is not finding.verdict:
                yield finding.criterion, was.value, finding.verdict.value


def reaudit(
    record: Record,
    executor: Executor,
    versions: Sequence[Missing],
    checklist_folder: str | None,
    now: datetime,
    ahead: int = 8,
) -> Iterator[Tally]:
    """Judge versions and store each as it is done; gives the tally so far after every one.

    At most `ahead` versions are with the executor at any time, so that memory stays small.
    """
    tally = Tally()
    works = (work_of(record, one, checklist_folder) for one in versions)
    for done in _spread(executor, works, ahead):
        if done.fault:
            tally.faults.append(f"{done.terms} version {done.number}: {done.fault}")
        elif record.add_audits(done.terms, done.number, done.audits, now):
            tally.versions += 1
            tally.moves.update(done.moves)
        else:
            tally.known += 1
        yield tally


def _spread(executor: Executor, works: Iterator[Work], ahead: int) -> Iterator[Done]:
    waiting: dict[Future[Done], Work] = {}
    while True:
        for work in islice(works, ahead - len(waiting)):
            waiting[executor.submit(rejudge, work)] = work
        if not waiting:
            return
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            work, error = waiting.pop(future), future.exception()
            yield (
                future.result()
                if error is None
                else Done(terms=work.terms, number=work.number, fault=f"{type(error).__name__}: {error}")
            )
