"""A change in every form from one model: terminal, HTML, Markdown, plain text, unified. Nothing in it is trusted."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.console import Group, RenderableType
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
        "title": "政策变更", "weight": "重要性",
        Direction.SOFTER: "义务减弱或权利减少", Direction.HARDER: "义务加强或权利增加", Direction.UNCLEAR: "方向不明",
    },
    "en": {
        "changed": "changed", "added": "added", "removed": "removed", "moved": "moved",
        "moved and changed": "moved and changed", "split": "split", "merged": "merged", "cosmetic": "cosmetic",
        "substantive": "substantive", "more": "{} more", "none": "The texts do not differ.", "before": "before",
        "after": "after", "coarse": "Very large: some places are shown as replaced whole.",
        "title": "Policy change", "weight": "weight",
        Direction.SOFTER: Direction.SOFTER.value, Direction.HARDER: Direction.HARDER.value,
        Direction.UNCLEAR: "direction unclear",
    },
}  # fmt: skip


def label(word: str | Direction, language: str) -> str:
    """A word of ours in the language of the reader."""
    return _words["zh" if language.startswith("zh") else "en"].get(word, str(word))


def as_terminal(change: Change, *, language: str = "en") -> RenderableType:
    """Coloured, with long kept runs folded to their edges and a heading where the section changes."""
    if not change.hunks:
        return Text(label("none", language))
    parts: list[RenderableType] = []
    section: tuple[str, ...] | None = None
    for hunk in change.hunks:
        if hunk.section != section:
            section = hunk.section
            if section:
                parts.append(Text(clean(" › ".join(section)), style="bold cyan"))
        parts.append(_terminal_hunk(hunk, language))
    if change.coarse:
        parts.append(Text(label("coarse", language), style="yellow"))
    return Group(*parts)


def _terminal_hunk(hunk: Hunk, language: str) -> Text:
    style = {Nature.COSMETIC: "dim", Nature.MOVED: "blue"}.get(hunk.nature, "bold")
    out = Text(f"  {headline(hunk, language)}\n", style=style)
    out.append("  ")
    marks = {Op.DELETE: "red strike", Op.INSERT: "green underline", Op.EQUAL: ""}
    shown = [(op, text.replace("\n\n", "\n")) for op, text in folded(hunk.edits)]
    for index, (op, text) in enumerate(shown):
        text = text.lstrip("\n") if index == 0 else text
        text = text.rstrip("\n") if index == len(shown) - 1 else text
        out.append(clean(text).replace("\n", "\n  "), style=marks[op])
    out.append("\n")
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


def as_text(change: Change, *, limit: int = 20_000, language: str = "en") -> str:
    """Plain text, most important first, with [-taken out-] and {+put in+}; cut between places with "n more"."""
    if not change.hunks:
        return label("none", language) + "\n"
    return _cut([_text_hunk(hunk, language) for hunk in by_weight(change.hunks)], limit, language)


def _text_hunk(hunk: Hunk, language: str) -> str:
    marks = {Op.DELETE: "[-{}-]", Op.INSERT: "{{+{}+}}", Op.EQUAL: "{}"}
    body = "".join(
        marks[op].format(clean(text).strip("\n") if op is not Op.EQUAL else clean(text))
        for op, text in folded(hunk.edits)
    )
    where = f" ({clean(hunk.section[-1])})" if hunk.section else ""
    return f"* {headline(hunk, language)}{where}\n  {body.strip()}\n"


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


def as_markdown(change: Change, *, language: str = "en") -> str:
    """Markdown with ~~struck~~ and **new** words; what the text itself brings of Markdown is escaped."""
    if not change.hunks:
        return label("none", language) + "\n"
    out = []
    for hunk in by_weight(change.hunks):
        marks = {Op.DELETE: "~~{}~~", Op.INSERT: "**{}**", Op.EQUAL: "{}"}
        body = "".join(
            marks[op].format(_escaped(text))
            for op, text in folded(hunk.edits)
            if text.strip() or op is Op.EQUAL
        )
        where = f"*{_escaped(' › '.join(hunk.section))}*  \n" if hunk.section else ""
        out.append(f"- **{_escaped(headline(hunk, language))}**  \n  {where}  {body.strip()}\n")
    return "\n".join(out)


def _escaped(text: str) -> str:
    flat = " ".join(clean(text).split())
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-.!|<>~" else char for char in flat)


def as_unified(before: str, after: str) -> str:
    """A unified diff of the two texts, line by line, for other tools."""
    lines = difflib.unified_diff(
        clean(before).splitlines(), clean(after).splitlines(), fromfile="before", tofile="after", lineterm=""
    )
    return "\n".join(lines)


def as_html(change: Change, before: str, after: str, *, language: str = "en") -> str:
    """A whole page: each place inline and side by side, weightiest first; printable, without scripts."""
    template = _environment().get_template("change.html")
    return template.render(
        change=change,
        rows=list(_rows(change, language)),
        language=language,
        word=lambda key: label(key, language),
    )


def _rows(change: Change, language: str) -> Iterator[dict[str, object]]:
    for hunk in by_weight(change.hunks):
        yield {
            "headline": headline(hunk, language),
            "section": clean(" › ".join(hunk.section)),
            "weight": hunk.significance,
            "nature": hunk.nature.value,
            "edits": [(op.value, clean(text)) for op, text in folded(hunk.edits, 400)],
            "old": [(op.value, clean(text)) for op, text in folded(hunk.edits, 400) if op is not Op.INSERT],
            "new": [(op.value, clean(text)) for op, text in folded(hunk.edits, 400) if op is not Op.DELETE],
        }


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("monitor.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
