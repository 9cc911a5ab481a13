"""Printing a change in the form asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from monitor import registry
from monitor.cli.output import cell, console, print_json, stamp, stated, table
from monitor.diff import compare
from monitor.diff.summary import main_topics
from monitor.model import Change, Nature, Summary, Topic, Version
from monitor.render.change import Head, as_markdown, as_terminal, as_text, as_unified
from monitor.render.change_html import as_html
from monitor.render.change_words import replaced_words, shortened
from monitor.render.labels import mainly
from monitor.render.message_view import told_lines
from monitor.store.sqlite import SqliteStore

_words = {
    "en": {
        "title": "{terms}: version {before} → version {after}",
        "version": "version {number}: first seen {seen} UTC; the text says: {stated}",
        "size": "places that differ: {places}, +{come:,} −{gone:,} characters",
        "hidden": "; {} of them not asked for",
    },
    "zh": {
        "title": "{terms}：第 {before} 版 → 第 {after} 版",
        "version": "第 {number} 版：首次发现于 {seen} UTC；文本所称日期：{stated}",
        "size": "差异 {places} 处，+{come:,} −{gone:,} 字符",
        "hidden": "；其中 {} 处未要求显示",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a change is to be printed. `limit` are characters of plain text and Markdown."""

    name: str = "terminal"
    only: Nature | None = None
    words: bool = False
    language: str = "en"
    limit: int | None = None


def print_diff(store: SqliteStore, before: Version, after: Version, form: Form) -> None:
    """Compare two stored versions and print what differs."""
    old, new = store.text(before.text_sha256), store.text(after.text_sha256)
    tagger = registry.tagger(after.language or "")
    whole = replace(compare(old, new, tagger), summary=_summary(store, before, after))
    change = _only(whole, form.only)
    about = main_topics(whole, tagger)
    head = _head(before, after, whole, change, about, form.language)
    told = told_lines(whole.summary, form.language)
    limit = {"limit": form.limit} if form.limit else {}
    if form.words:
        _print_words(change, head, as_json=form.name == "json")
    elif form.name == "json":
        print_json({"before": before, "after": after, "change": change})
    elif form.name == "unified":
        click.echo(as_unified(old, new, names=(_name(before), _name(after))))
    elif form.name in ("html", "html-sides"):
        click.echo(
            as_html(change, language=form.language, head=head, told=told, sides=form.name == "html-sides")
        )
    elif form.name == "markdown":
        click.echo(as_markdown(change, language=form.language, head=head, told=told, **limit), nl=False)
    elif form.name == "text":
        click.echo(as_text(change, language=form.language, head=head, told=told, **limit), nl=False)
    else:
        terminal = console()
        plain = not terminal.is_terminal or terminal.no_color or terminal.color_system is None
        terminal.print(as_terminal(change, language=form.language, head=head, told=told, marks=plain))


def _summary(store: SqliteStore, before: Version, after: Version) -> Summary | None:
    """What a machine wrote when the later version was examined: of neighbours only, others were never summed up."""
    stored = store.change(after.terms, after.number) if after.number == before.number + 1 else None
    return stored.summary if stored else None


def _only(change: Change, nature: Nature | None) -> Change:
    if nature is None:
        return change
    return replace(change, hunks=tuple(hunk for hunk in change.hunks if hunk.nature is nature), summary=None)


def _print_words(change: Change, head: Head, *, as_json: bool) -> None:
    found = replaced_words(change)
    if as_json:
        print_json(found)
        return
    shown = table("", "was", "is now", ">times", "section")
    shown.title = None
    for one in found:
        shown.add_row(
            cell(shortened(one.before) or "–", "red"),
            cell(shortened(one.after) or "–", "green"),
            str(one.times),
            cell(one.sections[0] + (f" (+{len(one.sections) - 1})" if len(one.sections) > 1 else "")),
        )
    for line in (head.title, *head.lines):
        console().print(cell(line))
    console().print(shown)


def _head(
    before: Version, after: Version, whole: Change, change: Change, about: Sequence[Topic], language: str
) -> Head:
    """Where the two versions stand in time, how much differs, and how much of it is not shown."""
    words = _words[language]
    size = words["size"].format(places=len(whole.hunks), come=whole.inserted, gone=whole.deleted)
    hidden = len(whole.hunks) - len(change.hunks)
    return Head(
        title=words["title"].format(terms=after.terms, before=before.number, after=after.number),
        lines=(
            *(
                words["version"].format(
                    number=one.number, seen=stamp(one.first_seen), stated=stated(one.dates)
                )
                for one in (before, after)
            ),
            size + (words["hidden"].format(hidden) if hidden else ""),
            mainly(about, "zh" if language == "zh" else "en"),
        ),
    )


def _name(version: Version) -> str:
    return f"{version.terms} version {version.number}\t{version.first_seen.isoformat()}"
