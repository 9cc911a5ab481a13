"""Look after look, through fetch, extraction, plausibility and store: what becomes a version."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import pytest

from monitor import extract
from monitor.model import (
    Cause,
    Declaration,
    Fault,
    FaultKind,
    Follow,
    Outcome,
    SourceDocument,
    TermsId,
    Version,
    Visit,
)
from monitor.ports import Kit
from monitor.steps import visit
from monitor.store.memory import MemoryStore
from tests.extract.papers import pdf
from tests.fetch import bad_pages, hostile
from tests.fetch.hostile import Request, Site, policy, redirects, reply, sentence
from tests.fetch.looks import Declare, needs

terms = TermsId(service="example")
start = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Watched:
    """One policy under watch, with a clock of its own: a look every six hours."""

    def __init__(self, kit: Kit, *documents: SourceDocument, **options: object) -> None:
        self.kit, self.now = kit, start
        self.store = MemoryStore(next_due=lambda declaration, now, failures: now + timedelta(hours=6))
        declaration = Declaration(terms=terms, name="Example", documents=documents)
        declaration = replace(declaration, **options)  # type: ignore[arg-type]
        self.store.declare([declaration], {terms: extract.recipe(documents)}, [], self.now)
        self.last: Visit | None = None

    def look(self) -> Outcome:
        self.now += timedelta(hours=6)
        self.store.expedite(None, self.now)
        (target,) = self.store.due(self.now, 10)
        self.last = visit(target, self.kit, self.now)
        return self.store.record(self.last)

    def looks(self, count: int) -> list[Outcome]:
        return [self.look() for _ in range(count)]

    def settled(self) -> Watched:
        """Look until there is a first version."""
        self.looks(3)
        assert [version.cause for version in self.versions] == [Cause.FIRST_RECORD], self.last
        return self

    @property
    def versions(self) -> Sequence[Version]:
        return self.store.versions(terms)

    @property
    def fault(self) -> Fault:
        assert self.last is not None
        assert isinstance(self.last.result, Fault), self.last
        return self.last.result

    @property
    def text(self) -> str:
        return self.store.text(self.versions[-1].text_sha256)


@pytest.fixture
def brief(kit: Kit) -> Kit:
    """Short looks, and no browser, so that a shell stays one."""
    return replace(kit, deadline=timedelta(seconds=1.5), browser="/nowhere/chromium")


# --------------------------------------------------------------------------- nothing of this is a policy


@pytest.mark.parametrize("name", bad_pages.pages)
def test_a_bad_page_never_becomes_a_version(name: str, site: Site, document: Declare, brief: Kit) -> None:
    """A policy, then six bad looks, then the policy again: one version, and each bad look told as one."""
    bad_pages.served(site)
    site["/"] = policy()
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    site["/"] = bad_pages.pages[name]
    if name.startswith("06"):
        site["/"] = redirects("/")
    outcomes = watched.looks(6)
    assert set(outcomes) <= {Outcome.FAULT, Outcome.QUARANTINED}, outcomes
    assert watched.fault.message
    site["/"] = policy()
    watched.looks(3)
    assert len(watched.versions) == 1
    assert watched.store.unexamined(10)[0].version.number == 1


@pytest.mark.parametrize("name", ["12 captcha", "13 JSON error", "11 soft 404 in Chinese", "15 gzip cut"])
def test_a_bad_page_first_is_no_baseline(name: str, site: Site, document: Declare, brief: Kit) -> None:
    site["/"] = bad_pages.pages[name]
    watched = Watched(brief, document(site.url(), fetcher="auto"))
    watched.looks(4)
    assert len(watched.versions) == 0


@pytest.mark.parametrize("name", ["12 captcha", "13 JSON error", "14 empty"])
def test_row_12_a_wall_that_comes_and_goes(name: str, site: Site, document: Declare, brief: Kit) -> None:
    site["/"] = policy()
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    for _ in range(5):
        site["/"] = bad_pages.pages[name]
        watched.look()
        site["/"] = policy()
        watched.look()
    assert len(watched.versions) == 1


def test_row_18_a_language_that_flips(site: Site, document: Declare, brief: Kit) -> None:
    lines = [
        f"Article {n}. We collect the personal data that you give us and keep it no longer than needed."
        for n in range(50)
    ]
    english = "<html><head><title>Privacy Policy</title></head><body><h1>Privacy Policy</h1>" + "".join(
        f"<p>{line}</p>" for line in lines
    )
    site["/"] = policy()
    watched = Watched(brief, document(site.url(), fetcher="auto"), language="zh").settled()
    for _ in range(4):
        site["/"] = english + "</body></html>"
        assert watched.look() in (Outcome.FAULT, Outcome.QUARANTINED)
        assert watched.fault.kind is FaultKind.SUSPECT_LANGUAGE
        site["/"] = policy()
        watched.look()
    assert len(watched.versions) == 1


def test_row_19_two_edges_that_serve_old_and_new_in_turn(site: Site, document: Declare, brief: Kit) -> None:
    old, new = policy(), policy().replace("不会向第三方提供", "可以向第三方提供")
    site["/"] = old
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    for turn in range(16):
        site["/"] = (new, old)[turn % 2]
        watched.look()
    causes = [version.cause for version in watched.versions]
    assert causes.count(Cause.CHANGE) <= 1
    site["/"] = new
    watched.looks(20)
    assert "可以向第三方提供" in watched.text, "a change that stays is a version in the end"


# --------------------------------------------------------------------------- one text, whatever it comes in


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "text/html; charset=utf-8"),
        ("utf-8", "text/html"),
        ("gb18030", "text/html; charset=gb2312"),
        ("gb18030", "text/html; charset=GBK"),
        ("gb18030", "text/html; charset=gb18030"),
        ("gb18030", "text/html"),
        ("utf-16", "text/html"),
        ("utf-8-sig", "text/html; charset=gb2312"),
    ],
)
def test_row_21_one_text_in_many_encodings(
    encoding: str, label: str, site: Site, document: Declare, brief: Kit
) -> None:
    """Also a character that GB 2312 has not: 镕."""
    page = policy(title="镕基记账隐私政策")
    site["/"] = page
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    site["/"] = reply(page.replace('<meta charset="utf-8">', "").encode(encoding), content_type=label)
    assert watched.looks(6) == [Outcome.UNCHANGED] * 6
    assert "镕基" in watched.text


def test_row_22_what_no_reader_can_see(site: Site, document: Declare, brief: Kit) -> None:
    plain = policy(extra="<p>Words in English, too.</p>")
    site["/"] = plain
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    for alter in (
        lambda page: unicodedata.normalize("NFD", page),
        lambda page: page.replace("，我们", "，\u200b我们"),
        lambda page: page.replace("Words in English", "Words\u00a0in\u2003English"),
        lambda page: page.replace("\n", "\r\n"),
        lambda page: page.replace("<p>", "<p >\ufeff"),
        lambda page: page.replace("，", ","),
    ):
        site["/"] = alter(plain)
        watched.looks(2)
    assert not [version for version in watched.versions if version.cause is Cause.CHANGE]


def test_row_23_one_character_of_law(site: Site, document: Declare, brief: Kit) -> None:
    long = policy(1200).replace("第700条 为了", "第700条 我们不得出售您的信息。为了")
    site["/"] = long
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    site["/"] = long.replace("不得出售", "得出售")
    watched.looks(4)
    assert [version.cause for version in watched.versions] == [Cause.FIRST_RECORD, Cause.CHANGE]


def test_row_24_unclosed_elements_lose_no_text(site: Site, document: Declare, brief: Kit) -> None:
    body = "".join(f"<div><span><p>{sentence(number)}" for number in range(600))
    site["/"] = f"<html><head><title>隐私政策</title></head><body><h1>隐私政策</h1>{body}</body></html>"
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    assert "第599条" in watched.text
    assert "第0条" in watched.text


def test_row_30_characters_that_break_things(site: Site, document: Declare, brief: Kit) -> None:
    site["/"] = policy(extra="<p>before\0after\x1b[31m\x85\u202e &#xD800; &#0; words</p>")
    watched = Watched(brief, document(site.url(), fetcher="auto")).settled()
    assert "\0" not in watched.text
    assert "\x1b" not in watched.text
    watched.text.encode()


def test_row_31_noise_of_every_request(site: Site, document: Declare, brief: Kit) -> None:
    def noisy(sock: object, request: Request) -> None:
        number = request.number * 7919
        noise = f'<input type="hidden" value="{number:x}"><script>var t={number}</script><!-- {number} -->'
        page = policy(extra=f"{noise}<p>已有 {number} 位用户阅读</p>").replace(
            "<p>", f'<p data-k="{number}">'
        )
        sock.sendall(reply(page))  # type: ignore[attr-defined]

    site["/"] = noisy
    watched = Watched(brief, document(site.url(), fetcher="auto"))
    watched.looks(14)
    assert [version.cause for version in watched.versions].count(Cause.CHANGE) == 0


# --------------------------------------------------------------------------- every kind of page, stored right


def test_a_pdf_is_stored(site: Site, document: Declare, brief: Kit) -> None:
    story = [("title", "隐私政策"), *(("zh", sentence(number)) for number in range(1, 12))]
    site["/p.pdf"] = reply(pdf(story), content_type="application/pdf")
    watched = Watched(brief, document(site.url("/p.pdf"), fetcher="auto")).settled()
    assert "未经您的单独同意" in watched.text.replace("\n", "")


def test_a_word_document_is_stored(site: Site, document: Declare, brief: Kit) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    file, paper = io.BytesIO(), docx.Document()
    paper.add_heading("隐私政策", 0)
    for number in range(1, 12):
        paper.add_paragraph(sentence(number))
    paper.save(file)
    site["/p.docx"] = reply(file.getvalue(), content_type=kind)
    watched = Watched(brief, document(site.url("/p.docx"), fetcher="auto")).settled()
    assert sentence(11) in watched.text


def test_three_documents_are_one_policy(site: Site, document: Declare, brief: Kit) -> None:
    """In order; a missing part means no version, and a 304 of one part no half a policy."""
    for number in (1, 2, 3):
        site[f"/{number}"] = reply(policy(20, title=f"隐私政策第{number}部分"), ETag=f'"{number}"')
    documents = [document(site.url(f"/{number}"), fetcher="auto") for number in (1, 2, 3)]
    watched = Watched(brief, *documents).settled()
    assert [watched.text.index(f"第{number}部分") for number in (1, 2, 3)] == sorted(
        watched.text.index(f"第{number}部分") for number in (1, 2, 3)
    )
    site["/2"] = reply("", 404)
    assert watched.look() in (Outcome.FAULT, Outcome.QUARANTINED)
    site["/2"] = policy(20, title="隐私政策第2部分").replace("不会向第三方", "会向第三方")
    watched.looks(4)
    assert [version.cause for version in watched.versions] == [Cause.FIRST_RECORD, Cause.CHANGE]


def test_a_followed_policy_that_moves_is_one_policy(site: Site, document: Declare, brief: Kit) -> None:
    site["/"] = '<p>欢迎。</p><a href="/v1.html">隐私政策</a>'
    site["/v1.html"] = reply(policy(), ETag='"v"', Last_Modified="Mon, 02 Mar 2026 01:02:03 GMT")
    source = document(site.url(), fetcher="http", follow=Follow(text="隐私政策"))
    watched = Watched(brief, source).settled()
    site["/"] = '<p>欢迎。</p><a href="/v2.html">隐私政策</a>'
    changed = policy().replace("不会向第三方", "会向第三方")
    site["/v2.html"] = reply(changed, ETag='"v"', Last_Modified="Sun, 01 Mar 2026 01:02:03 GMT")
    watched.looks(4)
    assert [version.final_urls for version in watched.versions] == [
        (site.url("/v1.html"),),
        (site.url("/v2.html"),),
    ]


def test_row_17_a_lying_304_hides_no_change_for_long(site: Site, document: Declare, brief: Kit) -> None:
    current = policy()

    def lies(sock: object, request: Request) -> None:
        whole = reply(current, ETag='"constant"')
        sock.sendall(reply("", 304) if "if-none-match" in request.headers else whole)  # type: ignore[attr-defined]

    site["/"] = lies
    watched = Watched(brief, document(site.url(), fetcher="http")).settled()
    current = current.replace("不会向第三方", "会向第三方")
    for _ in range(12):
        watched.look()
        if len(watched.versions) == 2:
            break
    assert [version.cause for version in watched.versions] == [Cause.FIRST_RECORD, Cause.CHANGE]
    assert watched.versions[1].first_seen - watched.versions[0].recorded_at <= timedelta(hours=36)


@needs
@pytest.mark.browser
def test_row_29_a_page_made_by_scripts_is_stored(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = (
        "<html><head><title>隐私政策</title></head><body><div id=app></div><script>setTimeout(async () => {"
        "document.getElementById('app').innerHTML = await (await fetch('/text')).text()}, 99)</script></body>"
    )
    site["/text"] = policy()
    patient = replace(kit, deadline=timedelta(seconds=25))
    watched = Watched(patient, document(site.url(), fetcher="auto")).settled()
    assert sentence(7) in watched.text


# --------------------------------------------------------------------------- memory and time


child = """
import json, re, sys, time
from datetime import UTC, datetime, timedelta
from monitor.model import *
from monitor.ports import Kit
from monitor.steps import visit
base, paths, seconds = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
kit = Kit(pause=timedelta(0), deadline=timedelta(seconds=seconds), browser="/nowhere/chromium")
slowest, kinds = 0.0, {}
for path in paths:
    document = SourceDocument(location=base + path, allow_http=True, allow_private=("127.0.0.0/8",))
    declaration = Declaration(terms=TermsId(service="x"), name="x", documents=(document,))
    began = time.monotonic()
    result = visit(Target(declaration=declaration, recipe="r"), kit, datetime.now(UTC)).result
    slowest = max(slowest, time.monotonic() - began - (20 if "27" in path else 0))
    kinds[path] = str(result.kind) if isinstance(result, Fault) else type(result).__name__
# VmHWM is of this program alone; ru_maxrss would begin with the memory of the process that forked it
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(json.dumps({"peak": peak, "slowest": slowest, "kinds": kinds}))
"""


def test_memory_stays_under_300_megabytes_and_each_look_within_its_deadline(site: Site) -> None:
    """All bad pages, one after the other, in one fresh process. Bytes of a PDF may take 20 s to be read."""
    paths = bad_pages.served(site)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", child, site.url(""), json.dumps(paths), "2"],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=root,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["peak"] < 300, told
    assert told["slowest"] < 2 + 1.5, told
    assert "Reading" not in told["kinds"].values(), told
    assert "internal" not in told["kinds"].values(), told
    assert len(hostile.bomb(1)) < 2000
