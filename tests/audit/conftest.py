"""The shipped Chinese checklist, and a policy of our own that has a bit of everything."""

from __future__ import annotations

from importlib import resources

import pytest

from monitor.audit.checklist import Checklist, parse


@pytest.fixture(scope="session")
def chinese() -> Checklist:
    file = resources.files("monitor.checklists") / "zh.toml"
    return parse(file.read_text(encoding="utf-8"), "zh.toml")


@pytest.fixture(scope="session")
def policy() -> str:
    return """青禾阅读隐私政策

更新日期：2023年5月8日
生效日期：2023年5月15日

青禾阅读由杭州青禾网络科技有限公司（以下简称“我们”）运营，注册地址：浙江省杭州市西湖区文三路500号3层。请您重点阅读以粗体标识的条款。

本政策将帮助您了解以下内容：
一、我们如何收集和使用信息
二、我们如何共享信息
三、我们如何存储和保护信息
四、您的权利
五、联系我们

一、我们如何收集和使用信息
当您注册账号时，我们会收集您的手机号码和昵称。当您使用朗读功能时，我们会收集您的设备型号、操作系统版本。
如您拒绝提供昵称，您将无法展示个人主页，但不影响您使用其他功能。
我们会根据您的浏览记录形成用户画像，以便向您推荐您可能感兴趣的图书。您可以通过“我的-设置-隐私”关闭个性化推荐。

二、我们如何共享信息
在取得您的单独同意后，我们会与其他方共享您的个人信息。

三、我们如何存储和保护信息
我们在境内收集的个人信息将存储在中华人民共和国境内，我们不会将其传输至境外。
我们将在您注销账号后6个月内保存您的个人信息，超出保存期限后，我们会删除或匿名化处理。
我们使用SSL加密传输，并部署访问控制机制。

四、您的权利
您可以通过“我的-设置-账户信息”查询、更正您的个人信息。
您可以在“我的-阅读记录”中删除您的阅读记录，但借阅凭证因版权结算规则无法删除。
您可以通过“我的-设置-注销账号”自行注销账号。
对于无端重复、需要过多技术手段的请求，我们可能会予以拒绝。

五、联系我们
我们设有个人信息保护负责人，您可以发送邮件至 privacy@qinghe.example 与其联系。
我们将在15个工作日内答复您的请求。
"""
