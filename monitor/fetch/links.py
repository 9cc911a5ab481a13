"""The links of a fetched page, with their texts, and how much of it a reader sees. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.fetch.address import join, parse
from monitor.fetch.causes import Refused
from monitor.model import Link, Snapshot

meta_charset = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,3}=\s{0,3}["']?([a-z0-9_-]{2,20})""", re.IGNORECASE
)
holders = "a[href], iframe[src], embed[src], object[data]"
chinese = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
unsafe_codecs = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "utf_7"})
unseen = re.compile(rb"<(script|style|noscript|template|svg|title|textarea)[\s>]", re.IGNORECASE)


def decoded(snapshot: Snapshot) -> str:
    """The page as text, well enough to find links in it (reading it is the extractors' work)."""
    content = snapshot.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    named = snapshot.charset
    if named is None and (found := meta_charset.search(content[:4096])):
        named = found[1].decode("ascii").lower()
    for name in (chinese.get(named or "", named), "utf-8", "gb18030"):
        if name and name not in unsafe_codecs:
            with suppress(LookupError, ValueError):
                return content.decode(name)
    return content.decode("utf-8", "replace")


def tree(snapshot: Snapshot) -> LexborHTMLParser:
    return LexborHTMLParser(decoded(snapshot))


def base(page: LexborHTMLParser, snapshot: Snapshot) -> str:
    """What the page's references are relative to: its <base>, or its own address."""
    own = snapshot.exchange.final_url
    element = page.css_first("base[href]")
    with suppress(Refused):
        if element is not None:
            return join(parse(own), element.attributes.get("href") or "").url
    return own


def links(snapshot: Snapshot) -> Iterator[Link]:
    """All links that lead to an http(s) address, in the order of the page."""
    page = tree(snapshot)
    start = base(page, snapshot)
    for element in page.css("a[href], area[href]"):
        if link := link_of(element, start):
            yield link


def link_of(element: LexborNode, start: str) -> Link | None:
    """Where an element (or the first link in it) points to; None where that is nowhere we go."""
    holder = element if reference(element) else element.css_first(holders)
    if holder is None or not (target := reference(holder)):
        return None
    try:
        address = join(parse(start), target)
    except Refused:
        return None
    text = " ".join(element.text().split()) or element.attributes.get("title") or ""
    return Link(text=text[:300], address=address.url)


def reference(element: LexborNode) -> str | None:
    return next((value for name in ("href", "src", "data") if (value := element.attributes.get(name))), None)


def seen_bytes(content: bytes, enough: int) -> bytes:
    """The first `enough` bytes or so that a reader sees without scripts. Linear; stops early."""
    parts: list[bytes] = []
    size, at = 0, max(content.lower().find(b"<body"), 0)
    while size < enough:
        tag = content.find(b"<", at)
        text = content[at : tag if tag >= 0 else len(content)].strip()
        if text:
            parts.append(text)
            size += len(text)
        if tag < 0 or (at := _behind(content, tag)) <= 0:
            break
    return b" ".join(parts)


def _behind(content: bytes, tag: int) -> int:
    """Where the tag ends, with all its content if that is not seen; 0 if it never does."""
    if content.startswith(b"<!--", tag):
        return content.find(b"-->", tag) + 3 if content.find(b"-->", tag) >= 0 else 0
    if found := unseen.match(content, tag):
        closing = _closing(found[1].lower()).search(content, tag)
        return content.find(b">", closing.start()) + 1 if closing else 0
    return content.find(b">", tag) + 1


def _closing(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"</" + name, re.IGNORECASE)
