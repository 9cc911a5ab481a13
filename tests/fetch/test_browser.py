"""Pages that are made by their scripts, in Chromium behind the gate."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.fetch import auto, browser, chromium, look
from monitor.fetch.auto import shell
from monitor.model import Fault, FaultKind, NotModified, Snapshot
from monitor.ports import Kit
from tests.fetch.hostile import Listener, Request, Site, drips, hangs, policy, redirects, reply
from tests.fetch.looks import Declare, failed, more_loopback, needs, nothing, seen

script = """<!DOCTYPE html><html><head><title>示例</title></head><body><div id="app"></div><script>
setTimeout(async () => {
  const answer = await fetch('/text');
  document.getElementById('app').innerHTML = '<main class="ready">' + await answer.text() + '</main>';
}, 300);
</script></body></html>"""


@pytest.fixture
def patient(kit: Kit) -> Kit:
    return replace(kit, deadline=timedelta(seconds=25))


@pytest.fixture
def scripted(site: Site) -> Site:
    site["/"] = script
    site["/text"] = reply("<h1>隐私政策</h1><p>我们如何处理您的个人信息。</p>" * 30)
    return site


def left_behind() -> list[str]:
    """Processes and folders of browsers that this process has started, once they had a second to go."""
    mark = f"policy-monitor-browser-{os.getpid()}-"
    found: list[str] = []
    for _ in range(20):
        found = [str(folder) for folder in Path(tempfile.gettempdir()).glob(f"{mark}*")]
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                line = entry.read_bytes().replace(b"\0", b" ").decode()
                found += [line] if mark in line else []
        if not found:
            break
        time.sleep(0.05)
    return found


@needs
@pytest.mark.browser
def test_row_29_a_page_made_by_its_script(scripted: Site, document: Declare, patient: Kit) -> None:
    source = document(scripted.url(), fetcher="browser", accept_language="zh-CN")
    snapshot = seen(browser.fetch(source, nothing, patient))
    assert "我们如何处理您的个人信息" in snapshot.content.decode()
    assert snapshot.content.startswith(b"<!DOCTYPE html>")
    assert (snapshot.media_type, snapshot.charset) == ("text/html", "utf-8")
    exchange = snapshot.exchange
    assert (exchange.fetcher, exchange.status, exchange.ip) == ("browser", 200, "127.0.0.1")
    assert exchange.raw_sha256 == snapshot.sha256
    assert snapshot.screenshot is not None
    assert snapshot.screenshot.startswith(b"\x89PNG")
    asked = scripted.asked("/")[0].headers
    assert asked["accept-language"].startswith("zh-CN")
    assert patient.user_agent in asked["user-agent"]
    assert left_behind() == []


@needs
@pytest.mark.browser
def test_wait_for_waits_and_says_when_in_vain(scripted: Site, document: Declare, patient: Kit) -> None:
    source = document(scripted.url(), fetcher="browser", wait_for="main.ready h1")
    assert "<h1>隐私政策</h1>" in seen(browser.fetch(source, nothing, patient)).content.decode()
    brief = replace(patient, deadline=timedelta(seconds=8))
    fault = failed(browser.fetch(replace(source, wait_for="main.never"), nothing, brief), FaultKind.SELECTOR)
    assert "main.never" in fault.message
    fault = failed(browser.fetch(replace(source, wait_for="main[["), nothing, brief), FaultKind.SELECTOR)
    assert not fault.transient


@needs
@pytest.mark.browser
def test_row_29_auto_escalates_and_says_so(scripted: Site, document: Declare, patient: Kit) -> None:
    scripted["/"] = reply(script, ETag='"shell"')
    source = document(scripted.url(), fetcher="auto")
    snapshot = seen(auto.fetch(source, nothing, patient))
    assert "个人信息" in snapshot.content.decode()
    assert snapshot.exchange.fetcher == "browser"
    assert any("without its scripts" in note for note in snapshot.exchange.notes)
    assert snapshot.exchange.header("etag") is None, "the shell's ETag would hide every change of the text"


@needs
@pytest.mark.browser
def test_auto_tries_the_browser_where_http_is_turned_away(
    site: Site, document: Declare, patient: Kit
) -> None:
    def wall(sock: socket.socket, request: Request) -> None:
        sock.sendall(reply(policy()) if "Chrome" in request.headers["user-agent"] else reply("no", 403))

    site["/"] = wall
    snapshot = seen(auto.fetch(document(site.url(), fetcher="auto"), nothing, patient))
    assert snapshot.exchange.notes == ("http was turned away with 403: taken with the browser",)


@needs
@pytest.mark.browser
def test_statuses_are_not_pages(site: Site, document: Declare, patient: Kit) -> None:
    site["/"] = reply("<h1>not here</h1>", 404)
    fault = failed(browser.fetch(document(site.url()), nothing, patient), FaultKind.GONE)
    assert b"not here" in fault.content
    site["/"] = reply("<h1>wait</h1>", 429, Retry_After="30")
    fault = failed(browser.fetch(document(site.url()), nothing, patient), FaultKind.RATE_LIMITED)
    assert fault.retry_after == timedelta(seconds=30)


@needs
@pytest.mark.browser
def test_row_06_redirects_are_kept(site: Site, document: Declare, patient: Kit) -> None:
    site["/"] = redirects("/a")
    site["/a"] = "<script>location.replace('/p')</script>"
    site["/p"] = policy()
    exchange = seen(browser.fetch(document(site.url()), nothing, patient)).exchange
    assert exchange.redirects[0] == site.url("/")
    assert exchange.final_url == site.url("/p")


@more_loopback
@needs
@pytest.mark.browser
def test_row_72_nothing_that_a_page_asks_for_gets_inside(site: Site, document: Declare, patient: Kit) -> None:
    """The page is allowed at its own address; image, frame, fetch and socket ask for another one."""
    with Listener(address="127.0.0.2") as inside:
        place = f"127.0.0.2:{inside.port}"
        site["/"] = policy(
            extra=f'<img src="http://{place}/i"><iframe src="http://{place}/f"></iframe>'
            f"<script>fetch('http://{place}/x', {{mode: 'no-cors'}}); new WebSocket('ws://{place}/');"
            f"navigator.sendBeacon('http://{place}/b');"
            f"new RTCPeerConnection({{iceServers: [{{urls: 'turn:{place}?transport=tcp', username: 'a',"
            "credential: 'b'}]}).createOffer({offerToReceiveAudio: true});"
            "</script>"
        )
        source = document(site.url(), allow_private=("127.0.0.1/32",))
        snapshot = seen(browser.fetch(source, nothing, patient))
        assert any("127.0.0.2" in note for note in snapshot.exchange.notes)
        assert inside.connections == 0


@more_loopback
@needs
@pytest.mark.browser
@pytest.mark.parametrize("way", ["redirect", "script"])
def test_row_72_a_page_that_leads_inside(way: str, site: Site, document: Declare, patient: Kit) -> None:
    with Listener(address="127.0.0.2") as inside:
        target = f"http://127.0.0.2:{inside.port}/"
        site["/"] = redirects(target) if way == "redirect" else f"<script>location = '{target}'</script>"
        source = document(
            site.url(), allow_private=("127.0.0.1/32",), ignore_robots_reason="a test of redirects"
        )
        failed(browser.fetch(source, nothing, patient), FaultKind.BLOCKED_ADDRESS)
        assert inside.connections == 0


@needs
@pytest.mark.browser
def test_row_70_the_browser_has_the_same_gate(document: Declare, patient: Kit) -> None:
    with Listener() as inside:
        source = document(f"http://127.0.0.1:{inside.port}/", allow_private=())
        failed(browser.fetch(source, nothing, patient), FaultKind.BLOCKED_ADDRESS)
        assert inside.connections == 0


@needs
@pytest.mark.browser
def test_row_02_certificates(secure_site: Site, authority_file: str, document: Declare, patient: Kit) -> None:
    secure_site["/"] = policy()
    trusted = document(secure_site.url("/", "localhost"), tls_ca_file=authority_file)
    exchange = seen(browser.fetch(trusted, nothing, patient)).exchange
    assert exchange.certificate_sha256 is not None
    assert len(exchange.certificate_sha256) == 64
    reason = "the look at robots.txt would already fail"
    unknown = replace(trusted, tls_ca_file=None, ignore_robots_reason=reason)
    secure_site.requests.clear()
    failed(browser.fetch(unknown, nothing, patient), FaultKind.TLS)
    assert secure_site.requests == []


@needs
@pytest.mark.browser
def test_row_05_slow_pages_end_at_the_deadline(site: Site, document: Declare, kit: Kit) -> None:
    brief = replace(kit, deadline=timedelta(seconds=6))
    site["/"] = hangs
    began = time.monotonic()
    failed(browser.fetch(document(site.url()), nothing, brief), FaultKind.TIMEOUT)
    assert time.monotonic() - began < 8
    assert left_behind() == []


@needs
@pytest.mark.browser
def test_row_53_abort_all_ends_the_browser(site: Site, document: Declare, patient: Kit) -> None:
    site["/"] = drips(reply(policy()), 100, 0.2)
    results: list[Snapshot | NotModified | Fault] = []
    source = document(site.url())
    thread = threading.Thread(target=lambda: results.append(browser.fetch(source, nothing, patient)))
    thread.start()
    while not site.asked("/"):
        time.sleep(0.02)
    began = time.monotonic()
    look.abort_all()
    thread.join(5)
    assert time.monotonic() - began < 2
    assert "stopping" in failed(results[0], FaultKind.INTERNAL).message
    assert left_behind() == []


@needs
@pytest.mark.browser
def test_a_page_that_eats_memory_ends(
    site: Site, document: Declare, patient: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "memory_bytes", 400 * 2**20)
    site["/"] = policy(
        extra="<script>const all = []; setInterval(() => {"
        "for (let i = 0; i < 8; i++) all.push(new Uint8Array(1 << 24).fill(i));"
        "fetch('/again')}, 20)</script>"
    )
    fault = browser.fetch(document(site.url()), nothing, patient)
    assert isinstance(fault, Fault), fault
    assert fault.kind in (FaultKind.TOO_LARGE, FaultKind.PARSE_LIMIT)


@needs
@pytest.mark.browser
def test_a_page_that_never_stops_thinking_ends(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = policy(extra="<script>for (;;) {}</script>")
    began = time.monotonic()
    brief = replace(kit, deadline=timedelta(seconds=7))
    failed(browser.fetch(document(site.url()), nothing, brief), FaultKind.TIMEOUT)
    assert time.monotonic() - began < 9


@needs
@pytest.mark.browser
def test_text_in_frames_and_shadow_roots_is_seen(site: Site, document: Declare, patient: Kit) -> None:
    site["/frame"] = "<p>framed words</p>"
    site["/"] = policy(
        extra='<iframe src="/frame"></iframe><div id="host"></div><script>'
        "const root = document.getElementById('host').attachShadow({mode: 'open'});"
        "root.innerHTML = '<p>shadowed words</p>'</script>"
    )
    content = seen(browser.fetch(document(site.url()), nothing, patient)).content.decode()
    assert "framed words" in content
    assert "shadowed words" in content


@needs
@pytest.mark.browser
def test_a_dialog_does_not_stop_the_page(site: Site, document: Declare, patient: Kit) -> None:
    site["/"] = policy(extra="<script>alert('hello'); document.title = 'after'</script>")
    assert "after" in seen(browser.fetch(document(site.url()), nothing, patient)).content.decode()


@needs
@pytest.mark.browser
def test_a_pdf_is_not_for_the_browser(site: Site, document: Declare, patient: Kit) -> None:
    site["/"] = reply(b"%PDF-1.4 nothing", content_type="application/pdf")
    assert (
        "http" in failed(browser.fetch(document(site.url()), nothing, patient), FaultKind.UNREADABLE).message
    )


def test_without_a_browser_the_way_to_one_is_told(site: Site, document: Declare, kit: Kit) -> None:
    absent = replace(kit, browser="/nowhere/chromium")
    site["/"] = reply(script, ETag='"shell"')
    fault = failed(browser.fetch(document(site.url()), nothing, absent), FaultKind.NO_BROWSER)
    assert "apt install chromium" in fault.message
    page = seen(auto.fetch(document(site.url(), fetcher="auto"), nothing, absent))
    assert "apt install chromium" in page.exchange.notes[0]
    assert page.exchange.header("etag") is None
    site["/"] = reply("no", 403)
    fault = failed(auto.fetch(document(site.url(), fetcher="auto"), nothing, absent), FaultKind.BOT_BLOCKED)
    assert fault.exchange is not None
    assert "apt install chromium" in fault.exchange.notes[0]


def test_a_browser_that_is_none_is_named(site: Site, document: Declare, kit: Kit) -> None:
    broken = replace(kit, browser="/bin/false")
    site["/"] = policy()
    fault = failed(browser.fetch(document(site.url()), nothing, broken), FaultKind.NO_BROWSER)
    assert "exit 1" in fault.message


def test_wait_for_without_a_browser_is_no_option_to_ignore(site: Site, document: Declare, kit: Kit) -> None:
    from monitor.fetch import http

    failed(http.fetch(document(site.url(), wait_for="main"), nothing, kit), FaultKind.NEEDS_BROWSER)
    absent = replace(kit, browser="/nowhere/chromium")
    failed(auto.fetch(document(site.url(), wait_for="main"), nothing, absent), FaultKind.NO_BROWSER)


@pytest.mark.parametrize(
    ("page", "is_shell"),
    [
        (script, True),
        (policy(), False),
        ("<html><body><p>short, but no script</p></body></html>", False),
        ("<body><script>1</script><p>" + "隐私政策说明。" * 60 + "</p></body>", False),
        ("<body><script>1</script><p>" + "首页 产品 帮助 关于我们 登录 " * 30 + "</p></body>", True),
        (
            "<body><noscript>" + "请启用脚本以查看隐私政策。" * 90 + "</noscript><script></script></body>",
            True,
        ),
        ("<body><script>" + "x" * 9000, True),
        ("<body><!-- " + "隐私" * 900 + " --><script>1</script></body>", True),
        ("<script>1</script>" + "<" * 9000, True),
    ],
)
def test_what_a_shell_is(page: str, is_shell: bool) -> None:
    assert bool(shell(page.encode())) is is_shell
    assert bool(shell(page.encode("gb18030"))) is is_shell


def test_the_private_memory_of_a_session_is_weighed() -> None:
    assert chromium.private_memory(os.getsid(0)) > 2**20
