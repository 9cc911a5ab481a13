"""What goes along with an alert by mail: the comparison as a page, the evidence. Never at the cost of the alert."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from monitor.model import Alert, AlertKind, Attachment, Channel, Delivery
from monitor.ports import Library
from monitor.render.change_html import as_html
from monitor.render.evidence import heading, package
from monitor.text.clean import clean_line

most_attempts = 2
_about_changes = (AlertKind.CHANGE, AlertKind.RETURN)


def packed(delivery: Delivery, channels: Mapping[str, Channel], library: Library) -> Delivery:
    """A delivery with what its channel wants attached. What cannot be is named in a note instead; never raises."""
    channel = channels.get(delivery.channel)
    if channel is None or not channel.attach:
        return delivery
    found: list[Attachment] = []
    missing: list[str] = []
    room = channel.attach_limit
    for name, media_type, make in _wanted(delivery, channel, library):
        if delivery.attempt > most_attempts:
            missing.append(f"{name}: left out, because the message was not taken with it")
            continue
        try:
            content = make()
        except Exception as error:  # the alert is what matters: it goes without
            missing.append(f"{name}: could not be made: {clean_line(str(error))[:200]}")
            continue
        if len(content) > room:
            missing.append(f"{name}: {len(content):,} bytes, more than there is room for")
            continue
        room -= len(content)
        found.append(Attachment(name=name, media_type=media_type, content=content))
    return replace(delivery, attachments=(*found, *note(missing)))


def note(missing: list[str]) -> tuple[Attachment, ...]:
    """A text that says what is not attached, and how to get it; nothing where nothing is missing."""
    if not missing:
        return ()
    lines = [
        *missing,
        "",
        "policy-monitor diff SERVICE --format html",
        "policy-monitor alerts evidence ALERT FILE",
    ]
    content = ("Not attached:\n" + "\n".join(lines) + "\n").encode()
    return (Attachment(name="not-attached.txt", media_type="text/plain", content=content),)


def _wanted(
    delivery: Delivery, channel: Channel, library: Library
) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    for alert in (delivery.alert, *delivery.also):
        if alert.kind not in _about_changes or alert.version is None:
            continue
        stem = file_stem(alert)
        if "diff" in channel.attach and alert.change is not None:
            yield f"{stem}.html", "text/html", lambda one=alert: _page(one, channel.language)  # type: ignore[misc]
        if "evidence" in channel.attach:
            yield (
                f"{stem}-evidence.zip",
                "application/zip",
                lambda one=alert: package(library, one, delivery.head),  # type: ignore[misc]
            )


def _page(alert: Alert, language: str) -> bytes:
    assert alert.change is not None
    return as_html(alert.change, language=language, head=heading(alert)).encode()


def file_stem(alert: Alert) -> str:
    """A file name without its ending: ASCII letters, digits and dashes, whatever the service is called."""
    number = alert.version.number if alert.version else 0
    plain = re.sub(r"[^a-z0-9]+", "-", str(alert.terms or "").lower()).strip("-")[:80] or "policy"
    return f"{plain}-v{number}"
