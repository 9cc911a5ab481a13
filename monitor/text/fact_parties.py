"""Who receives, which rights a person is told of, and where data lie: facts by their names. Pure.

Left of the bar the normal name, right of it the ways it is written; Chinese and English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.model import Fact, Span
from monitor.text.fact_words import names
from monitor.text.tokens import pattern_of

recipient_lines = """
affiliates | 关联公司 关联方 关联企业 集团成员 集团公司 affiliate affiliates affiliated-companies group-companies subsidiaries corporate-family
third parties | 第三方 第三方公司 第三方机构 third-parties
partners | 合作伙伴 合作方 合作公司 partner partners business-partners
advertising partners | 广告合作伙伴 广告主 广告商 广告平台 广告网络 广告联盟 广告公司 advertiser advertisers advertising-partners advertising-networks advertising-companies ad-networks ad-partners marketing-partners
service providers | 服务提供商 服务商 供应商 服务提供者 service-provider service-providers vendor vendors suppliers contractors
processors | 受托方 受托人 受委托方 受托处理者 processor processors sub-processor sub-processors subprocessors
analytics providers | 统计分析服务商 数据分析服务商 数据分析公司 analytics-provider analytics-providers
hosting providers | 云服务商 云服务提供商 hosting-provider hosting-providers cloud-provider cloud-providers
payment providers | 支付机构 支付公司 支付服务商 payment-provider payment-providers payment-processor payment-processors
carriers | 物流公司 快递公司 配送公司 物流服务商 courier couriers shipping-companies delivery-companies
insurers | 保险公司 保险机构 insurer insurers insurance-companies
banks | 金融机构 银行机构 banks financial-institutions
credit agencies | 征信机构 信用评估机构 credit-bureaus credit-agencies credit-reference-agencies
data brokers | 数据经纪商 数据交易所 数据中介 data-broker data-brokers
authorities | 监管部门 监管机构 司法机关 行政机关 政府部门 公安机关 执法机关 law-enforcement public-authorities government-agencies regulators
merchants | 商家 卖家 商户 merchants sellers
employers | 雇主 用人单位 employer employers
researchers | 科研机构 研究机构 学术机构 researchers research-institutions
social networks | 社交平台 社交网络 social-network social-networks
other users | 其他用户 other-users
telecom operators | 电信运营商 通信运营商 基础电信企业 telecom-operators mobile-operators
successors | 受让方 收购方 承继方 acquirers successors prospective-buyers
model providers | 模型服务商 大模型提供方 模型提供方 model-providers ai-providers
"""

place_lines = """
mainland China | 境内 中国境内 中华人民共和国境内 中国大陆 mainland-china
outside the country | 境外 海外 国外 abroad overseas outside-your-country
European Economic Area | 欧洲经济区 欧盟 eea european-economic-area european-union
United States | 美国 united-states usa
China | 中国 people's-republic-of-china china
Hong Kong | 香港 hong-kong
Macau | 澳门 macau macao
Taiwan | 台湾 taiwan
Singapore | 新加坡 singapore
Japan | 日本 japan
South Korea | 韩国 south-korea
India | 印度 india
Indonesia | 印度尼西亚 印尼 indonesia
Malaysia | 马来西亚 malaysia
Thailand | 泰国 thailand
Vietnam | 越南 vietnam
Philippines | 菲律宾 philippines
Pakistan | 巴基斯坦 pakistan
Australia | 澳大利亚 australia
New Zealand | 新西兰 new-zealand
United Kingdom | 英国 united-kingdom
Ireland | 爱尔兰 ireland
Germany | 德国 germany
France | 法国 france
Netherlands | 荷兰 netherlands
Belgium | 比利时 belgium
Luxembourg | 卢森堡 luxembourg
Spain | 西班牙 spain
Italy | 意大利 italy
Sweden | 瑞典 sweden
Norway | 挪威 norway
Finland | 芬兰 finland
Denmark | 丹麦 denmark
Poland | 波兰 poland
Switzerland | 瑞士 switzerland
Austria | 奥地利 austria
Portugal | 葡萄牙 portugal
Russia | 俄罗斯 russia
Ukraine | 乌克兰 ukraine
Turkey | 土耳其 turkey türkiye
Israel | 以色列 israel
United Arab Emirates | 阿联酋 united-arab-emirates
Saudi Arabia | 沙特阿拉伯 沙特 saudi-arabia
Canada | 加拿大 canada
Mexico | 墨西哥 mexico
Brazil | 巴西 brazil
Argentina | 阿根廷 argentina
Chile | 智利 chile
South Africa | 南非 south-africa
Egypt | 埃及 egypt
Nigeria | 尼日利亚 nigeria
Kenya | 肯尼亚 kenya
"""

# A right's name and how it is said; looked for only behind words that say the person may.
_rights = {
    "access": r"查阅|查询|查看(?=您的个人信息)|访问(?=您|权|、|和|或)|\baccess\b",
    "correction": r"更正|修改(?=您|个人|、)|补充(?=您|个人|、|您)|\bcorrect(?:ion)?\b|\brectif\w{1,10}",
    "account closure": r"注销|\b(?:close|delete|cancel)\b(?= your account)|account deletion",
    "deletion": r"删除|\bdelet(?:e|ion)\b(?! your account)|\berasure\b|\berase\b",
    "copy": r"复制|副本|\bcop(?:y|ies)\b",
    "portability": r"转移|可携带|\bportab\w{1,6}",
    "withdrawal": r"撤回|撤销|取消授权|\bwithdraw\w{0,4}",
    "objection": r"拒绝|退出|关闭|退订|\bobject\b|\bopt(?:ing)?[ -]?out\b|\bunsubscribe\b",
    "restriction": r"限制(?!于)|\brestrict(?:ion)?\b",
    "explanation": r"解释|\bexplanation\b|\bexplain\b",
    "complaint": r"投诉|举报|申诉|起诉|\bcomplain(?:t|ts)?\b",
    "human review": r"人工(?:干预|审核|复核)|\bhuman (?:review|intervention)\b",
}
_right = re.compile(
    "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _rights.items()), re.I
)
_may = re.compile(
    r"[您你](?:可以?|有权|能够|也可|还可|仍可|亦可|享有)|有权|\byou (?:may|can|have (?:the|a) right)\b(?! not)|\brights? to\b"
    r"|\byou are entitled\b",
    re.I,
)
_stop = re.compile(r"[。；;！!？?\n]|[，,]\s?(?:但)?我们|[，,]\s?(?:but )?we\b|\.\s", re.I)
_longest_right = 240


def _pattern(known: dict[str, str]) -> re.Pattern[str]:
    latin = pattern_of(word for word in known if word[0].isascii()).replace("\\ ", "[ \\t-]")
    wide = pattern_of(word for word in known if not word[0].isascii())
    return re.compile(rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|{wide}", re.I)


_recipient_names, _place_names = names(recipient_lines), names(place_lines)
_recipient, _place = _pattern(_recipient_names), _pattern(_place_names)
_no_recipient = re.compile(
    r"(?i)sdk|软件|插件|网站|代码|应用|平台|账号|账户|登录|服务(?!商|提供)|链接|页面|产品|支付(?!机构|公司|服务商)|cookie|服务器|清单|目录|列表"
)


def recipients(text: str) -> Iterator[Fact]:
    """Those who get data, by what they are: affiliates, advertising partners, authorities."""
    for match in _recipient.finditer(text):
        if match[0] == "第三方" and _no_recipient.match(text, match.end()):
            continue
        yield _fact("recipient", _recipient_names[_known(match[0])], match)


def countries(text: str) -> Iterator[Fact]:
    """Countries and regions, and whether it is at home or abroad."""
    for match in _place.finditer(text):
        yield _fact("place", _place_names[_known(match[0])], match)


def rights(text: str) -> Iterator[Fact]:
    """Rights that a sentence says the person has."""
    done = 0
    for opening in _may.finditer(text):
        if opening.start() < done:
            continue
        stop = _stop.search(text, opening.end(), opening.end() + _longest_right)
        done = stop.start() if stop else min(len(text), opening.end() + _longest_right)
        for match in _right.finditer(text, opening.end(), done):
            yield _fact("right", str(match.lastgroup).replace("_", " "), match)


def _known(word: str) -> str:
    return re.sub(r"[ \t-]", " ", word.lower()) if word.isascii() else word.lower()


def _fact(kind: str, value: str, match: re.Match[str]) -> Fact:
    return Fact(kind=kind, value=value, quote=match[0], span=Span(start=match.start(), end=match.end()))
