"""Alerts as messages: mail with text and HTML, Markdown, short words for chats. Pure but for a template.

Fetched text is inert in every form: cleaned of what steers terminals and eyes, escaped in HTML and
Markdown, and with mentions broken in chats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Alert, Edit, Op
from monitor.render.labels import Language, word
from monitor.render.message_view import Moved, Place, Titles, Told, View, excerpt, view
from monitor.render.pages import template

title_limit = 150
mail_places = 40
chat_bytes = 1_700
chat_places = 3
_marks = {Op.DELETE: ("[-", "-]"), Op.INSERT: ("{+", "+}"), Op.EQUAL: ("", "")}
_mention = re.compile(r"@|＠|<(?=\S)|(?<=\])(?=\()|(?<=:)(?=//)")
_special = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$^=:])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in all its forms. `title` is one line; `text` and `html` say the same at full length.

    `markdown` is of middle length, with all policy text escaped. `chat` is plain, short, without the
    title, and mentions nobody.
    """

    title: str
    text: str
    html: str
    markdown: str
    chat: str


def message(
    alert: Alert,
    language: Language,
    *,
    repeat: bool,
    titles: Titles | None = None,
    also: Sequence[Alert] = (),
    head: str = "",
    time_zone: str = "UTC",
) -> Message:
    """Word one alert, or several in one message (`also`).

    `titles` are names of criteria by id and language. `repeat` says that an earlier copy may have
    arrived. `head` is the head of the record's chain: the mailbox becomes a witness of it.
    """
    views = [view(one, language, titles or {}, time_zone, mail_places) for one in (alert, *also)]
    title = _title(views, language, repeat)
    return Message(
        title=title,
        text=_text(views, language, repeat, head),
        html=template("message.html").render(
            views=views,
            title=title,
            language=language,
            repeat=repeat,
            head=head,
            word=word,
            op=Op,
            colon="：" if language == "zh" else ": ",
        ),
        markdown=_markdown(views, language, repeat),
        chat=_chat(views, language, repeat),
    )


def inert(text: str) -> str:
    """A cleaned text in which no chat sees a mention, a channel call, a hidden link or an address to open."""
    return _mention.sub(lambda found: f"{found[0]}\u2060", text)


def markdown_text(text: str) -> str:
    """A cleaned text as Markdown that shows just that text."""
    escaped = _special.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return re.sub(r"[@\uff20]", lambda found: f"{found[0]}\u2060", escaped).replace("\n", "  \n")


def _title(views: Sequence[View], language: Language, repeat: bool) -> str:
    title = views[0].title
    if len(views) > 1:
        names = " · ".join(dict.fromkeys(one.title for one in views))
        title = f"{word('alerts', language).format(len(views))}: {names}"
    title = f"{'重发' if language == 'zh' else 'Repeat'}: {title}" if repeat else title
    return inert(title if len(title) <= title_limit else title[: title_limit - 1] + "…")


def _unsaid(one: View) -> list[str]:
    """Badges and warnings that the title has no room for."""
    return [warning for warning in (*one.badges, *one.warnings) if warning not in one.title]


# ----------------------------------------------------------------- plain text, at full length


def _text(views: Sequence[View], language: Language, repeat: bool, head: str) -> str:
    parts = [word("repeat", language)] if repeat else []
    parts += ["\n".join(_text_of(one)) for one in views]
    keys = [f"{word('alert id', language)}: {one.key}" for one in views]
    witness = [f"{word('chain head', language)}: {head}"] if head else []
    advice = [word("not legal advice", language)] if any(one.moved for one in views) else []
    return "\n\n".join([*parts, "-- \n" + "\n".join([*keys, *witness, *advice])]) + "\n"


def _text_of(one: View) -> list[str]:
    lines = [one.title, ""]
    lines += [f"! {warning}" for warning in _unsaid(one)]
    lines += [one.sentence] if one.sentence and one.sentence not in one.title else []
    lines += [f"- {line}" for line in one.lines]
    if one.moved:
        lines += ["", word("audit", one.language)]
        for moved in one.moved:
            lines += _text_moved(moved, one.language)
    if one.places:
        lines += ["", word("changes", one.language)]
        for place in one.places:
            lines += _text_place(place)
        lines += [word("more", one.language).format(one.hidden)] if one.hidden else []
    if one.told:
        lines += ["", *_text_told(one.told)]
    if one.dates:
        lines.append("")
        was = word("was", one.language)
        lines += [
            f"{row.name}: {row.value}" + (f" ({was}: {row.was})" if row.was else "") for row in one.dates
        ]
    lines += [f"{word('page', one.language)}: {one.location}"] if one.location else []
    return [*lines, *(f"{row.name}: {row.value}" for row in one.commands)]


def _text_told(told: Told) -> list[str]:
    lines = [told.head]
    for text, quotes in told.sentences:
        lines += [f"~ {text}", *(f"    “{quote}”" for quote in quotes)]
    return [*lines, *([told.more] if told.more else [])]


def _text_moved(moved: Moved, language: Language) -> list[str]:
    lines = [f"* {moved.title}: {moved.before.verdict} → {moved.after.verdict} ({moved.tone_word})"]
    for name, side in (("before", moved.before), ("after", moved.after)):
        quotes = [f"“{quote}”" for quote in side.quotes] or [side.note or word("no quote", language)]
        lines += [f"    {word(name, language)}: {quote}" for quote in quotes]
    return lines


def _text_place(place: Place) -> list[str]:
    head = " – ".join(part for part in (place.head, place.section) if part)
    body = marked(place.edits).split("\n")
    return [f"* {head}", *(f"    {line}" for line in body)]


def marked(edits: Sequence[Edit]) -> str:
    """Edits in one text: what went in ``[-...-]``, what came in ``{+...+}``."""
    return "".join(f"{_marks[edit.op][0]}{edit.text}{_marks[edit.op][1]}" for edit in edits)


# ----------------------------------------------------------------- chats: short, most important first


def _chat(views: Sequence[View], language: Language, repeat: bool) -> str:
    """At most `chat_bytes` bytes of UTF-8; what does not fit is counted, not hidden."""
    room = chat_bytes // len(views)
    parts = [word("repeat", language)] if repeat else []
    parts += ["\n".join(_chat_of(one, max(room, 200), titled=len(views) > 1)) for one in views]
    return "\n\n".join(parts)


def _chat_of(one: View, room: int, *, titled: bool) -> list[str]:
    lines = [one.title] if titled else []
    lines += [f"⚠ {warning}" for warning in _unsaid(one)]
    lines += [one.sentence] if one.sentence and one.sentence not in one.title else []
    signs = {"worse": "▼", "better": "▲", "moved": "●"}
    lines += [f"{signs[m.tone]} {m.title}: {m.before.verdict} → {m.after.verdict}" for m in one.moved]
    for place in one.places[:chat_places]:
        lines.append(f"{signs[place.tone]} {place.head}: {_one_line(excerpt(place.edits, 12, 160))}")
    was = word("was", one.language)
    ending = [f"{row.name}: {row.value}" + (f" ({was}: {row.was})" if row.was else "") for row in one.dates]
    ending += [row.value for row in one.commands[:1]]
    ending.append(f"{word('alert id', one.language)}: {one.key}")
    return [inert(line) for line in _fitting([*lines, *one.lines], ending, room, one)]


def _fitting(lines: list[str], ending: list[str], room: int, one: View) -> list[str]:
    """As many lines as there is room for; then how many are missing; then the ending, always."""
    room -= sum(len(inert(line).encode()) + 1 for line in ending) + 40
    kept: list[str] = []
    for line in lines:
        short = line if len(line) <= 300 else line[:300] + "…"
        room -= len(inert(short).encode()) + 1
        if room < 0 and kept:
            break
        kept.append(short)
    missing = len(lines) - len(kept) + one.hidden + max(0, len(one.places) - chat_places)
    more = [f"… {word('more', one.language).format(missing)}"] if missing and one.places else []
    more = more or (["…"] if len(kept) < len(lines) else [])
    return [*kept, *more, *ending]


def _one_line(edits: Sequence[Edit]) -> str:
    return " ".join(marked(edits).split())


# ----------------------------------------------------------------- Markdown


def _markdown(views: Sequence[View], language: Language, repeat: bool) -> str:
    parts = [f"*{markdown_text(word('repeat', language))}*"] if repeat else []
    return "\n\n".join([*parts, *("\n".join(_markdown_of(one)) for one in views)]) + "\n"


def _markdown_of(one: View) -> list[str]:
    text = markdown_text
    lines = [f"## {text(one.title)}", ""]
    lines += [f"**{text(warning)}**  " for warning in _unsaid(one)]
    lines += [text(one.sentence), ""] if one.sentence and one.sentence not in one.title else []
    lines += [f"- {text(line)}" for line in one.lines]
    for moved in one.moved:
        lines.append(
            f"- **{text(moved.title)}**: {text(moved.before.verdict)} → **{text(moved.after.verdict)}**"
        )
        lines += [f"    > {text(quote)}" for quote in moved.after.quotes[:1]]
    lines += ["", f"### {word('changes', one.language)}", ""] if one.places else []
    for place in one.places[:10]:
        edits = "".join(_markdown_edit(edit) for edit in excerpt(place.edits, 30, 600))
        lines += [f"- {text(place.head)}", f"    {edits}"]
    if one.told:
        lines += ["", f"*{text(one.told.head)}*", ""]
        for said, quotes in one.told.sentences:
            lines += [f"- {text(said)}", *(f"    > {text(quote)}" for quote in quotes)]
        lines += [text(one.told.more)] if one.told.more else []
    hidden = one.hidden + max(0, len(one.places) - 10)
    lines += [text(word("more", one.language).format(hidden))] if hidden else []
    lines += ["", *(f"{row.name}: {text(row.value)}  " for row in (*one.dates, *one.commands))]
    return [*lines, f"{word('alert id', one.language)}: {text(one.key)}"]


def _markdown_edit(edit: Edit) -> str:
    body = markdown_text(" ".join(edit.text.split()))
    if not body:
        return " "
    return {Op.EQUAL: body, Op.DELETE: f" ~~{body}~~ ", Op.INSERT: f" **{body}** "}[edit.op]
