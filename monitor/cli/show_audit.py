"""An audit as it counts now: by its latest edition, with people's rulings laid over it; and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import click
from rich.text import Text

from monitor import registry
from monitor.audit.checklist import Checklist
from monitor.audit.ruling import apply, deltas, review_flag, ruled_flag, standings
from monitor.cli.context import config_file
from monitor.cli.output import cell, confidence_marks, console, movement, table, verdict_styles
from monitor.config import checklist_folder
from monitor.errors import ConfigError
from monitor.model import Anchored, Audit, AuditDelta, Finding, Movement, RulingStanding, Version
from monitor.ports import Library
from monitor.text.clean import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version with its audits: as the rules alone judged it, and with the rulings on it."""

    version: Version
    own: tuple[Audit, ...]
    audits: tuple[Audit, ...]
    rulings: tuple[Anchored, ...]

    @property
    def to_review(self) -> tuple[Anchored, ...]:
        return tuple(one for one in self.rulings if one.standing is not RulingStanding.HOLDS)


def shown(library: Library, version: Version, own: Sequence[Audit] | None = None) -> Shown:
    """The audits of a version (or those given), with the rulings that hold laid over them."""
    audits = tuple(library.audits(version.terms, version.number) if own is None else own)
    rulings = library.rulings(version.terms)
    if not rulings:
        return Shown(version=version, own=audits, audits=audits, rulings=())
    text = library.text(version.text_sha256)
    return Shown(
        version=version,
        own=audits,
        audits=tuple(apply(rulings, one, text, version.number) for one in audits),
        rulings=standings(rulings, audits, text, version.number),
    )


def shown_deltas(library: Library, version: Version, previous: Version | None) -> tuple[AuditDelta, ...]:
    """What a version did to the audit, as rulings and later editions see it now.

    Where there are neither, it is what was stored, and told, when the version was examined.
    """
    rulings = library.rulings(version.terms)
    later = any(one.at for one in library.all_audits(version.terms, version.number))
    if previous is None or not (rulings or later):
        return tuple(library.deltas(version.terms, version.number))
    return deltas(
        rulings,
        library.audits(previous.terms, previous.number),
        library.text(previous.text_sha256),
        library.audits(version.terms, version.number),
        library.text(version.text_sha256),
    )


def reviews(library: Library) -> tuple[Anchored, ...]:
    """The rulings of all policies that no longer hold in the latest version of theirs."""
    concerned = {one.terms for one in library.rulings() if one.criterion}
    latest = [one.latest for one in library.standings() if one.latest and one.declaration.terms in concerned]
    return tuple(one for version in latest for one in shown(library, version).to_review)


def review_line(laid: Anchored) -> str:
    """`ruling 3, amap rights.delete (met by Ada, 2026-11-24): its quote changed: review`."""
    ruling = laid.ruling
    said = f"{ruling.verdict or 'immaterial'} by {ruling.by}, {ruling.at:%Y-%m-%d}"
    words = f"; now: “{laid.evidence.quote}”" if laid.evidence else ""
    return f"ruling {ruling.id}, {ruling.terms} {ruling.criterion} ({said}): {laid.standing}{words}"


def checklists_of(ctx: click.Context) -> Mapping[str, Checklist]:
    """The checklists of the configuration; the shipped ones where its own cannot be read."""
    try:
        return registry.checklists(checklist_folder(config_file(ctx)))
    except ConfigError as error:
        count = len(error.problems)
        click.echo(
            f"Your own checklists are not used: {clean(error.problems[0])}"
            + (f" (and {count - 1} more; see `policy-monitor checklist lint`)" if count > 1 else ""),
            err=True,
        )
        return registry.checklists()


def titles_of(checklists: Mapping[str, Checklist], language: str) -> dict[str, str]:
    """Criterion id -> its short title; an id whose checklist is no longer there stands for itself."""
    return {
        criterion.id: criterion.title(language)
        for checklist in checklists.values()
        for criterion in checklist.criteria
    }


# --------------------------------------------------------------------------- printing


def print_audit(version: Version, one: Audit, titles: Mapping[str, str]) -> None:
    title = f"{version.terms}, version {version.number}: profile {one.profile} (checklist {one.checklist}, edition {one.edition})"
    found = table(title, "criterion", "verdict", "", "evidence")
    for finding in one.findings:
        found.add_row(
            cell(titles.get(finding.criterion, finding.criterion)),
            _verdict(finding),
            confidence_marks[finding.confidence],
            _evidence(finding),
        )
    console().print(found)
    if one.suspect:
        console().print(cell(f"The capture is in doubt: {one.suspect}", "red"))
    click.echo(
        "● two independent quotes  ◐ one quote  ○ weak.  A verdict says what the text does; it is no legal advice.\n"
    )


def _verdict(finding: Finding) -> Text:
    word = finding.verdict.replace("_", " ")
    if finding.judge.startswith("ruling: "):
        word += " (ruling)"
    elif review_flag in finding.flags:
        word += " (ruling to review)"
    return cell(word, verdict_styles[finding.verdict])


def _evidence(finding: Finding) -> Text:
    quotes = "\n".join(f"“{quote.quote}”" for quote in finding.evidence)
    found = cell(quotes or finding.searched or finding.note)
    if finding.judge.startswith("ruling: "):
        found.append(cell(f"\n{finding.judge}: {finding.note}", "cyan"))
    elif {ruled_flag, review_flag} & {*finding.flags} and (quotes or finding.searched):
        found.append(cell(f"\n{finding.note}", "magenta"))
    return found


def print_reviews(laid: Iterable[Anchored]) -> None:
    for one in laid:
        console().print(cell(f"To review: {review_line(one)}", "magenta"))


def print_delta(moved: AuditDelta, titles: Mapping[str, str]) -> None:
    if moved.warning:
        console().print(cell(f"{moved.profile}: {moved.warning}", "red"))
    if not moved.movements:
        return
    found = table(
        f"What it did to the audit ({moved.profile}): {movement([moved])}",
        "criterion",
        "before",
        "after",
        "words then",
        "words now",
    )
    for one in moved.movements:
        found.add_row(
            cell(titles.get(one.criterion, one.criterion)),
            cell(one.before.verdict.replace("_", " ")),
            _after(one),
            cell(one.before.evidence[0].quote if one.before.evidence else "–"),
            cell(one.after.evidence[0].quote if one.after.evidence else one.note or "–"),
        )
    console().print(found)


def _after(one: Movement) -> Text:
    found = cell(one.after.verdict.replace("_", " "), {True: "green", False: "red", None: ""}[one.better])
    if one.immaterial:
        found.append(cell(f"\nheld immaterial: {one.immaterial}", "cyan"))
    return found
