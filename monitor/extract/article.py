"""Which part of a page is the policy, where nobody selected it: recall first, furniture out. Pure.

Over the measured page, in this order: what is hidden or furniture by its tag, role or name; boxes
that ask for consent; lists of links into the page itself; second copies of long parts. Then down
from the body as long as one child holds nearly all prose, leaving beside the way whatever cannot
be part of a policy. Titles and dates that stand in what was left out are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from monitor.extract import furniture, words
from monitor.extract.lines import tidy
from monitor.extract.survey import Element, above, children, survey, within

_heavy = 0.5  # share of a page's text above which an element is never furniture
_nearly_all = 0.85  # share of prose that makes a child the way down
_substantial = 0.10  # share of prose above which a part is kept whatever it says
_copy = 2000  # characters from which on a second copy of a part is left out
_copied = 0.25  # share of the page's text that such a copy must have: shorter ones may be meant
_longest_label = 60
_longest_box = 3000
_year = re.compile(r"(?:19|20)\d\d|二〇")
_headings = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_prose_tags = frozenset({"p", "table", "blockquote", "pre", "dl", "details", "h2", "h3", "h4", "h5", "h6"})
_boxes = frozenset({"div", "section", "header", "footer", "aside"})
_list_tags = frozenset({"ul", "ol", "b", "strong", "em", "br"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What of a page is to be written: nodes to skip, nodes whose text counts (None: all)."""

    skip: frozenset[int]
    window: frozenset[int] | None
    notes: tuple[str, ...] = ()


def outline(root: LexborNode, window: frozenset[int] | None) -> Outline:
    """Choose what is written of a page; `window` is what the operator selected, if anything."""
    page = survey(root)
    out = _Out(page)
    controlled = _controlled(page)
    for element in out.walk():
        if _is_out(element, controlled, page, selected=window is not None):
            out.drop(element)
    if window is None:
        _drop_consent_boxes(out)
        _drop_contents(out)
        _drop_copies(out)
        out.lighten()
        _drop_beside(out)
    return Outline(skip=frozenset(page[index].node.mem_id for index in out.roots), window=window)


class _Out:
    """The parts of a page that are left out, the outermost element of each by its index."""

    def __init__(self, page: list[Element]) -> None:
        self.page = page
        self.roots: set[int] = set()

    def walk(self) -> Iterator[Element]:
        """Elements with text that are not left out, also while more are being left out."""
        end = 0
        for element in self.page:
            if element.index >= end and element.text:
                if element.index in self.roots:
                    end = element.end
                    continue
                yield element
                if element.index in self.roots:
                    end = element.end

    def drop(self, element: Element) -> None:
        self.roots.add(element.index)

    def holds(self, element: Element) -> bool:
        """True where the element or one around it is left out."""
        return element.index in self.roots or any(
            one.index in self.roots for one in above(self.page, element)
        )

    def lighten(self) -> None:
        """Take the masses of what is left out from all that is around it."""
        inner = {
            index
            for index in self.roots
            if any(one.index in self.roots for one in above(self.page, self.page[index]))
        }
        for index in self.roots - inner:
            gone = self.page[index]
            for holder in above(self.page, gone):
                holder.text -= gone.text
                holder.linked -= gone.linked


# --------------------------------------------------------------------------- by tag, role and name


def _controlled(page: list[Element]) -> frozenset[str]:
    """Ids of what buttons and links of the page open."""
    found: set[str] = set()
    for element in page:
        for name in ("aria-controls", "data-target", "data-bs-target"):
            if said := element.attributes.get(name):
                found.update(part.lstrip("#") for part in said.split())
    return frozenset(found)


def _is_out(element: Element, controlled: frozenset[str], page: list[Element], *, selected: bool) -> bool:
    """True where an element is hidden, decoration or furniture."""
    attributes, tag, total = element.attributes, element.tag, max(page[0].text, 1)
    if tag == "button":
        return not {"aria-expanded", "aria-controls"} & attributes.keys()
    if tag == "a" and element.text <= _longest_label and _is_tool(element, page, selected=selected):
        return True
    named = ""
    if attributes:
        if element.text < _heavy * total and furniture.is_hidden(attributes):
            return not furniture.is_panel(attributes, controlled)
        named = element.names
        if furniture.is_afloat(attributes) and element.text < 0.25 * total:
            return True
        if furniture.is_decoration(tag, attributes, named, element.text) or (
            furniture.is_consent(named) and element.text < 0.9 * total
        ):
            return True
    if selected or element.text >= _heavy * total:
        return False
    if tag in ("header", "footer"):
        return not any(one.tag in ("article", "main") for one in above(page, element)) or _is_links(element)
    if furniture.is_furniture(tag, element.role):
        return True
    return bool(named) and tag not in _headings and _is_named_furniture(element, named, total)


def _is_named_furniture(element: Element, named: str, total: int) -> bool:
    """Names alone are weak evidence: what reads like a piece of a policy stays, whatever it is called."""
    if furniture.is_fixture(named):
        return element.text < 0.25 * total and (element.prose < 800 or _is_links(element))
    if furniture.is_extra(named):
        return element.prose < 200 or _is_links(element)
    if element.text < 400 and furniture.is_hidden_by_name(named) and not furniture.is_panel_name(named):
        return not words.legal.search(element.node.text())
    return False


def _is_tool(link: Element, page: list[Element], *, selected: bool) -> bool:
    """True for links that are no text: marks beside headings, print links and buttons in lines of their own."""
    if furniture.is_anchor_mark(link.node, link.attributes):
        return True
    if page[link.parent].text != link.text:
        return False
    if not selected and furniture.is_button(link.names):
        return True
    return bool(words.printing.search(link.node.text()))


def _is_links(element: Element) -> bool:
    return element.linked > 0.6 * element.text


# --------------------------------------------------------------------------- by what it says


def _drop_consent_boxes(out: _Out) -> None:
    """Leave out the boxes around buttons that accept or reject; all such buttons are known by their words."""
    answers: dict[int, tuple[bool, bool]] = {}
    for element in out.page:
        clickable = element.tag in ("button", "a") or element.role == "button"
        if not clickable or not 0 < element.text <= 50:
            continue
        text = tidy(element.node.text())
        yes, no = bool(words.accepts.search(text)), bool(words.rejects.search(text))
        if yes or no:
            box = _box(out.page, element)
            if box is not None and (box.index not in answers or answers[box.index] != (True, True)):
                old_yes, old_no = answers.get(box.index, (False, False))
                sure = bool(words.sweeping.search(text))
                answers[box.index] = (yes or old_yes or sure, no or old_no or sure)
    for index, (yes, no) in answers.items():
        if yes and no and words.consent.search(out.page[index].node.text()):
            out.drop(out.page[index])


def _box(page: list[Element], button: Element) -> Element | None:
    """The largest part around a button that is small and no part of the policy proper."""
    box = None
    for holder in above(page, button):
        small = holder.text <= _longest_box and holder.text < 0.25 * page[0].text
        if not small or holder.tag in ("body", "main", "article") or holder.node.css_first("h1") is not None:
            break
        box = holder
    return box


def _drop_contents(out: _Out) -> None:
    """Leave out lists of links into the page itself: what they say stands below once more."""
    for element in out.walk():
        if element.tag in ("ul", "ol", "div", "section", "aside") and element.linked >= 0.85 * element.text:
            links = [one for one in within(out.page, element) if one.tag == "a"]
            inward = sum((one.attributes.get("href") or "").startswith("#") for one in links)
            if len(links) >= 4 and inward >= 0.8 * len(links):
                out.drop(element)


def _drop_copies(out: _Out) -> None:
    """Leave out second copies of long parts (pages carry one for each width of screen)."""
    seen: dict[int, list[Element]] = {}
    for element in out.walk():
        if element.text < max(_copy, _copied * out.page[0].text):
            continue
        twins = [one for one in seen.get(element.text, []) if one.end <= element.index]
        if twins and any(
            "".join(one.node.text().split()) == "".join(element.node.text().split()) for one in twins[:3]
        ):
            out.drop(element)
        seen.setdefault(element.text, []).append(element)


# --------------------------------------------------------------------------- by place


def _drop_beside(out: _Out) -> None:
    """Go down to where the prose is, leaving out what stands beside the way and cannot be policy."""
    page = out.page
    total = max(page[0].prose, 1)
    here = page[0]
    dropped: list[Element] = []
    while True:
        parts = [part for part in children(page, here) if part.index not in out.roots and part.text]
        way = max(parts, key=lambda part: part.prose, default=None)
        if way is None or way.prose < _nearly_all * here.prose:
            dropped += [part for part in parts if part.tag in _boxes and part.linked >= 0.9 * part.text]
            break
        beside = [part for part in parts if part is not way]
        flows = any(part.tag in _prose_tags | _list_tags and part.prose > 40 for part in beside)
        dropped += [
            part for part in beside if not _may_be_policy(page, part, total, before=part.index < way.index)
        ]
        here = way
        if flows:
            break
    for part in dropped:
        out.drop(part)
    _rescue(out, here)


def _may_be_policy(page: list[Element], part: Element, total: int, *, before: bool) -> bool:
    """True where leaving out a part beside the way down could lose a piece of the policy."""
    if part.prose >= _substantial * total or part.tag in _prose_tags:
        return True
    if _is_links(part) or part.prose < 20:
        return False
    if part.tag in _list_tags or (before and _is_headings(page, part)):
        return True
    asks = part.node.css_first("input:not([type=hidden])") is not None
    return not asks and bool(words.legal.search(part.node.text()))


def _is_headings(page: list[Element], part: Element) -> bool:
    """True where a part holds titles and hardly anything else."""
    titles = sum(one.text for one in within(page, part) if one.tag in ("h1", "h2"))
    return part.text <= 200 and titles >= 0.8 * part.text


def _rescue(out: _Out, chosen: Element) -> None:
    """Keep the title and the dates that stand before the chosen part, though what holds them is left out."""
    page = out.page
    kept: set[int] = set()
    titled = any(one.tag == "h1" and one.text and not out.holds(one) for one in page)
    for index in sorted(out.roots):
        part = page[index]
        if index > chosen.index or part.tag in ("nav", "button", "footer") or "footer" in part.names:
            continue
        if furniture.is_hidden(part.attributes) or furniture.is_consent(part.names):
            continue
        for element in page[part.index : part.end]:
            if element.tag == "h1" and not titled and 0 < element.text <= 200 and not _is_links(element):
                kept.add(element.index)
                titled = True
            elif _is_date_line(page, element):
                kept.add(element.index)
    _carve(out, kept)


def _is_date_line(page: list[Element], element: Element) -> bool:
    """True for the innermost element that holds a short line with a date and what is dated by it."""
    if not 6 <= element.text <= 100 or _is_links(element):
        return False
    return _says_date(element) and not any(_says_date(one) for one in children(page, element))


def _says_date(element: Element) -> bool:
    text = element.node.text()
    return bool(words.dated.search(text) and _year.search(text))


def _carve(out: _Out, kept: set[int]) -> None:
    """Leave out all of the dropped parts but the elements kept."""
    for index in sorted(kept):
        element = out.page[index]
        around = [one for one in above(out.page, element) if one.index in out.roots]
        for holder in [element, *around]:
            out.roots.discard(holder.index)
        outer = around[-1] if around else element
        path = {index, *(one.index for one in above(out.page, element))}
        steps = [outer] if around else []
        while steps:
            for part in children(out.page, steps.pop()):
                if part.index in kept:
                    continue
                if part.index in path:
                    steps.append(part)
                elif part.text:
                    out.drop(part)
