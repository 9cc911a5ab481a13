"""Name -> thing, found when first asked for: the table of built-ins, then entry points of other packages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module, resources
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, cast

from monitor.audit.checklist import Checklist, parse
from monitor.audit.classifier import Classifier, load, tag
from monitor.audit.sentence_rows import Row
from monitor.diff.classify import Tagger
from monitor.errors import ConfigError, UsageError
from monitor.model import Span, Topic
from monitor.ports import Extract, Fetch, Notify, Summarise

built_in = {
    "fetch": {
        "auto": "monitor.fetch.auto:fetch",
        "http": "monitor.fetch.http:fetch",
        "browser": "monitor.fetch.browser:fetch",
        "file": "monitor.fetch.file:fetch",
    },
    "extract": {
        "auto": "monitor.extract.auto:extract",
        "html": "monitor.extract.html:extract",
        "text": "monitor.extract.plain:extract",
        "json": "monitor.extract.json:extract",
        "pdf": "monitor.extract.pdf:extract",
        "docx": "monitor.extract.docx:extract",
    },
    "notify": {
        "apprise": "monitor.notify.apprise:notify",
    },
    "summarise": {
        "openai": "monitor.summarise.endpoint:summarise",
    },
}


def names(kind: str) -> tuple[str, ...]:
    """All names known for a kind ("fetch", "extract", "notify", "summarise")."""
    outside = (point.name for point in entry_points(group=f"policy_monitor.{kind}"))
    return tuple(dict.fromkeys([*built_in[kind], *outside]))


@cache
def _find(kind: str, name: str) -> Any:
    if place := built_in[kind].get(name):
        module, _, attribute = place.partition(":")
        return getattr(import_module(module), attribute)
    for point in entry_points(group=f"policy_monitor.{kind}", name=name):
        return point.load()
    raise UsageError(f"no {kind} named {name!r}; known: {', '.join(names(kind))}")


def fetcher(name: str) -> Fetch:
    return cast("Fetch", _find("fetch", name))


def extractor(name: str) -> Extract:
    return cast("Extract", _find("extract", name))


def notifier(name: str) -> Notify:
    return cast("Notify", _find("notify", name))


def summariser(name: str) -> Summarise:
    return cast("Summarise", _find("summarise", name))


_checklists: dict[str | None, Mapping[str, Checklist]] = {}


def checklists(folder: str | None = None) -> Mapping[str, Checklist]:
    """All checklists by id: the shipped ones, then the operator's own, which override by id.

    They are read once; `read_checklists_again` takes edited ones. Raises ConfigError with file and line
    for each mistake in any of them.
    """
    return _checklists.get(folder) or read_checklists_again(folder)


def read_checklists_again(folder: str | None) -> Mapping[str, Checklist]:
    """Take the checklists as they are written now; where one of them is wrong, those known stay in use."""
    _checklists[folder] = found = _read_checklists(folder)
    return found


def _read_checklists(folder: str | None) -> Mapping[str, Checklist]:
    shipped = [
        file for file in resources.files("monitor.checklists").iterdir() if file.name.endswith(".toml")
    ]
    if folder and not Path(folder).is_dir():
        raise ConfigError(f"{folder}: no such folder of checklists")
    own = sorted(Path(folder).glob("*.toml")) if folder else []
    found: dict[str, Checklist] = {}
    for file in [*sorted(shipped, key=lambda file: file.name), *own]:
        checklist = parse(file.read_text(encoding="utf-8"), str(file))
        found[checklist.id] = checklist
    return found


@cache
def classifier(language: str) -> Classifier | None:
    """The sentence classifier of a language ("zh", "en-GB"), read once; None where there is none for it."""
    file = resources.files("monitor.audit") / "data" / f"rows_{language[:2].lower()}.bin"
    return load(file.read_bytes()) if file.is_file() else None


_topics_of_label = {
    "collection": Topic.COLLECTION,
    "permission": Topic.COLLECTION,
    "sharing": Topic.SHARING,
    "storage": Topic.RETENTION,
    "security": Topic.SECURITY,
    "special_audience": Topic.MINORS,
    "management": Topic.RIGHTS,
    "contact": Topic.CONTACT,
    "policy_change": Topic.DATES,
}


def tagger(language: str) -> Tagger | None:
    """Names the topics of a clause by the sentence classifier of a language; None where there is none for it.

    Labels that are too noisy to stand alone (`docs/explanation/classifier.md`) name no topic.
    """
    model = classifier(language)
    if model is None:
        return None

    def topics(clause: str, heading: str, lead: str) -> tuple[Topic, ...]:
        row = Row(text=clause, span=Span(start=0, end=len(clause)), heading=heading, head=lead)
        labels = tag(model, [row])[0]
        return tuple(dict.fromkeys(_topics_of_label[label] for label in labels if label in _topics_of_label))

    return topics
