"""Tables, row by row: spans filled so that every row says all that it says; layout tables undone. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.extract.lines import Line, Shape, flat, row

_widest = 100
_longest_cell = 1500
_longest_repeated = 120  # labels are repeated in the rows they span, whole paragraphs are not
_repetition = 4  # a table may grow to this many times its text by filling, then cells stay empty


@dataclass(slots=True)
class Cell:
    """One cell as written in the page."""

    lines: list[Line]
    columns: int = 1
    rows: int = 1
    header: bool = False


@dataclass(slots=True)
class Table:
    """A table that is being read."""

    presentation: bool = False
    rows: list[list[Cell]] = field(default_factory=list)


def written(table: Table) -> list[Line]:
    """The lines of a table: one a row, or the plain flow of its cells where it only lays out the page."""
    if _is_layout(table):
        return [line for cells in table.rows for cell in cells for line in cell.lines]
    filled = (_trimmed(cells) for cells in _filled(table))
    return [Line(Shape.ROW, row(cells)) for cells in filled if any(cells)]


def _is_layout(table: Table) -> bool:
    """True where rows mean nothing: one column, said so by the page, or whole chapters in cells."""
    if table.presentation or all(sum(bool(cell.lines) for cell in cells) <= 1 for cells in table.rows):
        return True
    cells = [cell for cells in table.rows for cell in cells]
    if any(cell.header for cell in cells):
        return False
    chapters = any(line.shape in (Shape.HEADING, Shape.ROW) for cell in cells for line in cell.lines)
    return chapters or (len(table.rows) <= 2 and any(len(flat(cell.lines)) > _longest_cell for cell in cells))


def _filled(table: Table) -> list[list[str]]:
    """Rows of equal meaning: a cell that spans rows or columns stands in each of them."""
    texts = [[flat(cell.lines) for cell in cells] for cells in table.rows]
    budget = _repetition * sum(len(text) for line in texts for text in line) + 1000
    pending: dict[int, tuple[int, str]] = {}
    filled = []
    for cells, line in zip(table.rows, texts, strict=True):
        out: list[str] = []
        own = iter(zip(cells, line, strict=True))
        while True:
            column = len(out)
            if column in pending:
                rest, text = pending.pop(column)
                budget -= len(text)
                out.append(text if budget > 0 else "")
                if rest > 1:
                    pending[column] = rest - 1, text
                continue
            cell, text = next(own, (None, ""))
            if cell is None:
                break
            width = min(cell.columns, _widest - column) if column < _widest else 1
            again = text if len(text) <= _longest_repeated and len(cells) > 1 else ""
            for offset in range(max(width, 1)):
                out.append(again if offset else text)
                if cell.rows > 1:
                    pending[column + offset] = cell.rows - 1, again
        filled.append(out)
    return filled


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end that only a wide span left there."""
    while len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    return cells
