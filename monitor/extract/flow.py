"""The pen: takes text, breaks, headings, items and cells in page order and lays down lines. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from monitor.extract import lines, tables
from monitor.extract.lines import Line, Shape

_own_number = re.compile(r"(?:\d{1,3}|[a-z]|[ivx]{2,5})[.)] ")
_any_number = re.compile(
    r"[（(]?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[ivxIVX]{2,5})[)）.、．:]"
    r"|(?:article|section|artikel|clause)\s\d|第[一二三四五六七八九十\d]{1,3}[条章节]|[①-⑳]",
    re.I,
)
_own_bullet = re.compile(r"[•·●▪◦■○‣∙*–-] +|[•●▪◦■‣]")
_cut = "\n\x1e\n"
_longest_heading = 300
_roman = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class List:
    """A list that is open: its next number and step (step 0: bullets), and how numbers are written."""

    next: int = 1
    step: int = 0
    style: str = "1"

    def marker(self, value: int | None = None) -> str:
        """The marker of the next item; `value` is the page's own word on its number."""
        if not self.step:
            return "- "
        number = self.next if value is None else value
        self.next = number + self.step
        return f"{_numeral(number, self.style)}. "


@dataclass(slots=True)
class _Item:
    """A list item that is open: its marker is spent on its first line."""

    marker: str
    depth: int
    spent: bool = False


@dataclass(slots=True)
class _Place:
    """Where lines go now, and the lists and items open there. A table cell is a place of its own."""

    out: list[Line] = field(default_factory=list)
    lists: list[List] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    tables: list[tables.Table] = field(default_factory=list)
    runs: list[tuple[str, bool]] = field(default_factory=list)
    heading: int = 0


@dataclass(slots=True)
class Flow:
    """Text comes in with `put`, everything else says what the text is part of."""

    bold: bool = False
    level: int = 1
    _places: list[_Place] = field(default_factory=lambda: [_Place()])

    @property
    def _place(self) -> _Place:
        return self._places[-1]

    @property
    def in_heading(self) -> bool:
        return self._place.heading > 0

    def lines(self) -> list[Line]:
        """All that was laid down."""
        self._flush()
        return self._places[0].out

    def put(self, text: str) -> None:
        self._place.runs.append((text, self.bold))

    def cut(self) -> None:
        """A block begins or ends here. Inside a heading that is a space."""
        if self.in_heading:
            self.put(_cut)
        elif self._place.runs:
            self._flush()

    def _flush(self) -> None:
        runs, self._place.runs = self._place.runs, []
        text = lines.spoken(runs)
        if lines.says_something(text):
            self._lay(text)

    def _lay(self, text: str) -> None:
        place = self._place
        item = place.items[-1] if place.items else None
        if item is None:
            place.out.append(Line(Shape.PROSE, text))
        elif item.spent:
            place.out.append(Line(Shape.MORE, text, item.depth + 1))
        else:
            item.spent = True
            if item.marker == "- ":
                text = _own_bullet.sub("", text, count=1) or text
            marker = _marker(item.marker, text)
            place.out.append(Line(Shape.ITEM, text, item.depth, marker))

    # ------------------------------------------------------------------ headings

    def open_heading(self) -> None:
        if not self.in_heading:
            self._flush()
        self._place.heading += 1

    def close_heading(self, level: int) -> None:
        """A heading ends; one of more than 300 characters was never one, whatever its tag."""
        place = self._place
        place.heading -= 1
        if place.heading:
            return
        runs, place.runs = place.runs, []
        text = lines.tidy("".join(text for text, _ in runs))
        if len(text) > _longest_heading:
            self._lay_all(runs)
        elif lines.says_something(text):
            self.level = level
            place.out.append(Line(Shape.HEADING, self._number_of_item(text) + text, 0, "#" * level + " "))

    def _lay_all(self, runs: list[tuple[str, bool]]) -> None:
        for text, bold in runs:
            if text == _cut:
                self._flush()
            else:
                self._place.runs.append((text, bold))
        self._flush()

    def _number_of_item(self, text: str) -> str:
        """Headings that are items of a numbered list keep the number; bullets before headings go."""
        item = self._place.items[-1] if self._place.items else None
        if item is None or item.spent:
            return ""
        item.spent = True
        return "" if item.marker == "- " or _any_number.match(text) else item.marker

    # ------------------------------------------------------------------ lists

    def open_list(self, opened: List) -> None:
        self.cut()
        self._place.lists.append(opened)

    def close_list(self) -> None:
        self.cut()
        self._place.lists.pop()

    def open_item(self, value: int | None = None) -> None:
        self.cut()
        place = self._place
        marker = place.lists[-1].marker(value) if place.lists else "- "
        place.items.append(_Item(marker, max(len(place.lists) - 1, 0)))

    def close_item(self) -> None:
        self.cut()
        self._place.items.pop()

    # ------------------------------------------------------------------ tables

    def open_table(self, presentation: bool) -> None:
        self.cut()
        self._place.tables.append(tables.Table(presentation))

    def close_table(self) -> None:
        self.cut()
        self._place.out += tables.written(self._place.tables.pop())

    def open_row(self) -> bool:
        """False where no table is open: then this is no row."""
        self.cut()
        if self._place.tables:
            self._place.tables[-1].rows.append([])
        return bool(self._place.tables)

    def open_cell(self) -> bool:
        """False where no row is open: then this is no cell."""
        self.cut()
        if not self._place.tables or not self._place.tables[-1].rows:
            return False
        self._places.append(_Place())
        return True

    def close_cell(self, columns: int, rows: int, header: bool) -> None:
        self._flush()
        place = self._places.pop()
        self._place.tables[-1].rows[-1].append(tables.Cell(place.out, columns, rows, header))


def _marker(marker: str, text: str) -> str:
    """The marker of an item; where its text brings a number of its own, that one counts."""
    if _own_number.match(text):
        return ""
    return "- " if _any_number.match(text) else marker


def _numeral(number: int, style: str) -> str:
    """A number as the list writes it: 1, a, A, i or I; out of reach of letters it stays a number."""
    if style in ("a", "A") and 1 <= number <= 26:
        return chr(ord(style) + number - 1)
    if style in ("i", "I") and 1 <= number <= 200:
        text = ""
        for value, letters in _roman:
            text += letters * (number // value)
            number %= value
        return text if style == "i" else text.upper()
    return str(number)
