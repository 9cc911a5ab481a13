"""Full-text search over what policies say, by paragraph: who says it, since which version, and still?

A paragraph is indexed once, with the version that said it first. Chinese has no spaces between words,
so each character is a word of its own here and a run of them is searched as a phrase.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.model import Span
from monitor.ports import Passage
from monitor.store import blobs, chain, queries
from monitor.store.rows import moment

_wide = r"\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_wide_char = re.compile(rf"([{_wide}])")
_run = re.compile(rf"[{_wide}]+|[^\W{_wide}]+")
_line = re.compile(r"[^\n]+")
_longest_query = 200


def spaced(text: str) -> str:
    """The text with each Chinese character as a word of its own."""
    return _wide_char.sub(r" \1 ", text)


def index(conn: sqlite3.Connection, terms_id: int, version_id: int, number: int, text: str) -> None:
    """Index the paragraphs that the version before did not have."""
    before = conn.execute(
        "SELECT text_sha256 FROM versions WHERE terms_id = ? AND number = ?", [terms_id, number - 1]
    ).fetchone()
    known = set(blobs.get(conn, before["text_sha256"]).decode().split("\n")) if before else set()
    new = False
    for start, end, line in paragraphs(text):
        if line in known:
            continue
        known.add(line)
        new = True
        row = conn.execute(
            "INSERT INTO passages (version_id, start_at, end_at) VALUES (?, ?, ?) RETURNING id",
            [version_id, start, end],
        ).fetchone()
        conn.execute("INSERT INTO words (rowid, passage) VALUES (?, ?)", [row["id"], spaced(line)])
    if new:
        chain.seal(conn, "passages", version_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of characters that a person asked for: Chinese as it is, others by the beginning of a word."""

    text: str
    wide: bool

    @property
    def phrase(self) -> str:
        """The run in the language of FTS5, where no operator gets through."""
        return f'"{" ".join(self.text)}"' if self.wide else f'"{self.text}" *'

    def stands_in(self, line: str) -> bool:
        """The same question without an index."""
        if self.wide:
            return self.text in line
        return any(word.lower().startswith(self.text.lower()) for word in _run.findall(line))


def runs(words: str) -> list[Run]:
    """What a person typed, taken apart."""
    return [Run(text=run, wide=bool(_wide_char.match(run))) for run in _run.findall(words[:_longest_query])]


def paragraphs(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and words of each line that is not blank."""
    for match in _line.finditer(text):
        if match[0].strip():
            yield match.start(), match.end(), match[0]


def search(conn: sqlite3.Connection, words: str, limit: int) -> list[Passage]:
    asked = " AND ".join(run.phrase for run in runs(words))
    if not asked:
        return []
    rows = conn.execute(
        """
        SELECT versions.*, start_at, end_at, latest.text_sha256 AS latest_text, service, terms_type
        FROM words JOIN passages ON passages.id = words.rowid
        JOIN versions ON versions.id = passages.version_id
        JOIN terms ON terms.id = versions.terms_id
        JOIN watch ON watch.terms_id = versions.terms_id JOIN versions AS latest ON latest.id = watch.latest
        WHERE words MATCH ? ORDER BY versions.first_seen DESC, passages.id LIMIT ?
        """,
        [asked, limit],
    ).fetchall()
    texts: dict[str, str] = {}
    return [_passage(conn, row, texts) for row in rows]


def _passage(conn: sqlite3.Connection, row: sqlite3.Row, texts: dict[str, str]) -> Passage:
    for sha256 in (row["text_sha256"], row["latest_text"]):
        if sha256 not in texts:
            texts[sha256] = blobs.get(conn, sha256).decode()
    line = texts[row["text_sha256"]][row["start_at"] : row["end_at"]]
    return Passage(
        terms=queries.terms_of(row),
        number=row["number"],
        first_seen=moment(row["first_seen"]),
        text=line,
        span=Span(start=row["start_at"], end=row["end_at"]),
        still=f"\n{line}\n" in f"\n{texts[row['latest_text']]}\n",
    )
