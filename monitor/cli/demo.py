"""demo: the whole job on this machine, without network or set-up."""

from __future__ import annotations

import time
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import click
from rich.text import Text

from monitor import registry
from monitor.cli.context import json_option
from monitor.cli.output import cell, console, print_json
from monitor.cli.read import print_history
from monitor.cli.show_audit import print_audit, print_delta, titles_of
from monitor.cli.show_diff import Form, print_diff
from monitor.config import state_folder
from monitor.demo import Story, tell_story
from monitor.library import open_library
from monitor.model import Outcome, TermsId
from monitor.text.clean import clean

amap = TermsId(service="amap")


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("policy-monitor-demo"),
    show_default=True,
    help="Where the demonstration leaves its configuration and database.",
)
@json_option
def demo(folder: Path, as_json: bool) -> None:
    """Watch ten invented policies on this machine: one real change among noise.

    Serves a small policy web on loopback, looks twice, and shows the history, the diff, the audit before
    and after, and the mail and chat message that went out. Needs no network; takes some seconds.
    """
    start = time.monotonic()
    story = tell_story(folder, _say if not as_json else lambda _: None)
    if as_json:
        print_json({"story": replace(story, mails=()), "mails": [_plain(mail) for mail in story.mails]})
        return
    store = open_library(state_folder(story.config, environment={}))
    _say("The history: every version of every service")
    print_history(
        store.history(), {one.declaration.terms: one.declaration.title for one in store.standings()}
    )
    versions = store.versions(amap)
    _say("What AMAP changed")
    print_diff(store, versions[0], versions[-1], Form())
    titles = titles_of(registry.checklists(), "en")
    for version in (versions[0], versions[-1]):
        _say(f"The audit of AMAP version {version.number}")
        for one in store.audits(amap, version.number):
            print_audit(version, one, titles)
    _say("What the release did to the audit")
    for moved in store.deltas(amap, versions[-1].number):
        print_delta(moved, titles)
    _print_messages(story)
    _print_silence(story)
    seconds = time.monotonic() - start
    click.echo(f"\nDone in {seconds:.1f} s. The database stays in {folder}. Try on it:\n")
    for command in (
        "history",
        "history --checks",
        "show amap --at 2017-07-27",
        "diff amap",
        "audit amap --language zh",
        "status",
    ):
        click.echo(f"  policy-monitor -c {story.config} {command}")


def _say(text: str) -> None:
    console().print(Text(f"\n── {text}", style="bold cyan"))


def _print_messages(story: Story) -> None:
    for mail in story.mails:
        _say(f"Mail received by the SMTP server: {clean(str(mail['Subject']))}")
        console().print(cell(_plain(mail)))
    for chat in story.chats:
        _say("Message received by the chat server")
        console().print(cell(chat))


def _plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


def _print_silence(story: Story) -> None:
    quiet = story.second[Outcome.UNCHANGED]
    _say("What was not said")
    click.echo(
        f"The second day's looks found new bytes on every page (times, counters, link ids, a banner); "
        f"{quiet} of them found the text unchanged, and nothing was said about any of those."
    )
