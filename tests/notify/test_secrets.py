"""The canary: no part of a channel's address ever comes out in a log, a fault, a receipt or a traceback."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from monitor.model import Channel, Fault
from monitor.notify.channels import problems, split_recipients
from monitor.notify.secrets import Redactor, guard_logs, mask, secrets_of
from tests.notify.sending import Send
from tests.notify.sinks import Box, Sink

canary = "cAnArY77cAnArY"
addresses = (
    f"dingtalk://{canary}/",
    f"dingtalk://{canary}@abcdef0123456789/",
    f"wecombot://{canary}/",
    f"feishu://abcdef0123456789/?secret={canary}",
    f"lark://{canary}/",
    f"schan://{canary}/",
    f"tgram://123456789:{canary}_hijklmnop/12315544/",
    f"slack://T1JJ3T3L2/A1BRTD4JD/{canary}IdeviFQ1/#general",
    f"discord://4174216298/{canary}/",
    f"json://user:{canary}@127.0.0.1:9/hook/",
    f"json://127.0.0.1:9/{canary}/",
    f"json://127.0.0.1:9/?+Authorization={canary}",
    f"mailto://user:{canary}@127.0.0.1:9/?from=a@example.org&to=b@example.org&mode=insecure",
    f"mailto://127.0.0.1:9/?user=x&pass={canary}&from=a@example.org&to=b@example.org",
    f"dingtalk://not a token {canary}/",
    f"nosuch://{canary}/",
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged at any level, as the daemon's guarded handler writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    channels = [Channel(name="c", url=address) for address in addresses]
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    guard_logs(Redactor.of(channels), [handler])
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("address", addresses)
def test_no_address_sings(address: str, robots: Sink, send: Send, log: io.StringIO) -> None:
    robots.says({"errcode": 310000, "code": 19024, "errmsg": f"no such token {canary}", "msg": canary})
    result = send(address)
    problem = problems(Channel(name="c", url=address))
    split_recipients(Channel(name="c", url=address))
    said = result.message if isinstance(result, Fault) else result.answer
    assert canary not in said
    assert canary not in repr(result)
    assert canary not in (problem or "")
    assert canary not in log.getvalue()


def test_the_channel_itself_is_silent_about_its_address() -> None:
    assert canary not in repr(Channel(name="c", url=f"dingtalk://{canary}/"))


@pytest.mark.parametrize("spelt", ["p@ss/w:rd&1", quote("p@ss/w:rd&1"), quote("p@ss/w:rd&1", safe="")])
def test_secrets_are_known_however_they_are_spelt(spelt: str) -> None:
    channel = Channel(name="c", url=f"jsons://user:{quote('p@ss/w:rd&1', safe='')}@example.org/hook")
    assert Redactor.of([channel]).redact(f"login with {spelt}!") == f"login with {mask}!"


def test_what_is_no_secret_stays_readable() -> None:
    mail = secrets_of(
        Channel(name="c", url="mailto://user:hunter2x@smtp.example.org/?to=counsel@example.org")
    )
    redact = Redactor(mail).redact
    assert redact("counsel@example.org at smtp.example.org") == "counsel@example.org at smtp.example.org"
    assert redact("hunter2x") == mask


def test_tracebacks_are_redacted(log: io.StringIO) -> None:
    try:
        raise ValueError(f"bad {canary}")
    except ValueError:
        logging.getLogger("anything").exception("sending to dingtalk://%s/ failed", canary)
    assert canary not in log.getvalue()
    assert "ValueError: bad" in log.getvalue()


def test_libraries_never_say_addresses_at_debug(log: io.StringIO) -> None:
    for name in ("apprise", "urllib3"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


def test_the_password_of_a_mail_server_stays_home(box: Box, send: Send, log: io.StringIO) -> None:
    result = send(
        f"mailto://user:{canary}@127.0.0.1:{box.port}/?from=a@example.org&to=b@example.org&mode=insecure"
    )
    assert isinstance(result, Fault)
    assert canary not in result.message + log.getvalue()
