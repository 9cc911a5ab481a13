"""A page in the browser: where it may go, what its network tells, and when it stands still."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from monitor.fetch import http
from monitor.fetch.address import Address, parse
from monitor.fetch.causes import Refused
from monitor.fetch.chromium import Chromium
from monitor.fetch.gate import passage
from monitor.fetch.look import Look
from monitor.fetch.proxy import Proxy
from monitor.model import FaultKind, SourceDocument
from monitor.ports import Kit

longest_wait = 15.0
reserve = 4.0
quiet = 0.5
lasting = 5.0
shown_types = ("text/html", "application/xhtml+xml", "text/plain", "")
never_kept = frozenset({"etag", "last-modified", "content-encoding", "content-length"})


@dataclass(slots=True)
class Page:
    """What the browser told of the page so far."""

    browser: Chromium
    session: str
    frame: str
    at: Address
    document: SourceDocument
    kit: Kit
    look: Look
    notes: list[str]
    door: Proxy
    status: int | None = None
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    passed: list[str] = field(default_factory=list)
    refused: Refused | None = None
    loaded: bool = False
    failed: str = ""
    busy: dict[str, float] = field(default_factory=dict)
    busy_since: float = field(default_factory=time.monotonic)

    @property
    def still(self) -> bool:
        """Whether the page has asked for nothing for a while. What stays open for long is no loading."""
        now = time.monotonic()
        return now - self.busy_since > quiet and not any(
            now - since < lasting for since in self.busy.values()
        )

    @property
    def unshown(self) -> bool:
        """Whether the answer is of a kind that the browser does not show."""
        return self.status is not None and self.media_type not in shown_types

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression: str) -> Any:
        """The value of a script in the page. Raises `ValueError` where the script fails."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in found:
            raise ValueError(found["exceptionDetails"].get("exception", {}).get("description", "failed"))
        return found["result"].get("value")


def go(page: Page) -> None:
    # Its answer comes only after interception, and says no more than the events do.
    page.browser.send("Page.navigate", page.session, url=page.at.url)
    _listen(page, lambda: page.loaded or bool(page.failed) or page.unshown)
    raise_failure(page)


def wait(page: Page) -> None:
    """Until the page asks for nothing more, and shows what it must (`wait_for`)."""
    ends = time.monotonic() + min(longest_wait, max(page.look.remaining() - reserve, 0.5))
    wanted = page.document.wait_for
    while wanted and time.monotonic() < ends and not _shows(page, wanted):
        _listen(page, lambda: False, 0.2)
    if wanted and not _shows(page, wanted):
        message = f"{page.at.url} shows nothing that wait_for = {wanted!r} names"
        raise Refused(FaultKind.SELECTOR, message)
    while time.monotonic() < ends and not page.still:
        _listen(page, lambda: page.still, 0.1)
    if not page.still:
        page.notes.append("the page was still loading when it was taken")
    raise_failure(page)


def _shows(page: Page, selector: str) -> bool:
    try:
        return bool(page.evaluate(f"document.querySelector({json.dumps(selector)}) !== null"))
    except ValueError as error:
        message = f"wait_for = {selector!r}: {str(error).splitlines()[0][:200]}"
        raise Refused(FaultKind.SELECTOR, message, transient=False) from None


def _listen(page: Page, done: Callable[[], bool], seconds: float = 1e6) -> None:
    """Take in events until `done` or for some seconds."""
    ends = time.monotonic() + seconds
    while not done():
        left = min(ends - time.monotonic(), page.look.remaining())
        if left <= 0:
            return
        if not page.browser.events:
            page.browser.listen(min(left, 0.1))
        while page.browser.events:
            _heed(page, page.browser.events.popleft())


def _heed(page: Page, event: dict[str, Any]) -> None:
    """One thing that the browser told."""
    told = event.get("params", {})
    main = told.get("frameId") == page.frame
    match event.get("method"):
        case "Fetch.requestPaused":
            _admit(page, told, main)
        case "Network.requestWillBeSent":
            _count(page, told.get("requestId"), True)
            if main and told.get("type") == "Document" and "redirectResponse" in told:
                page.passed.append(told["redirectResponse"]["url"])
        case "Network.responseReceived" if main and told.get("type") == "Document":
            _answered(page, told["response"])
        case "Network.loadingFinished" | "Network.loadingFailed":
            _count(page, told.get("requestId"), False)
            if told.get("type") == "Document" and told.get("errorText") and not page.loaded:
                page.failed = told["errorText"]
        case "Page.loadEventFired":
            page.loaded = page.status is not None
        case "Page.javascriptDialogOpening":
            page.browser.send("Page.handleJavaScriptDialog", page.session, accept=False)
        case "Inspector.targetCrashed":
            raise Refused(FaultKind.PARSE_LIMIT, f"{page.at.url} crashed the browser")


def _count(page: Page, request: str | None, begins: bool) -> None:
    if request is not None:
        page.busy_since = time.monotonic()
        if begins:
            page.busy[request] = page.busy_since
        else:
            page.busy.pop(request, None)


def _admit(page: Page, told: dict[str, Any], main: bool) -> None:
    """Each request stops here first. Before going to another page, the same is asked as before a redirect."""
    if not (main and told.get("resourceType") == "Document"):
        main = False
        with contextlib.suppress(Refused):
            page.door.admit(parse(told["request"]["url"].partition("#")[0]).host)
    elif page.refused is None:
        try:
            target = parse(told["request"]["url"].partition("#")[0])
            if target.scheme == "http" and page.at.scheme == "https" and not page.document.allow_http:
                message = f"{page.at.url} leads to {target.url}: from https down to http is refused"
                raise Refused(FaultKind.DOWNGRADE, message, transient=False)
            if target.origin != page.at.origin:
                through = passage(page.document)
                http.may_fetch(target, page.document, page.kit, through, page.look, page.notes)
            page.at = target
            page.door.admit(target.host)
        except Refused as refused:
            page.refused = refused
    if main and page.refused is not None:
        reason = {"requestId": told["requestId"], "errorReason": "BlockedByClient"}
        page.browser.send("Fetch.failRequest", page.session, **reason)
    else:
        page.browser.send("Fetch.continueRequest", page.session, requestId=told["requestId"])


def _answered(page: Page, response: dict[str, Any]) -> None:
    page.status = response["status"]
    page.media_type = response.get("mimeType", "").lower()
    sent = {name.lower(): value for name, value in response.get("headers", {}).items()}
    kept = [name for name in http.kept_headers if name in sent and name not in never_kept]
    page.headers = tuple((name, sent[name][: http.longest_header]) for name in kept)


failures = (
    ("ERR_CERT", FaultKind.TLS),
    ("ERR_SSL", FaultKind.TLS),
    ("ERR_TOO_MANY_REDIRECTS", FaultKind.REDIRECT),
    ("ERR_CONTENT_DECODING", FaultKind.ENCODING),
    ("ERR_CONTENT_LENGTH_MISMATCH", FaultKind.TRUNCATED),
    ("ERR_INCOMPLETE_CHUNKED", FaultKind.TRUNCATED),
    ("ERR_CONNECTION_RESET", FaultKind.RESET),
    ("ERR_EMPTY_RESPONSE", FaultKind.RESET),
    ("TIMED_OUT", FaultKind.TIMEOUT),
    ("", FaultKind.CONNECT),
)


def raise_failure(page: Page) -> None:
    """Why the browser did not get the page, by what the gate refused or the browser said."""
    if page.refused is not None:
        raise page.refused
    if refused := page.door.refused.get(""):
        raise refused
    if page.unshown and page.status == 200:
        message = f'{page.at.url} is {page.media_type}, which is read with fetcher = "http"'
        raise Refused(FaultKind.UNREADABLE, message, transient=False)
    if page.failed and not page.loaded:
        if refused := page.door.refused.get(page.at.host):
            raise refused
        kind = next(kind for part, kind in failures if part in page.failed)
        raise Refused(kind, f"{page.at.url}: the browser says {page.failed}")
