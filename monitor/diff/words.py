"""The words that differ inside a pair of clauses, as runs that are kept, taken out or put in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import LCSseq

from monitor.diff.budget import Budget
from monitor.model import Edit, Op
from monitor.text.tokens import tokens

Run = tuple[Op, str]
_first_code = 0xE000
_codes = 6_400
_rewritten = 0.45


def word_edits(before: str, after: str, terms: frozenset[str], budget: Budget) -> tuple[Edit, ...]:
    """Runs that rebuild both: equal + deleted is `before`, equal + inserted is `after`.

    Where the budget does not reach, the middle that differs is one deletion and one insertion.
    """
    if not before or not after:
        return tuple(Edit(op=op, text=text) for op, text in ((Op.DELETE, before), (Op.INSERT, after)) if text)
    old, new = tokens(before, terms), tokens(after, terms)
    head = _common_head(old, new)
    tail = _common_head(old[head:][::-1], new[head:][::-1])
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    runs: list[Run] = [(Op.EQUAL, "".join(old[:head]))]
    if old_middle and new_middle and budget.spend(len(old_middle), len(new_middle)):
        runs.extend(_readable(old_middle, new_middle, head + tail))
    else:
        runs.extend([(Op.DELETE, "".join(old_middle)), (Op.INSERT, "".join(new_middle))])
    runs.append((Op.EQUAL, "".join(old[len(old) - tail :])))
    return tuple(Edit(op=op, text=text) for op, text in joined(runs))


def _common_head(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _readable(old: list[str], new: list[str], around: int) -> list[Run]:
    """The runs of what lies between the words that both begin and end with, `around` of them."""
    pieces = _opcodes(old, new)
    kept = around + sum(len(piece) for op, piece in pieces if op is Op.EQUAL)
    if 2 * kept < _rewritten * (len(old) + len(new) + 2 * around) and len(set(old) | set(new)) < _codes:
        return _semantic(pieces)
    return [(op, "".join(piece)) for op, piece in _without_islands(pieces)]


def _opcodes(old: list[str], new: list[str]) -> list[tuple[Op, list[str]]]:
    pieces: list[tuple[Op, list[str]]] = []
    for op in LCSseq.opcodes(old, new):
        if op.tag == "equal":
            pieces.append((Op.EQUAL, old[op.src_start : op.src_end]))
        else:
            pieces.append((Op.DELETE, old[op.src_start : op.src_end]))
            pieces.append((Op.INSERT, new[op.dest_start : op.dest_end]))
    return [piece for piece in pieces if piece[1]]


def _semantic(pieces: list[tuple[Op, list[str]]]) -> list[Run]:
    """A rewritten clause: diff-match-patch's own clean-up of chance agreements, on tokens coded as characters."""
    ids: dict[str, int] = {}
    coded = [
        (_numbers[op], "".join(chr(_first_code + ids.setdefault(word, len(ids))) for word in piece))
        for op, piece in pieces
    ]
    diff_match_patch().diff_cleanupSemantic(coded)
    words = list(ids)
    return [
        (_ops[number], "".join(words[ord(char) - _first_code] for char in text)) for number, text in coded
    ]


_numbers = {Op.DELETE: -1, Op.EQUAL: 0, Op.INSERT: 1}
_ops = {number: op for op, number in _numbers.items()}


def _without_islands(pieces: list[tuple[Op, list[str]]]) -> list[tuple[Op, list[str]]]:
    """Kept scraps between larger edits (a space, a lone particle) go into the edits: they are chance, not sense."""
    out: list[tuple[Op, list[str]]] = []
    for index, (op, piece) in enumerate(pieces):
        if op is Op.EQUAL and 0 < index < len(pieces) - 1 and _is_island(piece, *_around(pieces, index)):
            out.extend([(Op.DELETE, piece), (Op.INSERT, piece)])
        else:
            out.append((op, piece))
    return out


def _around(pieces: list[tuple[Op, list[str]]], index: int) -> tuple[int, int]:
    return _weight(pieces, index - 1, -1), _weight(pieces, index + 1, 1)


def _weight(pieces: list[tuple[Op, list[str]]], index: int, step: int) -> int:
    most = 0
    while 0 <= index < len(pieces) and pieces[index][0] is not Op.EQUAL:
        most = max(most, sum(1 for word in pieces[index][1] if not word.isspace()))
        index += step
    return most


def _is_island(piece: list[str], before: int, after: int) -> bool:
    solid = sum(1 for word in piece if not word.isspace())
    return solid == 0 or 3 * solid <= min(before, after)


def joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbouring runs of one kind made one, deletions before insertions, empty ones dropped."""
    out: list[Run] = []
    deleted, inserted = "", ""

    def flush() -> None:
        nonlocal deleted, inserted
        out.extend(run for run in ((Op.DELETE, deleted), (Op.INSERT, inserted)) if run[1])
        deleted, inserted = "", ""

    for op, text in runs:
        if not text:
            continue
        if op is Op.DELETE:
            deleted += text
        elif op is Op.INSERT:
            inserted += text
        else:
            flush()
            if out and out[-1][0] is Op.EQUAL:
                out[-1] = (Op.EQUAL, out[-1][1] + text)
            else:
                out.append((op, text))
    flush()
    return out
