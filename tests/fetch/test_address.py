"""Rows 70 to 73: addresses that lead inside, by any spelling, any record and any redirect."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import gate
from monitor.fetch.address import Address, blocked, join, networks, parse
from monitor.fetch.causes import Refused
from monitor.fetch.http import fetch
from monitor.model import Fault, FaultKind, Snapshot, SourceDocument, Validators
from monitor.ports import Kit
from tests.fetch.hostile import Listener, Site, policy, redirects
from tests.fetch.looks import Declare, more_loopback

forms = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://localhost:{port}/",
    "http://localhost.:{port}/",
    "http://LOCALHOST:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fe80::1%lo]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://192.0.0.192/opc/v2/",
    "http://100.100.100.200/latest/meta-data/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://198.18.0.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://user@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.com/",
    "http://example.com:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@example.com/",
    "http://example.com\\@127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "http://127.0.0.1:{port}#@example.com/",
    "http://127.0.0.1:{port}?@example.com/",
    "http:///127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127。0。0。1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://１２７.０.０.１:{port}/",
    "http://loc\u00adalhost:{port}/",
    "http://localhost%00.example.com:{port}/",
    "http://%6c%6f%63%61%6c%68%6f%73%74:{port}/",
    "http://local\thost:{port}/",
    "http://localhost\r\nHost: example.com:{port}/",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/\x00",
    "HTTP://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:http://127.0.0.1:{port}/!/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:99999/",
    "http://",
    "",
]


def refused(location: str, kit: Kit) -> Fault:
    """Fetched as an operator's plain http document that means no private network."""
    result = fetch(SourceDocument(location=location, allow_http=True), Validators(), kit)
    assert isinstance(result, Fault), result
    return result


@pytest.mark.parametrize("form", forms)
def test_row_70_forms_that_lead_inside(form: str, kit: Kit) -> None:
    with Listener() as inside:
        fault = refused(form.replace("{port}", str(inside.port)), kit)
        assert fault.kind in (FaultKind.BLOCKED_ADDRESS, FaultKind.BAD_ADDRESS, FaultKind.DNS), fault
        assert not fault.transient or fault.kind is FaultKind.DNS
        assert inside.connections == 0


def test_row_70_there_are_more_than_42_forms() -> None:
    assert len(set(forms)) >= 70


@pytest.mark.parametrize(
    "ip",
    [
        "0.1.2.3", "10.255.0.1", "100.64.0.1", "100.127.255.254", "127.255.255.254", "169.254.0.1",
        "172.31.0.1",
        "192.0.0.8", "192.0.2.1", "192.88.99.2", "192.168.255.1", "198.19.0.1", "198.51.100.7", "203.0.113.7",
        "239.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:8.8.8.8",
        "::ffff:0:808:808",
        "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1",
        "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1",
        "ff02::1",
        "4000::1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_row_70_networks_that_are_not_public(ip: str) -> None:
    assert blocked(ip) is not None


@pytest.mark.parametrize(
    "ip",
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1",
        "223.255.255.1",
        "2400:3200::1", "2606:4700::1111", "2a00:1450::1", "2001:4860::8888", "2001:200::1",
    ],
)  # fmt: skip
def test_public_addresses_are_let_through(ip: str) -> None:
    assert blocked(ip) is None


Answers = list[tuple[Any, ...]]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """A resolver under the test's control: each question takes the next answer, the last one stays."""
    answers: list[list[str]] = []

    def lookup(host: str, port: int, *args: object, **options: object) -> Answers:
        ips = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ips
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return answers  # type: ignore[return-value]


def test_row_71_the_checked_address_is_the_one_connected_to(
    resolver: list[list[str]], kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when asked first and loopback when asked again: it is asked once."""
    resolver += [["93.184.215.14"], ["127.0.0.1"]]
    connected: list[str] = []

    def connect(family: socket.AddressFamily, ip: str, port: int, now: object) -> socket.socket:
        connected.append(ip)
        raise ConnectionRefusedError(111, "refused by the test")

    monkeypatch.setattr(gate, "_connect", connect)
    monkeypatch.setattr("monitor.fetch.travel.tries", 1)
    with Listener() as inside:
        assert refused(f"http://rebind.example:{inside.port}/", kit).kind is FaultKind.CONNECT
        assert connected == ["93.184.215.14"]
        assert refused(f"http://rebind.example:{inside.port}/", kit).kind is FaultKind.BLOCKED_ADDRESS
        assert inside.connections == 0


@pytest.mark.parametrize(
    "ips", [["127.0.0.1"], ["10.0.0.1", "::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]]
)
def test_row_71_a_public_name_of_a_private_address(
    ips: list[str], resolver: list[list[str]], kit: Kit
) -> None:
    resolver.append(ips)
    fault = refused("http://inside.example/", kit)
    assert fault.kind is FaultKind.BLOCKED_ADDRESS
    assert all(ip in fault.message for ip in ips)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "//localhost:{port}/",
        "http://2130706433:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "http://public.example@127.0.0.1:{port}/",
        "\\\\127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/\x01",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 307])
@more_loopback
def test_row_72_a_redirect_inside_never_connects(target: str, status: int, site: Site, kit: Kit) -> None:
    """The page's own host is allowed by name of its one port-less network; the target is not in it."""
    with Listener(address="127.0.0.2") as inside:
        place = target.replace("{port}", str(inside.port)).replace("127.0.0.1", "127.0.0.2")
        site["/"] = redirects(
            place.replace("2130706433", "2130706434").replace("localhost", "127.0.0.2"), status
        )
        document = SourceDocument(location=site.url(), allow_http=True, allow_private=("127.0.0.1/32",))
        result = fetch(document, Validators(), kit)
        assert isinstance(result, Fault)
        assert result.kind in (FaultKind.BLOCKED_ADDRESS, FaultKind.BAD_ADDRESS), result
        assert len(site.asked("/")) == 1
        assert inside.connections == 0


def test_row_73_a_private_network_that_is_meant(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = policy()
    assert isinstance(
        fetch(document(site.url(), allow_private=("127.0.0.0/30",)), Validators(), kit), Snapshot
    )
    other = fetch(document(site.url(), allow_private=("10.1.2.0/24",)), Validators(), kit)
    assert isinstance(other, Fault)
    assert other.kind is FaultKind.BLOCKED_ADDRESS


def test_row_73_a_kept_connection_is_not_lent_to_another_document(
    site: Site, document: Declare, kit: Kit
) -> None:
    """The first look leaves an open connection to loopback behind; one that may not go there gets none."""
    site["/"] = policy()
    assert isinstance(fetch(document(site.url()), Validators(), kit), Snapshot)
    assert refused(site.url(), kit).kind is FaultKind.BLOCKED_ADDRESS
    assert len(site.asked("/")) == 1


def test_row_73_nonsense_networks_are_named(document: Declare, kit: Kit) -> None:
    result = fetch(document("http://127.0.0.1/", allow_private=("the intranet",)), Validators(), kit)
    assert isinstance(result, Fault)
    assert "the intranet" in result.message


def test_allowed_networks_are_of_one_family() -> None:
    assert blocked("::1", networks(("0.0.0.0/0",))) is not None
    assert blocked("127.0.0.1", networks(("127.0.0.0/8", "::1/128"))) is None


def test_an_address_is_taken_apart_once() -> None:
    address = parse("HTTPS://Example.COM:443/a/../b?q=隐私#part")
    assert address == Address(
        url="https://example.com:443/b?q=%E9%9A%90%E7%A7%81", scheme="https", host="example.com", port=443
    )
    assert address.origin == "https://example.com"
    assert parse("https://例子.测试/隐私").host == "xn--fsqu00a.xn--0zwm56d"
    assert parse("http://[2001:4860::8888]/").origin == "http://[2001:4860::8888]"


def test_references_are_joined() -> None:
    base = parse("https://example.com/a/b?c")
    assert join(base, " ../d \n").url == "https://example.com/d"
    assert join(base, "?e").url == "https://example.com/a/b?e"
    assert join(base, "//other.example/x").host == "other.example"
    with pytest.raises(Refused):
        join(base, "a\x00b")


@given(st.text(max_size=60) | st.from_regex(r"https?://[!-~]{1,40}", fullmatch=True))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse(text)
    except Refused:
        return
    assert address.scheme in ("http", "https")
    assert address.host.isascii()
    assert parse(address.url) == address
