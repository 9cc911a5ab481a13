"""Words as a reader sees them: a Chinese term, a number, a date, an address or a Latin word is one token. Pure.

Lossless: the tokens of a text joined are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from monitor.text.numbers import numerals_zh

_months = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    "|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
)
url_pattern = r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{3,2000}"
email_pattern = r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
date_pattern = (
    r"(?:19|20)\d{2}[ \t]?年[ \t]?\d{1,2}[ \t]?月(?:[ \t]?\d{1,2}[ \t]?[日号])?"
    r"|\d{1,2}月\d{1,2}[日号]"
    r"|(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}(?!\d)"
    r"|\d{1,2}([./-])\d{1,2}\2(?:19|20)\d{2}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?[ \t](?:of[ \t])?(?:{_months})\.?,?[ \t](?:19|20)\d{{2}}(?!\d)"
    rf"|(?:{_months})\.?[ \t]\d{{1,2}}(?:st|nd|rd|th)?(?:,[ \t]?|[ \t])(?:19|20)\d{{2}}(?!\d)"
)
# Each group is tried only where its first letter stands (`(?=`): most letters of a Chinese text begin none of them.
_token = (
    rf"(?=[A-Za-z\d._%+\-])(?:{url_pattern}"
    rf"|{email_pattern}"
    rf"|(?<![\d./-])(?:{date_pattern}))"
    r"|\d{1,18}(?:[.,:]\d{1,9}){0,6}%?"
    r"|[０-９]{1,18}(?:[．，][０-９]{1,9}){0,3}％?"
    r"|[A-Za-zÀ-ÖØ-öø-ʯͰ-ϿЀ-ӿ]{1,80}(?:['’][A-Za-zÀ-ÖØ-öø-ʯ]{1,20})?"
    rf"|[{numerals_zh}]{{1,12}}(?=个?(?:工作日|自然日|日|天|年|月|周|星期|小时|岁|元|分钟|季度))"
    r"|__TERMS__"
    r"|\s{1,64}"
    r"|[\u0300-\u036f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\uac00-\ud7af]{1,40}"
    r"|."
)
_plain_start = re.compile(r"[A-Za-z0-9０-９]")


def pattern_of(words: Iterable[str]) -> str:
    """A regular expression for the longest of many words, branching by letter so that it is fast.

    It begins by looking whether the next letter begins any of them: at most places of a text none does.
    """
    found = frozenset(words)
    if not found:
        return ""
    firsts = "".join(sorted(re.escape(char) for char in {word[0] for word in found}))
    return f"(?=[{firsts}]){_tree_pattern(found)}"


def _tree_pattern(words: Iterable[str]) -> str:
    tree: dict[str, object] = {}
    for word in words:
        node = tree
        for char in word:
            child = node.setdefault(char, {})
            assert isinstance(child, dict)
            node = child
        node[""] = True
    return _branches(tree)


def _branches(tree: dict[str, object]) -> str:
    branches = []
    for char, child in sorted(tree.items()):
        if char:
            assert isinstance(child, dict)
            branches.append(re.escape(char) + _branches(child))
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and "" not in tree else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in tree else joined


@cache
def _compiled(terms: frozenset[str]) -> re.Pattern[str]:
    return re.compile(_token.replace("__TERMS__", pattern_of(terms) or "(?!)"), re.S)


def tokens(text: str, terms: frozenset[str] = frozenset()) -> list[str]:
    """The tokens of a text in order; `terms` are the Chinese words that stay whole (the longest wins)."""
    return [match[0] for match in _compiled(terms).finditer(text)]
