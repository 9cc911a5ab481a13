"""Chat robots that read what the service answers: Apprise takes any HTTP 200 for a success, these do not.

DingTalk, WeCom, Feishu and Lark refuse with HTTP 200 and an error code in the body; messages are
limited in bytes, not characters; robots that speak too often fall silent for minutes. The classes
here are Apprise plugins, registered through its own interface in place of the built-in ones.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import requests
from apprise.common import NotifyFormat, NotifyType
from apprise.plugins.base import NotifyBase
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.serverchan import NotifyServerChan
from apprise.plugins.wecombot import NotifyWeComBot

from monitor.notify.pace import Pace
from monitor.notify.split import parts, shortened

answer_limit = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a message was not taken. `unknown`: it may have arrived all the same. `retry_after` in seconds."""

    message: str
    transient: bool
    retry_after: float | None = None
    unknown: bool = False


class RefusalError(Exception):
    """Carries a `Refusal` out of a sending function."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refuse(
    message: str, *, transient: bool, retry_after: float | None = None, unknown: bool = False
) -> RefusalError:
    return RefusalError(
        Refusal(message=message, transient=transient, retry_after=retry_after, unknown=unknown)
    )


class Strict(NotifyBase):  # type: ignore[misc] # Apprise's classes carry no types
    """What the robots have in common. `answers` and `refusal` tell afterwards what the service said.

    `codes` are the names of the fields that hold the answer's code (0 is success), `permanent` the
    codes that no repetition heals, `slow_down` those of a robot that spoke too often.
    """

    part_bytes: ClassVar[int] = 18_000
    codes: ClassVar[tuple[str, ...]] = ("code",)
    messages: ClassVar[tuple[str, ...]] = ("msg",)
    permanent: ClassVar[frozenset[int]] = frozenset()
    slow_down: ClassVar[Mapping[int, float]] = {}
    pace: ClassVar[Pace] = Pace(20, 60.0)

    request_rate_per_sec = 0
    body_maxlen = 10_000_000
    title_maxlen = 250

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers: list[str] = []
        self.refusal: Refusal | None = None

    def send(
        self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **kwargs: Any
    ) -> bool:
        """Apprise's own entry: everything that went wrong is in `refusal`."""
        try:
            self._send_parts(title, body)
        except RefusalError as refused:
            self.refusal = refused.refusal
            self.logger.warning("%s refused: %s", self.service_name, refused.refusal.message)
            return False
        return True

    def _send_parts(self, title: str, body: str) -> None:
        pieces = self.pieces(title, body)
        wait = self.pace.wait(str(self.url_identifier), len(pieces))
        if wait:
            raise refuse("not sent yet: the robot may not speak that often", transient=True, retry_after=wait)
        for piece in pieces:
            self.answers.append(self.say(title, piece))

    def pieces(self, title: str, body: str) -> tuple[str, ...]:
        """The message in parts that the service takes."""
        return parts(f"{title}\n{body}" if title else body, self.part_bytes)

    def say(self, title: str, piece: str) -> str:
        """Send one part; gives the service's answer or raises RefusalError."""
        raise NotImplementedError

    def post(self, url: str, payload: object = None, **how: Any) -> str:
        """One POST, read strictly: status, JSON, code. Raises RefusalError."""
        if payload is not None:
            how["data"] = json.dumps(payload, ensure_ascii=False).encode()
            how["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        how.setdefault("headers", {})["User-Agent"] = self.app_id
        try:
            with requests.post(
                url,
                verify=self.verify_certificate,
                timeout=self.request_timeout,
                allow_redirects=False,
                stream=True,
                **how,
            ) as response:
                content = next(response.iter_content(answer_limit), b"")
        except requests.ConnectTimeout as error:
            raise refuse("no connection in time", transient=True) from error
        except requests.Timeout as error:
            raise refuse("no answer in time", transient=True, unknown=True) from error
        except requests.RequestException as error:
            unknown = not isinstance(error, (requests.exceptions.SSLError, requests.exceptions.InvalidURL))
            raise refuse(
                f"connection failed: {type(error).__name__}", transient=True, unknown=unknown
            ) from error
        return self._judge(response, content)

    def _judge(self, response: requests.Response, content: bytes) -> str:
        shown = shortened(" ".join(content.decode(errors="replace").split()), 300)
        status = response.status_code
        if status != 200:
            raise refuse(
                f"HTTP {status} {response.reason}: {shown}",
                transient=status in (408, 425, 429) or status >= 500,
                retry_after=_seconds(response.headers.get("Retry-After")),
            )
        try:
            answer = json.loads(content)
            code = next(int(answer[name]) for name in self.codes if name in answer)
        except (ValueError, TypeError, StopIteration):
            raise refuse(f"HTTP 200, but no answer of {self.service_name}: {shown}", transient=True) from None
        if code != 0:
            said = next((str(answer[name]) for name in self.messages if answer.get(name)), "")
            raise refuse(
                f"{code} {said}".strip(),
                transient=code not in self.permanent,
                retry_after=self.slow_down.get(code),
            )
        return shown


def _seconds(header: str | None) -> float | None:
    return float(min(int(header), 86_400)) if header and header.isdecimal() else None


class DingTalk(Strict, NotifyDingTalk):  # type: ignore[misc]
    """Robot of a DingTalk group: text messages, which mention nobody; 20 a minute or ten minutes' silence."""

    notify_format = NotifyFormat.TEXT
    part_bytes = 15_000
    codes = ("errcode",)
    messages = ("errmsg",)
    permanent = frozenset(
        {310000, 300001, 300005, 400013, 400101, 400102, 400106, 40035, 43004, 404, 430101, 430102}
    )
    slow_down: ClassVar[Mapping[int, float]] = {130101: 600.0, 130102: 600.0, 410100: 600.0}
    pace = Pace(18, 60.0)

    def say(self, title: str, piece: str) -> str:
        payload = {
            "msgtype": "text",
            "text": {"content": piece},
            "at": {"atMobiles": self.targets, "isAtAll": False},
        }
        return self.post(self.notify_url.format(token=self.token), payload, params=self._signed())

    def _signed(self) -> dict[str, str]:
        """Timestamp and signature as they are; requests quotes them, once."""
        if not self.secret:
            return {}
        stamp = str(round(time.time() * 1000))
        mac = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        return {"timestamp": stamp, "sign": base64.b64encode(mac).decode()}


class WeCom(Strict, NotifyWeComBot):  # type: ignore[misc]
    """Robot of a WeCom group: text messages of 2,048 bytes, 20 a minute."""

    part_bytes = 2_000
    codes = ("errcode",)
    messages = ("errmsg",)
    permanent = frozenset({93000, 93004, 93008, 40008, 40033, 40035, 40058, 44004, 45002, 41001})
    slow_down: ClassVar[Mapping[int, float]] = {45009: 65.0, 45033: 65.0}
    pace = Pace(18, 60.0)

    def say(self, title: str, piece: str) -> str:
        return self.post(
            self.notify_url.format(key=self.key), {"msgtype": "text", "text": {"content": piece}}
        )


class _Feishu(Strict):
    """Robot of a Feishu or Lark group: a rich-text post, whose text runs mention nobody. `?secret=` signs."""

    part_bytes = 15_000
    codes = ("code", "StatusCode")
    messages = ("msg", "StatusMessage")
    permanent = frozenset({9499, 19001, 19002, 19021, 19022, 19024, 19036, 10003})
    slow_down: ClassVar[Mapping[int, float]] = {11232: 65.0, 11233: 65.0, 99991400: 65.0, 9499001: 65.0}
    pace = Pace(90, 60.0)
    address: ClassVar[str]

    def __init__(self, *args: Any, secret: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret

    def pieces(self, title: str, body: str) -> tuple[str, ...]:
        return parts(body, self.part_bytes)

    def say(self, title: str, piece: str) -> str:
        lines = [[{"tag": "text", "text": line}] for line in piece.split("\n")]
        post = {"title": title, "content": lines}
        payload: dict[str, object] = {"msg_type": "post", "content": {"post": {"zh_cn": post}}}
        if self.secret:
            stamp = str(int(time.time()))
            mac = hmac.new(f"{stamp}\n{self.secret}".encode(), b"", hashlib.sha256).digest()
            payload |= {"timestamp": stamp, "sign": base64.b64encode(mac).decode()}
        return self.post(self.address.format(token=self.token), payload)

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        address: str = super().url(privacy, *args, **kwargs)
        if not self.secret:
            return address
        joint = "&" if "?" in address else "?"
        return f"{address}{joint}secret={self.pprint(self.secret, privacy, mode='*', safe='')}"


class Feishu(_Feishu, NotifyFeishu):  # type: ignore[misc]
    address = "https://open.feishu.cn/open-apis/bot/v2/hook/{token}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        return _with_secret(NotifyFeishu.parse_url(url))


class Lark(_Feishu, NotifyLark):  # type: ignore[misc]
    address = "https://open.larksuite.com/open-apis/bot/v2/hook/{token}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        return _with_secret(NotifyLark.parse_url(url))


def _with_secret(results: dict[str, Any] | None) -> dict[str, Any] | None:
    if results and results["qsd"].get("secret"):
        results["secret"] = NotifyBase.unquote(results["qsd"]["secret"])
    return results


class ServerChan(Strict, NotifyServerChan):  # type: ignore[misc]
    """ServerChan: a title of 32 characters and a text in Markdown."""

    notify_format = NotifyFormat.MARKDOWN
    part_bytes = 30_000
    messages = ("message", "info", "error")
    permanent = frozenset({40001, 40002, 10001})
    slow_down: ClassVar[Mapping[int, float]] = {20001: 3600.0, 40003: 3600.0}
    pace = Pace(5, 60.0)

    def pieces(self, title: str, body: str) -> tuple[str, ...]:
        return (shortened(body, self.part_bytes),)

    def say(self, title: str, piece: str) -> str:
        return self.post(self.notify_url.format(token=self.token), data={"title": title[:32], "desp": piece})


plugins = (DingTalk, WeCom, Feishu, Lark, ServerChan)
