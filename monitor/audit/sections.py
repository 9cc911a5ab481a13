"""A text taken apart for judging: sentences with their section and their role. Pure.

Not every sentence is evidence. Headings, tables of contents, summaries, definitions, quotations of the
law and clauses about the software itself say what the policy talks about, not what it does with data:
they get a role of their own and are left out unless a signal asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from monitor.audit.evidence import Index, bits, fold
from monitor.model import Span
from monitor.text.blocks import Block, BlockKind, blocks
from monitor.text.sentences import sentences


class Role(StrEnum):
    """What a sentence is for; only `BODY` is evidence by itself."""

    BODY = "body"
    HEADING = "heading"
    CONTENTS = "contents"
    SUMMARY = "summary"
    DEFINITION = "definition"
    LAW = "law"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: it stands in the text at `span`; `block` counts the blocks, `row` marks a table row."""

    span: Span
    folded: str
    block: int
    role: Role
    section: tuple[str, ...] = ()
    row: bool = False


class Reading:
    """A text read for judging. `start` is where the privacy part begins, in characters."""

    def __init__(self, text: str, found: Sequence[Sentence], start: int = 0, agreement: bool = False) -> None:
        self.text = text
        self.sentences = tuple(found)
        self.start = start
        self.agreement = agreement
        self.index = Index([one.folded for one in found])

    def chapter(self, number: int) -> int:
        """The sentences under the same heading of the highest level as this one, as bits."""
        return self._chapters[self.sentences[number].section[:1]]

    @cached_property
    def _chapters(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for number, one in enumerate(self.sentences):
            found[one.section[:1]] = found.get(one.section[:1], 0) | 1 << number
        return found

    @cached_property
    def body(self) -> int:
        """The sentences that are evidence, as bits."""
        return self.with_role(Role.BODY)

    def with_role(self, *roles: Role) -> int:
        return bits(number for number, one in enumerate(self.sentences) if one.role in roles)

    @cached_property
    def opening(self) -> int:
        """The sentences of the first fifth of the privacy part, whatever their role."""
        limit = self.start + (len(self.text) - self.start) // 5
        inside = (
            number for number, one in enumerate(self.sentences) if self.start <= one.span.start <= limit
        )
        return bits(inside)

    @cached_property
    def sections(self) -> dict[str, int]:
        """Every section path, folded and one heading a line, with its sentences as bits."""
        found: dict[tuple[str, ...], int] = {}
        for number, one in enumerate(self.sentences):
            path = tuple(fold(heading) for heading in one.section)
            kept = tuple(heading for heading in path if not _title.match(heading))
            found[kept] = found.get(kept, 0) | (1 << number)
        return {"\n".join(path): inside for path, inside in found.items() if path}


# --------------------------------------------------------------------------- reading

_no_end = re.compile(r"[。；;！!？?，,：:.>＞→]")
_contents_lead = re.compile(
    r"(?:了解|包含|包括|涵盖|阐述|分为|如下|以下)[^。]{0,12}(?:以下|如下)?(?:内容|部分|章节|方面|要点)[^。]{0,6}[:：]?$"
    r"|^(?:目录|目 录|索引|contents|table of contents)[:：]?$|索引[^。]{0,12}[:：]$|目录[:：]?$"
    r"|(?:in this|this) (?:privacy )?(?:policy|notice)[^.]{0,40}:$",
    re.I,
)
_summary_heading = re.compile(
    r"摘要|概要|要点|概述|概览|简要|一览|简版|at a glance|in short|summary|highlights|key points", re.I
)
_summary_lead = re.compile(
    r"(?:要点|摘要|概要)(?:如下|包括|为)?[^。]{0,4}[:：。]$|(?:以下|下列)(?:是|为)[^。]{0,16}(?:要点|摘要|概要)"
)
_summary_end = re.compile(r"索引|目录|详细|详尽|了解以下|全文|正文|table of contents|full policy", re.I)
_summary_line = re.compile(
    r"(?:将|会|为|以)?(?:帮助?|便于|方便|使)您(?:充分|更好|详细|全面|清晰|清楚|进一步)?(?:地)?(?:详细|充分)?了解[^。]{0,160}(?:方式|措施|规则|内容|途径|管理|权利|处理|保护)"
    r"|(?:本|下)[^。]{0,8}(?:将|会)?(?:向您)?(?:说明|阐述|介绍|描述|告知)(?:了)?[^。]{0,12}如何(?:收集|处理|使用)[^。]{0,120}"
    r"|(?:通过|制定)本?[^。]{0,24}(?:向您)?(?:说明|阐述|介绍|告知)[^。]{0,24}如何[^。]{0,12}(?:收集|处理|使用)"
    r"|以及(?:我们)?为您提供的(?:访问|查阅|查询)[^。]{0,60}(?:方式|措施)"
    r"|this (?:privacy )?(?:policy|notice|statement) (?:explains|describes|tells|sets out|informs)",
    re.I,
)
_definition = re.compile(
    r"^(?:\d{1,2}[.、])?[^。:;,]{0,36}(?:(?:,)?(?:是指|系指|指的是|,指|:指|:是指))"
    r"|^(?:\d{1,2}[.、])?\"?(?:个人|敏感|儿童|未成年人|匿名化|去标识化|cookie|用户画像|单独同意|关联(?:公司|方))(?!信息的?(?:保存|存储|保留|收集|使用|处理|保护|安全|提供|共享))[^。:;]{0,18}\"?(?:是指|,指|:指|指|是以|是一旦|包括但不限于?|:)"
    r"|^[^。]{0,40}(?:能够单独或者?与其他信息结合|一旦泄露[、或]?[^。]{0,6}(?:非法|滥用))[^。]{0,200}"
    r"|^\"?[a-z][a-z \"-]{2,40} means "
)
_definition_place = re.compile(r"(?<!法)定义|名词|术语|关键词|词汇|专业词|释义|definitions?$|glossary", re.I)
_law = re.compile(
    r"本?定义(?:出自|引自|源自|来自)|引自《|(?:法|规范|条例|规定|办法)》第?[^。]{0,10}条?(?:规定|载明|明确)?[:：,，]?[“\"][^”\"]{12,}"
)
_contract = re.compile(
    r"知识产权|著作权|商标权|反向工程|反编译|商业秘密权"
    r"|(?:出租|租用|赠与|借用|售卖|转让)[、或](?:出租|租用|赠与|借用|售卖|转让).{0,12}账"
    r"|reverse engineer|intellectual property"
)
_title = re.compile(
    r"(?!.{0,40}(?:儿童|未成年|青少年|更新|修订|变更|如何|适用))"
    r".{0,30}(?:隐私|个人信息)[^\n]{0,12}(?:政策|指引|声明|协议|条款|须知|规则)(?:\(.{0,12}\))?[》\"]?$"
)
_subject = re.compile(
    r"收集|使用|共享|转让|披露|对外提供|委托|存储|保存|保护|安全|权利|管理您|访问|未成年|儿童|更新|修订|变更"
    r"|通知|联系|适用|cookie|个性化|跨境|转移|争议|定义",
    re.I,
)
_announces = re.compile(r"如何|哪些|怎样|什么|我们|您的|政策|cookie|how |what |your |our |we ", re.I)


_reach_of_label = 12  # an unmarked heading holds for so many blocks: it may be a link and no heading
_annex = re.compile(
    r"(?:附件?[一二\d]?[:：]? ?)?《? ?[^。]{0,20}(?:儿童|未成年人?|青少年)"
    r"[^。]{0,14}(?:政策|规则|声明|指引|须知)[^。]{0,8}》?$"
)


def read(text: str) -> Reading:
    """Take a text apart into sentences, each with its section and its role."""
    parts = blocks(text)
    kinds = _block_roles(parts, len(text))
    found: list[Sentence] = []
    label, labelled = "", 0
    annex: str | None = None
    base: tuple[str, ...] = ()
    above = base
    for number, (block, role) in enumerate(zip(parts, kinds, strict=True)):
        if block.section != base:
            base = above = block.section
        if block.kind is not BlockKind.HEADING and role is not Role.CONTENTS:
            after = _next_section(above, block)
            if after is not above:
                above, label = after, ""
                role = Role.HEADING if _is_short(block) else role
        if block.kind is BlockKind.HEADING or number - labelled > _reach_of_label:
            label = ""
        section = (*above, *([label] if label and label not in above else []))
        if role is Role.HEADING and block.kind is not BlockKind.HEADING:
            label, labelled, section = block.text.strip("* "), number, above
        if role is Role.HEADING and block.span.start * 3 > len(text) and _annex.match(block.text.strip("* ")):
            annex = block.text.strip("* ")
        if annex and annex not in section:
            section = (annex, *section)
        found.extend(_sentences(block, number, role, section))
    found = _with_summaries(found, len(text))
    agreement, start = _privacy_part(found)
    return Reading(text, found, start, agreement)


_ordinal = re.compile(
    r"(?P<open>第?)(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?P<close>[章条节部分]{1,2}|、|[.．](?!\d)|[:：])"
)
_numerals = {char: number for number, char in enumerate("一二三四五六七八九", 1)}
_longest_name = 32


def _numbered(line: str) -> tuple[str, int] | None:
    """How a line is numbered ("一、" or "8.") and which number it has, or None."""
    match = _ordinal.match(line.strip("*# "))
    if not match:
        return None
    digits = match["number"]
    style = f"{match['open']}{'0' if digits.isdecimal() else '一'}{match['close'].replace('．', '.')}"
    if digits.isdecimal():
        return style, int(digits)
    tens, _, ones = digits.rpartition("十")
    ten = 10 * _numerals.get(tens, 1) if "十" in digits else 0
    return style, ten + _numerals.get(ones, 0)


def _next_section(above: tuple[str, ...], block: Block) -> tuple[str, ...]:
    """The path after a block that carries the number next to an enclosing heading's, marked as one or not.

    A page may mark "8." as a heading and leave "9." a line of a list, or run a whole section on behind
    its heading: what follows no longer stands under "8.".
    """
    if block.kind is BlockKind.ROW:
        return above
    line = f"{block.marker}{block.text}"
    found = _numbered(line)
    if found is None:
        return above
    for depth in reversed(range(len(above))):
        known = _numbered(above[depth])
        if known and known[0] == found[0] and known[1] + 1 == found[1]:
            name = re.split(r"[:：，,。]", block.text.strip("* "), maxsplit=1)[0] or block.text
            start = "" if block.text.startswith(line[:1]) else block.marker
            return (*above[:depth], f"{start}{name}"[:_longest_name])
    return above


def _sentences(block: Block, number: int, role: Role, section: tuple[str, ...]) -> list[Sentence]:
    found = []
    row = block.kind is BlockKind.ROW
    spans = (Span(start=0, end=len(block.text)),) if row else sentences(block.text)
    for span in spans:
        piece = block.text[span.start : span.end]
        kept = piece.strip()
        if not kept:
            continue
        start = block.span.start + span.start + (len(piece) - len(piece.lstrip()))
        folded = fold(kept)
        place = role if role is not Role.BODY else _sentence_role(folded, section)
        found.append(Sentence(Span(start=start, end=start + len(kept)), folded, number, place, section, row))
    return found


def _sentence_role(folded: str, section: tuple[str, ...]) -> Role:
    if section and _definition_place.search(section[-1]):
        return Role.DEFINITION
    if _law.search(folded):
        return Role.LAW
    if _contract.search(folded):
        return Role.CONTRACT
    if _definition.search(folded):
        return Role.DEFINITION
    return Role.SUMMARY if _summary_line.search(folded) else Role.BODY


# --------------------------------------------------------------------------- roles of whole blocks


def _block_roles(parts: Sequence[Block], length: int) -> list[Role]:
    """HEADING, CONTENTS or BODY for every block, by shape and neighbours."""
    short = [_is_short(block) for block in parts]
    roles = [Role.HEADING if block.kind is BlockKind.HEADING else Role.BODY for block in parts]
    repeated = _repeated(parts, short)
    at = 0
    while at < len(parts):
        end = at
        while end < len(parts) and short[end]:
            end += 1
        if end - at >= 3:
            _mark_run(parts, roles, at, end, length, repeated)
        elif end > at:
            _mark_labels(parts, roles, at, end, short)
        at = max(end, at + 1)
    return roles


def _is_short(block: Block) -> bool:
    """A line that is no sentence: a heading, or a few words without any end mark."""
    if block.kind is BlockKind.ROW:
        return False
    return block.kind is BlockKind.HEADING or (
        len(block.text) <= 32 and not _no_end.search(block.text.strip("* "))
    )


def _repeated(parts: Sequence[Block], short: Sequence[bool]) -> frozenset[str]:
    """Short lines that stand in the text twice: once in a table of contents, once as a heading."""
    seen: dict[str, int] = {}
    for block, is_short in zip(parts, short, strict=True):
        if is_short:
            key = _bare(block.text)
            seen[key] = seen.get(key, 0) + 1
    return frozenset(key for key, times in seen.items() if times > 1 and len(key) > 3)


_number = re.compile(
    r"^(?:第?[一二三四五六七八九十\d]{1,3}[章条节部分]?[、.．:：)）\s]{0,2}|[（(][一二三四五六七八九十\d]{1,3}[)）])"
)


def _bare(line: str) -> str:
    return _number.sub("", fold(line))


def _mark_run(
    parts: Sequence[Block], roles: list[Role], at: int, end: int, length: int, repeated: frozenset[str]
) -> None:
    """Three or more short lines in a row: a table of contents, or the points of a list."""
    lines = [parts[number].text for number in range(at, end)]
    lead = parts[at - 1].text if at else ""
    announced = bool(_contents_lead.search(lead.strip("* "))) or any(
        _contents_lead.search(line.strip("* ")) for line in lines[:2]
    )
    known = sum(_bare(line) in repeated for line in lines) * 2 >= len(lines)
    asking = sum(bool(_announces.search(line)) for line in lines) * 2 >= len(lines)
    early = parts[at].span.start <= length * 0.3
    if announced or (early and (known or asking)):
        seen: set[str] = set()
        for number in range(at, end):
            again = _bare(parts[number].text) in seen
            roles[number] = Role.HEADING if again else Role.CONTENTS
            seen.add(_bare(parts[number].text))
        if end < len(parts) and parts[end - 1].kind is BlockKind.HEADING and not known:
            roles[end - 1] = Role.HEADING
        return
    levels = {parts[number].level for number in range(at, end - 1) if parts[number].kind is BlockKind.HEADING}
    for number in range(at, end):
        marked = parts[number].kind is BlockKind.HEADING and parts[number].marker.startswith("#")
        points = len(levels) == 1 and not _announces.search(parts[number].text)
        if not marked and (points or parts[number].kind is not BlockKind.HEADING):
            roles[number] = Role.BODY


def _mark_labels(parts: Sequence[Block], roles: list[Role], at: int, end: int, short: Sequence[bool]) -> None:
    """One or two short lines before a paragraph are its heading, marked or not."""
    for number in range(at, end):
        follows = number + 1 < len(parts)
        block = parts[number]
        leads = follows and parts[number + 1].kind is BlockKind.PARAGRAPH and not short[number + 1]
        named = block.kind is BlockKind.PARAGRAPH or (
            block.kind is BlockKind.ITEM
            and block.marker[:1].isdecimal()
            and (leads or _subject.search(block.text))
        )
        if named and follows and len(block.text) <= 24:
            roles[number] = Role.HEADING


# --------------------------------------------------------------------------- summaries, agreements


_first_clause = re.compile(r"1\.1(?!\d)|第一[章条部]")


def _with_summaries(found: Sequence[Sentence], length: int) -> list[Sentence]:
    """Mark as summary what a lead-in or a heading near the beginning announces as one."""
    result: list[Sentence] = []
    inside = ended = False
    for one in found:
        early = one.span.start <= length * 0.2
        ended = ended or bool(_first_clause.match(one.folded))
        ends = one.role in (Role.HEADING, Role.CONTENTS) or _summary_end.search(one.folded)
        if inside and (ends or not early):
            inside = False
        headed = (
            one.span.start <= length * 0.12
            and not ended
            and any(_summary_heading.search(heading) for heading in one.section)
        )
        if (inside or headed) and one.role is Role.BODY:
            result.append(_as(one, Role.SUMMARY))
        else:
            result.append(one)
        if early and one.role in (Role.BODY, Role.SUMMARY) and _summary_lead.search(one.folded):
            inside = True
    return result


def _as(one: Sentence, role: Role) -> Sentence:
    return Sentence(one.span, one.folded, one.block, role, one.section, one.row)


_agreement = re.compile(
    r"(?:用户|服务|使用|注册|会员)(?:使用|服务|许可)?(?:协议|条款)|terms of (?:service|use)|user agreement",
    re.I,
)
_privacy = re.compile(r"隐私|个人信息|privacy", re.I)
_privacy_heading = re.compile(
    r"隐私|个人信息|用户信息|信息(?:的)?(?:收集|保护|使用)|数据(?:保护|使用)"
    r"|privacy|personal (?:data|information)",
    re.I,
)


def _privacy_part(found: Sequence[Sentence]) -> tuple[bool, int]:
    """Whether the text is a user agreement, and where its privacy part begins."""
    head = " ".join(one.folded for one in found[:6])[:400]
    if not (match := _agreement.search(head)) or _privacy.search(head[: match.end() + 80]):
        return False, 0
    for one in found:
        if one.role is Role.HEADING and _privacy_heading.search(one.folded):
            return True, one.span.start
    return True, 0
