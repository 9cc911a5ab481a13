"""What happens in the demonstration, in order; printing it is the command's business."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from monitor.app import assemble, declare, open_store, prepared
from monitor.config import read_settings
from monitor.demo.pages import services
from monitor.demo.servers import PolicyWeb, loopback, mail_server, policy_web
from monitor.errors import UsageError
from monitor.model import Outcome
from monitor.pipeline import Monitor, tick
from monitor.spread import over

marker = "demo.json"
before_release = datetime(2017, 7, 27, 9, 0, tzinfo=UTC)
after_release = datetime(2017, 7, 28, 9, 0, tzinfo=UTC)
second_look = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the two rounds did and what went out."""

    config: Path
    first: Counter[Outcome]
    second: Counter[Outcome]
    mails: tuple[EmailMessage, ...]
    chats: tuple[str, ...]


def tell_story(folder: Path, say: Callable[[str], None]) -> Story:
    """Serve, poll, release, poll again. The clock of the demonstration stands in July 2017."""
    _make_room(folder)
    with policy_web() as web, mail_server() as (mailbox, mail_port):
        config = folder / "config.toml"
        config.write_text(_configuration(web, mail_port), encoding="utf-8")
        config.chmod(0o640)  # it holds channel addresses
        settings = prepared(read_settings(config, environment={}))
        store = open_store(settings)
        with ThreadPoolExecutor(settings.workers) as executor:
            monitor = assemble(settings, store, over(executor))
            say("27 July 2017, first round: ten services, their invented policies served on this machine")
            declare(settings, store, before_release)
            first = _rounds(monitor, before_release)
            web.released = True
            say(
                "28 July 2017, second round: AMAP has published a new policy; the nine others changed noise only"
            )
            store.expedite(None, after_release)
            second = _rounds(monitor, after_release)
        store.close()
        return Story(
            config=config,
            first=first,
            second=second,
            mails=tuple(mailbox.messages),
            chats=tuple(chat.replace("\r\n", "\n") for chat in web.chat),
        )


def _rounds(monitor: Monitor, start: datetime) -> Counter[Outcome]:
    """A round, and the second look that a new text needs before it counts."""
    return tick(monitor, start) + tick(monitor, start + second_look)


def _make_room(folder: Path) -> None:
    """An empty folder; one left by an earlier demonstration is emptied, any other is left alone."""
    if folder.exists():
        if not (folder / marker).exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} holds other things: name an empty folder with --folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / marker).write_text(json.dumps({"made by": "policy-monitor demo"}) + "\n", encoding="utf-8")


def _configuration(web: PolicyWeb, mail_port: int) -> str:
    origin = f"http://{loopback}:{web.server_port}"
    head = f"""# Written by `policy-monitor demo`. The pages were served on this machine while the demonstration ran.
[monitor]
state = "state"
contact = "demo@example.org"
time_zone = "Asia/Shanghai"
confirm_after = "10m"
profiles = ["2017-audit"]

[fetch]
pause = "0s"

[alerts]
group_wait = "0s"

[[channels]]
name = "counsel-mail"
url = "mailto://{loopback}:{mail_port}/?from=policy-monitor@example.org&to=counsel@example.org"

[[channels]]
name = "team-chat"
url = "mmost://{loopback}:{web.server_port}/demo-token"
language = "zh"
"""
    return head + "".join(
        f"""
[[services]]
id = "{service.id}"
name = "{service.name}"
name_native = "{service.native}"
operator = "{service.operator}"
url = "{origin}/{service.id}/privacy"
select = "main.policy"
allow_http = true
allow_private = ["127.0.0.0/8"]
ignore_robots_reason = "demonstration pages on this machine"
"""
        for service in services
    )
