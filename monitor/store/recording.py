"""Record a visit: judge it, and write ledger, version, contents and next due time in one transaction."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from monitor.errors import NotFound, StoreError
from monitor.identity import Judgement, Memory, Patience, State, judge
from monitor.model import (
    Fault,
    Link,
    Outcome,
    Reading,
    Unchanged,
    Validators,
    Version,
    Visit,
    digest,
)
from monitor.ports import NextDue
from monitor.store import blobs, chain, drafts, ledger, policy, queries, words
from monitor.store.rows import (
    compact,
    day,
    exchange_body,
    micros,
    micros_or_none,
    moment,
    to_json,
    version_row,
)

quarantined_per_terms = 5
longest_message = 500


def record(conn: sqlite3.Connection, visit: Visit, patience: Patience, next_due: NextDue) -> Outcome:
    """What a visit comes to, done. A visit to what is watched no more is dropped."""
    row = conn.execute(
        """
        SELECT watch.*, body, declarations.recipe AS recipe FROM watch
        JOIN terms ON terms.id = watch.terms_id JOIN declarations ON declarations.id = declaration_id
        WHERE service = ? AND terms_type = ? AND retired = 0
        """,
        [visit.terms.service, visit.terms.terms_type],
    ).fetchone()
    if row is None:
        return Outcome.STALE
    memory = _memory(conn, row, visit)
    judgement = judge(memory, visit, patience)
    if visit.reread is None:
        _write_look(conn, row, visit, judgement, memory.latest)
    latest_id = row["latest"]
    if judgement.version:
        latest_id = _write_version(conn, row["terms_id"], judgement.version, visit)
    if judgement.remark is not None:
        _write_mark(conn, row, visit)
    if judgement.keep_text and isinstance(visit.result, Reading):
        drafts.put(conn, row["terms_id"], visit.at, visit.result)
    drafts.prune(conn, row["terms_id"], judgement.state)
    _write_watch(conn, row, visit, judgement, latest_id, next_due)
    return judgement.outcome


def _memory(conn: sqlite3.Connection, row: sqlite3.Row, visit: Visit) -> Memory:
    seen: dict[str, int] = {}
    if isinstance(visit.result, Reading):
        found = conn.execute(
            "SELECT key, MAX(number) AS number FROM versions WHERE terms_id = ? AND key = ?",
            [row["terms_id"], visit.result.key],
        ).fetchone()
        seen = {found["key"]: found["number"]} if found["number"] is not None else {}
    return Memory(
        state=queries.state(row["state"]),
        latest=queries.version(conn, row["latest"]),
        seen=seen,
        text=lambda sha256: _text(conn, row["terms_id"], sha256),
    )


def _text(conn: sqlite3.Connection, terms_id: int, sha256: str) -> str:
    try:
        return blobs.get(conn, sha256).decode()
    except NotFound:
        return drafts.text(conn, terms_id, sha256)


# --------------------------------------------------------------------------- the ledger


def _write_look(
    conn: sqlite3.Connection, row: sqlite3.Row, visit: Visit, judgement: Judgement, latest: Version | None
) -> None:
    result = visit.result
    packed = ledger.packed(conn, policy.exchanges_of(result), json.loads(row["looked"]))
    exchanges = compact(packed)
    now = judgement.version or latest
    known = now.text_sha256 if now else None
    look = {
        "terms_id": row["terms_id"],
        "at": micros(visit.at),
        "outcome": judgement.outcome.value,
        "version": now.number if now else None,
        "text_sha256": result.sha256 if isinstance(result, Reading) and result.sha256 != known else None,
        "fault": result.kind.value if isinstance(result, Fault) else None,
        "message": result.message[:longest_message] if isinstance(result, Fault) else None,
        "not_modified": 1 if isinstance(result, Unchanged) and result.not_modified else None,
        "exchanges": exchanges,
    }
    chain.extend(conn, "looks", look, chain.beside_look(conn, exchanges))
    conn.execute(
        "INSERT INTO days VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET looks = looks + 1", [day(visit.at)]
    )
    if packed:
        conn.execute("UPDATE watch SET looked = ? WHERE terms_id = ?", [exchanges, row["terms_id"]])
    if isinstance(result, Fault) and result.content:
        _quarantine(conn, row["terms_id"], result.content)


def _quarantine(conn: sqlite3.Connection, terms_id: int, content: bytes) -> None:
    """Keep what came instead of a policy, once where it comes again and again; of each policy the latest few."""
    last = conn.execute(
        "SELECT sha256 FROM quarantine WHERE terms_id = ? ORDER BY seq DESC LIMIT 1", [terms_id]
    ).fetchone()
    if last and last["sha256"] == digest(content):
        return
    seq, _ = chain.head(conn)
    conn.execute(
        "INSERT INTO quarantine (seq, terms_id, sha256, size, content) VALUES (?, ?, ?, ?, ?)",
        [seq, terms_id, digest(content), len(content), blobs.pack(content)],
    )
    conn.execute(
        """
        DELETE FROM quarantine WHERE terms_id = ?1 AND seq NOT IN
          (SELECT seq FROM quarantine WHERE terms_id = ?1 ORDER BY seq DESC LIMIT ?2)
        """,
        [terms_id, quarantined_per_terms],
    )


# --------------------------------------------------------------------------- versions


def _write_version(conn: sqlite3.Connection, terms_id: int, version: Version, visit: Visit) -> int:
    """The version, its text, pages and links; from the look that saw the text first."""
    reading = drafts.get(conn, terms_id, version.text_sha256)
    if reading is None or _pages_of(reading) != version.snapshots:
        if not isinstance(visit.result, Reading) or visit.result.sha256 != version.text_sha256:
            raise StoreError(f"{visit.terms}: the waiting text {version.text_sha256[:12]} is no longer there")
        reading = visit.result
    blobs.put(conn, terms_id, "text", reading.text.encode())
    links = to_json(tuple[Link, ...], reading.links)
    links_sha256 = blobs.put(conn, terms_id, "links", links.encode())
    pages = [_page(conn, terms_id, reading, position) for position in range(len(reading.snapshots))]
    (version_id,) = conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM versions").fetchone()
    row = {
        **version_row(version),
        "id": version_id,
        "terms_id": terms_id,
        "links_sha256": links_sha256,
    }
    chain.extend(conn, "versions", row, pages)
    conn.executemany(
        "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", [(version_id, *page) for page in pages]
    )
    conn.execute("INSERT INTO unexamined (version_id) VALUES (?)", [version_id])
    words.index(conn, terms_id, version_id, version.number, reading.text)
    return int(version_id)


def _pages_of(reading: Reading) -> tuple[str, ...]:
    return tuple(snapshot.sha256 for snapshot in reading.snapshots)


def _page(conn: sqlite3.Connection, terms_id: int, reading: Reading, position: int) -> list[object]:
    snapshot = reading.snapshots[position]
    shot = snapshot.screenshot
    return [
        position,
        blobs.put(conn, terms_id, f"page {position + 1}", snapshot.content),
        snapshot.media_type,
        snapshot.charset,
        compact(exchange_body(snapshot.exchange)),
        blobs.put(conn, terms_id, f"screenshot {position + 1}", shot) if shot else None,
    ]


def _write_mark(conn: sqlite3.Connection, row: sqlite3.Row, visit: Visit) -> None:
    recipe = visit.result.recipe if isinstance(visit.result, Reading) else row["recipe"]
    conn.execute(
        """
        INSERT INTO marks (version_id, recipe, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (version_id) DO UPDATE SET recipe = ?2, at = ?3
        """,
        [row["latest"], recipe, micros(visit.at)],
    )


# --------------------------------------------------------------------------- what is remembered for the next look


def _write_watch(
    conn: sqlite3.Connection,
    row: sqlite3.Row,
    visit: Visit,
    judgement: Judgement,
    latest_id: int | None,
    next_due: NextDue,
) -> None:
    state = judgement.state
    stale = micros_or_none(
        policy.rereading_time(state, row["recipe"], queries.version(conn, latest_id), visit.at)
    )
    conn.execute(
        "UPDATE watch SET state = ?, latest = ?, stale_at = ? WHERE terms_id = ?",
        [to_json(State, state), latest_id, stale, row["terms_id"]],
    )
    if visit.reread is not None:
        return
    due_at = _due_at(row, visit, judgement, next_due)
    conn.execute(
        """
        UPDATE watch SET due_at = ?, claimed_until = NULL, claimed_by = NULL, crashes = 0 WHERE terms_id = ?
        """,
        [micros(due_at), row["terms_id"]],
    )
    if policy.asked_whole(visit.result):
        known = policy.validators_of(policy.exchanges_of(visit.result))
        conn.execute(
            "UPDATE watch SET asked_whole_at = ?, validators = ? WHERE terms_id = ?",
            [micros(visit.at), to_json(tuple[Validators, ...], known), row["terms_id"]],
        )


def _due_at(row: sqlite3.Row, visit: Visit, judgement: Judgement, next_due: NextDue) -> datetime:
    """The next look; one that was asked for while this one was made is still wanted."""
    state, result = judgement.state, visit.result
    asked_meanwhile = row["claimed_by"] is not None and row["due_at"] > micros(visit.at)
    if asked_meanwhile:
        return moment(row["due_at"])
    return policy.next_look(
        next_due,
        queries.declaration(row["body"]),
        visit.at,
        state.streak.failures if state.streak else 0,
        judgement.look_again,
        result.retry_after if isinstance(result, Fault) else None,
    )
