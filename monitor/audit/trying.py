"""A checklist tried on a text: each finding with the rows that were asked and the signals that answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.audit import audit_text, examine_example, reading_of
from monitor.audit.checklist import all_examples, parse
from monitor.audit.conditions import When
from monitor.audit.criteria import Checklist, Criterion
from monitor.audit.judge import Session
from monitor.audit.nearest import Finder
from monitor.errors import MonitorError
from monitor.model import Finding, Link, Span, Verdict
from monitor.text.toml import Path, load, shown

_most_hits = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How often a signal was found, and the first sentences that hold it."""

    signal: str
    count: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One row of the decision: its condition in the words of the file, whether it held, and what its signals found.

    `decided` is set for the first that held; `other_profile` where the row is not asked under this profile.
    """

    number: int
    verdict: Verdict
    when: str
    holds: bool
    decided: bool
    answers: tuple[Answer, ...]
    other_profile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One criterion tried on a text."""

    criterion: Criterion
    finding: Finding
    rows: tuple[Asked, ...]


def tried(
    checklist: Checklist,
    profile: str,
    text: str,
    *,
    links: Sequence[Link] = (),
    criteria: Iterable[str] | None = None,
    finder: Finder | None = None,
) -> tuple[Trial, ...]:
    """The findings of a text with the reasons for them; `criteria` narrows to some ids."""
    audit = audit_text(text, checklist, profile, links=links, criteria=criteria, finder=finder)
    session = Session(reading_of(text), checklist)
    known = {one.id: one for one in checklist.criteria}
    return tuple(
        Trial(
            criterion=known[one.criterion],
            finding=one,
            rows=tuple(_rows(session, known[one.criterion], profile)),
        )
        for one in audit.findings
    )


def _rows(session: Session, criterion: Criterion, profile: str) -> Iterator[Asked]:
    signals = session.signals_of(criterion)
    decided = False
    for number, row in enumerate(criterion.decide, 1):
        asked = not row.profiles or profile in row.profiles
        holds = asked and row.when.holds(signals.count)
        names = dict.fromkeys([*row.when.signals(positive=False), *row.quote])
        yield Asked(
            number=number,
            verdict=row.verdict,
            when=in_words(row.when),
            holds=holds,
            decided=holds and not decided,
            answers=tuple(
                Answer(
                    signal=name,
                    count=signals.count(name),
                    sentences=tuple(
                        session.reading.sentences[hit].span for hit in list(signals(name))[:_most_hits]
                    ),
                )
                for name in names
            ),
            other_profile=not asked,
        )
        decided = decided or holds


def in_words(when: When) -> str:
    """A condition as the file writes it."""
    match when.kind:
        case "not":
            return f"!{_inner(when.parts[0])}"
        case "and" | "or":
            return f" {'&' if when.kind == 'and' else '|'} ".join(map(_inner, when.parts))
        case "count" | "kinds":
            return f"{when.kind}({', '.join(when.names)}) >= {when.least}"
        case _:
            return when.names[0]


def _inner(when: When) -> str:
    return f"({in_words(when)})" if when.kind in ("and", "or") else in_words(when)


def wrong_examples(toml_text: str, file_name: str, checklist: Checklist) -> tuple[str, ...]:
    """Every example that does not get its verdict, or not by its quote, as `file:LINE: path: what is wrong`."""
    _, lines = load(toml_text, file_name)
    found = []
    places = _places(checklist)
    for criterion, example in all_examples(checklist):
        path = places[id(example)]
        got = examine_example(checklist, criterion, example.text, example.profile)
        if got.verdict is not example.verdict:
            what = f"is judged {got.verdict} by {got.judge}, not {example.verdict}"
        elif example.quote and not any(example.quote in one.quote for one in got.evidence):
            what = f"does not quote {example.quote[:40]!r}"
        else:
            continue
        found.append(f"{file_name}:{lines[path]}: {shown(path)}: {what}")
    return tuple(found)


def _places(checklist: Checklist) -> Mapping[int, Path]:
    return {
        id(example): ("criterion", number, "example", position)
        for number, criterion in enumerate(checklist.criteria)
        for position, example in enumerate(criterion.examples)
    }


def problems(toml_text: str, file_name: str) -> tuple[str, ...]:
    """All that is wrong with a checklist, its examples included; nothing where it is fit to be used."""
    try:
        checklist = parse(toml_text, file_name)
    except MonitorError as error:
        return tuple(str(error).splitlines())
    return wrong_examples(toml_text, file_name, checklist)
