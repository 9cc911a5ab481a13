"""Documents whose text cannot be read are told as such, and watched by their bytes: real page, store and mail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from monitor.model import digest
from tests.world import Mailbox, Web, answer, as_html, command, configuration, policy, root


def scan(path: Path, lines: int) -> bytes:
    """A PDF that holds a drawing and no text, as a scanner makes one."""
    page = canvas.Canvas(str(path), invariant=True)
    for line in range(lines):
        page.line(72, 100 + 9 * line, 500, 100 + 9 * line)
    page.save()
    return path.read_bytes()


def watching_a_file(tmp_path: Path, web: Web, port: int) -> tuple[Path, Path]:
    config = configuration(tmp_path, web, port, ["amap"])
    document = tmp_path / "policy.pdf"
    text = config.read_text(encoding="utf-8").replace(f'"{web.origin}/amap"', f'"{document}"')
    text = text.replace("allow_http = true\n", "").replace('allow_private = ["127.0.0.0/8"]\n', "")
    config.write_text(text, encoding="utf-8")
    return config, document


def checks(config: Path, times: int) -> None:
    for _ in range(times):
        done = command(config, "check")
        assert "Traceback" not in done.stderr, done.stderr


def subjects(mailbox: Mailbox) -> Sequence[str]:
    return [str(message["Subject"]) for message in mailbox.messages]


def test_another_scan_in_the_place_of_one_is_told_once_and_is_no_version(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    config, document = watching_a_file(tmp_path, web, port)
    old, new = scan(tmp_path / "old.pdf", 30), scan(tmp_path / "new.pdf", 31)
    document.write_bytes(old)
    checks(config, 4)
    assert any("cannot be read" in subject for subject in subjects(mailbox)), subjects(mailbox)
    told = len(mailbox.messages)

    document.write_bytes(new)
    checks(config, 1)
    document.write_bytes(old)
    checks(config, 2)
    assert len(mailbox.messages) == told, "other bytes at one look alone are no news"

    document.write_bytes(new)
    checks(config, 4)
    assert len(mailbox.messages) == told + 1
    body = mailbox.texts()[-1]
    assert digest(old) in body
    assert digest(new) in body
    assert "compare it by eye" in body
    assert answer(config, "history", "amap") == []

    looks = answer(config, "history", "amap", "--checks")
    assert {look["fault"] for look in looks} == {"unreadable"}
    assert {look["proof"][0]["raw_sha256"] for look in looks} == {digest(old), digest(new)}
    kept = raw_of(config, looks[-1]["seq"])
    assert kept == new
    assert raw_of(config, looks[0]["seq"]) == old, (
        "the same bytes are kept once, so the old ones are still there"
    )


def raw_of(config: Path, seq: int) -> bytes:
    asked = [sys.executable, "-m", "monitor", "-c", str(config), "show", "amap", "--look", str(seq), "--raw"]
    return subprocess.run(asked, capture_output=True, check=True, env={"PYTHONPATH": str(root)}).stdout


def test_a_page_of_errors_can_be_read_again_from_the_look_that_met_it(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/amap": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["amap"])
    checks(config, 2)
    wall = "<html><head><title>安全验证</title></head><body><h1>请完成安全验证</h1><p>拖动滑块完成拼图</p></body></html>"
    web.pages = {"/amap": wall}
    checks(config, 1)
    look = answer(config, "history", "amap", "--checks")[-1]
    assert look["fault"].startswith(("suspect:", "needs_browser", "empty")), look
    assert raw_of(config, look["seq"]).decode() == wall
    shown = command(config, "show", "amap", "--look", str(look["seq"]))
    assert "address 127.0.0.1" in shown.stdout
    assert look["chain"] in shown.stdout


@pytest.mark.parametrize("seq", ["1", "999"])
def test_a_look_that_is_not_there_or_kept_nothing_is_a_clear_error(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int], seq: str
) -> None:
    web.pages = {"/amap": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["amap"])
    checks(config, 1)
    done = command(config, "show", "amap", "--look", seq, "--raw")
    assert done.returncode != 0
    assert "look" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_document_of_a_policy_leaves_its_look_even_when_another_fails(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/one": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["one"])
    text = config.read_text(encoding="utf-8")
    parts = ", ".join(
        f'{{ url = "{web.origin}/{name}", allow_http = true, allow_private = ["127.0.0.0/8"] }}'
        for name in ("one", "two")
    )
    config.write_text(text[: text.index('url = "http')] + f"documents = [{parts}]\n", encoding="utf-8")
    checks(config, 1)
    (look,) = answer(config, "history", "--checks")
    assert look["fault"] == "gone"
    assert [exchange["status"] for exchange in look["proof"]] == [200, 404]
