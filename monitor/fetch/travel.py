"""From an address to the page it leads to: redirects, hop by hop, each through the gate."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

from monitor.fetch import gate
from monitor.fetch.address import Address, join
from monitor.fetch.causes import Refused
from monitor.fetch.gate import Answer, Passage
from monitor.fetch.look import current_look, turns
from monitor.model import FaultKind

most_hops = 8
tries = 3
redirects = frozenset({301, 302, 303, 307, 308})
worth_another_try = frozenset({FaultKind.CONNECT, FaultKind.RESET, FaultKind.DNS})


@dataclass(slots=True, kw_only=True)
class Journey:
    """The addresses passed so far; it is filled on the way, so that a fault can still show them."""

    passed: list[str] = field(default_factory=list)
    at: Address
    answer: Answer | None = None
    seen: set[tuple[str, str]] = field(default_factory=set)

    def turn(self, target: Address, allow_http: bool, most: int = most_hops, state: str = "") -> None:
        """Go on to `target`. Raises `Refused` for a circle (same address, same cookies), for too many
        hops, and for the way from https down to http."""
        if self.at.scheme == "https" and target.scheme == "http" and not allow_http:
            message = f"{self.at.url} redirects to {target.url}: from https down to http is refused"
            raise Refused(FaultKind.DOWNGRADE, message, transient=False)
        self.passed.append(self.at.url)
        if len(self.passed) > most:
            raise Refused(FaultKind.REDIRECT, f"{self.passed[0]} redirects {len(self.passed)} times")
        if (target.url, state) in self.seen:
            message = f"{self.passed[0]} redirects in a circle, back to {target.url}"
            raise Refused(FaultKind.REDIRECT, message)
        self.seen.add((target.url, state))
        self.at = target


def travel(
    journey: Journey,
    headers: Callable[[Address], Mapping[str, str]],
    through: Passage,
    *,
    allow_http: bool,
    may: Callable[[Address], None] = lambda address: None,
    most: int = most_hops,
) -> Answer:
    """Follow redirects from `journey.at` to an answer that is none. Raises `Refused`.

    `may` is asked before each hop and refuses by raising. The body of a redirect is never read.
    """
    jar = RequestsCookieJar()
    while True:
        may(journey.at)
        answer = _ask(journey.at, {**headers(journey.at), **_cookies(jar, journey.at)}, through)
        journey.answer = answer
        location = answer.header("location")
        if answer.status not in redirects or location is None:
            return answer
        _take_cookies(jar, answer)
        answer.leave()
        state = str(sorted((cookie.name, cookie.value or "") for cookie in jar))
        journey.turn(_target(journey.at, location), allow_http, most, state)


def _ask(address: Address, headers: Mapping[str, str], through: Passage) -> Answer:
    """Ask, and ask again where the connection failed, as a passing trouble often is over by then."""
    for attempt in range(1, tries + 1):
        try:
            return gate.get(address, headers, through)
        except Refused as refused:
            now = current_look()
            passing = refused.transient and refused.kind in worth_another_try
            if attempt == tries or not passing or now is None:
                raise
            now.sleep(random.uniform(0.5, 1) * attempt * min(now.pause, 2.0))  # noqa: S311 - jitter, not a secret
    raise AssertionError("the last try returns or raises")


def _target(base: Address, location: str) -> Address:
    try:
        reference = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        reference = location
    try:
        return join(base, reference)
    except Refused as refused:
        message = f"{base.url} redirects to an address that is refused: {refused.message}"
        raise Refused(refused.kind, message, transient=False) from None


def _take_cookies(jar: RequestsCookieJar, answer: Answer) -> None:
    """Cookies live for the length of one journey: some sites redirect until one is sent back."""
    if answer.header("set-cookie") is not None:
        extract_cookies_to_jar(  # type: ignore[no-untyped-call]
            jar, answer.response.request, answer.response.raw
        )


def _cookies(jar: RequestsCookieJar, address: Address) -> dict[str, str]:
    if not len(jar):
        return {}
    request = requests.Request("GET", address.url).prepare()
    header = get_cookie_header(jar, request)  # type: ignore[no-untyped-call]
    return {"Cookie": header} if header else {}


def closed_host(address: Address) -> None:
    """Raise `Refused` while the host wants to be left alone (Retry-After holds for all its pages)."""
    if seconds := turns.shut_for(address.host):
        message = f"{address.host} asked to be left alone for another {seconds:.0f} s"
        raise Refused(FaultKind.RATE_LIMITED, message, retry_after=timedelta(seconds=seconds))
