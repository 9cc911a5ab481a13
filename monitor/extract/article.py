"""Which part of a page is the policy, where nobody selected it: recall first, furniture out. Pure.

Three steps over the measured page: leave out what is hidden or furniture; go down from the body as
long as one child holds nearly all prose; keep the title and dates that stand outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from monitor.extract import furniture
from monitor.extract.survey import Element, above, survey

_heavy = 0.5
_nearly_all = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What of a page is to be written: nodes to skip, nodes whose text counts (None: all)."""

    skip: frozenset[int]
    window: frozenset[int] | None
    notes: tuple[str, ...] = ()


def outline(root: LexborNode, window: frozenset[int] | None) -> Outline:
    """Choose what is written of a page; `window` is what the operator selected, if anything."""
    elements = survey(root)
    controlled = _controlled(elements)
    skip = _left_out(elements, controlled, selected=window is not None)
    if window is None:
        _lighten(elements, skip)
        chosen = _main(elements, skip)
        window = frozenset({chosen.node.mem_id})
    return Outline(skip=frozenset(elements[index].node.mem_id for index in skip), window=window)


def _controlled(elements: list[Element]) -> frozenset[str]:
    """Ids of what buttons and links of the page open."""
    found: set[str] = set()
    for element in elements:
        for name in ("aria-controls", "data-target", "data-bs-target"):
            if said := element.attributes.get(name):
                found.update(part.lstrip("#") for part in said.split())
    return frozenset(found)


def _left_out(elements: list[Element], controlled: frozenset[str], *, selected: bool) -> list[int]:
    """Elements (by index) that are not text, the outermost of each."""
    total = max(elements[0].text, 1)
    out: list[int] = []
    end = 0
    for element in elements:
        if element.index < end or not element.text:
            continue
        if _is_out(element, controlled, total, selected):
            out.append(element.index)
            end = element.end
    return out


def _is_out(element: Element, controlled: frozenset[str], total: int, selected: bool) -> bool:
    attributes = element.attributes
    if element.tag == "button":
        return not {"aria-expanded", "aria-controls"} & attributes.keys()
    if not attributes:
        return element.tag in ("nav", "footer", "header") and not selected and element.text < _heavy * total
    if furniture.is_hidden(attributes) and not furniture.is_panel(attributes, controlled):
        return True
    named = element.names
    if furniture.is_for_screen_readers(named) and element.text < 80:
        return True
    if furniture.is_consent(named) and element.text < 0.9 * total:
        return True
    if selected or element.text >= _heavy * total:
        return False
    if element.tag in ("footer", "header"):
        return True
    return furniture.is_furniture(element.tag, element.role, named)


def _lighten(elements: list[Element], skip: list[int]) -> None:
    """Take the mass of what is left out from all that holds it."""
    for index in skip:
        gone = elements[index]
        for holder in above(elements, gone):
            holder.text -= gone.text
            holder.linked -= gone.linked


def _main(elements: list[Element], skip: list[int]) -> Element:
    """The innermost element that holds nearly all prose."""
    chosen = elements[0]
    total = max(chosen.text - chosen.linked, 1)
    for element in elements:
        if element.tag == "main" or element.role == "main":
            if element.text - element.linked >= _heavy * total:
                chosen = element
                break
    return chosen
