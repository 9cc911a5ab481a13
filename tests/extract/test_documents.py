"""PDF and Word: read in a limited child process, and named where they cannot be read."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import time
import zipfile

import pytest

from monitor.extract import child
from monitor.extract.paragraphs import Printed, lines_of
from monitor.model import Extracted, Fault, FaultKind, SourceDocument
from tests.extract import papers
from tests.extract.pages import address, kind_of, read, snapshot

chinese = (
    "我们会按照法律法规的要求，在您使用服务的过程中收集、使用、保存您的个人信息，并采取必要措施保护其安全。"
    * 3
)
english = (
    "We collect your personal data while you use the service, and we keep it for as long as it is needed. "
    * 4
)


def test_pdf_paragraphs_are_whole_and_page_furniture_is_gone() -> None:
    story = [("title", "示例隐私政策")]
    for number in "一二三四五六七八":
        story += [("heading", f"{number}、信息的收集"), ("zh", chinese), ("en", english)]
    result = read(papers.pdf(story, running_head="示例公司 隐私政策"), media_type="application/pdf")
    assert isinstance(result, Extracted)
    expected = ["# 示例隐私政策"]
    for number in "一二三四五六七八":
        expected += [f"## {number}、信息的收集", chinese, english.strip()]
    assert result.text.split("\n\n") == expected
    assert result.title == "隐私政策"


def test_pdf_items_and_numbered_clauses_stay_apart() -> None:
    story = [
        ("en", "We keep these data of yours:"),
        ("en", "• your name"),
        ("en", "• your number"),
        ("en", "1. We do."),
    ]
    result = read(papers.pdf(story))
    assert isinstance(result, Extracted)
    assert result.text == "We keep these data of yours:\n\n- your name\n- your number\n\n1. We do."


def test_paragraphs_go_on_over_the_page_but_finished_ones_do_not() -> None:
    lines = [
        Printed(text=text, left=0.1, right=right, top=top, bottom=top + 0.02, size=11)
        for text, right, top in (("We share your", 0.9, 0.2), ("data with our", 0.9, 0.225))
    ]
    after = [Printed(text="partners in Rome.", left=0.1, right=0.4, top=0.2, bottom=0.22, size=11)]
    new = [Printed(text="We keep it.", left=0.1, right=0.3, top=0.2, bottom=0.22, size=11)]
    texts = [line.text for line in lines_of([lines, after, new])]
    assert texts == ["We share your data with our partners in Rome.", "We keep it."]


def test_words_broken_at_the_line_end_are_mended() -> None:
    def line(text: str, top: float) -> Printed:
        return Printed(text=text, left=0.1, right=0.9, top=top, bottom=top + 0.02, size=11)

    texts = [
        one.text
        for one in lines_of([[line("third-", 0.2), line("party infor\u00ad", 0.225), line("mation", 0.25)]])
    ]
    assert texts == ["third-party information"]


def test_bold_lines_of_a_pdf_are_marked() -> None:
    bold = Printed(text="Your rights", left=0.1, right=0.3, top=0.2, bottom=0.22, size=11, bold=True)
    plain = Printed(text="You may ask.", left=0.1, right=0.3, top=0.24, bottom=0.26, size=11)
    assert [line.text for line in lines_of([[bold, plain]])] == ["**Your rights**", "You may ask."]


@pytest.mark.parametrize(
    ("content", "says", "transient"),
    [
        (papers.pdf([("en", "Secret text of a policy")], password="word"), "encrypted", False),
        (papers.scanned_pdf(), "no text layer", False),
        (b"%PDF-1.7 and then nothing", "broken", True),
        (papers.pdf([("en", english)])[:900], "broken", True),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(content: bytes, says: str, transient: bool) -> None:
    result = read(content, media_type="application/pdf")
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.UNREADABLE
    assert says in result.message
    assert result.transient is transient


def test_a_pdf_bomb_ends_in_time() -> None:
    started = time.perf_counter()
    result = read(papers.bomb_pdf())
    assert time.perf_counter() - started < child.wall_seconds + 10
    assert isinstance(result, Extracted) or kind_of(result) is FaultKind.PARSE_LIMIT


def test_word_document_goes_through_our_own_walker() -> None:
    result = read(papers.word(), media_type="application/octet-stream")
    assert isinstance(result, Extracted)
    assert result.text == (
        "# 隐私政策\n\n更新日期：2026年5月1日\n\n# 一、收集\n\n我们**不会**出售您的信息。\n\n"
        "- 姓名\n- 电话\n1. 第一\n\n| SDK | 用途 | 数据 |\n| 地图 | 导航 | 位置 |"
    )
    assert result.title == "隐私政策"


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"PK\x03\x04 broken",
        zipped("a.txt", b"no word document"),
    ],
)
def test_what_is_no_word_document_says_so(content: bytes) -> None:
    result = read(content)
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.UNREADABLE


def test_a_zip_bomb_ends_in_time() -> None:
    document = papers.word()
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in source.namelist():
                bomb = b"<?xml version='1.0'?><a>" + b" " * 150_000_000 + b"</a>"
                archive.writestr(name, bomb if name == "word/document.xml" else source.read(name))
    started = time.perf_counter()
    result = read(out.getvalue())
    assert time.perf_counter() - started < child.wall_seconds + 10
    assert kind_of(result) in (FaultKind.PARSE_LIMIT, FaultKind.UNREADABLE)


def test_without_the_extra_the_fault_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setattr(child, "_limit", lambda: None)
    question = pickle.dumps((snapshot(papers.scanned_pdf()), SourceDocument(location=address)))
    result = child._read("pdf", question)
    assert isinstance(result, Fault)
    assert "policy-monitor[documents]" in result.message


@pytest.mark.parametrize(
    "answer", [b"", b"not json", b"[]", b'{"text": "x"}', b'{"fault": "nonsense", "message": ""}']
)
def test_a_child_that_dies_or_babbles_is_a_fault(answer: bytes) -> None:
    done = subprocess.CompletedProcess(["child"], -9, stdout=answer, stderr=b"")
    result = child._understood(done, "pdf")
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.PARSE_LIMIT


def test_a_child_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "wall_seconds", 0.01)
    result = child.limited("pdf", snapshot(papers.scanned_pdf()), SourceDocument(location=address))
    assert kind_of(result) is FaultKind.PARSE_LIMIT


def test_the_child_sees_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, dict[str, str]] = {}

    def run(*_command: object, **how: dict[str, str]) -> object:
        seen["env"] = how["env"]
        return subprocess.CompletedProcess(["child"], 1, stdout=b"", stderr=b"")

    monkeypatch.setenv("MONITOR_SECRET", "hush")
    monkeypatch.setattr(subprocess, "run", run)
    child.limited("pdf", snapshot(b"%PDF-"), SourceDocument(location=address))
    assert set(seen["env"]) == {"PATH", "PYTHONPATH", "PYTHONIOENCODING"}
