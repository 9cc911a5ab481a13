"""Hostile words in policies, names and errors are inert in every form of a message."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from monitor.model import (
    Alert,
    AlertKind,
    AuditDelta,
    Change,
    Edit,
    Evidence,
    Fault,
    Finding,
    Movement,
    Op,
    Receipt,
    Span,
    Verdict,
)
from monitor.render.message import Message, inert, markdown_text, message
from tests.decide.values import alert, change, finding, hunk
from tests.notify.sending import Send
from tests.notify.sinks import Sink

hostile = {
    "all": "@all @everyone @here \uff20all",
    "feishu": '<at user_id="all">everybody</at>',
    "slack": "<!channel> <!here|x> <@U024BE7LH> <https://evil.example|our site>",
    "wecom": "<@all> <font color='warning'>x</font>",
    "link": "[sign in](https://evil.example) ![x](https://evil.example/t.png) <https://evil.example>",
    "reference": "[a]: https://evil.example\n[a]",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><a href='https://evil.example'>x</a>",
    "entities": "&lt;img src=x onerror=alert(1)&gt; &amp;#60;b&amp;#62;",
    "breakout": '"><svg/onload=alert(1)> </style><style>*{display:none}</style> -->',
    "crlf": "line\r\nBcc: everybody@example.org\r\n\r\nbody",
    "bidi": "\u202edeirrac\u202c \u2066x\u2069 \u200f",
    "invisible": "zero\u200bwidth\u2060 \ufeff",
    "ansi": "\x1b[31mred\x1b]52;c;ZXZpbA==\x07 \x9b2J",
    "nul": "a\x00b\ud800c",
    "jinja": "{{ 7*7 }} {% include '/etc/passwd' %} ${7*7} {0.__class__}",
    "markdown": "# heading\n- item\n1. one\n> quote\n`code` **bold** __u__ ~~gone~~ | a | b |\n---\n===",
}
places = ("policy", "quote", "service", "section", "fault", "notice", "location", "key", "terms title")


def poisoned(place: str, words: str) -> tuple[Alert, dict[str, dict[str, str]]]:
    """An alert with hostile words in one place."""
    titles = {"rights.withdraw": {"zh": "标题", "en": "title"}}
    if place == "policy":
        return alert(change=change(hunk(words, words, section=("s",)))), titles
    if place == "quote":
        quoted = Finding(
            criterion="rights.withdraw",
            verdict=Verdict.MET,
            confidence=finding(Verdict.MET).confidence,
            judge="rule",
            evidence=(Evidence(quote=words, span=Span(start=0, end=1)),),
        )
        moved = Movement(criterion=words, before=quoted, after=quoted, better=None)
        return alert(deltas=(AuditDelta(profile="p", movements=(moved,), warning=words),)), titles
    if place == "service":
        return alert(service_name=words), titles
    if place == "section":
        return alert(change=change(hunk("a", "b", section=(words,), reasons=(words,)))), titles
    if place == "fault":
        return alert(change=None, fault=words), titles
    if place == "notice":
        facts = (
            ("since", "2026-11-20T08:00:00+00:00"),
            ("failures", "3"),
            ("fault", words),
            ("message", words),
        )
        return alert(
            kind=AlertKind.UNREACHABLE, change=None, deltas=(), notice=words, details=(words,), facts=facts
        ), titles
    if place == "terms title":
        return alert(), {"rights.withdraw": {"zh": words, "en": words}}
    return alert(**{place: words}), titles


def forms(made: Message) -> dict[str, str]:
    return {name: getattr(made, name) for name in ("title", "text", "html", "markdown", "chat")}


class Elements(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


allowed_tags = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "h1",
    "h2",
    "p",
    "span",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "blockquote",
    "del",
    "ins",
    "b",
    "code",
}
allowed_attributes = {"lang", "charset", "name", "content", "class", "role", "style", "scope"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("place", places)
@pytest.mark.parametrize("name", hostile)
def test_hostile_words_are_inert(name: str, place: str, language: str) -> None:
    words = hostile[name]
    bad, titles = poisoned(place, words)
    made = message(bad, "zh" if language == "zh" else "en", repeat=False, titles=titles)
    for form, text in forms(made).items():
        assert not re.search(
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]", text
        ), form
        assert "{{" not in text or name == "jinja"
        assert "49" not in text or name != "jinja"
        text.encode()
    assert "\n" not in made.title
    assert len(made.title) <= 320
    page = Elements()
    page.feed(made.html)
    assert set(page.tags) <= allowed_tags
    assert page.attributes <= allowed_attributes
    assert page.tags.count("style") == 1
    for text in (made.chat, made.title):
        assert not re.search(r"[@\uff20](?!\u2060)", text)
        assert not re.search(r"<[^\u2060\s]", text)
        assert "](" not in text
        assert "://" not in text
    assert not re.search(r"(?<!\\)[@\uff20](?!\u2060)", made.markdown)
    assert "<" not in made.markdown
    assert "](" not in made.markdown.replace("\\]", "")


@pytest.mark.parametrize(
    "name", [name for name in hostile if name not in ("crlf", "nul", "ansi", "bidi", "invisible")]
)
def test_the_words_themselves_can_still_be_read(name: str) -> None:
    words = hostile[name]
    made = message(poisoned("policy", words)[0], "zh", repeat=False)
    page = Elements()
    page.feed(made.html)
    assert words.replace("**", "") in "".join(page.words)


@pytest.mark.parametrize("name", hostile)
def test_nothing_gets_through_to_the_services(name: str, robots: Sink, send: Send) -> None:
    bad = poisoned("policy", hostile[name])[0]
    robots.says({"errcode": 0, "code": 0})
    for url in ("dingtalk://abcdef0123456789/", "wecombot://abcdef0123456789/", "feishu://abcdef0123456789/"):
        assert isinstance(send(url, alert=bad), Receipt)
    for received in robots.received:
        payload = json.dumps(received.json, ensure_ascii=False)
        assert "<at" not in payload
        assert not re.search(r"@(all|everyone|here)", payload)
        assert received.json.get("at", {"isAtAll": False})["isAtAll"] is False


def test_a_fault_of_a_channel_is_inert_too(robots: Sink, send: Send) -> None:
    robots.says(b"\x1b[31m\xe2\x80\xae<at>\x00", 500)
    result = send("wecombot://abcdef0123456789/")
    assert isinstance(result, Fault)
    assert not re.search(r"[\x00-\x1f\u202e]", result.message)


def test_inert_and_markdown_change_nothing_that_a_reader_sees() -> None:
    text = "Write to a@b.example <c> [x](y) https://z.example"
    assert inert(text).replace("\u2060", "") == text
    assert markdown_text("1. a_b*c").replace("\\", "") == "1. a_b*c"


def test_very_long_clauses_stay_within_bounds() -> None:
    long = Change(
        hunks=tuple(hunk("旧" * 20_000, "新" * 20_000, significance=n % 4) for n in range(200)),
        significance=3,
    )
    made = message(alert(change=long), "zh", repeat=False)
    assert len(made.chat.encode()) <= 2_048 - 200
    assert len(made.html) < 600_000
    assert "160" in made.html


def test_an_edit_longer_than_its_room_is_cut_at_its_end() -> None:
    only = Edit(op=Op.INSERT, text="新" * 9_000)
    made = message(alert(change=change(hunk("a", only.text))), "zh", repeat=False)
    assert "…" in made.text
