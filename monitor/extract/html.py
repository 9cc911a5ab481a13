"""HTML page -> Extracted: decode, parse, choose the part that is the policy, write it down. Pure."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from monitor.extract import article, charset, page, select
from monitor.extract.child import limited
from monitor.extract.faults import fault
from monitor.extract.furniture import email_of
from monitor.extract.lines import page as written
from monitor.extract.walk import Writer
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Take the text out of an HTML page: of what is selected, or of what is found to be the policy."""
    decoded = charset.decode(snapshot.content, snapshot.charset, "text/html")
    if isinstance(decoded, Fault):
        return decoded
    if page.is_deep(decoded):
        return limited("html", snapshot, document)
    return read(decoded, document, snapshot.exchange.final_url or document.location)


def read_here(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """As `extract`, in this process whatever the page is like."""
    decoded = charset.decode(snapshot.content, snapshot.charset, "text/html")
    if isinstance(decoded, Fault):
        return decoded
    return read(decoded, document, snapshot.exchange.final_url or document.location)


def read(source: str, document: SourceDocument, address: str) -> Extracted | Fault:
    """As `extract`, for characters."""
    html, unscripted = page.without_noscript(source)
    tree = page.parse(html)
    root = tree.body or tree.root
    if root is None:
        return fault(FaultKind.EMPTY, "the page is empty", transient=True)
    title = page.title(tree)
    _reveal_addresses(tree)
    window = _chosen(tree, document)
    if isinstance(window, Fault):
        return window
    outline = article.outline(root, window)
    writer = Writer(page.base(tree, address), skip=outline.skip, window=outline.window)
    text = written(writer.write(root))
    if not text:
        return _textless(tree, source, unscripted)
    return Extracted(text=text, title=title, links=tuple(dict.fromkeys(writer.links)), notes=outline.notes)


def _chosen(tree: LexborHTMLParser, document: SourceDocument) -> frozenset[int] | Fault | None:
    """What the operator selected; None where nothing was, and the page must be judged."""
    if document.remove and (wrong := select.remove(tree, document.remove)):
        return wrong
    return select.selected(tree, document.select) if document.select else None


def _reveal_addresses(tree: LexborHTMLParser) -> None:
    """Put e-mail addresses in the place of their obfuscated forms."""
    for selector in ("[data-cfemail]", "a[href*='/cdn-cgi/l/email-protection']"):
        for node in tree.css(selector):
            if address := email_of(node, node.attributes):
                node.replace_with(address)


def _textless(tree: LexborHTMLParser, source: str, unscripted: str) -> Fault:
    """Why a page without text has none."""
    return fault(FaultKind.EMPTY, "the page has no text", transient=True)
