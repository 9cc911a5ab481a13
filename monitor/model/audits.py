"""What the audit says of a version, what a person says of the audit, and the examination of both. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.changes import Change, Span
from monitor.model.looks import Fault, Link
from monitor.model.versions import Version
from monitor.model.watched import Declaration, TermsId


class Verdict(StrEnum):
    """What the TEXT does with regard to a criterion. Never a judgement of law."""

    MET = "met"
    PARTLY = "partly"
    RESTRICTED = "restricted"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    NOT_APPLICABLE = "not_applicable"
    FLAGGED = "flagged"
    CLEAR = "clear"
    NOT_STATED = "not_stated"
    REVIEW = "review"


class Confidence(StrEnum):
    """How firm a finding is, by its structure: two independent quotes, one, or a weak one."""

    STRONG = "strong"
    SINGLE = "single"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words that stand in the text at that span. Anything else is refused by `audit.check`."""

    quote: str
    span: Span
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one criterion for one version.

    `judge` names the rule that decided, `note` says why in a few words; for an absence `searched`
    says what was looked for and where, and `links` which links of the page may hold it.
    """

    criterion: str
    verdict: Verdict
    confidence: Confidence
    judge: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    searched: str = ""
    links: tuple[Link, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A version judged by a checklist under a profile. `suspect` says why the capture is in doubt."""

    checklist: str
    edition: str
    profile: str
    findings: tuple[Finding, ...]
    suspect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Judged:
    """What a version was judged by: one edition of a checklist under one profile of it."""

    checklist: str
    edition: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAudits:
    """Audits of a version made together: when it was examined (`at` None), or later by another edition."""

    audits: tuple[Audit, ...]
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A criterion whose finding differs between two versions, old and new side by side.

    `immaterial` says which person held it immaterial and why, where one did.
    """

    criterion: str
    before: Finding
    after: Finding
    better: bool | None
    note: str = ""
    immaterial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDelta:
    """What a new version does to the audit. `warning` doubts the capture, not the law."""

    profile: str
    movements: tuple[Movement, ...] = ()
    warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Who took a ruling back, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A named person's word on one criterion of one policy, or on a change of it as a whole.

    `version` is the number of the version ruled on and `at` when the person said so. `verdict` overrules
    the finding; None leaves it as it is and holds the movement of the criterion immaterial, or, without
    a `criterion`, the whole change to `version`. `quote` is the anchor: the words of the text on which
    the person decided; "" where the finding was an absence: the ruling then holds as long as the finding
    stays what it was (`found`). `checklist` and `profile` narrow it where they are given. `id` is 0
    until it is stored.
    """

    terms: TermsId
    criterion: str
    by: str
    at: datetime
    reason: str
    verdict: Verdict | None = None
    quote: str = ""
    found: Verdict | None = None
    checklist: str = ""
    profile: str = ""
    version: int = 0
    id: int = 0
    withdrawn: Withdrawal | None = None


class RulingStanding(StrEnum):
    """How a ruling stands to a text."""

    HOLDS = "holds"
    CHANGED = "its quote changed: review"
    GONE = "its quote is gone: review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A ruling laid on a text: how it stands, where its quote now is, and how like it is (0 to 100).

    `profile` and `found` are of the finding that it was laid on: what the rules alone say now.
    """

    ruling: Ruling
    standing: RulingStanding
    evidence: Evidence | None = None
    likeness: float = 0.0
    profile: str = ""
    found: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A version that nobody has examined yet, with all that examining it takes.

    `rulings` are those of its terms that were not withdrawn.
    """

    declaration: Declaration
    version: Version
    text: str
    links: tuple[Link, ...] = ()
    previous: Version | None = None
    previous_text: str | None = None
    previous_audits: tuple[Audit, ...] = ()
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What examining a version found. A failed examination is stored as one, never repeated for ever.

    `audits` are the judges' own; `deltas` heed the rulings, and `reviews` are those that no longer hold.
    """

    pending: Pending
    change: Change | None = None
    audits: tuple[Audit, ...] = ()
    deltas: tuple[AuditDelta, ...] = ()
    reviews: tuple[Anchored, ...] = ()
    fault: Fault | None = None
