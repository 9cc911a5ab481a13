"""Normal forms: the comparison key, in which only differences that a reader can see are left. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

from monitor.model import digest
from monitor.text.blocks import Block, BlockKind, blocks

_invisible = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0xFEFF, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_alike = {
    '"': "“”„‟«»「」『』〝〞″",
    "'": "‘’‚‛′`´",
    "-": "‐‑‒–—―−",
    "·": "•●▪◦∙・‧",
    ",": "、",
    ".": "。",
    "[": "【〔",
    "]": "】〕",
}
_fold = {ord(char): plain for plain, chars in _alike.items() for char in chars} | _invisible
_wide = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_loose_space = re.compile(rf"(?<=[{_wide}\W]) | (?=[{_wide}\W])")
_space = re.compile(r"\s+")


def key_text(text: str) -> str:
    """One line (or block) as it is compared: widths, quotes, dashes, spaces and emphasis folded away.

    Idempotent: `key_text(key_text(x)) == key_text(x)`.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_fold)).translate(_fold)
    folded = _space.sub(" ", folded.replace("**", "")).strip()
    return _loose_space.sub("", unicodedata.normalize("NFC", folded))


def key_of_block(block: Block) -> str:
    """A block as it is compared: list markers are furniture, headings differ from paragraphs in look only."""
    if block.kind is BlockKind.ROW:
        return "|".join(key_text(cell) for cell in block.text.strip().strip("|").split("|"))
    return key_text(block.text)


def key_lines(text: str, volatile: Set[str] = frozenset()) -> tuple[str, ...]:
    """The comparison key of a text, block by block, without the blocks known to be volatile."""
    keys = (key_of_block(block) for block in blocks(text))
    return tuple(key for key in keys if key and key not in volatile)


def key(text: str, volatile: Set[str] = frozenset()) -> str:
    """The digest of the comparison key: texts of equal key differ in nothing a reader can see."""
    return digest("\n".join(key_lines(text, volatile)))
