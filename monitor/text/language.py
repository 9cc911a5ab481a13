"""Which language a text is in, by script and by its commonest little words. Pure, no model, no guess."""

from __future__ import annotations

import re
from collections import Counter

_han = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_kana = re.compile(r"[\u3041-\u30ff]")
_hangul = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_other_scripts = (
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_latin_word = re.compile(r"[A-Za-z\u00c0-\u024f]+")

# Characters that only one of the two Chinese scripts writes, of the commonest in policies.
_traditional = frozenset(
    "們個來對時會這說國為從後應關與產當實數據資訊權變將處業務組織類請設備網號聯絡條項稱須開單據傳輸讓選擇識別歷錄驗證記賬戶終註銷隱"
)
_simplified = frozenset(
    "们个来对时会这说国为从后应关与产当实数据资讯权变将处业务组织类请设备网号联络条项称须开单据传输让选择识别历录验证记账户终注销隐"
)
_only_traditional = _traditional - _simplified
_only_simplified = _simplified - _traditional

_little_words = {
    "en": "the of and to in that you your we our is are or for with this not may by as on information",
    "fr": "le la les de des du et à que vous nous votre vos nos est sont ou pour avec ce cette pas par "
    "sur dans",
    "de": "der die das und zu den dem von mit sie wir ihre unsere ist sind oder für nicht auf im ein "
    "eine werden",
    "es": "el la los las de del y que usted su sus nosotros es son o para con este esta no por en una un al",
    "it": "il la le gli di del della e che si i nostri è sono o per con questo questa non da nel una un dei",
    "pt": "o a os as de do da dos e que você nós seus é são ou para com este esta não por em uma um ao",
    "nl": "de het een van en te in dat u uw wij ons is zijn of voor met deze niet op door als aan kunnen",
    "sv": "och att det som en på är av för med den till inte du vi din våra har om eller kan ett",
    "pl": "i w na z do że jest są oraz dla przez nie lub się twoje nasze o od jak może które",
    "tr": "ve bir bu ile için olarak veya da de sizin biz kişisel olan gibi ise kadar tarafından",
    "id": "dan yang untuk dengan anda kami di dari ini atau dapat akan pada ke dalam kepada",
    "vi": "và của bạn chúng tôi các cho có thể được không này để trong với hoặc thông tin",
}
_words_of = {language: frozenset(words.split()) for language, words in _little_words.items()}
_least_letters = 40
_sample = 60_000


def language_of(text: str) -> str | None:
    """A language tag ("zh", "zh-hant", "en", "ja", "ko", "fr" ...), or None where it cannot be told.

    A Chinese policy with English product names is Chinese: one Han character counts as much as half
    a Latin word. Only the first 60,000 characters are looked at.
    """
    sample = text[:_sample]
    han, kana, hangul = (len(pattern.findall(sample)) for pattern in (_han, _kana, _hangul))
    words = [word.lower() for word in _latin_word.findall(sample)]
    latin = sum(map(len, words))
    wide = han + kana + hangul
    if wide + latin < _least_letters:
        return None
    if wide * 2 >= len(words) and wide >= _least_letters // 2:
        return _of_wide(sample, han, kana, hangul)
    for language, pattern in _other_scripts:
        if len(pattern.findall(sample)) > latin:
            return language
    return _of_latin(words)


def _of_wide(sample: str, han: int, kana: int, hangul: int) -> str:
    if hangul > han:
        return "ko"
    if kana * 10 > han:
        return "ja"
    letters = Counter(sample)
    traditional = sum(letters[char] for char in _only_traditional)
    simplified = sum(letters[char] for char in _only_simplified)
    return "zh-hant" if traditional > 4 and traditional > 3 * simplified else "zh"


def _of_latin(words: list[str]) -> str | None:
    """The language whose little words are at least 12 % of all words and clearly more than any other's."""
    counts = Counter(words)
    shares = sorted(
        (
            (sum(counts[word] for word in little) / len(words), language)
            for language, little in _words_of.items()
        ),
        reverse=True,
    )
    (best, language), (second, _) = shares[0], shares[1]
    return language if best >= 0.12 and best > 1.15 * second else None


def kin(one: str | None, other: str | None) -> bool:
    """True where two tags may be the same language: equal main part, or one of them unknown."""
    if not one or not other:
        return True
    return _written(one) == _written(other)


def _written(tag: str) -> str:
    """The part of a tag that decides what a reader sees: "zh-TW" and "zh-hant" are one, "en-GB" is "en"."""
    main, *rest = tag.lower().replace("_", "-").split("-")
    if main == "zh" and any(part in {"hant", "tw", "hk", "mo"} for part in rest):
        return "zh-hant"
    return main
