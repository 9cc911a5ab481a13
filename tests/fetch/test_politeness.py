"""robots.txt, one look at a host at a time, a pause between looks, and honest headers."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.fetch import look, robots
from monitor.fetch.http import fetch
from monitor.model import Fault, FaultKind, NotModified, Snapshot, Validators
from monitor.ports import Kit
from tests.fetch.hostile import Request, Site, hangs, policy, redirects, reply
from tests.fetch.looks import Declare, failed, more_loopback, nothing, seen


@pytest.fixture
def served(site: Site) -> Site:
    for path in ("/", "/privacy", "/private/p", "/p.pdf"):
        site[path] = policy()
    return site


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private", "/private/p", False),
        ("User-agent: *\nDisallow: /private", "/privacy", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/", False),
        ("User-agent: policy-monitor\nDisallow: /\n\nUser-agent: *\nAllow: /", "/", False),
        ("User-agent: policy-monitor\nAllow: /\n\nUser-agent: *\nDisallow: /", "/", True),
        ("User-agent: *\nDisallow: /\nAllow: /privacy", "/privacy", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/p.pdf", False),
        ("", "/", True),
        ("<html>this is no robots.txt</html>", "/", True),
    ],
)
def test_robots_are_respected(
    text: str, path: str, allowed: bool, served: Site, document: Declare, kit: Kit
) -> None:
    served["/robots.txt"] = reply(text, content_type="text/plain")
    result = fetch(document(served.url(path)), nothing, kit)
    assert len(served.asked(path)) == int(allowed)
    if allowed:
        seen(result)
    else:
        fault = failed(result, FaultKind.ROBOTS)
        assert not fault.transient
        assert "ignore_robots_reason" in fault.message


def test_an_override_needs_a_reason_which_is_recorded(served: Site, document: Declare, kit: Kit) -> None:
    served["/robots.txt"] = reply("User-agent: *\nDisallow: /", content_type="text/plain")
    reason = "the authority asked us to watch this page"
    snapshot = seen(fetch(document(served.url(), ignore_robots_reason=reason), nothing, kit))
    assert snapshot.exchange.notes == (f"robots.txt not asked: {reason}",)
    assert served.asked("/robots.txt") == []


def test_robots_txt_is_read_once_per_origin(served: Site, document: Declare, kit: Kit) -> None:
    for _ in range(3):
        seen(fetch(document(served.url()), nothing, kit))
    assert len(served.asked("/robots.txt")) == 1
    assert served.connections == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_forbids_nothing(status: int, served: Site, document: Declare, kit: Kit) -> None:
    served["/robots.txt"] = reply("no", status)
    seen(fetch(document(served.url()), nothing, kit))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_unreadable_robots_txt_forbids_for_now(
    status: int, served: Site, document: Declare, kit: Kit
) -> None:
    served["/robots.txt"] = reply("no", status)
    fault = failed(fetch(document(served.url()), nothing, kit), FaultKind.ROBOTS)
    assert fault.transient
    assert served.asked("/") == []


def test_what_robots_txt_said_last_outlives_its_failure(
    served: Site, document: Declare, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "kept_seconds", -1.0)
    served["/robots.txt"] = reply("User-agent: *\nDisallow: /private", content_type="text/plain")
    seen(fetch(document(served.url()), nothing, kit))
    served["/robots.txt"] = reply("no", 500)
    seen(fetch(document(served.url()), nothing, kit))
    failed(fetch(document(served.url("/private/p")), nothing, kit), FaultKind.ROBOTS)
    assert len(served.asked("/robots.txt")) >= 2


def test_robots_txt_that_redirects_in_a_circle_forbids_nothing(
    served: Site, document: Declare, kit: Kit
) -> None:
    served["/robots.txt"] = redirects("/robots.txt")
    seen(fetch(document(served.url()), nothing, kit))


def test_a_robots_txt_that_hangs_ends_at_the_deadline(served: Site, document: Declare, kit: Kit) -> None:
    served["/robots.txt"] = hangs
    began = time.monotonic()
    failed(fetch(document(served.url()), nothing, kit), FaultKind.TIMEOUT)
    assert time.monotonic() - began < 4


def test_robots_of_the_redirects_target_are_asked_too(served: Site, document: Declare, kit: Kit) -> None:
    with Site() as other:
        other["/robots.txt"] = reply("User-agent: *\nDisallow: /", content_type="text/plain")
        served["/"] = redirects(other.url("/p"))
        failed(fetch(document(served.url()), nothing, kit), FaultKind.ROBOTS)
        assert other.asked("/p") == []


def test_crawl_delay_lengthens_the_pause(served: Site, document: Declare, kit: Kit) -> None:
    served["/robots.txt"] = reply("User-agent: *\nCrawl-delay: 0.5", content_type="text/plain")
    seen(fetch(document(served.url()), nothing, kit))
    began = time.monotonic()
    seen(fetch(document(served.url()), nothing, kit))
    assert 0.4 < time.monotonic() - began < 2


def test_a_pause_between_looks_but_not_between_redirects(served: Site, document: Declare, kit: Kit) -> None:
    slow = replace(kit, pause=timedelta(seconds=0.6))
    served["/old"] = redirects("/privacy")
    began = time.monotonic()
    seen(fetch(document(served.url("/old")), nothing, slow))
    assert time.monotonic() - began < 0.5, "robots.txt, redirect and page are one look"
    seen(fetch(document(served.url("/")), nothing, slow))
    assert 0.5 < time.monotonic() - began < 1.5


def test_the_wait_for_our_turn_is_not_the_servers_doing(served: Site, document: Declare, kit: Kit) -> None:
    slow = replace(kit, pause=timedelta(seconds=1.5), deadline=timedelta(seconds=1))
    for _ in range(2):
        seen(fetch(document(served.url()), nothing, slow))


def test_one_look_at_a_host_at_a_time(site: Site, document: Declare, kit: Kit) -> None:
    most, now = 0, 0
    guard = threading.Lock()

    def page(sock: socket.socket, request: Request) -> None:
        nonlocal most, now
        with guard:
            now += 1
            most = max(most, now)
        time.sleep(0.1)
        with guard:
            now -= 1
        sock.sendall(reply(policy()))

    for number in range(5):
        site[f"/{number}"] = page
    threads = [
        threading.Thread(target=fetch, args=(document(site.url(f"/{number}")), nothing, kit))
        for number in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 1
    assert sum(len(site.asked(f"/{number}")) for number in range(5)) == 5


@more_loopback
def test_two_hosts_that_redirect_to_each_other_do_not_lock_up(document: Declare, kit: Kit) -> None:
    with Site() as here, Site(address="127.0.0.2") as there:
        for number in range(6):
            here[f"/{number}"] = redirects(there.url("/p", "127.0.0.2"))
            there[f"/{number}"] = redirects(here.url("/p"))
        here["/p"] = there["/p"] = policy()
        results: list[Snapshot | NotModified | Fault] = []

        def go(url: str) -> None:
            results.append(fetch(document(url), nothing, kit))

        urls = [
            site.url(f"/{n}", h) for n in range(6) for site, h in ((here, "127.0.0.1"), (there, "127.0.0.2"))
        ]
        threads = [threading.Thread(target=go, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(15)
        assert len([seen(result) for result in results]) == 12


def test_we_say_who_we_are(served: Site, document: Declare, kit: Kit) -> None:
    seen(fetch(document(served.url()), nothing, kit))
    for request in served.requests:
        assert request.headers["user-agent"] == kit.user_agent
    assert robots.agent(kit) == "policy-monitor"


def test_cookies_do_not_outlive_the_look(served: Site, document: Declare, kit: Kit) -> None:
    served["/"] = reply(policy(), Set_Cookie="id=1; Max-Age=99999")
    for _ in range(2):
        seen(fetch(document(served.url()), nothing, kit))
    assert all("cookie" not in request.headers for request in served.requests)


def test_headers_cannot_be_smuggled_in(served: Site, document: Declare, kit: Kit) -> None:
    seen(fetch(document(served.url()), Validators(etag='"a"\r\nX-Evil: 1'), kit))
    assert "x-evil" not in served.asked("/")[0].headers


def test_looks_leave_no_thread_or_socket_behind(served: Site, document: Declare, kit: Kit) -> None:
    from pathlib import Path

    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    seen(fetch(document(served.url()), nothing, kit))
    before = (threading.active_count(), descriptors())
    for _ in range(50):
        seen(fetch(document(served.url()), nothing, kit))
        failed(fetch(document(served.url("/missing")), nothing, kit), FaultKind.GONE)
    time.sleep(0.1)
    after = (threading.active_count(), descriptors())
    assert after[0] - before[0] <= 3
    assert after[1] - before[1] <= 6
    assert not look.watch.looks
