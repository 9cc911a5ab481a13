"""Facts that differ between two clauses, paired where one took the other's place, and which way each goes. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.diff.lexicon import latin, zh
from monitor.model import Fact, FactChange, Span, Topic
from monitor.text.numbers import days

# A measure that changes is one change; of names, the old goes and the new comes, unless it is one for one.
_measures = ("period", "age", "amount", "date")
_replaced = ("company", "address", "email", "phone", "place")
_widening = {"data type": 1.0, "permission": 1.0, "recipient": 2.0, "sdk": 2.0, "place": 1.0}
_home = "mainland China"
_borders = frozenset({_home, "outside the country"})
_where_data_are = re.compile(
    r"存储|储存|保存|传输|传送|转移|服务器|数据中心|提供|出境|stor(?:e|ed|age|ing)\b|host|server|transf|transmi|process(?:ed|ing)\b"
    r"|data cent|cloud|hébergé|serveur|gespeichert|übermitt|verarbeitet",
    re.I,
)
_most = 2.0
_promised = 1.5  # a term that is stated at all
_half = re.compile(r"[，,。；;！!？?\n：:]")
_wide = re.compile(r"[\u3400-\u9fff]")
_notice = re.compile(r"提前|advance|prior notice|notice")
_own = re.compile(
    r"(?:由|本)[^，。；]{0,40}(?:运营|开发)|运营|operat|controller|verantwort|responsable", re.I
)
topics_of_fact: dict[str, Topic] = {
    "age": Topic.MINORS,
    "data type": Topic.COLLECTION,
    "permission": Topic.COLLECTION,
    "recipient": Topic.SHARING,
    "right": Topic.RIGHTS,
    "place": Topic.CROSS_BORDER,
    "sdk": Topic.SHARING,
    "email": Topic.CONTACT,
    "phone": Topic.CONTACT,
    "address": Topic.CONTACT,
    "date": Topic.DATES,
}
_topics_of_period = {
    "notice": Topic.DATES,
    "response": Topic.RIGHTS,
    "retention": Topic.RETENTION,
    "deletion": Topic.RETENTION,
}


def changed_facts(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[FactChange, ...]:
    """Facts of one side only; measures are paired by subject, then in order; names one for one."""
    if not old and not new:
        return ()
    kept = Counter(map(_same, old)) & Counter(map(_same, new))
    gone, come = _beyond(old, kept), _beyond(new, kept)
    found = [_change(one, other) for one, other in _partners(gone, come)]
    found += [_change(one, None) for one in _once(gone)]
    found += [_change(None, one) for one in _once(come)]
    return tuple(found)


def _change(before: Fact | None, after: Fact | None) -> FactChange:
    one = after or before
    assert one is not None
    subject = (after.subject if after else None) or (before.subject if before else None)
    return FactChange(kind=one.kind, before=before, after=after, subject=subject)


def _partners(gone: list[Fact], come: list[Fact]) -> list[tuple[Fact, Fact]]:
    """Facts that took another's place; they leave the two lists."""
    found: list[tuple[Fact, Fact]] = []
    for strict in (True, False):
        for fact in list(gone):
            partner = next((one for one in come if _replaces(fact, one, gone, come, strict=strict)), None)
            if partner:
                gone.remove(fact)
                come.remove(partner)
                found.append((fact, partner))
    return found


def _replaces(one: Fact, other: Fact, gone: list[Fact], come: list[Fact], *, strict: bool) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind in _measures:
        return one.subject == other.subject or not strict
    if one.kind == "sdk":
        return one.value == other.value
    return one.kind in _replaced and _count(gone, one.kind) == _count(come, one.kind)


def _count(found: Iterable[Fact], kind: str) -> int:
    return len({fact.value for fact in found if fact.kind == kind})


def _same(fact: Fact) -> tuple[str, str, str | None]:
    return fact.kind, fact.value, fact.subject if fact.kind == "sdk" else None


def _beyond(found: Sequence[Fact], kept: Counter[tuple[str, str, str | None]]) -> list[Fact]:
    """The facts that only this side states; a name that the other side knows too is not news by being said twice."""
    named = {one for one in kept if one[0] not in _measures}
    left, out = Counter(kept), []
    for fact in found:
        same = _same(fact)
        if same in named or left[same] > 0:
            left[same] -= 1
        else:
            out.append(fact)
    return out


def _once(found: Iterable[Fact]) -> list[Fact]:
    return list({_same(fact): fact for fact in reversed(list(found))}.values())[::-1]


def shifted(change: FactChange, before: int, after: int) -> FactChange:
    """A fact change with its spans counted from the beginning of the texts."""
    return replace(change, before=_shift(change.before, before), after=_shift(change.after, after))


def _shift(fact: Fact | None, by: int) -> Fact | None:
    if fact is None or fact.kind == "sdk":  # rows are read from the whole text
        return fact
    return replace(fact, span=Span(start=fact.span.start + by, end=fact.span.end + by))


def fact_topics(changes: Iterable[FactChange], clause: str, *, embedded: bool) -> list[Topic]:
    """The topics that changed facts stand for. A company is the operator of the policy or one who receives."""
    found: list[Topic] = []
    for one in changes:
        if one.kind == "company":
            found.append(Topic.CONTACT if _own.search(clause) else Topic.SHARING)
        elif one.kind == "period" and one.subject:
            found.append(_topics_of_period[one.subject])
        elif one.kind == "place" and not is_of_data(one, clause):
            continue
        elif one.kind in topics_of_fact:
            found.append(topics_of_fact[one.kind])
            found += [Topic.COOKIES] if one.kind == "sdk" and embedded else []
    return found


def is_of_data(one: FactChange, clause: str) -> bool:
    """True where a place is one that data lie in or go to, and not part of an address or of a people."""
    said = {fact.value for fact in (one.before, one.after) if fact}
    return bool(said & _borders) or _where_data_are.search(clause) is not None


def fact_worth(changes: Iterable[FactChange], before: str, after: str) -> tuple[float, tuple[str, ...]]:
    """What the changed facts give the person (positive) or take, with the facts that decided."""
    by_kind: Counter[str] = Counter()
    said: list[str] = []
    for one in changes:
        if one.kind == "place" and not is_of_data(one, f"{before} {after}"):
            continue
        worth = _worth_of_pair(one, f"{before} {after}") if one.before and one.after else 0.0
        for fact, sign, text in ((one.after, 1.0, after), (one.before, -1.0, before)):
            if fact is not None:
                worth += sign * _worth(fact, text)
        worth += _worth_of_term(one)
        if worth:
            by_kind[one.kind] += worth  # type: ignore[assignment]
            said.append(_said(one))
    return sum(max(-_most, min(_most, float(worth))) for worth in by_kind.values()), tuple(said[:4])


def _said(one: FactChange) -> str:
    if one.before and one.after:
        return f"{one.before.value} -> {one.after.value}"
    fact = one.after or one.before
    return f"{'+' if one.after else '−'}{fact.value if fact else ''}"


def _worth_of_term(one: FactChange) -> float:
    """A term of keeping, deleting, answering or notice that comes binds whoever states it; one that goes frees them."""
    if one.kind != "period" or one.subject not in _topics_of_period or (one.before and one.after):
        return 0.0
    return _promised if one.after else -_promised


def _worth(fact: Fact, text: str) -> float:
    """What stating a fact is worth: a right is a gain, a kind of data, a recipient or a place abroad a loss."""
    if fact.kind == "right":
        return 2.0
    weight = _widening.get(fact.kind, 0.0)
    if not weight or (fact.kind == "place" and fact.value == _home):
        return weight and 1.0
    return -weight * _standing(fact, text)


def _standing(fact: Fact, text: str) -> float:
    """1 where a fact stands in a plain half sentence, -1 where that is denied, 0 where it is about rights or safety."""
    if fact.kind == "sdk":
        return 1.0
    start, end = fact.span.start, fact.span.end
    left = list(_half.finditer(text, max(0, start - 200), start))
    right = _half.search(text, end, end + 200)
    half = text[
        left[-1].end() if left else max(0, start - 200) : right.start() if right else end + 200
    ].lower()
    script = zh if _wide.search(half) else latin
    if script.person.search(half):
        return 0.0
    denied = script.negation.search(half)
    if denied and not script.not_negation.search(half):
        return -1.0
    return 0.0 if script.benefits.search(half) and not script.stated.search(half) else 1.0


def _worth_of_pair(one: FactChange, clause: str) -> float:
    """A longer notice or a higher age protects more, a longer time to keep or to answer less."""
    assert one.before is not None
    assert one.after is not None
    if one.kind == "age":
        then, now = _years(one.before), _years(one.after)
        return 2.0 if now > then else -2.0
    if one.kind == "period":
        before, after = days(one.before.value), days(one.after.value)
        if before is None or after is None or before == after:
            return 0.0
        notice = one.subject == "notice" or (one.subject is None and _notice.search(clause) is not None)
        return 2.0 if (after > before) == notice else -2.0
    return 0.0


def _years(fact: Fact) -> float:
    return float(fact.value.split()[0])
