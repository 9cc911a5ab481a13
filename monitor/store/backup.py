"""Copies of the database: made while it is in use, checked before they are put in its place.

A plain `cp` of a live database can give one without any tables; these copies are whole. Beside each
stands a manifest, `NAME.manifest.json`, with the digest of the file and the head of its chain.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import StoreError, StoreForeign
from monitor.store import chain, witness
from monitor.store.blobs import ZstdError
from monitor.store.opening import (
    connect,
    copy_to,
    examine_file,
    examine_owner,
    has_log,
    put_in_place,
    storage_errors,
)
from monitor.store.verifying import check_schema, verify

_shown = 5
_counted = ("terms", "versions", "looks", "alerts", "blobs")


def manifest_file(copy: Path) -> Path:
    return copy.with_name(copy.name + ".manifest.json")


def back_up(conn: sqlite3.Connection, target: Path, now: datetime) -> None:
    """Copy the database as it is at this moment; an older copy of that name is replaced once this one is whole.

    The manifest of the older one goes first: a copy never stands beside a manifest of another.
    """
    with _file_errors(target):
        manifest_file(target).unlink(missing_ok=True)
    copy_to(conn, target)
    copy = connect(target, "?mode=ro&immutable=1")
    try:
        manifest = _manifest(copy, target, now)
    finally:
        copy.close()
    draft = target.with_name(f".{target.name}.manifest.new")
    with _file_errors(target):
        draft.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        draft.replace(manifest_file(target))


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: the manifest cannot be written: {error.strerror or error}") from error


def _manifest(conn: sqlite3.Connection, file: Path, now: datetime) -> dict[str, Any]:
    seq, head = chain.head(conn)
    counts = {
        table: conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
        for table in _counted
    }
    return {
        "program": "policy-monitor",
        "made_at": now.isoformat(),
        "schema": conn.execute("PRAGMA user_version").fetchone()[0],
        "size": file.stat().st_size,
        "sha256": _digest(file),
        "head": f"{seq}:{head.hex()}",
        "rows": counts,
    }


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check(copy: Path) -> str:
    """Read a copy from end to end; gives its head. Raises StoreForeign naming what is wrong with it.

    Whoever hands in a file may be hostile: it is opened for reading only, and anything in it that
    runs by itself (triggers, views) must be exactly our own.
    """
    if not copy.exists():
        raise StoreError(f"{copy}: there is no such file")
    if not copy.is_file():
        raise StoreForeign(f"{copy}: no file but a folder, a pipe or a device: a backup is a file")
    examine_file(copy)
    _check_manifest(copy)
    with storage_errors(copy):
        conn = connect(copy, "?mode=ro" if has_log(copy) else "?mode=ro&immutable=1")
        try:
            examine_owner(copy, conn)
            check_schema(copy, conn)
            damages = list(verify(conn))
            seq, head = chain.head(conn)
        finally:
            conn.close()
    if damages:
        lines = "\n".join(f"  {damage}" for damage in damages[:_shown])
        more = f"\n  and {len(damages) - _shown} more" if len(damages) > _shown else ""
        raise StoreForeign(f"{copy}: damaged or altered, it is not put in place:\n{lines}{more}")
    return f"{seq}:{head.hex()}"


def _check_manifest(copy: Path) -> None:
    """Where there is a manifest, the file must be the one it speaks of."""
    file = manifest_file(copy)
    if not file.exists():
        return
    try:
        said = json.loads(file.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreForeign(f"{file}: cannot be read as a manifest: {error}") from None
    if said != _digest(copy):
        raise StoreForeign(
            f"{copy}: not the file that its manifest speaks of: cut short or altered on the way"
        )


def restore(copy: Path, path: Path, now: datetime) -> Path | None:
    """Put a checked copy in the place of the database; gives where the one before it was moved to.

    Nothing is overwritten. The caller holds the lock of the state folder: no daemon is at work.
    """
    check(copy)
    aside = None
    if path.exists():
        aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}")
        if aside.exists():
            raise StoreError(f"{aside}: is there already; move it away first")
        _remember(path)
        _move_aside(path, aside)
    with storage_errors(copy):
        conn = connect(copy, "?mode=ro")
        try:
            put_in_place(conn, path)
        finally:
            conn.close()
    return aside


def _remember(path: Path) -> None:
    """What the database tells that is about to be replaced, for the one that follows it; nothing if it is damaged."""
    with (
        suppress(sqlite3.Error, StoreError, ValueError, ZstdError),
        closing(connect(path, "?mode=ro")) as conn,
    ):
        examine_owner(path, conn)
        witness.remember(path, conn)


def _move_aside(path: Path, aside: Path) -> None:
    """The old database with its log and index, whatever state it is in."""
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
