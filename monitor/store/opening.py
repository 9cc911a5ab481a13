"""Opening a database: ours or refused, made whole or not at all, for writing or for reading only.

A file that is empty, cut short, somebody else's or newer than this program is never touched. A new
database is finished under another name and then linked into place, so that a half-made one cannot be.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from monitor.errors import StoreError, StoreForeign, StoreNewer, StoreUnwritable
from monitor.store import schema

_magic = b"SQLite format 3\0"
_patience_seconds = 30
_cache_kib = 16 * 1024


_door = threading.Lock()
_open_here: Counter[tuple[int, int]] = Counter()


class _Connection(sqlite3.Connection):
    """Remembers which file this process has open: it must not be opened in any other way meanwhile.

    A process that opens a file a second time and closes that again loses all its locks on it (POSIX
    wants it so). The next one to close the database would take itself for the last, and delete the log
    under our feet: what we write from then on is lost, or the database is damaged.
    """

    file: tuple[int, int] | None = None

    def close(self) -> None:
        super().close()
        with _door:
            _open_here[self.file or (0, 0)] -= 1
        self.file = None


def _file_of(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def open_here(path: Path) -> bool:
    """True where this process has the file open already: then only SQLite may open it again."""
    with _door:
        return _open_here[_file_of(path)] > 0


def connect(path: Path, query: str = "") -> sqlite3.Connection:
    """A connection that leaves transactions to us and waits for others."""
    with _door:
        try:
            conn = sqlite3.connect(
                f"file:{quote(str(path.absolute()))}{query}",
                uri=True,
                isolation_level=None,
                timeout=_patience_seconds,
                check_same_thread=False,
                factory=_Connection,
            )
            conn.file = _file_of(path)
        except (sqlite3.OperationalError, OSError) as error:
            raise StoreUnwritable(f"{path}: the database cannot be opened: {error}") from None
        _open_here[conn.file] += 1
    conn.row_factory = sqlite3.Row
    try:
        conn.execute("PRAGMA trusted_schema = OFF")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute(f"PRAGMA cache_size = -{_cache_kib}")
    except BaseException:
        conn.close()
        raise
    return conn


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours: what, where, and who can mend it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _translated(path, error) from error
    except UnicodeDecodeError as error:  # of SQLite's own message about a schema that is none
        raise StoreForeign(f"{path}: the database is damaged ({error.reason}): {remedy}") from error


def _translated(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return StoreForeign(f"{path}: the database is damaged ({error}): {remedy}")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreUnwritable(
            f"{path}: cannot be written ({error}): check owner and permissions of its folder"
        )
    if name.startswith("SQLITE_FULL"):
        return StoreError(f"{path}: no space left ({error}): free some; nothing that was stored is lost")
    return StoreError(f"{path}: {error}")


remedy = (
    "it is left as it is; put a backup in its place with `policy-monitor restore BACKUP`, or move it away"
)


# --------------------------------------------------------------------------- whose file is it?


def examine_file(path: Path) -> None:
    """Refuse, before SQLite touches it, what is not a whole database file.

    One that this process has open already was examined then, and must not be opened like this again.
    """
    try:
        with _door:
            if _open_here[_file_of(path)] > 0:
                return
            with path.open("rb") as file:
                header = file.read(100)
                size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise StoreUnwritable(f"{path}: cannot be read: {error.strerror}") from None
    if not header:
        raise StoreForeign(f"{path}: the file is empty, which no database of ours ever is: {remedy}")
    if not header.startswith(_magic) or len(header) < 100:
        raise StoreForeign(f"{path}: this is not a database of policy-monitor: {remedy}")
    page_size = struct.unpack(">H", header[16:18])[0]
    page_size = 65536 if page_size == 1 else page_size
    pages = struct.unpack(">I", header[28:32])[0]
    counted = header[24:28] == header[92:96]
    if counted and size < pages * page_size and not has_log(path):
        raise StoreForeign(f"{path}: the file was cut short ({size} bytes of {pages * page_size}): {remedy}")


def has_log(path: Path) -> bool:
    """True where a write-ahead log that holds something stands beside the file."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def examine_owner(path: Path, conn: sqlite3.Connection) -> int:
    """The schema version; refuses what is not ours or newer than we are."""
    (application,) = conn.execute("PRAGMA application_id").fetchone()
    (version,) = conn.execute("PRAGMA user_version").fetchone()
    if application != schema.application_id or version < 1:
        raise StoreForeign(f"{path}: an SQLite database, but not one of policy-monitor: {remedy}")
    if version > len(schema.steps):
        raise StoreNewer(
            f"{path}: written by a newer policy-monitor (schema {version}, this one knows {len(schema.steps)}):"
            " install the newer version again; the database is left as it is"
        )
    return int(version)


# --------------------------------------------------------------------------- opening


def open_for_writing(path: Path, create: bool) -> sqlite3.Connection:
    """The database, made where there is none, brought up to our schema where it is older (after a backup)."""
    if not path.exists():
        if has_log(path):
            raise StoreForeign(
                f"{path}: the database is gone, but its log ({path.name}-wal) is there: {remedy}"
            )
        if not create:
            raise StoreError(f"{path}: there is no database yet: `policy-monitor check` makes one")
        _make(path)
    examine_file(path)
    with storage_errors(path):
        conn = connect(path, "?mode=rw")
        try:
            version = examine_owner(path, conn)
            _check_writable(path, conn)
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = FULL")
            if version < len(schema.steps):
                _upgrade(path, conn, version)
        except BaseException:
            conn.close()
            raise
    return conn


def _check_writable(path: Path, conn: sqlite3.Connection) -> None:
    """SQLite opens what it cannot write without a word, and fails at the first write."""
    if (
        conn.execute("PRAGMA query_only").fetchone()[0]
        or not os.access(path, os.W_OK)
        or not os.access(path.parent, os.W_OK)
    ):
        raise StoreUnwritable(
            f"{path}: cannot be written: check owner and permissions of the file and its folder"
        )


def _make(path: Path) -> None:
    """A new database, finished under a name of its own and linked into place in one step."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o640)
        os.close(descriptor)
    except OSError as error:
        raise StoreUnwritable(
            f"{path.parent}: the state folder cannot be written: {error.strerror}"
        ) from None
    try:
        with storage_errors(path):
            _fill(draft)
        with suppress(FileExistsError):  # another process was quicker: its database is as good
            os.link(draft, path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _fill(draft: Path) -> None:
    conn = connect(draft, "?mode=rw")
    try:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        with immediate(conn):
            _migrate(conn)
            conn.execute("INSERT INTO about VALUES ('database', ?)", [secrets.token_hex(16)])
    finally:
        conn.close()


def _migrate(conn: sqlite3.Connection) -> None:
    from sqlite_utils import Database  # noqa: PLC0415 - takes 0.1 s to load, and only a new or old file needs it

    # Its migrations compare names in plain tuples, which sqlite3.Row is not.
    conn.row_factory = None
    try:
        schema.migrate(Database(conn, execute_plugins=False))
    finally:
        conn.row_factory = sqlite3.Row


def _upgrade(path: Path, conn: sqlite3.Connection, version: int) -> None:
    """Bring an older database up, with a copy of what it was beside it."""
    copy = path.with_name(f"{path.name}.schema-{version}.backup")
    if not copy.exists():
        copy_to(conn, copy)
    with immediate(conn):
        if examine_owner(path, conn) < len(schema.steps):
            _migrate(conn)


# --------------------------------------------------------------------------- transactions and copies


@contextmanager
def immediate(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction that has the write lock from its first moment on."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield conn
        conn.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            conn.execute("ROLLBACK")
        raise


def copy_to(conn: sqlite3.Connection, target: Path) -> None:
    """A whole copy of a live database, in place only once it is finished and on disk."""
    with _draft_of(conn, target) as draft:
        draft.replace(target)


def put_in_place(conn: sqlite3.Connection, path: Path) -> None:
    """A whole copy under a name that must be free."""
    with _draft_of(conn, path) as draft:
        os.link(draft, path)


@contextmanager
def _draft_of(conn: sqlite3.Connection, target: Path) -> Iterator[Path]:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.new")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o640))
        copy = sqlite3.connect(draft, isolation_level=None)
        try:
            conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        sync(draft)
        yield draft
        sync(target.parent)
    except OSError as error:
        raise StoreUnwritable(f"{target}: cannot be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
