"""What must not be shown of a channel's address, and a filter that keeps it out of logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from monitor.model import Channel

mask = "•••"
shortest = 6
_mail = ("mailto", "mailtos")
_hosted = (
    "json",
    "jsons",
    "xml",
    "xmls",
    "form",
    "forms",
    "ntfy",
    "ntfys",
    "gotify",
    "gotifys",
    "mmost",
    "mmosts",
)


def secrets_of(channel: Channel) -> frozenset[str]:
    """Every part of a channel's address that lets somebody speak in its name, in each way it may be spelt."""
    found = {channel.url, *_parts(channel.url)}
    spelt = {
        form
        for one in found
        for form in (one, quote(one, safe=""), quote(one), quote_plus(one), unquote(one))
    }
    return frozenset(one for one in spelt if len(one) >= shortest)


def _parts(url: str) -> Iterator[str]:
    """Passwords, tokens, long path segments, query values; of a mail address only the password."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    netloc = parts.netloc
    user, _, host = netloc.rpartition("@")
    name, _, password = user.partition(":")
    yield from (unquote(password),)
    if scheme in _mail:
        yield from (value for key, value in parse_qsl(parts.query) if key in ("pass", "password"))
        return
    yield unquote(name)
    if scheme not in (*_hosted, "http", "https") and "." not in host:
        yield unquote(host)
        yield from (unquote(piece) for piece in host.split(":"))
    yield from (unquote(piece) for piece in parts.path.split("/") if not piece.startswith("#"))
    yield from (
        value for _, value in parse_qsl(parts.query) if value not in ("markdown", "strict", "upstream")
    )


class Redactor(logging.Filter):
    """Replaces secrets by dots: `redact` in a text, as a filter in what a handler is about to write."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        longest_first = sorted({one for one in secrets if len(one) >= shortest}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    @classmethod
    def of(cls, channels: Iterable[Channel]) -> Redactor:
        """A redactor for the addresses of channels."""
        return cls([secret for channel in channels for secret in secrets_of(channel)])

    def __eq__(self, other: object) -> bool:
        """Equal where it hides the same: a handler takes a filter only once."""
        return isinstance(other, Redactor) and self._secrets == other._secrets

    def __hash__(self) -> int:
        return hash(self._secrets)

    def redact(self, text: str) -> str:
        return self._secrets.sub(mask, text) if self._secrets else text

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record. The traceback is made text here, because it may hold a secret too."""
        record.msg, record.args = self.redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text, record.exc_info = self.redact(record.exc_text), None
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True


def guard_logs(redactor: Redactor, handlers: Iterable[logging.Handler] | None = None) -> None:
    """Put the redactor on all handlers of the root (or those given) and keep libraries from saying too much.

    Apprise and urllib3 print whole addresses at DEBUG: they never get below INFO.
    """
    for handler in logging.getLogger().handlers if handlers is None else handlers:
        handler.addFilter(redactor)
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.getEffectiveLevel(), logging.INFO))
