"""Fetcher "auto": http, and the browser where the page shows that it needs one."""

from __future__ import annotations

from monitor.fetch import file, http
from monitor.model import Fault, NotModified, Snapshot, SourceDocument, Validators
from monitor.ports import Kit


def fetch(document: SourceDocument, validators: Validators, kit: Kit) -> Snapshot | NotModified | Fault:
    """Look at one document, as its location asks for."""
    if "://" not in document.location:
        return file.fetch(document, validators, kit)
    return http.fetch(document, validators, kit)
