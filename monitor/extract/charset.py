"""Bytes -> characters, as browsers do and then better: BOM, header, meta, strict UTF-8, detection. Pure."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from monitor.extract.faults import fault
from monitor.model import Fault, FaultKind

_boms = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels that pages carry -> the codec whose characters they mean (WHATWG: a label names its superset).
_supersets = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "cp1252": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
    "johab": "johab",
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "mac-roman": "mac-roman",
    "mac-cyrillic": "mac-cyrillic",
    **{f"cp{page}": f"cp{page}" for page in (866, 874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"iso8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
_aliases = {
    "x-gbk": "gbk",
    "gb_2312": "gb2312",
    "gb_2312-80": "gb2312",
    "csgb2312": "gb2312",
    "x-sjis": "shift_jis",
    "x-x-big5": "big5",
    "unicode": "utf-16",
    "utf-8-sig": "utf-8",
}
_by_codec = {codecs.lookup(name).name: target for name, target in _supersets.items()}
_candidates = [
    *("utf_8", "gb18030", "big5hkscs", "cp1252", "shift_jis", "euc_jp", "euc_kr", "cp1251", "utf_16"),
]
_meta = re.compile(rb"<meta[^>]{0,400}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([A-Za-z0-9_.:-]{1,40})", re.I)
_xml = re.compile(rb"^\s{0,40}<\?xml[^>]{0,200}?encoding\s{0,10}=\s{0,10}[\"']([A-Za-z0-9_.:-]{1,40})", re.I)
_tags = re.compile(rb"<[^<>]{0,5000}>")
_meta_window = 4096
_detection_window = 200_000
_allowed_replacements = 0.001
_few = 4  # one broken byte inside a character leaves up to four
_weak = "cp1252"
_evidence = 8  # bytes beyond one per character: four letters of two bytes, or four Chinese ones


def decode(content: bytes, header_charset: str | None, media_type: str = "text/html") -> str | Fault:
    """The characters of a page as sent.

    Order: BOM, charset of the HTTP header, `<meta>` (HTML only), strict UTF-8, detection. Labels lie:
    bytes that are UTF-8 by their form are UTF-8 whatever the label, "iso-8859-1" (what servers say
    that know nothing) is believed last, and a label whose codec cannot read the bytes gives way to
    one that can. Where nothing reads them with at most 0.1 % of U+FFFD, that is Fault(charset).
    """
    for bom, name in _boms:
        if content.startswith(bom):
            return _accepted(content[len(bom) :].decode(name, errors="replace"), name)
    if text := _evident_utf8(content):
        return text
    labels = _labels(content, header_charset, media_type)
    readings = (_accepted(content.decode(label, errors="replace"), label) for label in labels)
    first = next(readings)
    if isinstance(first, str):
        return first
    return next((text for text in readings if isinstance(text, str)), first)


def _evident_utf8(content: bytes) -> str:
    """The text where the bytes can hardly be anything but UTF-8: valid, with several long characters."""
    if b"\0" in content[:_meta_window]:
        return ""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if len(content) - len(text) >= _evidence else ""


def _accepted(text: str, label: str) -> str | Fault:
    """The text, unless too much of it could not be read."""
    broken = text.count("\ufffd")
    if broken > max(_few, len(text) * _allowed_replacements):
        return fault(
            FaultKind.CHARSET,
            f"{broken} of {len(text)} characters cannot be read as {label}: not the encoding of the page",
        )
    return text


def _labels(content: bytes, header_charset: str | None, media_type: str) -> list[str]:
    """Codecs to try, in order; never empty."""
    said = [codec_of(header_charset)]
    if "html" in media_type or "xml" in media_type:
        head = content[:_meta_window]
        said += [
            _ascii_compatible(match[1]) for pattern in (_meta, _xml) for match in pattern.finditer(head)
        ][:2]
    firm = [label for label in said if label not in (None, _weak)]
    strict = ["utf-8"] if _is_utf8(content) else []
    guessed = [] if any(_reads(content, label) for label in [*firm, *strict]) else [_detected(content)]
    return list(dict.fromkeys(label for label in [*firm, *strict, *guessed, *said, "utf-8"] if label))


def _is_utf8(content: bytes) -> bool:
    return _reads(content, "utf-8") and "\ufffd" not in content.decode("utf-8", errors="replace")


def _reads(content: bytes, label: str | None) -> bool:
    return bool(label) and isinstance(_accepted(content.decode(label or "", errors="replace"), ""), str)


def _ascii_compatible(label: bytes) -> str | None:
    """A `<meta>` that could be found as ASCII does not stand in UTF-16, whatever it says."""
    codec = codec_of(label.decode("ascii"))
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec


def codec_of(label: str | None) -> str | None:
    """The codec that a charset label means, or None for one that no page can mean in earnest.

    Python knows codecs that are no character encodings of pages (utf-7, idna, rot13 ...): refused.
    """
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    try:
        return _by_codec.get(codecs.lookup(_aliases.get(name, name)).name)
    except (LookupError, ValueError):
        return None


def _detected(content: bytes) -> str | None:
    """What the bytes look like once tags are out of the way (they are ASCII and say nothing)."""
    visible = _tags.sub(b" ", content[:_detection_window])
    guess = from_bytes(visible, cp_isolation=_candidates, explain=False).best()
    return codec_of(guess.encoding) if guess else None
