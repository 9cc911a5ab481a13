"""Why a page has hardly any text: it needs scripts, it is a picture of a policy, or it is empty. Pure."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract import words
from monitor.extract.faults import fault
from monitor.extract.lines import tidy
from monitor.model import Fault, FaultKind

_little = 200
_mounts = (
    "#app, #root, #__next, #__nuxt, #___gatsby, #react-root, #main-app, #app-root, #mount, #container:empty, "
    "app-root, [ng-app], [data-reactroot], [data-server-rendered], [id^='ice-container']"
)
_pictured = "img, picture, canvas, object[type^='image'], svg image"


def reason(tree: LexborHTMLParser, text: str, unscripted: str) -> Fault | None:
    """The fault behind a short text, or None where it may just be short."""
    if len(text) >= _little:
        return None
    if _needs_scripts(tree, text, unscripted):
        message = 'the page shows nothing without scripts: use fetcher = "browser"'
        return fault(FaultKind.NEEDS_BROWSER, message)
    title = tree.css_first("title")
    if words.legal.search(f"{title.text() if title else ''} {text}") and _is_pictured(tree):
        message = "the page shows its text as pictures, which cannot be read; its bytes are watched"
        return fault(FaultKind.UNREADABLE, message)
    return None if text else fault(FaultKind.EMPTY, "the page has no text", transient=True)


def needs_scripts(tree: LexborHTMLParser, unscripted: str) -> bool:
    """True where the page as a whole has hardly any text and scripts that would write it."""
    said = tidy(_shown(tree))
    return len(said) < _little and _needs_scripts(tree, said, unscripted)


def _needs_scripts(tree: LexborHTMLParser, text: str, unscripted: str) -> bool:
    if tree.css_first("script") is None:
        return False
    if (
        words.scripts_wanted.search(unscripted)
        or words.scripts_wanted.search(text)
        or words.loading.search(text)
    ):
        return True
    return any(len(tidy(node.text())) < _little and not _has_markup(node) for node in tree.css(_mounts))


def _has_markup(node: LexborNode) -> bool:
    """True where a mounting point is filled with text already, if only a little."""
    return node.css_first("p, h1, h2, li, td, article") is not None


def _is_pictured(tree: LexborHTMLParser) -> bool:
    """True where large pictures stand in the page, or several."""
    pictures = [node for node in tree.css(_pictured) if not _is_in_furniture(node)]
    return len(pictures) >= 3 or any(_is_large(node) for node in pictures)


def _is_in_furniture(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(50):
        if parent is None:
            return False
        if parent.tag in ("header", "footer", "nav", "a", "button"):
            return True
        parent = parent.parent
    return False


def _is_large(node: LexborNode) -> bool:
    """True unless the page says that the picture is small."""
    width = (node.attributes.get("width") or "").removesuffix("px")
    return not width.isdecimal() or int(width[:6]) >= 300


def _shown(tree: LexborHTMLParser) -> str:
    """All characters of the body outside scripts and styles."""
    body = tree.body
    if body is None:
        return ""
    silent = ("script", "style", "template", "title")
    return " ".join(
        node.text_content or ""
        for node in body.traverse(include_text=True)
        if node.is_text_node and node.parent is not None and node.parent.tag not in silent
    )
