"""A store of each kind: what one does, the other must do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.memory import MemoryStore
from monitor.store.sqlite import SqliteStore
from tests.store.values import World, regular


@pytest.fixture(params=["sqlite", "memory"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "sqlite":
        found = World(open=lambda: SqliteStore(tmp_path / "state.sqlite", next_due=regular), kind="sqlite")
    else:
        memory = MemoryStore(next_due=regular)
        found = World(open=memory.reopened, kind="memory")
    yield found
    found.store.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[World]:
    """A store in a file, where the file is what matters."""
    found = World(open=lambda: SqliteStore(tmp_path / "state.sqlite", next_due=regular), kind="sqlite")
    yield found
    found.store.close()
