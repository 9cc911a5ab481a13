"""blame: since when each sentence is said, what it was before, and what is no longer said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from rich.text import Text

from monitor.cli.context import json_option, library, terms_of, version_of
from monitor.cli.output import cell, console, print_json, table
from monitor.diff.history import History, Line, Wording, history
from monitor.errors import NotFound, UsageError
from monitor.model import Cause, Version
from monitor.text.blocks import BlockKind
from monitor.text.clean import clean, clean_line
from monitor.text.sheet import sheet

_words = {
    "en": {
        "first": "first said", "changed": "last changed", "gone": "gone since", "sentence": "sentence", "was": "was",
        "again": "said again in", "before": "in these words already in", "moved": "moved in", "none": "No sentence.",
        "standing": "{terms}, version {number} of {day}: {count} sentences, told from {versions} versions since {since}",
        "removed": "No longer said ({count}):",
        "reread": "* a technical upgrade: the stored page was read anew; the policy itself need not have changed then",
        "coarse": "Some comparisons were too large to be made in full: a sentence may look newer than it is.",
    },
    "zh": {
        "first": "首次出现", "changed": "最近修改", "gone": "删除于", "sentence": "语句", "was": "原为",
        "again": "再次出现于", "before": "此前已有相同文字：", "moved": "移动于", "none": "没有语句。",
        "standing": "{terms}，第 {number} 版（{day}）：{count} 句，依据自 {since} 起的 {versions} 个版本",
        "removed": "已删除（{count}）：",
        "reread": "* 技术升级：重新读取了已保存的页面，政策本身当时未必有变化",
        "coarse": "部分比较过大，未能逐句完成：个别语句的出现日期可能偏晚。",
    },
}  # fmt: skip
_columns = (
    "text", "section", "first_version", "first_seen", "changed_version", "changed_at", "was",
    "said_before_version", "back_versions", "moved_version", "removed_version", "removed_at",
)  # fmt: skip


@click.command()
@click.argument("service")
@click.option("--grep", "wanted", help="Only sentences that hold this, in any of their wordings.")
@click.option("--at", help="Of the text of this version, or as it stood at this date, not of the newest.")
@click.option("--removed", is_flag=True, help="Also the sentences that are gone: when, and last said how.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, safe to open in a spreadsheet.")
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the labels."
)
@json_option
@click.pass_context
def blame(
    ctx: click.Context,
    service: str,
    wanted: str | None,
    at: str | None,
    removed: bool,
    as_csv: bool,
    language: str,
    as_json: bool,
) -> None:
    """Tell of each sentence since when it is said, when it last changed and from what.

    SERVICE or SERVICE/TERMS TYPE. A sentence that is edited or moved stays the same sentence; differences of
    punctuation, width and numbering are no change of it.
    """
    if as_csv and as_json:
        raise UsageError("--csv and --json exclude each other")
    store = library(ctx)
    versions = list(store.versions(terms_of(store, service)))
    newest = version_of(versions, at)
    told = [version for version in versions if version.number <= newest.number]
    found = history((version.number, store.text(version.text_sha256)) for version in told)
    standing = [line for line in found.standing if _holds(line, wanted)]
    gone = [line for line in found.gone if _holds(line, wanted)] if removed else []
    by_number = {version.number: version for version in told}
    if wanted and not (standing or gone):
        raise NotFound(f"no sentence of {newest.terms} {'holds or held' if removed else 'holds'} {wanted!r}")
    if as_json:
        print_json(_plain(newest, found, standing, gone, by_number))
    elif as_csv:
        click.echo(_csv([*standing, *gone], by_number), nl=False)
    else:
        _print(newest, found, standing, gone, by_number, _words[language])


def _holds(line: Line, wanted: str | None) -> bool:
    if not wanted:
        return True
    return any(wanted.casefold() in one.text.casefold() for one in line.wordings)


# --------------------------------------------------------------------------- for machines


def _plain(
    newest: Version, found: History, standing: Sequence[Line], gone: Sequence[Line], of: Mapping[int, Version]
) -> dict[str, Any]:
    return {
        "version": newest,
        "coarse": found.coarse,
        "sentences": [_plain_line(line, of) for line in standing],
        "removed": [_plain_line(line, of) for line in gone],
    }


def _plain_line(line: Line, of: Mapping[int, Version]) -> dict[str, Any]:
    return {
        "text": line.text,
        "section": line.section,
        "span": line.span,
        "first": _when(line.first, of),
        "changed": _when(line.changed.version, of) if line.changed else None,
        "was": line.was.text if line.was else None,
        "said_before": _when(line.said_before, of),
        "back": [_when(number, of) for number in line.back],
        "moved": _when(line.moved, of),
        "removed": _when(line.removed, of),
        "wordings": [{**(_when(one.version, of) or {}), "text": one.text} for one in line.wordings],
    }


def _when(number: int | None, of: Mapping[int, Version]) -> dict[str, Any] | None:
    if number is None:
        return None
    return {"version": number, "first_seen": of[number].first_seen, "cause": of[number].cause}


def _csv(lines: Sequence[Line], of: Mapping[int, Version]) -> str:
    return sheet([_columns, *([clean(value) for value in _row(line, of)] for line in lines)])


def _row(line: Line, of: Mapping[int, Version]) -> tuple[str, ...]:
    def dated(number: int | None) -> tuple[str, str]:
        return (str(number), of[number].first_seen.isoformat()) if number is not None else ("", "")

    return (
        line.text,
        " › ".join(line.section),
        *dated(line.first),
        *dated(line.changed.version if line.changed else None),
        line.was.text if line.was else "",
        str(line.said_before or ""),
        " ".join(map(str, line.back)),
        str(line.moved or ""),
        *dated(line.removed),
    )


# --------------------------------------------------------------------------- for people


def _print(
    newest: Version,
    found: History,
    standing: Sequence[Line],
    gone: Sequence[Line],
    of: Mapping[int, Version],
    words: Mapping[str, str],
) -> None:
    head = words["standing"].format(
        terms=newest.terms,
        number=newest.number,
        day=_day(newest),
        count=len(standing),
        versions=len(of),
        since=_day(next(iter(of.values()))),
    )
    click.echo(clean_line(head) + "\n")
    if standing:
        _print_lines(standing, of, words, words["changed"])
    if gone:
        click.echo("\n" + words["removed"].format(count=len(gone)))
        _print_lines(gone, of, words, words["gone"])
    if not standing and not gone:
        click.echo(words["none"])
    if any(version.cause is Cause.TECHNICAL_UPGRADE for version in of.values()):
        click.echo("\n" + words["reread"])
    if found.coarse:
        click.echo("\n" + words["coarse"])


def _print_lines(
    lines: Sequence[Line], of: Mapping[int, Version], words: Mapping[str, str], second: str
) -> None:
    shown = table("", words["first"], second, words["sentence"])
    shown.title = None
    for column in shown.columns[:2]:
        column.no_wrap, column.min_width = True, 14
    section: tuple[str, ...] | None = None
    for line in lines:
        heads = line.kind is BlockKind.HEADING
        if line.section and line.section != section and not heads:
            shown.add_row("", "", cell(clean_line(" › ".join(line.section)), "bold cyan"))
        section = (*line.section, _bare(line)) if heads else line.section
        last = line.removed or (line.changed.version if line.changed else None)
        shown.add_row(_dated(line.first, of), _dated(last, of) if last else "", _told(line, of, words))
    console().print(shown)


def _bare(line: Line) -> str:
    """A heading as it stands in the path of a section."""
    return line.text.lstrip("# ").strip("*").strip()


def _told(line: Line, of: Mapping[int, Version], words: Mapping[str, str]) -> Text:
    """The sentence and, below it, what became of it."""
    heads = line.kind is BlockKind.HEADING
    shown = _bare(line) if heads else line.text
    out = Text()
    out.append(clean_line(shown), style="strike" if line.removed else "bold cyan" if heads else "")
    for note in _notes(line, of, words):
        out.append(f"\n{note}", style="dim")
    return out


def _notes(line: Line, of: Mapping[int, Version], words: Mapping[str, str]) -> Iterator[str]:
    if isinstance(line.was, Wording):
        yield f"{words['was']}: {clean_line(line.was.text)}"
    if line.said_before:
        yield f"{words['before']} {_dated(line.said_before, of)}"
    for number in line.back:
        yield f"{words['again']} {_dated(number, of)}"
    if line.moved:
        yield f"{words['moved']} {_dated(line.moved, of)}"


def _dated(number: int, of: Mapping[int, Version]) -> str:
    mark = "*" if of[number].cause is Cause.TECHNICAL_UPGRADE else ""
    return f"{_day(of[number])} v{number}{mark}"


def _day(version: Version) -> str:
    return f"{version.first_seen:%Y-%m-%d}"
