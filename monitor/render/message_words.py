"""The news of alerts that are not changes, as sentences in Chinese made from their facts. Pure.

English is what the alert carries itself (`notice` and `details`), with its moments in the reader's zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor.model import Alert, AlertKind
from monitor.render.labels import Language

faults: Mapping[str, str] = {
    "dns": "域名无法解析",
    "tls": "证书校验失败",
    "connect": "无法连接",
    "reset": "连接被重置",
    "timeout": "超时",
    "redirect": "重定向异常",
    "downgrade": "被降级到 HTTP",
    "blocked_address": "指向不允许的地址",
    "bad_address": "地址无效",
    "robots": "robots.txt 不允许",
    "status": "服务器返回错误状态",
    "gone": "页面不存在",
    "rate_limited": "请求过于频繁",
    "bot_blocked": "被反爬拦截",
    "too_large": "页面过大",
    "truncated": "内容不完整",
    "encoding": "压缩格式异常",
    "charset": "字符编码异常",
    "empty": "内容为空",
    "not_a_policy": "不是隐私政策",
    "unreadable": "无法提取文本",
    "needs_browser": "需要浏览器渲染",
    "no_browser": "没有可用的浏览器",
    "selector": "选择器未匹配",
    "suspect:soft404": "疑似页面已不存在",
    "suspect:wall": "疑似验证码或拦截页",
    "suspect:login": "疑似登录页",
    "suspect:not_html": "返回的不是网页",
    "suspect:short": "文本明显变短",
    "suspect:language": "语言版本不符",
    "suspect:incomplete": "文本不完整",
}


_utc = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d) UTC\b")


def news(alert: Alert, language: Language, time_zone: str = "UTC") -> tuple[str, tuple[str, ...]]:
    """The sentence of an alert and its lines, not yet cleaned."""
    if language == "en" or alert.kind not in _zh or not alert.facts:
        return _in_zone(alert.notice, time_zone), tuple(_in_zone(line, time_zone) for line in alert.details)
    return _zh[alert.kind](_Facts(alert, time_zone))


def _in_zone(text: str, time_zone: str) -> str:
    """English notices are written in UTC, by the minute: the same moments as the reader's clock shows them."""

    def local(found: re.Match[str]) -> str:
        try:
            return moment(datetime.fromisoformat(f"{found[1]}:00+00:00"), time_zone)
        except (ValueError, OverflowError):
            return found[0]  # a quoted text may name a day that never was

    return _utc.sub(local, text)


def moment(when: datetime, time_zone: str = "UTC") -> str:
    """A time to the minute, with its zone: never a time that could be meant otherwise."""
    local = when.astimezone(ZoneInfo(time_zone))
    offset = f"{local:%z}"
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{local:%Y-%m-%d %H:%M} {zone}"


class _Facts:
    """The facts of an alert by name; `[]` gives the first value or nothing."""

    def __init__(self, alert: Alert, time_zone: str) -> None:
        self.alert, self.zone = alert, time_zone

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.alert.facts if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.alert.facts if key == name)

    def time(self, name: str) -> str:
        value = self[name]
        return moment(datetime.fromisoformat(value), self.zone) if value else "从未"

    @property
    def name(self) -> str:
        return self.alert.service_name


def _trouble(what: str) -> Callable[[_Facts], tuple[str, tuple[str, ...]]]:
    def told(facts: _Facts) -> tuple[str, tuple[str, ...]]:
        kind = facts["fault"]
        return (
            f"{facts.name}：{what}。在此期间的变更将无法发现。",
            (
                f"自 {facts.time('since')} 起连续 {facts['failures']} 次失败。",
                f"{faults.get(kind, kind)}（{kind}）：{facts['message']}",
                f"最近一次成功：{facts.time('last success')}",
            ),
        )

    return told


def _baseline(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    what = facts.name or f" {facts['services']} 个服务"
    unread = int(facts["unread"] or 0)
    rest = f"其中 {unread} 个暂时无法读取。" if unread else ""
    return f"已开始监测{what}。{rest}", facts.all("service")


def _recovered(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    what = "隐私政策页面重新出现" if facts["reappeared"] else "已恢复读取"
    kind = facts["fault"]
    return f"{facts.name}：{what}。", (f"自 {facts.time('since')} 起无法读取（{faults.get(kind, kind)}）。",)


def _moved(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return f"{facts.name} 的隐私政策改由新地址提供。", (f"旧：{facts['from']}", f"新：{facts['to']}")


def _flapping(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return (
        f"{facts.name} 交替显示两个版本；在其中一个稳定之前不再逐次通知。",
        (f"自 {facts.time('since')} 起",),
    )


def _document(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return (
        f"{facts.name} 的文件已更换；其文字无法读取，请人工比对。",
        (
            f"自 {facts.time('since')} 起：{facts['message']}",
            f"原 SHA-256：{facts['before']}",
            f"现 SHA-256：{facts['now']}",
        ),
    )


def _effective(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    day = f"已于 {facts['day']} 生效" if facts["late"] else f"今日（{facts['day']}）生效"
    return (
        f"{facts.name} 隐私政策第 {facts['number']} 版{day}。",
        (f"原文：{facts['quote']}",),
    )


def _channel(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    name = facts["channel"]
    if facts["over"]:
        return f"通知渠道 {name} 已恢复。", ()
    answer = f"对方答复：{facts['answer']}"
    if facts["dead"]:
        lines = tuple(f"未送达：{key}" for key in facts.all("alert"))
        return f"{facts['dead']} 条通知无法经渠道 {name} 送达，已停止尝试。", (
            *lines,
            answer,
            "可用 alerts retry 重新发送。",
        )
    return f"通知渠道 {name} 自 {facts.time('since')} 起持续失败。", (
        f"{facts['pending']} 条通知在等待。",
        answer,
    )


def _storage(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return f"存储故障：{facts['problem']}", (f"自 {facts.time('since')} 起",)


def _away(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return f"监测程序曾中断 {facts['hours']} 小时。", (f"{facts.time('from')} 至 {facts.time('until')}",)


def _own_fault(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return (
        f"{facts['services']} 个服务中有 {facts['changed']} 个同时“变更”，很可能是本程序的问题。"
        f"这些通知暂缓 {facts['minutes']} 分钟。",
        (*facts.all("service"), "可用 alerts release 立即发送。"),
    )


def _digest(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    waiting = int(facts["pending"] or 0) + int(facts["dead"] or 0)
    delivery = f"{waiting} 条通知未送达" if waiting else "没有未送达的通知"
    lines = zip(
        facts.all("service"),
        facts.all("last success"),
        facts.all("version"),
        facts.all("trouble"),
        strict=False,
    )
    everyone = facts["oldest success"] and facts["looked"] == facts["watched"]
    oldest = f"（最近一次成功均不早于 {facts.time('oldest success')}）" if everyone else ""
    return (
        f"监测 {facts['watched']} 个服务，近 7 天读取到 {facts['looked']} 个{oldest}，"
        f"{facts['changes']} 次变更，{delivery}。",
        tuple(_digest_line(facts.zone, *line) for line in lines),
    )


def _test(facts: _Facts) -> tuple[str, tuple[str, ...]]:
    return f"这是对通知渠道 {facts['channel']} 的测试：policy-monitor 的通知将发送到这里。", ()


def _digest_line(zone: str, name: str, success: str, version: str, trouble: str) -> str:
    if trouble == "paused":
        return f"– {name}：已暂停"
    if not success:
        return f"✗ {name}：从未读取成功"
    when = moment(datetime.fromisoformat(success).astimezone(UTC), zone)
    problem = f"，{faults.get(trouble, trouble)}" if trouble else ""
    return f"{'✗' if trouble else '✓'} {name}：最近读取 {when}，第 {version or '—'} 版{problem}"


_zh: Mapping[AlertKind, Callable[[_Facts], tuple[str, tuple[str, ...]]]] = {
    AlertKind.BASELINE: _baseline,
    AlertKind.UNREACHABLE: _trouble("无法读取"),
    AlertKind.SUSPECT: _trouble("显示的内容不可能是其隐私政策"),
    AlertKind.REMOVED: _trouble("隐私政策页面已不存在"),
    AlertKind.RECOVERED: _recovered,
    AlertKind.MOVED: _moved,
    AlertKind.FLAPPING: _flapping,
    AlertKind.DOCUMENT: _document,
    AlertKind.EFFECTIVE: _effective,
    AlertKind.CHANNEL_FAILING: _channel,
    AlertKind.STORAGE: _storage,
    AlertKind.AWAY: _away,
    AlertKind.OWN_FAULT: _own_fault,
    AlertKind.DIGEST: _digest,
    AlertKind.TEST: _test,
}
