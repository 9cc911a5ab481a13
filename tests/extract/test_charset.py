"""The same text in many encodings and under many labels is one text; nonsense is refused."""

from __future__ import annotations

import pytest

from monitor.extract.charset import codec_of, decode
from monitor.model import Fault, FaultKind

chinese = (
    "我们非常重视您的个人信息和隐私保护。为了向您提供服务，我们会按照法律法规的要求收集、使用和保存您的信息。"
    "您可以随时查阅、更正或者删除您的个人信息，也可以撤回同意。如果您不同意本政策的任何内容，请停止使用我们的服务。"
)
traditional = (
    "我們非常重視您的個人資料和隱私保護。為了向您提供服務，我們會按照法律法規的要求收集、使用和保存您的資料。"
    "您可以隨時查閱、更正或者刪除您的個人資料，也可以撤回同意。如果您不同意本政策的任何內容，請停止使用我們的服務。"
)
french = "Nous protégeons vos données à caractère personnel. Où sont-elles conservées ? À Nîmes, chez nous."
page = "<!doctype html><html><head>{meta}<title>{title}</title></head><body><p>{text}</p></body></html>"


def built(text: str, meta: str = "") -> str:
    return page.format(meta=meta, title=text[:6], text=text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
@pytest.mark.parametrize(
    "said", ["header", "nothing", "gb2312", "gbk", "GB18030", "iso-8859-1", "utf-7", "unicode_escape"]
)
def test_chinese_is_read_whatever_is_said_of_it(encoding: str, said: str) -> None:
    header = {"header": encoding.removesuffix("-sig"), "nothing": None}.get(said, said)
    assert decode(built(chinese).encode(encoding), header) == built(chinese)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("label", ["utf-8", "gb2312", "gbk", "gb18030", "x-gbk", "utf-16"])
def test_a_wrong_meta_gives_way(encoding: str, label: str) -> None:
    source = built(chinese, f'<meta http-equiv=content-type content="text/html; charset={label}">')
    assert decode(source.encode(encoding), None) == source


@pytest.mark.parametrize("label", [None, "big5", "Big5-HKSCS", "utf-8", "iso-8859-1"])
def test_big5(label: str | None) -> None:
    assert decode(built(traditional).encode("big5"), label) == built(traditional)


@pytest.mark.parametrize("label", [None, "iso-8859-1", "windows-1252", "latin1", "us-ascii", "utf-8"])
def test_western_text(label: str | None) -> None:
    assert decode(built(french).encode("cp1252"), label) == built(french)


@pytest.mark.parametrize(
    ("encoding", "label", "text"),
    [
        ("shift_jis", "Shift_JIS", "個人情報の取り扱いについて、当社は次のとおり定めます。"),
        ("euc_jp", "EUC-JP", "個人情報の取り扱いについて、当社は次のとおり定めます。"),
        ("cp949", "EUC-KR", "개인정보 처리방침을 다음과 같이 정합니다."),
        ("cp1251", "windows-1251", "Политика конфиденциальности нашего сервиса."),
        ("koi8-r", "KOI8-R", "Политика конфиденциальности нашего сервиса."),
    ],
)
def test_other_scripts_by_their_label(encoding: str, label: str, text: str) -> None:
    assert decode(built(text).encode(encoding), label) == built(text)
    assert decode(built(text, f"<meta charset='{label}'>").encode(encoding), None) == built(
        text, f"<meta charset='{label}'>"
    )


def test_header_goes_before_meta() -> None:
    source = built("我们重视隐私", "<meta charset=big5>")
    assert decode(source.encode("gb18030"), "gb2312") == source


def test_meta_counts_in_html_alone() -> None:
    source = "<meta charset=koi8-r>" + chinese
    assert decode(source.encode("gb18030"), None, "text/plain") == source


def test_rare_characters_of_gb18030_under_the_label_gb2312() -> None:
    text = "𠮷野家和㐂、鿊、€" * 5
    assert decode(built(text).encode("gb18030"), "gb2312") == built(text)


def test_a_few_broken_bytes_are_marked_not_guessed_around() -> None:
    raw = built(chinese * 20).encode()
    broken = raw[:300] + b"\xff" + raw[300:]
    decoded = decode(broken, "utf-8")
    assert isinstance(decoded, str)
    assert 0 < decoded.count("\ufffd") <= 3


def test_noise_is_a_fault() -> None:
    result = decode(bytes(range(256)) * 50, "utf-8")
    assert isinstance(result, str | Fault)
    garbage = decode(b"\xff\xfe\xfd\x00\xd8" * 500, "gb2312")
    assert isinstance(garbage, Fault)
    assert garbage.kind is FaultKind.CHARSET


@pytest.mark.parametrize(
    "label",
    [
        "utf-7",
        "idna",
        "punycode",
        "rot13",
        "unicode_escape",
        "raw_unicode_escape",
        "base64",
        "zip",
        "hex",
        "x",
        "",
    ],
)
def test_nonsense_codecs_are_refused(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("GB2312", "gb18030"),
        ("gbk", "gb18030"),
        ("GB_2312-80", "gb18030"),
        ("big5", "big5hkscs"),
        ("iso-8859-1", "cp1252"),
        ("latin-1", "cp1252"),
        (' "UTF8" ', "utf-8"),
        ("utf-16le", "utf-16-le"),
        ("ks_c_5601-1987", "cp949"),
        ("sjis", "cp932"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, codec: str) -> None:
    assert codec_of(label) == codec


def test_an_empty_page_decodes_to_nothing() -> None:
    assert decode(b"", None) == ""
    assert decode(b"", "utf-8") == ""
