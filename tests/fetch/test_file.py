"""Pages that lie in a folder."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.fetch import auto, file
from monitor.model import FaultKind, Follow, NotModified, Snapshot, SourceDocument, Validators
from monitor.ports import Kit
from tests.fetch.hostile import policy
from tests.fetch.looks import failed, nothing


@pytest.fixture
def folder(tmp_path: Path, kit: Kit) -> Kit:
    (tmp_path / "page.html").write_text(policy(), encoding="utf-8")
    return replace(kit, base_folder=str(tmp_path))


def test_a_file_is_read_relative_to_the_base_folder(folder: Kit) -> None:
    snapshot = file.fetch(SourceDocument(location="page.html"), nothing, folder)
    assert isinstance(snapshot, Snapshot)
    assert snapshot.content.decode() == policy()
    assert snapshot.media_type == "text/html"
    assert snapshot.exchange.fetcher == "file"
    assert snapshot.exchange.final_url.startswith("file:///")
    assert snapshot.exchange.raw_sha256 == snapshot.sha256
    by_address = SourceDocument(location=snapshot.exchange.final_url)
    assert isinstance(file.fetch(by_address, nothing, folder), Snapshot)
    assert isinstance(auto.fetch(SourceDocument(location="page.html"), nothing, folder), Snapshot)


def test_an_unchanged_file_is_not_read_again(folder: Kit) -> None:
    source = SourceDocument(location="page.html")
    first = file.fetch(source, nothing, folder)
    assert isinstance(first, Snapshot)
    known = Validators(
        etag=first.exchange.header("etag"), last_modified=first.exchange.header("last-modified")
    )
    assert isinstance(file.fetch(source, known, folder), NotModified)
    path = Path(folder.base_folder, "page.html")
    times = path.stat()
    path.write_text(policy().replace("不会", "将会"), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    assert isinstance(file.fetch(source, known, folder), Snapshot), "an edit within the same second"


def test_what_is_no_page_is_a_fault(folder: Kit) -> None:
    base = Path(folder.base_folder)
    os.mkfifo(base / "pipe")
    (base / "empty.html").write_text(" \n")
    (base / "large.html").write_bytes(b"x" * 100)
    (base / "folder").mkdir()
    for location in ("missing.html", "pipe", "folder", "/dev/zero", "file://host/page.html", "a\0b"):
        failed(file.fetch(SourceDocument(location=location), nothing, folder), FaultKind.FILE)
    failed(file.fetch(SourceDocument(location="empty.html"), nothing, folder), FaultKind.EMPTY)
    small = replace(folder, max_bytes=99)
    failed(file.fetch(SourceDocument(location="large.html"), nothing, small), FaultKind.TOO_LARGE)


def test_no_option_is_ignored(folder: Kit) -> None:
    source = SourceDocument(location="page.html", follow=Follow(text="x"))
    failed(file.fetch(source, nothing, folder), FaultKind.FILE)
    failed(file.fetch(SourceDocument(location="page.html", wait_for="p"), nothing, folder), FaultKind.FILE)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.PDF", "application/pdf"), ("a.txt", "text/plain"), ("a.json", "application/json"), ("a", "")],
)
def test_the_suffix_tells_the_media_type(name: str, media_type: str, folder: Kit) -> None:
    Path(folder.base_folder, name).write_text("words")
    result = file.fetch(SourceDocument(location=name), nothing, folder)
    assert isinstance(result, Snapshot)
    assert result.media_type == media_type
