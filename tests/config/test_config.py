"""config.toml: what is right becomes Settings, what is wrong is said at once, each at its line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import duration, read_settings, size, state_folder
from monitor.errors import ConfigError
from monitor.model import Follow, Range, TermsId

service = """
[[services]]
id = "amap"
name = "AMAP"
url = "https://example.org/privacy"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str, environment: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        read_settings(written(folder, text), environment or {})
    return raised.value.problems


def test_the_shipped_configuration_is_valid_and_holds_the_ten_services() -> None:
    file = Path(__file__).parents[2] / "config.toml"
    settings = read_settings(file, {})
    of_2017 = {one.terms.service for one in settings.declarations if "2017" in one.tags}
    assert of_2017 == {
        "wechat", "weibo", "taobao", "jd", "alipay", "amap", "baidu-maps", "didi", "umetrip", "ctrip",
    }  # fmt: skip
    assert all(one.operator and one.documents[0].location for one in settings.declarations)


def test_a_service_takes_the_general_settings_unless_it_has_its_own(tmp_path: Path) -> None:
    text = (
        """
[monitor]
every = "2h"
profiles = ["pipl"]
time_zone = "Asia/Shanghai"
"""
        + service
        + """
[[services]]
id = "jd"
name = "JD"
every = "30m"
profiles = ["2017-audit"]
terms_type = "Terms of Service"
tags = ["shop"]
documents = [
  { url = "https://example.org/a", select = "main" },
  { url = "https://example.org/b", select = [{ start_before = "h1", end_after = "#end" }], remove = [".ad"] },
]
"""
    )
    settings = read_settings(written(tmp_path, text), {})
    amap, jd = settings.declarations
    assert (amap.every, amap.profiles, amap.time_zone) == (timedelta(hours=2), ("pipl",), "Asia/Shanghai")
    assert (jd.every, jd.profiles) == (timedelta(minutes=30), ("2017-audit",))
    assert jd.terms == TermsId(service="jd", terms_type="Terms of Service")
    assert jd.documents[1].select == (Range(start_before="h1", end_after="#end"),)
    assert [document.location[-1] for document in jd.documents] == ["a", "b"]
    assert settings.state == tmp_path / "state"


def test_a_path_is_read_by_the_file_fetcher_and_a_link_can_be_followed(tmp_path: Path) -> None:
    text = """
[[services]]
id = "a"
name = "A"
url = "pages/a.html"

[[services]]
id = "b"
name = "B"
url = "https://example.org/"
follow = { text = "隐私政策" }
"""
    a, b = read_settings(written(tmp_path, text), {}).declarations
    assert a.documents[0].fetcher == "file"
    assert b.documents[0].follow == Follow(text="隐私政策")


def test_every_mistake_is_reported_at_its_line_in_order(tmp_path: Path) -> None:
    text = """[monitor]
evry = "2h"
time_zone = "Mars/Olympus"
workers = 0

[[services]]
id = "AMAP!"
name = "AMAP"
url = "ftp://example.org/"

[[services]]
id = "jd"
name = ""
every = "sometimes"
url = "https://example.org/"
documents = [{ url = "https://example.org/" }]

[[services]]
id = "jd"
name = "JD again"
url = "https://example.org/"
"""
    found = problems(tmp_path, text)
    assert found[0] == "config.toml:2: monitor.evry: unknown key"
    assert [int(one.split(":")[1]) for one in found] == sorted(int(one.split(":")[1]) for one in found)
    joined = "\n".join(found)
    for expected in (
        "config.toml:3: monitor.time_zone: 'Mars/Olympus' is not a time zone",
        "config.toml:4: monitor.workers:",
        "config.toml:7: services.0.id: an id has 1 to 64",
        "config.toml:9: services.0.url: 'ftp://example.org/' is neither",
        "config.toml:13: services.1.name:",
        "config.toml:14: services.1.every: 'sometimes' is not a duration",
        "config.toml:19: services.2.id: 'jd' is there already, on line 12",
    ):
        assert expected in joined


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "config.toml:1: no service is watched"),
        ("services = []", "no service is watched"),
        ("[monitor\n", "config.toml:1: not valid TOML"),
        ("[monitor]\nevery = '1h'\nevery = '2h'\n", "config.toml:3: not valid TOML"),
        (service + 'cron = "61 * * * *"\n', "config.toml:6: services.0.cron: '61 * * * *':"),
        (service + 'cron = "0 9 * * *"\nevery = "1h"\n', "'cron' and 'every' exclude each other"),
        (service + "documents = []\nurl2 = 1\n", "config.toml:7: services.0.url2: unknown key"),
        (service + "follow = {}\n", "follow needs 'select'"),
        (
            service + 'select = [{ start_before = "h1" }]\n',
            "a range needs exactly one of end_before and end_after",
        ),
        (service + 'allow_private = ["10.1.2.3/8"]\n', "has host bits set"),
        (service + 'ignore_robots_reason = "no"\n', "ignore_robots_reason"),
        (service + '[[channels]]\nname = "x"\n', "a channel needs exactly one of"),
        (
            service + '[[channels]]\nname = "x"\nurl_env = "NOWHERE"\n',
            "environment variable NOWHERE is not set",
        ),
        (service + '[[channels]]\nname = "x"\nurl_file = "none"\n', "cannot be read"),
        (service + '[[channels]]\nname = "x"\ncredential = "c"\n', "no CREDENTIALS_DIRECTORY"),
        (service + '[fetch]\nmax_bytes = "8 mice"\n', "is not a size"),
    ],
)
def test_each_kind_of_mistake_is_named(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in "\n".join(problems(tmp_path, text))


def test_the_address_of_a_channel_comes_from_where_it_is_kept_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "mail.url").write_text("mailto://user:secret1@example.org\n", encoding="utf-8")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "chat").write_text("mmost://example.org/secret3", encoding="utf-8")
    text = (
        service
        + """
[[channels]]
name = "a"
url_file = "mail.url"
[[channels]]
name = "b"
url_env = "B_URL"
language = "zh"
[[channels]]
name = "c"
credential = "chat"
"""
    )
    environment = {"B_URL": "json://example.org/secret2", "CREDENTIALS_DIRECTORY": str(credentials)}
    settings = read_settings(written(tmp_path, text), environment)
    assert [channel.url for channel in settings.channels] == [
        "mailto://user:secret1@example.org",
        "json://example.org/secret2",
        "mmost://example.org/secret3",
    ]
    assert [channel.language for channel in settings.channels] == ["en", "zh", "en"]
    assert "secret" not in repr(settings)


def test_a_wrong_address_of_a_channel_is_not_repeated(tmp_path: Path) -> None:
    text = service + '[[channels]]\nname = "a"\nurl = ["mailto://user:secret@example.org"]\n'
    assert "secret" not in "\n".join(problems(tmp_path, text))


def test_a_file_that_is_missing_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: no such file"):
        read_settings(tmp_path / "none.toml", {})
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.toml: cannot be read"):
        read_settings(tmp_path / "binary.toml", {})


def test_the_state_folder_is_known_even_where_the_rest_is_broken(tmp_path: Path) -> None:
    broken = written(tmp_path, '[monitor]\nstate = "there"\nwrong = 1\n')
    assert state_folder(broken, {}) == tmp_path / "there"
    assert state_folder(broken, {"STATE_DIRECTORY": "/var/lib/x"}) == Path("/var/lib/x")


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("1.5h", 5400), ("2 d", 172800), ("250ms", 0.25), ("1w", 604800)]
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "6", "h", "-1h", "1y", "1h30m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        duration(text)


def test_sizes() -> None:
    assert [size(value) for value in (10, "10", "2 MiB", "1kb")] == [10, 10, 2 * 2**20, 1000]
    for wrong in (True, "1.5 MiB", "x", "1 GB"):
        with pytest.raises(ValueError, match="is not a size"):
            size(wrong)
