"""A policy behind the link of a stable page, and finding the policy of a site."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.fetch import auto, browser, http
from monitor.fetch.discover import Discovery, candidates, discover, scored
from monitor.fetch.links import seen_bytes
from monitor.model import FaultKind, Follow, Link, NotModified, Validators
from monitor.ports import Kit
from tests.fetch.hostile import Listener, Site, policy, reply
from tests.fetch.looks import Declare, failed, more_loopback, needs, nothing, seen


def home(*links: tuple[str, str], extra: str = "") -> str:
    anchors = "".join(f'<li><a href="{address}">{text}</a></li>' for address, text in links)
    words = "<p>欢迎使用示例记账。</p>" * 60
    return f"<html><head><title>首页</title></head><body>{words}<ul>{anchors}</ul>{extra}</body></html>"


@pytest.fixture
def stable(site: Site) -> Site:
    site["/"] = home(
        ("/about", "关于我们"), ("v/1.html", "《隐私政策》（旧版）"), ("v/2.html", " 隐私\n 政策 ")
    )
    site["/v/1.html"] = policy(title="第一版")
    site["/v/2.html"] = reply(policy(title="第二版"), ETag='"two"')
    return site


@pytest.mark.parametrize(
    "wanted",
    [
        Follow(text="隐私 政策"),
        Follow(select="li:last-child a"),
        Follow(select="li:nth-of-type(3)"),
        Follow(select="ul a", text="隐私 政策"),
    ],
)
def test_the_link_is_found_by_selector_or_text(
    wanted: Follow, stable: Site, document: Declare, kit: Kit
) -> None:
    snapshot = seen(http.fetch(document(stable.url(), follow=wanted), nothing, kit))
    assert "第二版" in snapshot.content.decode()
    exchange = snapshot.exchange
    assert exchange.url == stable.url()
    assert exchange.final_url == stable.url("/v/2.html")
    assert exchange.redirects == (stable.url(),)
    assert exchange.notes == (f"followed the link '隐私 政策' to {stable.url('/v/2.html')}",)


def test_a_text_within_a_link_will_do(stable: Site, document: Declare, kit: Kit) -> None:
    source = document(stable.url(), follow=Follow(text="旧版"))
    assert "第一版" in seen(http.fetch(source, nothing, kit)).content.decode()


def test_a_new_target_is_one_policy_with_a_recorded_move(stable: Site, document: Declare, kit: Kit) -> None:
    """The validators of the old target are not sent to the new one, but to an unchanged one they are."""
    source = document(stable.url(), follow=Follow(text="隐私 政策"))
    first = seen(http.fetch(source, nothing, kit)).exchange
    known = Validators(etag=first.header("etag"), url=first.final_url)
    stable["/v/2.html"] = reply("", 304)
    assert isinstance(unchanged := http.fetch(source, known, kit), NotModified)
    assert unchanged.exchange.redirects == (stable.url(),)
    assert stable.asked("/v/2.html")[1].headers["if-none-match"] == '"two"'
    stable["/"] = home(("/v/3.html", "隐私 政策"))
    stable["/v/3.html"] = policy(title="第三版")
    third = seen(http.fetch(source, known, kit))
    assert third.exchange.final_url == stable.url("/v/3.html")
    assert "if-none-match" not in stable.asked("/v/3.html")[0].headers


@pytest.mark.parametrize(
    ("wanted", "transient"),
    [(Follow(text="使用条款"), True), (Follow(select="p"), True), (Follow(select="a[[", text="x"), False)],
)
def test_a_link_that_is_not_there(
    wanted: Follow, transient: bool, stable: Site, document: Declare, kit: Kit
) -> None:
    fault = failed(http.fetch(document(stable.url(), follow=wanted), nothing, kit), FaultKind.FOLLOW)
    assert fault.transient is transient
    assert fault.exchange is not None
    assert fault.content


def test_faults_on_either_page_are_told(stable: Site, document: Declare, kit: Kit) -> None:
    source = document(stable.url(), follow=Follow(text="隐私 政策"))
    stable["/v/2.html"] = reply("gone", 404)
    fault = failed(http.fetch(source, nothing, kit), FaultKind.GONE)
    assert fault.exchange is not None
    assert fault.exchange.redirects == (stable.url(),)
    stable["/"] = reply("gone", 404)
    failed(http.fetch(source, nothing, kit), FaultKind.GONE)


@more_loopback
def test_row_72_a_followed_link_passes_the_gate(site: Site, document: Declare, kit: Kit) -> None:
    with Listener(address="127.0.0.2") as inside:
        site["/"] = home((f"http://127.0.0.2:{inside.port}/", "隐私政策"))
        source = document(site.url(), follow=Follow(text="隐私政策"), allow_private=("127.0.0.1/32",))
        failed(http.fetch(source, nothing, kit), FaultKind.BLOCKED_ADDRESS)
        assert inside.connections == 0


def test_a_frame_and_a_base_are_followed(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = '<head><base href="/deep/er/"></head><body><iframe class="doc" src="p.html"></iframe>'
    site["/deep/er/p.html"] = policy()
    source = document(site.url(), follow=Follow(select=".doc"))
    assert seen(http.fetch(source, nothing, kit)).exchange.final_url == site.url("/deep/er/p.html")


def test_a_gb18030_page_is_searched(site: Site, document: Declare, kit: Kit) -> None:
    page = home(("/p", "隐私政策")).replace("<title>", '<meta charset="gb2312"><title>').encode("gb18030")
    site["/"] = reply(page, content_type="text/html")
    site["/p"] = policy()
    seen(http.fetch(document(site.url(), follow=Follow(text="隐私政策")), nothing, kit))


@needs
@pytest.mark.browser
def test_a_link_made_by_a_script_is_followed(site: Site, document: Declare, kit: Kit) -> None:
    patient = replace(kit, deadline=timedelta(seconds=25))
    script = "document.querySelector('ul').innerHTML = '<a href=/p>' + '隐私' + '政策</a>'"
    site["/"] = home(extra=f"<p>{'隐私说明。' * 200}</p><script>{script}</script>")
    site["/p"] = policy()
    source = document(site.url(), follow=Follow(text="隐私政策"), fetcher="auto")
    assert seen(auto.fetch(source, nothing, patient)).exchange.final_url == site.url("/p")
    assert seen(browser.fetch(source, nothing, patient)).exchange.fetcher == "browser"


# --------------------------------------------------------------------------- discover


def found(site: Site, document: Declare, kit: Kit, path: str = "/", **options: Any) -> Discovery:
    result = discover(site.url(path), kit, document(site.url(), **options), http.fetch)
    assert isinstance(result, Discovery), result
    return result


def test_a_home_page_links_to_its_policy(site: Site, document: Declare, kit: Kit) -> None:
    site["/"] = home(
        ("/kids", "儿童个人信息保护规则"),
        ("/help/privacy-settings", "隐私设置"),
        ("/terms", "用户协议"),
        ("/legal/yinsi", "隐私权政策"),
        ("/news/1", "关于更新隐私政策的新闻公告，敬请各位用户知悉"),
        ("javascript:void(0)", "隐私政策"),
    )
    result = found(site, document, kit)
    assert not result.is_policy
    assert result.candidates[0].address == site.url("/legal/yinsi")
    assert site.url("/terms") not in [candidate.address for candidate in result.candidates]
    assert result.follow == Follow(text="隐私权政策")


@pytest.mark.parametrize(
    "text",
    [
        "隐私政策", "隐私权政策", "《隐私保护指引》", "隐私声明", "个人信息保护政策", "隱私權政策",
        "Privacy Policy",
        "Privacy Notice", "Our privacy statement", "プライバシーポリシー", "개인정보 처리방침",
        "Datenschutzerklärung",
        "Politique de confidentialité", "Política de Privacidad", "Informativa sulla privacy",
    ],
)  # fmt: skip
def test_many_names_of_a_policy(text: str) -> None:
    assert scored(Link(text=text, address="https://example.com/p"), "https://example.com/") >= 8


def test_one_candidate_per_address_and_not_the_page_itself() -> None:
    links = [
        Link(text="Privacy", address="https://example.com/privacy"),
        Link(text="Privacy Policy", address="https://example.com/privacy"),
        Link(text="Privacy Policy", address="https://example.com/"),
    ]
    best = candidates(links, "https://example.com/")
    assert [candidate.text for candidate in best] == ["Privacy Policy"]


def test_a_policy_is_recognised(site: Site, document: Declare, kit: Kit) -> None:
    site["/p"] = policy()
    result = found(site, document, kit, "/p")
    assert result.is_policy
    assert result.title == "示例记账隐私政策"
    site["/short"] = policy(3)
    assert not found(site, document, kit, "/short").is_policy


def test_documents_are_taken_others_are_not(site: Site, document: Declare, kit: Kit) -> None:
    site["/p.pdf"] = reply(b"%PDF-1.7 words", content_type="application/pdf")
    assert found(site, document, kit, "/p.pdf").is_policy
    site["/p.png"] = reply(b"\x89PNG", content_type="image/png")
    failed(discover(site.url("/p.png"), kit, document(site.url()), http.fetch), FaultKind.NOT_A_POLICY)


def test_discover_takes_a_bare_name_as_https_and_passes_the_gate(kit: Kit) -> None:
    failed(discover("127.0.0.1", kit), FaultKind.BLOCKED_ADDRESS)
    failed(discover("http://127.0.0.1/", kit), FaultKind.BAD_ADDRESS)


def test_what_is_seen_is_counted_in_one_pass() -> None:
    page = b"<html><head><title>t</title></head><body>a<b>b</b><script>x</script><!-- c --> d <p"
    assert seen_bytes(page, 100) == b"a b d"
    assert seen_bytes(b"<p>" + b"x" * 10 + b"</p>" + b"y" * 10, 10) == b"x" * 10
