"""A tree -> lines of the text form, element by element and without recursion. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from selectolax.lexbor import LexborNode

from monitor.extract import furniture
from monitor.extract.flow import Flow, List
from monitor.extract.furniture import Attributes
from monitor.extract.lines import Line, tidy
from monitor.extract.page import resolved
from monitor.model import Link

block_tags = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "main",
        "nav",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "tbody",
        "tfoot",
        "thead",
    ]
)
silent_tags = frozenset(
    [
        "area",
        "audio",
        "base",
        "canvas",
        "col",
        "colgroup",
        "datalist",
        "embed",
        "head",
        "iframe",
        "img",
        "input",
        "link",
        "map",
        "math",
        "meta",
        "meter",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "param",
        "picture",
        "progress",
        "rp",
        "script",
        "select",
        "source",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "track",
        "video",
    ]
)
_heading_tags = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_roles = {
    "heading": "h2",
    "list": "ul",
    "listitem": "li",
    "table": "table",
    "grid": "table",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
}
_most_links = 2000
Leave = Callable[[], None]


@dataclass(slots=True)
class Writer:
    """Writes what a reader sees of a tree.

    `skip` names nodes (by mem_id) to leave out; `window`, where given, those whose text alone counts.
    Links with relative addresses are read against `address`.
    """

    address: str
    skip: Collection[int] = frozenset()
    window: Collection[int] | None = None
    links: list[Link] = field(default_factory=list)
    _flow: Flow = field(default_factory=Flow)
    _verbatim: bool = False
    _inside: int = 0
    _link: list[str] | None = None

    def write(self, root: LexborNode) -> list[Line]:
        """All lines of a subtree, in order."""
        steps: list[LexborNode | Leave] = [root]
        while steps:
            step = steps.pop()
            if not isinstance(step, LexborNode):
                step()
                continue
            following = step.next
            if following is not None and step is not root:
                steps.append(following)
            if step.is_text_node:
                self._say(step)
            elif step.is_element_node and step.tag not in silent_tags and step.mem_id not in self.skip:
                steps += self._enter(step)
                if (child := step.child) is not None:
                    steps.append(child)
        return self._flow.lines()

    def _say(self, node: LexborNode) -> None:
        if self.window is None or self._inside or node.mem_id in self.window:
            text = node.text_content or ""
            if self._verbatim and "\n" in text:
                for line in text.splitlines(keepends=True):
                    self._put(line)
                    if line.endswith("\n"):
                        self._flow.cut()
            else:
                self._put(text)

    def _put(self, text: str) -> None:
        self._flow.put(text)
        if self._link is not None:
            self._link.append(text)

    # ------------------------------------------------------------------ entering and leaving elements

    def _enter(self, node: LexborNode) -> list[Leave]:
        """What to do on leaving the element, the last first."""
        tag, attributes = node.tag or "", node.attributes
        leaves: list[Leave] = []
        if self.window is not None and node.mem_id in self.window:
            self._inside += 1
            leaves.append(self._leave_window)
        if attributes:
            if "role" in attributes:
                tag = _role(tag, attributes)
            if "style" in attributes and furniture.is_block(attributes):
                leaves.append(self._enter_block(node, attributes))
        if "style" in attributes or tag in ("b", "strong", "pre"):
            leaves.append(self._enter_look(tag, attributes))
        enter = _entering.get(tag)
        if enter is not None:
            leaves.append(enter(self, node, attributes))
        return leaves

    def _leave_window(self) -> None:
        self._inside -= 1

    def _enter_look(self, tag: str, attributes: Attributes) -> Leave:
        flow, bold, verbatim = self._flow, self._flow.bold, self._verbatim
        weight = furniture.is_bold(tag, attributes)
        flow.bold = bold if weight is None else weight
        self._verbatim = verbatim or furniture.is_verbatim(tag, attributes)

        def leave() -> None:
            flow.bold, self._verbatim = bold, verbatim

        return leave

    def _enter_block(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._flow.cut()
        return self._flow.cut

    def _enter_heading(self, node: LexborNode, attributes: Attributes) -> Leave:
        tag = node.tag or ""
        said = int(tag[1]) if tag in _heading_tags else 2
        level = _number(attributes.get("aria-level"), said) if attributes.get("role") == "heading" else said
        self._flow.open_heading()
        return partial(self._flow.close_heading, min(max(level, 1), 6))

    def _enter_summary(self, node: LexborNode, attributes: Attributes) -> Leave:
        """What is said of `<details>` while they are closed is the heading of what they hold."""
        if node.css_first("h1, h2, h3, h4, h5, h6, [role=heading]") is not None or _is_within_heading(node):
            return self._enter_block(node, attributes)
        self._flow.open_heading()
        return partial(self._flow.close_heading, min(self._flow.level + 1, 6))

    def _enter_list(self, node: LexborNode, attributes: Attributes) -> Leave:
        counts = node.tag == "ol" and "none" not in furniture.list_style(attributes)
        backwards = "reversed" in attributes
        first = sum(child.tag == "li" for child in node.iter()) if backwards else 1
        opened = List(_number(attributes.get("start"), first), (-1 if backwards else 1) if counts else 0)
        opened.style = attributes.get("type") or "1"
        self._flow.open_list(opened)
        return self._flow.close_list

    def _enter_item(self, _node: LexborNode, attributes: Attributes) -> Leave:
        value = attributes.get("value")
        self._flow.open_item(_number(value, 1) if value else None)
        return self._flow.close_item

    def _enter_table(self, _node: LexborNode, attributes: Attributes) -> Leave:
        self._flow.open_table(attributes.get("role") in ("presentation", "none"))
        return self._flow.close_table

    def _enter_row(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._flow.open_row()
        return self._flow.cut

    def _enter_cell(self, node: LexborNode, attributes: Attributes) -> Leave:
        if not self._flow.open_cell():
            return self._flow.cut
        columns, rows = (_number(attributes.get(name), 1) for name in ("colspan", "rowspan"))
        header = node.tag == "th" or attributes.get("role") in ("columnheader", "rowheader")
        return partial(self._flow.close_cell, columns, rows or 65534, header)

    def _enter_link(self, _node: LexborNode, attributes: Attributes) -> Leave:
        outer, self._link = self._link, []

        def leave() -> None:
            text = tidy("".join(self._link or ()))
            href = attributes.get("href") or ""
            if text and not href.startswith("#") and len(self.links) < _most_links:
                address = resolved(self.address, href)
                self.links += [Link(text=text, address=address)] if address else []
            self._link = outer

        return leave

    def _enter_quote(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._put("“")
        return partial(self._put, "”")


_entering: dict[str, Callable[[Writer, LexborNode, Attributes], Leave]] = {
    **dict.fromkeys(block_tags, Writer._enter_block),
    **dict.fromkeys(_heading_tags, Writer._enter_heading),
    **dict.fromkeys(("ol", "ul", "menu", "dir"), Writer._enter_list),
    **dict.fromkeys(("td", "th"), Writer._enter_cell),
    "summary": Writer._enter_summary,
    "li": Writer._enter_item,
    "table": Writer._enter_table,
    "tr": Writer._enter_row,
    "a": Writer._enter_link,
    "q": Writer._enter_quote,
}


def _role(tag: str, attributes: Attributes) -> str:
    """What an element is by its role, where it is nothing by its tag."""
    return _roles.get(attributes.get("role") or "", tag) if tag in ("div", "span", "p") else tag


def _is_within_heading(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and parent.parent is not None and parent.parent.tag in _heading_tags


def _number(text: str | None, default: int) -> int:
    """A whole number of at most six digits, else the default: pages say anything."""
    said = (text or "").strip()
    return int(said) if said.removeprefix("-").isdecimal() and len(said) <= 6 else default
