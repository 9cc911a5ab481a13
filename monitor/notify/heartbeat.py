"""A sign of life to an outside party that raises the alarm when it stays away."""

from __future__ import annotations

import requests

from monitor.model import Fault, FaultKind, Receipt, Stage
from monitor.notify.secrets import Redactor

timeout = (5.0, 10.0)


def beat(url: str, *, healthy: bool, text: str = "", user_agent: str = "policy-monitor") -> Receipt | Fault:
    """Tell the address that all is well, or, at `/fail`, that it is not; `text` says more.

    The address is a secret: whoever knows it can feign our life. It is in no fault and no receipt.
    """
    address = url.rstrip("/") + ("" if healthy else "/fail")
    headers = {"User-Agent": user_agent, "Content-Type": "text/plain; charset=utf-8"}
    redact = Redactor([url, url.rpartition("/")[2]]).redact
    try:
        with requests.post(
            address,
            data=text.encode()[:10_000],
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = f"HTTP {answer.status_code} {answer.reason}"
    except requests.RequestException as error:
        message = redact(f"heartbeat: {type(error).__name__}: {error}")
        return Fault(kind=FaultKind.CHANNEL, message=message, stage=Stage.DELIVER)
    if answer.status_code >= 300:
        transient = answer.status_code in (408, 429) or answer.status_code >= 500
        return Fault(
            kind=FaultKind.CHANNEL, message=f"heartbeat: {status}", stage=Stage.DELIVER, transient=transient
        )
    return Receipt(answer=status)


def health_line(*, watched: int, failing: int, pending: int, dead: int) -> str:
    """What a heartbeat says in one line."""
    return f"{watched} watched, {failing} cannot be read, {pending} alerts waiting, {dead} alerts given up"
