"""The policy web of the demonstration: invented texts for the ten services of July 2017.

Nothing here is the policy of anybody. The texts were written for this program; the names only say
which services the audit of 2017 concerned. Every call of `page` changes what changes on real pages
without meaning anything: times, counters, link ids, scripts, banners.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from itertools import count

invented = "【演示文本】本页文字为本软件演示而虚构，与任何真实企业的隐私政策无关。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoService:
    """A service of the demonstration: how it is called and what its invented policy says."""

    id: str
    name: str
    native: str
    operator: str
    purpose: str
    collects: tuple[str, ...]
    extra: tuple[Clause, ...] = field(default=())


services = (
    DemoService(
        id="wechat",
        name="WeChat",
        native="微信",
        operator="演示科技（深圳）有限公司",
        purpose="即时通讯、朋友圈与支付",
        collects=(
            "当您注册账号时，我们会收集您的昵称、头像与手机号码，用于建立您的账号。",
            "当您使用附近的人功能时，我们会收集您的位置信息，用于向您展示附近的用户。",
        ),
    ),
    DemoService(
        id="weibo",
        name="Sina Weibo",
        native="微博",
        operator="演示微创网络有限公司",
        purpose="发布与阅读短消息",
        collects=(
            "当您注册账号时，我们会收集您的手机号码、性别与生日，用于完善您的资料。",
            "当您发布图片时，我们会访问您的相册与相机，用于上传您选择的内容。",
        ),
    ),
    DemoService(
        id="taobao",
        name="Taobao",
        native="淘宝",
        operator="演示网络（杭州）有限公司",
        purpose="网上购物",
        collects=(
            "当您下单时，我们会收集收货人姓名、收货地址与联系电话，用于交付您购买的商品。",
            "当您浏览商品时，我们会记录您的浏览与搜索记录，用于改进商品排序。",
        ),
    ),
    DemoService(
        id="jd",
        name="JD.com",
        native="京东",
        operator="演示世纪贸易有限公司",
        purpose="网上购物与配送",
        collects=(
            "当您下单时，我们会收集收货人姓名、收货地址、联系电话与订单信息，用于配送。",
            "当您联系客服时，我们会记录通话与聊天内容，用于处理您的投诉。",
        ),
    ),
    DemoService(
        id="alipay",
        name="Alipay",
        native="支付宝",
        operator="演示支付（中国）网络技术有限公司",
        purpose="支付与账单管理",
        collects=(
            "当您进行实名认证时，我们会收集您的姓名、身份证号码与银行卡号，用于核实您的身份。",
            "当您付款时，我们会收集交易金额、时间与对方账户，用于完成支付与防范风险。",
        ),
    ),
    DemoService(
        id="amap",
        name="AMAP",
        native="高德地图",
        operator="演示软件有限公司",
        purpose="地图与导航",
        collects=("在您使用我们的服务时，我们可能会收集为提供服务所必需的相关信息。",),
    ),
    DemoService(
        id="baidu-maps",
        name="Baidu Maps",
        native="百度地图",
        operator="演示网讯科技有限公司",
        purpose="地图、公交与导航",
        collects=(
            "当您使用导航功能时，我们会收集您的位置信息与行程轨迹，用于规划路线。",
            "当您搜索地点时，我们会记录您的搜索记录，用于提供搜索历史。",
        ),
    ),
    DemoService(
        id="didi",
        name="DiDi",
        native="滴滴出行",
        operator="演示桔子科技发展有限公司",
        purpose="叫车与代驾",
        collects=(
            "当您叫车时，我们会收集您的上下车地点、手机号码与行程信息，用于派单与计费。",
            "当您乘车时，我们会记录行程录音，用于处理安全事件。",
        ),
    ),
    DemoService(
        id="umetrip",
        name="Umetrip",
        native="航旅纵横",
        operator="演示民航信息网络有限公司",
        purpose="航班动态与值机",
        collects=(
            "当您办理值机时，我们会收集您的姓名、证件号码与航班号，用于为您选座。",
            "当您订阅航班动态时，我们会收集您的手机号码，用于向您发送通知。",
        ),
    ),
    DemoService(
        id="ctrip",
        name="Ctrip",
        native="携程",
        operator="演示商务（上海）有限公司",
        purpose="预订机票、酒店与火车票",
        collects=(
            "当您预订机票时，我们会收集乘机人姓名、证件号码与联系电话，用于出票。",
            "当您预订酒店时，我们会收集入住人姓名与入住日期，用于确认预订。",
        ),
    ),
)


def _general(service: DemoService) -> tuple[Clause, ...]:
    return (
        Clause(
            heading="一、我们如何收集您的个人信息",
            paragraphs=(
                *service.collects,
                "我们会自动收集您的设备型号、操作系统版本与日志信息，用于保障服务的安全运行。",
            ),
        ),
        Clause(
            heading="二、我们如何使用您的个人信息",
            paragraphs=(
                f"我们收集您的个人信息，用于向您提供{service.purpose}服务，并用于改进服务质量。",
                "未经您的同意，我们不会将您的个人信息用于本政策未载明的其他目的。",
            ),
        ),
        Clause(
            heading="三、我们如何共享您的个人信息",
            paragraphs=(
                "我们不会向第三方出售您的个人信息。",
                "为完成服务所必需时，我们会与合作伙伴共享必要的订单信息，并要求其按照本政策处理。",
            ),
        ),
        Clause(
            heading="四、我们如何存储和保护您的个人信息",
            paragraphs=(
                "我们在中华人民共和国境内存储您的个人信息，日志信息的保存期限为六个月。",
                "我们采用加密传输、访问控制等安全措施，防止信息泄露、毁损或丢失。",
            ),
        ),
        Clause(
            heading="五、您的权利",
            paragraphs=(
                "您可以在“我的—设置—个人资料”中查看和更正您的个人信息。",
                "如您认为我们处理您的个人信息有误，可以联系我们予以更正。",
            ),
        ),
        Clause(
            heading="六、如何联系我们",
            paragraphs=(f"您可以发送邮件至 privacy@{service.id}.example，我们将在十五个工作日内答复。",),
        ),
    )


def _amap_of_28_july(service: DemoService) -> tuple[Clause, ...]:
    """The release that the demonstration is about: types itemised, profiling and advertising stated, deletion added."""
    _, use, share, keep, _, contact = _general(service)
    return (
        Clause(
            heading="一、我们如何收集您的个人信息",
            paragraphs=(
                "当您注册账号时，我们会收集您的手机号码与昵称，用于建立您的账号。",
                "当您使用定位与导航功能时，我们会收集您的位置信息、行程轨迹与设备方向，用于规划路线。",
                "当您搜索地点时，我们会收集您的搜索关键词与搜索记录，用于提供搜索历史。",
                "当您使用语音助手时，我们会收集您的语音内容，用于识别您的指令。",
                "当您使用打车功能时，我们会收集您的上下车地点、联系电话与支付状态，用于派单与计费。",
                "我们会自动收集您的设备型号、操作系统版本与日志信息，用于保障服务的安全运行。",
                "您使用第三方账号登录时，我们会从第三方获取您授权共享的昵称与头像。",
            ),
        ),
        Clause(
            heading=use.heading,
            paragraphs=(
                *use.paragraphs,
                "我们会根据您的位置信息与搜索记录形成用户画像，用于向您推荐您可能感兴趣的地点。",
                "我们会使用用户画像向您推送商业广告；您可以在“设置—隐私—个性化广告”中关闭。",
            ),
        ),
        share,
        keep,
        Clause(
            heading="五、您的权利",
            paragraphs=(
                "您可以在“我的—设置—个人资料”中访问、查看和更正您的个人信息。",
                "您可以在“我的—设置—历史记录”中删除您的搜索记录与行程轨迹。",
                "您可以在“我的—设置—账号与安全—注销账号”中注销您的账号，注销后我们将删除您的个人信息。",
                "以下情形中，我们可能无法响应您的请求：与国家安全、公共安全直接相关的，或者与犯罪侦查直接相关的。",
            ),
        ),
        contact,
    )


_visits = count(48213)


def page(service: DemoService, released: bool) -> str:
    """The policy page as a server would send it now; `released`: AMAP's release of 28 July is out."""
    new = released and service.id == "amap"
    clauses = _amap_of_28_july(service) if new else _general(service)
    day = "2017年7月28日" if new else "2016年11月1日"
    visit = next(_visits)
    body = "\n".join(
        f"<h2>{escape(clause.heading)}</h2>\n"
        + "\n".join(f"<p>{escape(line)}</p>" for line in clause.paragraphs)
        for clause in clauses
    )
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{service.native}隐私政策</title>
<meta name="csrf-token" content="{visit * 7919:x}"><script>var t = {visit};</script></head>
<body>
<header><nav><a href="/?spm=a2.{visit}">首页</a> <a href="/help?spm=a2.{visit + 1}">帮助</a></nav></header>
<div class="banner" role="banner">限时优惠，还剩 {visit % 60} 分钟</div>
<main class="policy">
<h1>{service.native}隐私政策</h1>
<p>{invented}</p>
<p>更新日期：{day}　生效日期：{day}</p>
<p>{service.operator}（以下称“我们”）提供{service.purpose}服务。请您仔细阅读本政策。</p>
{body}
</main>
<footer><p>您是第 {visit} 位访客　<a href="/report?id={visit:x}">举报</a>　© 2017 {service.native}</p></footer>
</body></html>
"""
