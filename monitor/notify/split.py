"""Long messages in parts, counted in bytes as the services count them. Pure."""

from __future__ import annotations


def parts(text: str, limit: int) -> tuple[str, ...]:
    """Cut a text into parts of at most `limit` bytes of UTF-8, at line ends where there are any.

    More than one part are numbered, ``(1/3)``; nothing but the cut white space is lost.
    """
    if len(text.encode()) <= limit:
        return (text,)
    room = limit - len("(99/99)\n")
    cut = _cut(text, room)
    return tuple(f"({number}/{len(cut)})\n{part}" for number, part in enumerate(cut, 1))


def shortened(text: str, limit: int, ending: str = "…") -> str:
    """A text of at most `limit` bytes, cut between characters, with an ending where something is missing."""
    if len(text.encode()) <= limit:
        return text
    return _head(text, limit - len(ending.encode())).rstrip() + ending


def _head(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")


def _cut(text: str, room: int) -> list[str]:
    found = []
    while text:
        head = _head(text, room)
        if len(head) < len(text):
            at = max(head.rfind("\n"), 0) or max(head.rfind("。") + 1, head.rfind(". ") + 1)
            head = head[: at if at > len(head) // 3 else len(head)]
        found.append(head.rstrip("\n"))
        text = text[len(head) :].lstrip("\n")
    return found
