"""robots.txt: read once per origin, kept for a while, obeyed (RFC 9309)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from protego import Protego

from monitor.fetch import body
from monitor.fetch.address import Address, join
from monitor.fetch.causes import Refused
from monitor.fetch.gate import Passage
from monitor.fetch.travel import Journey, travel
from monitor.model import FaultKind
from monitor.ports import Kit

kept_seconds = 12 * 3600.0
kept_seconds_unread = 600.0
most_bytes = 512 * 1024
most_origins = 5000
most_delay = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a robots.txt says. `unread` says why it could not be read."""

    parsed: Protego | None = None
    unread: str | None = None
    until: float = 0.0


_known: dict[tuple[str, str, Passage], Rules] = {}
_guard = threading.Lock()


def agent(kit: Kit) -> str:
    """The name that robots.txt may address us by: the product of the user agent, without version."""
    return kit.user_agent.partition("/")[0].partition(" ")[0]


def check(address: Address, kit: Kit, through: Passage, allow_http: bool) -> float:
    """Seconds of pause that robots.txt asks for (0 if none). Raises `Refused` where it forbids the page."""
    rules = _rules(address, kit, through, allow_http)
    if rules.unread is not None:
        place = f"{address.origin}/robots.txt"
        message = f"{place} cannot be read ({rules.unread}): nothing is fetched until it can"
        raise Refused(FaultKind.ROBOTS, message)
    if rules.parsed is None:
        return 0.0
    if not rules.parsed.can_fetch(address.url, agent(kit)):
        message = (
            f"{address.origin}/robots.txt forbids {address.url} to {agent(kit)};"
            ' ignore_robots_reason = "why" overrides it, and is recorded'
        )
        raise Refused(FaultKind.ROBOTS, message, transient=False)
    return min(float(rules.parsed.crawl_delay(agent(kit)) or 0.0), most_delay)


def forget() -> None:
    """Forget all robots.txt."""
    with _guard:
        _known.clear()


def _rules(address: Address, kit: Kit, through: Passage, allow_http: bool) -> Rules:
    place = (address.origin, kit.user_agent, through)
    old = _known.get(place)
    if old is not None and old.until > time.monotonic():
        return old
    new = _read(address, kit, through, allow_http)
    if new.unread is not None and old is not None and old.unread is None:
        new = Rules(parsed=old.parsed, until=new.until)  # better what it said last than nothing at all
    with _guard:
        if len(_known) >= most_origins:
            _known.pop(next(iter(_known)))
        _known[place] = new
    return new


def _read(address: Address, kit: Kit, through: Passage, allow_http: bool) -> Rules:
    """Ask for robots.txt. A host that cannot be reached at all raises `Refused`, as its page would."""
    journey = Journey(at=join(address, "/robots.txt"))
    headers = {"User-Agent": kit.user_agent, "Accept": "text/plain,*/*", "Accept-Encoding": "gzip, deflate"}
    now = time.monotonic()
    unread = now + kept_seconds_unread
    try:
        answer = travel(journey, lambda address: headers, through, allow_http=allow_http, most=5)
        if 400 <= answer.status < 500 and answer.status != 429:
            body.glance(answer, most_bytes)
            return Rules(until=now + kept_seconds)
        if answer.status != 200:
            answer.leave()
            return Rules(unread=f"status {answer.status}", until=unread)
        content = body.read(answer, most_bytes)
    except Refused as refused:
        if refused.kind in (FaultKind.REDIRECT, FaultKind.BAD_ADDRESS, FaultKind.TOO_LARGE):
            return Rules(until=now + kept_seconds)  # RFC 9309, 2.3.1.2: as if there were none
        if refused.kind in (FaultKind.ENCODING, FaultKind.TRUNCATED):
            return Rules(unread=refused.message, until=unread)
        raise
    text = content.decode("utf-8-sig", errors="replace")
    return Rules(parsed=Protego.parse(text), until=now + kept_seconds)
