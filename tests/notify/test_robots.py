"""Chat robots: refusals behind HTTP 200, limits in bytes, paces, drops, drips, HTML instead of JSON."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.model import Fault, FaultKind, Receipt
from monitor.notify import service, strict
from monitor.notify.pace import Pace
from monitor.notify.split import parts, shortened
from tests.decide.values import alert, change, hunk
from tests.notify.sending import Send
from tests.notify.sinks import Sink

token = "a1b2c3d4e5f6a1b2c3d4e5f6"
urls = {
    "dingtalk": f"dingtalk://{token}/",
    "wecom": f"wecombot://{token}/",
    "feishu": f"feishu://{token}/",
    "lark": f"lark://{token}/",
    "serverchan": f"schan://{token}/",
}
good = {
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
    "lark": {"StatusCode": 0, "StatusMessage": "success"},
    "serverchan": {"code": 0, "message": "", "data": {"pushid": "1"}},
}
refusals: list[tuple[str, dict[str, Any], bool]] = [
    ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, False),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, True),
    ("dingtalk", {"errcode": -1, "errmsg": "system busy"}, True),
    ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, False),
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, True),
    ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, False),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, True),
    ("lark", {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, False),
    ("serverchan", {"code": 40001, "message": "bad pushtoken"}, False),
]


@pytest.mark.parametrize("name", urls)
def test_what_the_robot_answers_is_the_receipt(name: str, robots: Sink, send: Send) -> None:
    robots.says(good[name])
    result = send(urls[name])
    assert isinstance(result, Receipt)
    assert "0" in result.answer
    assert len(robots.received) == 1


@pytest.mark.parametrize(("name", "answer", "transient"), refusals)
def test_a_refusal_behind_http_200_is_a_fault(
    name: str, answer: dict[str, Any], transient: bool, robots: Sink, send: Send
) -> None:
    robots.says(answer)
    result = send(urls[name])
    assert isinstance(result, Fault)
    assert result.transient is transient
    assert str(next(iter(answer.values()))) in result.message
    assert str(list(answer.values())[1]) in result.message
    assert token not in result.message


@pytest.mark.parametrize("name", urls)
def test_a_page_instead_of_an_answer_is_a_fault(name: str, robots: Sink, send: Send) -> None:
    robots.says(b"<html><body>Please log in to the network</body></html>")
    result = send(urls[name])
    assert isinstance(result, Fault)
    assert result.transient
    assert "Please log in" in result.message


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{}", b'{"errcode": "x"}', b'"ok"', b"0"])
def test_an_answer_without_a_code_is_a_fault(content: bytes, robots: Sink, send: Send) -> None:
    robots.says(content)
    assert isinstance(send(urls["dingtalk"]), Fault)


@pytest.mark.parametrize(
    ("status", "transient"), [(400, False), (403, False), (404, False), (408, True), (500, True)]
)
def test_a_status_says_whether_to_try_again(status: int, transient: bool, robots: Sink, send: Send) -> None:
    robots.says({"errcode": 0}, status)
    result = send(urls["wecom"])
    assert isinstance(result, Fault)
    assert (result.transient, result.kind) == (transient, FaultKind.CHANNEL)
    assert str(status) in result.message


def test_too_many_requests_say_when_to_come_back(robots: Sink, send: Send) -> None:
    robots.says(b"slow down", 429, Retry_After="120")
    result = send(urls["dingtalk"])
    assert isinstance(result, Fault)
    assert result.retry_after == timedelta(seconds=120)
    assert result.transient


def test_a_robot_that_spoke_too_often_is_left_alone_for_a_while(robots: Sink, send: Send) -> None:
    robots.says({"errcode": 130101, "errmsg": "send too fast"})
    result = send(urls["dingtalk"])
    assert isinstance(result, Fault)
    assert result.retry_after == timedelta(minutes=10)


def test_the_pace_is_kept_before_the_service_complains(
    robots: Sink, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    robots.says(good["wecom"])
    monkeypatch.setattr(strict.WeCom, "pace", Pace(2, 60.0))
    results = [send(urls["wecom"]) for _ in range(4)]
    assert [isinstance(one, Receipt) for one in results] == [True, True, False, False]
    assert len(robots.received) == 2
    late = results[2]
    assert isinstance(late, Fault)
    assert late.transient
    assert late.retry_after is not None
    assert 50 < late.retry_after.total_seconds() <= 60


def test_other_robots_keep_their_own_pace() -> None:
    pace = Pace(1, 60.0)
    assert [pace.wait("a"), pace.wait("b")] == [0.0, 0.0]
    assert pace.wait("a") > 0


def test_wecom_gets_no_message_beyond_its_bytes(robots: Sink, send: Send) -> None:
    robots.says(good["wecom"])
    long = change(*(hunk("甲" * 300, "乙" * 300) for _ in range(30)))
    assert isinstance(send(urls["wecom"], alert=alert(change=long)), Receipt)
    for received in robots.received:
        assert len(received.json["text"]["content"].encode()) <= 2048
    assert len(robots.received) <= 2


def test_parts_are_counted_in_bytes_and_lose_nothing() -> None:
    text = "\n".join(f"第{number}条 我们收集您的信息。" for number in range(400))
    found = parts(text, 2000)
    assert all(len(one.encode()) <= 2000 for one in found)
    assert "\n".join(one.split("\n", 1)[1] for one in found) == text
    assert found[0].startswith(f"(1/{len(found)})")
    assert "".join(one.split("\n", 1)[1] for one in parts("很" * 5000, 2000)) == "很" * 5000
    assert len(shortened("很" * 100, 50).encode()) <= 50


def test_dingtalk_is_signed_once_and_mentions_nobody(robots: Sink, send: Send) -> None:
    robots.says(good["dingtalk"])
    assert isinstance(send(f"dingtalk://SECabcdef0123456789@{token}/"), Receipt)
    query = parse_qs(urlsplit(robots.received[0].path).query)
    assert query["access_token"] == [token]
    assert len(query["sign"][0]) == 44
    assert query["sign"][0].endswith("=")
    assert robots.received[0].json["at"] == {"atMobiles": [], "isAtAll": False}


def test_feishu_can_be_signed(robots: Sink, send: Send) -> None:
    robots.says(good["feishu"])
    assert isinstance(send(f"feishu://{token}/?secret=s3cr3t-of-the-robot"), Receipt)
    payload = robots.received[0].json
    assert len(payload["sign"]) == 44
    assert payload["content"]["post"]["zh_cn"]["title"].startswith("【政策变更】")


def test_a_dropped_connection_may_have_arrived(robots: Sink, send: Send) -> None:
    robots.answer = lambda _: None
    result = send(urls["feishu"])
    assert isinstance(result, Fault)
    assert (result.kind, result.transient) == (FaultKind.TIMEOUT, True)


def test_a_dead_port_has_surely_not(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict.WeCom, "notify_url", "http://127.0.0.1:9/{key}")
    result = send(urls["wecom"])
    assert isinstance(result, Fault)
    assert result.transient
    assert token not in result.message


def test_a_dripping_service_does_not_hold_us(
    robots: Sink, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "service_timeout", 2)
    robots.says(good["wecom"])
    robots.drip = 0.5
    began = time.monotonic()
    result = send(urls["wecom"])
    assert time.monotonic() - began < 4
    assert isinstance(result, Fault)
    assert result.kind is FaultKind.TIMEOUT


def test_redirects_are_not_followed(robots: Sink, send: Send) -> None:
    robots.says(b"", 302, Location=robots.url + "/elsewhere")
    result = send(urls["feishu"])
    assert isinstance(result, Fault)
    assert len(robots.received) == 1
