"""Fetcher "browser": the page as Chromium shows it, for pages that are made by their scripts.

The proof is what the browser's network said of the page itself: status, headers, redirects; the
address and certificate come from the gate's proxy. The page as shown is kept with a screenshot. Its
validators are never used: the shell of such a page stays the same when its text changes.
"""

from __future__ import annotations

import base64
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from monitor.fetch import chromium, follow, gate, http
from monitor.fetch.address import Address, parse
from monitor.fetch.causes import Refused, cause
from monitor.fetch.chromium import Chromium
from monitor.fetch.gate import look, passage
from monitor.fetch.look import Look, turns
from monitor.fetch.page import Page, go, wait
from monitor.fetch.proxy import Proxy, proxy
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

most_shown = 8000  # pixels of height in a screenshot
screenshot_bytes = 4 * 1024 * 1024
one_at_a_time = threading.Lock()

# A reader sees the text inside open shadow roots and frames of the same origin; outerHTML has neither.
flatten = """
(() => {
  const fold = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) {
        fold(element.shadowRoot);
        const inside = document.createElement('div');
        inside.innerHTML = element.shadowRoot.innerHTML;
        element.appendChild(inside);
      }
      if (element.tagName === 'IFRAME') {
        try {
          const inner = element.contentDocument;
          if (inner && inner.body && inner.body.innerText.trim()) {
            fold(inner);
            const inside = document.createElement('div');
            inside.innerHTML = inner.body.innerHTML;
            element.replaceWith(inside);
          }
        } catch (error) {}
      }
    }
  };
  fold(document);
  const kind = document.doctype ? '<!DOCTYPE html>' : '';
  return kind + document.documentElement.outerHTML;
})()
"""


def fetch(document: SourceDocument, validators: Validators, kit: Kit) -> Snapshot | NotModified | Fault:
    """Look at one page with a browser. `validators` are not sent: see above."""
    if document.follow is not None:
        return follow.fetch(document, validators, kit, (fetch,))
    began = time.monotonic()
    notes: list[str] = []
    bare = Exchange(url=document.location, final_url=document.location, fetcher="browser")
    try:
        start = http.start_of(document)
        program = chromium.find(kit.browser)
        with look(kit) as now, _alone(now):
            return _twice(lambda: _fetch(program, start, document, kit, now, notes), now, notes)
    except Refused as refused:
        exchange = replace(bare, seconds=round(time.monotonic() - began, 3), notes=tuple(notes))
        return replace(refused.fault(), exchange=exchange)


def _twice(attempt: Callable[[], Snapshot | Fault], now: Look, notes: list[str]) -> Snapshot | Fault:
    """A browser that dies at its start, as it may on a busy machine, is started once more within the same look."""
    try:
        return attempt()
    except Refused as refused:
        if refused.kind is not FaultKind.NO_BROWSER or not refused.transient:
            raise
        now.check()
        notes.append(f"started a second time: {refused.message}"[:200])
        return attempt()


@contextlib.contextmanager
def _alone(now: Look) -> Iterator[None]:
    """One browser at a time: each takes half a gigabyte. The wait is not the page's doing."""
    with now.off_the_clock():
        while not one_at_a_time.acquire(timeout=0.2):
            now.check()
    try:
        yield
    finally:
        one_at_a_time.release()


def _fetch(
    program: str, start: Address, document: SourceDocument, kit: Kit, now: Look, notes: list[str]
) -> Snapshot | Fault:
    through = passage(document)
    http.may_fetch(start, document, kit, through, now, notes)
    turns.enter(now, start.host, now.pause)
    extra = _flags(start, document)
    with (
        proxy(now, through, document.allow_http, kit.max_bytes * 8) as door,
        chromium.running(program, now, door.port, extra) as browser,
    ):
        page = _open(browser, start, document, kit, now, notes, door)
        go(page)
        wait(page)
        return _taken(page)


def _flags(start: Address, document: SourceDocument) -> tuple[str, ...]:
    """A server under an authority of one's own is pinned by the key that the gate itself has verified."""
    if document.tls_ca_file is None or start.scheme != "https":
        return ()
    sock, _ = gate.connect(start.host, start.port, passage(document))
    try:
        with gate.tls_context(document.tls_ca_file).wrap_socket(sock, server_hostname=start.host) as secure:
            certificate = secure.getpeercert(binary_form=True) or b""
    except (ssl.SSLError, OSError) as error:
        raise cause(error, start.host) from error
    return (f"--ignore-certificate-errors-spki-list={chromium.key_pin(certificate)}",)


def _open(
    browser: Chromium,
    start: Address,
    document: SourceDocument,
    kit: Kit,
    now: Look,
    notes: list[str],
    door: Proxy,
) -> Page:
    """An empty page with our name, language and interception of where it goes."""
    version = browser.call("Browser.getVersion")
    browser.call("Browser.setDownloadBehavior", behavior="deny")
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = Page(browser, session, target, start, document, kit, now, notes, door)
    page.call("Network.enable")
    page.call("Page.enable")
    page.call("Fetch.enable", patterns=[{"urlPattern": "*"}])
    language = {"acceptLanguage": document.accept_language} if document.accept_language else {}
    agent = f"{version['userAgent']} {kit.user_agent}"
    page.call("Emulation.setUserAgentOverride", userAgent=agent, **language)
    return page


def _taken(page: Page) -> Snapshot | Fault:
    """The page as shown, with its proof."""
    screenshot = _screenshot(page)
    with contextlib.suppress(Refused):
        page.at = parse(str(page.evaluate("location.href")).partition("#")[0])
    size = page.evaluate("document.documentElement.outerHTML.length")
    if size > page.kit.max_bytes:
        raise Refused(FaultKind.TOO_LARGE, f"{page.at.url}: {size} characters as shown")
    content = str(page.evaluate(flatten)).encode("utf-8", "replace")
    exchange = _exchange(page, content)
    if page.status not in (200, 203, 304):
        return _refusal(page, exchange, content)
    return Snapshot(
        exchange=exchange, content=content, media_type="text/html", charset="utf-8", screenshot=screenshot
    )


def _refusal(page: Page, exchange: Exchange, content: bytes) -> Fault:
    wait = http.wait_asked_for(exchange.header("retry-after"), datetime.now(UTC))
    kind, what, transient = http.status_meaning(page.status or 0, wait)
    return Fault(
        kind=kind,
        message=f"{page.at.url} answered {page.status}: {what}",
        stage=Stage.FETCH,
        transient=transient,
        retry_after=wait,
        exchange=exchange,
        content=content[: http.error_page_bytes],
    )


def _exchange(page: Page, content: bytes) -> Exchange:
    refused = [f"refused: {each.message}" for each in list(page.door.refused.values())[:5]]
    return Exchange(
        url=page.document.location,
        final_url=page.at.url,
        fetcher="browser",
        status=page.status,
        redirects=tuple(page.passed),
        ip=page.door.ips.get(page.at.host),
        certificate_sha256=_certificate(page),
        headers=page.headers,
        seconds=round(time.monotonic() - page.look.started, 3),
        raw_sha256=digest(content),
        notes=(*page.notes, *refused),
    )


def _certificate(page: Page) -> str | None:
    if page.at.scheme != "https":
        return None
    with contextlib.suppress(Refused):
        table = page.call("Network.getCertificate", origin=page.at.origin)["tableNames"]
        return digest(base64.b64decode(table[0])) if table else None
    return None


def _screenshot(page: Page) -> bytes | None:
    """The page as an image: all of it up to a height, or what fits the window."""
    with contextlib.suppress(Refused, KeyError):
        size = page.call("Page.getLayoutMetrics")["cssContentSize"]
        height = min(max(size["height"], 100), most_shown)
        clip = {"x": 0, "y": 0, "width": 1280, "height": height, "scale": 1}
        whole = page.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        if len(whole["data"]) * 3 // 4 <= screenshot_bytes:
            return base64.b64decode(whole["data"])
        return base64.b64decode(page.call("Page.captureScreenshot", format="png")["data"])
    page.look.check()
    return None
