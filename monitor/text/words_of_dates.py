"""The words by which policies announce their dates, as data; and whose dates are not ours. Pure.

All patterns are written for lower-case text with plain digits and run in linear time.
"""

from __future__ import annotations

import re

_month_names = (
    "january jan janvier januar jänner enero gennaio janeiro januari ocak styczeń stycznia",
    "february feb février fevrier fev februar febrero febbraio fevereiro februari şubat luty lutego",
    "march mar mars märz maerz mrz marzo março marco maart mart marzec marca",
    "april apr avril avr abril aprile nisan kwiecień kwietnia",
    "may mai mayo maggio maio mei maj mayıs maja",
    "june jun juin juni junio giugno junho haziran czerwiec czerwca",
    "july jul juillet juil juli julio luglio julho temmuz lipiec lipca",
    "august aug août aout agosto augustus augusti ağustos sierpień sierpnia",
    "september sep sept septembre septiembre settembre setembro eylül wrzesień września",
    "october oct octobre okt oktober octubre ottobre outubro ekim październik października",
    "november nov novembre noviembre novembro kasım listopad listopada",
    "december dec décembre decembre dez dezember diciembre dicembre dezembro desember aralık grudzień "
    "grudnia",
)
months = {name: number for number, names in enumerate(_month_names, 1) for name in names.split()}


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


effective_words = _any(
    r"(?:正式|开始|開始|版本|协议|政策)?(?:生效|施行|实施|實施|启用|啟用)(?:及更新|更新)?(?:日期|时间"
    r"|時間|日)",
    r"(?:正式|开始|開始|立即|即时)?(?:生效|施行|实施|實施|启用|适用)(?:于|於|自|起)?",
    r"\b(?:effective|in effect|takes? effect|took effect|comes? into (?:force|effect)|in force|valid"
    r"|applicable)"
    r"(?: date| as of| from| since| on| starting| beginning){0,2}\b",
    r"\b(?:date effective|date d'effet|entrée en vigueur|en vigueur|applicable|gültig|wirksam|gilt|in "
    r"kraft(?: getreten)?|entrada en vigor|"
    r"en vigor|vigente|in vigore)(?: ab| seit| am| le| depuis le| à compter du| desde(?: el)?| dal)?\b",
    r"施行日|発効日|시행 ?(?:일자|일)",
)
updated_words = _any(
    r"(?:最近|最后|最後|最新|上次|本次|本版|版本)?(?:一次)?(?:更新|修订|修訂|修改|修正|改版|发布|發布"
    r"|公布|公佈|颁布|发表|版本)"
    r"(?:版本)?(?:的)?(?:日期|时间|時間|日)",
    r"(?:最近|最后|最後|最新|上次|末次)(?:一次)?(?:更新|修订|修訂|修改|修正|发布|發布|公布)(?:于|於|在"
    r"|至|自)?",
    r"(?:更新|修订|修訂|修改|修正|发布|發布|公布|公佈|颁布)(?:于|於|至)",
    r"\b(?:last|latest|most recent(?:ly)?) (?:date of )?"
    r"(?:updated?|modified|modification|revised|revision|amended|amendment|changed?|reviewed|edited"
    r"|posted|published)"
    r"(?: date)?(?: on| as of)?\b",
    r"\b(?:updated|revised|amended|modified|published|posted|issued|version dated|dated?)(?: on| as of)? ?:",
    r"\b(?:updated|revised|amended|modified|published|posted|issued) (?:on|as of)\b",
    r"\b(?:date of (?:the )?(?:last |latest )?(?:update|revision|modification|publication|issue|version)|"
    r"(?:revision|version|publication|issue|release|update) date|date (?:last )?(?:updated|revised"
    r"|modified|published|posted))\b",
    r"\b(?:dernière (?:mise à jour|modification|révision)|mise? à jour(?: le| du)?|date de (?:mise à "
    r"jour|publication)|"
    r"zuletzt (?:aktualisiert|geändert|überarbeitet)|letzte (?:aktualisierung|änderung|überarbeitung)"
    r"|stand(?=[: ])|"
    r"última (?:actualización|modificación|atualização)|ultimo aggiornamento|laatst (?:bijgewerkt|gewijzigd))"
    r"(?: am| le| el| vom| op)?",
    r"最終更新日?|最終改定日?|改定日|改訂日|制定日|최종 ?수정일?|개정 ?(?:일자|일)|공고 ?(?:일자|일)",
)
weak_words = _any(
    r"更新|修订|修訂|修改|发布|發布|公布|公佈|颁布|版本号?|版",
    r"\b(?:updated?|revised|revision|amended|published|posted|issued|version)\b",
)

sentence_end = re.compile(r"[。；;!?]|\.(?= [^\d]|$)")

# The name of the policy itself may stand in title marks; so may laws, which are then not ours.
own_document = re.compile(
    r"《[^《》]{0,40}(?:隐私|隱私|政策|协议|協議|条款|條款|声明|聲明|指引|规则|規則|须知|说明|告知|清单"
    r"|公约)[^《》]{0,20}》"
)
dates_of_others = _any(
    r"《[^《》]{1,60}(?:法|条例|規定|规定|办法|规范|標準|标准|决定|解释|指南)(?:\([^()]{0,20}\))?》",
    r"(?:网络安全法|数据安全法|个人信息保护法|民法典|gdpr|ccpa|cpra|lgpd)",
    r"\b(?:regulation \(e[cu]\)|directive \d|\bact of (?:19|20)\d\d|(?:protection|privacy|rights"
    r"|portability|security) act\b)",
    r"\b(?:previous|prior|former|earlier|old|archived?|superseded) (?:\w{1,12} ){0,2}(?:versions?"
    r"|polic(?:y|ies)|notices?|statements?|terms)\b",
    r"(?:旧版|舊版|历史版本|歷史版本|上一版|上个版本|前一版|此前版本|先前版本|原版本|旧版本|过往版本|往期)",
    r"(?:例如|比如|譬如|\be\.g\.|for example|such as|such that)",
)
