"""Databases of every schema that ever was: opened, copied, brought up, whole, and nothing of them lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from monitor.model import Outcome, TermsId, digest
from monitor.store import schema
from monitor.store.sqlite import SqliteStore
from tests.store.dumping import changed_text, dump, load, story
from tests.store.values import World, base_text, hour, reading, regular, start, unchanged, visit

dumps = sorted((Path(__file__).parent / "schemas").glob("*.sql"), key=lambda file: int(file.stem))
star = TermsId(service="starbridge")


def opened(path: Path) -> SqliteStore:
    return SqliteStore(path, next_due=regular)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that is no index of the search."""
    conn = sqlite3.connect(path)
    names = [
        row[0]
        for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if not row[0].startswith(("words", "sqlite_", "_sqlite"))
    ]
    found = {name: sorted(conn.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}
    conn.close()
    return found


def test_there_is_a_dump_of_every_schema() -> None:
    assert [int(file.stem) for file in dumps] == list(range(1, len(schema.steps) + 1))


@pytest.mark.parametrize("file", dumps, ids=lambda file: f"schema {file.stem}")
def test_a_database_of_a_released_schema_is_brought_up_and_keeps_everything(
    tmp_path: Path, file: Path
) -> None:
    path, number = tmp_path / "state.sqlite", int(file.stem)
    load(file, path)
    before = contents(path)
    with opened(path) as store:
        assert list(store.verify()) == []
        assert [version.number for version in store.versions(star)] == [1, 2]
        assert [store.text(version.text_sha256) for version in store.versions(star)] == [
            base_text,
            changed_text,
        ]
        assert len(store.looks()) == 6
        assert [alert.key for alert in store.alerts()] == ["change:starbridge:2"]
        assert {(row.channel, row.state) for row in store.deliveries()} == {
            ("mail", "sent"),
            ("chat", "pending"),
        }
        assert len(store.search("第三方广告")) == 1
        assert len(store.rulings()) == (number > 1)
    after = contents(path)
    for table, rows in before.items():
        if table not in {"about", "watch", "deliveries"}:
            assert set(rows) <= set(after[table]), table
    copies = list(tmp_path.glob("*.backup"))
    assert [copy.name for copy in copies] == [f"state.sqlite.schema-{number}.backup"] * (
        number < len(schema.steps)
    )
    for copy in copies:
        assert contents(copy) == before


@pytest.mark.parametrize("file", dumps, ids=lambda file: f"schema {file.stem}")
def test_life_goes_on_in_a_database_that_was_brought_up(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "state.sqlite"
    load(file, path)
    world = World(open=lambda: opened(path), kind="sqlite")
    later = start + 48 * hour
    assert world.store.record(visit(later, unchanged())) is Outcome.UNCHANGED
    text = changed_text + "\n\n我们会把您的通讯录出售给保险公司。"
    for number in range(1, 4):
        world.store.record(visit(later + number * hour, reading(text)))
    world.settle_all()
    assert world.store.versions(star)[-1].text_sha256 == digest(text)
    assert list(world.store.verify()) == []
    world.store.close()


@pytest.mark.parametrize("file", dumps, ids=lambda file: f"schema {file.stem}")
def test_the_steps_make_what_the_released_schema_was(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "state.sqlite"
    load(file, path)
    conn = sqlite3.connect(path)
    assert schema.fingerprint(conn) == schema.fingerprint_of(int(file.stem))
    conn.close()


def test_the_latest_dump_is_of_this_schema(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    story(path)
    conn = sqlite3.connect(path)
    now = [line for line in dump(conn) if line.startswith("CREATE")]
    conn.close()
    assert now == [line for line in _statements(dumps[-1]) if line.startswith("CREATE")]


def _statements(file: Path) -> list[str]:
    found, current = [], ""
    for line in file.read_text(encoding="utf-8").splitlines():
        current += ("\n" if current else "") + line
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return found
