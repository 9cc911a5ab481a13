"""An alert as what a message shows of it: cleaned, worded in one language, most important first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.decide.immaterial import fact as immaterial_fact
from monitor.decide.immaterial import review_fact
from monitor.diff.summary import main_topics
from monitor.model import (
    Alert,
    AlertKind,
    AuditDelta,
    Edit,
    Finding,
    Hunk,
    Movement,
    Nature,
    Op,
    StatedDate,
    Summary,
    Version,
)
from monitor.render import labels
from monitor.render.fact_lines import fact_lines
from monitor.render.labels import Language, mainly, pick, word
from monitor.render.message_words import moment, news
from monitor.render.order import by_weight
from monitor.text.clean import clean, clean_line

Titles = Mapping[str, Mapping[str, str]]
context = 40
quote_length = 400
hunk_length = 4000
most_facts = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A date or a fact: what it is, what it says now, and what it said before where that differs."""

    name: str
    value: str
    was: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a movement: the verdict and the words of the policy that carry it."""

    verdict: str
    quotes: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A criterion whose verdict moved. `tone` is "worse", "better" or "moved"."""

    title: str
    tone: str
    tone_word: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place where the text changed: what happened, and the words with what went and what came."""

    head: str
    section: str
    edits: tuple[Edit, ...]
    tone: str
    reasons: str = ""
    significance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a machine wrote of the change: a line that says so, and each sentence with the words it quotes."""

    head: str
    sentences: tuple[tuple[str, tuple[str, ...]], ...] = ()
    more: str = ""


def told_by_machine(summary: Summary | None, language: Language) -> Told | None:
    """A summary as it is shown: marked as a machine's, cleaned like any fetched text."""
    if summary is None:
        return None
    if not summary.sentences:
        return Told(head=word("no summary", language).format(clean_line(summary.fault)))
    return Told(
        head=word("summary head", language).format(clean_line(summary.model)),
        sentences=tuple(
            (clean_line(one.text), tuple(clean_line(quote) for quote in one.quotes))
            for one in summary.sentences
        ),
        more=word("dropped", language).format(summary.dropped) if summary.dropped else "",
    )


def told_lines(summary: Summary | None, language: str) -> tuple[str, ...]:
    """The same as plain lines, for a comparison that is printed."""
    told = told_by_machine(summary, "zh" if language.startswith("zh") else "en")
    if told is None:
        return ()
    lines = [told.head]
    for text, quotes in told.sentences:
        lines.append(f"~ {text} [{'; '.join(f'“{quote}”' for quote in quotes)}]")
    return (*lines, *([told.more] if told.more else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One alert, ready for any template."""

    language: Language
    kind: str
    title: str
    heading: str
    sentence: str
    badges: tuple[str, ...]
    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    dates: tuple[Row, ...]
    moved: tuple[Moved, ...]
    places: tuple[Place, ...]
    hidden: int
    told: Told | None
    location: str
    commands: tuple[Row, ...]
    key: str
    tone: str


def view(alert: Alert, language: Language, titles: Titles, time_zone: str, most: int) -> View:
    """Everything that a message says of an alert; at most `most` changed places, the weightiest of them."""
    sentence, lines = news(alert, language, time_zone)
    moved = tuple(
        _moved(movement, titles, language) for delta in alert.deltas for movement in _worst_first(delta)
    )
    hunks = [
        hunk for hunk in (alert.change.hunks if alert.change else ()) if hunk.nature is not Nature.COSMETIC
    ]
    weighty = by_weight(hunks)[:most]
    return View(
        language=language,
        kind=pick(labels.kinds[alert.kind], language),
        title=_title(alert, language, moved, sentence),
        heading=_heading(alert, language, clean_line(sentence)),
        sentence=clean_line(sentence) or _sentence(alert, language, moved),
        badges=_badges(alert, language),
        lines=tuple(clean_line(line) for line in lines if line.strip()),
        warnings=tuple(_warnings(alert, language)),
        dates=_dates(alert, language, time_zone),
        moved=moved,
        places=tuple(_place(hunk, language) for hunk in weighty),
        hidden=len(hunks) - len(weighty),
        told=told_by_machine(alert.change.summary if alert.change else None, language),
        location=clean_line(alert.location),
        commands=_commands(alert, language),
        key=clean_line(alert.key),
        tone=_tone(alert, moved),
    )


def _is_change(alert: Alert) -> bool:
    return alert.kind in (AlertKind.CHANGE, AlertKind.RETURN)


def _title(alert: Alert, language: Language, moved: tuple[Moved, ...], sentence: str) -> str:
    """One line that tells the news to somebody who reads nothing else."""
    if not _is_change(alert):
        kind, told = pick(labels.kinds[alert.kind], language), clean_line(sentence)
        return f"【{kind}】{told}" if language == "zh" else f"[{kind}] {told}"
    parts = [word("immaterial short", language)] if _is_immaterial(alert) else []
    parts += [_significance(alert, language), _count(moved, language)]
    flags = alert.version.flags if alert.version else ()
    parts += [pick(labels.flags[flag], language).partition(":")[0] for flag in flags]
    heading, rest = _heading(alert, language), [part for part in parts if part]
    if not rest:
        return heading
    return f"{heading}：{'，'.join(rest)}" if language == "zh" else f"{heading} – {', '.join(rest)}"


def _heading(alert: Alert, language: Language, sentence: str = "") -> str:
    """What stands above: the news itself; of a report, that it is one."""
    if not _is_change(alert):
        kind = pick(labels.kinds[alert.kind], language)
        return kind[:1].upper() + kind[1:] if alert.kind is AlertKind.DIGEST else sentence
    kind, name = pick(labels.kinds[alert.kind], language), clean_line(alert.service_name)
    number = alert.version.number if alert.version else 0
    return f"【{kind}】{name} 第 {number} 版" if language == "zh" else f"{name}: {kind} (v{number})"


def _badges(alert: Alert, language: Language) -> tuple[str, ...]:
    """Weight and flags of a change; an effective date or an address has neither."""
    if not _is_change(alert):
        return ()
    flags = alert.version.flags if alert.version else ()
    weight = alert.change.significance if alert.change else 0
    told = [_significance(alert, language)] if weight >= 2 else []
    return (*told, *(pick(labels.flags[flag], language) for flag in flags))


def _significance(alert: Alert, language: Language) -> str:
    if alert.change is None:
        return ""
    return pick(labels.significances[max(0, min(3, alert.change.significance))], language)


def _count(moved: tuple[Moved, ...], language: Language) -> str:
    worse = sum(1 for one in moved if one.tone == "worse")
    better = sum(1 for one in moved if one.tone == "better")
    told = [(worse, "worse"), (better, "better")]
    if language == "zh":
        return "，".join(f"{number} 项审核结论{word(tone, language)}" for number, tone in told if number)
    return ", ".join(
        f"{number} {'finding' if number == 1 else 'findings'} {word(tone, language)}"
        for number, tone in told
        if number
    )


def _sentence(alert: Alert, language: Language, moved: tuple[Moved, ...]) -> str:
    change, parts = alert.change, []
    returns = next((value for name, value in alert.facts if name == "returns to"), "")
    if returns:
        parts.append(word("returns to", language).format(clean_line(returns)))
    if change is not None:
        places = sum(1 for hunk in change.hunks if hunk.nature is not Nature.COSMETIC)
        if language == "zh":
            parts.append(f"{places} 处变化，新增 {change.inserted} 字符，删除 {change.deleted} 字符")
        else:
            parts.append(
                f"{places} {'place' if places == 1 else 'places'} changed:"
                f" {change.inserted:,} characters in, {change.deleted:,} out"
            )
        if about := mainly(main_topics(change), language):
            parts.append(about)
    if counted := _count(moved, language):
        parts.append(counted)
    joint, end = ("；", "。") if language == "zh" else ("; ", ".")
    return joint.join(parts) + end if parts else ""


def _warnings(alert: Alert, language: Language) -> list[str]:
    found = [
        f"{word('capture', language)}: {clean_line(delta.warning)}" for delta in alert.deltas if delta.warning
    ]
    if _is_change(alert) and alert.change is None:
        found.append(f"{word('uncompared', language)}: {clean_line(alert.fault)}".rstrip(": "))
    if alert.change is not None and alert.change.coarse:
        found.append(word("coarse", language))
    for name, value in alert.facts if _is_change(alert) else ():
        if name in (immaterial_fact, review_fact):
            found.append(f"{word(name, language)}: {clean_line(value)}")
    return list(dict.fromkeys(found))


def _is_immaterial(alert: Alert) -> bool:
    return any(name == immaterial_fact for name, _ in alert.facts)


def _tone(alert: Alert, moved: tuple[Moved, ...]) -> str:
    if _is_immaterial(alert):
        return "moved"
    if any(one.tone == "worse" for one in moved) or (
        alert.version and alert.version.flags and _is_change(alert)
    ):
        return "worse"
    quiet = (AlertKind.RECOVERED, AlertKind.BASELINE, AlertKind.DIGEST, AlertKind.TEST)
    if alert.kind in quiet and not alert.loud:
        return "better"
    return "worse" if alert.loud and not _is_change(alert) else "moved"


def _worst_first(delta: AuditDelta) -> list[Movement]:
    return sorted(delta.movements, key=lambda one: (one.better is not False, one.better is True))


def _moved(movement: Movement, titles: Titles, language: Language) -> Moved:
    tone = {True: "better", False: "worse", None: "moved"}[movement.better]
    title = titles.get(movement.criterion, {}).get(language, "")
    return Moved(
        title=clean_line(f"{title} ({movement.criterion})" if title else movement.criterion),
        tone=tone,
        tone_word=f"{word('immaterial short', language)}: {clean_line(movement.immaterial)}"
        if movement.immaterial
        else word(tone, language),
        before=_side(movement.before, language),
        after=_side(movement.after, language),
    )


def _side(finding: Finding, language: Language) -> Side:
    return Side(
        verdict=pick(labels.verdicts[finding.verdict], language),
        quotes=tuple(_short(clean_line(one.quote), quote_length) for one in finding.evidence[:2]),
        note=clean_line(finding.searched if not finding.evidence else ""),
    )


def _place(hunk: Hunk, language: Language) -> Place:
    what = pick(labels.forms.get(hunk.form, (hunk.form, hunk.form)), language)
    topics = " · ".join(pick(labels.topics[topic], language) for topic in hunk.topics)
    direction = pick(labels.directions[hunk.direction], language) if hunk.direction else ""
    facts = " · ".join(fact_lines(hunk, language, most_facts))
    softer = hunk.direction is not None and hunk.direction.value.startswith("softer")
    harder = hunk.direction is not None and hunk.direction.value.startswith("harder")
    return Place(
        head=clean_line(" · ".join(part for part in (what, topics, direction, facts) if part)),
        section=clean_line(" › ".join(hunk.section)),
        edits=_trimmed(excerpt(hunk.edits, context, hunk_length)),
        tone="worse" if softer else "better" if harder else "moved",
        reasons=clean_line(", ".join(hunk.reasons)),
        significance=hunk.significance,
    )


def _trimmed(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Without the line feeds in front and behind."""
    if not edits:
        return edits
    first = replace(edits[0], text=edits[0].text.lstrip("\n"))
    found = (first, *edits[1:])
    return (*found[:-1], replace(found[-1], text=found[-1].text.rstrip("\n")))


def excerpt(edits: tuple[Edit, ...], around: int, most: int) -> tuple[Edit, ...]:
    """The edits, cleaned, with what stayed cut down to the words around what changed."""
    found, room = [], most
    for index, edit in enumerate(edits):
        text = clean(edit.text).replace("**", "")
        if edit.op is Op.EQUAL:
            text = _kept(text, around, first=index == 0, last=index == len(edits) - 1)
        if len(text) > room:
            text = text[:room] + "…"
        room -= len(text)
        found.append(Edit(op=edit.op, text=text))
        if room <= 0:
            break
    return tuple(edit for edit in found if edit.text)


def _kept(text: str, around: int, *, first: bool, last: bool) -> str:
    if first and last:
        return _short(text, 2 * around)
    if first:
        return text if len(text) <= around else "…" + text[-around:]
    if last:
        return _short(text, around)
    return text if len(text) <= 2 * around + 3 else f"{text[:around]} … {text[-around:]}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + "…"


def _dates(alert: Alert, language: Language, time_zone: str) -> tuple[Row, ...]:
    """The three dates not to be mixed up: when it was seen, says it was changed, says it holds from."""
    version, old = alert.version, alert.previous
    if version is None or not _is_change(alert):
        return ()
    rows = [Row(name=word("seen", language), value=moment(version.first_seen, time_zone))]
    for name in ("updated", "effective"):
        now, before = _stated(version, name, language), _stated(old, name, language) if old else ""
        rows.append(Row(name=word(name, language), value=now, was=before if before != now else ""))
    return tuple(rows)


def _stated(version: Version, name: str, language: Language) -> str:
    stated: StatedDate | None = getattr(version.dates, name)
    if stated is None:
        return word("not stated", language)
    return stated.day.isoformat() if stated.precision == "day" else stated.day.strftime("%Y-%m")


def _commands(alert: Alert, language: Language) -> tuple[Row, ...]:
    if alert.version is None or alert.terms is None or not _is_change(alert):
        return ()
    terms, number = _argument(str(alert.terms)), alert.version.number
    older = f" {alert.previous.number} {number}" if alert.previous else ""
    return (
        Row(name=word("see", language), value=f"policy-monitor diff {terms}{older}"),
        Row(name=word("prove", language), value=f"policy-monitor alerts evidence {_argument(alert.key)}"),
    )


def _argument(text: str) -> str:
    """A name as it may be pasted into a shell."""
    shown = clean_line(text).replace("'", "’")
    return shown if all(char.isalnum() or char in "-_./:" for char in shown) else f"'{shown}'"
