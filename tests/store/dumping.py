"""Databases as SQL text, so that each released schema stays beside the tests as it was written.

    python -m tests.store.dumping FILE

writes what a database of this program's schema holds after a small story into FILE.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from monitor.model import Delivered, FaultKind, Receipt
from monitor.store.sqlite import SqliteStore
from tests.store.values import (
    World,
    alert,
    base_text,
    decided,
    declaration,
    fault,
    hour,
    reading,
    regular,
    ruling,
    start,
    visit,
)

changed_text = base_text.replace("推荐附近的优惠广告", "推送第三方广告")


def story(path: Path) -> None:
    """A first record, a change that was told on one channel and refused on the other, a fault, a text that waits, a ruling."""
    world = World(open=lambda: SqliteStore(path, next_due=regular), kind="sqlite")
    world.declare(declaration(), declaration("lanternpay"))
    world.first_version()
    world.first_version(text=base_text.replace("星桥出行", "灯塔支付"), service="lanternpay")
    world.settle_all()
    world.changed_to(changed_text, start + hour)
    world.settle_all(decided(alert(), channels=("mail", "chat")))
    for delivery in world.store.undelivered(start + 2 * hour, 10):
        sent = Receipt(answer="250 queued") if delivery.channel == "mail" else fault(FaultKind.CONNECT)
        world.store.close_delivery(Delivered(id=delivery.id, at=start + 2 * hour, result=sent))
    wall = fault(FaultKind.SUSPECT_WALL, content=b"<p>captcha</p>")
    world.store.record(visit(start + 3 * hour, wall))
    world.store.record(visit(start + 4 * hour, reading(changed_text + "\n\n我们也向保险公司提供您的行程。")))
    world.store.rule(ruling())
    world.store.close()


def dump(conn: sqlite3.Connection) -> Iterator[str]:
    """A whole database as statements, full-text index included."""
    schema = conn.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    virtual = [name for _, name, sql in schema if sql.upper().startswith("CREATE VIRTUAL")]
    shadow = {name for _, name, _ in schema if any(name.startswith(f"{one}_") for one in virtual)}
    yield "PRAGMA foreign_keys = OFF;"
    for name in ("application_id", "user_version"):
        yield f"PRAGMA {name} = {conn.execute(f'PRAGMA {name}').fetchone()[0]};"
    yield "BEGIN;"
    yield from (f"{sql};" for kind, name, sql in schema if kind == "table" and name not in shadow)
    for kind, name, _ in schema:
        if kind == "table" and name not in virtual:
            yield from _rows(conn, name, replacing=name in shadow)
    yield from (f"{sql};" for kind, _, sql in schema if kind not in {"table"})
    yield "COMMIT;"


def _rows(conn: sqlite3.Connection, table: str, *, replacing: bool) -> Iterator[str]:
    names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    quoted = ", ".join(f"quote({name})" for name in names)
    if replacing:
        yield f"DELETE FROM {table};"
    for row in conn.execute(f"SELECT {quoted} FROM {table}"):
        yield f"INSERT INTO {table} VALUES ({', '.join(row)});"


def load(script: Path, path: Path) -> None:
    """Make the database of a dump."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.executescript(script.read_text(encoding="utf-8"))
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.sqlite"
        story(path)
        conn = sqlite3.connect(path)
        Path(sys.argv[1]).write_text("\n".join(dump(conn)) + "\n", encoding="utf-8")
        conn.close()


if __name__ == "__main__":
    main()
