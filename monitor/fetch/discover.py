"""Finds the policy of a site: is this page one, and if not, which of its links lead there?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from monitor.fetch import auto
from monitor.fetch.links import links, tree
from monitor.model import (
    Fault,
    FaultKind,
    Follow,
    Link,
    NotModified,
    Snapshot,
    SourceDocument,
    Stage,
    Validators,
)
from monitor.ports import Fetch, Kit

# What a policy is called where people link to it.
called = re.compile(
    r"隐私(?:权)?(?:保护)?(?:政策|声明|协议|条款|指引|通知)|隱私(?:權)?(?:保護)?(?:政策|聲明|條款)"
    r"|个人信息(?:保护|处理)(?:政策|规则|声明)|個人資料(?:保護|收集)(?:政策|聲明)"
    r"|privacy (?:policy|notice|statement)|data (?:protection|privacy) (?:policy|notice)"
    r"|プライバシー・?ポリシー|個人情報保護方針|개인정보\s?처리\s?방침"
    r"|datenschutz(?:erklärung|hinweise|bestimmungen)?"
    r"|politique de (?:confidentialité|protection des données)"
    r"|política de privacida(?:d|de)|informativa sulla privacy|privacyverklaring"
    r"|политика конфиденциальности",
    re.IGNORECASE,
)
about = re.compile(
    r"隐私|隱私|个人信息保护|privacy|プライバシー|개인정보|datenschutz|confidentialité|privacidad",
    re.IGNORECASE,
)
in_address = re.compile(r"privac|yinsi|yszc|datenschutz|data-?protection|gdpr", re.IGNORECASE)
aside = re.compile(
    r"儿童|未成年|兒童|child|kids|minor|cookie|设置|設定|settings|preferences|choices|候选人|招聘|candidate"
    r"|recruit|applicant|sdk|第三方|third.part|历史|archive|previous|摘要|简版|summary|news|新闻|blog"
    r"|opt.?out|do not sell",
    re.IGNORECASE,
)
substance = re.compile(
    r"个人信息|個人資料|personal (?:data|information)|個人情報|개인정보|personenbezogen", re.IGNORECASE
)
most_around = 12  # characters that a name may have around it, as in "Read our ... here"
_wide = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
enough_text = 1000  # Latin letters; one of these says as much as two
enough_mentions = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A link that may lead to the policy. The higher the score, the likelier; above 5 it is named so."""

    address: str
    text: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a page turned out to be: a policy itself (`is_policy`), or a place that links to some."""

    snapshot: Snapshot
    title: str
    is_policy: bool
    candidates: tuple[Candidate, ...]

    @property
    def follow(self) -> Follow | None:
        """How to watch the best candidate as a followed link, should its address change by version."""
        best = self.candidates[0] if self.candidates else None
        return Follow(text=best.text) if best and best.text else None


def discover(
    url: str, kit: Kit, document: SourceDocument | None = None, fetch: Fetch = auto.fetch
) -> Discovery | Fault:
    """Look at a page and say whether it is a policy and where it links to one.

    An address without a scheme is taken as https. `document` carries further options of the look.
    """
    location = url if "://" in url else f"https://{url}"
    source = SourceDocument(location=location)
    if document is not None:
        source = replace(document, location=location, follow=None)
    seen = fetch(source, Validators(), kit)
    if isinstance(seen, Fault):
        return seen
    assert not isinstance(seen, NotModified), "a look without validators is never 'not modified'"
    return examined(seen)


def examined(snapshot: Snapshot) -> Discovery | Fault:
    """What a fetched page is."""
    if snapshot.media_type not in ("text/html", "application/xhtml+xml", ""):
        return _document(snapshot)
    page = tree(snapshot)
    heading = page.css_first("h1")
    title = page.css_first("title")
    names = [" ".join(node.text().split())[:200] for node in (title, heading) if node is not None]
    page.strip_tags(["script", "style", "noscript", "template", "svg"])
    text = page.body.text(separator=" ") if page.body is not None else ""
    found = candidates(links(snapshot), snapshot.exchange.final_url)
    return Discovery(
        snapshot=snapshot,
        title=next(iter(names), ""),
        is_policy=is_policy(names, text),
        candidates=found,
    )


def _document(snapshot: Snapshot) -> Discovery | Fault:
    """A PDF or DOCX is what somebody linked to: it is taken as the policy. Others are none."""
    types = ("application/pdf", "text/plain", "text/markdown", "application/json")
    if snapshot.media_type in types or "wordprocessingml" in snapshot.media_type:
        return Discovery(snapshot=snapshot, title="", is_policy=True, candidates=())
    message = f"{snapshot.exchange.final_url} is {snapshot.media_type}: neither a page nor a document"
    return Fault(
        kind=FaultKind.NOT_A_POLICY,
        message=message,
        stage=Stage.FETCH,
        transient=False,
        exchange=snapshot.exchange,
    )


def is_policy(names: Iterable[str], text: str) -> bool:
    """Long enough, called a policy or full of its subject."""
    mentions = len(substance.findall(text))
    length = len("".join(text.split())) + len(_wide.findall(text))
    named = any(called.search(name) for name in names)
    return length >= enough_text and (
        mentions >= enough_mentions if named else mentions >= 4 * enough_mentions
    )


def candidates(found: Iterable[Link], here: str) -> tuple[Candidate, ...]:
    """Links that may lead to the policy, the likeliest first; one per address."""
    best: dict[str, Candidate] = {}
    for link in found:
        score = scored(link, here)
        known = best.get(link.address)
        if score > 0 and link.address != here and (known is None or known.score < score):
            best[link.address] = Candidate(address=link.address, text=link.text, score=score)
    return tuple(sorted(best.values(), key=lambda candidate: -candidate.score))


def scored(link: Link, here: str) -> int:
    """How likely a link leads to the policy: by its text, its address, and what speaks against it."""
    parts = urlsplit(link.address)
    path = unquote(f"{parts.path}?{parts.query}")
    score = 0
    if found := called.search(link.text):
        score += 8 if len(link.text) - len(found[0]) <= most_around else 5
    elif about.search(link.text):
        score += 3
    if in_address.search(path):
        score += 2
    if score and aside.search(f"{link.text} {path}"):
        score -= 4
    if score and (parts.hostname or "").split(".")[-2:] == (urlsplit(here).hostname or "").split(".")[-2:]:
        score += 1
    return score
