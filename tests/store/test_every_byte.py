"""A flipped byte anywhere in the record is refused or reported, and the row is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store import verifying
from monitor.store.sqlite import SqliteStore
from tests.store.dumping import story
from tests.store.values import regular

record = (
    "terms",
    "declarations",
    "blobs",
    "versions",
    "pages",
    "exchanges",
    "looks",
    "examinations",
    "alerts",
    "receipts",
    "rulings",
    "seals",
    "passages",
    "quarantine",
)
# What is rewritten at every look, and indexes that are made of the record: no promise is given for a byte of it.
working = (
    "about",
    "watch",
    "marks",
    "holds",
    "channels",
    "judged",
    "deliveries",
    "drafts",
    "days",
    "unexamined",
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flips") / "state.sqlite"
    story(path)
    return path


def flipped(value: object, chance: random.Random) -> object:
    """The same value but for one bit of one byte (of a text: one letter)."""
    if isinstance(value, bytes) and value:
        at = chance.randrange(len(value))
        return value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :]
    if isinstance(value, str) and value:
        at = chance.randrange(len(value))
        return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(8)
    return "x" if value == "" else None


def cells(conn: sqlite3.Connection) -> Iterator[tuple[str, int, str, object]]:
    """Every value of the record: table, rowid, column, value."""
    for table in record:
        names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        for row in conn.execute(f"SELECT rowid, * FROM {table}").fetchall():
            yield from ((table, row[0], name, value) for name, value in zip(names, row[1:], strict=True))


def test_every_value_of_the_record_is_accounted_for(original: Path, tmp_path: Path) -> None:
    path = shutil.copyfile(original, tmp_path / "state.sqlite")
    conn = sqlite3.connect(path, isolation_level=None)
    conn.row_factory = sqlite3.Row
    guards = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        conn.execute(f"DROP TRIGGER {name}")
    chance, count, unseen, unnamed = random.Random(8), 0, [], []
    for table, row, column, value in 3 * list(cells(conn)):
        other = flipped(value, chance)
        if other is None or (chance.random() > 0.25 and table in {"passages", "seals"}):
            continue
        count += 1
        conn.execute("BEGIN")
        try:
            conn.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [other, row])
        except sqlite3.IntegrityError:
            conn.execute("ROLLBACK")
            continue
        found = [one for one in verifying.verify(conn) if one.table != "sqlite_schema"]
        conn.execute("ROLLBACK")
        if not found:
            unseen.append((table, row, column, value, other))
        elif all(one.row is None for one in found):
            unnamed.append((table, row, column, value, other, str(found[0])))
    assert (unseen, unnamed) == ([], [])
    assert count > 500
    conn.close()


def logical(path: Path) -> dict[str, list[object]]:
    conn = sqlite3.connect(path)
    conn.text_factory = bytes
    try:
        return {table: conn.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in record}
    finally:
        conn.close()


def test_every_byte_of_the_file_is_accounted_for(original: Path, tmp_path: Path) -> None:
    whole, before = original.read_bytes(), logical(original)
    path = tmp_path / "state.sqlite"
    chance, refused, reported, harmless, unseen = random.Random(9), 0, 0, 0, []
    used = [at for at in range(len(whole)) if whole[at]]
    for at in sorted(chance.sample(used, 900)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            with SqliteStore(path, next_due=regular, read_only=True, create=False) as store:
                found = list(store.verify())
        except StoreError:
            refused += 1
            continue
        if found:
            reported += 1
        elif logical(path) == before:
            harmless += 1
        else:
            unseen.append(at)
    assert unseen == []
    assert refused + reported > 400, (refused, reported, harmless)
