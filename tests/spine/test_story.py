"""The whole story on real policies over real sockets: page -> version -> diff -> audit -> mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import Mailbox, Web, answer, as_html, command, configuration, gold, policy

policies = {"amap": "高德地图.txt", "jd": "京东.txt", "umetrip": "航旅纵横-2020.txt"}
sentence = "我们将在三十日内删除您的测试信息，并以短信通知您。"

needs_policies = pytest.mark.skipif(
    not gold.exists(), reason="the labelled policies of ../shared are not here"
)


@needs_policies
def test_an_edit_of_one_sentence_is_one_version_one_diff_one_audit_and_one_mail(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    texts = {service: (gold / file).read_text(encoding="utf-8") for service, file in policies.items()}
    web.pages = {f"/{service}": as_html(text) for service, text in texts.items()}
    config = configuration(tmp_path, web, port, list(policies))

    for _ in range(2):
        done = command(config, "check")
        assert done.returncode == 0, done.stderr
    rows = answer(config, "history")
    assert sorted((row["version"]["terms"]["service"], row["version"]["number"]) for row in rows) == [
        (service, 1) for service in sorted(policies)
    ]
    assert len(mailbox.messages) == 1, "the baseline, once"

    lines = texts["jd"].splitlines()
    place = next(index for index, line in enumerate(lines) if len(line) > 200)
    lines[place] += sentence
    web.pages["/jd"] = as_html("\n".join(lines))
    assert command(config, "check").returncode == 0

    rows = answer(config, "history")
    assert sorted((row["version"]["terms"]["service"], row["version"]["number"]) for row in rows) == [
        ("amap", 1), ("jd", 1), ("jd", 2), ("umetrip", 1),
    ]  # fmt: skip
    change = answer(config, "diff", "jd")["change"]
    assert len(change["hunks"]) == 1
    inserted = "".join(edit["text"] for edit in change["hunks"][0]["edits"] if edit["op"] == "insert")
    deleted = "".join(edit["text"] for edit in change["hunks"][0]["edits"] if edit["op"] == "delete")
    assert (inserted.strip(), deleted.strip()) == (sentence, "")
    assert answer(config, "audit", "jd")["audits"], "the new version was audited again"
    assert len(mailbox.messages) == 2
    assert sentence in "".join(mailbox.texts()[1].split())
    assert "JD" in str(mailbox.messages[1]["Subject"])

    assert command(config, "check").returncode == 0
    assert len(mailbox.messages) == 2, "nothing more is said of it"


@needs_policies
def test_every_verdict_of_the_audit_quotes_the_stored_text_at_its_place(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/amap": as_html((gold / policies["amap"]).read_text(encoding="utf-8"))}
    config = configuration(tmp_path, web, mail[1], ["amap"], general='profiles = ["2017-audit"]')
    assert command(config, "check").returncode == 0
    text = answer(config, "show", "amap")["text"]
    (audit,) = answer(config, "audit", "amap")["audits"]
    assert len(audit["findings"]) >= 8
    quotes = [quote for finding in audit["findings"] for quote in finding["evidence"]]
    assert len(quotes) >= 8
    for quote in quotes:
        assert text[quote["span"]["start"] : quote["span"]["end"]] == quote["quote"]


def test_one_service_that_fails_leaves_the_others_alone(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    web.pages = {"/good": as_html(policy)}
    config = configuration(tmp_path, web, mail[1], ["good", "missing"])
    done = command(config, "check")
    assert done.returncode == 1
    assert "MISSING" in done.stderr
    assert "404" in done.stderr
    assert [row["version"]["terms"]["service"] for row in answer(config, "history")] == ["good"]
    status = {
        one["declaration"]["terms"]["service"]: one["fault"] for one in answer(config, "status")["services"]
    }
    assert status["good"] is None
    assert status["missing"]
