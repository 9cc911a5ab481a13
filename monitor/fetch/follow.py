"""A policy whose address changes with every version: it is where a link of a stable page points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import SelectolaxError

from monitor.fetch.causes import Refused
from monitor.fetch.links import base, link_of, links, tree
from monitor.fetch.look import look
from monitor.model import (
    Exchange,
    Fault,
    FaultKind,
    Follow,
    Link,
    NotModified,
    Snapshot,
    SourceDocument,
    Stage,
    Validators,
)
from monitor.ports import Fetch, Kit


def fetch(
    document: SourceDocument, validators: Validators, kit: Kit, ways: Sequence[Fetch]
) -> Snapshot | NotModified | Fault:
    """Look at the stable page, then at what its link points to, in one look.

    `ways` are the fetchers that may read the stable page, the next one if the link is not found.
    Validators hold for one address only: they are sent if they came from the link's present target.
    """
    assert document.follow is not None
    try:
        with look(kit):
            stable, link = _stable(document, document.follow, kit, ways)
            if isinstance(stable, Fault):
                return stable
            if isinstance(link, Fault):
                return link
            known = validators if validators.url == link.address else Validators()
            target = replace(document, follow=None, location=link.address)
            return _joined(stable.exchange, link, ways[0](target, known, kit))
    except Refused as refused:
        return refused.fault()


def _stable(
    document: SourceDocument, wanted: Follow, kit: Kit, ways: Sequence[Fetch]
) -> tuple[Snapshot | Fault, Link | Fault]:
    """The stable page and the link on it; where no way finds it, the fault of the first."""
    # wait_for and json_path are about the policy; the stable page is waited for until its link is there.
    page = replace(document, follow=None, wait_for=None, json_path=None)
    first: tuple[Snapshot | Fault, Link | Fault] | None = None
    for way in ways:
        snapshot = way(page, Validators(), kit)
        if isinstance(snapshot, Snapshot):
            found = find(snapshot, wanted)
            if isinstance(found, Link):
                return snapshot, found
            first = first or (snapshot, found)
        elif isinstance(snapshot, Fault):
            first = first or (snapshot, snapshot)
    assert first is not None, "a look without validators is never 'not modified'"
    return first


def find(snapshot: Snapshot, wanted: Follow) -> Link | Fault:
    """The link on the page: by selector, by text, or by both (the text among what the selector finds)."""
    place = snapshot.exchange.final_url
    try:
        found = _selected(snapshot, wanted.select) if wanted.select else list(links(snapshot))
    except SelectolaxError:
        return _fault(f"follow.select = {wanted.select!r} is no CSS selector", snapshot, False)
    if wanted.text is not None:
        found = _named(found, wanted.text)
    if not found:
        what = " and ".join(repr(each) for each in (wanted.select, wanted.text) if each)
        return _fault(f"{place} has no link that {what} finds", snapshot, True)
    return found[0]


def _selected(snapshot: Snapshot, select: str) -> list[Link]:
    page = tree(snapshot)
    start = base(page, snapshot)
    return [link for element in page.css(select) if (link := link_of(element, start))]


def _named(found: list[Link], text: str) -> list[Link]:
    """Links of exactly this text; if there is none, those that hold it."""
    wanted = " ".join(text.split()).casefold()
    exact = [link for link in found if link.text.casefold() == wanted]
    return exact or [link for link in found if wanted in link.text.casefold()]


def _fault(message: str, snapshot: Snapshot, transient: bool) -> Fault:
    return Fault(
        kind=FaultKind.FOLLOW,
        message=message,
        stage=Stage.FETCH,
        transient=transient,
        exchange=snapshot.exchange,
        content=snapshot.content,
    )


def _joined(
    stable: Exchange, link: Link, result: Snapshot | NotModified | Fault
) -> Snapshot | NotModified | Fault:
    """The result with both looks in its proof: the stable page counts as passed on the way."""
    seen = result.exchange or Exchange(url=link.address, final_url=link.address)
    exchange = replace(
        seen,
        url=stable.url,
        redirects=(*stable.redirects, stable.final_url, *seen.redirects),
        seconds=round(stable.seconds + seen.seconds, 3),
        notes=(*stable.notes, f"followed the link {link.text!r} to {link.address}", *seen.notes),
    )
    return replace(result, exchange=exchange)
