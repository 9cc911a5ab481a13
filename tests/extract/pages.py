"""Ways to read pages and documents in the tests of extraction, and pages written for them."""

from __future__ import annotations

from monitor.extract import auto
from monitor.model import Exchange, Extracted, Fault, FaultKind, Range, Snapshot, SourceDocument

address = "https://service.example/legal/privacy"


def snapshot(content: str | bytes, media_type: str = "text/html", charset: str | None = None) -> Snapshot:
    raw = content.encode() if isinstance(content, str) else content
    exchange = Exchange(url=address, final_url=address)
    return Snapshot(exchange=exchange, content=raw, media_type=media_type, charset=charset)


def read(
    content: str | bytes,
    *,
    select: tuple[str | Range, ...] = (),
    remove: tuple[str | Range, ...] = (),
    media_type: str = "text/html",
    charset: str | None = None,
    json_path: str | None = None,
) -> Extracted | Fault:
    """The product's own way from bytes to text."""
    document = SourceDocument(location=address, select=select, remove=remove, json_path=json_path)
    return auto.extract(snapshot(content, media_type, charset), document)


def extracted(
    content: str | bytes, *, select: tuple[str | Range, ...] = (), remove: tuple[str | Range, ...] = ()
) -> Extracted:
    """What a page that must be readable gives."""
    result = read(content, select=select, remove=remove)
    assert isinstance(result, Extracted), result
    return result


def whole(content: str | bytes) -> str:
    """The text of a page with its body selected: no judgement of what is policy."""
    return extracted(
        f"<body>{content}</body>" if isinstance(content, str) else content, select=("body",)
    ).text


def chosen(content: str | bytes) -> str:
    """The text of a page where nothing is selected."""
    return extracted(content).text


def kind_of(result: Extracted | Fault) -> FaultKind | None:
    return result.kind if isinstance(result, Fault) else None


def policy(sections: int = 12) -> str:
    """The inner HTML of a policy of some length, in two languages."""
    clause = (
        "<h2>{n}. How we use data</h2><p>We collect personal data of kind {n} to provide the service, and we "
        "keep it for {n} months after you close your account, unless a law asks us to keep it longer.</p>"
        "<p>我们会收集第{n}类个人信息，用于向您提供服务，并在您注销账号后的{n}个月内删除。</p>"
    )
    return "<h1>Privacy Policy</h1>" + "".join(clause.format(n=n + 1) for n in range(sections))


def site(main: str, before: str = "", after: str = "") -> str:
    """A page as a site would serve it, with its furniture."""
    return f"""<!doctype html><html><head><meta charset=utf-8><title>Privacy Policy - Example</title></head>
<body><header class="site-header"><a href="/">Example</a>
<nav><ul><li><a href="/a">Products</a><li><a href="/b">Prices</a></ul></nav></header>
{before}<main>{main}</main>{after}
<footer><p>Example Ltd, 1 Example Road</p><a href="/jobs">Jobs</a> <a href="/press">Press</a> © 2026</footer>
</body></html>"""
