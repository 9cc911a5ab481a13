"""A sign of life to an outside party that raises the alarm when it stays away."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import requests

from monitor.config import Settings
from monitor.model import Channel, Fault, FaultKind, Receipt, Stage
from monitor.notify.secrets import Redactor, secrets_of
from monitor.text.clean import clean_line

timeout = (5.0, 10.0)
longest_text = 10_000


def beat(url: str, *, healthy: bool, text: str = "", user_agent: str = "policy-monitor") -> Receipt | Fault:
    """Tell the address that all is well, or, at `/fail`, that it is not; `text` says more.

    The address is a secret: whoever knows it can feign our life. It is in no fault and no receipt.
    """
    redact = redactor(url).redact
    headers = {"User-Agent": user_agent, "Content-Type": "text/plain; charset=utf-8"}
    try:
        with requests.post(
            url if healthy else _failing(url),
            data=text.encode()[:longest_text],
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = clean_line(redact(f"HTTP {answer.status_code} {answer.reason}"))[:200]
    except requests.Timeout:
        return _fault("no answer in time")
    except requests.RequestException as error:
        return _fault(clean_line(redact(f"{type(error).__name__}: {error}")))
    if answer.status_code >= 300:
        transient = answer.status_code in (408, 429) or answer.status_code >= 500
        return _fault(status, transient=transient)
    return Receipt(answer=status)


def redactor(url: str) -> Redactor:
    """Takes the parts of a heartbeat's address out of what is to be shown."""
    return Redactor.of([_as_channel(url)])


def secrets_in(settings: Settings) -> Redactor:
    """Takes everything that is secret in a configuration out of what is to be shown."""
    heartbeat, summariser = settings.heartbeat, settings.kit.summariser
    addresses = (*settings.channels, *([_as_channel(heartbeat.url)] if heartbeat else []))
    keys = [summariser.key] if summariser else []
    return Redactor([*(secret for channel in addresses for secret in secrets_of(channel)), *keys])


def _as_channel(url: str) -> Channel:
    return Channel(name="heartbeat", url=url)


def _failing(url: str) -> str:
    """The address with `/fail` at the end of its path, before a query where there is one."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))


def _fault(message: str, *, transient: bool = True) -> Fault:
    return Fault(
        kind=FaultKind.CHANNEL, message=f"heartbeat: {message}", stage=Stage.DELIVER, transient=transient
    )
