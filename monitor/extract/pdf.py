"""PDF -> Extracted: paragraphs joined, page headers and numbers left out, in a limited child process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from monitor.extract.child import limited
from monitor.extract.faults import fault
from monitor.extract.lines import page as written
from monitor.extract.paragraphs import Printed, lines_of
from monitor.model import Extracted, Fault, FaultKind, Snapshot, SourceDocument

_least_text = 20
_most_pages = 2000
_bold_weight = 600


def extract(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """Take the text out of a PDF. Encrypted files and scans are named as such."""
    return limited("pdf", snapshot, document)


def read_here(snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """As `extract`, in this process."""
    import pypdfium2  # noqa: PLC0415 - an optional extra, and hostile input: imported in the child alone

    try:
        pdf = pypdfium2.PdfDocument(snapshot.content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            message = "the PDF is encrypted; its text cannot be read, its bytes are watched"
            return fault(FaultKind.UNREADABLE, message)
        return fault(FaultKind.UNREADABLE, f"the PDF is broken: {error}", transient=True)
    if len(pdf) > _most_pages:
        return fault(FaultKind.PARSE_LIMIT, f"the PDF has {len(pdf)} pages; {_most_pages} are read at most")
    pages = [list(_printed(pdf[number], pypdfium2.raw)) for number in range(len(pdf))]
    if sum(len(line.text) for page in pages for line in page) < _least_text:
        message = f"the PDF has no text layer ({len(pdf)} pages, perhaps scanned); its bytes are watched"
        return fault(FaultKind.UNREADABLE, message)
    lines = lines_of(pages)
    said = (pdf.get_metadata_dict().get("Title") or "").strip()
    return Extracted(text=written(lines), title=said or (lines[0].text[:300] if lines else None))


def _printed(page: Any, raw: Any) -> Iterator[Printed]:
    """The lines of a page with where they stand; heights as shares of the page, from its top."""
    text = page.get_textpage()
    width, height = page.get_size()
    codes = [raw.FPDFText_GetUnicode(text, index) for index in range(text.count_chars())]
    for is_end, group in groupby(range(len(codes)), key=lambda index: codes[index] in (10, 13)):
        places = [index for index in group if codes[index] not in (0, 32, 160)]
        if is_end or not places:
            continue
        first, last = places[0], places[-1]
        start, end = text.get_charbox(first, loose=True), text.get_charbox(last, loose=True)
        middle = places[len(places) // 2]
        yield Printed(
            text="".join(map(_char, codes[first : last + 1])),
            left=start[0] / (width or 1),
            right=end[2] / (width or 1),
            top=1 - start[3] / (height or 1),
            bottom=1 - start[1] / (height or 1),
            size=round(raw.FPDFText_GetFontSize(text, middle), 1),
            bold=raw.FPDFText_GetFontWeight(text, middle) >= _bold_weight,
        )


def _char(code: int) -> str:
    """Soft breaks of words come as 2 or 0xFFFE."""
    if code in (0x02, 0xFFFE, 0xFFFF):
        return "\u00ad"
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
