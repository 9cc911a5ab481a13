"""A changed fact in one line, in Chinese and English: "retention: 30 days -> 180 days", "SDK added: X (purpose ...)". Pure."""

from __future__ import annotations

from monitor.model import Fact, FactChange, Hunk, Topic
from monitor.render.labels import Language, added, facts, periods, pick, removed

_most_cells = 160
_arrow = " -> "


def fact_lines(hunk: Hunk, language: Language, most: int) -> list[str]:
    """The changed facts, each once, measures and parties before the rest; at most `most` and how many more."""
    ordered = sorted(hunk.facts, key=lambda one: _order.get(one.kind, len(_order)))
    embedded = Topic.COOKIES in hunk.topics
    lines = list(dict.fromkeys(fact_line(one, language, embedded=embedded) for one in ordered))
    if len(lines) <= most:
        return lines
    return [*lines[:most], f"+{len(lines) - most}"]


_order = {
    kind: place
    for place, kind in enumerate(
        (
            "period",
            "age",
            "sdk",
            "recipient",
            "right",
            "permission",
            "data type",
            "company",
            "place",
            "amount",
        )
    )
}


def fact_line(change: FactChange, language: Language = "en", *, embedded: bool = False) -> str:
    """What became of one fact. `embedded`: a row of a table is one of SDKs, plug-ins or cookies."""
    before, after = change.before, change.after
    if change.kind == "sdk":
        return _row(change, language, "SDK" if embedded else pick(facts["sdk"], language))
    name = _name(change, language)
    if before and after:
        return f"{name}: {_value(before, language)}{_arrow}{_value(after, language)}"
    verb = pick(added if after else removed, language)
    said = _value(after or before, language)
    return f"{verb}{name}：{said}" if language == "zh" else f"{name} {verb}: {said}"


def _name(change: FactChange, language: Language) -> str:
    if change.kind == "period" and change.subject:
        return pick(periods.get(change.subject, facts["period"]), language)
    return pick(facts.get(change.kind, (change.kind, change.kind)), language)


def _value(fact: Fact | None, language: Language) -> str:
    """The normal form in English; for a Chinese reader the words of the text, but dates in their normal form."""
    if fact is None:
        return ""
    return fact.value if language == "en" or fact.kind == "date" else fact.quote


def _row(change: FactChange, language: Language, name: str) -> str:
    """A row of a table of third parties: the name and its other cells, or the cells that differ."""
    one = change.after or change.before
    if change.before and change.after:
        gone, come = _cells(change.before), _cells(change.after)
        old = "; ".join(cell for cell in gone if cell not in come)
        new = "; ".join(cell for cell in come if cell not in gone)
        return f"{name} {change.after.value}: {_short(old)}{_arrow}{_short(new)}"
    verb = pick(added if change.after else removed, language)
    value = one.value if one else ""
    cells = _short(one.subject) if one and one.subject else ""
    if language == "zh":
        return f"{verb}{name}：{value}" + (f"（{cells}）" if cells else "")
    return f"{name} {verb}: {value}" + (f" ({cells})" if cells else "")


def _cells(fact: Fact) -> list[str]:
    return (fact.subject or "").split("; ")


def _short(text: str) -> str:
    return text if len(text) <= _most_cells else text[:_most_cells].rstrip() + "…"
