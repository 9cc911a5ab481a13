"""Send one delivery over one channel through Apprise, and believe only what the service itself says."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor import registry
from monitor.model import Channel, Delivery, Fault, FaultKind, Receipt, Stage
from monitor.notify.secrets import Redactor, secrets_of
from monitor.ports import Kit
from monitor.render.message import Message, message
from monitor.text.clean import clean_line

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

    from monitor.notify.service import Heard
    from monitor.notify.strict import Refusal

_status = re.compile(r"error[=: ]{1,2}(\d{3})\b")
_webhooks = ("json", "jsons", "xml", "xmls", "form", "forms")
_answer_length = 500


def notify(delivery: Delivery, channel: Channel, kit: Kit) -> Receipt | Fault:
    """One attempt. The receipt is the service's own answer; a fault says why, and whether to try again.

    A fault of kind `timeout` means that nobody knows whether the message arrived: the next attempt
    is to be marked as a repeat.
    """
    from monitor.notify.service import open_service  # noqa: PLC0415 - Apprise takes half a second to import

    redact = Redactor(secrets_of(channel)).redact
    opened = open_service(channel.url)
    if opened is None:
        return _fault("the address of this channel is not valid", transient=False)
    holder, service, heard = opened
    news = message(
        delivery.alert,
        "zh" if channel.language == "zh" else "en",
        repeat=delivery.repeat,
        also=delivery.also,
        head=delivery.head,
        titles=titles(kit.checklist_folder),
        time_zone=channel.time_zone,
    )
    body, body_format = _prepared(service, news, delivery)
    result = holder.notify(body=body, title=news.title, body_format=body_format, notify_type="info")
    if refusal := getattr(service, "refusal", None):
        return _refused(refusal, redact)
    if result:
        answers = getattr(service, "answers", None) or [
            line for level, line in heard.lines if level == logging.INFO
        ]
        return Receipt(answer=_shown(" | ".join(answers) or "accepted", redact))
    return _failed(result.status.name, heard, redact)


def titles(folder: str | None) -> Mapping[str, Mapping[str, str]]:
    """Titles of all criteria by id and language."""
    return {
        criterion.id: {"zh": criterion.title("zh"), "en": criterion.title("en")}
        for checklist in registry.checklists(folder).values()
        for criterion in checklist.criteria
    }


def _prepared(service: NotifyBase, news: Message, delivery: Delivery) -> tuple[str, str]:
    """The body in the form that suits the service, which is told the alert's key where it can be."""
    key = delivery.alert.key
    if hasattr(service, "html") and hasattr(service, "extra_headers"):
        service.html = news.html
        service.attachments = delivery.attachments
        service.extra_headers = {"X-Policy-Monitor-Event": key, "Auto-Submitted": "auto-generated"}
        return news.text, "text"
    if service.schema in _webhooks:
        service.headers = {**getattr(service, "headers", {}), "Idempotency-Key": key.encode().hex()[:200]}
        if hasattr(service, "payload_extras"):
            service.payload_extras = {**service.payload_extras, "event_id": key}
        return news.text, "text"
    if service.schema == "schan":
        return news.markdown, "markdown"
    return news.chat, "text"


def _refused(refusal: Refusal, redact: Callable[[str], str]) -> Fault:
    after = timedelta(seconds=refusal.retry_after) if refusal.retry_after is not None else None
    return _fault(
        _shown(refusal.message, redact),
        transient=refusal.transient,
        unknown=refusal.unknown,
        retry_after=after,
    )


def _failed(status: str, heard: Heard, redact: Callable[[str], str]) -> Fault:
    """What an Apprise plugin of its own left in its log when it failed."""
    if status == "TIMEOUT":
        return _fault("no answer in time; it may have arrived", transient=True, unknown=True)
    warnings = [line for level, line in heard.lines if level >= logging.WARNING]
    details = [
        line for level, line in heard.lines if level == logging.DEBUG and line.startswith("Response Details")
    ]
    found = next((match for line in warnings if (match := _status.search(line))), None)
    code = int(found[1]) if found else None
    permanent = code is not None and 400 <= code < 500 and code not in (408, 425, 429)
    said = " | ".join([*warnings, *details]) or "failed without a word"
    return _fault(_shown(said, redact), transient=not permanent, unknown=code is None and "onnection" in said)


def _fault(
    message: str, *, transient: bool, unknown: bool = False, retry_after: timedelta | None = None
) -> Fault:
    kind = FaultKind.TIMEOUT if unknown else FaultKind.CHANNEL
    return Fault(
        kind=kind, message=message, stage=Stage.DELIVER, transient=transient, retry_after=retry_after
    )


def _shown(text: str, redact: Callable[[str], Any]) -> str:
    return clean_line(str(redact(text)))[:_answer_length]
