"""The words by which changes are told apart, Chinese and English: topics, modality, exceptions, rights. Data."""

from __future__ import annotations

from monitor.model import Topic

topics: dict[Topic, tuple[str, ...]] = {
    Topic.COLLECTION: (
        "收集", "采集", "获取您", "读取", "设备信息", "位置信息", "通讯录", "身份证", "手机号", "人脸", "日志信息", "权限",
        "collect", "gather", "device information", "location data", "personal data we", "categories of data",
    ),
    Topic.PURPOSE: ("用于", "目的", "为了向您", "改进服务", "purpose", "in order to", "we use", "used to", "to improve"),
    Topic.PROFILING: (
        "用户画像", "画像", "个性化", "自动化决策", "算法", "特征标签", "偏好",
        "profil", "personali", "automated decision", "inference", "train our", "training", "machine learning",
    ),
    Topic.ADVERTISING: ("广告", "营销", "推广", "促销", "advertis", "marketing", "promotion", "sponsor"),
    Topic.SHARING: (
        "共享", "提供给", "委托", "转让", "披露", "第三方", "关联公司", "合作伙伴", "公开", "受让",
        "share", "sharing", "disclos", "third part", "third-part", "affiliate", "partner", "sell", "service provider", "vendor",
    ),
    Topic.CROSS_BORDER: ("境外", "出境", "跨境", "境内存储", "cross-border", "outside your country", "transfer your", "international transfer", "european economic area", "standard contractual"),
    Topic.RETENTION: ("保存期限", "保留", "存储期限", "保存", "存储", "期限届满", "retain", "retention", "keep your", "stored for", "store your", "how long"),
    Topic.SECURITY: ("安全措施", "加密", "泄露", "安全事件", "访问控制", "去标识化", "匿名化", "security", "encrypt", "breach", "safeguard", "anonymi"),
    Topic.RIGHTS: (
        "查阅", "查询", "访问您", "更正", "删除", "复制", "注销", "撤回", "权利", "有权", "投诉", "拒绝", "关闭",
        "right to", "rights", "access your", "delete", "erasure", "correct", "object to", "opt out", "opt-out", "portab", "complain", "withdraw",
    ),
    Topic.MINORS: ("未成年", "儿童", "监护人", "周岁", "minor", "child", "under the age", "years old", "parent", "guardian", "teen"),
    Topic.COOKIES: ("cookie", "sdk", "同类技术", "web beacon", "pixel", "local storage", "tracking technolog"),
    Topic.CONSENT: ("同意", "授权", "勾选", "consent", "agree", "permission"),
    Topic.CONTACT: ("联系我们", "邮箱", "电话", "地址", "个人信息保护负责人", "客服", "contact us", "e-mail", "email", "postal address", "data protection officer", "registered office"),
    Topic.DATES: ("更新日期", "生效日期", "发布日期", "修订日期", "last updated", "effective date", "last modified", "last revised", "effective:", "updated:", "revised"),
}  # fmt: skip

# Each: the words whose coming weakens what the person may expect, or whose going strengthens it.
softer: tuple[str, ...] = (
    "可以", "可能", "有权", "视情况", "自行决定", "合理", "尽量", "尽力", "原则上", "通常", "等", "包括但不限于", "除外", "例外",
    "但", "无需", "无须", "免费除外", "收取", "不再", "无法", "不予", "默认",
    "may", "might", "could", "reasonable", "generally", "typically", "including but not limited", "such as", "except", "unless",
    "discretion", "without notice", "not obliged", "fee", "however", "no longer", "cannot", "where permitted",
)  # fmt: skip
harder: tuple[str, ...] = (
    "应当", "必须", "须", "不会", "不得", "不向", "未经", "单独同意", "明示同意", "立即", "及时", "免费", "仅", "只", "严格", "绝不", "将",
    "shall", "must", "will not", "do not", "never", "only", "explicit consent", "prior consent", "free of charge", "promptly", "immediately", "strictly",
)  # fmt: skip
negations: tuple[str, ...] = (
    "不", "未", "无", "非", "勿", "禁止", "not", "no", "never", "without", "neither", "nor", "n't", "cannot",
)  # fmt: skip

# Words that stay whole in a comparison, beside those above.
whole: frozenset[str] = frozenset(
    "我们 您 用户 第三方 关联公司 合作伙伴 个人信息 敏感个人信息 商业广告 个性化 推荐 服务 功能 产品 不会 会 不得 可以 应当 必须 可能 "
    "将会 需要 无法 有权 同意 授权 提供 共享 转让 委托 公开 披露 收集 使用 存储 保存 删除 更正 查询 访问 注销 撤回 拒绝 账号 账户 设备 "
    "位置 通讯录 相册 相机 麦克风 手机 号码 身份证 姓名 地址 邮箱 电话 未成年人 儿童 监护人 日志 信息 数据 期限 目的 方式 范围 安全 "
    "措施 法律 法规 政策 隐私 权利 投诉 除外 例外 包括 等 以及 或者 并且 但是 如果 为了 用于 境内 境外 中华人民共和国 工作日 自然日".split()
) | {word for words in (*topics.values(), softer, harder) for word in words if not word.isascii()}
