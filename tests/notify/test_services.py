"""Services that Apprise speaks to by itself: what they answer is told, the alert's key goes along."""

from __future__ import annotations

import pytest

from monitor.model import Fault, FaultKind, Receipt
from monitor.notify import service
from tests.notify.sending import Send
from tests.notify.sinks import Sink

slack = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"
telegram = "tgram://123456789:abcdefg_hijklmnop/12315544/"


def test_a_webhook_gets_the_whole_text_and_the_key(sink: Sink, send: Send) -> None:
    assert isinstance(send(f"json://{sink.host}/hook", "en"), Receipt)
    received = sink.received[0]
    assert bytes.fromhex(received.headers["Idempotency-Key"]).decode() == "change:shop:2"
    assert received.json["event_id"] == "change:shop:2"
    assert "您可以随时撤回同意。" in received.json["message"]


@pytest.mark.parametrize(("status", "transient"), [(400, False), (404, False), (429, True), (503, True)])
def test_a_webhook_that_refuses(status: int, transient: bool, sink: Sink, send: Send) -> None:
    sink.says({"error": "the words of the service"}, status)
    result = send(f"json://{sink.host}/hook")
    assert isinstance(result, Fault)
    assert (result.transient, result.kind) == (transient, FaultKind.CHANNEL)
    assert str(status) in result.message
    assert "the words of the service" in result.message


@pytest.fixture
def apis(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Sink:
    """Slack's and Telegram's addresses lead to the sink."""
    service.register()
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.telegram import NotifyTelegram

    monkeypatch.setattr(NotifySlack, "webhook_url", sink.url + "/services")
    monkeypatch.setattr(NotifyTelegram, "notify_url", sink.url + "/bot")
    return sink


def test_slack_says_ok_or_no(apis: Sink, send: Send) -> None:
    apis.says(b"ok")
    assert isinstance(send(slack), Receipt)
    apis.says(b"invalid_token", 403)
    result = send(slack)
    assert isinstance(result, Fault)
    assert not result.transient
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in result.message
    apis.says(b"rate_limited", 429)
    limited = send(slack)
    assert isinstance(limited, Fault)
    assert limited.transient


def test_telegram_refuses_a_chat(apis: Sink, send: Send) -> None:
    apis.says({"ok": True, "result": {"message_id": 7}})
    assert isinstance(send(telegram), Receipt)
    apis.says({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}, 400)
    result = send(telegram)
    assert isinstance(result, Fault)
    assert not result.transient
    assert "abcdefg_hijklmnop" not in result.message


def test_a_hanging_service_is_given_up(sink: Sink, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "service_timeout", 1.5)
    sink.says({})
    sink.drip = 0.4
    result = send(f"json://{sink.host}/hook")
    assert isinstance(result, Fault)
    assert (result.kind, result.transient) == (FaultKind.TIMEOUT, True)
