"""The words by which the parts of a page are told apart, in the languages of the watched pages. Pure."""

from __future__ import annotations

import re

# A part of a page that says one of these may be part of a policy.
legal = re.compile(
    r"privacy|personal (?:data|information)|data protection|\bcookies?\b|\bgdpr\b|\bccpa\b"
    r"|third part(?:y|ies)|\bpolic(?:y|ies)\b|terms (?:of|and)|user agreement"
    r"|隐私|隱私|個人|个人信息|个人资料|信息保护|未成年人|儿童|用户协议|服务协议|第三方|政策|声明|条款"
    r"|confidentialité|données (?:personnelles|à caractère)|vie privée|mentions légales|\bpolitique"
    r"|datenschutz|personenbezogen|richtlinie|privacidad|política|datos personales|privacidade"
    r"|dados pessoais|dati personali|informativa|persoonsgegevens|プライバシー|個人情報|개인정보",
    re.I,
)
# A short line with one of these and a digit may be the date of a policy.
dated = re.compile(
    r"updated|effective|revis(?:ed|ion)|amended|published|version|modified|mise? à jour|en vigueur|stand\b"
    r"|gültig|aktualisiert|actualiza|vigor|aggiorna|生效|更新|发布|發布|修订|修訂|版本|施行|実施|改定|시행|개정",
    re.I,
)
# What the buttons of a consent box say; two answers, or one that names all or cookies, make a box.
accepts = re.compile(
    r"\b(?:accept|allow|agree|autoriser|akzeptieren|zustimmen|aceptar|aceitar|accetta)|接受|同意|允许|許可",
    re.I,
)
rejects = re.compile(
    r"\b(?:reject|decline|deny|refuse|disagree|only necessary|ablehnen|rechazar|rejeitar|rifiuta)|拒绝|拒否",
    re.I,
)
sweeping = re.compile(r"\ball\b|cookies?\b|\btout|\balle\b|\btodo|\btutt|全部|所有", re.I)
consent = re.compile(r"cookie|consent|consentement|einwilligung|consenso|consentimiento|隐私|同意", re.I)
printing = re.compile(r"\b(?:print|imprimer|drucken|ausdrucken|imprimir|stampa)\b|打印|列印|印刷", re.I)
loading = re.compile(r"\bloading\b|chargement|wird geladen|cargando|caricamento|加载中|載入中|読み込み", re.I)
scripts_wanted = re.compile(
    r"(?:enable|activ|turn on|requires?|need|without|disabled)[^.]{0,60}javascript"
    r"|javascript[^.]{0,60}(?:enabl|activ|requir|disabled|deaktiviert|désactivé|einschalten)|(?:启用|开启|打开|支持|不支持|禁用)[^。]{0,20}javascript",
    re.I,
)
