"""Real servers on this machine, and a channel that is sent to in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from monitor.model import Channel, Delivery, Fault, Receipt
from monitor.notify import apprise, strict
from monitor.notify.pace import Pace
from monitor.ports import Kit
from tests.decide.values import alert
from tests.notify.sending import Send
from tests.notify.sinks import Box, Sink, http_sink, smtp_box


@pytest.fixture
def sink() -> Iterator[Sink]:
    with http_sink() as made:
        yield made


@pytest.fixture
def box() -> Iterator[Box]:
    with smtp_box() as made:
        yield made


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    monkeypatch.setattr(apprise, "titles", lambda folder: {})

    def sending(url: str, language: str = "zh", **rest: Any) -> Receipt | Fault:
        given = {"id": 1, "alert": alert(), "channel": "team", "attempt": 1, **rest}
        return apprise.notify(Delivery(**given), Channel(name="team", url=url, language=language), Kit())

    return sending


@pytest.fixture
def robots(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Sink:
    """The chat services' addresses lead to the sink; nobody has spoken too often yet."""
    monkeypatch.setattr(strict.DingTalk, "notify_url", sink.url + "/robot/send?access_token={token}")
    monkeypatch.setattr(strict.WeCom, "notify_url", sink.url + "/cgi-bin/webhook/send?key={key}")
    monkeypatch.setattr(strict.Feishu, "address", sink.url + "/hook/{token}")
    monkeypatch.setattr(strict.Lark, "address", sink.url + "/lark/{token}")
    monkeypatch.setattr(strict.ServerChan, "notify_url", sink.url + "/{token}.send")
    for plugin in strict.plugins:
        monkeypatch.setattr(plugin, "pace", Pace(20, 60.0))
    return sink
