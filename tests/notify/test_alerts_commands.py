"""Alerts as their operator lives with them: commands in processes of their own, real mail server, real web hooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import app
from monitor.config import read_settings
from monitor.pipeline import tick
from monitor.spread import here
from tests.daemon.test_daemon import running, until
from tests.notify.sinks import Box, Sink, http_sink, smtp_box
from tests.world import Web, answer, as_html, command, edited, policy

canary = "cAnArY77cAnArY"
services = ("a", "b", "c", "d", "e")
patient = """[alerts]
digest = ""
channel_failing_for = "999h"
away_after = "999h"
"""


@pytest.fixture
def other() -> Iterator[Sink]:
    with http_sink() as made:
        yield made


@pytest.fixture
def box() -> Iterator[Box]:
    with smtp_box() as made:
        yield made


def configured(
    folder: Path, web: Web, channels: dict[str, str], watched: tuple[str, ...] = ("a",), rest: str = ""
) -> Path:
    sections = "".join(
        f'[[channels]]\nname = "{name}"\nurl_file = "{name}.url"\n' for name, url in channels.items()
    )
    for name, url in channels.items():
        (folder / f"{name}.url").write_text(url + "\n", encoding="utf-8")
    sections += "".join(
        f'[[services]]\nid = "{one}"\nname = "Service {one.upper()}"\nurl = "{web.origin}/{one}"\n'
        'tags = ["retail"]\nallow_http = true\nallow_private = ["127.0.0.0/8"]\n'
        for one in watched
    )
    file = folder / "config.toml"
    file.write_text(
        f'[monitor]\nstate = "state"\nconfirm_after = "0s"\n[fetch]\npause = "0s"\n{rest}\n{sections}',
        encoding="utf-8",
    )
    return file


def mail_to(box: Box, *people: str) -> str:
    return f"mailto://127.0.0.1:{box.port}/?from=monitor@example.org&to={','.join(people)}"


def hook(sink: Sink) -> str:
    return f"json://user:{canary}@{sink.host}/{canary}x/"


def said(sink: Sink) -> list[str]:
    return [one.json["message"] for one in sink.received]


def after(config: Path, hours: float, times: int = 1, step: float = 1) -> None:
    """What a daemon does later: ticks from so many hours from now on."""
    settings = app.prepared(read_settings(config))
    with app.open_store(settings) as store:
        for number in range(times):
            now = datetime.now(UTC) + timedelta(hours=hours + number * step)
            tick(app.assemble(settings, store, here), now)


def test_one_of_two_recipients_is_refused_for_good(tmp_path: Path, web: Web, box: Box, other: Sink) -> None:
    web.pages = {"/a": as_html(policy)}
    channels = {"counsel": mail_to(box, "good@example.org", "gone@example.org"), "hook": hook(other)}
    config = configured(tmp_path, web, channels)
    box.refuse["gone@example.org"] = "550 5.1.1 no such user"
    assert command(config, "check").returncode == 0
    after(config, 1, times=8)
    assert [to for to, _ in box.mails].count("good@example.org") == len(
        {row["alert_key"] for row in answer(config, "alerts", "list") if row["channel"] == "counsel#1"}
    )
    dead = command(config, "alerts", "dead")
    assert dead.returncode == 2
    assert "550 5.1.1 no such user" in " ".join(dead.stdout.split())
    assert any("counsel#2" in text and "550 5.1.1" in text for text in said(other)), "the others are told"
    assert command(config, "status").returncode == 2

    box.refuse.clear()
    (row,) = [one for one in answer_of_two(config, "alerts", "dead") if one["kind"] == "baseline"]
    again = command(config, "alerts", "retry", str(row["id"]))
    assert "1 delivery queued" in again.stdout
    assert command(config, "alerts", "retry").returncode != 0, "which ones must be said"
    after(config, 10)
    assert "gone@example.org" in [to for to, _ in box.mails]
    command(config, "alerts", "retry", "--all")
    after(config, 11)
    assert command(config, "alerts", "dead").returncode == 0


def answer_of_two(config: Path, *arguments: str) -> Any:
    done = command(config, *arguments, "--json")
    assert done.returncode == 2
    return json.loads(done.stdout)


def test_list_show_and_explain(tmp_path: Path, web: Web, box: Box, other: Sink) -> None:
    web.pages = {"/a": as_html(policy)}
    rest = """[[rules]]
name = "counsel, what weighs"
channels = ["counsel"]
kinds = ["change"]
tags = ["retail"]
[[rules]]
name = "hook, minors"
channels = ["hook"]
topics = ["minors"]
"""
    config = configured(
        tmp_path, web, {"counsel": mail_to(box, "c@example.org"), "hook": hook(other)}, rest=rest
    )
    assert command(config, "check").returncode == 0
    web.pages["/a"] = as_html(edited)
    assert command(config, "check").returncode == 0
    rows = {(row["alert_key"], row["channel"]): row for row in answer(config, "alerts", "list")}
    assert rows["change:a:2", "counsel"]["state"] == "sent"
    assert rows["change:a:2", "counsel"]["answer"].startswith("250 2.0.0 Ok: queued"), (
        "the server's own words"
    )
    assert ("change:a:2", "hook") not in rows
    for key in ("change:a:2", "change:a", str(rows["change:a:2", "counsel"]["id"])):
        assert "通讯录" in command(config, "alerts", "show", key).stdout
    assert "【政策变更】" in command(config, "alerts", "show", "change:a:2", "--language", "zh").stdout
    sent = len(box.mails), len(other.received)
    explained = {one["channel"]: one for one in answer(config, "alerts", "explain", "change:a:2")}
    assert (explained["counsel"]["gets"], explained["counsel"]["rule"]) == (True, "counsel, what weighs")
    assert not explained["hook"]["gets"]
    assert "none of the topics minors" in " ".join(explained["hook"]["reasons"])
    assert "hook, minors" in " ".join(command(config, "alerts", "explain", "change:a:2").stdout.split())
    assert (len(box.mails), len(other.received)) == sent, "nothing was sent"
    assert command(config, "alerts", "show", "change:nobody").returncode != 0


def test_a_storm_is_held_said_once_and_released(tmp_path: Path, web: Web, box: Box) -> None:
    web.pages = {f"/{one}": as_html(policy) for one in services}
    config = configured(tmp_path, web, {"counsel": mail_to(box, "c@example.org")}, services)
    assert command(config, "check").returncode == 0
    before = len(box.mails)
    web.pages = {f"/{one}": as_html(edited) for one in services}
    assert command(config, "check").returncode == 0
    kinds = [row["kind"] for row in answer(config, "alerts", "list") if row["state"] == "sent"]
    assert kinds.count("own fault") == 1
    assert "change" not in kinds
    assert len(box.mails) == before + 1
    assert "5 deliveries released" in command(config, "alerts", "release").stdout
    assert command(config, "check").returncode == 0
    assert all(row["state"] == "sent" for row in answer(config, "alerts", "list"))
    assert command(config, "alerts", "release").stdout.startswith("0 deliveries released")


def test_a_storm_that_nobody_releases_goes_out_by_itself(tmp_path: Path, web: Web, box: Box) -> None:
    web.pages = {f"/{one}": as_html(policy) for one in services}
    config = configured(tmp_path, web, {"counsel": mail_to(box, "c@example.org")}, services)
    assert command(config, "check").returncode == 0
    web.pages = {f"/{one}": as_html(edited) for one in services}
    assert command(config, "check").returncode == 0
    assert any(row["state"] == "pending" for row in answer(config, "alerts", "list"))
    after(config, 0.6)
    rows = answer(config, "alerts", "list")
    assert {row["state"] for row in rows if row["kind"] == "change"} == {"sent"}


def test_the_day_a_text_takes_effect_is_told_on_that_day(tmp_path: Path, web: Web, box: Box) -> None:
    today = datetime.now(UTC)
    soon = today + timedelta(days=3)
    effective = f"生效日期：{soon.year}年{soon.month}月{soon.day}日"
    web.pages = {"/a": as_html(policy.replace("生效日期：2026年1月1日", effective))}
    config = configured(
        tmp_path,
        web,
        {"counsel": mail_to(box, "c@example.org")},
        rest='[alerts]\ndigest = ""\naway_after = "999h"',
    )
    assert command(config, "check").returncode == 0
    after(config, 24)
    assert [row["kind"] for row in answer(config, "alerts", "list")] == ["baseline"]
    after(config, 72, times=3)
    assert [row["kind"] for row in answer(config, "alerts", "list")] == ["baseline", "effective"]
    assert soon.date().isoformat() in command(config, "alerts", "show", "effective:a").stdout


def test_mute_and_digest_delay_and_drop_nothing(tmp_path: Path, web: Web, box: Box, other: Sink) -> None:
    web.pages = {f"/{one}": as_html(policy) for one in services[:2]}
    later = datetime.now(UTC) + timedelta(hours=20)
    rest = f"""[alerts]
digest = ""
group_wait = "0s"
away_after = "999h"
[[rules]]
name = "muted"
channels = ["counsel"]
mute_until = {later.isoformat(timespec="seconds")}
[[rules]]
name = "daily"
channels = ["hook"]
digest = "0 0 * * *"
"""
    config = configured(
        tmp_path, web, {"counsel": mail_to(box, "c@example.org"), "hook": hook(other)}, services[:2], rest
    )
    assert command(config, "check").returncode == 0
    web.pages = {f"/{one}": as_html(edited) for one in services[:2]}
    assert command(config, "check").returncode == 0
    assert not box.mails
    assert not other.received
    explained = {one["channel"]: one for one in answer(config, "alerts", "explain", "change:a:2")}
    assert "muted until" in explained["counsel"]["reasons"][0]
    assert "waits for the digest" in explained["hook"]["reasons"][0]
    after(config, 25)
    assert len(other.received) == 1, "in one message"
    assert "change:a:2" in said(other)[0]
    assert "change:b:2" in said(other)[0]
    assert len(box.mails) == 1
    assert b"change:b:2" in box.mails[0][1]


def test_a_wrong_channel_stops_the_start(tmp_path: Path, web: Web) -> None:
    for url, words in (
        (f"nosuch://{canary}/", "nosuch is unknown"),
        (f"dingtalk://{canary}/?optional=yes", "?optional="),
        ("mailto://h/?from=a@example.org&to=nobody", "'nobody' is no mail address"),
        ("", "is empty"),
    ):
        config = configured(tmp_path, web, {"wrong": url})
        for arguments in (("run",), ("validate",)):
            done = command(config, *arguments)
            assert done.returncode == 78, (url, arguments)
            assert "config.toml:" in done.stderr
            assert words in done.stderr
            assert canary not in done.stdout + done.stderr
        assert not (tmp_path / "state").exists(), "nothing was begun"


def test_no_secret_is_anywhere_but_in_its_file(tmp_path: Path, web: Web, other: Sink) -> None:
    other.says({"error": f"no such user {canary}"}, 401)
    web.pages = {"/a": as_html(policy)}
    config = configured(tmp_path, web, {"hook": hook(other), "dead": f"jsons://127.0.0.1:9/{canary}/"})
    with running(config) as daemon:
        until(lambda: other.received)
        until(lambda: all(row["answer"] for row in answer(config, "alerts", "list")))
        daemon.terminate()
        daemon.wait(timeout=10)
        assert daemon.stderr is not None
        log = daemon.stderr.read()
    shown = [
        command(config, *arguments)
        for arguments in (
            ("config",), ("config", "--json"), ("status",), ("status", "--json"), ("doctor",), ("validate",),
            ("alerts", "list"), ("alerts", "list", "--json"), ("alerts", "test"), ("alerts", "dead"), ("check",),
        )
    ]  # fmt: skip
    everything = log + "".join(one.stdout + one.stderr for one in shown)
    assert "401" in everything, "what went wrong is said"
    assert canary.casefold() not in everything.casefold()
    for file in (tmp_path / "state").rglob("*"):
        assert not file.is_file() or canary.encode() not in file.read_bytes(), file.name


def test_a_greylisting_mail_server_and_one_that_drops_get_everything_in_the_end(
    tmp_path: Path, web: Web, box: Box
) -> None:
    web.pages = {"/a": as_html(policy)}
    config = configured(tmp_path, web, {"counsel": mail_to(box, "c@example.org")}, rest=patient)
    box.grey.add("c@example.org")
    assert command(config, "check").returncode == 0
    (row,) = answer(config, "alerts", "list")
    assert (row["state"], "450 4.2.0" in row["answer"]) == ("pending", True)
    box.drop_after_data = True
    after(config, 1)
    assert len(box.mails) == 1
    assert answer(config, "alerts", "list")[0]["state"] == "pending", "its answer was lost"
    box.drop_after_data = False
    after(config, 3)
    assert len(box.mails) == 2
    assert b"repeat" in box.mails[1][1]
    assert answer(config, "alerts", "list")[0]["state"] == "sent"
