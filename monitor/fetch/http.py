"""Fetcher "http": one conditional GET through the gate, with robots.txt, redirects and proof of the look."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape

from monitor.fetch import body, follow, robots
from monitor.fetch.address import Address, join, parse
from monitor.fetch.causes import Refused
from monitor.fetch.gate import Answer, Passage, look, passage
from monitor.fetch.look import Look, turns
from monitor.fetch.travel import Journey, closed_host, travel
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

accepted = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.9,*/*;q=0.8"
kept_headers = (
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "server",
)
longest_header = 1000
longest_refresh = 4096  # bytes of a page that only sends its reader on
refresh = re.compile(
    rb"""<meta[^>]{0,200}http-equiv\s{0,3}=\s{0,3}["']?refresh[^>]{0,100}content\s{0,3}=\s{0,3}"""
    rb"""["']\s{0,3}[0-5](?:\.\d{0,3})?\s{0,3}[;,]\s{0,3}url\s{0,3}=\s{0,3}["']?([^"'>\s]{1,2000})""",
    re.IGNORECASE,
)
longest_wait = timedelta(hours=24)
error_page_bytes = 256 * 1024


def fetch(document: SourceDocument, validators: Validators, kit: Kit) -> Snapshot | NotModified | Fault:
    """Look at one page. Every outcome carries the exchange: what was asked, who answered, and what."""
    if document.follow is not None:
        return follow.fetch(document, validators, kit, (fetch,))
    if document.wait_for is not None:
        return _no_waiting(document)
    began = time.monotonic()
    journey: Journey | None = None
    notes: list[str] = []
    try:
        journey = Journey(at=start_of(document))
        with look(kit) as now:
            return _fetch(journey, document, validators, kit, now, notes)
    except Refused as refused:
        exchange = exchange_of(document.location, journey, began, notes)
        return replace(refused.fault(), exchange=exchange)


def _no_waiting(document: SourceDocument) -> Fault:
    """No option is ignored in silence."""
    message = f'{document.location}: wait_for needs a browser: fetcher = "browser" or "auto"'
    exchange = Exchange(url=document.location, final_url=document.location)
    kind = FaultKind.NEEDS_BROWSER
    return Fault(kind=kind, message=message, stage=Stage.FETCH, transient=False, exchange=exchange)


def start_of(document: SourceDocument) -> Address:
    """Where a look at this document begins. Raises `Refused` for plain http that is not meant."""
    start = parse(document.location)
    if start.scheme == "http" and not document.allow_http:
        message = (
            f"{start.url} is plain http, where anybody on the way can change the text:"
            " write https://, or allow_http = true if there is no other way"
        )
        raise Refused(FaultKind.BAD_ADDRESS, message, transient=False)
    return start


def _fetch(
    journey: Journey, document: SourceDocument, validators: Validators, kit: Kit, now: Look, notes: list[str]
) -> Snapshot | NotModified | Fault:
    answer = go(journey, document, validators, kit, now, notes)
    if answer.status == 304 and (validators.etag or validators.last_modified):
        answer.leave()
        return NotModified(exchange=exchange_of(document.location, journey, now.started, notes))
    if answer.status not in (200, 203):
        return _refusal(journey, answer, document, now, notes)
    content = _whole_body(journey, answer, document, kit, now, notes)
    if target := refreshed(content, journey.at, answer):
        journey.turn(target, document.allow_http)
        notes.append(f"the page sent us on to {target.url} (meta refresh)")
        return _fetch(journey, document, validators, kit, now, notes)
    exchange = exchange_of(document.location, journey, now.started, notes, content)
    if not content.strip():
        message = f"{journey.at.url} answered {answer.status} with an empty page"
        return Fault(kind=FaultKind.EMPTY, message=message, stage=Stage.FETCH, exchange=exchange)
    media_type, charset = content_type(answer.header("content-type"))
    return Snapshot(exchange=exchange, content=content, media_type=media_type, charset=charset)


def go(
    journey: Journey,
    document: SourceDocument,
    validators: Validators,
    kit: Kit,
    now: Look,
    notes: list[str],
) -> Answer:
    """Travel from the journey's start to an answer, asking robots.txt before every hop."""
    through = passage(document)
    return travel(
        journey,
        lambda address: _headers(address, document, validators, kit),
        through,
        allow_http=document.allow_http,
        may=lambda address: may_fetch(address, document, kit, through, now, notes),
    )


def may_fetch(
    address: Address, document: SourceDocument, kit: Kit, through: Passage, now: Look, notes: list[str]
) -> None:
    """Ask whether the host wants to be looked at. Raises `Refused` if not."""
    closed_host(address)
    if document.ignore_robots_reason is not None:
        note = f"robots.txt not asked: {document.ignore_robots_reason}"
        if note not in notes:
            notes.append(note)
        return
    delay = robots.check(address, kit, through, document.allow_http)
    if delay > now.pause and address.host not in now.visited:
        turns.enter(now, address.host, delay)


def _headers(
    address: Address, document: SourceDocument, validators: Validators, kit: Kit
) -> Mapping[str, str]:
    if validators.url not in (None, address.url):
        validators = Validators()  # an old page's ETag says nothing of a new page
    headers = {"User-Agent": kit.user_agent, "Accept": accepted, "Accept-Encoding": "gzip, deflate"}
    optional = {
        "Accept-Language": document.accept_language,
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    for name, value in optional.items():
        if value and "\n" not in value and "\r" not in value:
            headers[name] = value
    return headers


def _whole_body(
    journey: Journey, answer: Answer, document: SourceDocument, kit: Kit, now: Look, notes: list[str]
) -> bytes:
    """The body. One that ends with its connection is believed only if it has an end or comes twice."""
    content = body.read(answer, kit.max_bytes)
    if _has_known_end(answer, content):
        return content
    again = body.read(go(journey, document, Validators(), kit, now, notes), kit.max_bytes)
    if len(again) != len(content):
        sizes = f"at {len(content)} and then at {len(again)} bytes"
        message = f"{journey.at.url} ends with its connection, {sizes}"
        raise Refused(FaultKind.TRUNCATED, message)
    notes.append("no announced length and no end of page: fetched twice, with the same length")
    return again


def refreshed(content: bytes, at: Address, answer: Answer) -> Address | None:
    """Where a page that is nothing but a `<meta http-equiv="refresh">` sends its reader at once."""
    if len(content) > longest_refresh or "html" not in (answer.header("content-type") or "html").lower():
        return None
    found = refresh.search(content)
    if found is None:
        return None
    with suppress(Refused):
        target = join(at, unescape(found[1].decode("utf-8", "replace")))
        return target if target.url != at.url else None
    return None


def _has_known_end(answer: Answer, content: bytes) -> bool:
    if answer.header("content-length") is not None or answer.header("content-encoding") is not None:
        return True
    if "chunked" in (answer.header("transfer-encoding") or "").lower():
        return True
    return b"</html>" in content[-4096:].lower()


def _refusal(
    journey: Journey, answer: Answer, document: SourceDocument, now: Look, notes: list[str]
) -> Fault:
    """An answer that is not the page: what its status means."""
    retry_after = wait_asked_for(answer.header("retry-after"), datetime.now(UTC))
    kind, what, transient = status_meaning(answer.status, retry_after)
    if kind is FaultKind.RATE_LIMITED and retry_after:
        turns.shut(journey.at.host, retry_after.total_seconds())
    content = body.glance(answer, error_page_bytes)
    exchange = exchange_of(document.location, journey, now.started, notes, content)
    waits = f" (asks us to wait {retry_after.total_seconds():.0f} s)" if retry_after else ""
    return Fault(
        kind=kind,
        message=f"{journey.at.url} answered {answer.status}: {what}{waits}",
        stage=Stage.FETCH,
        transient=transient,
        retry_after=retry_after,
        exchange=exchange,
        content=content,
    )


def status_meaning(status: int, retry_after: timedelta | None) -> tuple[FaultKind, str, bool]:
    """Kind of fault, words for it, and whether it may pass by itself."""
    match status:
        case 404:
            return FaultKind.GONE, "there is no such page", True
        case 410:
            return FaultKind.GONE, "the page is gone for good", False
        case 429:
            return FaultKind.RATE_LIMITED, "too many requests", True
        case 503 if retry_after is not None:
            return FaultKind.RATE_LIMITED, "not available for now", True
        case 403 | 406:
            return FaultKind.BOT_BLOCKED, "the server does not serve us this page", True
        case 401 | 407:
            return FaultKind.STATUS, "the page asks for a login", False
        case 451:
            return FaultKind.STATUS, "not available for legal reasons", False
        case 204 | 205:
            return FaultKind.EMPTY, "an answer without a page", True
        case 206:
            return FaultKind.TRUNCATED, "a part of the page, though all of it was asked for", True
        case 304:
            return FaultKind.STATUS, "'not modified', though nothing was known", True
        case _ if status in range(300, 400):
            return FaultKind.REDIRECT, "a redirect to nowhere", True
        case _ if status >= 500:
            return FaultKind.STATUS, "the server has a fault of its own", True
        case _:
            return FaultKind.STATUS, "no page", True


def wait_asked_for(header: str | None, now: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date, clamped to 0 to 24 hours; None where it is missing or nonsense."""
    if header is None:
        return None
    value = header.strip()
    if value.removeprefix("-").isascii() and value.removeprefix("-").isdigit():
        seconds = int(value) if len(value) < 12 else 10**11
        return max(timedelta(0), min(timedelta(seconds=min(seconds, 10**6)), longest_wait))
    with suppress(ValueError, TypeError, OverflowError):
        date = parsedate_to_datetime(value)
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(timedelta(0), min(aware - now, longest_wait))
    return None


def content_type(header: str | None) -> tuple[str, str | None]:
    """Media type in lower case ("" if none was sent) and the charset parameter, if any."""
    media_type, *parameters = (header or "").split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and (
            charset := value.partition(",")[0].strip().strip("\"'").lower()
        ):
            return media_type.strip().lower(), charset
    return media_type.strip().lower(), None


def exchange_of(
    url: str, journey: Journey | None, began: float, notes: list[str], content: bytes | None = None
) -> Exchange:
    """The proof of the look, as far as it came."""
    answer = journey.answer if journey else None
    peer = answer.peer if answer else None
    return Exchange(
        url=url,
        final_url=journey.at.url if journey else url,
        status=answer.status if answer else None,
        redirects=tuple(journey.passed) if journey else (),
        ip=peer.ip if peer else None,
        certificate_sha256=peer.certificate_sha256 if peer else None,
        headers=_kept(answer) if answer else (),
        seconds=round(time.monotonic() - began, 3),
        raw_sha256=digest(content) if content is not None else None,
        notes=tuple(notes),
    )


def _kept(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The headers that matter; a validator that is too long is left out, as a cut one would never match."""
    pairs = ((name, answer.header(name)) for name in kept_headers)
    return tuple(
        (name, value[:longest_header])
        for name, value in pairs
        if value is not None and (len(value) <= longest_header or name not in ("etag", "last-modified"))
    )
