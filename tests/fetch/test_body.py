"""The decoder alone: any bytes in any pieces give the page, or a fault, and never more than the cap."""

from __future__ import annotations

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.body import Inflated
from monitor.fetch.causes import Refused
from monitor.model import FaultKind
from tests.fetch.hostile import raw_deflate

pages = st.binary(max_size=3000)
cuts = st.lists(st.integers(1, 500), max_size=30)


def fed(name: str, content: bytes, sizes: list[int], cap: int = 10_000) -> bytes:
    decoder = Inflated(name, cap, "here")
    parts, at = [], 0
    for size in [*sizes, len(content) or 1]:
        if at < len(content):
            parts.append(decoder.feed(content[at : at + size]))
        at += size
    return b"".join([*parts, decoder.end()])


@given(pages, pages, cuts)
def test_gzip_in_any_pieces_and_members(first: bytes, second: bytes, sizes: list[int]) -> None:
    assert fed("gzip", gzip.compress(first) + gzip.compress(second), sizes) == first + second
    assert fed("gzip", gzip.compress(first) + b"\0" * 7, sizes) == first


@given(pages, cuts)
def test_both_kinds_of_deflate(page: bytes, sizes: list[int]) -> None:
    assert fed("deflate", zlib.compress(page), sizes) == page
    assert fed("deflate", raw_deflate(page), [max(size, 2) for size in sizes]) == page


@given(pages.filter(bool), st.data())
def test_a_stream_that_is_cut_is_never_a_page(page: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(page)
    at = data.draw(st.integers(1, len(packed) - 1))
    try:
        fed("gzip", packed[:at], [])
    except Refused as refused:
        found = refused.kind
    assert found is FaultKind.TRUNCATED


@given(st.sampled_from(["gzip", "deflate"]), st.binary(max_size=500), cuts)
def test_any_bytes_end_in_a_page_or_a_fault(name: str, content: bytes, sizes: list[int]) -> None:
    try:
        assert len(fed(name, content, sizes, cap=100)) <= 100
    except Refused as refused:
        found = refused.kind
        assert found in (FaultKind.ENCODING, FaultKind.TRUNCATED, FaultKind.TOO_LARGE)


@given(st.integers(0, 5000))
def test_the_cap_is_exact(size: int) -> None:
    content = gzip.compress(b"x" * size)
    try:
        fitted = len(fed("gzip", content, [], cap=2500))
    except Refused as refused:
        fitted = -1
        kind = refused.kind
    assert fitted == (size if size <= 2500 else -1)
    assert fitted >= 0 or kind is FaultKind.TOO_LARGE
