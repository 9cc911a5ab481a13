"""Fetcher "file": a page that lies in a folder of this machine, for tests, archives and mirrors."""

from __future__ import annotations

import os
import stat
import time
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.model import (
    Exchange,
    Fault,
    FaultKind,
    NotModified,
    Snapshot,
    SourceDocument,
    Stage,
    Validators,
    digest,
)
from monitor.ports import Kit

media_types = {
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def fetch(document: SourceDocument, validators: Validators, kit: Kit) -> Snapshot | NotModified | Fault:
    """Read a file. Its time and size make the ETag: an edit within the same second is seen too."""
    began = time.monotonic()
    exchange = Exchange(url=document.location, final_url=document.location, fetcher="file")
    if document.follow is not None or document.wait_for is not None:
        message = f"{document.location}: a file is neither followed nor waited for (follow, wait_for)"
        return _fault(FaultKind.FILE, message, exchange)
    try:
        path = place(document.location, kit.base_folder)
        with open(path, "rb", opener=_without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return _fault(FaultKind.FILE, f"{path}: not a regular file", exchange)
            exchange = _with_times(exchange, path, found)
            if validators.etag and validators.etag == exchange.header("etag"):
                return NotModified(exchange=exchange)
            content = file.read(kit.max_bytes + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return _fault(FaultKind.FILE, f"{document.location}: {why}", exchange)
    return _snapshot(content, path, exchange, kit, began)


def _snapshot(content: bytes, path: Path, exchange: Exchange, kit: Kit, began: float) -> Snapshot | Fault:
    if len(content) > kit.max_bytes:
        return _fault(FaultKind.TOO_LARGE, f"{path}: larger than {kit.max_bytes} bytes", exchange)
    if not content.strip():
        return _fault(FaultKind.EMPTY, f"{path}: the file is empty", exchange)
    proof = Exchange(
        url=exchange.url,
        final_url=exchange.final_url,
        fetcher="file",
        headers=exchange.headers,
        seconds=round(time.monotonic() - began, 3),
        raw_sha256=digest(content),
    )
    return Snapshot(exchange=proof, content=content, media_type=media_types.get(path.suffix.lower(), ""))


def place(location: str, base_folder: str) -> Path:
    """The path that a location means: relative to the base folder, absolute, or a file: address."""
    if location.lower().startswith("file:"):
        parts = urlsplit(location)
        if parts.netloc not in ("", "localhost"):
            raise ValueError("a file: address names no host")
        location = unquote(parts.path)
    return Path(base_folder, location)


def _without_waiting(path: str, flags: int) -> int:
    """Open without waiting for a writer, should the path be a named pipe."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _with_times(exchange: Exchange, path: Path, found: os.stat_result) -> Exchange:
    headers = (
        ("etag", f'"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"'),
        ("last-modified", formatdate(found.st_mtime, usegmt=True)),
    )
    return Exchange(url=exchange.url, final_url=path.absolute().as_uri(), fetcher="file", headers=headers)


def _fault(kind: FaultKind, message: str, exchange: Exchange) -> Fault:
    return Fault(kind=kind, message=message, stage=Stage.FETCH, exchange=exchange)
