"""A checklist as data: TOML -> Checklist, every mistake at once with file, line and path. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from monitor.audit.checklist_values import Values
from monitor.audit.conditions import MalformedError, When, when
from monitor.audit.criteria import (
    Checklist,
    Criterion,
    Example,
    FlagRow,
    Profile,
    Row,
    Section,
    Signal,
    Source,
    all_examples,
)
from monitor.audit.evidence import Pattern, pattern, problem
from monitor.audit.judge_detect import detectors
from monitor.errors import ConfigError
from monitor.model import Verdict
from monitor.text.toml import Path, load

__all__ = ["Checklist", "Criterion", "Profile", "Source", "all_examples", "parse"]

schema = 1
wheres = ("body", "all", "prose", "heading", "opening", "contents", "summary", "definition")
kinds = ("coverage", "right", "concern")
topics = (
    "collection",
    "permission",
    "sharing",
    "usage",
    "storage",
    "security",
    "special_audience",
    "management",
    "contact",
    "policy_change",
    "cessation",
)
fact_kinds = (
    "period",
    "age",
    "amount",
    "address",
    "email",
    "phone",
    "url",
    "company",
    "data type",
    "permission",
    "sdk",
    "date",
)
tiers = ("core", "extra")
seeds = ("explicit", "implied", "no")


def parse(toml_text: str, file_name: str) -> Checklist:
    """Read a checklist; raises ConfigError with all mistakes, each `file:LINE: path: what is wrong`."""
    data, lines = load(toml_text, file_name)
    return _Reader(file_name, data, lines).checklist()


_word = re.compile(r"<([a-z][a-z0-9_]*)>")
_name = re.compile(r"[a-z][a-z0-9_]*")
_id = re.compile(r"[a-z0-9][a-z0-9.-]*")


class _Reader(Values):
    """Reads one file; lives for one call of `parse`."""

    def patterns(self, table: Mapping[str, Any], key: str, path: Path) -> tuple[Pattern, ...]:
        found = []
        for source in self.texts(table, key, path):
            whole = self.expanded(source, (*path, key))
            if whole is None:
                continue
            if why := problem(whole):
                self.wrong((*path, key), f"pattern {source[:60]!r} {why}")
            else:
                found.append(pattern(whole))
        return tuple(found)

    def expanded(self, source: str, path: Path) -> str | None:
        """The pattern with its <words> put in."""
        for _ in range(4):
            names = _word.findall(source)
            if unknown := [name for name in names if name not in self.words]:
                self.wrong(path, f"no word named <{unknown[0]}> in [words]")
                return None
            if not names:
                return source
            source = _word.sub(lambda match: f"(?:{self.words[match[1]]})", source)
        self.wrong(path, "words are nested more than four deep")
        return None

    # -- the parts of a checklist

    def checklist(self) -> Checklist:
        known = "schema id edition language title_zh title_en words source profile section signals criterion"
        data = self.table(
            self.data, (), known, "schema id edition language title_zh title_en profile criterion"
        )
        if data.get("schema", schema) != schema:
            self.wrong(("schema",), f"this program reads schema {schema}")
        self.words = self._words(data.get("words", {}))
        profiles = tuple(self._profile(*one) for one in self.tables(data, "profile"))
        sources = tuple(self._source(*one) for one in self.tables(data, "source"))
        sections = tuple(self._section(*one) for one in self.tables(data, "section"))
        self._twins("profile", [one.id for one in profiles])
        self._twins("source", [one.id for one in sources])
        self._twins("section", [one.id for one in sections])
        shared = self._signals(data.get("signals", {}), ("signals",), {})
        names = tuple(one.id for one in profiles)
        places = tuple(one.id for one in sections)
        cited = (*names, *(one.id for one in sources), "other")
        criteria = tuple(
            self._criterion(one, path, names, places, cited, shared)
            for one, path in self.tables(data, "criterion")
        )
        self._twins("criterion", [one.id for one in criteria])
        for position, name in enumerate(names):
            if criteria and not any(name in one.profiles for one in criteria):
                self.wrong(("profile", position), f"no criterion belongs to the profile {name!r}")
        result = Checklist(
            id=self.text(data, "id", ()),
            edition=self.text(data, "edition", ()),
            language=self.text(data, "language", (), ("zh", "en")),
            title_zh=self.text(data, "title_zh", ()),
            title_en=self.text(data, "title_en", ()),
            profiles=profiles,
            sources=sources,
            sections=sections,
            criteria=criteria,
            signals=shared,
        )
        if self.problems:
            ordered = sorted(dict.fromkeys(self.problems), key=lambda problem: problem[0])
            raise ConfigError(tuple(text for _, text in ordered))
        return result

    def _words(self, value: Any) -> dict[str, str]:
        words = self.table(value, ("words",), " ".join(value) if isinstance(value, dict) else "")
        for name in words:
            if not _name.fullmatch(name):
                self.wrong(("words", name), "a word is named with a-z, 0-9 and _")
        return {name: self.text(words, name, ("words",)) for name in words}

    def _twins(self, what: str, ids: list[str]) -> None:
        for position, one in enumerate(ids):
            if one and one in ids[:position]:
                self.wrong((what, position), f"{one!r} stands there twice")

    def _profile(self, value: Any, path: Path) -> Profile:
        keys = "id title_zh title_en valid_from"
        table = self.table(value, path, keys + " valid_to", keys)
        start, end = self.day(table, "valid_from", path), self.day(table, "valid_to", path)
        if start and end and end < start:
            self.wrong((*path, "valid_to"), "lies before valid_from")
        titles = {key: self.text(table, key, path) for key in ("id", "title_zh", "title_en")}
        return Profile(valid_from=start or date.min, valid_to=end, **titles)

    def _source(self, value: Any, path: Path) -> Source:
        keys = "id name name_en verified"
        table = self.table(value, path, keys + " in_force url", keys)
        return Source(**{key: self.text(table, key, path) for key in (keys + " in_force url").split()})

    def _section(self, value: Any, path: Path) -> Section:
        keys = "id title_zh title_en"
        table = self.table(value, path, keys, keys)
        return Section(**{key: self.text(table, key, path) for key in keys.split()})

    def _signals(self, value: Any, path: Path, shared: Mapping[str, Signal]) -> dict[str, Signal]:
        if not isinstance(value, dict):
            self.wrong(path, "must be a table of signals")
            return {}
        found: dict[str, Signal] = {}
        for name, table in value.items():
            if not _name.fullmatch(name):
                self.wrong((*path, name), "a signal is named with a-z, 0-9 and _")
            found[name] = self._signal(name, table, (*path, name), {**shared, **found})
        return found

    def _signal(self, name: str, value: Any, path: Path, known: Mapping[str, Signal]) -> Signal:
        keys = "find of detect also without distinct near window side apart within outside where"
        if isinstance(value, list):
            value = {"find": value}
        table = self.table(value, path, keys)
        if sum(key in table for key in ("find", "of", "detect")) != 1:
            self.wrong(path, "takes one of 'find', 'of' and 'detect'")
        of = self.texts(table, "of", path)
        named = [*of, *(self.text(table, key, path) for key in ("near", "apart") if key in table)]
        for other in named:
            if other not in known:
                self.wrong(path, f"there is no signal {other!r} above it")
        return Signal(
            name=name,
            of=of,
            detect=self.text(table, "detect", path, tuple(detectors)) or None,
            distinct=self.number(table, "distinct", path, 1, 1, 20),
            near=self.text(table, "near", path) or None,
            apart=self.text(table, "apart", path) or None,
            window=self.number(table, "window", path, 3, 0, 400),
            side=self.text(table, "side", path, ("either", "before", "after")) or "either",
            where=self.text(table, "where", path, wheres) or "body",
            **{
                key: self.patterns(table, key, path)
                for key in ("find", "also", "without", "within", "outside")
            },
        )

    def _criterion(
        self,
        value: Any,
        path: Path,
        profiles: tuple[str, ...],
        sections: tuple[str, ...],
        cited: tuple[str, ...],
        shared: Mapping[str, Signal],
    ) -> Criterion:
        needed = "id section kind tier seed profiles title_zh title_en question_zh question_en verdicts"
        needed += " decide example"
        known = needed + " law rule traps searched home links topic telling facts signals otherwise flag"
        table = self.table(value, path, known, needed)
        id_ = self.text(table, "id", path)
        if id_ and not _id.fullmatch(id_):
            self.wrong((*path, "id"), "an id is written with a-z, 0-9, '-' and '.'")
        verdicts = tuple(
            Verdict(one) for one in self.texts(table, "verdicts", path, tuple(Verdict)) if one in set(Verdict)
        )
        signals = self._signals(table.get("signals", {}), (*path, "signals"), shared)
        own = self.texts(table, "profiles", path, profiles)
        known_signals = {**shared, **signals}
        return Criterion(
            id=id_,
            section=self.text(table, "section", path, sections),
            kind=self.text(table, "kind", path, kinds),
            tier=self.text(table, "tier", path, tiers),
            seed=self.text(table, "seed", path, seeds),
            profiles=own,
            **{
                key: self.text(table, key, path)
                for key in ("title_zh", "title_en", "question_zh", "question_en")
            },
            verdicts=verdicts,
            law=self._named_texts(table, "law", path, cited),
            rule=self._named_texts(table, "rule", path, tuple(Verdict)),
            traps=self.texts(table, "traps", path),
            searched=self.text(table, "searched", path),
            home=self.patterns(table, "home", path),
            links=self.patterns(table, "links", path),
            topic=self.text(table, "topic", path, topics),
            telling=self.truth(table, "telling", path),
            facts=self.texts(table, "facts", path, fact_kinds),
            signals=signals,
            decide=tuple(
                self._row(*one, known_signals, verdicts, own) for one in self.tables(table, "decide", path)
            ),
            otherwise=self._verdict(table, "otherwise", path, verdicts) or Verdict.NOT_FOUND,
            flags=tuple(self._flag(*one, known_signals) for one in self.tables(table, "flag", path)),
            examples=self._examples(table, path, verdicts, own),
            line=self.lines[path],
        )

    def _named_texts(
        self, table: Mapping[str, Any], key: str, path: Path, names: tuple[str, ...]
    ) -> dict[str, str]:
        inner = self.table(table.get(key, {}), (*path, key), " ".join(names))
        return {name: self.text(inner, name, (*path, key)) for name in inner}

    def _verdict(
        self, table: Mapping[str, Any], key: str, path: Path, verdicts: tuple[Verdict, ...]
    ) -> Verdict | None:
        value = self.text(table, key, path, tuple(Verdict))
        if value not in set(Verdict):
            return None
        if Verdict(value) not in verdicts:
            self.wrong((*path, key), f"{value!r} is not among the criterion's verdicts")
        return Verdict(value)

    def _when(self, table: Mapping[str, Any], path: Path, signals: Mapping[str, Signal]) -> When:
        try:
            found = when(self.text(table, "when", path))
        except MalformedError as error:
            self.wrong((*path, "when"), str(error))
            return When("name")
        for name in found.signals(positive=False):
            if name not in signals:
                self.wrong((*path, "when"), f"there is no signal {name!r}")
        return found

    def _row(
        self,
        value: Any,
        path: Path,
        signals: Mapping[str, Signal],
        verdicts: tuple[Verdict, ...],
        profiles: tuple[str, ...],
    ) -> Row:
        table = self.table(value, path, "verdict when quote note profiles", "verdict when")
        condition = self._when(table, path, signals)
        return Row(
            verdict=self._verdict(table, "verdict", path, verdicts) or Verdict.REVIEW,
            when=condition,
            quote=self._quoted(table, path, signals) or tuple(dict.fromkeys(condition.signals())),
            note=self.text(table, "note", path),
            profiles=self.texts(table, "profiles", path, profiles),
        )

    def _quoted(self, table: Mapping[str, Any], path: Path, signals: Mapping[str, Signal]) -> tuple[str, ...]:
        names = self.texts(table, "quote", path)
        for name in names:
            if name not in signals:
                self.wrong((*path, "quote"), f"there is no signal {name!r}")
        return names

    def _flag(self, value: Any, path: Path, signals: Mapping[str, Signal]) -> FlagRow:
        table = self.table(value, path, "name when quote", "name when")
        condition = self._when(table, path, signals)
        return FlagRow(
            name=self.text(table, "name", path), when=condition, quote=self._quoted(table, path, signals)
        )

    def _examples(
        self, table: Mapping[str, Any], path: Path, verdicts: tuple[Verdict, ...], profiles: tuple[str, ...]
    ) -> tuple[Example, ...]:
        found = tuple(self._example(*one, verdicts, profiles) for one in self.tables(table, "example", path))
        if len(found) < 4 or len({one.verdict for one in found}) < 2:
            self.wrong(path, "needs at least 4 examples of at least 2 verdicts")
        return found

    def _example(
        self, value: Any, path: Path, verdicts: tuple[Verdict, ...], profiles: tuple[str, ...]
    ) -> Example:
        table = self.table(value, path, "text verdict profile quote", "text verdict")
        text, quote = self.text(table, "text", path), self.text(table, "quote", path)
        if quote and quote not in text:
            self.wrong((*path, "quote"), "does not stand in the text of the example")
        return Example(
            text=text,
            verdict=self._verdict(table, "verdict", path, verdicts) or Verdict.REVIEW,
            profile=self.text(table, "profile", path, profiles) or (profiles[-1] if profiles else ""),
            quote=quote,
        )
