"""A text taken apart into the sentences that are compared, in a form that leaves only meaning. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from monitor.text.blocks import Block, BlockKind, blocks
from monitor.text.dates import date_words_in, dates_in, plain_line
from monitor.text.normal import is_prose, is_volatile, key_of_block, key_text, width


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, cell or label.

    `core` is what is compared, `shown` the words as they stand; `soft` pieces never count; `prose` ones
    say something in a sentence; `dated` ones state a date of the policy. `unaddressed` is the core without
    e-mail addresses, where `addresses` tells whether it has any that can be read. `brief` ones are lines
    that are no sentence, `listed` points of a list, `marked` headings that the page marks as such; `telling`
    ones announce a new text, `contact` ones say where to turn to, `idle` ones have no word of a policy's.
    """

    core: str
    unaddressed: str
    addresses: bool
    shown: str
    soft: bool
    prose: bool
    dated: bool
    heading: bool
    brief: bool
    listed: bool
    marked: bool
    telling: bool
    contact: bool
    idle: bool


def pieces(text: str, volatile: Set[str] = frozenset()) -> list[Piece]:
    """The pieces of a text in order, without what is volatile."""
    parts = blocks(text)
    lines = tuple(key_of_block(block) for block in parts) if volatile else ()
    return [
        piece
        for index, block in enumerate(parts)
        if not (volatile and lines[index] and is_volatile(lines, index, volatile))
        for words in _units(block)
        if (piece := _piece(words, block.kind, block.marker.startswith("#")))
    ]


_stop = re.compile(r"[。！？；]+[”’」』）)\]]*|(?:[.!?;]+[\"”’)\]]*|:)(?=\s)")
_least_unit = 40
_longest_row = 240


def _units(block: Block) -> list[str]:
    """A brief row whole, anything else sentence by sentence."""
    if block.kind is BlockKind.ROW:
        cells = block.text.strip().strip("|").split("|")
        if width(block.text) <= _longest_row:
            return [block.text]
        return [unit for cell in cells if cell.strip() for unit in _sentences(cell.strip())]
    return _sentences(block.text)


def _sentences(text: str) -> list[str]:
    """Sentences, brief ones joined to the next: "Art. 6" is none."""
    units, start = [], 0
    for stop in _stop.finditer(text):
        if width(text[start : stop.end()]) >= _least_unit:
            units.append(text[start : stop.end()])
            start = stop.end()
    rest = text[start:]
    if units and width(rest) < _least_unit:
        units[-1] += rest
        return units
    return [*units, rest]


@lru_cache(maxsize=4096)  # a look is held against a dozen texts that share nearly all of their sentences
def _piece(words: str, kind: BlockKind, marked: bool) -> Piece | None:
    core = bare = core_of(words)
    if not core:
        return None
    line = key_text(words)
    plain = plain_line(words)
    days, said = list(dates_in(plain)), {word.kind for word in date_words_in(plain)}
    short = width(line) < (90 if days and not _sentence_end.search(line) else 60)
    if short and said and days:
        core = " ".join([*sorted(said), *(_iso(found.day, found.precision) for found in days)])
    archive = len(days) >= 4 and 3 * sum(found.end - found.start for found in days) > len(plain)
    dated = bool(days) and not archive and (short or bool(said))
    label = short and not _figure.search(line) and (bool(said) or line.endswith(":"))
    brief = kind is not BlockKind.ROW and width(line) <= _longest_title and not _said.search(line)
    heading = kind is BlockKind.HEADING and (brief or not is_prose(line))
    telling = dated or bool(_announcement.search(plain))
    soft = archive or (not telling and (heading or label or _is_furniture(core, line)))
    addresses = bool(_email.search(words))
    return Piece(
        core=core,
        unaddressed=core_of(_email.sub(" ", words)) if addresses else bare,
        addresses=addresses,
        shown=line,
        soft=soft,
        prose=is_prose(line) or kind in {BlockKind.ITEM, BlockKind.ROW},
        dated=dated,
        heading=heading,
        brief=brief,
        listed=kind is BlockKind.ITEM,
        marked=marked,
        telling=telling,
        contact=addresses or bool(_figure.search(line) and _contact.search(line)),
        idle=kind is BlockKind.PARAGRAPH and _is_idle(line),
    )


_figure = re.compile(r"\d")
_contact = re.compile(
    r"(?:电话|热线|传真|手机|邮编|邮箱|地址|联系方式|\b(?:tel|telephone|phone|fax|hotline|address|adresse|postcode"
    r"|téléphone|telefon|anschrift|teléfono|dirección)) ?[.:(+]",
    re.IGNORECASE,
)
_longest_title = 120
_build = re.compile(r"(?:version|build|release|版本号?)?[ :]?v?\d{1,5}(?:\.\d{1,5}){3}", re.IGNORECASE)
_said = re.compile(r"[.!;。；]$|[.;。；!] ?(?=\w{2})")
_sentence_end = re.compile(r"[.!?]$")
_announcement = re.compile(
    r"\b(?:updat|chang|revis|modif)\w{0,5} (?:to |of |in )?(?:our|the|this|these) (?:\w{1,12} "
    r"){0,3}(?:polic|terms|notice|statement|agreement)"
    r"|(?:mis à jour|modifié) (?:notre|nos|la|les) (?:politique|conditions)|(?:datenschutz\w{0,12}|agb) "
    r"(?:\w{1,12} ){0,3}(?:geändert|aktualisiert)"
    r"|(?:更新|修订|修改|变更|调整)[^。，]{0,8}(?:隐私|政策|协议|条款|声明)|(?:隐私|政策|协议|条款"
    r"|声明)[^。，]{0,6}(?:更新|修订|修改|变更|调整)"
)


def _is_furniture(core: str, line: str) -> bool:
    words = line.casefold().split()
    if len(words) >= 8 and len(set(words)) <= 2:  # one word over and over: what a script measures fonts with
        return True
    if _build.fullmatch(line):
        return True
    return bool(_interface.fullmatch(core) or (width(line) < 200 and _imprint.search(line)))


_english = re.compile(r"\b(?:the|a|an|and|of|to|with|for|you|your|has|is|are|in)\b", re.IGNORECASE)
_of_policies = re.compile(
    r"[\d@]|\b(?:privac|polic|person|data|inform|collect|us(?:e|ing)|process|shar|disclos|consent|cookie|track|right|law"
    r"|legal|contact|term|agree|account|service|third|part(?:y|ies|ner)|notice|control|represent|offic|child|age|ret[ae]in"
    r"|retention|stor|secur|protect|transfer|devic|delet|eras|access|updat|chang|revis|amend|effect|appl|govern|question"
    r"|e-?mail|writ|request|may|might|must|shall|should|will|can|not|no|only|opt|provi|compan|business|sell|sold|advert"
    r"|market|analy|profil|purpose|regulat|author|complain|object|withdraw|user|custom|member|visitor|employ|limit|liab|our"
    r"|we|us)",
    re.IGNORECASE,
)


def _is_idle(line: str) -> bool:
    """An English sentence without a single word that policies are made of: a teaser beside the text."""
    return len(_english.findall(line)) >= 3 and not _of_policies.search(line)


# --------------------------------------------------------------------------- the form that is compared

_address = re.compile(r"(?:https?://|www\.)[^\s<>()\"'，。；、）]{1,2000}", re.IGNORECASE)
_hidden_email = re.compile(r"\[?e-?mail\s?protected\]?", re.IGNORECASE)
_email = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\[at\]|\(at\))\s?[\w-]{1,63}(?:(?:\.|\s?\[dot\]\s?"
    r"|\s?\(dot\)\s?)[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_spelled_out = re.compile(r"\s?(\[at\]|\(at\)|\[dot\]|\(dot\))\s?", re.IGNORECASE)
_host = re.compile(r"(?:https?://)?(?:www\.)?([^/?#:]{1,253})", re.IGNORECASE)
_nothing = re.compile(r"[^\w%$€£¥]+|_+")
_same_words = {
    ord("你"): "您",
    ord("妳"): "您",
    ord("帐"): "账",
    ord("ß"): "ss",
    ord("œ"): "oe",
    ord("æ"): "ae",
}


def core_of(words: str) -> str:
    """Words as they are compared: no case, accents, punctuation or spaces; dates in one form, links by host.

    E-mail addresses that the page hides from machines are left out: they come and go.
    """
    plain = unicodedata.normalize("NFKC", words)
    plain = _spelled_out.sub("", _hidden_email.sub(" ", plain))
    plain = _address.sub(_host_of, plain)
    plain = _with_iso_dates(plain).casefold().translate(_same_words)
    bare = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    return _nothing.sub("", unicodedata.normalize("NFC", bare))


def _host_of(found: re.Match[str]) -> str:
    match = _host.match(found[0])
    return f" {match[1]} " if match else " "


def _with_iso_dates(line: str) -> str:
    plain = plain_line(line)
    for found in reversed(list(dates_in(plain))):
        line = f"{line[: found.start]} {_iso(found.day, found.precision)} {line[found.end :]}"
    return line


def _iso(day: date, precision: str) -> str:
    return f"{day:%Y%m%d}" if precision == "day" else f"{day:%Y%m}"


# --------------------------------------------------------------------------- words of the user interface

_interface = re.compile(
    r"(?:read|learn|see|view|show|find)(?:more|all|less|details|outmore|here)?|more|less|print"
    r"|print(?:this)?(?:page)?"
    r"|(?:printand)?(?:save|download)(?:as)?(?:a)?(?:pdf)?|pdf|share|copy(?:link)?|back(?:totop)?"
    r"|(?:goto)?top|totop|menu|close|open"
    r"|search|next|previous|prev|home|skipto(?:main)?content|loading|pleasewait|tryagain|retry"
    r"|accept(?:all)?(?:cookies)?|decline|reject(?:all)?"
    r"|login|logout|signin|signup|register|contactus|contact|help|faq|support|language|english|francais"
    r"|deutsch|espanol|expandall|collapseall"
    r"|tableofcontents|contents|onthispage|summary|overview|ok|yes|no|edit|feedback|wasthis(?:page"
    r"|article)?helpful|updates?available"
    r"|(?:en)?savoirplus|afficherplus|voirplus|imprimer|imprimeretenregistrerenformatpdf|partager|fermer"
    r"|rechercher|suivant|precedent|accueil"
    r"|retourenhaut|revenirenhaut|hautdepage|reessayer|sommaire|seconnecter|afficherlaversionimprimable"
    r"|voirlaversionimprimable"
    r"|mehr(?:erfahren|anzeigen)?|drucken|teilen|schliessen|suche|weiter|zuruck|nachoben|startseite"
    r"|anmelden|inhalt(?:sverzeichnis)?"
    r"|leermas|vermas|imprimir|compartir|cerrar|buscar|siguiente|anterior|inicio|volverarriba"
    r"|首页|返回(?:顶部|首页|上一页)?|上一[页篇]|下一[页篇]|更多|查看更多|了解更多|点击查看"
    r"|展开(?:全部)?|收起|打印(?:本页)?|下载|分享|复制链接|搜索|登录|注册"
    r"|关闭|确定|取消|同意|不同意|目录|菜单|加载中|请稍候|重试|回到顶部|联系我们|帮助(?:中心)?|反馈"
    r"|关于我们|全部"
)
_imprint = re.compile(
    r"\u00a9|\(c\) ?(?:19|20)\d\d|copyright|all rights reserved|tous droits réservés|alle rechte "
    r"vorbehalten|版权所有|copyleft"
    r"|icp备|icp证|公网安备|京icp|增值电信业务经营许可证",
    re.IGNORECASE,
)
