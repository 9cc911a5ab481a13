"""Word document (DOCX) -> Extracted, through HTML and our own walker, in a limited child process."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from monitor.extract import html
from monitor.extract.child import limited
from monitor.extract.faults import fault
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument

_styles = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
u => u
"""


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Take the text out of a Word document. Old .doc files and encrypted ones are named as such."""
    if not snapshot.content.startswith(b"PK"):
        what = (
            "an old or encrypted Word file"
            if snapshot.content.startswith(b"\xd0\xcf\x11\xe0")
            else "no DOCX file"
        )
        return fault(
            FaultKind.UNREADABLE, f"the document is {what}; its text cannot be read, its bytes are watched"
        )
    return limited("docx", snapshot, document)


def read_here(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """As `extract`, in this process."""
    import mammoth  # noqa: PLC0415 - an optional extra, and hostile input: imported in the child alone

    def no_image(_image: Any) -> list[Any]:
        return []

    converted = mammoth.convert_to_html(BytesIO(snapshot.content), style_map=_styles, convert_image=no_image)
    if not converted.value.strip():
        return fault(FaultKind.UNREADABLE, "the Word document holds no text (perhaps pictures of it)")
    return html.read(f"<body>{converted.value}</body>", document, document.location)
