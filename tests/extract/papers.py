"""PDF and Word documents made for the tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

_font = "STSong-Light"
_chinese = ParagraphStyle("zh", fontName=_font, fontSize=11, leading=16, spaceAfter=8, wordWrap="CJK")
_latin = ParagraphStyle("en", fontName="Helvetica", fontSize=11, leading=14, spaceAfter=8)
_title = ParagraphStyle("title", parent=_chinese, fontSize=18, leading=26)
_heading = ParagraphStyle("heading", parent=_chinese, fontSize=14, leading=20)


def pdf(story: Sequence[tuple[str, str]], running_head: str = "", password: str = "") -> bytes:
    """A PDF of (kind, text) pairs; kinds are title, heading, zh, en and page (a page break)."""
    pdfmetrics.registerFont(UnicodeCIDFont(_font))
    styles = {"title": _title, "heading": _heading, "zh": _chinese, "en": _latin}
    flow = [PageBreak() if kind == "page" else Paragraph(text, styles[kind]) for kind, text in story]

    def furnish(canvas: Any, template: Any) -> None:
        if running_head:
            canvas.setFont(_font, 9)
            canvas.drawString(72, 815, running_head)
            canvas.drawCentredString(300, 28, f"第 {template.page} 页 共 9 页")

    out = io.BytesIO()
    lock = StandardEncryption(password) if password else None
    SimpleDocTemplate(out, pagesize=A4, encrypt=lock, title="隐私政策").build(
        flow, onFirstPage=furnish, onLaterPages=furnish
    )
    return out.getvalue()


def scanned_pdf() -> bytes:
    """A PDF that shows something but says nothing."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(100, 100, 300, 500, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def bomb_pdf() -> bytes:
    """A PDF of one page that draws for ever."""
    stream = b"BT /F1 1 Tf " + b"(x) Tj 0 1 Td " * 3_000_000 + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return out + tail % (table, len(out))


def word() -> bytes:
    """A Word document with a title, headings, lists, a table and bold words."""
    document = docx.Document()
    document.add_heading("隐私政策", 0)
    document.add_paragraph("更新日期：2026年5月1日")
    document.add_heading("一、收集", 1)
    paragraph = document.add_paragraph("我们")
    paragraph.add_run("不会").bold = True
    paragraph.add_run("出售您的信息。")
    for text, style in (("姓名", "List Bullet"), ("电话", "List Bullet"), ("第一", "List Number")):
        document.add_paragraph(text, style)
    table = document.add_table(2, 3)
    for row, texts in zip(table.rows, (("SDK", "用途", "数据"), ("地图", "导航", "位置")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
