"""The weekly report, end to end: through the real database and mail server, over restarts, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path

from monitor import app
from monitor.config import read_settings
from monitor.pipeline import tick
from monitor.spread import here
from tests.world import Mailbox, Web, as_html, edited, policy

services = tuple(f"s{number}" for number in range(10))
hour, day = timedelta(hours=1), timedelta(days=1)


def configured(folder: Path, web: Web, port: int, away: str) -> Path:
    watched = "\n".join(
        f'[[services]]\nid = "{one}"\nname = "Service {one}"\nurl = "{web.origin}/{one}"\n'
        'allow_http = true\nallow_private = ["127.0.0.0/8"]\n'
        for one in services
    )
    file = folder / "config.toml"
    file.write_text(
        f"""[monitor]
state = "state"
confirm_after = "0s"
time_zone = "Asia/Shanghai"
every = "6h"
[fetch]
pause = "0s"
[alerts]
digest = "0 9 * * mon"
group_wait = "0s"
away_after = "{away}"
[[channels]]
name = "counsel"
language = "zh"
url = "mailto://127.0.0.1:{port}/?from=monitor@example.org&to=zh@example.org"
[[channels]]
name = "abroad"
language = "en"
url = "mailto://127.0.0.1:{port}/?from=monitor@example.org&to=en@example.org"
{watched}""",
        encoding="utf-8",
    )
    return file


def live(config: Path, *moments: datetime) -> None:
    """One life of the daemon: it starts, ticks at these moments, and ends."""
    settings = app.prepared(read_settings(config))
    with app.open_store(settings) as store:
        app.declare(settings, store, moments[0])
        for now in moments:
            tick(app.assemble(settings, store, here), now)


def said(mailbox: Mailbox) -> dict[str, tuple[str, str]]:
    """Subject and text by recipient; the box is empty after that."""
    found = {}
    for message, text in zip(mailbox.messages, mailbox.texts(), strict=True):
        subject = str(make_header(decode_header(str(message["Subject"]))))
        assert str(message["To"]) not in found, "one message each"
        found[str(message["To"])] = (subject, text)
    mailbox.messages.clear()
    return found


def test_a_week_of_silence_is_reported_on_monday_at_nine_in_shanghai_once(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    web.pages = {f"/{one}": as_html(policy) for one in services}
    config = configured(tmp_path, web, port, away="30h")
    thursday = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    live(config, thursday, thursday + hour)
    assert {subject for subject, _ in said(mailbox).values()} == {
        "【开始监测】已开始监测 10 个服务。",
        "[watching] Watching 10 services from now on.",
    }
    due = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Shanghai
    live(config, *(thursday + number * day for number in range(1, 4)), due - timedelta(minutes=5))
    assert not said(mailbox), "before its time nothing is said, and a restart is no reason to"

    live(config, due + timedelta(minutes=1), due + timedelta(minutes=2))
    reports = said(mailbox)
    subject, text = reports["zh@example.org"]
    assert subject.startswith("【每周报告】监测 10 个服务，近 7 天读取到 10 个")
    assert "0 次变更，没有未送达的通知。" in subject
    assert "最近一次成功均不早于 2026-11-23 08:55 UTC+08:00" in text
    assert "✓ Service s3：最近读取 2026-11-23 08:55 UTC+08:00，第 1 版" in text
    subject, text = reports["en@example.org"]
    assert subject.startswith("[weekly report] 10 watched, 10 read in the last 7 days")
    assert subject.endswith("0 changes, nothing undelivered.")
    assert "each at 2026-11-23 08:55 UTC+08:00 or later" in text
    assert "✓ Service s3: last read 2026-11-23 08:55 UTC+08:00, version 1" in text

    for number in range(1, 7):
        live(config, due + number * day)
    assert not said(mailbox), "one report a week, however often the daemon starts"


def test_a_report_that_fell_into_an_absence_comes_late_and_tells_what_is_wrong(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    web.pages = {f"/{one}": as_html(policy) for one in services}
    config = configured(tmp_path, web, port, away="48h")
    start = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    live(config, start)
    web.pages["/s0"] = as_html(edited)
    live(config, start + day, start + day + hour)
    del web.pages["/s1"]
    mailbox.messages.clear()

    back = start + 12 * day  # two Mondays were slept through
    live(config, back)
    found = [
        (str(make_header(decode_header(str(message["Subject"])))), text)
        for message, text in zip(mailbox.messages, mailbox.texts(), strict=True)
        if str(message["To"]) == "en@example.org"
    ]
    reports = [text for subject, text in found if "weekly report" in subject or "weekly report" in text]
    assert len(reports) == 1
    assert "was away" in "".join(text for _, text in found)
    assert "✗ Service s1" in reports[0]
    assert "0 changes" in reports[0], "the change was more than seven days ago"
