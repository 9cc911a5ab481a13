"""What the operator selected of a page: CSS selectors and ranges between two of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor.extract.faults import fault
from monitor.model import Fault, FaultKind, Range


def selected(tree: LexborHTMLParser, choices: Sequence[str | Range]) -> frozenset[int] | Fault:
    """The nodes (by mem_id) that the choices name; one that names nothing is Fault(selector)."""
    chosen: set[int] = set()
    for choice in choices:
        nodes = _nodes(tree, choice)
        if isinstance(nodes, Fault):
            return nodes
        if not nodes:
            return fault(FaultKind.SELECTOR, f"nothing on the page matches {_said(choice)}")
        chosen.update(node.mem_id for node in nodes)
    return frozenset(chosen)


def remove(tree: LexborHTMLParser, choices: Sequence[str | Range]) -> Fault | None:
    """Take out of the tree what the choices name. What is not there needs no removal."""
    for choice in choices:
        nodes = _nodes(tree, choice)
        if isinstance(nodes, Fault):
            return nodes
        covered = {node.mem_id for node in nodes}
        outermost = [node for node in nodes if node.parent is None or node.parent.mem_id not in covered]
        for node in outermost:
            node.decompose()
    return None


def _nodes(tree: LexborHTMLParser, choice: str | Range) -> list[LexborNode] | Fault:
    if isinstance(choice, str):
        return _matches(tree, choice)
    ends = []
    for before, after in ((choice.start_before, choice.start_after), (choice.end_before, choice.end_after)):
        if (before is None) == (after is None):
            return fault(
                FaultKind.SELECTOR, f"a range needs one of before and after at each end: {_said(choice)}"
            )
        found = _matches(tree, before if before is not None else after or "")
        if isinstance(found, Fault) or not found:
            return found
        ends.append(found[0])
    return _between(tree, choice, *ends)


def _matches(tree: LexborHTMLParser, selector: str) -> list[LexborNode] | Fault:
    try:
        return list(tree.css(selector))
    except (SelectolaxError, ValueError) as error:
        return fault(FaultKind.SELECTOR, f"{selector!r} is not a CSS selector: {error}")


def _between(tree: LexborHTMLParser, choice: Range, start: LexborNode, end: LexborNode) -> list[LexborNode]:
    """The nodes that lie whole between the two ends, by the times of walking in and out of them."""
    spans = [] if tree.root is None else _spans(tree.root)
    times = {node.mem_id: (enter, leave) for node, enter, leave in spans}
    opens = times[start.mem_id][0] if choice.start_before is not None else times[start.mem_id][1] + 1
    closes = times[end.mem_id][1] if choice.end_after is not None else times[end.mem_id][0] - 1
    return [node for node, enter, leave in spans if opens <= enter and leave <= closes]


def _spans(root: LexborNode) -> list[tuple[LexborNode, int, int]]:
    """Every node with the times at which a walk enters and leaves it, in document order."""
    entered: list[tuple[LexborNode, int]] = []
    left: dict[int, int] = {}
    steps: list[tuple[LexborNode, bool]] = [(root, False)]
    clock = 0
    while steps:
        node, leaving = steps.pop()
        clock += 1
        if leaving:
            left[node.mem_id] = clock
            continue
        entered.append((node, clock))
        if (following := node.next) is not None and node is not root:
            steps.append((following, False))
        steps.append((node, True))
        if (child := node.child) is not None:
            steps.append((child, False))
    return [(node, enter, left[node.mem_id]) for node, enter in entered]


def _said(choice: str | Range) -> str:
    """A choice as the operator wrote it."""
    if isinstance(choice, str):
        return repr(choice)
    ends = ("start_before", "start_after", "end_before", "end_after")
    said = ", ".join(f"{end}={getattr(choice, end)!r}" for end in ends if getattr(choice, end) is not None)
    return f"the range {said}"


def problem(choice: str | Range) -> str | None:
    """What is wrong with a selector or range as such, whatever page it meets; None if nothing."""
    refused = remove(LexborHTMLParser("<html></html>"), [choice])
    return refused.message if refused else None
