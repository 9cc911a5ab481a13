"""checklist: what is asked, of which law; a checklist tried on a text; every mistake of a file with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from monitor import registry
from monitor.audit.checklist import Checklist, parse
from monitor.audit.criteria import Criterion
from monitor.audit.profiles import for_version, of_text
from monitor.audit.trying import Asked, Trial, problems, tried
from monitor.cli.context import config_file, json_option, library, terms_of, version_at, version_of
from monitor.cli.context import moment as moment_of
from monitor.cli.output import cell, confidence_marks, console, print_json, table, verdict_styles
from monitor.cli.show_audit import checklists_of
from monitor.config import checklist_folder
from monitor.errors import ConfigError, NotFound, UsageError
from monitor.model import Link, Pending, Span
from monitor.text.clean import clean, clean_line
from monitor.text.dates import stated_dates

language_option = click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the questions."
)


@click.group()
def checklist() -> None:
    """What is asked of a policy, and on which legal basis; your own checklists tried and checked."""


# --------------------------------------------------------------------------- list and show


@checklist.command("list")
@click.option("--items", is_flag=True, help="Every criterion instead of every checklist.")
@click.option("--profile", help="With --items: only those that this profile asks.")
@language_option
@json_option
@click.pass_context
def list_(ctx: click.Context, items: bool, profile: str | None, language: str, as_json: bool) -> None:
    """List checklists with their profiles, or (--items) what they ask."""
    known = checklists_of(ctx)
    if items or profile:
        _list_items(known, profile, language, as_json)
        return
    own = _own_ids(ctx)
    rows = [(one, profile) for one in known.values() for profile in one.profiles]
    if as_json:
        print_json(
            [
                {
                    "checklist": one.id,
                    "edition": one.edition,
                    "own": one.id in own,
                    "profile": each,
                    "items": len(one.of_profile(each.id)),
                }
                for one, each in rows
            ]
        )
        return
    found = table("", "checklist", "edition", "language", "from", "profile", ">items", "in force", "title")
    found.title = None
    for one, each in rows:
        found.add_row(
            cell(one.id),
            cell(one.edition),
            one.language,
            cell(own.get(one.id, "shipped")),
            cell(each.id),
            str(len(one.of_profile(each.id))),
            f"{each.valid_from} to {each.valid_to or 'now'}",
            cell(each.title_zh if language == "zh" else each.title_en),
        )
    console().print(found)


def _own_ids(ctx: click.Context) -> dict[str, str]:
    """The ids of the operator's own checklists, with the file that each is from."""
    folder = checklist_folder(config_file(ctx))
    found = {}
    for file in sorted(Path(folder).glob("*.toml")) if folder else ():
        try:
            found[parse(file.read_text(encoding="utf-8"), str(file)).id] = str(file)
        except (ConfigError, OSError, UnicodeDecodeError):
            continue  # `checklists_of` has said what is wrong with it
    return found


def _list_items(known: Mapping[str, Checklist], profile: str | None, language: str, as_json: bool) -> None:
    if profile and not any(one.profile(profile) for one in known.values()):
        names = sorted(each.id for one in known.values() for each in one.profiles)
        raise NotFound(f"no profile {profile!r}; there are: {', '.join(names)}")
    rows = [
        (one, each)
        for one in known.values()
        for each in one.criteria
        if profile is None or profile in each.profiles
    ]
    if as_json:
        print_json([{"checklist": one.id, "item": each.id, **_plain(each, one)} for one, each in rows])
        return
    found = table("", "item", "title", "law", "profiles")
    found.title = None
    for _, each in rows:
        law = each.legal_basis(profile) if profile else next(iter(each.law.values()), "")
        found.add_row(cell(each.id), cell(each.title(language)), cell(law), cell(", ".join(each.profiles)))
    console().print(found)


def _plain(one: Criterion, of: Checklist) -> dict[str, object]:
    """A criterion as data, without its patterns."""
    return {
        "title": {"zh": one.title_zh, "en": one.title_en},
        "question": {"zh": one.question_zh, "en": one.question_en},
        "profiles": one.profiles,
        "law": dict(one.law),
        "rule": dict(one.rule),
        "traps": one.traps,
        "verdicts": one.verdicts,
        "examples": [
            {"text": each.text, "verdict": each.verdict, "profile": each.profile} for each in one.examples
        ],
        "sources": {each.id: each.verified for each in of.sources if each.id in one.law},
    }


@checklist.command()
@click.argument("item")
@language_option
@json_option
@click.pass_context
def show(ctx: click.Context, item: str, language: str, as_json: bool) -> None:
    """Show ITEM: its question, the law by clause, the rule of each verdict in words, known traps, examples."""
    known = checklists_of(ctx)
    found = [(one, each) for one in known.values() if (each := one.criterion(item))]
    if not found:
        names = [each.id for one in known.values() for each in one.criteria]
        near = difflib.get_close_matches(item, names, 5, 0.4)
        raise NotFound(f"no item {item!r}" + (f"; near to it: {', '.join(near)}" if near else ""))
    if as_json:
        print_json([{"checklist": one.id, "item": each.id, **_plain(each, one)} for one, each in found])
        return
    for one, each in found:
        console().print(cell(f"{each.id}: {each.title(language)}", "bold"))
        for line in _lines(one, each, language):
            console().print(cell(line))


def _lines(of: Checklist, one: Criterion, language: str) -> Iterator[str]:
    yield one.question(language)
    yield f"checklist {of.id}, edition {of.edition}; profiles {', '.join(one.profiles)}"
    read = {each.id: each for each in of.sources}
    yield "\nLaw"
    for name, clause in one.law.items():
        source = read.get(name)
        how = f" [{source.name if language == 'zh' else source.name_en}; {source.verified}]" if source else ""
        yield f"  {name}: {clause}{how}"
    yield "\nVerdicts"
    yield from (f"  {verdict}: {rule}" for verdict, rule in one.rule.items())
    if one.traps:
        yield "\nTraps"
        yield from (f"  {trap}" for trap in one.traps)
    yield "\nExamples"
    yield from (f"  {each.verdict} ({each.profile}): {each.text}" for each in one.examples)


# --------------------------------------------------------------------------- try


@checklist.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("service", required=False)
@click.option(
    "--text",
    "text_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A text file instead of a stored version.",
)
@click.option("-v", "--version", "number", help="Which version of SERVICE. [default: the latest]")
@click.option("--at", help="The version that was in place at this date or time (UTC).")
@click.option("--profile", help="By which profile. [default: the one of the day of the text]")
@click.option("--item", "items", multiple=True, help="Only this criterion; may be given several times.")
@click.option("--why", is_flag=True, help="Every row that was asked, with what its signals found.")
@language_option
@json_option
@click.pass_context
def try_(
    ctx: click.Context,
    file: Path,
    service: str | None,
    text_file: Path | None,
    number: str | None,
    at: str | None,
    profile: str | None,
    items: tuple[str, ...],
    why: bool,
    language: str,
    as_json: bool,
) -> None:
    """Judge a stored version of SERVICE, or a text file, by the checklist FILE, now. Stores nothing.

    Prints each verdict with its quotes, where they stand, and the row of the checklist that decided.
    """
    if (service is None) == (text_file is None):
        raise UsageError("name a SERVICE, or a file with --text")
    trying = parse(_read(file), str(file))
    text, links, usual = _stored(ctx, trying, service, number, at) if service else _of_file(trying, text_file)
    name = profile or usual
    if trying.profile(name) is None:
        raise NotFound(
            f"{file} has no profile {name!r}; it has: {', '.join(one.id for one in trying.profiles)}"
        )
    for item in items:
        if trying.criterion(item) is None:
            raise NotFound(f"{file} has no item {item!r}")
    trials = tried(trying, name, text, links=links, criteria=items or None, finder=registry.classifier)
    if as_json:
        print_json([{"item": one.criterion.id, "finding": one.finding, "rows": one.rows} for one in trials])
        return
    console().print(
        cell(f"{trying.id}, edition {trying.edition}, profile {name}: {len(text):,} characters", "bold")
    )
    for one in trials:
        _print_trial(one, text, why, language)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is not UTF-8: byte {error.start}") from None


def _stored(
    ctx: click.Context, trying: Checklist, service: str, number: str | None, at: str | None
) -> tuple[str, Sequence[Link], str]:
    store = library(ctx)
    terms = terms_of(store, service)
    versions = list(store.versions(terms))
    version = version_at(versions, moment_of(at)) if at else version_of(versions, number)
    declaration = next(one.declaration for one in store.standings() if one.declaration.terms == terms)
    text = store.text(version.text_sha256)
    profiles = for_version(Pending(declaration=declaration, version=version, text=text), trying)
    return text, store.links(version), (profiles or (trying.profiles[0].id,))[0]


def _of_file(trying: Checklist, file: Path | None) -> tuple[str, Sequence[Link], str]:
    assert file
    text = _read(file)
    dates = stated_dates(text)
    stated = dates.effective or dates.updated
    usual = of_text(text, stated.day if stated else None, trying)
    return text, (), usual if trying.profile(usual) else trying.profiles[-1].id


def _print_trial(one: Trial, text: str, why: bool, language: str) -> None:
    finding, out = one.finding, console()
    head = cell(f"\n{one.criterion.id}  {one.criterion.title(language)}: ", "bold")
    head.append(cell(finding.verdict.replace("_", " "), verdict_styles[finding.verdict]))
    head.append(cell(f" {confidence_marks[finding.confidence]}  by {finding.judge}", "dim"))
    out.print(head)
    for quote in finding.evidence:
        section = f", in “{' › '.join(quote.section)}”" if quote.section else ""
        out.print(cell(f"  “{quote.quote}”"))
        out.print(cell(f"    characters {quote.span.start:,} to {quote.span.end:,}{section}", "dim"))
    for remark in (finding.searched, finding.note, *(f"flag: {flag}" for flag in finding.flags)):
        if remark:
            out.print(cell(f"  {remark}"))
    for row in one.rows if why else [row for row in one.rows if row.decided]:
        _print_row(row, text, why)


def _print_row(row: Asked, text: str, why: bool) -> None:
    said = (
        "other profiles only"
        if row.other_profile
        else "decides"
        if row.decided
        else "holds too"
        if row.holds
        else "does not hold"
    )
    answers = ", ".join(f"{one.signal} {one.count}" for one in row.answers)
    style = "green" if row.decided else "dim"
    console().print(cell(f"  row {row.number} {row.verdict}: {row.when}: {said} ({answers})", style))
    for one in row.answers if why else ():
        for span in one.sentences:
            console().print(cell(f"      {one.signal}: {_excerpt(text, span)}", "dim"))


def _excerpt(text: str, span: Span) -> str:
    said = clean_line(text[span.start : span.end])
    return f"{said[:100]}{'…' if len(said) > 100 else ''} [{span.start:,}]"


# --------------------------------------------------------------------------- lint


@checklist.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@json_option
@click.pass_context
def lint(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Check checklist FILES (or folders of them; your own folder where none is named), their examples included.

    Prints every mistake as FILE:LINE: what is wrong. Exit code 78 if there is any.
    """
    chosen = list(_toml_files(files or _own_folder(ctx)))
    found = {str(file): _problems(file) for file in chosen}
    wrong = [one for each in found.values() for one in each]
    if as_json:
        print_json({"valid": not wrong, "files": list(found), "problems": wrong})
    else:
        for one in wrong:
            click.echo(clean(one), err=True)
        click.echo(
            f"{len(found)} file{'' if len(found) == 1 else 's'}, {len(wrong)} mistake{'' if len(wrong) == 1 else 's'}."
        )
    ctx.exit(ConfigError.exit_code if wrong else 0)


def _own_folder(ctx: click.Context) -> tuple[Path, ...]:
    folder = checklist_folder(config_file(ctx))
    if folder is None:
        raise UsageError(
            "name a FILE: the configuration names no folder of own checklists ([monitor] checklists)"
        )
    return (Path(folder),)


def _toml_files(files: Sequence[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(file.glob("*.toml"))
        else:
            yield file


def _problems(file: Path) -> tuple[str, ...]:
    try:
        return problems(_read(file), str(file))
    except ConfigError as error:
        return error.problems
