"""A disk that fills up, for real: a small tmpfs. What was acknowledged stays, and work goes on when there is room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store.sqlite import SqliteStore
from tests.store.values import World, base_text, hour, reading, regular, start, unchanged, visit


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets us mount no tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_nothing_that_was_acknowledged(small: Path) -> None:
    path = small / "state.sqlite"
    world = World(open=lambda: SqliteStore(path, next_due=regular), kind="sqlite")
    world.declare()
    world.first_version()
    ballast = small / "ballast"
    ballast.write_bytes(bytes(600 * 1024))
    before, done = len(world.store.looks()), list[int]()

    def look_on() -> None:
        for number in range(100_000):
            world.store.record(visit(start + number * hour, unchanged()))
            done.append(number)

    with pytest.raises(StoreError, match="no space left") as said:
        look_on()
    acknowledged = before + len(done)
    assert str(path) in str(said.value)
    assert len(world.store.looks()) == acknowledged
    assert list(world.store.verify()) == []

    ballast.unlink()
    for number in range(10):
        world.store.record(visit(start + (100_000 + number) * hour, unchanged()))
    assert len(world.store.looks()) == acknowledged + 10
    world.reopen()
    assert list(world.store.verify()) == []
    assert len(world.store.looks()) == acknowledged + 10
    world.store.close()


def test_a_full_disk_while_a_version_is_written_leaves_no_half_of_it(small: Path) -> None:
    path = small / "state.sqlite"
    world = World(open=lambda: SqliteStore(path, next_due=regular), kind="sqlite")
    world.declare()
    world.first_version()
    ballast = small / "ballast"
    ballast.write_bytes(bytes(1024 * 1024))
    text = base_text + "".join(
        f"\n\n我们收集第{hash((7, n)) % 10**12}号设备的第{hash((n, 9)) % 10**12}类信息。"
        for n in range(60_000)
    )

    def show() -> None:
        for number in range(1, 5):
            world.store.record(visit(start + number * hour, reading(text)))

    with pytest.raises(StoreError):
        show()
    assert list(world.store.verify()) == []
    ballast.unlink()
    assert [row.version.number for row in world.store.history()] == [1]
    world.store.close()
