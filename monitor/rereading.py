"""Reading the whole stored past with another recipe: what would every version have been? Nothing is stored.

The pipeline itself reads the latest version again whenever the recipe changes (a technical upgrade, no alarm);
what was recorded before stays as it was recorded. This is the question an operator has before changing a
selector, and afterwards: which versions would have had another text, which changes would not have been any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.diff import compare
from monitor.model import Change, Fault, FaultKind, Reading, SourceDocument, Stage, Version
from monitor.ports import Library
from monitor.steps import read
from monitor.text.normal import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """One version read again: the text it would have had, and what differs from the stored one.

    `change` is None where the text is the same letter by letter or could not be taken; `cosmetic` where
    nothing differs that a reader can see. `like_before` tells that this version would have had the same
    text as the one before it: the change between them would not have been one.
    """

    version: Version
    result: Reading | Fault
    change: Change | None = None
    cosmetic: bool = False
    like_before: bool = False

    @property
    def same(self) -> bool:
        """The text is the stored one, letter by letter."""
        return isinstance(self.result, Reading) and self.change is None


def reread_all(
    library: Library, versions: Sequence[Version], documents: Sequence[SourceDocument], recipe: str
) -> Iterator[Rereading]:
    """Versions of one policy, in their order, read with `recipe` out of their pages as sent.

    What was learned to be volatile is left out of comparisons, as it is in a look.
    """
    volatile = frozenset(library.volatile(versions[0].terms)) if versions else frozenset()
    again = ((version, _read(library, version, documents, recipe)) for version in versions)
    return _compared(library, again, volatile)


def _read(
    library: Library, version: Version, documents: Sequence[SourceDocument], recipe: str
) -> Reading | Fault:
    snapshots = library.snapshots(version)
    if len(snapshots) != len(documents):
        message = f"it was made of {len(snapshots)} pages, the configuration names {len(documents)}"
        return Fault(kind=FaultKind.UNREADABLE, message=message, stage=Stage.EXTRACT, transient=False)
    return read(documents, snapshots, recipe)


def _compared(
    library: Library, read_again: Iterable[tuple[Version, Reading | Fault]], volatile: frozenset[str]
) -> Iterator[Rereading]:
    before: str | None = None
    for version, result in read_again:
        if isinstance(result, Fault):
            before = None
            yield Rereading(version=version, result=result)
            continue
        now = key(result.text, volatile)
        differs = result.sha256 != version.text_sha256
        stored = library.text(version.text_sha256) if differs else ""
        yield Rereading(
            version=version,
            result=result,
            change=compare(stored, result.text) if differs else None,
            cosmetic=differs and key(stored, volatile) == now,
            like_before=now == before,
        )
        before = now
