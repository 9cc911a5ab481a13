"""The door itself: what trusts whom, how connections are kept, and that nothing passes by it."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.fetch import gate
from monitor.fetch.http import fetch
from monitor.model import FaultKind, SourceDocument
from monitor.ports import Kit
from tests.fetch.hostile import Site, policy
from tests.fetch.looks import Declare, failed, nothing, seen

root = Path(__file__).parents[2]


@pytest.fixture
def fresh_contexts() -> Iterator[None]:
    gate.tls_context.cache_clear()
    gate._adapter.cache_clear()
    yield
    gate.tls_context.cache_clear()
    gate._adapter.cache_clear()


@pytest.mark.usefixtures("fresh_contexts")
def test_the_systems_authorities_are_trusted(
    secure_site: Site, authority_file: str, document: Declare, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure_site["/"] = policy()
    source = document(secure_site.url("/", "localhost"), allow_http=False)
    failed(fetch(source, nothing, kit), FaultKind.TLS)
    gate.tls_context.cache_clear()
    gate._adapter.cache_clear()
    monkeypatch.setenv("SSL_CERT_FILE", authority_file)
    seen(fetch(source, nothing, kit))


def test_an_authority_of_ones_own_is_the_only_one(authority_file: str) -> None:
    authorities = gate.tls_context(authority_file).get_ca_certs()
    assert len(authorities) == 1


def test_no_context_lets_a_name_or_certificate_pass(authority_file: str) -> None:
    import ssl

    for file in (None, authority_file):
        context = gate.tls_context(file)
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_an_idle_connection_is_closed_by_the_next_look(
    site: Site, document: Declare, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    site["/"] = policy()
    seen(fetch(document(site.url()), nothing, kit))
    monkeypatch.setattr(gate, "idle_seconds", 0.0)
    time.sleep(0.01)
    with Site() as other:
        other["/"] = policy()
        seen(fetch(document(other.url()), nothing, kit))
        seen(fetch(document(site.url()), nothing, kit))
    assert site.connections >= 2


def test_a_connection_that_the_server_closed_is_no_fault(site: Site, document: Declare, kit: Kit) -> None:
    from tests.fetch.hostile import reply, then_closes

    site["/"] = then_closes(reply(policy()))
    for _ in range(3):
        seen(fetch(document(site.url()), nothing, kit))


def test_ipv6_loopback_needs_its_own_permission(document: Declare, kit: Kit) -> None:
    with Site(address="127.0.0.1") as site:
        site["/"] = policy()
        source = document(f"http://[::1]:{site.port}/", allow_private=("127.0.0.0/8",))
        failed(fetch(source, nothing, kit), FaultKind.BLOCKED_ADDRESS)


def test_nothing_else_in_the_room_opens_a_socket_to_a_page() -> None:
    """Sockets are made in the gate; the proxy only listens, and looks only duplicate."""
    makers = {
        "create_connection",
        "urlopen",
        "HTTPConnection",
        "HTTPSConnection",
        "Session",
        "request",
        "get",
    }
    for file in (root / "monitor" / "fetch").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = owner.id if isinstance(owner, ast.Name) else ""
                if name in ("socket", "requests", "urllib3", "http") and node.func.attr in makers:
                    raise AssertionError(f"{file.name}:{node.lineno} opens a connection of its own")
                if name == "socket" and node.func.attr == "socket":
                    assert file.name == "gate.py", f"{file.name}:{node.lineno}"


def test_a_look_needs_a_look() -> None:
    with pytest.raises(AssertionError):
        gate.connect("127.0.0.1", 80, gate.Passage())


def test_an_address_of_another_port_or_scheme_is_another_pool(
    site: Site, document: Declare, kit: Kit
) -> None:
    site["/"] = policy()
    first = document(site.url())
    second = SourceDocument(location=site.url(), allow_http=True, allow_private=("127.0.0.1/32",))
    seen(fetch(first, nothing, kit))
    seen(fetch(second, nothing, kit))
    assert site.connections == 2, "what one document may is not lent to another"
