"""A change from one model as terminal, Markdown, plain or unified text (HTML: change_html). Nothing in it is trusted."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from monitor.model import Change, Direction, Edit, Hunk, Nature, Op
from monitor.render.fact_lines import fact_lines
from monitor.render.labels import Language, natures, pick, topics
from monitor.render.order import by_weight
from monitor.text.clean import clean, clean_line

context = 40
_most_facts = 4
_gap = " … "
_words = {
    "zh": {
        "changed": "修改", "added": "新增", "removed": "删除", "moved": "移动", "moved and changed": "移动并修改",
        "split": "拆分", "merged": "合并", "cosmetic": "形式", "substantive": "实质",
        "more": "另有 {} 处", "none": "文字没有差别。", "before": "原文", "after": "新文", "coarse": "文本过大，部分处只整体显示。",
        "title": "政策变更", "weight": "重要性", "inline": "合并显示", "sides": "左右对照", "view": "显示方式",
        "gone words": "删去", "new words": "增加",
        Direction.SOFTER: "义务减弱或权利减少", Direction.HARDER: "义务加强或权利增加", Direction.UNCLEAR: "方向不明",
    },
    "en": {
        "changed": "changed", "added": "added", "removed": "removed", "moved": "moved",
        "moved and changed": "moved and changed", "split": "split", "merged": "merged", "cosmetic": "cosmetic",
        "substantive": "substantive", "more": "{} more", "none": "The texts do not differ.", "before": "before",
        "after": "after", "coarse": "Very large: some places are shown as replaced whole.",
        "title": "Policy change", "weight": "weight", "inline": "inline", "sides": "side by side", "view": "View",
        "gone words": "taken out", "new words": "put in",
        Direction.SOFTER: Direction.SOFTER.value, Direction.HARDER: Direction.HARDER.value,
        Direction.UNCLEAR: "direction unclear",
    },
}  # fmt: skip


_marks = {Op.DELETE: ("[-", "-]"), Op.INSERT: ("{+", "+}"), Op.EQUAL: ("", "")}


def label(word: str | Direction, language: str) -> str:
    """A word of ours in the language of the reader."""
    return _words["zh" if language.startswith("zh") else "en"].get(word, str(word))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above a change: the title, and lines on the two versions."""

    title: str = ""
    lines: tuple[str, ...] = ()


_no_head = Head()


def as_terminal(
    change: Change,
    *,
    language: str = "en",
    head: Head = _no_head,
    told: Sequence[str] = (),
    marks: bool = False,
) -> RenderableType:
    """Coloured, with long kept runs folded to their edges and a heading where the section changes.

    `told` are the lines of a machine's summary, shown last. `marks` puts [-...-] and {+...+} around the words, for where colour does not show.
    """
    parts: list[RenderableType] = [Text(clean_line(line)) for line in (head.title, *head.lines) if line]
    parts += [Text("")] if parts else []
    if not change.hunks:
        return Group(*parts, Text(label("none", language)))
    section: tuple[str, ...] = ()
    for hunk in change.hunks:
        if hunk.section != section:
            section = hunk.section
            parts.append(Text(clean_line(" › ".join(section)), style="bold cyan"))
        parts.append(Padding(_terminal_hunk(hunk, language, marks), (0, 0, 1, 2), expand=False))
    if change.coarse:
        parts.append(Text(label("coarse", language), style="yellow"))
    parts += [Text(clean_line(line), style="italic dim") for line in told]
    return Group(*parts)


def _terminal_hunk(hunk: Hunk, language: str, marks: bool) -> Text:
    style = {Nature.COSMETIC: "dim", Nature.WORDING: "dim", Nature.MOVED: "blue"}.get(hunk.nature, "bold")
    out = Text()
    out.append(f"{headline(hunk, language)}\n", style=style)
    styles = {Op.DELETE: "red strike", Op.INSERT: "green underline", Op.EQUAL: ""}
    shown = [(op, text.replace("\n\n", "\n")) for op, text in folded(hunk.edits)]
    for index, (op, text) in enumerate(shown):
        text = text.lstrip("\n") if index == 0 else text
        text = text.rstrip("\n") if index == len(shown) - 1 else text
        before, after = _marks[op] if marks and text else ("", "")
        out.append(f"{before}{clean(text)}{after}", style=styles[op])
    return out


def headline(hunk: Hunk, language: str = "en") -> str:
    """What happened here, in a line: form, topics, direction, facts."""
    reader: Language = "zh" if language.startswith("zh") else "en"
    parts = [label(hunk.form, language)]
    if hunk.nature in (Nature.COSMETIC, Nature.WORDING):
        parts.append(pick(natures[hunk.nature], reader))
    parts += [pick(topics[topic], reader) for topic in hunk.topics[:3]]
    if hunk.direction:
        parts.append(label(hunk.direction, language))
    parts += fact_lines(hunk, reader, _most_facts)
    return clean_line(" · ".join(parts))


def folded(edits: Sequence[Edit], around: int = context) -> list[tuple[Op, str]]:
    """The edits with long kept runs cut to what stands around the changes."""
    out = []
    for index, edit in enumerate(edits):
        text = edit.text
        if edit.op is Op.EQUAL:
            text = _fold(text, first=index == 0, last=index == len(edits) - 1, around=around)
        out.append((edit.op, text))
    return out


def _fold(text: str, *, first: bool, last: bool, around: int) -> str:
    if first and last:
        return text if len(text) <= 4 * around else text[: 2 * around] + _gap
    if len(text) <= 2 * around + len(_gap):
        return text
    if first:
        return _gap + text[-around:]
    if last:
        return text[:around] + _gap
    return text[:around] + _gap + text[-around:]


def as_text(
    change: Change,
    *,
    limit: int = 20_000,
    language: str = "en",
    head: Head = _no_head,
    told: Sequence[str] = (),
) -> str:
    """Plain text, most important first, with [-taken out-] and {+put in+}; cut between places with "n more".

    `told` are the lines of a machine's summary, shown last.

    At most about `limit` characters; the first place is always shown whole.
    """
    lines = [clean_line(line) for line in (head.title, *head.lines) if line]
    above = "\n".join([*lines, "", ""]) if lines else ""
    if not change.hunks:
        return above + label("none", language) + "\n"
    places = [_text_hunk(hunk, language) for hunk in by_weight(change.hunks)]
    below = f"\n{label('coarse', language)}\n" if change.coarse else ""
    below += "".join(f"\n{clean_line(line)}" for line in told) + ("\n" if told else "")
    return above + _cut(places, limit - len(above), language) + below


def _text_hunk(hunk: Hunk, language: str) -> str:
    body = "".join(
        text if op is Op.EQUAL else "{}{}{}".format(_marks[op][0], text.strip("\n"), _marks[op][1])
        for op, text in ((op, clean(text)) for op, text in folded(hunk.edits))
        if text.strip("\n")
    )
    where = f" ({clean_line(hunk.section[-1])})" if hunk.section else ""
    indented = body.strip().replace("\n", "\n  ")
    return f"* {headline(hunk, language)}{where}\n  {indented}\n"


def _cut(pieces: Sequence[str], limit: int, language: str) -> str:
    out: list[str] = []
    length = 0
    for index, piece in enumerate(pieces):
        if out and length + len(piece) > limit:
            out.append(f"({label('more', language).format(len(pieces) - index)})\n")
            break
        out.append(piece)
        length += len(piece)
    return "\n".join(out)


def as_markdown(
    change: Change,
    *,
    limit: int = 1_000_000,
    language: str = "en",
    head: Head = _no_head,
    told: Sequence[str] = (),
) -> str:
    """Markdown with ~~struck~~ and **new** words, most important first; what the text brings of Markdown is escaped.

    `told` are the lines of a machine's summary, shown last.
    """
    lines = [f"## {_escaped(head.title)}", ""] if head.title else []
    lines += [f"{_escaped(line)}  " for line in head.lines]
    above = "\n".join([*lines, "", ""]) if lines else ""
    if not change.hunks:
        return above + label("none", language) + "\n"
    places = [_markdown_hunk(hunk, language) for hunk in by_weight(change.hunks)]
    below = f"\n*{label('coarse', language)}*\n" if change.coarse else ""
    below += "".join(f"\n*{_escaped(line)}*  " for line in told) + ("\n" if told else "")
    return above + _cut(places, limit - len(above), language) + below


def _markdown_hunk(hunk: Hunk, language: str) -> str:
    marks = {Op.DELETE: "~~{}~~", Op.INSERT: "**{}**", Op.EQUAL: "{}"}
    body = " ".join(marks[op].format(_escaped(text)) for op, text in folded(hunk.edits) if text.strip())
    where = f"  *{_escaped(' › '.join(hunk.section))}*  \n" if hunk.section else ""
    return f"- **{_escaped(headline(hunk, language))}**  \n{where}  {body.strip()}\n"


def _escaped(text: str) -> str:
    flat = " ".join(clean(text).split())
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-.!|<>~" else char for char in flat)


def as_unified(before: str, after: str, *, names: tuple[str, str] = ("before", "after")) -> str:
    """A unified diff of the two texts, line by line, for other tools; `names` stand in its first two lines."""
    lines = difflib.unified_diff(
        clean(before).splitlines(),
        clean(after).splitlines(),
        fromfile=clean_line(names[0]),
        tofile=clean_line(names[1]),
        lineterm="",
    )
    return "\n".join(lines)
