"""Contents by digest: packed with zstd against a keyframe of the same kind, checked on every read.

A keyframe is stored whole; what follows is stored as its difference to the keyframe (one hop, no
chain), until there are 16 of them or the difference is no longer worth it.
"""

from __future__ import annotations

import sqlite3
import sys

from monitor.errors import NotFound, StoreError
from monitor.model import digest
from monitor.store import chain

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZstdError = zstd.ZstdError

keyframe_every = 16
delta_share = 0.3
_level = 12
_smallest_base = 64
_longest_window = 27
_smallest_window = 10
_largest = 1 << 30


def pack(content: bytes, base: bytes | None = None) -> bytes:
    """Compressed, as a difference to `base` where there is one."""
    reach = len(content) + len(base or b"")
    window = min(max(reach.bit_length(), _smallest_window), _longest_window)
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: _level,
        zstd.CompressionParameter.window_log: window,
        zstd.CompressionParameter.enable_long_distance_matching: int(base is not None),
    }
    if base is None:
        return zstd.compress(content, options=options)
    return zstd.compress(content, options=options, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)


def unpack(packed: bytes, size: int, base: bytes | None = None) -> bytes:
    """What was packed; never more than `size` bytes. Raises zstd.ZstdError on damage."""
    if not 0 <= size <= _largest:
        raise zstd.ZstdError(f"{size} bytes cannot be its size")
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _longest_window}
    prefix = None if base is None else zstd.ZstdDict(base, is_raw=True).as_prefix
    reader = zstd.ZstdDecompressor(zstd_dict=prefix, options=options)
    content = reader.decompress(packed, max_length=size + 1)
    if len(content) != size:
        raise zstd.ZstdError(f"{len(content)} bytes instead of {size}")
    return content


def put(conn: sqlite3.Connection, terms_id: int, slot: str, content: bytes) -> str:
    """Keep a content; gives its digest. One that is there already is not stored again.

    `slot` says what it is ("text", "page 1", ...): contents of one slot are packed against each other.
    """
    sha256 = digest(content)
    if conn.execute("SELECT 1 FROM blobs WHERE sha256 = ?", [sha256]).fetchone():
        return sha256
    base, packed = _packed(conn, terms_id, slot, content)
    row = conn.execute(
        "INSERT INTO blobs (sha256, terms_id, slot, size, base, content) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        [sha256, terms_id, slot, len(content), base, packed],
    ).fetchone()
    chain.seal(conn, "blobs", row["id"])
    return sha256


def _packed(conn: sqlite3.Connection, terms_id: int, slot: str, content: bytes) -> tuple[int | None, bytes]:
    """Against the latest keyframe if that is worth it, else as a keyframe."""
    keyframe = conn.execute(
        """
        SELECT id, sha256, (SELECT COUNT(*) FROM blobs AS delta WHERE delta.base = blobs.id) AS deltas
        FROM blobs WHERE terms_id = ? AND slot = ? AND base IS NULL ORDER BY id DESC LIMIT 1
        """,
        [terms_id, slot],
    ).fetchone()
    whole = pack(content)
    if keyframe is None or keyframe["deltas"] >= keyframe_every - 1:
        return None, whole
    base = get(conn, keyframe["sha256"])
    if len(base) < _smallest_base:
        return None, whole
    delta = pack(content, base)
    return (keyframe["id"], delta) if len(delta) <= delta_share * len(whole) else (None, whole)


def get(conn: sqlite3.Connection, sha256: str) -> bytes:
    """The content of a digest. Raises NotFound, or StoreError where it was altered or damaged."""
    row = conn.execute("SELECT id, size, base, content FROM blobs WHERE sha256 = ?", [sha256]).fetchone()
    if row is None:
        raise NotFound(f"no content with digest {sha256} is stored")
    try:
        content = unpack(row["content"], row["size"], _base(conn, row["base"]))
    except zstd.ZstdError as error:
        raise StoreError(f"{_name(conn, sha256)} is damaged: {error}; run `policy-monitor verify`") from None
    if digest(content) != sha256:
        raise StoreError(
            f"{_name(conn, sha256)} was altered: its digest does not fit; run `policy-monitor verify`"
        )
    return content


def _base(conn: sqlite3.Connection, base: int | None) -> bytes | None:
    if base is None:
        return None
    row = conn.execute("SELECT size, base, content FROM blobs WHERE id = ?", [base]).fetchone()
    if row is None or row["base"] is not None:
        raise zstd.ZstdError(f"its keyframe, row {base}, is gone or is none")
    return unpack(row["content"], row["size"])


def _name(conn: sqlite3.Connection, sha256: str) -> str:
    row = conn.execute(
        """
        SELECT blobs.id, slot, service, terms_type FROM blobs JOIN terms ON terms.id = terms_id WHERE sha256 = ?
        """,
        [sha256],
    ).fetchone()
    return f"the {row['slot']} of {row['service']}/{row['terms_type']} (table blobs, row {row['id']}, {sha256[:12]})"
