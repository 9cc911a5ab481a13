"""An older copy in the place of the database: it is said, and nothing that was told is told again as new."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.decide import Rules, decide
from monitor.model import AlertKind, Change, Delivered, Delivery, Examination, Receipt, TermsId
from monitor.store import backup, witness
from monitor.store.sqlite import SqliteStore
from tests.store.dumping import changed_text
from tests.store.values import World, alert, base_text, decided, hour, reading, regular, start, visit

star = TermsId(service="starbridge")
texts = [
    base_text,
    changed_text,
    *(f"{changed_text}\n\n我们会把您的{what}出售给第三方。" for what in ("通讯录", "行程")),
]


class Life:
    """A monitor by hand: shows texts, examines, decides and delivers; remembers what went out."""

    def __init__(self, path: Path) -> None:
        self.path, self.now = path, start
        self.world = World(open=lambda: SqliteStore(path, next_due=regular), kind="sqlite")
        self.world.declare()
        self.sent: list[tuple[str, str]] = []

    def shows(self, text: str, channels: tuple[str, ...] = ("mail",), *, deliver: bool = True) -> None:
        for _ in range(3):
            self.now += 8 * hour  # long enough for a text that was there before
            self.world.store.record(visit(self.now, reading(text)))
        rules = Rules(channels=channels)
        for pending in self.world.store.unexamined(9):
            examined = Examination(pending=pending, change=Change(hunks=(), significance=3))
            self.world.store.settle(examined, decide(examined, rules))
        if deliver:
            self.deliver()

    def deliver(self) -> list[Delivery]:
        self.now += hour
        deliveries = list(self.world.store.undelivered(self.now, 9))
        for one in deliveries:
            self.sent += [(each.key, one.channel) for each in (one.alert, *one.also)]
            sent = Delivered(id=one.id, at=self.now, result=Receipt(answer="250 queued"))
            self.world.store.close_delivery(sent)
        return deliveries

    def set_back_to(self, copy: Path, *, by_hand: bool = False) -> None:
        self.world.store.close()
        if by_hand:
            shutil.copyfile(copy, self.path)
        else:
            backup.restore(copy, self.path, self.now)
        self.world.store = SqliteStore(self.path, next_due=regular)

    def copy(self) -> Path:
        file = self.path.with_name(f"copy-{self.now:%d-%H%M}.sqlite")
        assert isinstance(self.world.store, SqliteStore)
        self.world.store.backup(file, self.now)
        return file

    def numbers(self) -> list[int]:
        assert list(self.world.store.verify()) == []
        return [version.number for version in self.world.store.versions(star)]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    found = Life(tmp_path / "state.sqlite")
    found.shows(texts[0])
    yield found
    found.world.store.close()


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_is_found_again_is_recorded_and_not_told_again(life: Life, by_hand: bool) -> None:
    copy = life.copy()
    life.shows(texts[1])
    assert life.sent == [("change:starbridge:2", "mail")]
    life.set_back_to(copy, by_hand=by_hand)
    assert life.numbers() == [1]
    life.shows(texts[1])
    assert life.numbers() == [1, 2]
    assert len(life.sent) == 1
    (row,) = life.world.store.deliveries()
    assert (row.state, row.attempts, row.answer) == (
        "sent",
        0,
        "told before an older history was put in its place",
    )
    life.shows(texts[2])
    life.shows(texts[1])
    assert len(life.sent) == 3, "from then on everything is told, a return to the same text too"


def test_a_text_that_skipped_a_lost_one_is_known_by_what_was_told_last(life: Life) -> None:
    copy = life.copy()
    life.shows(texts[1])
    life.shows(texts[2])
    life.set_back_to(copy)
    life.shows(texts[2])
    assert life.numbers() == [1, 2]
    assert len(life.sent) == 2


def test_another_text_under_the_same_number_is_news_under_another_key(life: Life) -> None:
    copy = life.copy()
    life.shows(texts[1])
    life.set_back_to(copy)
    life.shows(texts[3])
    first, second = (key for key, _ in life.sent)
    assert first == "change:starbridge:2"
    assert second.startswith("change:starbridge:2:")


def test_a_return_to_a_lost_text_after_another_is_told(life: Life) -> None:
    copy = life.copy()
    life.shows(texts[1])
    life.shows(texts[2])
    life.set_back_to(copy)
    life.shows(texts[1])
    assert len(life.sent) == 3, "the reader's last word was of another text"
    assert len({key for key, _ in life.sent}) == 3, "no receiver takes it for a repeat"


def test_only_the_channel_that_knows_is_left_alone(life: Life) -> None:
    copy = life.copy()
    life.shows(texts[1])
    life.set_back_to(copy)
    life.shows(texts[1], ("mail", "chat"))
    first, second = life.sent
    assert first == ("change:starbridge:2", "mail")
    assert (second[0].startswith("change:starbridge:2"), second[1]) == (True, "chat")


def test_what_the_copy_holds_as_still_to_be_sent_went_out_already(life: Life) -> None:
    life.shows(texts[1], deliver=False)
    copy = life.copy()
    life.deliver()
    life.set_back_to(copy)
    assert life.deliver() == []
    assert len(life.sent) == 1
    assert life.numbers() == [1, 2]


def test_what_was_never_sent_is_sent_from_the_copy(life: Life) -> None:
    life.shows(texts[1], deliver=False)
    copy = life.copy()
    life.shows(texts[1], deliver=False)
    life.set_back_to(copy)
    assert len(life.deliver()) == 1


def test_notices_of_the_lost_part_are_not_told_again(life: Life) -> None:
    copy = life.copy()
    failing = alert("unreachable:starbridge:1", kind=AlertKind.UNREACHABLE)
    assert life.world.store.announce(decided(failing)) == 1
    life.deliver()
    life.set_back_to(copy)
    assert life.world.store.announce(decided(failing)) == 1
    assert life.deliver() == []
    assert len(life.sent) == 1


def test_without_the_file_of_the_witness_restore_asks_the_database_that_it_replaces(life: Life) -> None:
    copy = life.copy()
    life.shows(texts[1])
    life.world.store.close()
    witness.witness_file(life.path).unlink()
    life.set_back_to(copy)
    life.shows(texts[1])
    assert len(life.sent) == 1


def test_a_newer_history_put_in_place_of_an_older_one_loses_nothing(life: Life) -> None:
    old = life.copy()
    life.shows(texts[1])
    life.shows(texts[2])
    new = life.copy()
    life.set_back_to(old)
    life.shows(texts[3])
    assert len(life.sent) == 3
    life.set_back_to(new)
    life.shows(texts[3])
    assert len(life.sent) == 3, "told in the life between"
    life.shows(texts[2])
    assert len(life.sent) == 4


def test_it_is_told_for_a_day_whoever_opened_it_first(life: Life) -> None:
    copy = life.copy()
    life.shows(texts[1])
    life.set_back_to(copy)

    def problem(at: datetime) -> str:
        return life.world.store.overview(at).storage_problem

    assert isinstance(life.world.store, SqliteStore)
    assert "behind the last head witnessed" in life.world.store.behind
    life.world.reopen()
    assert "behind the last head witnessed" in problem(life.now)
    with SqliteStore(life.path, next_due=regular, read_only=True) as reader:
        assert "is not told again" in reader.overview(life.now).storage_problem
    assert "behind" in problem(life.now + timedelta(hours=20))
    assert "behind" not in problem(life.now + timedelta(hours=25))
    assert "behind" not in problem(life.now + timedelta(hours=26))


def test_the_file_stays_small_and_a_torn_line_is_passed_over(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = witness.witness_file(life.path)
    life.shows(texts[1])
    copy = life.copy()
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"seq": 12\n{"seq": 1, "head": "00", "told": [{"key": 1, "sorry": 2}]}\n[]\n')
    assert life.world.reopen().overview(life.now).storage_problem.startswith("history is behind") is False
    monkeypatch.setattr(witness, "_longest", 40)
    monkeypatch.setattr(witness, "_kept", 20)
    for _ in range(60):
        life.world.reopen()
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 41
    life.shows(texts[2])
    life.set_back_to(copy)
    life.shows(texts[2])
    assert len(life.sent) == 2
