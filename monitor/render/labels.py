"""The words that people read, in Chinese and English, for the words of the model. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from monitor.model import AlertKind, Cause, Confidence, Direction, Flag, Nature, Topic, Verdict

Language = Literal["zh", "en"]

most_topics = 4

kinds: Mapping[AlertKind, tuple[str, str]] = {
    AlertKind.CHANGE: ("政策变更", "policy changed"),
    AlertKind.RETURN: ("恢复旧版", "earlier text is back"),
    AlertKind.BASELINE: ("开始监测", "watching"),
    AlertKind.UNREACHABLE: ("无法读取", "cannot be read"),
    AlertKind.SUSPECT: ("内容可疑", "suspicious content"),
    AlertKind.RECOVERED: ("恢复正常", "can be read again"),
    AlertKind.REMOVED: ("页面已移除", "page removed"),
    AlertKind.MOVED: ("地址变更", "moved"),
    AlertKind.FLAPPING: ("版本反复", "two texts in turn"),
    AlertKind.DOCUMENT: ("文件变更", "document changed"),
    AlertKind.EFFECTIVE: ("已到生效日", "in effect"),
    AlertKind.CHANNEL_FAILING: ("通知渠道", "alert channel"),
    AlertKind.STORAGE: ("存储故障", "storage trouble"),
    AlertKind.AWAY: ("监测中断", "monitor was away"),
    AlertKind.OWN_FAULT: ("疑似误报", "probably our own fault"),
    AlertKind.DIGEST: ("每周报告", "weekly report"),
    AlertKind.TEST: ("测试消息", "test"),
}
verdicts: Mapping[Verdict, tuple[str, str]] = {
    Verdict.MET: ("满足", "met"),
    Verdict.PARTLY: ("部分满足", "partly"),
    Verdict.RESTRICTED: ("有限制", "restricted"),
    Verdict.DENIED: ("被否定", "denied"),
    Verdict.NOT_FOUND: ("未找到", "not found"),
    Verdict.NOT_APPLICABLE: ("不适用", "not applicable"),
    Verdict.FLAGGED: ("需注意", "flagged"),
    Verdict.CLEAR: ("未见问题", "clear"),
    Verdict.NOT_STATED: ("未说明", "not stated"),
    Verdict.REVIEW: ("需人工复核", "needs review"),
}
confidences: Mapping[Confidence, tuple[str, str]] = {
    Confidence.STRONG: ("多处依据", "two independent quotes"),
    Confidence.SINGLE: ("单处依据", "one quote"),
    Confidence.WEAK: ("依据较弱", "weak evidence"),
}
flags: Mapping[Flag, tuple[str, str]] = {
    Flag.SILENT_CHANGE: ("未更新日期的静默变更", "silent change: the stated date did not move"),
    Flag.BACK_DATED: ("日期倒签", "back-dated"),
    Flag.SHORT_NOTICE: ("提前告知时间短", "short notice"),
    Flag.DATE_ANOMALY: ("日期异常", "odd dates"),
}
topics: Mapping[Topic, tuple[str, str]] = {
    Topic.COLLECTION: ("收集的信息", "data collected"),
    Topic.PURPOSE: ("处理目的", "purpose"),
    Topic.PROFILING: ("画像与自动化决策", "profiling"),
    Topic.ADVERTISING: ("广告与个性化推荐", "advertising"),
    Topic.SHARING: ("共享与对外提供", "sharing"),
    Topic.CROSS_BORDER: ("跨境传输", "cross-border"),
    Topic.RETENTION: ("保存期限", "retention"),
    Topic.SECURITY: ("安全", "security"),
    Topic.RIGHTS: ("个人权利", "rights"),
    Topic.MINORS: ("未成年人", "minors"),
    Topic.COOKIES: ("Cookie 与 SDK", "cookies and SDKs"),
    Topic.CONSENT: ("同意", "consent"),
    Topic.CONTACT: ("联系方式", "contact"),
    Topic.DATES: ("日期", "dates"),
}
directions: Mapping[Direction, tuple[str, str]] = {
    Direction.SOFTER: ("义务减轻或权利削弱", "softer duty or weaker right"),
    Direction.HARDER: ("义务加重或权利增强", "harder duty or stronger right"),
    Direction.UNCLEAR: ("方向不明", "direction unclear"),
}
natures: Mapping[Nature, tuple[str, str]] = {
    Nature.COSMETIC: ("形式", "cosmetic"),
    Nature.MOVED: ("移动", "moved"),
    Nature.WORDING: ("措辞", "wording"),
    Nature.SUBSTANTIVE: ("实质", "substantive"),
}
facts: Mapping[str, tuple[str, str]] = {
    "period": ("期限", "period"),
    "age": ("年龄", "age"),
    "amount": ("金额", "amount"),
    "address": ("地址", "address"),
    "email": ("邮箱", "e-mail"),
    "phone": ("电话", "phone"),
    "url": ("链接", "link"),
    "company": ("公司", "company"),
    "data type": ("信息类型", "data type"),
    "permission": ("权限", "permission"),
    "sdk": ("第三方", "third party"),
    "date": ("日期", "date"),
    "recipient": ("接收方", "recipient"),
    "right": ("权利", "right"),
    "place": ("地点", "place"),
}
periods: Mapping[str, tuple[str, str]] = {
    "retention": ("保存期限", "retention"),
    "deletion": ("删除时限", "deletion"),
    "response": ("答复时限", "response"),
    "notice": ("提前告知", "notice"),
}
added, removed = ("新增", "added"), ("移除", "removed")
forms: Mapping[str, tuple[str, str]] = {
    "changed": ("修改", "changed"),
    "added": ("新增", "added"),
    "removed": ("删除", "removed"),
    "moved": ("移动", "moved"),
    "moved and changed": ("移动并修改", "moved and changed"),
    "split": ("拆分", "split"),
    "merged": ("合并", "merged"),
}
causes: Mapping[Cause, tuple[str, str]] = {
    Cause.FIRST_RECORD: ("首次记录", "first record"),
    Cause.CHANGE: ("变更", "change"),
    Cause.TECHNICAL_UPGRADE: ("技术升级", "technical upgrade"),
    Cause.RETURN: ("恢复旧版", "return"),
    Cause.COSMETIC: ("排版变化", "cosmetic"),
}
significances: tuple[tuple[str, str], ...] = (
    ("仅排版", "cosmetic"),
    ("一般", "minor"),
    ("重要", "notable"),
    ("重大", "major"),
)
words: Mapping[str, tuple[str, str]] = {
    "version": ("版本", "Version"),
    "seen": ("首次发现", "First seen"),
    "updated": ("自称更新日期", "Stated update"),
    "effective": ("自称生效日期", "Stated effective date"),
    "not stated": ("未说明", "not stated"),
    "was": ("原为", "was"),
    "page": ("页面", "Page"),
    "audit": ("审核变动", "Audit movement"),
    "worse": ("变差", "worse"),
    "better": ("变好", "better"),
    "moved": ("有变动", "moved"),
    "before": ("旧", "Before"),
    "after": ("新", "After"),
    "no quote": ("（无引文）", "(no quote)"),
    "changes": ("条款变化", "What changed"),
    "more": ("另有 {} 处变化", "and {} more"),
    "capture": ("抓取存疑", "The capture is in doubt"),
    "uncompared": ("已变更，但未能比较", "It changed, but could not be compared"),
    "coarse": (
        "变化过大，部分条款整段显示",
        "Too much changed for a fine comparison: some clauses are shown whole",
    ),
    "repeat": ("（重发，此前可能已送达）", "(repeat: an earlier copy may have arrived)"),
    "alert id": ("通知编号", "Alert id"),
    "chain head": ("记录链头", "Chain head"),
    "see": ("查看全部差异", "Full comparison"),
    "prove": ("导出证据", "Evidence"),
    "why": ("理由", "why"),
    "characters": ("字符", "characters"),
    "mainly": ("主要涉及{}", "mainly about {}"),
    "returns to": ("恢复为第 {} 版的文本", "the text of version {} again"),
    "alerts": ("{} 条通知", "{} alerts"),
    "immaterial": ("人工认定：本次变更无实质影响", "Held immaterial by a person"),
    "immaterial short": ("人工认定无实质影响", "held immaterial"),
    "ruling to review": ("人工裁定需要复核", "A ruling comes up for review"),
    "summary": ("机器撰写的摘要", "Machine-written summary"),
    "summary head": (
        "机器撰写的摘要（模型：{}），未经人工核对；每句均引用变化的原文：",
        "Machine-written summary (model {}), not checked by a person; each sentence quotes the change:",
    ),
    "no summary": ("无法取得机器摘要：{}", "No machine-written summary could be had: {}"),
    "dropped": (
        "（另有 {} 句因未引用变化的原文而略去）",
        "({} more left out: they did not quote the change)",
    ),
    "not legal advice": (
        "判定只描述文本写了什么，不是法律意见。",
        "Verdicts say what the text does. They are not legal advice.",
    ),
}


def pick(pair: tuple[str, str], language: Language) -> str:
    """The word of a pair in a language."""
    return pair[0] if language == "zh" else pair[1]


def word(name: str, language: Language) -> str:
    return pick(words[name], language)


def mainly(about: Sequence[Topic], language: Language) -> str:
    """What a change is mainly about, in a few words; "" where no topic is known."""
    named = [pick(topics[topic], language) for topic in about[:most_topics]]
    return word("mainly", language).format(("、" if language == "zh" else ", ").join(named)) if named else ""
