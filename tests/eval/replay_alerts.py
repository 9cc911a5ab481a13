"""Adapter for measuring alerts: each file is one look at its time; prints one line per file, decision last.

The files are read in order with the product's own extraction, plausibility, memory and confirmation, and
a version is an alert where the product would send one (its own comparison and decision); the time of a look is the file's modification time. REPLAY_MANIFEST names a JSON file with the page's
"url" and "lang"; REPLAY_SELECTORS one with the selectors in force per file (null: none known).
A line reads: outcomes, version numbers or "-", then "alert" or "none".

Where a look asks for another one minutes later (a change is confirmed so), the same file is looked at
again at that time: the archive has nothing nearer. REPLAY_LOOKS=once switches that off, so that only
the next file, hours or months later, can confirm a change and nothing confirms one in the last file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from extract_text import choices

from monitor.decide import Rules, decide
from monitor.diff import compare
from monitor.extract.auto import extract
from monitor.identity import Judgement, Memory, Patience, State, judge
from monitor.model import (
    Cause,
    Declaration,
    Examination,
    Exchange,
    Fault,
    Pending,
    Reading,
    Snapshot,
    SourceDocument,
    Target,
    TermsId,
    Unchanged,
    Version,
    Visit,
    digest,
)
from monitor.plausible import assess
from monitor.text.dates import stated_dates
from monitor.text.language import language_of
from monitor.text.normal import key

soon = timedelta(hours=1)
most_looks = 3
_compared = {Cause.CHANGE, Cause.RETURN}
once = os.environ.get("REPLAY_LOOKS") == "once"


def document_of(url: str, selectors: dict[str, Any] | None) -> SourceDocument:
    said = selectors or {}
    return SourceDocument(
        location=url, select=choices(said.get("select")), remove=choices(said.get("remove"))
    )


def recipe_of(document: SourceDocument) -> str:
    return digest(repr((document.select, document.remove)))[:12]


def read(document: SourceDocument, snapshot: Snapshot, volatile: frozenset[str]) -> Reading | Fault:
    """The text of a page with what lies beside it, as `monitor.steps.read` takes it for one document."""
    part = extract(snapshot, document)
    if isinstance(part, Fault):
        return part
    return Reading(
        text=part.text,
        key=key(part.text, volatile),
        recipe=recipe_of(document),
        snapshots=(snapshot,),
        title=part.title,
        language=language_of(part.text),
        dates=stated_dates(part.text),
        links=part.links,
    )


@dataclass
class Replay:
    """One policy's memory: what the store would hold."""

    declaration: Declaration
    patience: Patience = field(default_factory=Patience)
    state: State = field(default_factory=State)
    latest: Version | None = None
    seen: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Snapshot] = field(default_factory=dict)
    unreadable: str | None = None
    alarms: int = 0

    def look(self, document: SourceDocument, content: bytes, at: datetime) -> tuple[Judgement, Visit]:
        """One look at the page, after the past was read again where the selectors are new."""
        self.declaration = replace(self.declaration, documents=(document,))
        self._reread(document, at)
        snapshot = self._snapshot(document, content)
        result: Reading | Unchanged | Fault = read(document, snapshot, frozenset(self.state.volatile))
        if isinstance(result, Reading):
            result = assess(result, self._target(document)) or result
        if isinstance(result, Reading) and self.latest and result.sha256 == self.latest.text_sha256:
            result = Unchanged(exchanges=(snapshot.exchange,), not_modified=False)
        visit = Visit(terms=self.declaration.terms, at=at, result=result)
        return self._record(visit), visit

    def _snapshot(self, document: SourceDocument, content: bytes) -> Snapshot:
        exchange = Exchange(url=document.location, final_url=document.location)
        snapshot = Snapshot(exchange=exchange, content=content, media_type="text/html")
        self.pages[snapshot.sha256] = snapshot
        return snapshot

    def _target(self, document: SourceDocument) -> Target:
        return Target(
            declaration=self.declaration,
            recipe=recipe_of(document),
            latest=self.latest,
            volatile=frozenset(self.state.volatile),
        )

    def _reread(self, document: SourceDocument, at: datetime) -> None:
        recipe, latest = recipe_of(document), self.latest
        if latest is None or latest.recipe == recipe or self.unreadable == recipe:
            return
        result = read(document, self.pages[latest.snapshots[0]], frozenset(self.state.volatile))
        if isinstance(result, Reading):
            result = assess(result, replace(self._target(document), latest=None)) or result
        visit = Visit(terms=self.declaration.terms, at=at, result=result, reread=latest.number, recipe=recipe)
        judged = self._record(visit)
        if judged.remark and self.latest:
            self.latest = replace(self.latest, recipe=recipe)
        if isinstance(result, Fault):
            self.unreadable = recipe

    def _record(self, visit: Visit) -> Judgement:
        if isinstance(visit.result, Reading):
            self.texts[visit.result.sha256] = visit.result.text
        memory = Memory(state=self.state, latest=self.latest, seen=self.seen, text=self.texts.__getitem__)
        judged = judge(memory, visit, self.patience)
        self.state = judged.state
        if judged.version:
            self.alarms += self._is_told(judged.version)
            self.latest = judged.version
            self.seen[judged.version.key] = judged.version.number
        return judged

    def _is_told(self, version: Version) -> bool:
        """Whether the product sends an alert about a version: the comparison and the decision are its own."""
        latest, texts = self.latest, self.texts
        before = texts[latest.text_sha256] if latest else None
        text = texts[version.text_sha256]
        pending = Pending(
            declaration=self.declaration, version=version, text=text, previous=latest, previous_text=before
        )
        change = compare(before, text) if before is not None and version.cause in _compared else None
        return bool(decide(Examination(pending=pending, change=change), Rules()).alerts)

    def visits(
        self, document: SourceDocument, content: bytes, at: datetime, until: datetime | None
    ) -> Iterator[tuple[Judgement, Visit]]:
        """The look at a file, and the looks that the product asks for within the hour after it.

        The page is taken to be the same minutes later; where the archive has a page by then, that is used.
        """
        judged, visit = self.look(document, content, at)
        yield judged, visit
        for _ in range(most_looks):
            if judged.look_again is None or judged.look_again > soon or isinstance(visit.result, Fault):
                return
            at += judged.look_again
            if until is not None and at >= until:
                return
            judged, visit = self.look(document, content, at)
            yield judged, visit


def line(looks: Sequence[tuple[Judgement, Visit]], alarm: bool) -> str:
    said = [
        str(visit.result.kind if isinstance(visit.result, Fault) else judged.outcome)
        for judged, visit in looks
    ]
    made = [judged.version for judged, _ in looks if judged.version]
    numbers = ",".join(str(version.number) for version in made) or "-"
    return f"{', '.join(said)}\t{numbers}\t{'alert' if alarm else 'none'}"


def replay_of(manifest: dict[str, Any]) -> Replay:
    terms = TermsId(service=str(manifest.get("id", "replay")))
    document = document_of(str(manifest.get("url", "")), None)
    return Replay(
        declaration=Declaration(
            terms=terms, name=terms.service, documents=(document,), language=manifest.get("lang")
        )
    )


def _json_named(variable: str) -> Any:
    named = os.environ.get(variable)
    return json.loads(Path(named).read_text(encoding="utf-8")) if named else None


def main(files: list[str]) -> None:
    manifest = _json_named("REPLAY_MANIFEST") or {}
    selectors = _json_named("REPLAY_SELECTORS") or [None] * len(files)
    replay = replay_of(manifest)
    url = str(manifest.get("url", ""))
    times = [datetime.fromtimestamp(Path(name).stat().st_mtime, UTC) for name in files]
    for index, (name, chosen) in enumerate(zip(files, selectors, strict=True)):
        until = next((time for time in times[index + 1 :] if time > times[index]), None)
        until = times[index] if once else until
        before = replay.alarms
        looks = list(replay.visits(document_of(url, chosen), Path(name).read_bytes(), times[index], until))
        print(line(looks, replay.alarms > before), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
