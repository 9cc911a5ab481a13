"""HTML page -> Extracted: decode, parse, choose the part that is the policy, write it down. Pure."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from monitor.extract import article, charset, page, select, shell
from monitor.extract.child import limited
from monitor.extract.faults import fault
from monitor.extract.furniture import email_of
from monitor.extract.lines import Line, Shape
from monitor.extract.lines import page as written
from monitor.extract.walk import Writer
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument

_copyright = re.compile(r"(?:©|\(c\)|copyright\b).{0,110}", re.I)


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Take the text out of an HTML page: of what is selected, or of what is found to be the policy."""
    decoded = charset.decode(snapshot.content, snapshot.charset, "text/html")
    if isinstance(decoded, Fault):
        return decoded
    if page.is_heavy(decoded):
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
    _mend(tree)
    window = _chosen(tree, document, unscripted)
    if isinstance(window, Fault):
        return window
    outline = article.outline(root, window)
    writer = Writer(page.base(tree, address), skip=outline.skip, window=outline.window)
    lines = writer.write(root)
    text = written(lines if document.select else [line for line in lines if not _is_imprint(line)])
    if wrong := shell.reason(tree, text, unscripted):
        return wrong
    return Extracted(text=text, title=title, links=tuple(dict.fromkeys(writer.links)), notes=outline.notes)


def _chosen(
    tree: LexborHTMLParser, document: SourceDocument, unscripted: str
) -> frozenset[int] | Fault | None:
    """What the operator selected; None where nothing was, and the page must be judged."""
    if document.remove and (wrong := select.remove(tree, document.remove)):
        return wrong
    if not document.select:
        return None
    chosen = select.selected(tree, document.select)
    if isinstance(chosen, Fault) and shell.needs_scripts(tree, unscripted):
        message = f'the page shows nothing without scripts: use fetcher = "browser" ({chosen.message})'
        return fault(FaultKind.NEEDS_BROWSER, message)
    return chosen


def _mend(tree: LexborHTMLParser) -> None:
    """Do what the page's first scripts would: put streamed parts in place, show e-mail addresses."""
    for part in tree.css("div[hidden][id^='S:']"):
        place = tree.css_first(f"template[id='B:{(part.id or '')[2:]}']")
        if place is not None:
            place.insert_before(part)
            part.decompose()
    for selector in ("[data-cfemail]", "a[href*='/cdn-cgi/l/email-protection']"):
        for node in tree.css(selector):
            if address := email_of(node, node.attributes):
                node.replace_with(address)


def _is_imprint(line: Line) -> bool:
    """True for copyright notices, whose year turns every January."""
    return line.shape is Shape.PROSE and bool(_copyright.fullmatch(line.text))
