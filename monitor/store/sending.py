"""The outbox: claim what is to be sent, close it as sent, to be sent again or dead. At least once, never silently not."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from monitor.model import Delivered, Delivery, Fault, Outcome, Receipt
from monitor.store import chain, examining, outbox, owner, rulings, witness
from monitor.store.rows import micros, moment


def undelivered(conn: sqlite3.Connection, now: datetime, batch: int, holder: str) -> list[Delivery]:
    """Claim deliveries that are due. What was being sent when its sender died goes out again, as a repeat."""
    conn.execute(
        """
        UPDATE deliveries SET state = 'pending', repeat = 1, next_at = claimed_until
        WHERE state = 'sending' AND claimed_until <= ?
        """,
        [micros(now)],
    )
    rows = conn.execute(
        """
        SELECT * FROM deliveries WHERE state = 'pending' AND leader IS NULL AND next_at <= ?
        ORDER BY channel, next_at, id
        """,
        [micros(now)],
    ).fetchall()
    seq, head = chain.head(conn)
    groups = [
        group for _, own in groupby(rows, lambda row: row["channel"]) for group in outbox.grouped(list(own))
    ]
    groups.sort(key=lambda group: (group[0]["next_at"], group[0]["id"]))
    return [_claimed(conn, group, now, holder, f"{seq}:{head.hex()}") for group in groups[:batch]]


def _claimed(
    conn: sqlite3.Connection, group: Sequence[sqlite3.Row], now: datetime, holder: str, head: str
) -> Delivery:
    first = group[0]
    led = conn.execute("SELECT * FROM deliveries WHERE leader = ? ORDER BY id", [first["id"]]).fetchall()
    others = [*led, *group[1:]]
    for row in others:
        conn.execute("UPDATE deliveries SET leader = ? WHERE id = ?", [first["id"], row["id"]])
    for row in [first, *others]:
        conn.execute(
            """
            UPDATE deliveries SET state = 'sending', attempts = attempts + 1, claimed_until = ?, claimed_by = ?,
              first_tried_at = COALESCE(first_tried_at, ?) WHERE id = ?
            """,
            [micros(now + outbox.lease), holder, micros(now), row["id"]],
        )
    return Delivery(
        id=first["id"],
        alert=rulings.told(conn, examining.alert(conn, first["alert_id"])),
        channel=first["channel"],
        attempt=first["attempts"] + 1,
        repeat=any(row["repeat"] for row in [first, *others]),
        also=tuple(rulings.told(conn, examining.alert(conn, row["alert_id"])) for row in others),
        head=head,
    )


def close(conn: sqlite3.Connection, delivered: Delivered) -> Outcome:
    """Write down how an attempt ended, for the alert and those that went with it."""
    rows = conn.execute(
        "SELECT * FROM deliveries WHERE (id = ?1 OR leader = ?1) AND state = 'sending'", [delivered.id]
    ).fetchall()
    if not any(row["id"] == delivered.id for row in rows):
        return Outcome.STALE
    first = next(row for row in rows if row["id"] == delivered.id)
    done = outbox.after(
        delivered,
        attempts=first["attempts"],
        refusals=first["refusals"],
        repeat=bool(first["repeat"]),
        first_tried_at=moment(first["first_tried_at"]),
    )
    split = len(rows) > 1 and outbox.is_refusal(delivered)
    for row in rows:
        _write(conn, row["id"], done, delivered.at, split)
        _keep_receipt(conn, row, done, delivered.at, split)
    _note_channel(conn, first["channel"], delivered)
    if done.state == "sent":
        return Outcome.DELIVERED
    return Outcome.RETRY if done.state == "pending" or split else Outcome.DEAD


def told(conn: sqlite3.Connection, delivered: Delivered) -> list[witness.Told]:
    """What is delivered with this, for the witness; nothing where it failed. Ask before it is closed."""
    if isinstance(delivered.result, Fault):
        return []
    rows = conn.execute(
        "SELECT alert_id, channel FROM deliveries WHERE (id = ?1 OR leader = ?1) AND state = 'sending' ORDER BY id",
        [delivered.id],
    ).fetchall()
    return [witness.told(examining.alert(conn, row["alert_id"]), row["channel"]) for row in rows]


def close_told_before(conn: sqlite3.Connection, lost: witness.Lost) -> None:
    """What an older copy holds as still to be sent, and went out in the part of history that is lost."""
    rows = conn.execute(
        "SELECT DISTINCT alert_id FROM deliveries WHERE state IN ('pending', 'sending') ORDER BY alert_id"
    ).fetchall()
    for row in rows:
        alert = examining.alert(conn, row["alert_id"])
        examining.close_told_before(conn, row["alert_id"], alert, lost.same)


def _write(conn: sqlite3.Connection, row_id: int, done: outbox.Attempt, at: datetime, split: bool) -> None:
    """A message of many that was refused is taken apart: one of them may be the cause, the others go out alone."""
    conn.execute(
        """
        UPDATE deliveries SET state = ?, next_at = ?, refusals = ?, repeat = ?, answer = ?, closed_at = ?,
          claimed_until = NULL, claimed_by = NULL WHERE id = ?
        """,
        [
            "pending" if split else done.state,
            micros(at) if split else micros(done.next_at) if done.next_at else None,
            0 if split else done.refusals,
            done.repeat,
            done.answer,
            micros(at) if done.state in {"sent", "dead"} and not split else None,
            row_id,
        ],
    )
    if split or done.state != "pending":
        conn.execute("UPDATE deliveries SET leader = NULL, alone = ? WHERE id = ?", [int(split), row_id])


def _keep_receipt(
    conn: sqlite3.Connection, row: sqlite3.Row, done: outbox.Attempt, at: datetime, split: bool
) -> None:
    """Every attempt leaves a row in the chain for ever: when, over which channel, and what was answered."""
    receipt = {
        "delivery_id": row["id"],
        "alert_id": row["alert_id"],
        "channel": row["channel"],
        "at": micros(at),
        "attempt": row["attempts"],
        "result": "again" if split or done.state == "pending" else done.state,
        "answer": done.answer,
    }
    chain.extend(conn, "receipts", receipt)


def _note_channel(conn: sqlite3.Connection, name: str, delivered: Delivered) -> None:
    conn.execute("INSERT INTO channels (name, configured) VALUES (?, 0) ON CONFLICT DO NOTHING", [name])
    at = micros(delivered.at)
    if isinstance(delivered.result, Receipt):
        conn.execute(
            """
            UPDATE channels SET last_sent = ?1,
              failed_since = COALESCE(failing_since, failed_since),
              recovered_at = CASE WHEN failing_since IS NULL THEN recovered_at ELSE ?1 END,
              failing_since = NULL, failures = 0, answer = '' WHERE name = ?2
            """,
            [at, name],
        )
    elif isinstance(delivered.result, Fault):
        conn.execute(
            """
            UPDATE channels SET failing_since = COALESCE(failing_since, ?), failures = failures + 1, answer = ?
            WHERE name = ?
            """,
            [at, delivered.result.message, name],
        )


def retry(conn: sqlite3.Connection, ids: Sequence[int] | None, now: datetime) -> int:
    """Dead letters from the start again; those whose answer may have been lost stay marked as repeats."""
    dead = [row["id"] for row in conn.execute("SELECT id FROM deliveries WHERE state = 'dead'").fetchall()]
    wanted = dead if ids is None else [one for one in dead if one in set(ids)]
    for one in wanted:
        conn.execute(
            """
            UPDATE deliveries SET state = 'pending', next_at = ?, attempts = 0, refusals = 0, first_tried_at = NULL,
              closed_at = NULL, alone = 1 WHERE id = ?
            """,
            [micros(now), one],
        )
    return len(wanted)


def shorten_waits(conn: sqlite3.Connection, now: datetime) -> None:
    """No claim, back-off or first attempt is further ahead than one of `now`. What is put off on purpose stays."""
    conn.execute(
        "UPDATE deliveries SET claimed_until = ?1 WHERE claimed_until > ?1", [micros(now + outbox.lease)]
    )
    conn.execute("UPDATE deliveries SET first_tried_at = ?1 WHERE first_tried_at > ?1", [micros(now)])
    conn.execute(
        "UPDATE deliveries SET next_at = ?1 WHERE state = 'pending' AND attempts > 0 AND next_at > ?1",
        [micros(now + outbox.longest_asked_pause)],
    )


def release(conn: sqlite3.Connection, holder: str | None = None) -> None:
    """What was being sent by a holder that closes, or (None) by those that died, goes out again as a repeat."""
    rows = conn.execute("SELECT id, claimed_by FROM deliveries WHERE state = 'sending'").fetchall()
    for row in rows:
        if holder == row["claimed_by"] or (holder is None and not owner.is_alive(row["claimed_by"])):
            conn.execute(
                "UPDATE deliveries SET state = 'pending', repeat = 1, claimed_until = NULL, claimed_by = NULL WHERE id = ?",
                [row["id"]],
            )
