"""A page measured: its elements in order, how much text each holds and how much of that is links. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from monitor.extract.furniture import Attributes, names
from monitor.extract.walk import silent_tags


@dataclass(slots=True, eq=False)
class Element:
    """One element. `end` is the place after its last descendant; masses count characters below it."""

    node: LexborNode
    tag: str
    attributes: Attributes
    index: int
    parent: int
    end: int = 0
    text: int = 0
    linked: int = 0

    @property
    def prose(self) -> int:
        """Characters that are not links."""
        return self.text - self.linked

    @property
    def names(self) -> str:
        return names(self.attributes)

    @property
    def role(self) -> str:
        return (self.attributes.get("role") or "").lower()


def survey(root: LexborNode) -> list[Element]:
    """All elements below `root` that can hold text, `root` first, in document order."""
    found: list[Element] = []
    steps: list[tuple[LexborNode, int, bool]] = [(root, -1, False)]
    while steps:
        node, parent, linked = steps.pop()
        if (following := node.next) is not None and node is not root:
            steps.append((following, parent, linked))
        if node.is_text_node:
            mass = len((node.text_content or "").strip())
            found[parent].text += mass
            found[parent].linked += mass if linked else 0
        elif node.is_element_node and (tag := node.tag or "") not in silent_tags:
            element = Element(node, tag, node.attributes, len(found), parent)
            found.append(element)
            if (child := node.child) is not None:
                steps.append((child, element.index, linked or tag == "a"))
    _sum_up(found)
    return found


def _sum_up(elements: list[Element]) -> None:
    """Masses and ends from the leaves to the root."""
    for element in reversed(elements):
        element.end = max(element.end, element.index + 1)
        if element.parent >= 0:
            above = elements[element.parent]
            above.text += element.text
            above.linked += element.linked
            above.end = max(above.end, element.end)


def within(elements: list[Element], element: Element) -> Iterator[Element]:
    """The elements below one, in order."""
    return iter(elements[element.index + 1 : element.end])


def above(elements: list[Element], element: Element) -> Iterator[Element]:
    """The elements around one, from the nearest out."""
    while element.parent >= 0:
        element = elements[element.parent]
        yield element


def children(elements: list[Element], element: Element) -> Iterator[Element]:
    """The elements right below one, in order."""
    index = element.index + 1
    while index < element.end:
        yield elements[index]
        index = elements[index].end
