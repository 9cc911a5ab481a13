"""What the fetching tests share: how a result is asked about, and what a test may need."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Callable

import pytest
import trustme

from monitor.fetch import chromium
from monitor.model import Fault, FaultKind, NotModified, Snapshot, SourceDocument, Validators

Declare = Callable[..., SourceDocument]

nothing = Validators()
installed = any(shutil.which(name) for name in chromium.names)
needs = pytest.mark.skipif(not installed, reason=f"no browser: {chromium.how_to_install}")
more_loopback = pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2", "localhost", "::1"])


def seen(result: Snapshot | NotModified | Fault) -> Snapshot:
    assert isinstance(result, Snapshot), result
    return result


def failed(result: object, kind: FaultKind) -> Fault:
    assert isinstance(result, Fault), result
    assert result.kind is kind, result
    return result


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
