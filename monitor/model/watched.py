"""What is watched: the operator's declaration of a policy and of the pages it is taken from. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

type_privacy_policy = "Privacy Policy"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TermsId:
    """Which terms of which service: the key of everything that is stored."""

    service: str
    terms_type: str = type_privacy_policy

    def __str__(self) -> str:
        if self.terms_type == type_privacy_policy:
            return self.service
        return f"{self.service}/{self.terms_type}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A part of a page between two elements; each end is a CSS selector, one of before/after per end."""

    start_before: str | None = None
    start_after: str | None = None
    end_before: str | None = None
    end_after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """The document is where a link of a stable page points to: found by selector or by link text."""

    select: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """One page (or file) out of which terms are taken.

    `fetcher` and `extractor` are names in the registry; "auto" lets the page decide.
    `allow_private` lists networks (CIDR) that this document may live in on purpose.
    """

    location: str
    select: tuple[str | Range, ...] = ()
    remove: tuple[str | Range, ...] = ()
    fetcher: str = "auto"
    extractor: str = "auto"
    follow: Follow | None = None
    json_path: str | None = None
    wait_for: str | None = None
    accept_language: str | None = None
    allow_private: tuple[str, ...] = ()
    allow_http: bool = False
    ignore_robots_reason: str | None = None
    tls_ca_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the operator wrote about one policy: where it is, how it is read, how often, against what."""

    terms: TermsId
    name: str
    documents: tuple[SourceDocument, ...]
    name_native: str | None = None
    operator: str | None = None
    language: str | None = None
    profiles: tuple[str, ...] = ()
    every: timedelta = timedelta(hours=6)
    cron: str | None = None
    time_zone: str = "UTC"
    tags: tuple[str, ...] = ()
    minimum_length: int = 200

    @property
    def title(self) -> str:
        """Name as shown: the name and, where it differs, the native one."""
        if self.name_native and self.name_native != self.name:
            return f"{self.name} {self.name_native}"
        return self.name
