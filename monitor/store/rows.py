"""Rows to values and back: times, versions, and JSON by pydantic for everything that is nested. Pure."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from monitor.model import (
    Cause,
    Exchange,
    Flag,
    StatedDate,
    StatedDates,
    TermsId,
    Version,
)
from monitor.ports import DeliveryRow, Look

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
Row = Mapping[str, Any] | sqlite3.Row

_epoch = datetime(1970, 1, 1, tzinfo=UTC)
_microsecond = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """A moment as whole microseconds since 1970-01-01 UTC."""
    return (at - _epoch) // _microsecond


def moment(value: int) -> datetime:
    return _epoch + value * _microsecond


def micros_or_none(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def day(at: datetime) -> int:
    """Days since 1970-01-01, by UTC."""
    return (at - _epoch).days


def moment_or_none(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


# --------------------------------------------------------------------------- JSON


def compact(value: object) -> str:
    """JSON in its canonical form: keys sorted, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - many reads do without, and it takes 0.1 s to load

    return TypeAdapter(kind)


def to_json(kind: Any, value: object) -> str:
    """A value of the model as canonical JSON."""
    return compact(_adapter(kind).dump_python(value, mode="json"))


def from_json(kind: type[T], text: str | bytes) -> T:
    return cast("T", _adapter(cast("Any", kind)).validate_json(text))


def exchange_body(exchange: Exchange) -> dict[str, Any]:
    """An exchange as plain JSON values, without what is empty."""
    body = {name: getattr(exchange, name) for name in Exchange.__slots__}
    return {name: value for name, value in body.items() if value not in (None, (), 0.0)}


def exchange_of(body: Row) -> Exchange:
    known = dict(body)
    for name in ("redirects", "notes"):
        known[name] = tuple(known.get(name, ()))
    known["headers"] = tuple((name, value) for name, value in known.get("headers", ()))
    return Exchange(**known)


# --------------------------------------------------------------------------- versions

_date_names = ("updated", "effective")


def _dates_json(dates: StatedDates) -> str:
    found = {}
    for name in _date_names:
        stated: StatedDate | None = getattr(dates, name)
        if stated:
            found[name] = {
                "day": stated.day.isoformat(),
                "precision": stated.precision,
                "quote": stated.quote,
            }
    return compact(found)


def _dates_of(text: str) -> StatedDates:
    found = {
        name: StatedDate(day=date.fromisoformat(one["day"]), precision=one["precision"], quote=one["quote"])
        for name, one in json.loads(text).items()
    }
    return StatedDates(**found)


def version_row(version: Version) -> dict[str, Any]:
    """The columns of `versions` that come from the version itself."""
    return {
        "number": version.number,
        "cause": version.cause.value,
        "first_seen": micros(version.first_seen),
        "recorded_at": micros(version.recorded_at),
        "text_sha256": version.text_sha256,
        "key": version.key,
        "recipe": version.recipe,
        "length": version.length,
        "title": version.title,
        "language": version.language,
        "dates": _dates_json(version.dates),
        "flags": compact([flag.value for flag in version.flags]),
        "returns_to": version.returns_to,
    }


def version_of(row: Row, terms: TermsId, pages: Sequence[tuple[str, str]]) -> Version:
    """A version of its row (with `marked`, the recipe it was last read by) and its pages (digest, final URL)."""
    return Version(
        terms=terms,
        number=row["number"],
        cause=Cause(row["cause"]),
        first_seen=moment(row["first_seen"]),
        recorded_at=moment(row["recorded_at"]),
        text_sha256=row["text_sha256"],
        key=row["key"],
        recipe=row["marked"] or row["recipe"],
        length=row["length"],
        snapshots=tuple(sha256 for sha256, _ in pages),
        final_urls=tuple(url for _, url in pages),
        title=row["title"],
        language=row["language"],
        dates=_dates_of(row["dates"]),
        flags=tuple(Flag(flag) for flag in json.loads(row["flags"])),
        returns_to=row["returns_to"],
    )


# --------------------------------------------------------------------------- looks and deliveries


def summary(exchange: Exchange) -> str:
    """An exchange in one line, as `history --checks` shows it."""
    status = "file" if exchange.fetcher == "file" else exchange.status or "no answer"
    where = f" ({exchange.ip})" if exchange.ip else ""
    return f"{status} {exchange.final_url or exchange.url}{where}"


def look_of(row: Row, exchanges: tuple[Exchange, ...]) -> Look:
    return Look(
        seq=row["seq"],
        terms=TermsId(service=row["service"], terms_type=row["terms_type"]),
        at=moment(row["at"]),
        outcome=row["outcome"],
        message=row["message"] or "",
        version=row["version"],
        text_sha256=row["text_sha256"] or row["version_text"],
        exchanges=tuple(summary(one) for one in exchanges),
        fault=row["fault"],
        not_modified=bool(row["not_modified"]),
        proof=exchanges,
        chain=row["chain"].hex(),
    )


def delivery_row(row: Row) -> DeliveryRow:
    service = row["service"]
    return DeliveryRow(
        id=row["id"],
        alert_key=row["key"],
        alert_at=moment(row["alert_at"]),
        kind=row["kind"],
        terms=TermsId(service=service, terms_type=row["terms_type"]) if service else None,
        channel=row["channel"],
        state=row["state"],
        attempts=row["attempts"],
        next_at=moment_or_none(row["next_at"]),
        answer=row["answer"],
    )
