"""Plain text and JSON, and how a document's kind is told."""

from __future__ import annotations

import json

import pytest

from monitor.model import Extracted, Fault, FaultKind
from monitor.text.blocks import BlockKind, blocks
from tests.extract.pages import kind_of, policy, read


def test_plain_text_keeps_its_lines_and_indents() -> None:
    result = read(
        "隐私政策\r\n\r\n一、收集\r\n我们收集：\r\n  - 姓名\r\n  - 电话\r\n\r\n\r\n二、使用\n",
        media_type="text/plain",
    )
    assert isinstance(result, Extracted)
    assert result.text == "隐私政策\n\n一、收集\n我们收集：\n  - 姓名\n  - 电话\n\n二、使用"
    assert result.title == "隐私政策"
    kinds = [block.kind for block in blocks(result.text)]
    assert kinds == ["paragraph", "heading", "paragraph", "item", "item", "heading"]


def test_hard_wrapped_text_is_joined() -> None:
    paragraph = (
        "We collect your name, your telephone number and the place where you are\n"
        "while you use the maps, and we keep them for as long as you have an account\n"
        "with us, unless a law asks us to keep them for longer than that, in which\n"
        "case we tell you.\n"
    )
    source = "\n".join(["## SCOPE\n", paragraph, "- names\n- numbers\n", paragraph, paragraph, paragraph])
    result = read(source, media_type="text/plain")
    assert isinstance(result, Extracted)
    lines = [block.text for block in blocks(result.text) if block.kind is not BlockKind.HEADING]
    assert lines[0].startswith("We collect")
    assert lines[0].endswith("case we tell you.")
    assert lines[1:3] == ["names", "numbers"]
    assert len(lines) == 6


def test_long_lines_are_left_alone() -> None:
    source = "\n".join(f"{n}号条款" + "我们会保护您的信息。" * 20 for n in range(20))
    result = read(source, media_type="text/plain")
    assert isinstance(result, Extracted)
    assert result.text == source


def test_empty_text_is_a_fault() -> None:
    assert kind_of(read(" \n ***\n", media_type="text/plain")) is FaultKind.EMPTY


document = {
    "code": 0,
    "data": {
        "list": [{"html": f"<div>{policy(3)}</div>"}, {"text": "隐私政策\n我们重视隐私。"}],
        "parts": ["a", "b"],
        "n": 7,
    },
}


@pytest.mark.parametrize("path", ["data.list[0].html", ".data.list[0].html"])
def test_html_in_json_is_read_as_html(path: str) -> None:
    result = read(json.dumps(document), media_type="application/json", json_path=path)
    assert isinstance(result, Extracted)
    assert result.text.startswith("# Privacy Policy\n\n## 1. How we use data")


def test_text_in_json_is_read_as_text() -> None:
    result = read(json.dumps(document), json_path="data.list[1].text")
    assert isinstance(result, Extracted)
    assert result.text == "隐私政策\n我们重视隐私。"
    parts = read(json.dumps(document), json_path="data.parts")
    assert isinstance(parts, Extracted)
    assert parts.text == "a\n\nb"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("data.gone", FaultKind.SELECTOR),
        ("data.list[9].html", FaultKind.SELECTOR),
        ("data.list.html", FaultKind.SELECTOR),
        ("data.n", FaultKind.SELECTOR),
        ("data", FaultKind.SELECTOR),
        ("", FaultKind.SELECTOR),
        ("data..list", FaultKind.SELECTOR),
        ("data[", FaultKind.SELECTOR),
        ("data[0]x", FaultKind.SELECTOR),
    ],
)
def test_a_path_that_leads_nowhere_is_named(path: str, kind: FaultKind) -> None:
    result = read(json.dumps(document), json_path=path)
    assert isinstance(result, Fault)
    assert result.kind is kind
    assert repr(path) in result.message


@pytest.mark.parametrize("content", ["{", "<html>", "[" * 100_000])
def test_what_is_not_json_is_named(content: str) -> None:
    result = read(content, json_path="data")
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.UNREADABLE
    assert result.transient


def test_json_without_a_path_is_no_page() -> None:
    result = read('{"code": 403}', media_type="application/json; charset=utf-8")
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.SUSPECT_NOT_HTML
    assert "json_path" in result.message


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        ("<p>one</p><p>two</p>", "text/html", "one\n\ntwo"),
        ("<p>one</p><p>two</p>", "application/octet-stream", "one\n\ntwo"),
        ("<!doctype html><p>one</p><p>two</p>", "text/plain", "one\n\ntwo"),
        ("one\ntwo", "text/plain; charset=utf-8", "one\ntwo"),
        ("one\ntwo", "text/html", "one\ntwo"),
        ("## One\n\n- two", "text/markdown", "## One\n\n- two"),
        ("a < b\n1 > 0", "", "a < b\n1 > 0"),
    ],
)
def test_kind_is_told_by_bytes_and_label(content: str, media_type: str, expected: str) -> None:
    result = read(content, media_type=media_type)
    assert isinstance(result, Extracted)
    assert result.text == expected


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0JFIF"])
def test_a_picture_is_named_as_such(content: bytes) -> None:
    assert kind_of(read(content)) is FaultKind.UNREADABLE
    assert kind_of(read(b"RIFF", media_type="image/webp")) is FaultKind.UNREADABLE
