"""Channels before anything is sent: is the address one, to whom does it go, what of it is secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.model import Channel
from monitor.notify.secrets import Redactor, guard_logs, secrets_of
from monitor.text.clean import clean_line

if TYPE_CHECKING:
    from monitor.notify.service import Heard

__all__ = ["Redactor", "guard_logs", "problems", "secrets_of", "split_recipients", "warnings"]

_target_lists = ("targets", "channels", "topics")
_mentions_only = ("dingtalk",)  # its "targets" are people to be mentioned in the one group


def problems(channel: Channel) -> str | None:
    """What is wrong with a channel's address, without any of its secrets; None if nothing is."""
    from monitor.notify.parameters import parameter_problems  # noqa: PLC0415 - it imports Apprise, too
    from monitor.notify.service import open_service  # noqa: PLC0415 - Apprise takes half a second to import

    if channel.kind != "apprise":
        return None
    scheme = urlsplit(channel.url).scheme
    if not scheme:
        return "the address of the channel has no scheme such as mailtos:// or dingtalk://"
    try:
        opened = open_service(channel.url)
    except Exception as error:
        return f"the {scheme}:// address of the channel cannot be used ({type(error).__name__})"
    if opened is None:
        return f"the address of the channel is not a valid {scheme}:// address, or {scheme} is unknown"
    service, heard = opened[1], opened[2]
    if isinstance(getattr(service, "targets", None), list) and not service.targets and len(service) == 0:
        return f"the {scheme}:// address of the channel names nobody to send to"
    found = (*parameter_problems(service, channel.url), *_complaints(channel, heard))
    if channel.attach and scheme.lower() not in ("mailto", "mailtos"):
        found = (*found, "'attach' is for mail: other services get no files")
    return "; ".join(found) or None


def warnings(channel: Channel) -> tuple[str, ...]:
    """What is not safe about a channel's address, though it works."""
    from monitor.notify.parameters import parameter_warnings  # noqa: PLC0415 - it imports Apprise, too
    from monitor.notify.service import open_service  # noqa: PLC0415 - Apprise takes half a second to import

    opened = open_service(channel.url) if channel.kind == "apprise" else None
    return tuple(parameter_warnings(opened[1])) if opened else ()


def _complaints(channel: Channel, heard: Heard) -> Iterator[str]:
    """What Apprise only warns of: a recipient that is no address would be left out without a word."""
    redact = Redactor(secrets_of(channel)).redact
    for complaint in dict.fromkeys(heard.complaints):
        yield clean_line(redact(complaint))[:200]


def split_recipients(channel: Channel) -> tuple[Channel, ...]:
    """One channel per recipient, named `counsel#1`, `counsel#2` ...; the channel itself where it has one.

    A delivery must succeed or fail as a whole: one refused address among three would either be lost
    or make the others get everything twice.
    """
    from monitor.notify.service import open_service  # noqa: PLC0415 - Apprise takes half a second to import

    opened = open_service(channel.url) if channel.kind == "apprise" else None
    if opened is None or urlsplit(channel.url).scheme.lower() in _mentions_only:
        return (channel,)
    urls = _mail_addresses(opened[1]) or _other_addresses(opened[1])
    if len(urls) < 2:
        return (channel,)
    return tuple(
        replace(channel, name=f"{channel.name}#{number}", url=url) for number, url in enumerate(urls, 1)
    )


def _mail_addresses(service: object) -> list[str]:
    from monitor.notify.mail import Mail  # noqa: PLC0415 - Apprise takes half a second to import

    if not isinstance(service, Mail):
        return []
    everybody = [*service.targets, *((False, address) for address in sorted(service.cc | service.bcc))]
    service.cc, service.bcc = set(), set()
    named = {address: name for name, address in reversed(everybody)}
    found = []
    for address in dict.fromkeys(address for _, address in everybody):
        service.targets = [(named[address], address)]
        found.append(str(service.url(privacy=False)))
    return found


def _other_addresses(service: object) -> list[str]:
    """Addresses with one target each, if the service has a list of them that survives being written out."""
    from monitor.notify.service import open_service  # noqa: PLC0415 - Apprise takes half a second to import

    for name in _target_lists:
        targets = getattr(service, name, None)
        if not isinstance(targets, list) or len(targets) < 2:
            continue
        found = []
        for target in targets:
            setattr(service, name, [target])
            found.append(str(service.url(privacy=False)))  # type: ignore[attr-defined] # an Apprise service
        read_back = [open_service(url) for url in found]
        if all(
            one and getattr(one[1], name) == [target] for one, target in zip(read_back, targets, strict=True)
        ):
            return found
        logging.getLogger(__name__).warning(
            "a channel has several targets that cannot be told apart: some may get a message twice"
        )
    return []
