"""Parameters of a channel's address that would do nothing here, or make an alert get lost: refused at the start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from apprise.plugins.email.common import SecureMailMode
from apprise.utils.parse import is_email

from monitor.notify.mail import Mail
from monitor.notify.strict import Strict
from monitor.text.clean import clean_line

_no = frozenset({"", "no", "none", "false", "off", "0", "0.0"})

# Refused wherever they are set to anything but a no.
_everywhere: Mapping[str, str] = {
    "optional": "a failure would count as a success",
    "retry": "this program tries again by itself, for days",
    "emojis": "the words of a policy would be turned into pictures",
    "redirect": "redirects are not followed: an alert goes to the address that was written down",
    "store": "nothing is kept on disk for a channel",
    "tz": "times are shown in the time zone of [monitor]",
}
_mail: Mapping[str, str] = {
    "pgp": "mail is not encrypted: it would go out in clear all the same",
    "wkd": "mail is not encrypted: it would go out in clear all the same",
    "pgppub": "mail is not encrypted: it would go out in clear all the same",
    "pgpprv": "mail is not signed",
    "inline": "attachments are attached, not shown inside",
    "format": "a mail has a text and an HTML part, always",
}
_people = ("cc", "bcc", "reply")
_strict: Mapping[str, str] = {"format": "messages come in the one form that mentions nobody"}


def parameter_problems(service: Any, url: str) -> Iterator[str]:
    """What is wrong with the parameters behind the `?` of an address. No value of them is said, only names."""
    given = _given(service, url)
    refused = {**_everywhere, **_of_class(service)}
    for name, value in given.items():
        plain = str(value).strip().casefold()
        if name in refused and plain not in _no:
            yield f"?{name}=: {refused[name]}"
        elif name == "overflow" and plain not in ("", "upstream"):
            yield "?overflow=: messages are made to fit; what is cut off later would be lost"
        elif not _known(service, url, name):
            yield f"?{_shown(name)}=: no such parameter: it would do nothing"
    yield from _strangers(service, url)


def _of_class(service: Any) -> Mapping[str, str]:
    if isinstance(service, Mail):
        return _mail
    return _strict if isinstance(service, Strict) else {}


def parameter_warnings(service: Any) -> Iterator[str]:
    """What works, and is not safe: an operator may want it all the same."""
    if not service.verify_certificate:
        yield "certificates are not checked (?verify=): whoever stands in between reads the alerts"
    if isinstance(service, Mail) and service.password and service.secure_mode == SecureMailMode.INSECURE:
        yield "the password goes over the network in clear: use mailtos://, or ?mode=starttls or ssl"


def _given(service: Any, url: str) -> Mapping[str, str]:
    found: Mapping[str, str] = (service.parse_url(url) or {}).get("qsd", {})
    return found


def _known(service: Any, url: str, name: str) -> bool:
    """Listed by the plugin; or the address is understood in another way when the parameter bears another name."""
    if name[:1] in ("+", "-", ":"):
        return name[0] in {one.get("prefix") for one in service.template_kwargs.values()}
    if name in service.template_args:
        return True
    renamed = re.sub(rf"([?&]){re.escape(name)}(?=[=&]|$)", r"\1nosuchname", url, flags=re.IGNORECASE)
    return renamed == url or _understood(service, url) != _understood(service, renamed)


def _understood(service: Any, url: str) -> dict[str, Any]:
    return {key: value for key, value in (service.parse_url(url) or {}).items() if not key.startswith("qsd")}


def _strangers(service: Any, url: str) -> Iterator[str]:
    """Recipients of a mail that are no addresses: Apprise leaves some of them out without a word."""
    if not isinstance(service, Mail):
        return
    given = _given(service, url)
    written = [*(service.parse_url(url) or {}).get("targets", []), *(given.get(name, "") for name in _people)]
    for one in written:
        for person in re.split(r"[,;]", one):
            if not (is_email(person) or all(map(is_email, person.split()))):
                yield f"{clean_line(person)[:100]!r} is no mail address"


def _shown(name: str) -> str:
    """A name as it may be shown: whoever forgot the `name=` has a secret standing there."""
    return name if len(name) <= 12 and name.replace("_", "").isalpha() else "…"
