"""The nouns of a checklist: profiles, sources, criteria with their signals, rows and examples. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.audit.conditions import When
from monitor.audit.evidence import Pattern
from monitor.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A law, standard or notice that criteria cite, with how far it was read."""

    id: str
    name: str
    name_en: str
    verified: str
    in_force: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A set of criteria with the days on which it is what a policy is read by; None: open end."""

    id: str
    title_zh: str
    title_en: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What to look for in one sentence.

    `find`: any of these; `also`: each of these too, in the same sentence; `without`: none of these;
    `distinct`: so many different words found by `find`. `near` names a signal that must be within
    `window` sentences (`side`: "either", "before" or "after"). `within` and `outside` are patterns on
    the headings above. `detect` names a detector in Python instead of `find`.
    """

    name: str
    find: tuple[Pattern, ...] = ()
    of: tuple[str, ...] = ()
    detect: str | None = None
    also: tuple[Pattern, ...] = ()
    without: tuple[Pattern, ...] = ()
    distinct: int = 1
    near: str | None = None
    window: int = 3
    side: str = "either"
    apart: str | None = None
    within: tuple[Pattern, ...] = ()
    outside: tuple[Pattern, ...] = ()
    where: str = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a decision: the verdict where the condition holds, and which signals are quoted."""

    verdict: Verdict
    when: When
    quote: tuple[str, ...]
    note: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """A remark beside the verdict."""

    name: str
    when: When
    quote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A short text written for the test of its criterion, and the verdict it must get."""

    text: str
    verdict: Verdict
    profile: str
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question, its legal basis, and how the text answers it.

    `topic` is the classifier's label for rows to read where nothing is found; `telling` says that it is the
    very subject, so that a likely row makes an absence weak.
    `facts` names the kinds of facts that are read out of its quotes into the note; `line` is where it stands.
    """

    id: str
    section: str
    kind: str
    tier: str
    seed: str
    profiles: tuple[str, ...]
    title_zh: str
    title_en: str
    question_zh: str
    question_en: str
    verdicts: tuple[Verdict, ...]
    law: Mapping[str, str] = field(default_factory=dict)
    rule: Mapping[str, str] = field(default_factory=dict)
    traps: tuple[str, ...] = ()
    searched: str = ""
    home: tuple[Pattern, ...] = ()
    links: tuple[Pattern, ...] = ()
    topic: str = ""
    telling: bool = False
    facts: tuple[str, ...] = ()
    signals: Mapping[str, Signal] = field(default_factory=dict)
    decide: tuple[Row, ...] = ()
    otherwise: Verdict = Verdict.NOT_FOUND
    flags: tuple[FlagRow, ...] = ()
    examples: tuple[Example, ...] = ()
    line: int = 0

    def title(self, language: str) -> str:
        return self.title_zh if language.startswith("zh") else self.title_en

    def question(self, language: str) -> str:
        return self.question_zh if language.startswith("zh") else self.question_en

    def legal_basis(self, profile: str) -> str:
        """The clause for a profile, or "" where the criterion cites none for it."""
        return self.law.get(profile, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """All of one TOML file."""

    id: str
    edition: str
    language: str
    title_zh: str
    title_en: str
    profiles: tuple[Profile, ...]
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    criteria: tuple[Criterion, ...]
    signals: Mapping[str, Signal] = field(default_factory=dict)

    def of_profile(self, profile: str) -> tuple[Criterion, ...]:
        """The criteria that a profile asks for, in order."""
        return tuple(criterion for criterion in self.criteria if profile in criterion.profiles)

    def criterion(self, id_: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.id == id_), None)

    def profile(self, id_: str) -> Profile | None:
        return next((profile for profile in self.profiles if profile.id == id_), None)


def all_examples(checklist: Checklist) -> Iterator[tuple[Criterion, Example]]:
    """Every example with its criterion."""
    for criterion in checklist.criteria:
        for example in criterion.examples:
            yield criterion, example
