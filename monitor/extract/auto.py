"""Choose the extractor by what a document is: what was said of it, then what its bytes show. Pure."""

from __future__ import annotations

from monitor.extract import docx, html, json, pdf, plain
from monitor.model import Extracted, Fault, Snapshot, SourceDocument
from monitor.ports import Extract

_zip = b"PK\x03\x04"
_pdf_window = 1024


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Read the document with the extractor that fits it."""
    return _fitting(snapshot, document)(snapshot, document)


def _fitting(snapshot: Snapshot, document: SourceDocument) -> Extract:
    """Bytes go before labels: servers send PDFs as anything."""
    content, media_type = snapshot.content, snapshot.media_type.lower()
    if b"%PDF-" in content[:_pdf_window]:
        return pdf.extract
    if content.startswith(_zip):
        return docx.extract
    if document.json_path is not None:
        return json.extract
    if media_type in ("text/plain", "text/markdown", "text/x-markdown"):
        return plain.extract
    return html.extract
