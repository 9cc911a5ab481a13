"""What goes along with a mail: the comparison and the evidence, checkable without us, never at the cost of the alert."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from monitor.config import read_settings
from monitor.errors import ConfigError, MonitorError
from monitor.library import open_library
from monitor.model import AlertKind, Channel, Delivery, TermsId, digest
from monitor.notify.channels import problems
from monitor.render.attach import file_stem, packed
from monitor.render.evidence import package
from tests.decide.values import alert
from tests.world import Mailbox, Web, as_html, command, configuration, edited, policy


def watched(folder: Path, web: Web, port: int, attach: str = 'attach = ["diff", "evidence"]') -> Path:
    """A configuration whose policy is on record; the next look finds it edited."""
    web.pages = {"/a": as_html(policy)}
    config = configuration(folder, web, port, ["a"])
    text = config.read_text(encoding="utf-8").replace('name = "mail"\n', f'name = "mail"\n{attach}\n')
    config.write_text(text, encoding="utf-8")
    assert command(config, "check").returncode == 0
    web.pages["/a"] = as_html(edited)
    return config


def files_of(message: EmailMessage) -> dict[str, bytes]:
    return {
        str(part.get_filename()): part.get_payload(decode=True) or b""  # type: ignore[misc]
        for part in message.iter_attachments()
    }


def test_a_change_comes_with_its_comparison_and_its_evidence(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    config = watched(tmp_path, web, port)
    assert not files_of(mailbox.messages[0]), "the beginning has nothing to prove"
    assert command(config, "check").returncode == 0
    message = mailbox.messages[1]
    assert message.get_body(("html",)) is not None
    assert "通讯录" in mailbox.texts()[1]
    files = files_of(message)
    assert list(files) == ["a-v2.html", "a-v2-evidence.zip"]
    assert "通讯录" in files["a-v2.html"].decode()

    folder = tmp_path / "evidence"
    with zipfile.ZipFile(io.BytesIO(files["a-v2-evidence.zip"])) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        archive.extractall(folder)
    assert names >= {
        "README.txt", "SHA256SUMS", "manifest.json", "looks.json", "change.json", "diff.html",
        "old/text.txt", "new/text.txt", "old/page-1.html", "new/page-1.html", "audit-old.json", "audit-new.json",
    }  # fmt: skip
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert (folder / "new/page-1.html").read_text(encoding="utf-8") == web.pages["/a"]
    assert (folder / "old/page-1.html").read_text(encoding="utf-8") == as_html(policy)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["alert"] == "change:a:2"
    assert manifest["head"] in mailbox.texts()[1], "the head that the mail is witness of"
    assert manifest["version"]["text_sha256"] == digest((folder / "new/text.txt").read_bytes())
    looks = json.loads((folder / "looks.json").read_text(encoding="utf-8"))
    pages = {digest((folder / side / "page-1.html").read_bytes()) for side in ("old", "new")}
    assert pages <= {proof["raw_sha256"] for look in looks for proof in look["proof"]}
    assert manifest["head"] in (folder / "README.txt").read_text(encoding="utf-8")


def test_the_command_writes_the_same_evidence_and_equal_records_give_equal_bytes(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = watched(tmp_path, web, mail[1])
    assert command(config, "check").returncode == 0
    written = command(config, "alerts", "evidence", "change:a:2")
    assert written.returncode == 0, written.stderr
    again = command(config, "alerts", "evidence", "change:a", "other.zip")
    assert again.returncode == 0
    first = (tmp_path / "a-v2-evidence.zip").read_bytes()
    assert first == (tmp_path / "other.zip").read_bytes()
    assert command(config, "alerts", "evidence", "baseline").returncode != 0
    assert "policy-monitor alerts evidence change:a:2" in mail[0].texts()[1]


def test_what_is_too_large_is_named_and_the_alert_goes(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = watched(tmp_path, web, mail[1], 'attach = ["diff", "evidence"]\nattach_limit = "4 KiB"')
    assert command(config, "check").returncode == 0
    files = files_of(mail[0].messages[1])
    assert "not-attached.txt" in files
    assert b"a-v2-evidence.zip" in files["not-attached.txt"]
    assert sum(map(len, files.values())) < 6 * 1024


def test_a_mail_server_that_takes_only_so_much_gets_the_alert_without(tmp_path: Path, web: Web) -> None:
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, server_kwargs={"data_size_limit": 30_000}
    )
    controller.start()
    try:
        config = watched(tmp_path, web, port, 'attach = ["evidence", "diff"]')
        web.pages["/a"] += "<!-- " + "".join(digest(str(n)) for n in range(2_000)) + " -->"
        assert command(config, "check").returncode == 0
    finally:
        controller.stop()
    files = files_of(mailbox.messages[1])
    assert list(files) == ["not-attached.txt"]
    assert b"the mail server takes 30,000 bytes" in files["not-attached.txt"]
    assert "通讯录" in mailbox.texts()[1]


def test_a_damaged_record_costs_the_evidence_and_not_the_alert(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    config = watched(tmp_path, web, mail[1])
    assert command(config, "check").returncode == 0
    channel = Channel(name="mail", url="mailto://x", attach=("evidence",))
    with open_library(tmp_path / "state") as library:
        (change,) = [one for one in library.alerts() if one.kind is AlertKind.CHANGE]
        assert change.version
        lost = replace(change, version=replace(change.version, text_sha256="f" * 64))
        with pytest.raises(MonitorError):
            package(library, replace(change, version=None), "")
        delivery = Delivery(id=1, alert=lost, channel="mail", attempt=1)
        (note,) = packed(delivery, {"mail": channel}, library).attachments
        assert note.name == "not-attached.txt"
        assert b"could not be made" in note.content
        whole = replace(delivery, alert=change)
        (file,) = packed(whole, {"mail": channel}, library).attachments
        assert file.name == "a-v2-evidence.zip"
        (third,) = packed(replace(whole, attempt=3), {"mail": channel}, library).attachments
        assert b"the message was not taken with it" in third.content
        assert not packed(whole, {"mail": replace(channel, attach=())}, library).attachments
        assert not packed(whole, {}, library).attachments


def test_a_hostile_name_makes_no_path() -> None:
    hostile = TermsId(service="../../etc", terms_type="Terms\r\nX: y/..\\\u202e条款")
    assert file_stem(alert(terms=hostile)) == "etc-terms-x-y-v2"
    assert file_stem(alert(terms=TermsId(service="条款", terms_type="隐私"))) == "policy-v2"


def test_files_are_for_mail_alone(tmp_path: Path) -> None:
    robot = Channel(name="c", url="dingtalk://abcdefabcdef/", attach=("diff",))
    assert "'attach' is for mail" in str(problems(robot))
    file = tmp_path / "config.toml"
    file.write_text(
        '[[channels]]\nname = "c"\nurl = "mailto://h"\nattach = ["everything"]\n'
        '[[services]]\nid = "a"\nname = "A"\nurl = "https://example.org/"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="diff"):
        read_settings(file, {})
