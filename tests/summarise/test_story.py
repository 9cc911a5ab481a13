"""A machine's summary from the page to the mail and to `diff`: marked as such, deciding nothing, off unless asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.config import read_settings
from monitor.decide import Rules, decide
from monitor.diff import compare
from monitor.errors import ConfigError
from monitor.model import Alert, AlertKind, Change, Examination, Pending, Summary, SummarySentence
from monitor.notify.heartbeat import secrets_in
from monitor.render.message import message
from monitor.store.rows import from_json, to_json
from tests.summarise.model_server import Model, modelling, saying
from tests.world import Mailbox, Web, answer, as_html, command, configuration, edited, policy

said = "收集的信息增加了通讯录。"
told: dict[str, Any] = {"text": said, "places": [1], "quotes": ["位置信息与通讯录"]}


def watched(folder: Path, web: Web, port: int, model: Model, more: str = "") -> Path:
    config = configuration(folder, web, port, ["amap"], each='language = "zh"', general='language = "zh"')
    asked: str = f'\n[summary]\nendpoint = "{model.endpoint}"\nmodel = "tester"\n{more}\n'
    config.write_text(config.read_text(encoding="utf-8") + asked, encoding="utf-8")
    return config


def test_a_summary_is_in_the_mail_and_in_every_form_of_the_comparison(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    with modelling(saying(told, {"text": "谎言。", "places": [1], "quotes": ["并不在此"]})) as model:
        config = watched(tmp_path, web, port, model)
        web.pages = {"/amap": as_html(policy)}
        assert command(config, "check").returncode == 0
        assert model.asked == [], "a first record has no change"
        web.pages = {"/amap": as_html(edited)}
        assert command(config, "check").returncode == 0
    assert len(model.asked) == 1
    text = mailbox.texts()[-1]
    assert "机器撰写的摘要（模型：tester），未经人工核对" in text
    assert said in text
    assert "谎言" not in text
    assert "另有 1 句" in text
    html = mailbox.messages[-1].get_body(("html",))
    assert html is not None
    assert said in html.get_content()
    stored = answer(config, "diff", "amap")["change"]["summary"]
    assert stored["sentences"][0]["quotes"] == told["quotes"]
    assert stored["dropped"] == 1
    for form in ("text", "markdown", "html", "terminal"):
        shown = command(config, "diff", "amap", "--format", form).stdout
        assert said in shown.replace("\n", ""), form
    assert command(config, "verify").returncode == 0


def test_without_an_answer_the_alert_goes_out_and_says_why(
    tmp_path: Path, web: Web, mail: tuple[Mailbox, int]
) -> None:
    mailbox, port = mail
    with modelling(lambda asked: asked.send(b"", 503)) as model:
        config = watched(tmp_path, web, port, model)
        for page in (policy, edited):
            web.pages = {"/amap": as_html(page)}
            assert command(config, "check").returncode == 0
    assert "无法取得机器摘要" in mailbox.texts()[-1]
    assert "503" in mailbox.texts()[-1]
    assert "通讯录" in mailbox.texts()[-1], "the change is told all the same"


def change_with(summary: Summary | None) -> Change:
    return replace(compare("我们不会出售您的信息。", "我们会出售您的信息。"), summary=summary)


def test_it_decides_nothing(pending: Pending) -> None:
    written = Summary(model="m", sentences=(SummarySentence(text="无变化。", quotes=("出售",), places=(0,)),))
    decisions = [
        decide(Examination(pending=pending, change=change_with(summary)), Rules(channels=("mail",)))
        for summary in (None, written, Summary(model="m", fault="no answer"))
    ]
    routes = [(dict(one.routes), [alert.loud for alert in one.alerts]) for one in decisions]
    assert routes[0] == routes[1] == routes[2]


@pytest.fixture
def pending(alert: Alert) -> Pending:
    from monitor.model import Declaration, SourceDocument

    assert alert.terms is not None
    assert alert.version is not None
    declaration = Declaration(
        terms=alert.terms, name="AMAP", documents=(SourceDocument(location="https://service.example/"),)
    )
    return Pending(declaration=declaration, version=alert.version, text="我们会出售您的信息。")


@pytest.fixture
def alert() -> Alert:
    from datetime import UTC, datetime

    from monitor.model import Cause, TermsId, Version

    at = datetime(2026, 1, 1, tzinfo=UTC)
    terms = TermsId(service="amap")
    version = Version(
        terms=terms, number=2, cause=Cause.CHANGE, first_seen=at, recorded_at=at, text_sha256="0" * 64,
        key="k", recipe="r", length=10, snapshots=(), final_urls=(),
    )  # fmt: skip
    return Alert(key="k", kind=AlertKind.CHANGE, at=at, terms=terms, service_name="AMAP", version=version)


def test_what_a_hostile_policy_made_the_machine_say_is_inert(alert: Alert) -> None:
    evil = '<script>alert(1)</script> [click](http://evil.example) @everyone \x1b[31m<a href="x">'
    summary = Summary(
        model="<b>m</b>", sentences=(SummarySentence(text=evil, quotes=("<img src=x>",), places=(0,)),)
    )
    made = message(replace(alert, change=change_with(summary)), "en", repeat=False)
    assert "<script>" not in made.html
    assert "<img" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "\x1b" not in made.text + made.html + made.markdown
    assert "](http" not in made.markdown
    assert "@everyone" not in made.markdown
    assert "evil" not in made.chat, "chats have no room for what decides nothing"


def test_a_change_stored_by_an_older_program_still_loads() -> None:
    change = change_with(None)
    older = json.loads(to_json(Change, change))
    del older["summary"]
    assert from_json(Change, json.dumps(older)) == change
    newer = change_with(Summary(model="m", fault="f"))
    assert from_json(Change, to_json(Change, newer)) == newer


base = '[[services]]\nid = "a"\nname = "A"\nurl = "https://a.example/"\n'
mistakes = {
    'endpoint = "ftp://x/v1"\nmodel = "m"': "is not an http(s) address",
    'endpoint = "http://models.example.com/v1"\nmodel = "m"': "needs https",
    'endpoint = "http://8.8.8.8/v1"\nmodel = "m"': "needs https",
    'endpoint = "https://user:pass@x.example/v1"\nmodel = "m"': "no password",
    'endpoint = "http://127.0.0.1/v1"': "summary.model: is missing",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\nkey = "sk-secret"': "not written in this file",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\nkey_env = "NOT_THERE"': "NOT_THERE is not set",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\nkey_file = "no-such-file"': "cannot be read",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\nkey_env = "A"\nkey_file = "b"': "only one of",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\ndeadline = "1h"': "summary.deadline",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\nmost_places = 0': "summary.most_places",
    'endpoint = "http://127.0.0.1/v1"\nmodel = "m"\ntemperature = 1': "unknown key",
}


@pytest.mark.parametrize("lines", mistakes)
def test_mistakes_of_the_table_are_told_with_their_line(lines: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"{base}\n[summary]\n{lines}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        read_settings(file, {})
    assert mistakes[lines] in str(told.value)
    assert str(told.value).startswith("config.toml:")
    assert "sk-secret" not in str(told.value)


@pytest.mark.parametrize(
    "where", [{"key_env": "MODEL_KEY"}, {"key_file": "key.txt"}, {"key_credential": "model-key"}]
)
def test_the_key_comes_from_where_it_is_hidden_and_is_shown_nowhere(
    where: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text("sk-hidden-key\n")
    (tmp_path / "model-key").write_text("sk-hidden-key\n")
    file = tmp_path / "config.toml"
    ((name, value),) = where.items()
    file.write_text(
        f'{base}\n[summary]\nendpoint = "https://m.example/v1"\nmodel = "m"\n{name} = "{value}"\n'
    )
    environment: dict[str, Any] = {"MODEL_KEY": "sk-hidden-key", "CREDENTIALS_DIRECTORY": str(tmp_path)}
    settings = read_settings(file, environment)
    assert settings.kit.summariser is not None
    assert settings.kit.summariser.key == "sk-hidden-key"
    assert "sk-hidden-key" not in repr(settings) + repr(settings.kit) + repr(settings.kit.summariser)
    assert secrets_in(settings).redact("Bearer sk-hidden-key") == "Bearer •••"


def test_without_the_table_nothing_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(base)
    assert read_settings(file, {}).kit.summariser is None
