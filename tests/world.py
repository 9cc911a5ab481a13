"""A world to watch, for tests: a policy web, a mail server and a chat server on real sockets."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as mail_policy
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

root = Path(__file__).parents[1]
shared = root.parent / "shared"
gold = shared / "corpus" / "gold" / "zh"


policy = (
    """更新日期：2026年1月1日
生效日期：2026年1月1日
一、我们如何收集您的个人信息
"""
    + "".join(
        f"当您使用第{n}项功能时，我们会收集您的设备信息与位置信息，用于提供该功能。\n" for n in range(1, 16)
    )
    + """二、我们如何使用和共享您的个人信息
未经您的同意，我们不会向第三方提供您的个人信息，法律法规另有规定的除外。
三、您的权利
您可以在“设置—隐私”中查看、更正和删除您的个人信息，或者撤回同意。
"""
)
edited = policy.replace("设备信息与位置信息", "设备信息、位置信息与通讯录", 1)


def as_html(text: str, title: str = "隐私政策") -> str:
    """A plain text as a page: a paragraph a line, in a container among furniture."""
    body = "\n".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<nav><a href="/">首页</a></nav><main>\n<h1>{title}</h1>\n{body}\n</main><footer>© 演示</footer></body></html>'
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a head and a body in two sends would wait 40 ms for each other
    pages: ClassVar[dict[str, str]]

    def do_GET(self) -> None:
        web = self.server
        assert isinstance(web, Web)
        web.requests.append(self.path)
        page = web.pages.get(self.path)
        content = (page if page is not None else "not here").encode()
        self.send_response(200 if page is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8" if page is not None else "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        web = self.server
        assert isinstance(web, Web)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        web.posts.append((self.path, body.decode()))
        self.send_response(web.post_status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silent."""


class Web(ThreadingHTTPServer):
    """`pages` by path; `posts` received; `post_status` is how posts are answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, str] = {}
        self.requests: list[str] = []
        self.posts: list[tuple[str, str]] = []
        self.post_status = 200

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Mailbox:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=mail_policy))
        return "250 OK"

    def texts(self) -> list[str]:
        """The plain text part of every mail."""
        found = [message.get_body(("plain",)) for message in self.messages]
        return [str(body.get_content()) for body in found if body is not None]


@contextmanager
def serving() -> Iterator[Web]:
    web = Web()
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()


@contextmanager
def mailing() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def configuration(
    folder: Path, web: Web, mail_port: int, services: Sequence[str], *, general: str = "", each: str = ""
) -> Path:
    """A config.toml that watches `/SERVICE` of the web for each service, with a mail channel."""
    text = f"""[monitor]
state = "state"
contact = "tests@example.org"
confirm_after = "0s"
{general}
[fetch]
pause = "0s"
deadline = "5s"
[alerts]
group_wait = "0s"
[[channels]]
name = "mail"
url = "mailto://127.0.0.1:{mail_port}/?from=monitor@example.org&to=counsel@example.org"
"""
    for service in services:
        text += f"""
[[services]]
id = "{service}"
name = "{service.upper()}"
url = "{web.origin}/{service}"
allow_http = true
allow_private = ["127.0.0.0/8"]
{each}
"""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def command(config: Path, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run `policy-monitor` as its user would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", "--config", str(config), *arguments],
        capture_output=True,
        text=True,
        cwd=config.parent,
        timeout=timeout,
        check=False,
        env={**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1"},
    )


def answer(config: Path, *arguments: str) -> Any:
    """The JSON that a command prints with --json."""
    done = command(config, *arguments, "--json")
    assert done.stdout, done.stderr
    return json.loads(done.stdout)
