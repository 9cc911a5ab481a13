"""The words by which Chinese clauses are told apart, each with why it is here. Data, pure.

The terms are those of the Personal Information Protection Law (PIPL), of the Provisions on the Cyber Protection of
Children's Personal Information, and of GB/T 35273-2020. Patterns are regular expressions with bounded quantifiers.
"""

from __future__ import annotations

from monitor.model import Topic

Entry = tuple[str, str]

topics: dict[Topic, tuple[Entry, ...]] = {
    Topic.COLLECTION: (
        (r"收集|采集|抓取|记录您|获取(?:您|你|用户|到)|读取", "GB/T 35273 3.5: gaining control of personal information"),
        (r"(?:上传|填写|录入|提交).{0,12}(?:信息|资料|证件|照片)", "what the person is made to hand over"),
        (r"权限(?!制)", "device permissions are the doors of collection"),
        (r"(?:设备|位置|日志|身份|生物识别|敏感个人|行踪)信息", "GB/T 35273 annex A and B name these kinds"),
    ),
    Topic.PURPOSE: (
        (r"用于|用作|用途|目的", "PIPL 6: a clear and reasonable purpose"),
        (r"(?:改进|优化|提升|改善).{0,8}(?:服务|产品|体验|功能)", "the commonest open purpose"),
        (r"合法(?:利益|性基础)|处理依据", "PIPL 13: the ground of handling"),
    ),
    Topic.PROFILING: (
        (r"画像|个性化|自动化决策|特征标签|兴趣(?:标签|偏好)|偏好", "GB/T 35273 3.8 and PIPL 24"),
        (r"算法|推荐(?:内容|给您|系统)|(?:展示|推送|展现).{0,6}推荐|定向推送", "rules on recommendation by algorithm"),
        (r"训练|大模型|机器学习|模型(?:优化|调优)", "use of contents for machine learning"),
    ),
    Topic.ADVERTISING: (
        (r"广告|营销|推广|促销|商业性(?:短信|信息|电话)|投放", "PIPL 24: commercial marketing"),
    ),
    Topic.SHARING: (
        (r"共享|分享给|提供给|转让|出售|售卖|买卖|披露|公开(?!透明|处理规则|征求)|受让", "GB/T 35273 9: sharing, transfer, disclosure"),
        (r"向[^，。；]{1,20}提供(?!服务|更|个性|帮助|便利|安全)", "PIPL 23: giving to another handler"),
        (r"委托|受托|第三方|关联(?:公司|方|企业)|合作(?:方|伙伴)|供应商|服务商|接收方", "those who receive"),
    ),
    Topic.CROSS_BORDER: (
        (r"境外|出境|跨境|境内|海外|国外", "PIPL chapter III"),
        (r"标准合同|(?:数据|信息)出境安全评估", "PIPL 38: the ways abroad"),
    ),
    Topic.RETENTION: (
        (r"(?:保存|存储|保留|留存|储存)(?:的)?(?:期限|时间|期间|时长|期)", "PIPL 19: the shortest period"),
        (r"(?:保存|保留|留存|储存|存储)[^，。；]{0,16}(?:天|日|周|月|年|永久|期限|必要)", "a period said as a verb"),
        (r"期限届满|最短(?:期限|时间)|永久(?:保存|存储|保留)|长期(?:保存|存储)|留存|超期", "the end of keeping"),
    ),
    Topic.SECURITY: (
        (r"安全(?:措施|技术|事件|保障|等级|防护|漏洞|管理|保护|能力|认证|审计)|数据安全", "PIPL 51"),
        (r"加密|去标识化|匿名化|脱敏|访问控制|防火墙|等级保护|备份|\b(?:SSL|TLS|HTTPS)\b", "measures by name"),
        (r"泄露|泄漏|篡改|丢失|毁损|核验身份|验证(?:您的)?(?:身份|指纹|密码)", "what the measures are against"),
    ),
    Topic.RIGHTS: (
        (r"有权|权利", "PIPL chapter IV"),
        (r"查阅|查询(?:您|个人)|访问您|更正|补充(?:您|个人)|注销|撤回|可携带|投诉|申诉|举报|拒绝|关闭", "rights by name"),
        (r"复制(?:您|个人|权)|转移(?:您|个人|权)|删除|解释说明|限制处理", "PIPL 44 to 48"),
        (r"(?:答复|响应|回复|反馈|处理|受理)[^，。；]{0,8}(?:请求|申请|要求|投诉)|您的[^，。；]{0,6}请求", "PIPL 50: requests"),
        (r"(?:收取|收费|免费|费用)", "GB/T 35273 8.7: requests are free"),
    ),
    Topic.MINORS: (
        (r"未成年|儿童|监护人|周岁|青少年|家长|少年", "PIPL 31 and the provisions on children"),
    ),
    Topic.COOKIES: (
        (r"(?i:cookies?|sdk)|同类技术|像素标签|网络信标|(?i:web ?beacon)|插件", "GB/T 35273 9.7: what third parties embed"),
    ),
    Topic.CONSENT: (
        (r"同意|授权(?!委托)|勾选|默认(?:开启|打开|关闭|勾选|同意)", "PIPL 13 to 16"),
    ),
    Topic.CONTACT: (
        (r"联系我们|与我们联系|联系方式|客服|服务热线|人工服务", "PIPL 17: how to reach the handler"),
        (r"(?:个人信息保护|数据保护|隐私)(?:负责人|专员|部门|官)", "PIPL 52"),
        (r"(?:联系|通讯|通信|办公|注册)地址(?!簿)|由[^，。；]{2,30}(?:运营|开发)|运营(?:者|主体|方)|注册地", "who and where"),
    ),
    Topic.DATES: (
        (r"(?:更新|生效|发布|修订|版本|实施|施行|公布)(?:日期|时间|日)", "the policy's own dates"),
        (r"(?:更新|修订|发布|生效|修改)(?:于|自|为)|起(?:生效|施行)|自[^，。；]{0,16}生效", "the same, said as a verb"),
        (r"(?:政策|协议|条款|规则)[^，。；]{0,10}(?:变更|更新|修订|修改|变动)|重大变更|(?:修订|更新)(?:了)?(?:本|我们的|隐私)?(?:政策|协议)", "PIPL 17: telling of changes"),
    ),
}  # fmt: skip

# Acts that weigh on the person. Naming one is a burden, denying it a promise.
burdens: dict[str, Entry] = {
    "share": (
        r"共享|分享给|提供给|(?<!为)向(?!您|你|用户)[^，。；]{1,24}提供|转让|披露|出售|售卖|转移给",
        "GB/T 35273 9: control goes to others",
    ),
    "publish": (r"公开披露|(?<!依法)公开(?=您|你|个人信息)", "GB/T 35273 9.4: to everybody"),
    "advertise": (r"(?:商业)?广告|营销|商业性信息|推销", "PIPL 24"),
    "profile": (r"画像|个性化(?:推荐|展示|推送|内容|服务)|自动化决策|定向推送", "PIPL 24"),
    "train": (r"训练|模型优化", "contents feed machines"),
    "abroad": (
        r"出境|(?:传输|转移|提供|存储|传送|处理)(?:至|到|于|在)?(?:中国)?境外|境外(?:传输|提供|存储|服务器|接收方)",
        "PIPL 38",
    ),
    "combine": (
        r"汇聚融合|关联(?:分析|匹配)|合并(?:分析|使用)|结合[^，。；]{0,10}信息",
        "GB/T 35273 7.6: merging",
    ),
    "track": (r"追踪|跟踪", "watching across services"),
}

# Acts that are as such neither good nor bad for the person: only denying them is a promise.
stated: dict[str, Entry] = {
    "collect": (
        r"收集|采集|抓取|读取|(?:获取|上传)(?=您|你|用户)",
        "that it is told may only be new honesty",
    ),
    "use": (r"使用(?=您|你|儿童|用户|个人|该等|上述|这些)|用于|处理(?=您|你|个人信息|敏感)", "use as such"),
    "charge": (r"收取[^，。；]{0,10}费用?|收费", "a price on a right"),
    "restrict": (r"影响(?:您|你)[^，。；]{0,8}使用|限制(?:您|你)", "a penalty on a choice"),
}

# Acts that serve the person: promised, weakened by "may", taken back by "not".
benefits: dict[str, Entry] = {
    "delete": (r"删除|清除|销毁|匿名化处理", "PIPL 47"),
    "answer": (
        r"答复|回复|响应(?:您|你)|反馈(?!邮箱|渠道)|核查|核实(?!身份)|受理|处理(?:您|你)的(?:请求|投诉|申请)",
        "PIPL 50",
    ),
    "notify": (r"通知(?:您|你|用户)|告知|公示|公告|提示(?:您|你)|提前(?=\S{1,8}(?:日|天))", "PIPL 17 and 57"),
    "protect": (
        r"加密|去标识化|脱敏|匿名化(?!处理)|访问控制|安全(?:措施|防护|审计)|备份|防火墙|等级保护|指定专人|专人负责|最小授权",
        "PIPL 51",
    ),
    "ask": (r"征得|征求|取得[^，。；]{0,8}同意|获得[^，。；]{0,8}(?:同意|授权)", "PIPL 13"),
    "review": (
        r"人工(?:干预|审核|复核|复查)|(?:逐笔|逐一|再次)?复核",
        "PIPL 24: no decision by machines alone",
    ),
    "stop": (r"停止(?:收集|使用|处理|共享|运营|提供)", "GB/T 35273 6.4"),
}

negation = (
    r"(?:绝|从|均|都|亦|也|将)?不(?:会|得|应|能|可|再|向|将|予|用于|被|对外|以任何|收|采|共|提供|读|存|出|使用|披|做|进行|作为)"
    r"|严禁|禁止|杜绝|无需|无须|毋需|无法|拒绝(?:向|提供)|从未|绝不"
)
not_negation = r"并非不会?|不得不|不会不|不能不|无不|不同|不断|不仅|不限于|不少于|不超过|不时|不当|不论|不管|不可抗力|不便|不足|不良|不可分割|不可或缺"
duty = r"应当|必须|务必|有义务|应(?=在|向|及|立|依|按|于|采|对)|须(?!知)|(?<!将)(?<!不)会(?!员|话|议|计|展)"
permission = r"可以|(?<!尽)可能|或会|或可|有可能|(?<![许认])可(?!以|能|信|靠|用性|识|读|携|见|穿|视)(?=将|向|在|对|根|会|收|使|与)"
person = r"[您你](?:可(?:以(?!了解|阅读|看到|发现|参[考阅见])|(?!以))|有权|能够|能|也可|还可|仍可|亦可|随时|也有权|还有权|享有)|(?:可|能)(?:由|供)[您你]|用户(?:可以|有权|可)|有权"

# What stands beside an act and shifts it: a sign (+ for the person) and its weight.
signs: tuple[tuple[str, float, str, str], ...] = (
    ("breadth", -1, r"等(?!级|待|同|于|到|候|价|效|线|号|量)|包括但不限于|其他(?:必要|相关|合法|类似)", "an open list"),
    ("exception", -1.5, r"除外|例外|除非|另有(?:规定|约定|要求)|除(?!了|名|此|外|非|去)[^，。；]{1,30}(?:外|之外)(?!，?(?:我们)?(?:还|也))", "a way out"),
    ("discretion", -1, r"自行决定|(?:我们|本公司)(?:认为|判断)|视情况|酌情|尽量|尽力|尽可能|原则上|合理(?:努力|范围)|单方", "the duty is the handler's to measure"),
    ("limit", 1, r"仅(?!供)|只(?!要|是|有)|只有|严格(?:限|遵|按|控)|最小(?:必要|范围|化)|最短", "GB/T 35273 4: least and necessary"),
    ("at will", 1, r"[您你](?:可以?|有权|能|能够)随时|随时(?:删除|撤回|关闭|取消|注销|更正|查阅|查询|退订)", "without a ground of the person's own"),
    ("speed", 1, r"立即|及时|第一时间|尽快|迅速", "PIPL 50 and 57: promptly"),
    ("strong consent", 2, r"单独同意|明示同意|书面同意|主动(?:勾选|点击|同意|开启)|逐项同意", "PIPL 14, 23, 25, 26, 29, 39"),
    ("consent asked", 1, r"(?:经|经过|征得|取得|获得|征求|获取)[^，。；不]{0,12}(?:同意|授权|许可)|在[^，。；]{0,10}(?:同意|授权)(?:后|下|的前提)", "PIPL 13"),
    ("implied consent", -2, r"(?:视为|即(?:表示|代表|意味|视为))[^，。；]{0,10}(?:同意|接受|授权)|默认同意|推定同意", "GB/T 35273 3.6: consent is an act"),
    ("on by default", -2, r"默认(?:为)?(?:开启|打开|勾选|启用|允许)", "an opt-out"),
    ("off by default", 2, r"默认(?:为)?(?:关闭|不开启|不勾选|未开启|未勾选|禁用)", "an opt-in"),
    ("free", 1, r"免费|不(?:会)?收(?:取)?[^，。；]{0,6}费", "GB/T 35273 8.7"),
    ("fee", -1, r"(?<!不)(?<!不会)(?<!不再)收取[^，。；]{0,8}费|费用由[您你]", "GB/T 35273 8.7"),
    ("no term", -1.5, r"永久|无限期|长期(?:保存|存储|保留)|不限期", "PIPL 19: a term must be the shortest"),
    ("penalty", -1, r"无法(?:使用|享受|正常|为[您你]|继续)|不能使用|(?<!不)(?<!不会)影响[您你][^，。；]{0,8}使用", "GB/T 35273 5.3: no forcing"),
    ("user duty", -1, r"[您你](?:应当?|须|必须|需要?|承诺|保证)(?!求)", "a duty of the person"),
    ("waiver", -1.5, r"不承担|免责|概不负责|免除[^，。；]{0,8}责任|由[您你](?:自行)?承担", "the risk goes to the person"),
    ("no notice", -2, r"(?:不|无需|无须|不再)(?:会)?(?:另行|事先|提前|单独)?(?:再)?通知", "PIPL 17"),
    ("any time", -1, r"(?<![您你]可)(?<![您你]可以)(?<!有权)随时(?:修改|更新|变更|调整|终止)", "without a ground"),
)  # fmt: skip

# Words that name the same thing: one for the other is a change of wording.
alike = {
    "资讯": "信息",
    "讯息": "信息",
    "帐户": "账号",
    "账户": "账号",
    "客户端": "应用",
    "软件": "应用",
    "网页": "网站",
    "协助": "帮助",
    "若": "如果",
    "倘若": "如果",
    "假如": "如果",
    "另外": "此外",
    "以便于": "以便",
    "从而": "以便",
    "用来": "用于",
    "便于": "以便",
    "本行": "我们",
    "我行": "我们",
    "我司": "我们",
    "本公司": "我们",
    "本平台": "我们",
}

# Words of legal effect beyond privacy: a clause with one of them is never mere wording.
legal = (
    r"责任|义务|赔偿|违约|侵权|保证|承诺|许可|知识产权|著作权|所有权|终止|解除|付费|费用|价款|退款|争议|管辖|仲裁|适用法律|违反|违规"
    r"|处罚|封禁|封停|冻结|暂停|效力|优先适用|以[^，。；]{1,20}为准"
)

# Ways of writing that say the same: left becomes right before words are compared.
variants: tuple[tuple[str, str], ...] = (
    ("帐", "账"), ("登陆", "登录"), ("其它", "其他"), ("做为", "作为"), ("阀值", "阈值"), ("你", "您"), ("妳", "您"),
    ("身分", "身份"), ("部份", "部分"), ("联接", "连接"), ("连结", "链接"), ("联结", "链接"), ("通迅", "通讯"),
    ("既使", "即使"), ("己经", "已经"), ("按装", "安装"), ("象素", "像素"), ("图象", "图像"), ("录象", "录像"),
    ("惟一", "唯一"), ("做出", "作出"), ("惟", "唯"), ("反溃", "反馈"), ("缴交", "缴纳"), ("渡过", "度过"),
)  # fmt: skip

# Words that carry no meaning of their own: a change among them alone is one of wording.
empty = frozenset([
    "的", "地", "得", "了", "着", "过", "之", "所", "该", "此", "这", "那", "这些",
    "那些", "上述", "前述", "相关", "有关", "而", "且", "与", "和", "及", "以及", "并",
    "并且", "也", "亦", "还", "就", "则", "即", "便", "又", "在", "于", "对", "对于",
    "为", "以", "吧", "呢", "啊", "们", "请", "一", "个", "一个", "种", "项", "的话",
    "如", "当", "例如", "比如", "如下", "以下", "下列", "进行",
])  # fmt: skip

# Words that stay whole in a comparison: marks never cut them.
whole = frozenset([
    "仅", "会", "但", "只", "将", "您", "等", "须", "不予", "不会", "不再", "不向", "不得",
    "严格", "为了", "产品", "人脸", "以及", "但是", "位置", "使用", "例外", "促销", "保存",
    "保留", "信息", "偏好", "儿童", "免费", "公开", "共享", "关闭", "出境", "删除", "功能",
    "加密", "勾选", "包括", "及时", "受让", "可以", "可能", "号码", "合理", "同意", "周岁",
    "地址", "境内", "境外", "复制", "如果", "姓名", "委托", "存储", "安全", "客服", "将会",
    "尽力", "尽量", "并且", "广告", "应当", "必须", "我们", "或者", "手机", "投诉", "披露",
    "拒绝", "授权", "推广", "推荐", "措施", "提供", "撤回", "收取", "收集", "政策", "数据",
    "方式", "无法", "无需", "无须", "日志", "更正", "有权", "服务", "期限", "未经", "权利",
    "权限", "查询", "查阅", "泄露", "法律", "法规", "注销", "用于", "用户", "电话", "画像",
    "目的", "相册", "相机", "立即", "算法", "绝不", "范围", "营销", "设备", "访问", "读取",
    "账号", "账户", "跨境", "转让", "通常", "邮箱", "采集", "除外", "隐私", "需要", "默认",
    "个性化", "匿名化", "原则上", "工作日", "手机号", "提供给", "未成年", "监护人", "第三方", "自然日", "视情况", "身份证", "通讯录", "麦克风", "个人信息", "位置信息",
    "保存期限", "修订日期", "关联公司", "单独同意", "去标识化", "发布日期", "合作伙伴",
    "同类技术", "商业广告", "存储期限", "安全事件", "安全措施", "日志信息",
    "明示同意", "更新日期", "期限届满", "未成年人", "特征标签", "生效日期", "用户画像", "联系我们",
    "自行决定", "设备信息", "访问控制", "自动化决策", "包括但不限于", "敏感个人信息", "中华人民共和国",
    "个人信息保护负责人", "开启", "永久", "征得", "视为", "不承担",
    "此外", "另外", "以便", "以便于", "便于", "从而", "用来", "用于", "倘若", "假如", "尽可能", "本行", "我行", "我司", "本公司", "本平台",
])  # fmt: skip
