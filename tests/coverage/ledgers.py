"""Declarations for the tests of coverage."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import Declaration, SourceDocument, TermsId


def declared(every: timedelta = timedelta(hours=6), cron: str | None = None) -> Declaration:
    document = SourceDocument(location="https://example.org/privacy")
    terms = TermsId(service="amap")
    return Declaration(terms=terms, name="AMAP", documents=(document,), every=every, cron=cron)
