"""Runs of brief lines that lead somewhere and say nothing: tables of contents, menus of the site. Pure.

Two signs tell a menu. A table of contents repeats the headings of its own text; a menu of the site
names what every site has (careers, press, terms of use, 联系我们, languages to choose from). A list of
data or of recipients has neither: it is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from monitor.identity.pieces import Piece

_least_repeated = 4
_least_share = 1 / 3
_least_of_site = 4
_numbering = re.compile(r"^(?:\d{1,4}|第?[一二三四五六七八九十百]{1,4}[章条节部分]?)(?=\D)")


def without_menus(found: list[Piece], others: Sequence[Piece]) -> list[Piece]:
    """The same pieces, those that stand in a menu marked as soft; what states a date stays as it is.

    `others` are the pieces of the text they are compared with: its headings are headings here, too.
    """
    in_menu = {*_contents(found, _marked(others)), *_site_menus(found)}
    return [
        replace(piece, soft=True) if index in in_menu and not (piece.telling or piece.contact) else piece
        for index, piece in enumerate(found)
    ]


def _runs(found: Sequence[Piece], past_headings: bool) -> Iterator[range]:
    """Stretches of brief lines; marked headings end them unless they may be passed."""
    start = 0
    for index, piece in enumerate(found):
        if not piece.brief or (piece.marked and not past_headings):
            yield range(start, index)
            start = index + 1
    yield range(start, len(found))


# --------------------------------------------------------------------------- tables of contents


def _marked(found: Sequence[Piece]) -> frozenset[str]:
    return frozenset(_bare(piece) for piece in found if piece.marked)


def _contents(found: Sequence[Piece], headings: Set[str]) -> Iterator[int]:
    titles: dict[str, list[int]] = {}
    for index, piece in enumerate(found):
        if piece.brief and not piece.listed and (piece.marked or _opens_prose(found, index)):
            titles.setdefault(_bare(piece), []).append(index)
    for run in _runs(found, past_headings=False):
        repeated = {
            name
            for name in (_bare(found[index]) for index in run)
            if name in headings or any(place not in run for place in titles.get(name, ()))
        }
        if len(repeated) >= max(_least_repeated, _least_share * len(run)):
            yield from run


def _opens_prose(found: Sequence[Piece], index: int) -> bool:
    return index + 1 < len(found) and not found[index + 1].brief


def _bare(piece: Piece) -> str:
    return _numbering.sub("", piece.core)


_least_name = 4
_longest_joined = 2000


def names_of(found: Sequence[Piece]) -> frozenset[str]:
    """The headings of a text and the lines of its menus, without their numbers."""
    return frozenset(
        name
        for piece in found
        if piece.brief and (piece.heading or piece.soft) and len(name := _bare(piece)) >= _least_name
    )


def is_joined(core: str, names: Set[str]) -> bool:
    """True for a line that is nothing but two headings or more, run together: a menu without its lines."""
    if len(core) > _longest_joined:
        return False
    lengths = sorted({len(name) for name in names})
    reached = {0}
    for start in range(len(core)):
        if start in reached:
            reached |= {start + one for one in lengths if core[start : start + one] in names}
    return len(core) in reached and core not in names


# --------------------------------------------------------------------------- menus of the site


def _site_menus(found: Sequence[Piece]) -> Iterator[int]:
    """From the first word of a site's menu, with the heading over it, down to the end of the brief lines."""
    for run in _runs(found, past_headings=True):
        named = [index for index in run if _of_site.fullmatch(found[index].core)]
        if len({found[index].core for index in named}) >= _least_of_site:
            above = [index for index in run if found[index].marked and index < named[0]]
            yield from range(above[-1] if above else named[0], run.stop)


_of_site = re.compile(
    r"(?:about|aboutus|ourstory|ourteam|company|careers?|jobs|werehiring|blog|news|newsroom|press|media|investors?"
    r"|investorrelations|pricing|plans|partners|affiliates|developers?|documentation|docs|api|status|community|events"
    r"|helpcent(?:er|re)|help|support|faqs?|contact|contactus|login|signin|signup|register|getstarted|download|sitemap"
    r"|accessibility|imprint|legal|terms|termsof(?:use|service)|termsandconditions|privacy|privacypolicy|cookies"
    r"|cookie(?:policy|settings|preferences|notice)|managecookies|acceptableusepolicy|trustcent(?:er|re)"
    r"|compliance|casestudies|enterprise|solutions|features|integrations|templates|whatsnew|changelog|university"
    r"|yourprivacychoices|donotsell(?:orshare)?mypersonalinformation|productupdates|customers|customerstories|resources"
    r"|uberuns|karriere|stellenangebote|presse|kontakt|hilfe|impressum|agb|datenschutz|nutzungsbedingungen|preise|magazin"
    r"|apropos|carrieres?|emplois?|recrutement|aide|cgu|cgv|mentionslegales|politiquedeconfidentialite|tarifs"
    r"|politiquedecookies|gestiondescookies|plandusite|contactez?nous|accessibilite"
    r"|关于我们|联系我们|加入我们|人才招聘|招贤纳士|诚聘英才|帮助中心|客服中心|用户协议|服务协议|隐私政策|隐私权政策"
    r"|法律声明|网站地图|友情链接|首页|产品中心|下载中心|新闻中心|媒体报道|登录|注册|意见反馈|开放平台|广告服务|商务合作"
    r"|(?:english|deutsch|francais|espanol|italiano|portugues|nederlands|polski|svenska|dansk|norsk|suomi|turkce|cestina"
    r"|русскии|украінська|العربية|日本語|한국어|ไทย|tiengviet|bahasa\w{1,10}|हनद|简体中文|繁體中文|繁体中文|中文|chinese)"
    r"\w{0,24})"
)
