"""HTML characters -> a tree, as a browser without scripts would build it, within limits. Pure."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.lines import tidy

_deep = 20_000  # open elements: building the tree takes a second at 16,000 and half a minute at 100,000
_tag = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_long_tag = re.compile(r"<[a-zA-Z][^<>]{60000}")
_void = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_raw = re.compile(r"<(?:(!--)|(script|style|textarea|title|noscript)\b)", re.I)
_closing = {
    "!--": re.compile(r"-->"),
    **{
        name: re.compile(rf"</{name}\b[^>]{{0,200}}>", re.I)
        for name in ("script", "style", "textarea", "title", "noscript")
    },
}


def without_noscript(html: str) -> tuple[str, str]:
    """The page without its `<noscript>` elements, and what stood in them.

    An unclosed frame in one (`<noscript><iframe/>`) would swallow the rest of the page. Comments and
    scripts are stepped over: what they say of `<noscript>` is not markup.
    """
    kept, dropped, start, at = [], [], 0, 0
    while match := _raw.search(html, at):
        name = (match[1] or match[2]).lower()
        end = _closing[name].search(html, match.end())
        if end is None:
            break
        at = end.end()
        if name == "noscript":
            kept.append(html[start : match.start()])
            dropped.append(html[match.end() : end.start()].partition(">")[2])
            start = at
    kept.append(html[start:])
    return "".join(kept), " ".join(dropped)


def is_heavy(html: str) -> bool:
    """True where building the tree could take for ever: very deep, or tags of very many attributes."""
    if _long_tag.search(html):
        return True
    if html.count("<") < _deep:
        return False
    opened: Counter[str] = Counter()
    for slash, name in _tag.findall(html):
        if name.lower() not in _void:
            opened[name.lower()] += -1 if slash else 1
    return sum(count for count in opened.values() if count > 0) > _deep


def parse(html: str) -> LexborHTMLParser:
    """The tree of a page that is not too deep."""
    return LexborHTMLParser(html)


def title(tree: LexborHTMLParser) -> str | None:
    """What the page calls itself: `<title>`, else the first `<h1>`."""
    for selector in ("head > title", "h1"):
        node = tree.css_first(selector)
        if node is not None and (said := tidy(node.text())):
            return said[:300]
    return None


def base(tree: LexborHTMLParser, url: str) -> str:
    """The address that the page's links are relative to."""
    node = tree.css_first("base[href]")
    return resolved(url, (node.attributes.get("href") or "") if node else "") or url


def resolved(address: str, href: str) -> str:
    """`href` as an absolute web, mail or phone address; "" for anything else."""
    try:
        absolute = urljoin(address, href.strip())
        return absolute if urlsplit(absolute).scheme in ("http", "https", "mailto", "tel") else ""
    except ValueError:
        return ""
