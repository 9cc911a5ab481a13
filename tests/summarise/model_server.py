"""A server on loopback that answers like an endpoint of chat completions, well or badly as the test wishes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; `question` is its body, read."""

    protocol_version = "HTTP/1.1"
    question: Any = None

    def do_POST(self) -> None:
        self.question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        model = self.server
        assert isinstance(model, Model)
        model.asked.append((self.path, dict(self.headers), self.question))
        model.answer(self)

    def send(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def say(self, content: str) -> None:
        """A chat completion with this content."""
        self.send(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silent."""


class Model(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answer = answer
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def modelling(answer: Answer) -> Iterator[Model]:
    model = Model(answer)
    threading.Thread(target=model.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield model
    finally:
        model.shutdown()
        model.server_close()


def saying(*sentences: dict[str, Any]) -> Answer:
    return lambda asked: asked.say(json.dumps({"sentences": list(sentences)}, ensure_ascii=False))


def dripping(asked: Asked) -> None:
    """A byte now and then, for longer than anybody should wait."""
    asked.send_response(200)
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    for _ in range(100):
        try:
            asked.wfile.write(b" ")
            asked.wfile.flush()
        except OSError:
            return
        time.sleep(0.1)
