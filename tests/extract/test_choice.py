"""Which part of a page is read where nothing is selected: furniture out, no word of the policy lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import FaultKind
from tests.extract.pages import chosen, extracted, kind_of, policy, read, site

furniture = {
    "nav": "<nav><ul><li><a href=/x>Shop</a><li><a href=/y>Blog</a></ul></nav>",
    "role": "<div role=navigation>Shop Blog</div>",
    "breadcrumb": "<ol class='breadcrumb'><li><a href=/>Home</a><li>Privacy Policy</ol>",
    "share": "<div class='share-buttons'>Share on <a href=/s>Chirp</a></div>",
    "newsletter": "<div class=newsletter><p>News every week!</p><form><input name=mail></form></div>",
    "cookie banner": "<div id=cookie-banner><p>We use cookies for your privacy.</p><button>OK</button></div>",
    "consent vendor": "<div id='onetrust-consent-sdk'><h2>Privacy Center</h2><p>When you visit</p></div>",
    "consent by its buttons": "<div class=x1><p>We use cookies and personal data.</p><div><a>Accept all</a>"
    "<a>Reject all</a></div></div>",
    "consent in Chinese": "<div class=x2><p>我们使用 Cookie 和个人信息。</p>"
    "<button>全部接受</button><button>拒绝</button></div>",
    "dialog": "<dialog open>Log in to your account to see your personal data</dialog>",
    "modal": "<div role=dialog><p>Our terms of use have changed.</p></div>",
    "hidden": "<div hidden>Secret personal data</div>",
    "display none": "<div style='display: none'><p>Your privacy matters</p></div>",
    "hidden by class": "<div class='is-hidden'>You are offline</div>",
    "afloat": "<div style='position:fixed;top:0'>A new version of our policy app is here</div>",
    "language list": "<div class='language-switcher'><a>English</a> <a>中文</a></div>",
    "select": "<select><option>English<option>中文</select>",
    "skip link": "<a class=skip-link href=#main>Skip to content</a>",
    "call": "<section><h2>Ready?</h2><p>Start your free month today</p><a href=/go>Go</a></section>",
    "announcement": "<div class=announcement-bar>Meet us at the fair in May</div>",
    "related": "<aside class=related-posts><a href=/1>Ten tips</a><a href=/2>Our story</a></aside>",
    "footer": "<div class=footer><p>Example Ltd, Version 1.257.0.323</p></div>",
    "copyright": "<p>© 2019-2026 Example Ltd. All rights reserved.</p>",
    "contents": "<ul class=toc>"
    + "".join(f"<li><a href='#s{n}'>{n}. How</a>" for n in range(1, 9))
    + "</ul>",
    "icon": "<i class=material-icons aria-hidden=true>chevron_right</i>",
    "noscript": "<noscript><iframe src=https://t.example></noscript>",
    "comment": "<!-- built 2026-11-24T04:00:00Z -->",
}


@pytest.mark.parametrize("name", furniture)
@pytest.mark.parametrize("where", ["before", "after"])
def test_furniture_that_comes_and_goes_changes_nothing(name: str, where: str) -> None:
    bare = chosen(site(policy()))
    placed = {where: furniture[name]}
    assert chosen(site(policy(), **placed)) == bare


@pytest.mark.parametrize("name", sorted(set(furniture) - {"call"}))
def test_furniture_inside_the_main_part_changes_nothing(name: str) -> None:
    assert chosen(site(policy() + furniture[name])) == chosen(site(policy()))


@pytest.mark.parametrize(
    "around", ["<div>{}</div>", "<div><div class=content>{}</div></div>", "<form>{}</form>", "{}"]
)
def test_the_policy_is_found_without_a_main_element(around: str) -> None:
    top, bottom = "<div class=top><a href=/>Example</a></div>", "<div><a href=/jobs>Jobs</a></div>"
    page = f"<body>{top}{around.format(policy())}{bottom}"
    text = chosen(page)
    assert text.startswith("# Privacy Policy\n\n## 1. How we use data")
    assert text.endswith("12个月内删除。")


kept = {
    "closed details": "<details><summary>Retention</summary><p>KEPT for three years.</p></details>",
    "closed accordion": "<button aria-controls=p1 aria-expanded=false>More</button>"
    "<div id=p1 style='display:none'>KEPT for three years.</div>",
    "collapsed by class": "<div class='accordion-body' style='display:none'>KEPT for three years.</div>",
    "tab panel": "<div role=tabpanel hidden>KEPT for three years.</div>",
    "found until searched": "<div hidden=until-found>KEPT for three years.</div>",
    "name like furniture": "<section id='how-we-share-data'><h2>Sharing</h2><p>KEPT "
    + "as we said. " * 30
    + "</p></section>",
    "heading named share": "<h3 id=share>KEPT</h3><p>We share data.</p>",
    "cookie chapter": "<section class='cookie-policy'><h2>Cookies</h2><p>KEPT: three cookies.</p></section>",
    "footer of the article": "<article><p>We keep data.</p><footer>KEPT: 3 May 2026</footer></article>",
    "form around": "<form><p>KEPT</p></form>",
    "aside": "<aside><p>In short: your data is KEPT for three years.</p></aside>",
    "list of links": "<p>Vendors:</p><ul>"
    + "".join(f"<li><a href=https://v{n}.example>KEPT {n}</a>" for n in range(9))
    + "</ul>",
    "react streaming": "<template id='B:0'></template><div hidden id='S:0'>KEPT</div><script>x()</script>",
    "label of an opener": "<h3><button aria-expanded=false>KEPT</button></h3><p>We share data.</p>",
}


@pytest.mark.parametrize("name", kept)
def test_what_may_be_policy_is_kept(name: str) -> None:
    assert "KEPT" in chosen(site(policy() + kept[name]))


def test_title_and_date_outside_the_main_part_are_kept() -> None:
    header = "<div class=hero><h1>Our Privacy Policy</h1><p>Last updated: 3 June 2026</p></div>"
    text = chosen(site(policy().replace("<h1>Privacy Policy</h1>", ""), before=header))
    assert text.startswith("# Our Privacy Policy\n\nLast updated: 3 June 2026\n\n")


def test_title_and_date_in_a_page_header_are_kept() -> None:
    body = policy().replace("<h1>Privacy Policy</h1>", "")
    header = "<header><nav>Shop</nav><h1>隐私政策</h1><span>更新日期：2026年5月1日</span></header>"
    page = f"<body>{header}<main>{body}</main>"
    assert chosen(page).startswith("# 隐私政策\n\n更新日期：2026年5月1日\n\n## 1.")


def test_streamed_parts_stand_where_scripts_would_put_them() -> None:
    late = "<p>first</p><template id='B:1'></template><p>third</p>"
    text = chosen(site(policy() + late, after="<div hidden id='S:1'><p>second</p></div><script>x()</script>"))
    assert text.endswith("first\n\nsecond\n\nthird")


def test_a_page_that_carries_its_text_twice_is_read_once() -> None:
    both = f"<div class=wide>{policy(30)}</div><div class=narrow>{policy(30)}</div>"
    assert chosen(site(both)) == chosen(site(f"<div>{policy(30)}</div>"))


emails = (
    "<a href='mailto:dpo@service.example'>dpo@service.example</a>",
    "<a href='/cdn-cgi/l/email-protection' class='__cf_email__' data-cfemail='{}'>[email&#160;protected]</a>",
    "<a href='/cdn-cgi/l/email-protection#{}'>[email&#160;protected]</a>",
    "<a href='/cdn-cgi/l/email-protection#{}'>"
    "<span class='__cf_email__' data-cfemail='{}'>[email protected]</span></a>",
    "dpo@service.example",
)


@pytest.mark.parametrize("mask", [0x00, 0x5A, 0xFF])
def test_an_email_address_reads_the_same_with_and_without_obfuscation(mask: int) -> None:
    secret = bytes([mask, *(byte ^ mask for byte in b"dpo@service.example")]).hex()
    texts = {chosen(site(policy() + f"<p>Write to {one.format(secret, secret)}!</p>")) for one in emails}
    assert len(texts) == 1
    assert texts.pop().endswith("Write to dpo@service.example!")


def test_a_broken_obfuscation_is_left_as_it_is() -> None:
    assert "[email protected]" in chosen(site(policy() + "<p><a data-cfemail='zz'>[email protected]</a></p>"))


def test_hints_for_screen_readers_are_not_text() -> None:
    page = "<p>See <a href=/x>the list<span class=sr-only> (opens in a new window)</span></a>.</p>"
    assert chosen(site(policy() + page)).endswith("See the list.")


def test_marks_that_link_a_heading_to_itself_are_not_text() -> None:
    page = "<h2 id=a>Scope<a href=#a>#</a> <a href=#a aria-hidden=true>¶</a></h2><p>All.</p>"
    assert chosen(site(policy() + page)).endswith("## Scope\n\nAll.")


shells = {
    "mounting point": "<div id=root></div><script src=/app.js></script>",
    "nuxt": "<div id=__nuxt></div><script>window.x=1</script>",
    "noscript": "<noscript>You need to enable JavaScript to run this app.</noscript><script src=a></script>",
    "noscript in Chinese": "<noscript>您的浏览器不支持JavaScript，请启用</noscript><script src=a></script>",
    "loading": "<div class=spinner>Loading…</div><script src=/app.js></script>",
    "loading in French": "<main><p>Chargement en cours</p></main><script src=/app.js></script>",
}


@pytest.mark.parametrize("name", shells)
def test_a_page_that_needs_scripts_says_so(name: str) -> None:
    page = f"<!doctype html><title>Privacy</title><body>{shells[name]}"
    assert kind_of(read(page)) is FaultKind.NEEDS_BROWSER
    assert kind_of(read(page, select=("article.policy",))) is FaultKind.NEEDS_BROWSER


def test_a_rendered_page_with_a_mounting_point_is_no_shell() -> None:
    assert chosen(f"<div id=root>{policy()}</div><script src=/app.js></script>").endswith("删除。")
    short = "<div id=root><p>We collect nothing.</p></div><script src=/app.js></script>"
    assert chosen(short) == "We collect nothing."


def test_a_policy_in_pictures_is_named_as_such() -> None:
    page = "<title>隐私政策</title><body><div><img src=1.jpg><img src=2.jpg width=750></div>"
    assert kind_of(read(page)) is FaultKind.UNREADABLE
    assert kind_of(read("<title>Error</title><body><p>Not found</p><img src=cat.jpg>")) is None


@pytest.mark.parametrize(
    "page", ["<html></html>", "<body> \n<p>\u00a0</p>", "<script>x</script>", "<p>…</p>"]
)
def test_an_empty_page_is_a_fault_that_may_pass(page: str) -> None:
    result = read(page)
    assert kind_of(result) is FaultKind.EMPTY


words_ = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=12)
sentence = st.lists(words_, min_size=1, max_size=8).map(" ".join)


@given(
    st.lists(sentence, min_size=1, max_size=30),
    st.sampled_from(["p", "li", "h3", "td", "div", "blockquote", "dd"]),
)
def test_any_text_survives(sentences: list[str], tag: str) -> None:
    """Whatever is said in the main part is in the text, word by word and in order."""
    page = site("<h1>Privacy Policy</h1>" + "".join(f"<{tag}>{one}</{tag}>" for one in sentences))
    said = "".join("".join(sentences).split())
    found = "".join(char for char in extracted(page).text if char.isalnum())
    assert "".join(char for char in said if char.isalnum()) in found


@given(st.text(max_size=300))
def test_any_page_is_read_twice_alike_and_never_raises(page: str) -> None:
    raw = page.encode("utf-8", "surrogatepass")
    assert read(raw) == read(raw)
    assert read(b"<body>" + raw) == read(b"<body>" + raw)
