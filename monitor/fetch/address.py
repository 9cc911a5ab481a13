"""Which addresses may be fetched: the one URL parser, and the list of networks that are refused. Pure.

`ipaddress.is_global` is not enough: on Python 3.11 it calls 192.88.99.0/24, 3fff::/20, fec0::/10,
2002::/16 and 64:ff9b::/96 global, and the last two carry an IPv4 address of any kind inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from monitor.fetch.causes import Refused
from monitor.model import FaultKind

Network = IPv4Network | IPv6Network
Ip = IPv4Address | IPv6Address

longest = 4096
default_ports = {"http": 80, "https": 443}
forbidden = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff\ud800-\udfff]")
numeric_end = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$")

refused_networks: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
        ("::1/128", "loopback"),
        ("::/128", "this host"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard-only"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
global_unicast = IPv6Network("2000::/3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An http(s) address taken apart once. `host` is lower-case ASCII, without brackets."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == default_ports[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@lru_cache(maxsize=1024)
def parse(location: str) -> Address:
    """Take an address apart. Raises `Refused` where it is none that we fetch."""
    if not location or len(location) > longest:
        raise _bad(location, f"an address has 1 to {longest} characters")
    if found := forbidden.search(location):
        raise _bad(location, f"it holds the character U+{ord(found[0]):04X}, which no address may hold")
    try:
        parsed = parse_url(location)
    except (LocationParseError, ValueError):
        raise _bad(location, "it cannot be parsed") from None
    if parsed.scheme not in default_ports:
        raise _bad(location, "only http and https are fetched")
    if parsed.auth is not None or "@" in (parsed.netloc or ""):
        raise _bad(location, "it holds a user name or password")
    host = (parsed.host or "").removeprefix("[").removesuffix("]").lower()
    _check_host(location, host)
    port = default_ports[parsed.scheme] if parsed.port is None else parsed.port
    if not 0 < port < 65536:
        raise _bad(location, "its port is not one of 1 to 65535")
    url = parsed._replace(fragment=None, path=parsed.path or "/").url
    return Address(url=url, scheme=parsed.scheme, host=host, port=port)


def _check_host(location: str, host: str) -> None:
    if not host or "%" in host or not host.isascii() or ".." in host or len(host) > 253:
        raise _bad(location, "it names no host that can be looked up")
    if ":" not in host and numeric_end.search(host):
        # 127.1, 0x7f000001, 017700000001 and 2130706433 are all 127.0.0.1 to some resolver.
        try:
            IPv4Address(host)
        except ValueError:
            raise _bad(location, "a number is no host name: write all four parts, in decimal") from None


def join(base: Address, reference: str) -> Address:
    """The address that a reference on the page `base` points to. Raises `Refused`."""
    cleaned = reference.strip(" \t\r\n\f")
    if len(cleaned) > longest:
        raise _bad(cleaned, f"an address has 1 to {longest} characters")
    if found := forbidden.search(cleaned):
        raise _bad(cleaned, f"it holds the character U+{ord(found[0]):04X}, which no address may hold")
    try:
        return parse(urljoin(base.url, cleaned))
    except ValueError:
        raise _bad(cleaned, "it cannot be parsed") from None


def _bad(location: str, why: str) -> Refused:
    shown = location if len(location) <= 200 else location[:200] + "…"
    return Refused(FaultKind.BAD_ADDRESS, f"{shown!r} is not fetched: {why}", transient=False)


@lru_cache(maxsize=64)
def networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    """Networks in CIDR form. Raises `Refused` for a name that is none."""
    try:
        return tuple(ip_network(name, strict=False) for name in names)
    except ValueError as error:
        raise Refused(FaultKind.BAD_ADDRESS, f"allow_private: {error}", transient=False) from None


def blocked(ip: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why this address is not connected to, or None. `allowed` networks are meant by the operator."""
    address = ip_address(ip.partition("%")[0])
    if any(address.version == network.version and address in network for network in allowed):
        return None
    for network, name in refused_networks:
        if address.version == network.version and address in network:
            return name
    if isinstance(address, IPv6Address) and address not in global_unicast:
        return "not assigned for public use"
    return None
