"""Rulings and audits by later editions in every kind of store, and a database from before there were any."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import NotFound, StoreError
from monitor.model import Alert, AlertKind, Examination, Judged, Verdict, Version, Withdrawal
from monitor.store import backup
from monitor.store.memory import MemoryStore
from monitor.store.sqlite import SqliteStore
from tests.store.dumping import load
from tests.store.values import (
    World,
    alert,
    audited,
    base_text,
    decided,
    hour,
    nothing_decided,
    regular,
    ruling,
    start,
)

star = ruling().terms
new_text = base_text.replace("推荐附近的优惠广告", "推送第三方广告")


@pytest.fixture(params=["sqlite", "memory"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "sqlite":
        found = World(open=lambda: SqliteStore(tmp_path / "state.sqlite", next_due=regular), kind="sqlite")
    else:
        found = World(open=MemoryStore(next_due=regular).reopened, kind="memory")
    found.declare()
    found.first_version()
    return found


def settle(world: World, edition: str = "1") -> None:
    for pending in world.store.unexamined(50):
        world.store.settle(Examination(pending=pending, audits=(audited(edition),)), nothing_decided)


def test_rulings_are_kept_and_taken_back_by_a_row_of_their_own(world: World) -> None:
    first, second = world.store.rule(ruling()), world.store.rule(ruling(verdict=None, quote="", criterion=""))
    assert (first.id, second.id) == (1, 2)
    head = world.store.head()
    back = Withdrawal(by="Ada Lovelace", at=start + hour, reason="a mistake")
    assert world.store.withdraw(1, back).withdrawn == back
    assert world.store.head() != head, "it is a link of the chain"
    for reopened in (False, True):
        known = world.reopen() if reopened else world.store
        assert known.rulings() == [second]
        assert known.rulings(star, withdrawn=True) == [replace(first, withdrawn=back), second]
        assert list(known.verify()) == []
    with pytest.raises(NotFound, match="withdrawn already"):
        world.store.withdraw(1, back)
    with pytest.raises(NotFound, match="no ruling 9"):
        world.store.withdraw(9, back)
    with pytest.raises(NotFound, match="no version 7"):
        world.store.rule(ruling(version=7))


def test_a_pending_version_carries_the_rulings_that_count(world: World) -> None:
    settle(world)
    kept = world.store.rule(ruling())
    world.store.withdraw(world.store.rule(ruling()).id, Withdrawal(by="B", at=start, reason="twice"))
    world.changed_to(new_text, start + hour)
    (pending,) = world.store.unexamined(5)
    assert pending.rulings == (kept,)


def test_audits_by_a_later_edition_count_and_the_old_ones_stay(world: World) -> None:
    settle(world)
    assert world.store.judged(star) == {1: frozenset({Judged(checklist="zh", edition="1", profile="pipl")})}
    newer = audited("2", Verdict.MET)
    assert world.store.add_audits(star, 1, [newer], start + hour) is True
    assert world.store.add_audits(star, 1, [newer], start + 2 * hour) is False, "once is enough"
    assert list(world.store.audits(star, 1)) == [newer]
    assert [one.at for one in world.store.all_audits(star, 1)] == [None, start + hour]
    assert [one.audits for one in world.store.all_audits(star, 1)] == [(audited("1"),), (newer,)]
    assert {one.edition for one in world.store.judged(star)[1]} == {"1", "2"}
    world.changed_to(new_text, start + hour)
    (pending,) = world.store.unexamined(5)
    assert pending.previous_audits == (newer,)
    assert 2 not in world.store.judged(star), "it waits for its examination, which judges it anyway"
    assert list(world.store.verify()) == []
    with pytest.raises(StoreError):
        world.store.add_audits(star, 9, [newer], start)


def test_history_shows_a_change_that_was_held_immaterial(world: World) -> None:
    world.changed_to(new_text, start + hour)
    made = world.store.rule(ruling(version=2, criterion="", verdict=None, quote=""))
    world.store.rule(ruling(version=1))
    assert [row.immaterial for row in world.store.history()] == [None, made]


def test_an_alert_not_yet_sent_tells_of_the_ruling(world: World) -> None:
    version = world.store.versions(star)[0]
    second = replace(version, number=2)
    world.settle_all(decided(about(version, "change:starbridge:1"), about(second, "change:starbridge:2")))
    world.store.rule(ruling(version=1, criterion="", verdict=None, quote=""))
    deliveries = world.store.undelivered(start + hour, 5)
    told = {one.key: one for each in deliveries for one in (each.alert, *each.also)}
    assert told["change:starbridge:1"].loud is False
    assert ("immaterial", "Ada Lovelace, 2031-03-01: the way is told elsewhere") in told[
        "change:starbridge:1"
    ].facts
    assert told["change:starbridge:2"].loud is True
    assert [one.loud for one in world.store.alerts()] == [True, True], "what was decided stays as it was"


def about(version: Version, key: str) -> Alert:
    return alert(key, kind=AlertKind.CHANGE, version=version)


# --------------------------------------------------------------------------- older databases


def old_database(path: Path) -> None:
    """A database as the schema before rulings made it, written by the program of that time, with an examined version in it."""
    load(Path(__file__).with_name("before_rulings.sql"), path)


def test_a_database_from_before_rulings_is_brought_up_and_works(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    old_database(path)
    conn = sqlite3.connect(path)
    assert conn.execute("PRAGMA user_version").fetchone() == (1,)
    assert conn.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'rulings'").fetchone() == (0,)
    conn.close()
    with SqliteStore(path, next_due=regular) as store:
        assert list(store.verify()) == []
        assert [one.edition for one in store.audits(star, 1)] == ["1"]
        assert store.judged(star) == {1: frozenset()}
        head = store.head()
        assert store.index_judged() == 1
        assert store.index_judged() == 0
        assert {one.edition for one in store.judged(star)[1]} == {"1"}
        assert store.head() == head, "an index is no link of the chain"
        store.rule(ruling())
        store.add_audits(star, 1, [audited("2")], start)
        assert list(store.verify()) == []
    with SqliteStore(path, next_due=regular, read_only=True, create=False) as store:
        assert len(store.rulings()) == 1


def test_a_backup_from_before_rulings_can_be_checked_and_restored(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    old_database(path)
    assert backup.check(path)
    backup.restore(path, tmp_path / "state.sqlite", start)
    with SqliteStore(tmp_path / "state.sqlite", next_due=regular) as store:
        assert len(store.history()) == 1
        assert store.rulings() == []
