"""What must hold for every audit: no finding may quote words that do not stand in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from monitor.audit.sections import Reading, Role
from monitor.model import Audit, Finding, Verdict
from monitor.text.language import language_of

shortest = 200
_least_words = 6
_privacy_words = re.compile(
    r"个人信息|隐私|用户信息|个人资料|您的(?:个人)?(?:数据|资料|信息)|你的(?:个人)?(?:数据|资料|信息)|用户数据|个人数据"
    r"|收集[^。]{0,12}(?:信息|资料|数据|号码)"
    r"|personal (?:data|information)|privacy|your (?:data|information)|cookie"
    r"|données|datos|dados|daten|dati|gegevens|プライバシー|個人情報|개인정보|隱私|個人資料|個人資訊",
    re.I,
)
_stops_well = re.compile(r"[。！？!?.；;：:”’」』）)】》>\"'*=_—\-0-9A-Za-z|]\s*$")
_needs_quote = frozenset({Verdict.MET, Verdict.PARTLY, Verdict.RESTRICTED, Verdict.DENIED, Verdict.FLAGGED})


def broken(audit: Audit, text: str) -> tuple[str, ...]:
    """Every quote that does not stand in the text at its span, and every verdict that lacks its quote."""
    found = []
    for finding in audit.findings:
        for one in finding.evidence:
            if not one.quote or text[one.span.start : one.span.end] != one.quote:
                found.append(
                    f"{finding.criterion}: quote not in the text at {one.span.start}: {one.quote[:40]!r}"
                )
        if finding.verdict in _needs_quote and not finding.evidence:
            found.append(f"{finding.criterion}: {finding.verdict} without a quote")
    return tuple(found)


def checked(audit: Audit, text: str) -> Audit:
    """The audit itself; raises AssertionError where a quote was invented: our error, not the text's."""
    if problems := broken(audit, text):
        raise AssertionError("; ".join(problems))
    return audit


def unreadable(text: str, language: str) -> str | None:
    """Why a text cannot be judged by a checklist of a language, or None."""
    if not text.strip():
        return "the text is empty"
    if len(text.strip()) < shortest:
        return f"the text has only {len(text.strip())} characters"
    spoken = language_of(text)
    if spoken == "zh-hant" and language == "zh":
        return "the text is in traditional characters, the checklist reads simplified ones"
    if spoken is not None and not spoken.startswith(language):
        return f"the text is in another language ({spoken}) than the checklist ({language})"
    if not _of_privacy(text):
        return "the text does not speak of personal data"
    return None


def _of_privacy(text: str) -> bool:
    """Whether the words that every policy uses stand in a text twice, whatever its language is."""
    return sum(1 for _ in islice(_privacy_words.finditer(text), 2)) == 2


def suspect(reading: Reading) -> str | None:
    """Why the capture looks incomplete, or None.

    It stops in mid-sentence, lacks sections it announces, or is a user agreement without a privacy part.
    """
    if reading.agreement and not reading.start and len(_privacy_words.findall(reading.text)) < _least_words:
        return "it is a user agreement, no part of it is about personal data"
    text = reading.text.rstrip()
    last = next((one for one in reversed(reading.sentences) if one.role is Role.BODY), None)
    if (
        last
        and last is reading.sentences[-1]
        and len(last.folded) > 24
        and "," in last.folded
        and not _stops_well.search(text)
    ):
        return f"the text stops in mid-sentence: “…{text[-30:]}”"
    announced = [one.folded for one in reading.sentences if one.role is Role.CONTENTS]
    missing = _missing(announced, reading)
    if len(announced) >= 4 and len(missing) * 2 > len(announced):
        return f"its contents announce {len(announced)} sections, {len(missing)} of them are not in the text"
    return None


_number = re.compile(r"^[\s\"第]{0,3}[(（]?[一二三四五六七八九十\d]{1,3}[章条节部分]?[、.．:)）\s]{0,3}")


def _missing(announced: Sequence[str], reading: Reading) -> list[str]:
    """The announced sections of which neither a heading nor the words of one stand later in the text."""
    headings = [
        one.folded for one in reading.sentences if one.role is not Role.CONTENTS and len(one.folded) <= 60
    ]
    return [
        line for line in announced if not any(_alike(_number.sub("", line), heading) for heading in headings)
    ]


def _alike(line: str, heading: str) -> bool:
    """True where a heading holds most pairs of characters of the announced line."""
    pairs = {line[at : at + 2] for at in range(len(line) - 1)}
    if not pairs:
        return True
    held = {heading[at : at + 2] for at in range(len(heading) - 1)}
    return len(pairs & held) * 10 >= len(pairs) * 6


def doubted(finding: Finding, why: str) -> Finding:
    """An absence in a doubtful capture is for review; what was found stands."""
    if finding.verdict is not Verdict.NOT_FOUND:
        return finding
    return Finding(
        criterion=finding.criterion,
        verdict=Verdict.REVIEW,
        confidence=finding.confidence,
        judge=finding.judge,
        note=f"{why}; the text as captured says: {Verdict.NOT_FOUND}",
        searched=finding.searched,
        links=finding.links,
        flags=(*finding.flags, "suspect capture"),
    )
