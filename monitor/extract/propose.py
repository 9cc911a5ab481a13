"""Which selector would take the text that was found without one? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.charset import decode
from monitor.model import Fault, Snapshot

share_that_is_enough = 0.97
_plain_name = re.compile(r"[A-Za-z][A-Za-z_-]{1,40}")
_spaces = re.compile(r"\s+")


def propose(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    """Selectors that match one element each, which holds nearly all of the text; the tightest first.

    Names with digits are left out: they tend to be made anew with each release of a site.
    """
    page = decode(snapshot.content, snapshot.charset, snapshot.media_type)
    if isinstance(page, Fault):
        return ()
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style", "noscript", "template"])
    wanted = share_that_is_enough * len(_bare(text))
    found: dict[str, int] = {}
    for node in tree.css("main, article, section, div, td"):
        length = len(_bare(node.text()))
        if length < wanted:
            continue
        for selector in _selectors(node):
            if selector not in found and len(tree.css(selector)) == 1:
                found[selector] = length
    return tuple(sorted(found, key=lambda selector: (found[selector], len(selector))))


def _bare(text: str) -> str:
    return _spaces.sub("", text)


def _selectors(node: LexborNode) -> Iterator[str]:
    names = node.attributes
    if (identity := names.get("id")) and _plain_name.fullmatch(identity):
        yield f"#{identity}"
    for name in (names.get("class") or "").split():
        if _plain_name.fullmatch(name):
            yield f"{node.tag}.{name}"
    if node.tag in ("main", "article"):
        yield str(node.tag)
