"""The database as a file: what is refused, what survives, what cannot be altered, and copies of it."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import StoreError, StoreForeign, StoreNewer
from monitor.model import Delivered, FaultKind, Receipt, Snapshot, TermsId, digest
from monitor.store import backup, blobs, opening, schema, witness
from monitor.store.sqlite import SqliteStore
from tests.store.values import (
    World,
    alert,
    audited,
    base_text,
    decided,
    declaration,
    exchange,
    fault,
    hour,
    reading,
    regular,
    ruling,
    start,
    unchanged,
    visit,
)

star = TermsId(service="starbridge")
changed_text = base_text.replace("推荐附近的优惠广告", "推送第三方广告")


def opened(path: Path, create: bool = True, read_only: bool = False) -> SqliteStore:
    return SqliteStore(path, next_due=regular, create=create, read_only=read_only)


def filled(world: World) -> Path:
    """Two versions, examined, with an alert, a fault in quarantine and a text that waits."""
    world.declare()
    world.first_version()
    world.settle_all()
    world.changed_to(changed_text, start + hour)
    world.settle_all(decided(alert()))
    for delivery in world.store.undelivered(start + 2 * hour, 10):
        sent = Delivered(id=delivery.id, at=start + 2 * hour, result=Receipt(answer="250 queued"))
        world.store.close_delivery(sent)
    world.store.record(visit(start + 3 * hour, fault(FaultKind.SUSPECT_WALL, content=b"<p>captcha</p>")))
    world.store.record(visit(start + 4 * hour, reading(changed_text + "\n\n我们也向保险公司提供您的行程。")))
    world.store.rule(ruling())
    world.store.add_audits(star, 1, [audited("2")], start + 5 * hour)
    world.store.close()
    return (world.store if isinstance(world.store, SqliteStore) else pytest.fail("a file is needed")).path


# --------------------------------------------------------------------------- refused, and left as it is


def foreign(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE theirs (x)")
    conn.commit()
    conn.close()


def newer(path: Path) -> None:
    opened(path).close()
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA user_version = 99")
    conn.close()


def cut_short(path: Path) -> None:
    opened(path).close()
    os.truncate(path, path.stat().st_size // 2)


def without_guards(path: Path) -> None:
    opened(path).close()
    conn = sqlite3.connect(path)
    conn.execute("DROP TRIGGER versions_never_updated")
    conn.commit()
    conn.close()


def with_a_trigger(path: Path) -> None:
    opened(path).close()
    conn = sqlite3.connect(path)
    conn.execute("CREATE TRIGGER words_data AFTER INSERT ON looks BEGIN DELETE FROM drafts; END")
    conn.commit()
    conn.close()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda path: path.write_bytes(b""), StoreForeign),
        (lambda path: path.write_text("[services]\n" * 99), StoreForeign),
        (foreign, StoreForeign),
        (cut_short, StoreForeign),
        (without_guards, StoreForeign),
        (with_a_trigger, StoreForeign),
        (newer, StoreNewer),
    ],
    ids=["empty", "text", "foreign", "cut short", "guards dropped", "trigger added", "newer"],
)
def test_what_is_not_ours_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object], error: type[StoreError]
) -> None:
    path = tmp_path / "state.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(error) as raised:
        opened(path)
    assert str(path) in str(raised.value)
    assert path.read_bytes() == before


def test_a_log_without_its_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite-wal").write_bytes(b"x" * 100)
    with pytest.raises(StoreForeign, match="is gone"):
        opened(tmp_path / "state.sqlite")


def test_no_database_is_said(tmp_path: Path) -> None:
    for options in ({"create": False}, {"read_only": True, "create": False}):
        with pytest.raises(StoreError, match="no database yet"):
            opened(tmp_path / "state.sqlite", **options)
    assert list(tmp_path.iterdir()) == []


def as_nobody(action: Callable[[], None]) -> None:
    """Do something in a child that has no rights of root."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            action()
            os._exit(0)
        except BaseException as error:
            print(f"child: {type(error).__name__}: {error}", flush=True)
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that others reach, whatever pytest made of its parents."""
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    return tmp_path


# --------------------------------------------------------------------------- append-only, verified


@pytest.mark.parametrize("table", schema.append_only)
def test_what_is_stored_is_never_altered_deleted_or_replaced(database: World, table: str) -> None:
    conn = sqlite3.connect(filled(database))
    column = conn.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
    assert conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] > 0
    for attack in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            conn.execute(attack)
    conn.close()


def vandalise(path: Path, *statements: str) -> None:
    """What somebody with a database tool and bad intentions does: guards off, rows altered, guards on."""
    conn = sqlite3.connect(path, isolation_level=None)
    guards = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        conn.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        conn.executescript(statement)
    for _, sql in guards:
        conn.execute(sql)
    conn.close()


@pytest.mark.parametrize(
    ("statement", "table", "number"),
    [
        ("UPDATE looks SET at = at + 1 WHERE outcome = 'first records'", "looks", 1),
        ("UPDATE looks SET message = 'all was well' WHERE fault IS NOT NULL", "looks", 2),
        ("UPDATE versions SET first_seen = first_seen - 1 WHERE number = 2", "versions", 2),
        ("UPDATE versions SET chain = zeroblob(32) WHERE number = 1", "versions", 1),
        ("UPDATE pages SET media_type = 'text/plain' WHERE version_id = 2", "versions", 2),
        ("UPDATE exchanges SET body = replace(body, '203.0.113.7', '203.0.113.8')", "exchanges", None),
        ("UPDATE examinations SET worse = 5 WHERE version_id = 2", "examinations", 2),
        ("DELETE FROM looks WHERE outcome = 'first records'", "blobs", 1),
        ("UPDATE terms SET service = 'starbright'", "terms", None),
        (
            "UPDATE declarations SET body = replace(body, 'starbridge.example', 'starbright.example')",
            "declarations",
            None,
        ),
        ("UPDATE blobs SET slot = 'links' WHERE slot = 'text'", "blobs", 1),
        ("UPDATE passages SET end_at = end_at + 1 WHERE version_id = 2", "passages", 2),
        ("UPDATE receipts SET answer = '250 queued as 7'", "receipts", None),
        ("UPDATE deliveries SET answer = '250 queued as 7'", "deliveries", None),
        ("UPDATE deliveries SET channel = 'chat'", "alerts", None),
        ("UPDATE alerts SET at = at - 1", "alerts", None),
        ("UPDATE seals SET row_id = 99 WHERE kind = 'alerts'", "alerts", None),
        ("DELETE FROM alerts", "alerts", None),
        ("INSERT INTO terms (service, terms_type) VALUES ('other', 'Privacy Policy')", "terms", None),
        ("DELETE FROM unexamined; DELETE FROM examinations WHERE version_id = 2", "versions", 2),
        ("UPDATE watch SET latest = 1", "watch", None),
        ("UPDATE watch SET state = replace(state, ':', '=')", "watch", None),
        ("UPDATE days SET looks = looks + 1", "days", None),
        ("UPDATE drafts SET content = zeroblob(40)", "drafts", None),
        ("UPDATE quarantine SET content = zeroblob(40)", "quarantine", None),
        (
            "UPDATE blobs SET content = CAST(x'00' || substr(content, 2) AS BLOB) WHERE slot = 'text' AND id = 1",
            "blobs",
            1,
        ),
        ("UPDATE blobs SET size = size + 1 WHERE slot = 'links'", "blobs", 1),
        ("UPDATE alerts SET key = 'x'", "alerts", None),
    ],
)
def test_verify_names_what_was_altered(
    database: World, statement: str, table: str, number: int | None
) -> None:
    path = filled(database)
    with opened(path) as store:
        assert list(store.verify()) == []
    vandalise(path, statement)
    with opened(path) as store:
        found = list(store.verify())
    assert (table, number) in [(one.table, one.version) for one in found]
    assert all(one.terms == star for one in found if one.version)
    assert all(one.table in str(one) for one in found)


def test_a_byte_flipped_on_the_disk_is_found(database: World) -> None:
    path = filled(database)
    raw = path.read_bytes()
    at = raw.index(b"no answer in 30 s")
    path.write_bytes(raw[:at] + b"yes" + raw[at + 3 :])
    with opened(path) as store:
        assert [(one.table, one.terms) for one in store.verify()] == [("looks", star)]


# --------------------------------------------------------------------------- copies


def test_a_copy_of_a_live_database_is_whole_and_can_be_put_back(database: World, tmp_path: Path) -> None:
    path = filled(database)
    copy = tmp_path / "copy.sqlite"
    with opened(path) as store:
        store.backup(copy, start)
        head = store.head()
        assert backup.check(copy) == head
        store.record(visit(start + 9 * hour, unchanged()))
    aside = backup.restore(copy, path, start + 10 * hour)
    assert aside is not None
    assert aside.exists()
    with opened(path) as store:
        assert (store.head(), len(store.versions(star))) == (head, 2)


@pytest.mark.parametrize("harm", ["manifest", "cut", "trigger", "row", "absent"])
def test_a_bad_copy_is_not_put_in_place(database: World, tmp_path: Path, harm: str) -> None:
    path = filled(database)
    before, copy = path.read_bytes(), tmp_path / "copy.sqlite"
    with opened(path) as store:
        store.backup(copy, start)
    before = path.read_bytes()
    if harm == "manifest":
        backup.manifest_file(copy).write_text("{")
    elif harm == "cut":
        os.truncate(copy, copy.stat().st_size - 4096)
    elif harm == "absent":
        copy.unlink()
    else:
        backup.manifest_file(copy).unlink()
        conn = sqlite3.connect(copy)
        if harm == "trigger":
            conn.execute("CREATE TRIGGER evil AFTER INSERT ON looks BEGIN DELETE FROM drafts; END")
            conn.commit()
        conn.close()
        if harm == "row":
            vandalise(copy, "UPDATE looks SET outcome = 'unchanged' WHERE outcome = 'first records'")
    with pytest.raises(StoreError):
        backup.restore(copy, path, start)
    assert path.read_bytes() == before


@pytest.mark.parametrize("what", ["pipe", "folder", "device"])
def test_what_is_no_file_is_no_backup(tmp_path: Path, what: str) -> None:
    copy = tmp_path / "copy.sqlite"
    if what == "pipe":
        os.mkfifo(copy)
    elif what == "folder":
        copy.mkdir()
    else:
        copy.symlink_to("/dev/zero")
    with pytest.raises(StoreForeign, match="a backup is a file"):
        backup.restore(copy, tmp_path / "state.sqlite", start)


def test_an_older_history_is_recognised(database: World, tmp_path: Path) -> None:
    world, copy = database, tmp_path / "copy.sqlite"
    world.declare()
    world.first_version()
    world.settle_all()
    assert isinstance(world.store, SqliteStore)
    world.store.backup(copy, start)
    world.changed_to(changed_text, start + hour)
    world.settle_all(decided(alert()))
    path = world.store.path
    world.store.close()
    backup.restore(copy, path, start + 9 * hour)
    with opened(path) as store:
        assert "behind the last head witnessed" in store.behind
        assert "behind the last head" in store.overview(start).storage_problem
    with opened(path) as store:
        assert store.behind == ""
    with witness.witness_file(path).open("a") as file:
        file.write('{"seq": 12')
    opened(path).close()


# --------------------------------------------------------------------------- migrations


def a_later_step(conn: sqlite3.Connection) -> None:
    conn.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")


def test_an_older_database_is_brought_up_after_a_copy(
    database: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(database)
    monkeypatch.setattr(schema, "steps", (*schema.steps, a_later_step))
    with pytest.raises(StoreError, match="older"):
        opened(path, read_only=True)
    with opened(path) as store:
        assert len(store.versions(star)) == 2
        assert list(store.verify()) == []
    monkeypatch.undo()
    with pytest.raises(StoreNewer):
        opened(path)
    copy = path.with_name(f"{path.name}.schema-{len(schema.steps)}.backup")
    with opened(copy) as store:
        assert len(store.versions(star)) == 2


def test_a_migration_that_fails_leaves_all_as_it_was(
    database: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(conn: sqlite3.Connection) -> None:
        a_later_step(conn)
        raise sqlite3.OperationalError("the power went")

    path = filled(database)
    monkeypatch.setattr(schema, "steps", (*schema.steps, broken))
    with pytest.raises(StoreError, match="the power went"):
        opened(path)
    monkeypatch.undo()
    with opened(path) as store:
        assert list(store.verify()) == []


# --------------------------------------------------------------------------- company


def _write_much(path: Path, service: str) -> None:
    with opened(path) as store:
        for number in range(60):
            store.record(visit(start + number * hour, unchanged(service), service))


def test_two_processes_write_and_a_third_reads(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    world = World(open=lambda: opened(path), kind="sqlite")
    world.declare(declaration("a"), declaration("b"))
    for service in ("a", "b"):
        world.first_version(service=service)
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_much, args=(path, service)) for service in ("a", "b")]
    for writer in writers:
        writer.start()
    with opened(path, read_only=True) as reader:
        while any(writer.is_alive() for writer in writers):
            assert len(reader.looks()) >= 2
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(world.store.looks()) == 122
    assert list(world.store.verify()) == []
    world.store.close()


# --------------------------------------------------------------------------- contents


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=400), st.binary(max_size=400)), min_size=1, max_size=6))
def test_any_text_and_any_bytes_survive(
    tmp_path_factory: pytest.TempPathFactory, contents: list[tuple[str, bytes]]
) -> None:
    try:
        for text, _ in contents:
            text.encode()
    except UnicodeEncodeError:
        return
    path = tmp_path_factory.mktemp("any") / "state.sqlite"
    with opened(path) as store:
        world = World(open=lambda: store, kind="sqlite")
        for number, (text, content) in enumerate(contents):
            service = f"s{number}"
            world.declare(*(declaration(f"s{one}") for one in range(number + 1)))
            page = Snapshot(
                exchange=exchange(), content=content, media_type="text/html", screenshot=content[::-1]
            )
            store.record(visit(start, reading(text, service, snapshots=(page,)), service))
            (version,) = store.versions(TermsId(service=service))
            assert store.text(version.text_sha256) == text
            assert store.raw(version.snapshots[0]) == content
        assert list(store.verify()) == []


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_packing_is_exact(content: bytes, base: bytes) -> None:
    assert blobs.unpack(blobs.pack(content), len(content)) == content
    if len(base) >= 64:
        assert blobs.unpack(blobs.pack(content, base), len(content), base) == content


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(blobs.ZstdError):
        blobs.unpack(blobs.pack(b"\0" * 10_000_000), 1000)


def test_versions_are_kept_as_differences_to_keyframes(tmp_path: Path) -> None:
    with opened(tmp_path / "state.sqlite") as store:
        world = World(open=lambda: store, kind="sqlite")
        world.declare()
        paragraphs = [
            f"第{number}条 我们为第{number * 37}种目的处理您的信息，期限为{number * 11}天。"
            for number in range(400)
        ]
        texts = []
        with opening.immediate(store._conn) as conn:
            for edit in range(40):
                paragraphs[edit * 7] += f"（修订{edit}）"
                texts.append("\n\n".join(paragraphs).encode())
                blobs.put(conn, 1, "text", texts[-1])
        rows = store._conn.execute("SELECT base, length(content) AS size FROM blobs ORDER BY id").fetchall()
        assert [row["base"] is None for row in rows] == [number % 16 == 0 for number in range(40)]
        whole = sum(row["size"] for row in rows if row["base"] is None) / 3
        assert sum(row["size"] for row in rows if row["base"]) / 37 < 0.25 * whole
        assert [store.raw(digest(text)) for text in texts] == texts
