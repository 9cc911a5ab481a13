"""Mail through a real SMTP server: both parts, one recipient each, what heals and what does not."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from monitor.model import Channel, Fault, FaultKind, Receipt
from monitor.notify.channels import problems, split_recipients
from tests.decide.values import alert
from tests.notify.sending import Send
from tests.notify.sinks import Box


def url(box: Box, to: str = "counsel@example.org", more: str = "") -> str:
    return f"mailto://127.0.0.1:{box.port}/?from=monitor@example.org&to={to}&mode=insecure{more}"


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_mail_has_a_text_and_an_html_part_of_equal_content(box: Box, send: Send) -> None:
    result = send(url(box))
    assert result == Receipt(answer="250 2.0.0 Ok: queued as 4F2A")
    mail = read(box.mails[0][1])
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Subject"].startswith("【政策变更】Shop 小店 第 2 版\uff1a重大\uff0c1 项审核结论变差")
    assert mail["X-Policy-Monitor-Event"] == "change:shop:2"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        words = part(mail, kind)
        for said in (
            "直接",
            "在您同意后",
            "您可以随时撤回同意。",
            "2026-12-01",
            "change:shop:2",
            "未更新日期的静默变更",
        ):
            assert said in words, (kind, said)
    assert "<ins>直接</ins>" in part(mail, "html")


def test_recipients_are_split_into_channels_of_their_own(box: Box, send: Send) -> None:
    whole = Channel(
        name="counsel", url=url(box, "a@example.org,b@example.org", "&cc=c@example.org&bcc=a@example.org")
    )
    split = split_recipients(whole)
    assert [one.name for one in split] == ["counsel#1", "counsel#2", "counsel#3"]
    for one in split:
        assert isinstance(send(one.url), Receipt)
    assert [address for address, _ in box.mails] == ["a@example.org", "b@example.org", "c@example.org"]
    assert all(read(content)["To"] == address for address, content in box.mails)


def test_a_channel_with_one_recipient_stays_as_it_is(box: Box) -> None:
    one = Channel(name="counsel", url=url(box))
    assert split_recipients(one) == (one,)
    robot = Channel(name="team", url="dingtalk://abcdef0123456789/13800000000/13900000000/")
    assert split_recipients(robot) == (robot,)
    chats = Channel(name="chat", url="tgram://123456789:abcdefg_hijklmnop/111/222/")
    assert len(split_recipients(chats)) == 2


def test_a_refused_recipient_does_not_touch_the_others(box: Box, send: Send) -> None:
    box.refuse["b@example.org"] = "550 5.1.1 no such user"
    split = split_recipients(Channel(name="counsel", url=url(box, "a@example.org,b@example.org")))
    results = [send(one.url) for one in split]
    assert isinstance(results[0], Receipt)
    refused = results[1]
    assert isinstance(refused, Fault)
    assert (refused.transient, refused.message) == (False, "550 5.1.1 no such user")
    assert [address for address, _ in box.mails] == ["a@example.org"]


def test_unsplit_recipients_get_it_all_or_not_at_all(box: Box, send: Send) -> None:
    box.refuse["b@example.org"] = "550 5.1.1 no such user"
    assert isinstance(send(url(box, "a@example.org,b@example.org")), Fault)
    assert not box.mails


def test_greylisting_heals(box: Box, send: Send) -> None:
    box.grey.add("counsel@example.org")
    first = send(url(box))
    assert isinstance(first, Fault)
    assert (first.transient, first.kind) == (True, FaultKind.CHANNEL)
    assert first.message.startswith("450")
    assert isinstance(send(url(box), attempt=2), Receipt)
    assert len(box.mails) == 1


@pytest.mark.parametrize(("answer", "transient"), [("552 too big", False), ("451 try later", True)])
def test_a_message_refused_after_its_data(answer: str, transient: bool, box: Box, send: Send) -> None:
    box.data_answer = answer
    result = send(url(box))
    assert isinstance(result, Fault)
    assert (result.transient, result.message) == (transient, answer)


def test_a_lost_acknowledgement_is_told_as_unknown(box: Box, send: Send) -> None:
    box.drop_after_data = True
    result = send(url(box))
    assert isinstance(result, Fault)
    assert (result.transient, result.kind) == (True, FaultKind.TIMEOUT)
    assert len(box.mails) == 1


def test_a_repeat_says_so_under_the_same_key(box: Box, send: Send) -> None:
    assert isinstance(send(url(box), "en", repeat=True), Receipt)
    mail = read(box.mails[0][1])
    assert mail["Subject"].startswith("Repeat: ")
    assert mail["X-Policy-Monitor-Event"] == "change:shop:2"
    assert "an earlier copy may have arrived" in part(mail, "plain")


def test_nobody_listens(send: Send) -> None:
    result = send("mailto://127.0.0.1:9/?from=m@example.org&to=c@example.org&mode=insecure")
    assert isinstance(result, Fault)
    assert (result.transient, result.kind) == (True, FaultKind.CHANNEL)


def test_several_alerts_in_one_mail(box: Box, send: Send) -> None:
    others = tuple(alert(key=f"change:shop:{number}") for number in range(3, 9))
    assert isinstance(send(url(box), also=others, head="abc123"), Receipt)
    mail = read(box.mails[0][1])
    assert mail["Subject"].startswith("7 条通知: ")
    for one in others:
        assert one.key in part(mail, "plain")
        assert one.key in part(mail, "html")
    assert "abc123" in part(mail, "html")


def test_headers_stay_on_one_line(box: Box, send: Send) -> None:
    nasty = alert(
        service_name="Shop\r\nBcc: everybody@example.org\r\n\r\n<b>x", key="change:shop:2\r\nX-Evil: 1"
    )
    assert isinstance(send(url(box), alert=nasty), Receipt)
    mail = read(box.mails[0][1])
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert [address for address, _ in box.mails] == ["counsel@example.org"]


def test_bad_addresses_are_loud_at_start_and_keep_their_secrets() -> None:
    bad = {
        "nothing": "no address",
        "nosuch://hunter2-hunter2": "nosuch",
        "mailto://": "mailto",
        "dingtalk://bad token hunter2/": "dingtalk",
        "slack://hunter2": "slack",
    }
    for address, said in bad.items():
        problem = problems(Channel(name="x", url=address))
        assert problem is not None, address
        assert "hunter2" not in problem
        assert said.split()[0] in problem or "scheme" in problem
    assert problems(Channel(name="x", url="mailto://user:pass@example.org/?to=a@example.org")) is None
