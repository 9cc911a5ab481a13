"""An endpoint asked over real sockets: what it says well, what it says badly, and when it does not end."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.diff import compare
from monitor.fetch import gate
from monitor.model import Summariser, Summary
from monitor.ports import Kit
from monitor.summarise.endpoint import problem, summarise
from tests.summarise.model_server import Answer, Asked, Model, dripping, modelling, saying

kit = Kit()
change = compare("We keep your orders for 30 days.", "We keep your orders for 180 days.")
good = {"text": "Orders are kept longer.", "places": [1], "quotes": ["for 180 days"]}
key = "sk-very-secret-key"


def asked_of(model: Model, **other: object) -> Summary:
    summariser = Summariser(endpoint=model.endpoint, model="tester", key=key, deadline=timedelta(seconds=5))
    return summarise(change, replace(summariser, **other), kit)  # type: ignore[arg-type]


def test_a_good_answer_is_a_summary_and_the_key_went_along() -> None:
    with modelling(saying(good)) as model:
        found = asked_of(model)
    assert [one.text for one in found.sentences] == ["Orders are kept longer."]
    assert found.fault == ""
    path, headers, question = model.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {key}"
    assert question["model"] == "tester"
    assert question["temperature"] == 0
    assert "180 days" in question["messages"][1]["content"]


def huge(asked: Asked) -> None:
    asked.send(b"[" + b" " * (3 * 2**20) + b"]")


def cut(asked: Asked) -> None:
    asked.send_response(200)
    asked.send_header("Content-Length", "500")
    asked.end_headers()
    asked.wfile.write(b'{"choices": [')
    asked.close_connection = True


bad: dict[str, Answer] = {
    "status 500": lambda asked: asked.send(b"{}", 500),
    "status 401": lambda asked: asked.send(key.encode(), 401),
    "status 302": lambda asked: asked.send(b"", 302, Location="http://127.0.0.1:1/"),
    "not that of a chat completion": lambda asked: asked.send(b"<html>"),
    "larger than": huge,
    "holds no text": lambda asked: asked.send(b'{"choices": [{"message": {"content": null}}]}'),
    "the JSON that was asked for": lambda asked: asked.say("There was no change."),
    "quotes the change": saying(good | {"quotes": ["for ever and ever"]}),
}


@pytest.mark.parametrize("why", bad)
def test_a_bad_answer_is_a_fault_that_says_why_without_the_key(why: str) -> None:
    with modelling(bad[why]) as model:
        found = asked_of(model)
    assert found.sentences == ()
    assert why in found.fault
    assert key not in found.fault
    assert len(model.asked) == 1, "asked once: redirects are not followed"


def test_a_body_that_is_cut_off_is_a_fault() -> None:
    with modelling(cut) as model:
        assert asked_of(model).fault


def test_nobody_there_is_a_fault() -> None:
    with modelling(saying(good)) as model:
        pass
    assert asked_of(model).fault


def test_an_answer_that_drips_is_broken_off_at_the_deadline() -> None:
    with modelling(dripping) as model:
        began = time.monotonic()
        found = asked_of(model, deadline=timedelta(seconds=1))
    assert "longer than its 1 s" in found.fault
    assert time.monotonic() - began < 5


def test_the_end_of_the_monitor_breaks_it_off() -> None:
    with modelling(dripping) as model:
        found: list[Summary] = []
        thread = threading.Thread(
            target=lambda: found.append(asked_of(model, deadline=timedelta(seconds=60)))
        )
        thread.start()
        while not model.asked:
            time.sleep(0.01)
        try:
            gate.abort_all()
            thread.join(5)
        finally:
            gate.reopen()
    assert not thread.is_alive()
    assert "stopping" in found[0].fault


def test_the_doctor_asks_for_the_models() -> None:
    with modelling(lambda asked: asked.send(b'{"data": []}')) as model:
        summariser = Summariser(endpoint=model.endpoint, model="tester", key=key)
        assert problem(summariser, kit) is None
        assert model.asked[0][0] == "/v1/models"
        model.answer = lambda asked: asked.send(key.encode(), 403)
        assert "403" in str(problem(summariser, kit))
