"""Fixtures of the fetching tests: the hostile site, a quick kit, and a document that may be on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import trustme

from monitor.fetch import look, robots
from monitor.model import SourceDocument
from monitor.ports import Kit
from tests.fetch.hostile import Site
from tests.fetch.looks import Declare, server_tls


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> Iterator[None]:
    """robots.txt, pauses and closed hosts are remembered per process: each test starts without."""
    robots.forget()
    look.turns.forget()
    yield
    look.reopen()


@pytest.fixture
def kit() -> Kit:
    return Kit(
        user_agent="policy-monitor/0.1 (+mailto:watch@example.org)",
        pause=timedelta(0),
        deadline=timedelta(seconds=3),
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.fixture
def document() -> Declare:
    """Makes a document that may be plain http on loopback."""

    def make(location: str, **options: Any) -> SourceDocument:
        meant = {"allow_http": True, "allow_private": ("127.0.0.0/8",), "fetcher": "http"}
        return SourceDocument(location=location, **{**meant, **options})

    return make


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.fixture
def secure_site(authority: trustme.CA) -> Iterator[Site]:
    with Site(server_tls(authority.issue_cert("localhost", "127.0.0.1"))) as served:
        yield served
