"""Fetcher "auto": http, and the browser where the page shows that it needs one."""

from __future__ import annotations

from dataclasses import replace

from monitor.fetch import browser, file, follow, http
from monitor.fetch.causes import Refused
from monitor.fetch.links import seen_bytes
from monitor.fetch.look import look
from monitor.model import Exchange, Fault, NotModified, Snapshot, SourceDocument, Validators
from monitor.ports import Kit

# Statuses by which sites turn away what is no browser; 412, 468 and 521 are those of Chinese and other walls.
turned_away = frozenset({202, 403, 405, 406, 412, 418, 468, 521})
hardly_anything = 600  # bytes seen without scripts, below which a page is an empty shell
little = 3000  # bytes seen, below which it must at least speak of the matter
subject = tuple(
    word.encode(charset)
    for word in (
        "隐私",
        "隱私",
        "个人信息",
        "個人資",
        "privacy",
        "personal",
        "Privacy",
        "PRIVACY",
        "Personal",
    )
    for charset in ("utf-8", "gb18030")
)


def fetch(document: SourceDocument, validators: Validators, kit: Kit) -> Snapshot | NotModified | Fault:
    """Look at one document, as its location and its page ask for."""
    if "://" not in document.location:
        return file.fetch(document, validators, kit)
    if document.follow is not None:
        return follow.fetch(document, validators, kit, (_fetch, browser.fetch))
    return _fetch(document, validators, kit)


def _fetch(document: SourceDocument, validators: Validators, kit: Kit) -> Snapshot | NotModified | Fault:
    if document.wait_for is not None:
        return browser.fetch(document, validators, kit)
    try:
        with look(kit):
            plain = http.fetch(document, validators, kit)
            why = needs_browser(plain)
            return plain if why is None else _with_browser(plain, why, document, kit)
    except Refused as refused:
        return refused.fault()


def _with_browser(
    plain: Snapshot | NotModified | Fault, why: str, document: SourceDocument, kit: Kit
) -> Snapshot | NotModified | Fault:
    """The page by browser; what http gave, with a note, where that fails."""
    shown = browser.fetch(document, Validators(), kit)
    if isinstance(shown, Snapshot):
        return replace(shown, exchange=_noted(shown, f"{why}: taken with the browser"))
    assert isinstance(shown, Fault)
    return replace(plain, exchange=_noted(plain, f"{why}, but by browser: {shown.message}", forget=True))


def _noted(result: Snapshot | NotModified | Fault, note: str, forget: bool = False) -> Exchange:
    """The exchange with a note. `forget` drops validators: a shell's ETag says nothing of its page."""
    assert result.exchange is not None
    kept = result.exchange.headers
    if forget:
        kept = tuple((name, value) for name, value in kept if name not in ("etag", "last-modified"))
    return replace(result.exchange, headers=kept, notes=(*result.exchange.notes, note))


def needs_browser(plain: Snapshot | NotModified | Fault) -> str | None:
    """Why this page should be looked at with a browser, or None."""
    if isinstance(plain, Fault):
        status = plain.exchange.status if plain.exchange else None
        return f"http was turned away with {status}" if status in turned_away else None
    if isinstance(plain, Snapshot) and plain.media_type in ("text/html", "application/xhtml+xml", ""):
        return shell(plain.content)
    return None


def shell(content: bytes) -> str | None:
    """Why this page is made by its scripts, or None."""
    seen = seen_bytes(content, little)
    if len(seen) >= little or b"<script" not in content.lower():
        return None
    if len(seen) < hardly_anything:
        return f"the page shows {len(seen)} bytes of text without its scripts"
    if not any(word in seen for word in subject):
        return "the page says nothing of privacy without its scripts"
    return None
