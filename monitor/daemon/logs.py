"""The daemon's log: one line an event on standard error, as text or as JSON."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_own = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, what the event counts, and a traceback.

    What is handed over with `extra=` stands as fields of its own: nobody has to take a message apart.
    """

    def format(self, record: logging.LogRecord) -> str:
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        row |= {name: value for name, value in vars(record).items() if name not in _own}
        if trace := record.exc_text or (self.formatException(record.exc_info) if record.exc_info else ""):
            row["traceback"] = trace
        return json.dumps(row, ensure_ascii=False, default=str)


def begin_logging(as_json: bool) -> None:
    """Log to standard error from now on; systemd's journal puts the rest to it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if as_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
    # it complains of every beat that falls into a long round, and tells of failures that we tell of ourselves
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
