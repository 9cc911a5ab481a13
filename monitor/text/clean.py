"""Fetched text made safe to show: what would steer a terminal or hide from the eye becomes visible. Pure."""

from __future__ import annotations

import re

_joining = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af"
_pictures = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_joiner_at_work = rf"(?<=[{_joining}{_pictures}])[\u200c\u200d](?=[{_joining}{_pictures}])"
_hostile = re.compile(
    rf"(?P<keep>{_joiner_at_work}|(?<=[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef])"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # C0 without tab and line feed, DEL, C1
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # bidirectional controls
    r"|[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029\u2060-\u2065]"  # no width
    r"|[\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb]"
    r"|[\ud800-\udfff]"  # halves of a pair: no encoding takes them
    r"|[\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """The text with every control, direction mark and invisible character shown by name; idempotent.

    Line feeds and tabs stay. A control of ASCII becomes its picture (ESC is ``␛``), everything else
    ``⟨U+202E⟩``. Joiners stay where a script or an emoji needs them.
    """
    return _hostile.sub(_shown, text)


def clean_line(text: str) -> str:
    """`clean`, on one line: runs of white space become one space. For titles, names and subjects."""
    return re.sub(r"[ \t\n]+", " ", clean(text)).strip()


def _shown(match: re.Match[str]) -> str:
    if match["keep"]:
        return match[0]
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"
