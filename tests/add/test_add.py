"""`add` and `test-extract` as their user meets them: from nothing to a watched policy, on a real web."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.world import Web, as_html, command, policy

looked = ("--allow-http", "--allow-private", "127.0.0.0/8")
long_policy = policy + "我们按照个人信息保护法处理您的个人信息，您可以查询、更正、删除您的个人信息。\n" * 3


@pytest.fixture
def site(web: Web) -> Web:
    links = '<a href="/about">关于我们</a> <a href="/cookie">Cookie 设置</a> <a href="/policy">隐私政策</a>'
    web.pages = {
        "/": f"<html><body><h1>示例</h1><p>欢迎光临</p><footer>{links}</footer></body></html>",
        "/policy": as_html(long_policy),
        "/about": as_html("我们是一家示例公司。", "关于我们"),
        "/hub": '<html><body><h1>法律信息</h1><a href="/">首页</a> <a href="/legal/privacy">隐私政策</a></body></html>',
        "/legal/privacy": '<html><body><h1>隐私</h1><a href="/policy">隐私政策（最新版）</a></body></html>',
    }
    return web


def test_a_first_policy_is_added_where_there_is_no_configuration(tmp_path: Path, site: Web) -> None:
    config = tmp_path / "config.toml"
    done = command(config, "add", f"{site.origin}/", *looked, "--id", "example", "--yes")
    assert done.returncode == 0, done.stderr
    assert "我们如何收集您的个人信息" in done.stdout, "a preview"
    text = config.read_text(encoding="utf-8")
    assert f'url = "{site.origin}/policy"' in text
    assert 'select = "main"' in text
    checked = command(config, "check")
    assert "1 first records" in checked.stdout, checked.stderr


def test_comments_order_and_permissions_of_the_configuration_stay(tmp_path: Path, site: Web) -> None:
    config = tmp_path / "config.toml"
    before = '# ours\n[monitor]\nstate = "state" # here\n\n[fetch]  # slow line\ndeadline = "5s"\n'
    config.write_text(before, encoding="utf-8")
    config.chmod(0o640)
    for name in ("one", "two"):
        done = command(config, "add", f"{site.origin}/policy", *looked, "--id", name, "--tag", "x", "-y")
        assert done.returncode == 0, done.stderr
    text = config.read_text(encoding="utf-8")
    assert text.startswith(before)
    assert text.count("\n\n[[services]]\n") == 2
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_the_link_may_be_followed_and_a_page_between_is_passed(tmp_path: Path, site: Web) -> None:
    config = tmp_path / "config.toml"
    done = command(config, "add", f"{site.origin}/", *looked, "--id", "followed", "--follow", "-y")
    assert done.returncode == 0, done.stderr
    assert 'follow = {text = "隐私政策"}' in config.read_text(encoding="utf-8")
    done = command(config, "add", f"{site.origin}/hub", *looked, "--id", "hub", "-y")
    assert done.returncode == 0, done.stdout + done.stderr
    assert config.read_text(encoding="utf-8").count(f'url = "{site.origin}/policy"') == 1
    checked = command(config, "check")
    assert "2 first records" in checked.stdout, checked.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("/policy", "--every", "3x"), "'3x' is not a duration"),
        (("/policy", "--id", "Not An Id"), "an id has 1 to 64"),
        (("/policy", "--id", "known"), "is there already"),
        (("/about",), "does not look like a policy"),
        (("/nowhere",), "gone"),
        (("/policy", "--follow"), "--follow needs a page that links"),
        (("/policy", "--select", ".nowhere"), "selector"),
    ],
)
def test_what_cannot_be_added_leaves_the_configuration_as_it_was(
    tmp_path: Path, site: Web, arguments: tuple[str, ...], says: str
) -> None:
    config = tmp_path / "config.toml"
    assert command(config, "add", f"{site.origin}/policy", *looked, "--id", "known", "-y").returncode == 0
    before = config.read_bytes()
    path, *options = arguments
    done = command(config, "add", f"{site.origin}{path}", *looked, *options, "-y")
    assert done.returncode != 0
    assert says in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert config.read_bytes() == before


def test_the_network_inside_is_refused_unless_it_is_meant(tmp_path: Path, site: Web) -> None:
    config = tmp_path / "config.toml"
    done = command(config, "add", f"{site.origin}/policy", "--allow-http", "-y")
    assert done.returncode == 1
    assert "blocked_address" in done.stderr
    assert not config.exists()


def test_what_does_not_look_like_a_policy_can_be_watched_as_it_is(tmp_path: Path, web: Web) -> None:
    web.pages = {"/rules": as_html("平台规则：用户应当遵守本规则，不得发布违法内容。\n" * 30, "平台规则")}
    config = tmp_path / "config.toml"
    done = command(config, "add", f"{web.origin}/rules", *looked, "--as-is", "--id", "rules", "-y")
    assert done.returncode == 0, done.stderr


def test_an_empty_configuration_says_how_to_begin(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    done = command(config, "check")
    assert done.returncode == 78
    assert "policy-monitor add ADDRESS" in done.stderr


def test_test_extract_prints_what_would_be_taken(tmp_path: Path, site: Web) -> None:
    config = tmp_path / "config.toml"
    done = command(config, "test-extract", f"{site.origin}/policy", *looked, "--select", "main")
    assert done.returncode == 0, done.stderr
    assert "首页" not in done.stdout
    page = tmp_path / "page.json"
    page.write_text('{"data": {"body": "<p>' + "个人信息保护政策。" * 60 + '</p>"}}', encoding="utf-8")
    done = command(config, "test-extract", str(page), "--json-path", "data.body")
    assert "个人信息保护政策" in done.stdout, done.stderr
    assert (done.returncode, "no version would be made of it: not_a_policy" in done.stderr) == (1, True)
