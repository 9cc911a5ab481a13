"""Rows for a spreadsheet: CSV in which nothing is taken for a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def sheet(rows: Iterable[Iterable[str]]) -> str:
    """Comma-separated, RFC 4180 line ends, quoted against formula injection. Cells are cleaned by the caller."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote mark before =, +, -, @, tab and line ends.

    See https://owasp.org/www-community/attacks/CSV_Injection; leading blanks are looked through.
    """
    bare = cell.lstrip(" \u00a0\u3000")
    return f"'{cell}" if bare[:1] in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} else cell
