"""The language of `when`: signals joined by & | ! ( ), with count(a) >= 3 and kinds(a, b) >= 2. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_token = re.compile(r"\s*(?:([a-z][a-z0-9_]*)|(\d{1,4})|(>=|[&|!(),]))")


class MalformedError(ValueError):
    """A `when` that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition: `kind` is "name", "count", "kinds", "not", "and" or "or"."""

    kind: str
    parts: tuple[When, ...] = ()
    names: tuple[str, ...] = ()
    least: int = 1

    def signals(self, positive: bool = True) -> Iterator[str]:
        """Names of the signals that speak for the condition, in order (with `positive` false: all)."""
        if self.kind == "not" and positive:
            return
        yield from self.names
        for part in self.parts:
            yield from part.signals(positive)

    def holds(self, count: Callable[[str], int]) -> bool:
        """True where the condition holds; `count` gives the hits of a signal."""
        match self.kind:
            case "and":
                return all(part.holds(count) for part in self.parts)
            case "or":
                return any(part.holds(count) for part in self.parts)
            case "not":
                return not self.parts[0].holds(count)
            case "kinds":
                return sum(count(name) > 0 for name in self.names) >= self.least
            case _:
                return sum(count(name) for name in self.names) >= self.least


def when(source: str) -> When:
    """Read a condition; raises MalformedError."""
    tokens = _tokens(source)
    found, rest = _either(tokens)
    if rest:
        raise MalformedError(f"{rest[0]!r} is not expected there")
    return found


def _tokens(source: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(source.rstrip()):
        match = _token.match(source, at)
        if not match:
            raise MalformedError(f"{source[at:].strip()[:12]!r} is not expected there")
        tokens.append(match[0].strip())
        at = match.end()
    return tokens


def _either(tokens: list[str]) -> tuple[When, list[str]]:
    return _joined(tokens, "|", "or", _both)


def _both(tokens: list[str]) -> tuple[When, list[str]]:
    return _joined(tokens, "&", "and", _single)


def _joined(
    tokens: list[str], mark: str, kind: str, part: Callable[[list[str]], tuple[When, list[str]]]
) -> tuple[When, list[str]]:
    found, tokens = part(tokens)
    parts = [found]
    while tokens and tokens[0] == mark:
        found, tokens = part(tokens[1:])
        parts.append(found)
    return (parts[0] if len(parts) == 1 else When(kind, parts=tuple(parts))), tokens


def _single(tokens: list[str]) -> tuple[When, list[str]]:
    if not tokens:
        raise MalformedError("ends where a signal is expected")
    head, rest = tokens[0], tokens[1:]
    if head == "!":
        part, rest = _single(rest)
        return When("not", parts=(part,)), rest
    if head == "(":
        part, rest = _either(rest)
        return part, _expect(rest, ")")
    if not head[0].isalpha():
        raise MalformedError(f"{head!r} is not expected there")
    if rest[:1] == ["("]:
        return _counted(head, rest[1:])
    return When("name", names=(head,)), rest


def _counted(kind: str, tokens: list[str]) -> tuple[When, list[str]]:
    if kind not in ("count", "kinds"):
        raise MalformedError(f"{kind!r} is not a function; known: count, kinds")
    names: list[str] = []
    while True:
        if not tokens or not tokens[0][0].isalpha():
            raise MalformedError(f"{kind}( ... ) takes names of signals")
        names.append(tokens[0])
        tokens = tokens[1:]
        if tokens[:1] != [","]:
            break
        tokens = tokens[1:]
    tokens = _expect(_expect(tokens, ")"), ">=")
    if not tokens or not tokens[0].isdecimal():
        raise MalformedError(">= takes a number")
    return When(kind, names=tuple(names), least=int(tokens[0])), tokens[1:]


def _expect(tokens: list[str], mark: str) -> list[str]:
    if tokens[:1] != [mark]:
        raise MalformedError(f"{mark!r} is missing")
    return tokens[1:]
