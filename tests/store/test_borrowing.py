"""Reading as another user: in the group of the folder or not, beside a live daemon, at rest, after a crash."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import StoreUnwritable
from monitor.store.sqlite import SqliteStore
from tests.store.values import World, hour, regular, start, unchanged, visit

stranger, group = 65534, 65533
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def opened(path: Path, read_only: bool = False) -> SqliteStore:
    return SqliteStore(path, next_due=regular, create=not read_only, read_only=read_only)


def as_stranger(action: Callable[[], None], member: bool) -> str:
    """Do something in a child that has no rights of root; gives the error's name and words, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([group] if member else [])
            os.setgid(stranger)
            os.setuid(stranger)
            action()
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A state folder as systemd makes it: 0750, of the daemon's user and group, reachable by all."""
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):  # as deep as xdist makes it
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    folder = tmp_path / "state"
    folder.mkdir(mode=0o750)
    os.chown(folder, 0, group)
    folder.chmod(0o2750)
    return folder / "state.sqlite"


def filled(path: Path, looks: int = 40) -> World:
    world = World(open=lambda: opened(path), kind="sqlite")
    world.declare()
    world.first_version()
    for number in range(looks):
        world.store.record(visit(start + number * hour, unchanged()))
    return world


def reads(path: Path, count: int) -> Callable[[], None]:
    def read() -> None:
        with opened(path, read_only=True) as store:
            assert len(store.looks()) == count
            assert list(store.verify()) == []

    return read


def leave_a_log(path: Path) -> None:
    """A writer that dies in the middle."""
    child = os.fork()
    if child == 0:
        store = opened(path)
        store.record(visit(start + 99 * hour, unchanged()))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert path.with_name("state.sqlite-wal").stat().st_size > 0


@root_only
def test_a_member_of_the_group_reads_beside_a_live_daemon(place: Path) -> None:
    world = filled(place)
    assert as_stranger(reads(place, 41), member=True) == ""
    world.store.record(visit(start + 99 * hour, unchanged()))
    assert as_stranger(reads(place, 42), member=True) == ""
    world.store.close()
    assert as_stranger(reads(place, 42), member=True) == ""
    assert sorted(one.name for one in place.parent.iterdir()) == ["state.sqlite", "state.sqlite.witness"]


@root_only
@pytest.mark.parametrize("without", [(), ("-shm",)], ids=["log and index", "log only"])
def test_a_member_of_the_group_reads_what_a_crash_left(place: Path, without: tuple[str, ...]) -> None:
    filled(place).store.close()
    leave_a_log(place)
    for ending in without:
        place.with_name(place.name + ending).unlink()
    before = {one.name: one.read_bytes() for one in place.parent.iterdir()}
    assert as_stranger(reads(place, 42), member=True) == ""
    assert {one.name: one.read_bytes() for one in place.parent.iterdir()} == before
    with opened(place) as store:
        assert len(store.looks()) == 42


@root_only
def test_a_copy_for_reading_is_of_one_moment(place: Path) -> None:
    filled(place).store.close()
    leave_a_log(place)
    place.with_name(place.name + "-shm").unlink()
    child = os.fork()
    if child == 0:  # somebody folds the log in and writes on while the other copies
        time.sleep(0.05)
        with opened(place) as store:
            for number in range(100, 160):
                store.record(visit(start + number * hour, unchanged()))
        os._exit(0)

    def read() -> None:
        for _ in range(10):
            with opened(place, read_only=True) as store:
                assert 42 <= len(store.looks()) <= 102
                assert list(store.verify()) == []

    assert as_stranger(read, member=True) == ""
    os.waitpid(child, 0)


@root_only
def test_a_stranger_is_told_who_can_mend_it(place: Path) -> None:
    filled(place).store.close()
    said = as_stranger(reads(place, 41), member=False)
    assert said.startswith("StoreUnwritable")
    assert "you may not read it" in said
    assert "group" in said
    place.parent.chmod(0o755)
    said = as_stranger(reads(place, 41), member=False)
    assert said.startswith("StoreUnwritable")
    assert "to which an administrator can add you" in said


@root_only
def test_a_member_who_writes_is_told(place: Path) -> None:
    filled(place).store.close()
    said = as_stranger(lambda: opened(place).close(), member=True)
    assert said.startswith("StoreUnwritable")
    assert "cannot be written" in said


@pytest.mark.skipif(
    os.geteuid() == 0, reason="nothing is forbidden to root; the tests above become another user"
)
def test_without_rights_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    filled(path).store.close()
    path.chmod(0)
    with pytest.raises(StoreUnwritable, match="you may not read it"):
        opened(path, read_only=True)
