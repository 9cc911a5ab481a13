"""Choose the extractor by what a document is: what was said of it, then what its bytes show. Pure."""

from __future__ import annotations

import re

from monitor.extract import docx, html, json, pdf, plain
from monitor.extract.faults import fault
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument
from monitor.ports import Extract

_window = 1024
_pictures = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
_markup = re.compile(
    rb"<(?:!doctype|!--|html|head|body|meta|title|script|style|link|div|p|br|h[1-6]|ul|ol|li|table|span|a|b|section"
    rb"|article|main|font|center|pre)[\s/>]",
    re.I,
)
_markdown = frozenset({"text/plain", "text/markdown", "text/x-markdown"})


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Read the document with the extractor that fits it."""
    fitting = _fitting(snapshot, document)
    return fitting if isinstance(fitting, Fault) else fitting(snapshot, document)


def _fitting(snapshot: Snapshot, document: SourceDocument) -> Extract | Fault:
    """Bytes go before labels: servers send PDFs as anything."""
    content, media_type = snapshot.content, snapshot.media_type.lower().partition(";")[0].strip()
    if b"%PDF-" in content[:_window]:
        return pdf.extract
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return docx.extract
    if content.startswith(_pictures) or media_type.startswith(("image/", "audio/", "video/")):
        message = "the document is a picture, which cannot be read; its bytes are watched"
        return fault(FaultKind.UNREADABLE, message)
    if document.json_path is not None:
        return json.extract
    if media_type == "application/json" or media_type.endswith("+json"):
        message = "the address answers in JSON; where the policy stands in it is said by json_path"
        return fault(FaultKind.SUSPECT_NOT_HTML, message, transient=True)
    if media_type in _markdown and not content.lstrip()[:200].lower().startswith((b"<!doctype", b"<html")):
        return plain.extract
    return html.extract if b"\0" in content[:_window] or _markup.search(content) else plain.extract
