"""Stored pages read by a new recipe: what a recipe for a new layout takes from an old page is no policy."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.model import (
    Cause,
    Declaration,
    Exchange,
    Fault,
    FaultKind,
    Reading,
    Snapshot,
    SourceDocument,
    Stale,
    TermsId,
    Version,
)
from monitor.steps import reread

now = datetime(2026, 3, 1, tzinfo=UTC)
terms = TermsId(service="example")
page = (
    "<html><body><div id='crumbs'>Home &gt; Privacy</div><main><h1>Privacy policy</h1>"
    + "<p>We collect your personal data and share it with third parties only with your consent.</p>" * 9
    + "</main></body></html>"
)


def read_with(selector: str) -> Reading | Fault:
    snapshot = Snapshot(
        exchange=Exchange(url="https://example.com/", final_url="https://example.com/"),
        content=page.encode(),
        media_type="text/html",
    )
    document = SourceDocument(location="https://example.com/", select=(selector,))
    stale = Stale(
        declaration=Declaration(terms=terms, name="Example", documents=(document,)),
        version=Version(
            terms=terms,
            number=1,
            cause=Cause.FIRST_RECORD,
            first_seen=now,
            recorded_at=now,
            text_sha256="0" * 64,
            key="1" * 64,
            recipe="old",
            length=800,
            snapshots=(snapshot.sha256,),
            final_urls=("https://example.com/",),
        ),
        snapshots=(snapshot,),
        recipe="new",
    )
    result = reread(stale, now).result
    assert isinstance(result, Reading | Fault)
    return result


def test_a_recipe_that_fits_the_stored_page() -> None:
    result = read_with("main")
    assert isinstance(result, Reading)
    assert "third parties" in result.text


def test_a_recipe_made_for_another_layout() -> None:
    result = read_with("#crumbs")
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.SUSPECT_SHORT
