"""Where the database lives, and how it is opened to be read: all that most commands need, quickly imported."""

from __future__ import annotations

from pathlib import Path

from monitor.schedule import next_due
from monitor.store.sqlite import SqliteStore

database_name = "policy-monitor.sqlite"


def database(state: Path) -> Path:
    """Where the database lives in a state folder."""
    return state / database_name


def open_library(state: Path) -> SqliteStore:
    """The database of a state folder, read only."""
    return SqliteStore(database(state), read_only=True, create=False, next_due=next_due)
