"""A place with a configuration and a filled database, and the commands tried on it in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor import extract, registry
from monitor.app import declare, open_store, prepared
from monitor.cli import cli
from monitor.config import read_settings
from monitor.decide import decide
from monitor.errors import MonitorError
from monitor.model import Exchange, Reading, Snapshot, TermsId, Visit
from monitor.steps import examine
from monitor.store.sqlite import SqliteStore
from monitor.text.dates import stated_dates
from monitor.text.language import language_of
from monitor.text.normal import key

start = datetime(2023, 5, 15, 8, 0, tzinfo=UTC)
hour = timedelta(hours=1)
delete_quote = "您可以在“我的-阅读记录”中删除您的阅读记录。"
policy = f"""# 青禾阅读隐私政策

更新日期：2023年5月8日
生效日期：2023年5月15日

青禾阅读由杭州青禾网络科技有限公司（以下简称“我们”）运营，注册地址：浙江省杭州市西湖区文三路500号3层。

## 一、我们如何收集和使用信息
当您注册账号时，我们会收集您的手机号码和昵称。当您使用朗读功能时，我们会收集您的设备型号、操作系统版本。
如您拒绝提供昵称，您将无法展示个人主页，但不影响您使用其他功能。
我们会根据您的浏览记录形成用户画像，以便向您推荐您可能感兴趣的图书。您可以通过“我的-设置-隐私”关闭个性化推荐。

## 二、我们如何存储和保护信息
我们在境内收集的个人信息将存储在中华人民共和国境内，我们不会将其传输至境外。
我们将在您注销账号后6个月内保存您的个人信息，超出保存期限后，我们会删除或匿名化处理。

第三方SDK名称清单如下：

| SDK名称 | 使用目的 | 第三方公司 |
|---|---|---|
| 听云SDK | 崩溃统计 | 北京某某科技有限公司 |

## 三、您的权利
您可以通过“我的-设置-账户信息”查询、更正您的个人信息。
{delete_quote}
您可以通过“我的-设置-注销账号”自行注销账号。

## 四、联系我们
您可以发送邮件至 privacy@qinghe.example 与我们联系。
我们将在15个工作日内答复您的请求。
"""


def configuration(*services: str, extra: str = "") -> str:
    rows = "".join(
        f'\n[[services]]\nid = "{one}"\nname = "{one.title()}"\nurl = "https://{one}.example/privacy"\n'
        for one in services
    )
    return f'[monitor]\nstate = "state"\ncontact = "test@example.org"\nconfirm_after = "10m"\n{extra}{rows}'


@dataclass
class Place:
    """A folder with `config.toml` and its database."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def configure(self, *services: str, extra: str = "") -> None:
        self.config.write_text(configuration(*services, extra=extra), encoding="utf-8")
        settings = prepared(read_settings(self.config, environment={}))
        with open_store(settings) as store:
            declare(settings, store, start)

    def store(self) -> SqliteStore:
        return open_store(read_settings(self.config, environment={}))

    def publish(self, service: str, text: str, at: datetime) -> None:
        """Two looks that show a text; the version is examined and settled."""
        settings = prepared(read_settings(self.config, environment={}))
        exchange = Exchange(
            url=f"https://{service}.example/privacy", final_url=f"https://{service}.example/privacy"
        )
        reading = Reading(
            text=text,
            key=key(text),
            recipe=self._recipe(service),
            snapshots=(Snapshot(exchange=exchange, content=text.encode(), media_type="text/plain"),),
            language=language_of(text),
            dates=stated_dates(text),
        )
        with open_store(settings) as store:
            for when in (at, at + hour):
                store.record(Visit(terms=TermsId(service=service), at=when, result=reading))
            for pending in store.unexamined(10):
                examined = examine(pending, settings.kit)
                store.settle(examined, decide(examined, settings.rules))

    def _recipe(self, service: str) -> str:
        settings = read_settings(self.config, environment={})
        return next(
            extract.recipe(one.documents) for one in settings.declarations if one.terms.service == service
        )

    def run(self, *arguments: str, code: int = 0) -> Result:
        """A command; its exit code must be as expected."""
        result = CliRunner().invoke(cli, ["-c", str(self.config), *arguments])
        given = result.exception.exit_code if isinstance(result.exception, MonitorError) else result.exit_code
        assert given == code, (result.output, result.exception)
        return result

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """One service with one version."""
    found = Place(tmp_path)
    found.configure("qinghe")
    found.publish("qinghe", policy, start)
    return found


@pytest.fixture
def stricter(place: Place) -> Callable[[], None]:
    """A later edition of the Chinese checklist in the operator's own folder: a way to delete is not enough."""
    return lambda: put_edition(place, "own-2")


def put_edition(place: Place, edition: str, services: tuple[str, ...] = ("qinghe",)) -> None:
    shipped = (resources.files("monitor.checklists") / "zh.toml").read_text(encoding="utf-8")
    before, mark, after = shipped.partition('id = "rights.delete"')
    row = 'verdict = "met"\nwhen = "with_way'
    assert row in after
    text = before + mark + after.replace(row, row.replace("met", "partly"), 1)
    lines = [f'edition = "{edition}"' if one.startswith("edition = ") else one for one in text.splitlines()]
    folder = place.folder / "checklists"
    folder.mkdir(exist_ok=True)
    (folder / "zh.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    registry.read_checklists_again(str(folder))
    place.configure(*services, extra='checklists = "checklists"\n')
