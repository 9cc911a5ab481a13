"""Which clause became which: equal ones first, then similar ones in place, splits and merges, then moves. Pure.

Everything here decides on pairing only. A pair that is missed is shown as removed and added, so nothing
is ever lost by it; no threshold of likeness hides a change.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from monitor.diff.budget import Budget
from monitor.diff.chains import Pair, common, heaviest_chain
from monitor.diff.clauses import Clause
from monitor.text.blocks import BlockKind

_alike = 0.5
_alike_alone = 0.34
_alike_moved = 0.72
_moved_tokens = 4
_all_pairs = 900
_posting_limit = 24
_candidates = 6
_pieces = 12
_most_pieces = 60


@dataclass(frozen=True, slots=True)
class Match:
    """Clauses `before` (a run of indices) that became the clauses `after`; `moved` where the order is broken."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One text's clauses with their words coded as characters, so that likeness can be counted fast."""

    clauses: Sequence[Clause]
    coded: Sequence[str]
    words: Sequence[int]


@dataclass(slots=True)
class _Free:
    """The clauses of both sides that have no partner yet."""

    before: list[int]
    after: list[int]

    def drop(self, before: Iterable[int], after: Iterable[int]) -> None:
        gone_before, gone_after = set(before), set(after)
        self.before = [i for i in self.before if i not in gone_before]
        self.after = [j for j in self.after if j not in gone_after]


def align(before: Side, after: Side, budget: Budget) -> list[Match]:
    """Pair the clauses of two texts. Each clause is in one match at most; those in none were added or removed."""
    kept = _equal(before, after)
    matches = [Match((i,), (j,)) for i, j in kept]
    free = _Free(*_unpaired(kept, len(before.clauses), len(after.clauses)))
    moved = _moved(before, after, free)
    matches += [Match((i,), (j,), moved=True) for i, j in moved]
    free.drop((i for i, _ in moved), (j for _, j in moved))
    for region in _regions(kept, free):
        matches += _in_place(before, after, region, budget)
    free.drop((i for match in matches for i in match.before), (j for match in matches for j in match.after))
    return matches + _moved_and_changed(before, after, free, budget)


# --------------------------------------------------------------------------- equal clauses, in place and moved


def _equal(before: Side, after: Side) -> list[Pair]:
    ids: dict[str, int] = {}
    old = [ids.setdefault(_identity(clause), len(ids)) for clause in before.clauses]
    new = [ids.setdefault(_identity(clause), len(ids)) for clause in after.clauses]
    weights = [0.0] * len(ids)
    for number, words in (*zip(old, before.words, strict=True), *zip(new, after.words, strict=True)):
        weights[number] = 1.0 + words
    return common(old, new, weights)


def _identity(clause: Clause) -> str:
    return f"#{clause.key}" if clause.kind is BlockKind.ROW else clause.key


def _unpaired(pairs: Sequence[Pair], n: int, m: int) -> tuple[list[int], list[int]]:
    paired_before, paired_after = {i for i, _ in pairs}, {j for _, j in pairs}
    return (
        [i for i in range(n) if i not in paired_before],
        [j for j in range(m) if j not in paired_after],
    )


def _moved(before: Side, after: Side, free: _Free) -> list[Pair]:
    """Clauses of equal words elsewhere; short ones only beside one that moved with them."""
    places: dict[str, list[int]] = defaultdict(list)
    for j in reversed(free.after):
        places[_identity(after.clauses[j])].append(j)
    counts = Counter(_identity(before.clauses[i]) for i in free.before)
    open_before, open_after = set(free.before), set(free.after)
    found: list[Pair] = []
    alike = {identity for identity, count in counts.items() if count == len(places.get(identity, ()))}
    for i in free.before:
        identity = _identity(before.clauses[i])
        if identity in alike and before.words[i] >= _moved_tokens:
            found.append((i, places[identity].pop()))
    for i, j in found:
        open_before.discard(i)
        open_after.discard(j)
    for pair in tuple(found):
        found.extend(_neighbours(before, after, pair, open_before, open_after))
    return found


def _neighbours(
    before: Side, after: Side, pair: Pair, open_before: set[int], open_after: set[int]
) -> list[Pair]:
    """Equal clauses right before and after a moved pair that are still free: they moved with it."""
    found = []
    for step in (1, -1):
        i, j = pair[0] + step, pair[1] + step
        while i in open_before and j in open_after and before.clauses[i].key == after.clauses[j].key:
            found.append((i, j))
            open_before.discard(i)
            open_after.discard(j)
            i, j = i + step, j + step
    return found


# --------------------------------------------------------------------------- similar clauses in place


def _regions(kept: Sequence[Pair], free: _Free) -> list[_Free]:
    """The free clauses between two kept ones, region by region."""
    edges = [*kept, (1 << 60, 1 << 60)]
    regions, x, y = [], 0, 0
    for i, j in edges:
        old, new = [], []
        while x < len(free.before) and free.before[x] < i:
            old.append(free.before[x])
            x += 1
        while y < len(free.after) and free.after[y] < j:
            new.append(free.after[y])
            y += 1
        if old and new:
            regions.append(_Free(old, new))
    return regions


def _in_place(before: Side, after: Side, region: _Free, budget: Budget) -> list[Match]:
    if _same_in_all(before, after, region):
        return [Match(tuple(region.before), tuple(region.after))]
    floor = _alike_alone if len(region.before) == len(region.after) == 1 else _alike
    weighted = []
    for i, j in _candidate_pairs(before, after, region):
        if not _comparable(before.clauses[i], after.clauses[j]):
            continue
        likeness = _likeness(before.coded[i], after.coded[j], budget, floor)
        if likeness >= floor:
            weighted.append((i, j, likeness * (before.words[i] + after.words[j] + 1)))
    chain = heaviest_chain(weighted)
    grown = _grown(before, after, region, chain, budget)
    rest = _Free(region.before, region.after)
    rest.drop((i for match in grown for i in match.before), (j for match in grown for j in match.after))
    return grown + _pieced(before, after, rest, grown, budget)


def _same_in_all(before: Side, after: Side, region: _Free) -> bool:
    """True where neighbours on both sides hold the same words, cut otherwise: a paragraph with its lines broken anew."""
    unbroken = all(run[-1] - run[0] == len(run) - 1 for run in (region.before, region.after))
    return unbroken and _joined(before, region.before) == _joined(after, region.after) != ""


def _comparable(old: Clause, new: Clause) -> bool:
    """A heading never became a table row; anything else may have changed its dress."""
    kinds = {old.kind, new.kind}
    return len(kinds) == 1 or kinds != {BlockKind.HEADING, BlockKind.ROW}


def _candidate_pairs(before: Side, after: Side, region: _Free) -> list[Pair]:
    """All pairs of a small region; of a large one those that share rare words, and those of equal place."""
    if len(region.before) * len(region.after) <= _all_pairs:
        return [(i, j) for i in region.before for j in region.after]
    postings: dict[str, list[int]] = defaultdict(list)
    for i in region.before:
        for char in set(before.coded[i]):
            postings[char].append(i)
    rare = {char: holders for char, holders in postings.items() if len(holders) <= _posting_limit}
    pairs: list[Pair] = []
    for j in region.after:
        shared = Counter(
            itertools.chain.from_iterable(rare[char] for char in set(after.coded[j]) if char in rare)
        )
        pairs.extend((i, j) for i in _most_shared(shared))
    return pairs


def _most_shared(shared: Counter[int]) -> list[int]:
    """The few clauses that share most rare words with another, most first."""
    if len(shared) > _candidates:
        least = sorted(shared.values())[-_candidates]
        shared = Counter({i: count for i, count in shared.items() if count >= least})
    return sorted(shared, key=lambda i: (-shared[i], i))[:_candidates]


def _likeness(old: str, new: str, budget: Budget, floor: float) -> float:
    """From 0 (nothing in common) to 1 (equal words in equal order); 0 where it cannot reach the floor."""
    shorter, longer = sorted((len(old), len(new)))
    if 2 * shorter < floor * (shorter + longer):
        return 0.0
    if not budget.spend(len(old), len(new)):
        return 0.0
    return Indel.normalized_similarity(old, new, score_cutoff=floor)


def _grown(before: Side, after: Side, region: _Free, chain: list[Pair], budget: Budget) -> list[Match]:
    """Pairs that gain by taking in a free neighbour: one clause split in two, or two merged in one."""
    open_before, open_after = set(region.before), set(region.after)
    for i, j in chain:
        open_before.discard(i)
        open_after.discard(j)
    grown = []
    for i, j in chain:
        olds: tuple[int, ...] = (i,)
        news: tuple[int, ...] = (j,)
        news = _extended(before.coded[i], after, news, open_after, budget)
        if len(news) == 1:
            olds = _extended(after.coded[j], before, olds, open_before, budget)
        open_before.difference_update(olds)
        open_after.difference_update(news)
        grown.append(Match(olds, news))
    return grown


def _extended(one: str, side: Side, run: tuple[int, ...], free: set[int], budget: Budget) -> tuple[int, ...]:
    """The run with the free neighbours that make it more like `one`."""
    alone = run
    best = _likeness(one, _joined(side, run), budget, 0.0)
    while len(run) < _pieces:
        options = [
            (*run, run[-1] + 1) if step == 1 else (run[0] - 1, *run)
            for step in (1, -1)
            if (run[-1] + 1 if step == 1 else run[0] - 1) in free
        ]
        scored = [(_likeness(one, _joined(side, option), budget, 0.0), option) for option in options]
        better = [(score, option) for score, option in scored if score > best + 0.02]
        if not better:
            break
        best, run = max(better)
    return run if best >= 0.6 else alone


def _joined(side: Side, run: Iterable[int]) -> str:
    return "".join(side.coded[index] for index in run)


def _pieced(before: Side, after: Side, rest: _Free, chain: list[Match], budget: Budget) -> list[Match]:
    """One free clause against a run of free ones: a sentence made a list, or a list made a sentence."""
    found: list[Match] = []
    for i in rest.before if len(rest.after) <= _most_pieces else ():
        run = _best_run(before.coded[i], after, _runs(rest.after), budget)
        if run and _keeps_order(i, run[0], [*chain, *found]):
            found.append(Match((i,), run))
            rest.after = [j for j in rest.after if j not in run]
    taken = {i for match in found for i in match.before}
    for j in rest.after if len(rest.before) - len(taken) <= _most_pieces else ():
        free = [i for i in rest.before if i not in taken]
        run = _best_run(after.coded[j], before, _runs(free), budget)
        if run and _keeps_order(run[0], j, [*chain, *found]):
            found.append(Match(run, (j,)))
            taken.update(run)
    return found


def _keeps_order(i: int, j: int, matches: Sequence[Match]) -> bool:
    return all((match.before[0] < i) == (match.after[0] < j) for match in matches)


def _runs(indices: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _best_run(one: str, side: Side, runs: list[list[int]], budget: Budget) -> tuple[int, ...]:
    """The run of two to twelve neighbours most like `one`, if it is much like it."""
    best: tuple[float, tuple[int, ...]] = (0.66, ())
    if len(one) < 6:
        return ()
    for run in runs:
        for start in range(len(run) - 1):
            said = side.coded[run[start]]
            for end in range(start + 2, min(len(run), start + _pieces) + 1):
                said += side.coded[run[end - 1]]
                if len(said) > 2 * len(one):
                    break
                if 2 * len(said) < best[0] * (len(said) + len(one)):
                    continue  # too short to be as like as that
                likeness = _likeness(one, said, budget, best[0])
                best = max(best, (likeness, tuple(run[start:end])))
    return best[1]


# --------------------------------------------------------------------------- moved and changed


def _moved_and_changed(before: Side, after: Side, free: _Free, budget: Budget) -> list[Match]:
    """What is left, paired across regions where it is much alike: best first."""
    long_enough = _Free(
        [i for i in free.before if before.words[i] >= 2 * _moved_tokens],
        [j for j in free.after if after.words[j] >= 2 * _moved_tokens],
    )
    scored = []
    for i, j in _candidate_pairs(before, after, long_enough):
        likeness = _likeness(before.coded[i], after.coded[j], budget, _alike_moved)
        if likeness >= _alike_moved:
            scored.append((-likeness, i, j))
    found, used_before, used_after = [], set[int](), set[int]()
    for _, i, j in sorted(scored):
        if i not in used_before and j not in used_after:
            found.append(Match((i,), (j,), moved=True))
            used_before.add(i)
            used_after.add(j)
    return found
