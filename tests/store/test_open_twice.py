"""One process, several connections: none may cost another its locks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import StoreForeign
from monitor.store.sqlite import SqliteStore
from tests.store.values import World, declaration, reading, regular, start, visit
from tests.world import root

_another_process = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.model import TermsId
from monitor.store.sqlite import SqliteStore
with SqliteStore(Path(sys.argv[1]), next_due=lambda declaration, now, failures: now) as store:
    store.expedite(None, datetime.now(UTC))
"""


def test_a_second_connection_costs_the_first_no_lock(tmp_path: Path) -> None:
    """Were it so, the other process would take itself for the last one, and delete the log that is in use."""
    path = tmp_path / "state.sqlite"
    world = World(open=lambda: SqliteStore(path, next_due=regular), kind="sqlite")
    world.declare(declaration("a"))
    log = path.with_name(path.name + "-wal")
    with SqliteStore(path, next_due=regular), SqliteStore(path, next_due=regular, read_only=True):
        before = log.stat().st_ino
        command = [sys.executable, "-c", _another_process, str(path)]
        subprocess.run(command, check=True, cwd=root)
        assert log.stat().st_ino == before
        world.store.record(visit(start, reading(service="a"), "a"))
    assert log.stat().st_ino == before
    subprocess.run(command, check=True, cwd=root)
    assert log.stat().st_ino == before
    with SqliteStore(path, next_due=regular, read_only=True) as reader:
        assert len(reader.looks()) == 1
    world.store.close()
    assert not log.exists(), "the last one folds it in"


def test_a_file_is_examined_again_once_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    for _ in range(3):
        SqliteStore(path, next_due=regular).close()
    path.write_bytes(b"")
    with pytest.raises(StoreForeign, match="empty"):
        SqliteStore(path, next_due=regular)
