"""Scheduled copies: which stay, what becomes of a failed one, and a real daemon that makes them."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Backup
from monitor.daemon.backups import copies, kept, make, rotate, trouble
from monitor.daemon.vitals import BackupState
from monitor.errors import StoreError
from tests.daemon.test_daemon import running, until
from tests.world import Mailbox, Web, answer, as_html, command, configuration, policy

noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def plan(**rest: int) -> Backup:
    return Backup(folder=Path("unused"), **rest)  # type: ignore[arg-type] # the counts alone


def test_a_year_of_daily_copies_leaves_days_weeks_and_months() -> None:
    there: list[datetime] = []
    for day in range(400):
        there = sorted(kept([*there, noon + timedelta(days=day)], plan()))
    ages = [(there[-1] - at).days for at in there]
    assert ages[::-1][:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 20 <= len(there) <= 23
    assert 300 <= max(ages) <= 366
    assert len({at.strftime("%Y-%m") for at in there}) == 12


def test_of_one_day_the_last_stays() -> None:
    day = [noon + timedelta(hours=hour) for hour in range(6)]
    assert kept(day, plan(keep_daily=1, keep_weekly=0, keep_monthly=0)) == {day[-1]}


@given(st.lists(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))), st.data())  # noqa: DTZ001
def test_the_latest_always_stays_and_never_too_many(times: list[datetime], data: st.DataObject) -> None:
    daily, weekly, monthly = (data.draw(st.integers(0, 5)) for _ in range(3))
    staying = kept(times, plan(keep_daily=daily, keep_weekly=weekly, keep_monthly=monthly))
    assert staying <= set(times)
    assert len(staying) <= max(1, daily + weekly + monthly)
    assert not times or max(times) in staying


def watched(
    tmp_path: Path, web: Web, mail_port: int, more: str = "", services: tuple[str, ...] = ("a",)
) -> Path:
    for service in services:
        web.pages[f"/{service}"] = as_html(policy)
    config = configuration(tmp_path, web, mail_port, list(services), each='every = "1s"')
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    return config


def test_rotation_touches_nothing_but_copies_of_its_own(tmp_path: Path) -> None:
    for day in range(10):
        copy = tmp_path / f"policy-monitor-202603{day + 1:02}T120000Z.sqlite"
        copy.write_bytes(b"")
        copy.with_name(copy.name + ".manifest.json").write_text("{}")
    others = ["policy-monitor-20200101T120000Z.sqlite", "mine.sqlite", "policy-monitor-1.sqlite"]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    rotate(tmp_path, plan(keep_daily=2, keep_weekly=0, keep_monthly=0))
    assert [copy.at.day for copy in copies(tmp_path)] == [9, 10]
    assert {
        file.name for file in tmp_path.iterdir() if not file.name.startswith("policy-monitor-202603")
    } == set(others)


def test_a_damaged_database_makes_no_copy(tmp_path: Path, web: Web, mail: tuple[Mailbox, int]) -> None:
    config = watched(tmp_path, web, mail[1])
    assert command(config, "check").returncode == 0
    state, folder = tmp_path / "state", tmp_path / "copies"
    assert make(state, folder, noon).exists()
    with sqlite3.connect(state / "policy-monitor.sqlite") as conn:
        guards = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            conn.execute(f"DROP TRIGGER {name}")
        conn.execute("UPDATE looks SET at = at + 1 WHERE seq = (SELECT MIN(seq) FROM looks)")
        for _, text in guards:
            conn.execute(text)
    with pytest.raises(StoreError, match=r"looks, row \d+"):
        make(state, folder, noon + timedelta(days=1))
    assert [copy.at for copy in copies(folder)] == [noon], "the good one stays, no bad one is beside it"
    assert not list(folder.glob(".*"))


def test_a_disk_too_small_for_a_copy_is_told_before_it_is_filled(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = watched(tmp_path, web, mail[1])
    assert command(config, "check").returncode == 0
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StoreError, match="a copy of the database needs"):
        make(tmp_path / "state", tmp_path / "copies", noon)


def test_trouble_is_told_once_and_every_week_that_it_lasts() -> None:
    state = BackupState(folder="/b", failing_since=noon, problem="disk full")
    keys = [trouble(state, noon + timedelta(hours=hours)).key for hours in range(24 * 21)]
    assert len(set(keys)) == 3
    assert (
        trouble(BackupState(failing_since=noon + timedelta(days=30)), noon + timedelta(days=30)).key
        not in keys
    )


def test_a_daemon_makes_copies_that_can_be_restored(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    more = '\n[backup]\nfolder = "copies"\nevery = "2s"\nkeep_daily = 1\nkeep_weekly = 0\nkeep_monthly = 0\n'
    config = watched(tmp_path, web, mail[1], more)
    folder = tmp_path / "state" / "copies"
    with running(config) as daemon:
        until(lambda: copies(folder))
        first = copies(folder)[0]
        until(lambda: [copy.at for copy in copies(folder)] > [first.at])
        looks = len(web.requests)
        until(lambda: len(web.requests) > looks + 2)
        assert len(copies(folder)) == 1, "of one day the last one stays"
        state = answer(config, "status")["daemon"]["backup"]
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
    assert state["folder"] == str(folder)
    copy = copies(folder)[0].file
    assert json.loads(copy.with_name(copy.name + ".manifest.json").read_text())["rows"]["versions"] == 1
    done = command(config, "restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert len(answer(config, "history")) == 1


def test_a_backup_that_fails_is_told_and_holds_up_nothing(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    more = f'\n[backup]\nfolder = "{tmp_path / "copies"}"\nevery = "2s"\n'
    config = watched(tmp_path, web, mail[1], more)
    (tmp_path / "copies").write_text("a file where the folder should be")
    with running(config):
        until(lambda: any("backup" in text.lower() for text in mail[0].texts()))
        looks = len(web.requests)
        until(lambda: len(web.requests) > looks + 3)
        status = command(config, "status")
        assert status.returncode == 2
        assert "backup" in status.stdout.lower()
        (tmp_path / "copies").unlink()
        until(lambda: copies(tmp_path / "copies"))
        until(lambda: command(config, "status").returncode == 0)
    assert sum("backup of the database" in text for text in mail[0].texts()) == 1
    assert any((tmp_path / "copies").iterdir())
