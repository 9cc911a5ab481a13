"""What arrived on a channel: which alerts, how often, and whether it was said that they may have come before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as mail_policy

from tests.notify.sinks import Box, Received

_named = re.compile(r"^Alert id: (\S.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """One message: the ids of the alerts in it, its own key, and whether it calls itself a repeat."""

    keys: tuple[str, ...]
    key: str
    repeat: bool


def of_webhook(received: Received) -> Letter:
    text = received.json["message"]
    return Letter(tuple(_named.findall(text)), received.json["event_id"], "(repeat:" in text)


def of_mail(content: bytes) -> Letter:
    message = message_from_bytes(content, policy=mail_policy)
    body = message.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    return Letter(tuple(_named.findall(text)), str(message["X-Policy-Monitor-Event"]), "(repeat:" in text)


def in_box(box: Box) -> list[Letter]:
    return [of_mail(content) for _, content in box.mails]


def copies(letters: Iterable[Letter]) -> dict[str, list[bool]]:
    """For each alert, in the order of arrival, whether that copy was marked as a repeat."""
    found: dict[str, list[bool]] = defaultdict(list)
    for letter in letters:
        assert letter.key in letter.keys, "a message bears the key of an alert in it"
        for key in letter.keys:
            found[key].append(letter.repeat)
    return found
