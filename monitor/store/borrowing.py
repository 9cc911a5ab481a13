"""Opening a database for somebody who may read it but not write it, nor its folder.

SQLite reads a database with a write-ahead log only with an index (`-shm`) beside it, which it makes where
it is missing. Who may not write the folder cannot make one: then a database at rest is read as it is,
and one with a log is copied into a private folder first.
"""

from __future__ import annotations

import grp
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from monitor.errors import StoreError, StoreUnwritable
from monitor.store import schema
from monitor.store.opening import connect, examine_file, examine_owner, has_log, open_here, storage_errors

_tries = 20
_pause_seconds = 0.1


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The database, for reading only. Raises StoreError where there is none, it is not ours, or may not be read."""
    try:
        path.stat()
    except FileNotFoundError:
        raise StoreError(f"{path}: there is no database yet: `policy-monitor check` makes one") from None
    except OSError as error:
        raise _refused(path, error) from None
    if not os.access(path, os.R_OK):
        raise _refused(path, PermissionError(13, "Permission denied"))
    examine_file(path)
    with storage_errors(path):
        conn, version = _opened(path)
    if version < len(schema.steps):
        conn.close()
        raise StoreError(
            f"{path}: written by an older policy-monitor: start the daemon once, which upgrades it"
        )
    return conn


def _refused(path: Path, error: OSError) -> StoreUnwritable:
    """Who can mend it: the administrator, by way of the group that may read the folder."""
    group = "its group"
    for place in (path, path.parent):
        try:
            group = f"group {grp.getgrgid(place.stat().st_gid).gr_name}"
            break
        except (OSError, KeyError):
            continue
    return StoreUnwritable(
        f"{path}: you may not read it ({error.strerror}): read it as a member of {group}, to which an administrator"
        " can add you, or as the user of the daemon"
    )


def _opened(path: Path) -> tuple[sqlite3.Connection, int]:
    try:
        return _asked(path, connect(path, "?mode=ro"))
    except sqlite3.OperationalError:
        if open_here(path):
            raise  # we are its writer: copying the file by hand would cost us our locks on it
        # Every writer keeps a log beside the database as long as it lives; without one, none is at work.
        if not has_log(path):
            return _asked(path, connect(path, "?mode=ro&immutable=1"))
    return _asked(path, _copied(path))


def _asked(path: Path, conn: sqlite3.Connection) -> tuple[sqlite3.Connection, int]:
    try:
        conn.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        return conn, examine_owner(path, conn)
    except BaseException:
        conn.close()
        raise


def _copied(path: Path) -> sqlite3.Connection:
    """A copy of database and log, of a moment in which nobody wrote; it vanishes with the connection."""
    log = path.with_name(path.name + "-wal")
    with tempfile.TemporaryDirectory(prefix="policy-monitor-") as folder:
        for _ in range(_tries):
            before = _stamp(path, log)
            try:
                copy = Path(shutil.copyfile(path, Path(folder) / "copy"))
                shutil.copyfile(log, Path(folder) / "copy-wal")
            except FileNotFoundError:  # the log was folded in meanwhile
                continue
            except PermissionError as error:
                raise _refused(Path(str(error.filename)), error) from None
            except OSError as error:
                says = (
                    f"{path}: it cannot be copied for reading ({error.strerror}): free some space in {folder}"
                )
                raise StoreUnwritable(says) from None
            if before == _stamp(path, log):
                conn = connect(copy, "?mode=rw")
                conn.execute("PRAGMA journal_mode = DELETE").fetchone()
                conn.execute("PRAGMA query_only = ON")
                conn.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
                return conn
            time.sleep(_pause_seconds)
    raise StoreUnwritable(
        f"{path}: in use all the time, and you may not write its folder: read it as the user of the daemon"
    )


def _stamp(*files: Path) -> list[tuple[int, int]]:
    """When and how long: what changes with every write."""
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            found.append((0, -1))
        else:
            found.append((stat.st_mtime_ns, stat.st_size))
    return found
