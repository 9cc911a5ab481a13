"""The words by which facts are known: data types and permissions with their plain names, units, forms of companies. Pure.

Left of the bar the normal name, right of it the ways it is written; Chinese and English.
"""

from __future__ import annotations

data_type_lines = """
IMEI | imei 国际移动设备识别码
IMSI | imsi 国际移动用户识别码
MAC address | mac地址 mac-address mac-addresses
Android ID | androidid android-id
OAID | oaid 匿名设备标识符
GAID | gaid 谷歌广告标识符 google-advertising-id
IDFA | idfa 广告标识符 advertising-identifier advertising-identifiers advertising-id
IDFV | idfv
ICCID | iccid sim卡序列号
device serial number | 设备序列号 硬件序列号 serial-number
device identifier | 设备标识符 唯一设备识别码 设备识别码 设备唯一标识 device-identifier device-identifiers device-id device-ids
device information | 设备信息 设备型号 设备属性信息 device-information device-model
operating system | 操作系统版本 操作系统类型 operating-system
IP address | ip地址 ip-address ip-addresses
precise location | 精确位置 精准位置 精准定位信息 精确地理位置 gps信息 precise-location precise-geolocation gps-location
coarse location | 粗略位置 模糊位置 大致位置 coarse-location approximate-location general-location
location | 位置信息 地理位置 定位信息 location-information location-data geolocation your-location
track | 行踪轨迹 行踪信息 轨迹信息 行程信息 travel-history
contacts | 通讯录 联系人信息 联系人列表 contact-list address-book your-contacts phone-contacts
call log | 通话记录 通话详单 call-log call-logs call-history
text messages | 短信内容 短信记录 短信验证码 sms-messages text-messages
calendar | 日历信息 日程信息 calendar-data calendar-events
clipboard | 剪贴板 剪切板 clipboard
app list | 应用列表 软件安装列表 已安装应用 应用程序列表 安装列表 installed-apps installed-applications app-list
phone number | 手机号 手机号码 电话号码 联系电话 phone-number phone-numbers mobile-number telephone-number
e-mail address | 电子邮箱 邮箱地址 电子邮件地址 邮箱 email-address email-addresses e-mail-address e-mail-addresses
name | 姓名 真实姓名 full-name real-name your-name first-name last-name
identity document | 身份证号 身份证号码 身份证件 身份证 证件号码 护照号 id-number government-id passport-number national-id
social security number | 社保账号 社会保障号 social-security-number social-security-numbers
face data | 人脸信息 人脸图像 面部特征 面部识别特征 人脸识别信息 人脸特征 face-data facial-images facial-recognition facial-features face-scan
fingerprint | 指纹 fingerprint fingerprints
voiceprint | 声纹 voiceprint voiceprints
biometric data | 生物识别信息 生物特征 biometric-data biometric-information biometrics biometric-identifiers
voice | 语音信息 录音 语音数据 声音信息 voice-recordings audio-recordings voice-data
photos | 照片 相册 图片信息 photos photo-library
video | 视频信息 视频内容 videos
health data | 健康信息 健康数据 医疗信息 病历 体检报告 health-data health-information medical-records medical-information
heart rate | 心率 heart-rate
genetic data | 基因信息 基因数据 genetic-data
bank account | 银行卡号 银行账户 银行账号 银行卡信息 bank-account bank-card credit-card-number card-number
payment information | 支付信息 交易信息 交易记录 支付记录 payment-information payment-data transaction-history
order information | 订单信息 订单记录 购买记录 order-information purchase-history
credit information | 征信信息 信用信息 credit-information credit-score
property information | 财产信息 收入信息 financial-information income
postal address | 收货地址 家庭住址 通信地址 住址 postal-address mailing-address home-address delivery-address
date of birth | 出生日期 生日 出生年月 date-of-birth birthdate birth-date birthday
gender | 性别 gender
age | 年龄信息 年龄
nickname and picture | 昵称 头像 nickname profile-picture avatar
marital status | 婚姻状况 婚史 marital-status
occupation | 职业 工作单位 教育背景 occupation employer job-title
religion | 宗教信仰 religious-beliefs religion
sexual orientation | 性取向 sexual-orientation
race | 民族 种族 ethnicity ethnic-origin racial-origin
political opinions | 政治观点 political-opinions
browsing history | 浏览记录 浏览历史 访问记录 browsing-history browsing-activity
search history | 搜索记录 搜索历史 搜索关键词 search-history search-queries
log data | 日志信息 操作日志 网络日志 使用日志 log-data log-files log-information
usage data | 使用记录 使用数据 行为数据 使用情况 usage-data usage-information
user content | 用户内容 聊天记录 对话内容 通信内容 user-content chat-history message-content
prompts | 提示词 输入内容 prompts
password | 密码 口令 passwords password
Wi-Fi information | wifi信息 wi-fi信息 wlan接入点 ssid bssid wi-fi-information ssid bssid
sensor data | 传感器信息 传感器数据 加速度传感器 陀螺仪 accelerometer gyroscope sensor-data
Bluetooth information | 蓝牙信息 bluetooth-information
carrier | 运营商信息 网络运营商 mobile-carrier
"""

permission_lines = """
camera | 相机权限 摄像头权限 拍照权限 camera-permission camera-access access-your-camera access-to-your-camera
microphone | 麦克风权限 录音权限 microphone-permission microphone-access access-your-microphone access-to-your-microphone
location | 位置权限 定位权限 地理位置权限 location-permission access-your-location access-to-your-location
contacts | 通讯录权限 联系人权限 contacts-permission access-your-contacts access-to-your-contacts
storage | 存储权限 文件权限 storage-permission
photos | 相册权限 照片权限 photos-permission access-your-photos access-to-your-photos
phone state | 电话权限 设备信息权限 phone-permission
text messages | 短信权限 sms-permission
calendar | 日历权限 calendar-permission access-your-calendar
Bluetooth | 蓝牙权限 bluetooth-permission
notifications | 通知权限 推送权限 notification-permission
overlay | 悬浮窗权限 overlay-permission
motion | 身体活动权限 健身运动权限 motion-permission
auto-start | 自启动权限 关联启动权限
clipboard | 剪贴板权限 剪切板权限
"""

period_subjects = (
    ("notice", r"提前|事先|公示|不少于|提早|\b(?:prior|advance|notice|notify|notified|beforehand)\b"),
    (
        "response",
        r"答复|回复|反馈|响应|办理|处理您的|受理|核实|\b(?:respond|response|reply|answer|process your request|acknowledge)\w*\b",
    ),
    (
        "deletion",
        r"删除|注销|清除|匿名化|\bdelet\w{0,4}\b[^.;]{0,60}?\bwithin\b|\b(?:delet|eras|destroy|purg|anonymi[sz]|terminat)\w*\b",
    ),
    (
        "retention",
        r"保存|存储|保留|留存|储存|\b(?:retain|retention|keep|kept|stor|sav|preserv|conserv|gespeichert|speicher)\w*\b",
    ),
)

company_forms_latin = (
    r"(?:Inc\.?|LLC|L\.L\.C\.|Ltd\.?|Limited|GmbH|B\.V\.|Corp\.?|Corporation|Co\., Ltd\.?|Co\. Ltd\.?|S\.A\.S?\.?|SAS|PLC|"
    r"plc|Pte\.? Ltd\.?|S\.r\.l\.|AG|N\.V\.|Oy|AB|ApS|LLP)"
)


def names(lines: str) -> dict[str, str]:
    """Each way of writing, in lower case and with spaces for hyphens in Latin ones, to the normal name."""
    found: dict[str, str] = {}
    for line in lines.strip().splitlines():
        name, _, ways = line.partition("|")
        for way in ways.split():
            found[way.replace("-", " ") if way.isascii() and way not in {"wi-fi"} else way] = name.strip()
    return found
