"""Runs of characters -> lines of the text form: spaces, bold marks, headings, items, rows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

_space = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_markless = re.compile(r"[^\w]*")
_word = re.compile(r"[^\W_]")
_surrogates = re.compile("[\ud800-\udfff]")
# Characters that are seen by nobody: soft hyphens, zero-width spaces, word joiners, BOMs, bidi controls.
_unseen = dict.fromkeys(
    [0xAD, 0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
deepest_indent = 8


class Shape(Enum):
    """What a line is; it decides where blank lines go."""

    PROSE = auto()
    HEADING = auto()
    ITEM = auto()
    MORE = auto()
    ROW = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text form. `depth` is the indent of items and of what follows inside them."""

    shape: Shape
    text: str
    depth: int = 0
    marker: str = ""

    def __str__(self) -> str:
        return "  " * min(self.depth, deepest_indent) + self.marker + self.text


def tidy(text: str) -> str:
    """One line of text: white space and control characters become single spaces, unseen ones go."""
    if not text.isascii():
        text = _surrogates.sub("\ufffd", text.translate(_unseen))
    return _space.sub(" ", text).strip(" ")


def says_something(text: str) -> bool:
    """False for lines of punctuation and ornaments alone."""
    return _word.search(text) is not None


def spoken(runs: Sequence[tuple[str, bool]]) -> str:
    """Runs of (text, bold) as one line with ``**`` marks around what is bold."""
    if not any(bold for _, bold in runs):
        return tidy("".join(text for text, _ in runs))
    return tidy("".join(_marked(text) if bold else text for text, bold in _merged(runs)))


def _merged(runs: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbours of one weight joined; white space and bare marks between bold runs belong to them."""
    joined: list[tuple[str, bool]] = []
    for text, bold in runs:
        if joined and (joined[-1][1] == bold or not text.strip()):
            joined[-1] = joined[-1][0] + text, joined[-1][1]
        elif len(joined) > 1 and bold and not joined[-1][0].strip():
            space = joined.pop()[0]
            joined[-1] = joined[-1][0] + space + text, bold
        else:
            joined.append((text, bold))
    return joined


def _marked(text: str) -> str:
    inner = text.replace("**", "").strip()
    if _markless.fullmatch(inner):
        return text
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{start}**{inner}**{end}"


def flat(lines: Iterable[Line]) -> str:
    """Lines as one: what stands in a table cell. Bullets go, numbers stay."""
    texts = []
    for line in lines:
        text = line.text.strip("| ").replace(" | ", " ") if line.shape is Shape.ROW else line.text
        texts.append(text if line.marker.startswith(("-", "#")) else line.marker + text)
    return tidy(" ".join(texts))


def row(cells: Iterable[str]) -> str:
    """A table row; a cell's own bars are shown as broken ones."""
    return "| " + " | ".join(cell.replace("|", "¦") for cell in cells) + " |"


def page(lines: Iterable[Line]) -> str:
    """The text form: a blank line between blocks, none between neighbouring items or rows."""
    parts: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None:
            tight = (line.shape in (Shape.ITEM, Shape.MORE) and before.shape in (Shape.ITEM, Shape.MORE)) or (
                line.shape is before.shape is Shape.ROW
            )
            parts.append("\n" if tight else "\n\n")
        parts.append(str(line))
        before = line
    return "".join(parts)
