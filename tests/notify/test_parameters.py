"""An address that would lose alerts, or promise what is not kept, is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import app
from monitor.config import read_settings
from monitor.errors import ConfigError
from monitor.model import Channel
from monitor.notify.channels import problems, split_recipients, warnings

mail = "mailtos://user:secret77@smtp.example.org/?from=a@example.org&to=b@example.org"
dingtalk = "dingtalk://abcdefabcdef/"
feishu = "feishu://abcdefabcdef/"
hook = "jsons://example.org/hook"


def problem(url: str) -> str | None:
    return problems(Channel(name="c", url=url))


@pytest.mark.parametrize(
    "url",
    [
        mail,
        mail + "&cc=c@example.org&bcc=d@example.org&reply=r@example.org&name=Monitor&smtp=mx.example.org",
        mail + "&mode=ssl&verify=yes&rto=5&cto=5&pgp=no&inline=no&+X-Team=privacy&overflow=upstream",
        dingtalk,
        "dingtalk://secret000001@abcdefabcdef/13800138000",
        dingtalk + "?secret=abcdefgh",
        feishu + "?secret=abcdefgh",
        mail + ";c@example.org, Ann <d@example.org>",
        "lark://abcdefabcdef/?secret=abcdefgh&retry=0&optional=no",
        hook + "?+Authorization=abcdefgh&:event=x&-q=1&method=put",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general?footer=no&image=no",
        "tgram://123456789:abcdefg_hijklmnop/12315544/?silent=yes&preview=no",
        "ntfys://ntfy.example.org/topic?priority=high&tags=warning",
        "gchat://workspace/key12345/token6789/?threadkey=abc",
    ],
)
def test_what_works_is_let_pass(url: str) -> None:
    assert problem(url) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (mail + "&pgp=encrypt", "?pgp=: mail is not encrypted"),
        (mail + "&pgp=e", "?pgp=: mail is not encrypted"),
        (mail + "&wkd=yes", "?wkd=: mail is not encrypted"),
        (mail + "&pgppub=/etc/key.asc", "?pgppub=: mail is not encrypted"),
        (mail + "&pgpprv=/etc/key.asc", "?pgpprv=: mail is not signed"),
        (mail + "&inline=yes", "?inline="),
        (mail + "&format=text", "?format="),
        (dingtalk + "?format=markdown", "?format="),
        (feishu + "?secert=abcdefgh", "?secert=: no such parameter"),
        (feishu + "?+X-Team=privacy", "no such parameter"),
        (hook + "?optional=yes", "?optional=: a failure would count as a success"),
        (hook + "?OPTIONAL=1", "?optional="),
        (hook + "?retry=3", "?retry="),
        (hook + "?overflow=truncate", "?overflow="),
        (hook + "?overflow=split", "?overflow="),
        (hook + "?emojis=yes", "?emojis="),
        (hook + "?redirect=yes", "?redirect="),
        (hook + "?store=yes", "?store="),
        (hook + "?tz=Asia/Shanghai", "?tz="),
        (mail + ",nobody", "'nobody' is no mail address"),
        (mail + "&cc=nobody", "'nobody' is no mail address"),
        (mail.replace("?", "c@example.org/nobody?"), "'nobody' is no mail address"),
        (mail + ",@example.org", "'@example.org' is no mail address"),
        ("dingtalk://abcdefabcdef/notaphone", "ropped invalid phone"),
    ],
)
def test_what_would_do_harm_or_nothing_is_refused(url: str, said: str) -> None:
    found = problem(url)
    assert found
    assert said in found
    for secret in ("secret77", "abcdefgh", "abcdefabcdef"):
        assert secret not in found


def test_all_is_said_at_once() -> None:
    found = problem(mail + "&pgp=sign&inline=yes,&retry=2")
    assert found
    assert found.count("?") == 3


def test_a_forgotten_name_does_not_show_the_secret() -> None:
    found = problem(feishu + "?cAnArY77cAnArY")
    assert found
    assert "canary" not in found.casefold()


@pytest.mark.parametrize(
    "url",
    [mail + ",c@example.org&cc=Ann <d@example.org>&+X-Team=privacy&reply=r@example.org", dingtalk, hook],
)
def test_addresses_made_by_splitting_are_no_problem(url: str) -> None:
    assert [problems(one) for one in split_recipients(Channel(name="c", url=url))] == [None] * len(
        split_recipients(Channel(name="c", url=url))
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (mail, ""),
        (mail + "&verify=no", "certificates are not checked"),
        (hook + "?verify=no", "certificates are not checked"),
        (mail.replace("mailtos", "mailto"), "the password goes over the network in clear"),
        ("mailto://smtp.example.org/?from=a@example.org&to=b@example.org", ""),
        ("nosuch://x", ""),
    ],
)
def test_what_works_and_is_not_safe_is_told_by_doctor(url: str, said: str) -> None:
    found = warnings(Channel(name="c", url=url))
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_a_rule_that_waits_for_a_criterion_that_no_checklist_has_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    text = """[[channels]]
name = "c"
url = "dingtalk://abcdefabcdef/"
[[rules]]
channels = ["c"]
criteria = ["consent.*", "consnet.*"]
[[services]]
id = "a"
name = "A"
url = "https://example.org/"
"""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        app.prepared(read_settings(file, {}))
    assert raised.value.problems == ("config.toml:6: rules.0.criteria: no criterion fits 'consnet.*'",)
