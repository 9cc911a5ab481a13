"""What of a page is not its text: hidden parts, and the furniture that every page of a site wears. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

Attributes = Mapping[str, str | None]

_bold_style = re.compile(r"font-weight\s{0,9}:\s{0,9}(bold|bolder|[6-9]\d\d)", re.I)
_light_style = re.compile(r"font-weight\s{0,9}:\s{0,9}(normal|lighter|[1-5]\d\d)\b", re.I)
_hidden_style = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)", re.I)
_fixed_style = re.compile(r"position\s{0,9}:\s{0,9}fixed", re.I)
_block_style = re.compile(r"display\s{0,9}:\s{0,9}(?:block|flex|grid|table|list-item)", re.I)
_verbatim_style = re.compile(r"white-space\s{0,9}:\s{0,9}(?:pre|pre-line|pre-wrap|break-spaces)\b", re.I)
_list_style = re.compile(r"list-style(?:-type)?\s{0,9}:\s{0,9}([a-z-]{1,30})", re.I)
_email_place = "/cdn-cgi/l/email-protection"
_email_stand_in = re.compile(r"\[\s*email\s*protected\s*\]", re.I)


def names(attributes: Attributes) -> str:
    """Class and id of an element as one lower-case string of words."""
    return f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower()


def is_bold(tag: str, attributes: Attributes) -> bool | None:
    """True or False where the element sets the weight of its text, else None."""
    style = attributes.get("style") or ""
    if style and "font-weight" in style:
        if _bold_style.search(style):
            return True
        if _light_style.search(style):
            return False
    return True if tag in ("b", "strong") else None


def is_block(attributes: Attributes) -> bool:
    return bool(_block_style.search(attributes.get("style") or ""))


def is_afloat(attributes: Attributes) -> bool:
    """True where the element is fixed over the page: bars and boxes that scroll with nothing."""
    return bool(_fixed_style.search(attributes.get("style") or ""))


def list_style(attributes: Attributes) -> str:
    """The marker style that an element sets itself, or ""."""
    match = _list_style.search(attributes.get("style") or "")
    return match[1].lower() if match else ""


def is_verbatim(tag: str, attributes: Attributes) -> bool:
    """True where line breaks of the source are shown."""
    return tag == "pre" or bool(_verbatim_style.search(attributes.get("style") or ""))


def email_of(node: LexborNode, attributes: Attributes) -> str | None:
    """The address behind an obfuscation that only scripts undo, or None.

    The obfuscated form comes and goes with the edge that serves the page; the address is the text.
    """
    secret = attributes.get("data-cfemail")
    href = attributes.get("href") or ""
    if not secret and _email_place in href and _email_stand_in.fullmatch(node.text().strip()):
        secret = href.partition("#")[2]
    return _unmasked(secret) if secret else None


def _unmasked(secret: str) -> str | None:
    """The first byte is the mask of the others."""
    try:
        mask, *masked = bytes.fromhex(secret)
        address = bytes(byte ^ mask for byte in masked).decode()
    except ValueError:
        return None
    return address.partition("?")[0] if "@" in address else None


# --------------------------------------------------------------------------- hidden and furniture

# Names (class, id) of consent managers: whatever they hold is never the policy.
_consent = re.compile(
    r"fs-cc-|onetrust|ot-sdk|optanon|cybotcookiebot|cookiebot-?dialog|didomi|usercentrics|qc-cmp|sp_message|truste|termly"
    r"|cky-|cookieyes|\bcc-window|\bcc-banner|osano-cm|axeptio|tarteaucitron|klaro|iubenda-cs|cmplz|moove_gdpr"
    r"|borlabs-?cookie|shopify-pc__|cookie-?law|cookie-?notice|cookie-?banner|cookie-?bar|cookie-?consent"
    r"|cookie-?popup|cookie-?modal|cookie-?dialog|cookie-?alert|cookie-?overlay|cookie-?disclaimer|cookie-?message"
    r"|cookies-?(?:banner|notice|bar|consent|popup|modal|dialog|alert|overlay|message)|consent-?(?:banner|modal|popup"
    r"|dialog|manager|bar|overlay|notice)|gdpr-?(?:banner|modal|popup|bar|notice|consent|cookie)|privacy-?(?:banner"
    r"|popup|prompt|overlay)|ccpa-?(?:banner|popup)|eu-?cookie|cookie_?(?:banner|notice|consent|bar)"
)
# Names of the furniture of a site. A name is a class or id that begins or ends with one of these
# words: "site-footer" is furniture, "policy-section-how-we-share-data" is not.
_fixtures = (
    r"nav(?:bar|igation)?|topnav|subnav|sidenav|mainnav|(?:mega-?)?menu|breadcrumbs?|bread-crumbs?|crumbs?|footer"
    r"|skip-?(?:link|nav|to-content|to-main)|header-?nav|global-?header|site-?header|toolbar|pagination|pager"
    r"|(?:language|lang|locale|country)-?(?:switcher|selector|picker|menu|select|list|wrapper)"
)
_extras = (
    r"shar(?:e|ing)(?:-?(?:bar|buttons?|links?))?|socials?(?:-?(?:links?|media|icons?|share|bar))?|newsletter"
    r"|subscribe|related(?:-?(?:posts|articles|content|links))?|recommended|search(?:-?(?:form|box|bar))?"
    r"|announcement(?:-?bar)?|promo(?:-?bar)?|advert(?:isement)?s?|ads|banner-?ad|login-?form|chat-?widget|intercom"
    r"|back-?to-?top|scroll-?to-?top|feedback|rating|comments?|cta|print(?:article)?"
)


def _named(words: str) -> re.Pattern[str]:
    """Names of at most three parts of which the first or the last is one of the words."""
    part = r"[a-z0-9]{1,20}[-_]{1,2}"
    return re.compile(
        rf"(?<!\S)(?:(?:{part}){{0,2}}(?:{words})|(?:{words})(?:[-_]{{1,2}}[a-z0-9]{{1,20}}){{1,2}})(?!\S)"
    )


_fixture = _named(_fixtures)
_extra = _named(_extras)
_hiding = re.compile(
    r"(?<!\S)(?:no-?display|d-none|is-hidden|u-hidden|hidden|hide|display-none|invisible)(?!\S)"
)
_responsive = re.compile(r"(?:sm|md|lg|xl|2xl|print|group|hover|focus|open)[:-]|-(?:sm|md|lg|xl)(?:-|(?!\S))")
_unseen_by_eyes = re.compile(
    r"(?<![a-z])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|show-for-sr|a11y-hidden"
    r"|u-hidden-visually|assistive-text|accessibly-hidden)(?![a-z])"
)
_icon = re.compile(r"(?<![a-z])(?:material-(?:icons|symbols)[a-z-]*|glyphicon|fa-icon)(?![a-z])")
_button = re.compile(r"(?<![a-z])(?:btn|button)(?![a-z])")
_anchor_marks = frozenset({"#", "¶", "§", "🔗", "\u200b", "#\u200b", "Anchor", "permalink"})
_streamed = re.compile(r"S:[0-9a-f]{1,6}")
_panel = re.compile(
    r"accordion|collaps|panel|toggle|expand|tab-?(?:content|pane)|faq|dropdown-?content|disclosure|drawer-body"
)
_furniture_roles = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "tooltip",
        "tablist",
        "status",
        "alert",
    ]
)
_furniture_tags = frozenset({"nav", "dialog"})


def is_hidden(attributes: Attributes) -> bool:
    """True where the element says that it is not shown (the panels of accordions say so while closed).

    What React streams comes in hidden boxes ("S:0") that its first script puts in place.
    """
    if _streamed.fullmatch(attributes.get("id") or ""):
        return False
    style = attributes.get("style")
    if "hidden" in attributes and (attributes.get("hidden") or "").lower() != "until-found":
        return True
    return bool(style and _hidden_style.search(style))


def is_panel(attributes: Attributes, controlled: frozenset[str]) -> bool:
    """True where what is hidden opens on a click: it is text that waits, not text that is not there."""
    if (attributes.get("id") or "") in controlled or attributes.get("role") in ("tabpanel", "region"):
        return True
    return is_panel_name(names(attributes))


def is_panel_name(named: str) -> bool:
    return bool(_panel.search(named))


def is_consent(named: str) -> bool:
    return bool(_consent.search(named))


def is_furniture(tag: str, role: str) -> bool:
    """True where tag or role say that an element serves the site, not its text."""
    return tag in _furniture_tags or role in _furniture_roles


def is_fixture(named: str) -> bool:
    """True for the names of what every page of a site has: menus, footers, breadcrumbs."""
    return bool(_fixture.search(named))


def is_extra(named: str) -> bool:
    """True for the names of what is hung onto pages: share bars, newsletters, related links."""
    return bool(_extra.search(named))


def is_hidden_by_name(named: str) -> bool:
    """True where a class hides at every width of the screen."""
    return bool(_hiding.search(named)) and not _responsive.search(named)


def is_decoration(tag: str, attributes: Attributes, named: str, text: int) -> bool:
    """True for what only looks (icons made of letters) or is only heard (hints for screen readers)."""
    if tag not in ("h1", "h2", "h3") and text < 80 and _unseen_by_eyes.search(named):
        return True
    unheard = attributes.get("aria-hidden") == "true" and (text <= 2 or tag == "i")
    return unheard or (text < 40 and bool(_icon.search(named)))


def is_button(named: str) -> bool:
    """True for links that are dressed as buttons."""
    return bool(_button.search(named))


def is_anchor_mark(node: LexborNode, attributes: Attributes) -> bool:
    """True for the "#" or "¶" beside a heading that links to itself."""
    href = attributes.get("href") or ""
    return "#" in href and node.text().strip() in _anchor_marks
