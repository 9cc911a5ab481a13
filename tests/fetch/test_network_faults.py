"""Rows 1 to 20 of the fault matrix: what can go wrong between us and the server."""

from __future__ import annotations

import gzip
import hashlib
import socket
import ssl
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import time_machine
import trustme

from monitor.fetch import http, look
from monitor.fetch.causes import wrong_clock
from monitor.fetch.http import content_type, fetch, wait_asked_for
from monitor.model import Fault, FaultKind, NotModified, Snapshot, Validators
from monitor.ports import Kit
from tests.fetch import hostile
from tests.fetch.hostile import Listener, Site, policy, redirects, reply, says
from tests.fetch.looks import Declare, failed, nothing, seen, server_tls


def _slow_resolver(*args: object, **options: object) -> list[object]:
    time.sleep(8)
    return []


# --------------------------------------------------------------------------- 1 to 5: no connection, no answer


def test_row_01_unknown_name(document: Declare, kit: Kit) -> None:
    fault = failed(fetch(document("http://no-such-host.invalid/"), nothing, kit), FaultKind.DNS)
    assert "no-such-host.invalid" in fault.message
    assert fault.transient


def test_row_01_a_resolver_that_hangs(document: Declare, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _slow_resolver)
    began = time.monotonic()
    failed(fetch(document("http://slow.example/"), nothing, kit), FaultKind.TIMEOUT)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("case", ["expired", "wrong host", "self-signed", "unknown authority"])
def test_row_02_bad_certificates(
    case: str, authority: trustme.CA, authority_file: str, document: Declare, kit: Kit
) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = {
        "expired": lambda: authority.issue_cert(
            "localhost", not_before=past, not_after=past + timedelta(days=1)
        ),
        "wrong host": lambda: authority.issue_cert("elsewhere.example"),
        "self-signed": lambda: trustme.CA().issue_cert("localhost"),
        "unknown authority": lambda: authority.issue_cert("localhost"),
    }[case]()
    ca_file = None if case == "unknown authority" else authority_file
    with Site(server_tls(certificate)) as site:
        site["/"] = policy()
        fault = failed(
            fetch(document(site.url("/", "localhost"), tls_ca_file=ca_file), nothing, kit), FaultKind.TLS
        )
        assert site.requests == [], "nothing may be asked of a server that is not who it says"
    assert "certificate" in fault.message


def test_row_02_a_good_certificate_is_kept_as_proof(
    secure_site: Site, authority_file: str, document: Declare, kit: Kit
) -> None:
    secure_site["/"] = policy()
    snapshot = seen(
        fetch(document(secure_site.url("/", "localhost"), tls_ca_file=authority_file), nothing, kit)
    )
    der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", secure_site.port)))
    assert snapshot.exchange.certificate_sha256 == hashlib.sha256(der).hexdigest()
    assert snapshot.exchange.ip == "127.0.0.1"


def test_row_02_a_missing_authority_file_is_named(document: Declare, kit: Kit) -> None:
    source = document("https://127.0.0.1:1/", tls_ca_file="/nowhere/ca.pem")
    assert "/nowhere/ca.pem" in failed(fetch(source, nothing, kit), FaultKind.TLS).message


def test_row_03_a_clock_of_1970_is_named(
    secure_site: Site, authority_file: str, document: Declare, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(datetime(1970, 1, 2, tzinfo=UTC), tick=True):
        assert "the system clock looks wrong: it says 1970-01-02" in wrong_clock()
        source = document(secure_site.url("/", "localhost"))
        fault = failed(fetch(source, nothing, kit), FaultKind.TLS)
    assert "clock looks wrong" in fault.message
    assert wrong_clock() == ""


def test_row_04_refused(document: Declare, kit: Kit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    failed(fetch(document(f"http://127.0.0.1:{port}/"), nothing, kit), FaultKind.CONNECT)


def test_row_04_reset_is_tried_three_times(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = hostile.resets
    failed(fetch(document(site.url()), nothing, kit), FaultKind.RESET)
    assert len(site.asked("/")) == 3


def test_row_04_a_passing_reset_is_survived(site: Site, document: Declare, kit: Kit) -> None:
    def once(sock: socket.socket, request: hostile.Request) -> None:
        hostile.resets(sock, request) if request.number == 1 else sock.sendall(reply(policy()))

    site["/"] = once
    seen(fetch(document(site.url()), nothing, kit))


def test_row_04_closed_without_an_answer(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = hostile.then_closes(b"")
    failed(fetch(document(site.url()), nothing, kit), FaultKind.RESET)


def test_row_04_not_http(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = hostile.then_closes(b"SSH-2.0-OpenSSH_9.2\r\n")
    failed(fetch(document(site.url()), nothing, kit), FaultKind.RESET)


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(hostile.hangs, id="no answer"),
        pytest.param(hostile.drips_headers, id="a header now and then"),
        pytest.param(hostile.continues_for_ever, id="100 Continue for ever"),
        pytest.param(hostile.drips(reply(policy()), 200), id="a byte of the body now and then"),
        pytest.param(hostile.drips(hostile.chunked(policy().encode()), 200), id="a byte of a chunk"),
    ],
)
def test_row_05_slow_servers_end_at_the_deadline(
    handler: hostile.Handler, site: Site, document: Declare, kit: Kit
) -> None:
    site["/"] = handler
    began = time.monotonic()
    fault = failed(fetch(document(site.url()), nothing, kit), FaultKind.TIMEOUT)
    assert time.monotonic() - began < 4
    assert fault.exchange is not None
    assert fault.exchange.seconds >= 2.9


def test_row_05_a_tls_handshake_that_stalls(document: Declare, kit: Kit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        source = document(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        failed(fetch(source, nothing, kit), FaultKind.TIMEOUT)
        assert time.monotonic() - began < 4


# --------------------------------------------------------------------------- 6 to 8: redirects


def test_row_06_the_way_is_kept(site: Site, document: Declare, kit: Kit) -> None:
    site["/a"] = redirects("/b", 301)
    site["/b"] = redirects(site.url("/c"), 307)
    site["/c"] = redirects(f"//127.0.0.1:{site.port}/p#part", 308)
    site["/p"] = policy()
    exchange = seen(fetch(document(site.url("/a")), nothing, kit)).exchange
    assert exchange.redirects == (site.url("/a"), site.url("/b"), site.url("/c"))
    assert exchange.final_url == site.url("/p")
    assert exchange.url == site.url("/a")


def test_row_06_a_circle(site: Site, document: Declare, kit: Kit) -> None:
    site["/a"], site["/b"] = redirects("/b"), redirects("/a")
    fault = failed(fetch(document(site.url("/a")), nothing, kit), FaultKind.REDIRECT)
    assert "circle" in fault.message
    assert len(site.requests) < 8


def test_row_06_too_many_hops(site: Site, document: Declare, kit: Kit) -> None:
    for number in range(20):
        site[f"/{number}"] = redirects(f"/{number + 1}")
    failed(fetch(document(site.url("/0")), nothing, kit), FaultKind.REDIRECT)
    assert len(site.asked("/9")) == 0


def test_row_06_a_redirect_that_waits_for_its_cookie(site: Site, document: Declare, kit: Kit) -> None:
    def gate(sock: socket.socket, request: hostile.Request) -> None:
        ready = request.headers.get("cookie") == "seen=yes"
        sock.sendall(
            reply(policy()) if ready else reply("", 302, Location="/", Set_Cookie="seen=yes; Path=/")
        )

    site["/"] = gate
    seen(fetch(document(site.url()), nothing, kit))
    seen(fetch(document(site.url()), nothing, kit))
    assert [request.headers.get("cookie") for request in site.asked("/")] == [None, "seen=yes"] * 2


def test_row_06_a_redirect_without_a_target(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = reply("over there", 302)
    failed(fetch(document(site.url()), nothing, kit), FaultKind.REDIRECT)


@pytest.mark.parametrize(
    "page",
    [
        '<html><head><meta http-equiv="refresh" content="0; url=/p?a=1&amp;b=2"></head></html>',
        "<META HTTP-EQUIV=Refresh CONTENT='3;URL=\"/p?a=1&b=2\"'>",
    ],
)
def test_row_06_a_page_that_only_sends_us_on(page: str, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = page
    site["/p?a=1&b=2"] = policy()
    exchange = seen(fetch(document(site.url()), nothing, kit)).exchange
    assert exchange.final_url == site.url("/p?a=1&b=2")
    assert exchange.redirects == (site.url("/"),)
    assert "meta refresh" in exchange.notes[0]


def test_row_06_pages_that_send_us_in_a_circle(site: Site, document: Declare, kit: Kit) -> None:
    for here, there in (("/a", "/b"), ("/b", "/a")):
        site[here] = f'<meta http-equiv="refresh" content="0; url={there}">'
    failed(fetch(document(site.url("/a")), nothing, kit), FaultKind.REDIRECT)


@pytest.mark.parametrize("content", ["600; url=/p", "0", "0; url=javascript:alert(1)", "0; url=/"])
def test_row_06_pages_that_stay(content: str, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = f'<meta http-equiv="refresh" content="{content}"><p>words</p>'
    assert seen(fetch(document(site.url()), nothing, kit)).exchange.redirects == ()


def test_row_07_from_https_down_to_http(
    secure_site: Site, site: Site, authority_file: str, document: Declare, kit: Kit
) -> None:
    secure_site["/"] = redirects(site.url("/p"))
    site["/p"] = policy()
    options: dict[str, Any] = {"tls_ca_file": authority_file}
    start = secure_site.url("/", "localhost")
    failed(fetch(document(start, allow_http=False, **options), nothing, kit), FaultKind.DOWNGRADE)
    assert site.connections == 0
    seen(fetch(document(start, allow_http=True, **options), nothing, kit))


def test_row_07_plain_http_must_be_meant(site: Site, document: Declare, kit: Kit) -> None:
    fault = failed(fetch(document(site.url(), allow_http=False), nothing, kit), FaultKind.BAD_ADDRESS)
    assert "allow_http" in fault.message
    assert site.connections == 0


@pytest.mark.parametrize("status", [404, 403, 503])
def test_row_08_a_bomb_on_an_error_page(status: int, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = reply(hostile.bomb(64), status, Content_Encoding="gzip")
    kind = {404: FaultKind.GONE, 403: FaultKind.BOT_BLOCKED, 503: FaultKind.STATUS}[status]
    fault = failed(fetch(document(site.url()), nothing, kit), kind)
    assert len(fault.content) <= http.error_page_bytes


def test_row_08_a_redirect_body_is_never_read(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = redirects("/p", body=hostile.bomb(64), Content_Encoding="gzip")
    site["/p"] = policy()
    seen(fetch(document(site.url()), nothing, kit))


# --------------------------------------------------------------------------- 9 to 16: what the answer says


@pytest.mark.parametrize(
    ("status", "kind", "transient"),
    [
        (404, FaultKind.GONE, True),
        (410, FaultKind.GONE, False),
        (401, FaultKind.STATUS, False),
        (403, FaultKind.BOT_BLOCKED, True),
        (406, FaultKind.BOT_BLOCKED, True),
        (418, FaultKind.STATUS, True),
        (429, FaultKind.RATE_LIMITED, True),
        (451, FaultKind.STATUS, False),
        (500, FaultKind.STATUS, True),
        (206, FaultKind.TRUNCATED, True),
        (304, FaultKind.STATUS, True),
    ],
)
def test_rows_09_and_10_statuses(
    status: int, kind: FaultKind, transient: bool, site: Site, document: Declare, kit: Kit
) -> None:
    site["/"] = reply("" if status == 304 else "words of the error page", status)
    fault = failed(fetch(document(site.url()), nothing, kit), kind)
    assert fault.transient is transient
    assert str(status) in fault.message
    assert fault.exchange is not None
    assert fault.exchange.status == status
    assert fault.content == (b"" if status == 304 else b"words of the error page")


now = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 7 ", timedelta(seconds=7)),
        ("-5", timedelta(0)),
        ("99999999", timedelta(hours=24)),
        ("9" * 400, timedelta(hours=24)),
        (format_datetime(now + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        (format_datetime(now - timedelta(hours=2), usegmt=True), timedelta(0)),
        (format_datetime(now + timedelta(days=3650), usegmt=True), timedelta(hours=24)),
        ("Sun, 01 Mar 2026 13:00:00", timedelta(hours=1)),
        ("soon", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_row_10_retry_after(header: str | None, wait: timedelta | None) -> None:
    assert wait_asked_for(header, now) == wait


def test_row_10_retry_after_holds_for_the_whole_host(site: Site, document: Declare, kit: Kit) -> None:
    site["/a"] = reply("", 429, Retry_After="60")
    site["/b"] = policy()
    fault = failed(fetch(document(site.url("/a")), nothing, kit), FaultKind.RATE_LIMITED)
    assert fault.retry_after == timedelta(seconds=60)
    other = failed(fetch(document(site.url("/b")), nothing, kit), FaultKind.RATE_LIMITED)
    assert other.retry_after is not None
    assert timedelta(seconds=55) < other.retry_after <= timedelta(seconds=60)
    assert site.asked("/b") == []


def test_row_10_503_with_and_without_a_date(site: Site, document: Declare, kit: Kit) -> None:
    site["/a"] = reply("", 503)
    site["/b"] = reply("", 503, Retry_After="3")
    failed(fetch(document(site.url("/a")), nothing, kit), FaultKind.STATUS)
    assert failed(fetch(document(site.url("/b")), nothing, kit), FaultKind.RATE_LIMITED).retry_after


@pytest.mark.parametrize(
    "answer", [reply(""), reply("", 204), reply(" \r\n\t")], ids=["empty", "204", "blank"]
)
def test_row_14_empty(answer: bytes, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = answer
    failed(fetch(document(site.url()), nothing, kit), FaultKind.EMPTY)


whole = policy().encode()
packed = gzip.compress(whole)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(whole[:2000], length=len(whole)), id="shorter than Content-Length"),
        pytest.param(hostile.chunked(whole[:3000], end=False), id="chunks without an end"),
        pytest.param(hostile.chunked(whole)[:2500], id="cut within a chunk"),
        pytest.param(
            reply(packed[: len(packed) // 2], Content_Encoding="gzip"), id="gzip cut, length agrees"
        ),
        pytest.param(reply(packed[:-4], Content_Encoding="gzip"), id="gzip without its check sum"),
        pytest.param(
            reply(packed[: len(packed) // 2], length=None, Content_Encoding="gzip"), id="gzip cut, no length"
        ),
        pytest.param(
            hostile.chunked(packed[: len(packed) // 2], encoding="gzip"), id="gzip cut, chunks whole"
        ),
    ],
)
def test_row_15_truncated(answer: bytes, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = hostile.then_closes(answer)
    failed(fetch(document(site.url()), nothing, kit), FaultKind.TRUNCATED)


def test_row_15_a_page_that_ends_with_its_connection(site: Site, document: Declare, kit: Kit) -> None:
    """Such a body has no end that could be missed: it must look whole, or come twice with one length."""
    site["/whole"] = hostile.then_closes(reply(whole, length=None))
    assert seen(fetch(document(site.url("/whole")), nothing, kit)).content == whole
    assert len(site.asked("/whole")) == 1
    steady = whole.replace(b"</html>", b"")
    site["/steady"] = hostile.then_closes(reply(steady, length=None))
    assert "fetched twice" in seen(fetch(document(site.url("/steady")), nothing, kit)).exchange.notes[0]

    def cut(sock: socket.socket, request: hostile.Request) -> None:
        hostile.then_closes(reply(whole[: 900 * request.number], length=None))(sock, request)

    site["/cut"] = cut
    failed(fetch(document(site.url("/cut")), nothing, kit), FaultKind.TRUNCATED)


@pytest.mark.parametrize("name", ["br", "zstd", "x-secret", "gzip, gzip", "gzip, br", "compress"])
def test_row_16_unasked_encodings(name: str, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = reply(gzip.compress(packed), Content_Encoding=name)
    fault = failed(fetch(document(site.url()), nothing, kit), FaultKind.ENCODING)
    assert name in fault.message
    assert site.asked("/")[0].headers["accept-encoding"] == "gzip, deflate"


def test_row_16_unasked_transfer_encoding(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = hostile.then_closes(reply(packed, length=None, Transfer_Encoding="gzip, chunked"))
    failed(fetch(document(site.url()), nothing, kit), FaultKind.ENCODING)


@pytest.mark.parametrize(
    ("header", "media_type", "charset"),
    [
        ('Text/HTML; Charset="GBK"', "text/html", "gbk"),
        ("text/html; charset=utf-8, text/html; charset=gbk", "text/html", "utf-8"),
        ("text/html; boundary=x; charset='big5' ", "text/html", "big5"),
        ("text/html;charset=", "text/html", None),
        ("", "", None),
        (None, "", None),
    ],
)
def test_row_21_the_content_type(header: str | None, media_type: str, charset: str | None) -> None:
    assert content_type(header) == (media_type, charset)


def test_row_16_damaged_compression(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = reply(packed[:100] + b"\xff" * 100 + packed[200:], Content_Encoding="gzip")
    failed(fetch(document(site.url()), nothing, kit), FaultKind.ENCODING)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (packed, "gzip"),
        (packed, "X-GZip"),
        (hostile.members(1, whole[:1000]) + gzip.compress(whole[1000:]), "gzip"),
        (packed + b"\0\0\0\0", "gzip"),
        (zlib.compress(whole), "deflate"),
        (hostile.raw_deflate(whole), "deflate"),
        (whole, "identity"),
        (whole, ""),
    ],
)
def test_row_16_asked_encodings_are_taken_off(
    body: bytes, encoding: str, site: Site, document: Declare, kit: Kit
) -> None:
    site["/"] = reply(body, Content_Encoding=encoding)
    snapshot = seen(fetch(document(site.url()), nothing, kit))
    assert snapshot.content == whole
    assert snapshot.exchange.raw_sha256 == snapshot.sha256


# --------------------------------------------------------------------------- 17 to 20


def test_row_17_the_servers_own_validators_go_back_word_for_word(
    site: Site, document: Declare, kit: Kit
) -> None:
    def page(sock: socket.socket, request: hostile.Request) -> None:
        known = request.headers.get("if-none-match") == 'W/"a,b c"'
        sock.sendall(
            reply(status=304)
            if known
            else reply(policy(), ETag='W/"a,b c"', Last_Modified="Mon, 2 Mar 2026 1:02:03 GMT")
        )

    site["/"] = page
    exchange = seen(fetch(document(site.url()), nothing, kit)).exchange
    known = Validators(etag=exchange.header("etag"), last_modified=exchange.header("last-modified"))
    second = fetch(document(site.url()), known, kit)
    assert isinstance(second, NotModified)
    assert second.exchange.status == 304
    assert site.asked("/")[1].headers["if-modified-since"] == "Mon, 2 Mar 2026 1:02:03 GMT"
    assert "if-none-match" not in site.asked("/")[0].headers


def test_row_17_a_lying_304_is_seen_through_without_validators(
    site: Site, document: Declare, kit: Kit
) -> None:
    def lies(sock: socket.socket, request: hostile.Request) -> None:
        conditional = "if-none-match" in request.headers
        sock.sendall(
            reply(status=304) if conditional else reply(policy(title=f"第{request.number}版"), ETag='"same"')
        )

    site["/"] = lies
    first = seen(fetch(document(site.url()), nothing, kit))
    assert isinstance(fetch(document(site.url()), Validators(etag='"same"'), kit), NotModified)
    assert seen(fetch(document(site.url()), nothing, kit)).sha256 != first.sha256


def test_row_17_validators_go_to_the_page_they_came_from(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = redirects("/p")
    site["/p"] = policy()
    known = Validators(etag='"x"', url=site.url("/p"))
    seen(fetch(document(site.url()), known, kit))
    assert "if-none-match" not in site.asked("/")[0].headers
    assert site.asked("/p")[0].headers["if-none-match"] == '"x"'
    site["/"] = redirects("/q")
    site["/q"] = policy()
    seen(fetch(document(site.url()), known, kit))
    assert "if-none-match" not in site.asked("/q")[0].headers, "an old page's ETag says nothing of a new page"


def test_row_18_the_language_is_pinned(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = policy()
    seen(fetch(document(site.url(), accept_language="zh-CN"), nothing, kit))
    seen(fetch(document(site.url()), nothing, kit))
    assert [request.headers.get("accept-language") for request in site.asked("/")] == ["zh-CN", None]


def test_row_20_proxies_of_the_environment_are_not_used(
    site: Site, document: Declare, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    site["/"] = policy()
    with Listener() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        seen(fetch(document(site.url()), nothing, kit))
        assert proxy.connections == 0


def test_row_53_abort_all_ends_a_hanging_look_at_once(site: Site, document: Declare) -> None:
    kit = Kit(pause=timedelta(0), deadline=timedelta(seconds=30))
    site["/"] = hostile.hangs
    results: list[Snapshot | NotModified | Fault] = []
    thread = threading.Thread(target=lambda: results.append(fetch(document(site.url()), nothing, kit)))
    thread.start()
    while not site.asked("/"):
        time.sleep(0.01)
    began = time.monotonic()
    look.abort_all()
    thread.join(5)
    assert time.monotonic() - began < 0.5
    assert "stopping" in failed(results[0], FaultKind.INTERNAL).message
    assert "stopping" in failed(fetch(document(site.url()), nothing, kit), FaultKind.INTERNAL).message


# --------------------------------------------------------------------------- 26: too much


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(hostile.bomb(64), Content_Encoding="gzip"), id="gzip bomb"),
        pytest.param(hostile.chunked(hostile.bomb(64), encoding="gzip"), id="gzip bomb in chunks"),
        pytest.param(reply(hostile.members(3000, b""), Content_Encoding="gzip"), id="very many members"),
        pytest.param(
            reply(hostile.members(20, bytes(10**6)), Content_Encoding="gzip"), id="members that add up"
        ),
        pytest.param(reply(b"x" * (9 * 2**20)), id="9 MB"),
        pytest.param(reply(b"x", length=10**15), id="announces a petabyte"),
        pytest.param(hostile.chunked(b"x" * (9 * 2**20)), id="9 MB in chunks"),
        pytest.param(reply(zlib.compress(bytes(64 * 2**20)), Content_Encoding="deflate"), id="deflate bomb"),
    ],
)
def test_row_26_too_large(answer: bytes, site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = hostile.then_closes(answer)
    failed(fetch(document(site.url()), nothing, kit), FaultKind.TOO_LARGE)


def test_row_26_a_bomb_in_a_bomb_is_not_unpacked(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = reply(gzip.compress(hostile.bomb(256)), Content_Encoding="gzip, gzip")
    failed(fetch(document(site.url()), nothing, kit), FaultKind.ENCODING)


def test_says_keeps_a_connection_open(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = says(reply(policy()))
    for _ in range(3):
        seen(fetch(document(site.url()), nothing, kit))
    assert site.connections == 1
