"""Heaviest increasing chains and common subsequences: which of many possible pairs keep the order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, sqrt

from rapidfuzz.distance import LCSseq

Pair = tuple[int, int]

_table_cells = 4_000_000


def heaviest_chain(pairs: Iterable[tuple[int, int, float]]) -> list[Pair]:
    """Of weighted pairs (i, j, weight), the heaviest set in which i and j both strictly rise. O(n log n)."""
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    ranks = {j: rank for rank, j in enumerate(sorted({j for _, j, _ in ordered}), 1)}
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(ranks) + 1)
    parents: list[int] = []
    for index, (_, j, weight) in enumerate(ordered):
        best, parent = _highest(tree, ranks[j] - 1)
        parents.append(parent)
        _raise(tree, ranks[j], (best + weight, index))
    _, at = _highest(tree, len(ranks))
    chain: list[Pair] = []
    while at >= 0:
        chain.append(ordered[at][:2])
        at = parents[at]
    return chain[::-1]


def _highest(tree: list[tuple[float, int]], upto: int) -> tuple[float, int]:
    best = (0.0, -1)
    while upto > 0:
        if tree[upto][0] > best[0]:
            best = tree[upto]
        upto -= upto & -upto
    return best


def _raise(tree: list[tuple[float, int]], at: int, value: tuple[float, int]) -> None:
    while at < len(tree):
        if value[0] > tree[at][0]:
            tree[at] = value
        at += at & -at


def common(before: Sequence[int], after: Sequence[int], weights: Sequence[float]) -> list[Pair]:
    """Places where two sequences of ids agree, in order: anchors unique on both sides first, then the rest.

    `weights` gives the worth of an id; a long clause holds its place rather than a short one.
    """
    found: list[Pair] = []
    regions = [(0, len(before), 0, len(after))]
    while regions:
        i, i_end, j, j_end = regions.pop()
        while i < i_end and j < j_end and before[i] == after[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and before[i_end - 1] == after[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            found.append((i_end, j_end))
        if i == i_end or j == j_end:
            continue
        anchors = _unique_anchors(before, after, weights, (i, i_end, j, j_end))
        if anchors:
            found.extend(anchors)
            regions.extend(_between(anchors, (i, i_end, j, j_end)))
        else:
            for x, x_end, y, y_end in _bands(i, i_end, j, j_end):
                found.extend((x + m, y + n) for m, n in _longest_common(before[x:x_end], after[y:y_end]))
    return sorted(found)


def _bands(i: int, i_end: int, j: int, j_end: int) -> list[tuple[int, int, int, int]]:
    """A region without anchors (nothing in it is unique), in bands along its diagonal that are small enough for a table."""
    n, m = i_end - i, j_end - j
    count = ceil(sqrt(n * m / _table_cells))
    edges = [(i + n * step // count, j + m * step // count) for step in range(count + 1)]
    return [(x, x2, y, y2) for (x, y), (x2, y2) in pairwise(edges)]


def _unique_anchors(
    before: Sequence[int], after: Sequence[int], weights: Sequence[float], region: tuple[int, int, int, int]
) -> list[Pair]:
    i, i_end, j, j_end = region
    counts_before, counts_after = Counter(before[i:i_end]), Counter(after[j:j_end])
    place = {after[y]: y for y in range(j, j_end) if counts_after[after[y]] == 1}
    return heaviest_chain(
        (x, place[before[x]], weights[before[x]])
        for x in range(i, i_end)
        if counts_before[before[x]] == 1 and before[x] in place
    )


def _between(anchors: list[Pair], region: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    i, i_end, j, j_end = region
    edges = [(i - 1, j - 1), *anchors, (i_end, j_end)]
    return [(x + 1, x2, y + 1, y2) for (x, y), (x2, y2) in pairwise(edges) if x + 1 < x2 and y + 1 < y2]


def _longest_common(before: Sequence[int], after: Sequence[int]) -> list[Pair]:
    pairs: list[Pair] = []
    for op in LCSseq.opcodes(before, after):
        if op.tag == "equal":
            pairs.extend(zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True))
    return pairs
