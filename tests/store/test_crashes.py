"""Killed at any statement of any transaction, the store keeps what it acknowledged and goes on from there."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Delivered, Examination, Receipt, TermsId
from monitor.store import backup, policy
from monitor.store.sqlite import SqliteStore
from tests.store.dumping import changed_text, load, story
from tests.store.killing import killed_before
from tests.store.values import (
    World,
    alert,
    base_text,
    decided,
    hour,
    nothing_decided,
    reading,
    regular,
    start,
    visit,
)

star = TermsId(service="starbridge")
schemas = sorted((Path(__file__).parent / "schemas").glob("*.sql"))


def opened(path: Path) -> SqliteStore:
    return SqliteStore(path, next_due=regular)


def whole_story(path: Path) -> None:
    """From nothing, or from wherever an earlier life broke off, to a change that was announced."""
    world = World(open=lambda: opened(path), kind="sqlite")
    world.declare()
    world.store.due(start, 10)
    if not world.store.versions(star):
        world.store.record(visit(start, reading()))
    _settle(world)
    at = start + hour
    while len(world.store.versions(star)) < 2:
        world.store.record(visit(at, reading(changed_text)))
        at += hour
    _settle(world)
    for delivery in world.store.undelivered(start + timedelta(days=1), 10):
        world.store.close_delivery(Delivered(id=delivery.id, at=at, result=Receipt(answer="ok")))
    world.store.close()


def _settle(world: World) -> None:
    for pending in world.store.unexamined(50):
        decision = decided(alert()) if pending.version.number == 2 else nothing_decided
        world.store.settle(Examination(pending=pending), decision)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_every_statement_nothing_is_lost(tmp_path: Path) -> None:
    write, died = 1, True
    while died:
        path = tmp_path / str(write) / "state.sqlite"
        path.parent.mkdir()
        died = killed_before(write, lambda path=path: whole_story(path))  # type: ignore[misc]
        whole_story(path)
        with opened(path) as store:
            assert list(store.verify()) == [], f"killed before write {write}"
            assert [store.text(one.text_sha256) for one in store.versions(star)] == [base_text, changed_text]
            assert [row.state for row in store.deliveries()] == ["sent"]
            assert store.unexamined(10) == []
        assert not list(path.parent.glob(".*.new")) or died, "a draft is left behind only by a death"
        shutil.rmtree(path.parent)
        write += 1
    assert write > 120, "there are many writes to die at"


@pytest.mark.parametrize("file", schemas[:-1], ids=lambda file: f"schema {file.stem}")
def test_killed_at_every_statement_of_an_upgrade_the_old_schema_is_intact(tmp_path: Path, file: Path) -> None:
    before, path = tmp_path / "before.sqlite", tmp_path / "work" / "state.sqlite"
    load(file, before)
    write, died = 1, True
    while died:
        path.parent.mkdir()
        shutil.copyfile(before, path)
        died = killed_before(write, lambda: opened(path).close())
        with opened(path) as store:
            assert list(store.verify()) == [], f"killed before write {write}"
            assert len(store.versions(star)) == 2
        shutil.rmtree(path.parent)
        write += 3
    assert write > 40


def test_killed_at_every_statement_of_a_restore_one_of_both_is_there(tmp_path: Path) -> None:
    copy, before, path = tmp_path / "copy.sqlite", tmp_path / "before", tmp_path / "work" / "state.sqlite"
    before.mkdir()
    story(before / "state.sqlite")
    with opened(before / "state.sqlite") as store:
        store.backup(copy, start)
        store.record(visit(start + 5 * hour, reading(changed_text)))
    write, died = 1, True
    while died:
        shutil.copytree(before, path.parent)
        died = killed_before(write, lambda: backup.restore(copy, path, start))
        kept = (
            [path]
            if path.exists()
            else [one for one in path.parent.glob("*.replaced-*") if one.suffix != ".witness"]
        )
        with opened(kept[0]) as store:
            assert list(store.verify()) == []
            assert len(store.versions(star)) == 2
        shutil.rmtree(path.parent)
        write += 1


def test_a_page_that_kills_the_process_is_not_tried_at_every_start(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    world = World(open=lambda: opened(path), kind="sqlite")
    world.declare()
    world.store.close()

    def dies() -> bool:
        child = os.fork()
        if child == 0:
            store = opened(path)
            os._exit(7 if store.due(start, 1) else 0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

    assert [dies() for _ in range(5)] == [True, True, True, False, False]
    with opened(path) as store:
        assert len(store.due(start + policy.lease, 1)) == 1
