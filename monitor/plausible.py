"""Is this reading the policy, or a wall, a login, an error page, another language, half a text? Pure.

What is found implausible becomes a `Fault` and never a version. Each question is a function that gives
the kind and the reason, or None; they are asked in order, from the surest down. Words are only held
against a text that is short or speaks of nothing a policy speaks of: a policy may mention captchas,
log-ins and pages not found as much as it likes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from monitor.model import Fault, FaultKind, Reading, Snapshot, Stage, Target
from monitor.text.blocks import Block, BlockKind, blocks
from monitor.text.language import kin
from monitor.text.normal import key_text

_short = 1500
_wide_factor = 2.5
"""A Chinese character says about as much as two and a half Latin letters."""

_least_share = 0.2
_stands_alone = 1500
_han = re.compile(r"[\u3400-\u9fff\uac00-\ud7af\u3041-\u30ff]")


@dataclass(frozen=True)
class _Case:
    """A reading with what the questions ask of it again and again."""

    reading: Reading
    target: Target

    @cached_property
    def weight(self) -> float:
        """Length in Latin letters' worth."""
        return len(self.reading.text) + (_wide_factor - 1) * len(_han.findall(self.reading.text))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return blocks(self.reading.text)

    @cached_property
    def policy_words(self) -> int:
        """How many different words of policies stand in the text."""
        return len({match[0].lower() for match in _policy_words.finditer(self.reading.text[:40_000])})

    @cached_property
    def opening(self) -> str:
        """Title and the first blocks, where an error page says what it is."""
        head = " \n".join(block.text[:200] for block in self.blocks[:8])
        return f"{self.reading.title or ''} \n{head}"[:1600]

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The pages as sent, as far as ASCII goes: markers of walls are ASCII."""
        return tuple(
            one.content[:400_000].decode("ascii", "ignore").lower() for one in self.reading.snapshots
        )

    @property
    def is_brief(self) -> bool:
        return self.weight < _short

    @property
    def has_shrunk(self) -> bool:
        latest = self.target.latest
        return latest is not None and len(self.reading.text) < 0.6 * latest.length

    @property
    def reads_like_a_policy(self) -> bool:
        return self.policy_words >= 6 and self.weight >= _stands_alone


Doubt = tuple[FaultKind, str]


def assess(reading: Reading, target: Target) -> Fault | None:
    """Why this reading cannot be the policy, or None where it may be."""
    case = _Case(reading, target)
    for question in _questions:
        if doubt := question(case):
            return _fault(reading, *doubt)
    return None


def _fault(reading: Reading, kind: FaultKind, message: str) -> Fault:
    first: Snapshot | None = next(iter(reading.snapshots), None)
    return Fault(
        kind=kind,
        message=message,
        stage=Stage.PLAUSIBLE,
        exchange=first.exchange if first else None,
        content=first.content if first else b"",
    )


# --------------------------------------------------------------------------- the questions


def _machine_answer(case: _Case) -> Doubt | None:
    """A JSON document where a page was asked for: an error of the server's own making."""
    for document, snapshot in zip(case.target.declaration.documents, case.reading.snapshots, strict=False):
        if document.extractor == "json" or document.json_path:
            continue
        body = snapshot.content[:100_000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if body[:1] in (b"{", b"[") and _is_json(snapshot.content):
            return (
                FaultKind.SUSPECT_NOT_HTML,
                f"a page was asked for, JSON came: {body[:80].decode('utf-8', 'replace')}",
            )
    return None


def _is_json(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict | list)
    except (ValueError, RecursionError):
        return False


def _wall(case: _Case) -> Doubt | None:
    if case.reads_like_a_policy:
        return None
    if match := _wall_words.search(case.opening):
        return FaultKind.SUSPECT_WALL, f"a bot wall answered: {match[0]!r}"
    if case.is_brief and case.policy_words < 3:
        for source in case.sources:
            if match := _wall_marks.search(source):
                return FaultKind.SUSPECT_WALL, f"a bot wall answered: the page carries {match[0]!r}"
    return None


def _login(case: _Case) -> Doubt | None:
    if case.reads_like_a_policy or not case.is_brief:
        return None
    asks = any(_password_field.search(source) for source in case.sources)
    sent_to = next((urlsplit(url).path for url in _final_urls(case) if _login_path.search(url)), None)
    named = _login_words.search(case.opening[:400])
    if (asks and named) or (asks and case.policy_words < 3) or (sent_to and named):
        return FaultKind.SUSPECT_LOGIN, "a log-in page answered" + (f" at {sent_to}" if sent_to else "")
    return None


def _final_urls(case: _Case) -> list[str]:
    """Where the looks ended, of those that did not end where they were meant to."""
    return [
        snapshot.exchange.final_url
        for snapshot in case.reading.snapshots
        if snapshot.exchange.final_url != snapshot.exchange.url
    ]


def _gone(case: _Case) -> Doubt | None:
    """A page that says in a 200 answer that there is no such page, or that the document could not be had."""
    if case.has_shrunk and (match := _gone_words.search(case.reading.text[:20_000])):
        return FaultKind.SUSPECT_SOFT_404, f"much of the text is gone, and the page says {match[0]!r}"
    if case.reads_like_a_policy:
        return None
    if match := _gone_title.search(case.reading.title or ""):
        return FaultKind.SUSPECT_SOFT_404, f"the page calls itself {match[0]!r}"
    if (match := _gone_words.search(case.opening)) and (case.is_brief or case.policy_words < 5):
        return FaultKind.SUSPECT_SOFT_404, f"the page says {match[0]!r}"
    return None


def _broken(case: _Case) -> Doubt | None:
    """An error of the server or of its application in a 200 answer."""
    if case.reads_like_a_policy or not case.is_brief:
        return None
    if match := _broken_words.search(case.opening):
        return FaultKind.SUSPECT_SOFT_404, f"the page reports a failure: {match[0]!r}"
    return None


def _empty(case: _Case) -> Doubt | None:
    """Nothing, or nearly nothing: either scripts have yet to write the page or it is blank."""
    least = case.target.declaration.minimum_length
    if len(case.reading.text.strip()) >= min(least, 200) or case.weight >= max(least, 200):
        return None
    if case.weight < 400 and any(_needs_scripts(source) for source in case.sources):
        return FaultKind.NEEDS_BROWSER, "the page holds no text before its scripts have run"
    if not case.reading.text.strip():
        return FaultKind.EMPTY, "the page holds no text"
    return FaultKind.SUSPECT_SHORT, f"{len(case.reading.text.strip())} characters are no policy"


def _needs_scripts(source: str) -> bool:
    """A shell for scripts: it asks for JavaScript, or it has a mount point and scripts and little else."""
    if "<script" not in source:
        return False
    return bool(_asks_for_scripts.search(source) or _mount_point.search(source))


def _too_short(case: _Case) -> Doubt | None:
    latest = case.target.latest
    if latest is None or case.reads_like_a_policy:
        return None
    if len(case.reading.text) < _least_share * latest.length:
        share = 100 * len(case.reading.text) // latest.length
        return (
            FaultKind.SUSPECT_SHORT,
            f"only {share} % of the length of the last version ({latest.length} characters)",
        )
    return None


def _other_language(case: _Case) -> Doubt | None:
    latest = case.target.latest
    wanted = case.target.declaration.language or (latest.language if latest else None)
    if kin(case.reading.language, wanted):
        return None
    return FaultKind.SUSPECT_LANGUAGE, f"the text is in {case.reading.language!r}, expected was {wanted!r}"


def _not_a_policy(case: _Case) -> Doubt | None:
    """A brief text, or one where another address answered, without the words that every policy has."""
    if case.policy_words >= 3 or not (case.is_brief or _sent_home(case)):
        return None
    if not kin(case.reading.language, "en") and not kin(case.reading.language, "zh"):
        return None
    return FaultKind.NOT_A_POLICY, "the text has none of the words that policies are made of"


def _sent_home(case: _Case) -> bool:
    return any(urlsplit(url).path in {"", "/"} for url in _final_urls(case))


def _incomplete(case: _Case) -> Doubt | None:
    """A table of contents whose last sections are missing, or a much shorter text that stops in "
    "mid-sentence."""
    latest = case.target.latest
    if latest is not None and len(case.reading.text) >= 0.95 * latest.length:
        return None
    if missing := _missing_sections(case.blocks):
        listed = ", ".join(repr(name) for name in missing[:3])
        return FaultKind.SUSPECT_INCOMPLETE, f"sections of its own table of contents are missing: {listed}"
    if latest is not None and len(case.reading.text) < 0.7 * latest.length and _stops_short(case.blocks):
        return (
            FaultKind.SUSPECT_INCOMPLETE,
            f"the text stops in mid-sentence: …{case.blocks[-1].text[-40:]!r}",
        )
    return None


def _missing_sections(parts: tuple[Block, ...]) -> list[str]:
    """The last entries of a table of contents, where the first ones have their section and these have not."""
    contents = _contents(parts)
    if len(contents) < 4:
        return []
    last = contents[-1][0]
    later = {_bare(block.text) for block in parts[last + 1 :]}
    present = [_bare(name) in later for _, name in contents]
    if not present[0] or not present[1] or present[-1]:
        return []
    missing = len(present) - 1 - max(index for index, here in enumerate(present) if here)
    return [name for _, name in contents[-missing:]] if missing >= 2 and all(present[:-missing]) else []


def _contents(parts: tuple[Block, ...]) -> list[tuple[int, str]]:
    """The first run of at least four brief entries near the top, as (index, text)."""
    run: list[tuple[int, str]] = []
    for index, block in enumerate(parts[:80]):
        brief = block.kind in {BlockKind.ITEM, BlockKind.HEADING} and len(block.text) <= 80
        if brief and (not run or parts[run[-1][0]].kind is block.kind):
            run.append((index, block.text))
        elif len(run) >= 4:
            return run
        else:
            run = [(index, block.text)] if brief else []
    return run


_numbering = re.compile(
    r"^(?:第?[一二三四五六七八九十百\d]{1,4}[章条节部分、.．)）:： ]{1,3}"
    r"|[(（][一二三四五六七八九十\d]{1,3}[)）])+"
)


def _bare(line: str) -> str:
    """A heading without its numbering, as it is compared."""
    return key_text(_numbering.sub("", line.strip("* \u3000"))).casefold()


def _stops_short(parts: tuple[Block, ...]) -> bool:
    if not parts or parts[-1].kind in {BlockKind.HEADING, BlockKind.ROW}:
        return False
    last = parts[-1].text.rstrip("*_ ")
    return (
        len(last) > 60
        and bool(re.search(r"[\w,，、(（]$", last))
        and not re.search(r"\d{2,4}$|日$|@|www\.|https?:", last[-40:])
    )


_questions: tuple[Callable[[_Case], Doubt | None], ...] = (
    _machine_answer,
    _wall,
    _gone,
    _login,
    _broken,
    _empty,
    _too_short,
    _other_language,
    _not_a_policy,
    _incomplete,
)

# --------------------------------------------------------------------------- the words


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_policy_words = _any(
    r"privacy|personal (?:data|information)|data (?:protection|subject|controller)|cookies?|consent"
    r"|third part(?:y|ies)",
    r"collect(?:s|ed|ion)?|disclos(?:e|ure)|retain|retention|processing|your rights|opt[- ]out|terms"
    r"|agreement|liabilit(?:y|ies)",
    r"隐私|隱私|个人信息|個人資料|个人数据|收集|使用目的|共享|第三方|同意|权利|權利|保护|保護|条款|條款"
    r"|协议|協議|用户|用戶|服务|撤回|注销|存储|儲存",
    r"données|confidentialité|vie privée|traitement|consentement|droits|conservation|datenschutz"
    r"|personenbezogen\w{0,4}|verarbeitung"
    r"|einwilligung|rechte|datos|privacidad|tratamiento|consentimiento|derechos|dati personali"
    r"|trattamento|consenso|dados|persoonsgegevens"
    r"|verwerking|nutzung|dritte|tiers|terceros",
)
_wall_words = _any(
    r"just a moment\.\.\.|attention required!|checking (?:your browser|if the site connection is secure)"
    r"|verif(?:y|ying) (?:that )?you are (?:a )?human",
    r"enable javascript and cookies to continue|pardon our interruption|access (?:to this page has been "
    r")?denied|you have been blocked",
    r"request unsuccessful\. incapsula|unusual traffic|are you a robot|not a robot|press & hold|ddos "
    r"protection|security check",
    r"(?:complete|solve) the (?:captcha|security check)|request blocked|the request could not be "
    r"satisfied|bot detection",
    r"滑动验证|滑块验证|安全验证|访问验证|人机验证|验证码|请完成验证|拖动滑块|访问(?:过于|太)?频繁"
    r"|请求(?:过于|太)频繁|访问被拒绝|访问受限|请求被拦截|您的访问被阻断|异常流量|网站防火墙"
    r"|正在检测您的浏览器",
)
_wall_marks = _any(
    r"cf-chl-|cf_chl_opt|/cdn-cgi/challenge-platform|_incapsula_resource|distil_r_captcha|px-captcha"
    r"|perimeterx|datadome",
    r"captcha-delivery|g-recaptcha|h-captcha|hcaptcha\.com|aliyun_waf|acw_sc__v2|_waf_|geetest|nc_token"
    r"|tcaptcha|yidun|akam/\d|ak_bmsc",
    r"awswafcookie|aws-waf-token|challenge\.js",
)
_password_field = re.compile(r"<input[^>]{0,300}type\s{0,3}=\s{0,3}[\"']?password")
_login_path = re.compile(
    r"/(?:log-?in|sign-?in|sso|passport|auth|session)\b|[/.]passport\.|//(?:login|passport|sso|auth)\.",
    re.IGNORECASE,
)
_login_words = _any(
    r"\b(?:log|sign) ?in\b|\blogin\b",
    r"登录|登入|请先登录|扫码登录|账号登录|密码登录|connexion|anmelden|einloggen|iniciar sesión",
)
_gone_title = _any(
    r"\b404\b|\b410\b|not found|page (?:not found|unavailable|missing)|error 40\d",
    r"页面不存在|网页不存在|找不到(?:页面|网页|该页)|页面(?:未找到|丢失|走丢|飞走)|无法找到|出错了"
    r"|页面错误|頁面不存在",
    r"page (?:introuvable|non trouvée)|seite nicht gefunden|página no encontrada|pagina niet gevonden"
    r"|pagina non trovata",
)
_gone_words = _any(
    r"(?:page|document|url|content|file|resource|link|address)(?: \w{1,12}){0,6} (?:(?:was|is|were|could"
    r"|can|does|do)(?: ?not|n['’]t)(?: be)? (?:found|exist|available)|cannot be found|no longer "
    r"(?:exists?|available)|not (?:found|available))",
    r"(?:we (?:can['’]?t|cannot|could(?: not|n['’]t)) (?:seem to )?find (?:the|that|this|what))|\b404\b"
    r"|(?:oops|sorry)[^.\n]{0,30}(?:page|broken|wrong|find)",
    r"(?:页面|网页|内容|文章|文件|链接|地址|协议)[^。\n]{0,12}(?:不存在|找不到|未找到|已删除|已被删除"
    r"|已下线|已失效|不见了|走丢了|飞走了|丢失|已过期)",
    r"(?:找不到|未找到|无法找到|没有找到)[^。\n]{0,10}(?:页面|网页|内容|文章|文件|协议)|页面出错"
    r"|访问的页面出错",
    r"(?:page|contenu)[^.\n]{0,40}(?:introuvable|n['’]existe (?:pas|plus))|seite[^.\n]{0,40}(?:nicht "
    r"gefunden|existiert nicht)|página[^.\n]{0,30}no (?:encontrada|existe)",
)
_broken_words = _any(
    r"internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|under "
    r"maintenance|scheduled maintenance|be right back",
    r"something went wrong|an (?:unexpected )?error (?:has )?occurred|application error|temporarily "
    r"(?:unavailable|down)|too many requests",
    r"服务器(?:内部)?错误|系统(?:繁忙|错误|异常|维护|升级)|网络(?:异常|错误|繁忙)|服务(?:暂时)?不可用"
    r"|请稍后(?:再试|重试)|正在维护|加载失败|请求失败|参数错误",
)
_asks_for_scripts = _any(
    r"<noscript[^>]{0,100}>[^<]{0,40}(?:<[^>]{1,200}>[^<]{0,40}){0,4}(?:enable|need|require|turn on"
    r"|without|doesn't work)[^<]{0,60}(?:javascript)?",
    r"you need to enable javascript|please enable javascript",
)
_mount_point = re.compile(
    r"<(?:div|main|section|app-root)[^>]{0,80}id\s{0,2}=\s{0,2}[\"']?(?:app|root|__next|__nuxt"
    r"|ice-container|main|container|mount"
    r"|react-root)\b[^>]{0,80}>\s{0,20}(?:<!--[^>]{0,60}-->\s{0,20})?</"
    r"|<app-root"
)
