"""Is another text of a policy the same policy in another region's edition? Pure.

Sites serve visitors of different regions different policies at one address. Such an edition names
another company as responsible and speaks of another region's law, and it states the same dates: a new
text of the same edition that changed as much would state a new one.
"""

from __future__ import annotations

import re
from collections import Counter

from monitor.text.dates import stated_dates

_laws = {
    "Europe": r"\bU?K? ?GDPR\b|\bRGPD\b|\bDS-?GVO\b|General Data Protection Regulation"
    r"|R[èe]glement g[ée]n[ée]ral sur la protection des donn[ée]es|Datenschutz-?Grundverordnung"
    r"|European Economic Area|Espace [ée]conomique europ[ée]en|Europäische[nr]? Wirtschaftsraum|\bEEA\b"
    r"|通用数据保护条例|一般資料保護規則",
    "California": r"\bCCPA\b|\bCPRA\b|California (?:Consumer )?Privacy|加州消费者隐私",
    "China": r"\bPIPL\b|Personal Information Protection Law of the People|个人信息保护法",
    "Brazil": r"\bLGPD\b|Lei Geral de Prote[çc][ãa]o",
    "Switzerland": r"\bFADP\b|\brevDSG\b|Federal Act on Data Protection",
    "India": r"\bDPDPA?\b|Digital Personal Data Protection Act",
}
_law_named = {region: re.compile(pattern, re.IGNORECASE) for region, pattern in _laws.items()}
_company = re.compile(
    r"(?:\b[A-Z][\w&.'-]{1,30},? ){1,4}(?:Inc|LLC|L\.L\.C|Ltd|Limited|GmbH|B\.V|Corp|SAS|S\.A|SE|AG|Pte|Pty|KK)\b"
    r"|[\u4e00-\u9fff]{2,16}(?:\([\u4e00-\u9fff]{2,6}\)|（[\u4e00-\u9fff]{2,6}）)?[\u4e00-\u9fff]{0,8}有限公司"
)


def is_other_edition(before: str, after: str) -> bool:
    """True where another company answers for the text, under other law, and the stated dates are the same."""
    companies = _companies(before), _companies(after)
    if not _swapped(*companies) or _regions(before) == _regions(after):
        return False
    return stated_dates(before) == stated_dates(after)


def _regions(text: str) -> frozenset[str]:
    return frozenset(region for region, pattern in _law_named.items() if pattern.search(text))


def _companies(text: str) -> Counter[str]:
    return Counter(found[0] for found in _company.finditer(text))


def _swapped(old: Counter[str], new: Counter[str]) -> bool:
    """The company named most in either text is not named in the other one at all."""
    if not old or not new:
        return False
    return _foremost(old) not in new and _foremost(new) not in old


def _foremost(named: Counter[str]) -> str:
    return max(named, key=lambda name: (named[name], name))
