"""Stated dates: a table of forms with what they say, what is never guessed, and what dates give away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.model import Flag, StatedDate, StatedDates
from monitor.text.dates import flags, stated_dates

updated = [
    ("更新日期：2017年7月28日", "2017-07-28"),
    ("最近更新日期：2022年03月02日", "2022-03-02"),
    ("更新时间:2023-01-09", "2023-01-09"),
    ("更新于2024/5/6", "2024-05-06"),
    ("发布日期：2022.3.3", "2022-03-03"),
    ("发布时间 2020年1月1日", "2020-01-01"),
    ("公布日期：二〇一七年七月二十八日", "2017-07-28"),
    ("修订日期：二〇二一年十月三十一日", "2021-10-31"),
    ("【2022】年【04】月【02】日更新", "2022-04-02"),
    ("本政策最近更新于２０２２年３月３日。", "2022-03-03"),
    ("更新日期：２０２３年１２月１日", "2023-12-01"),
    ("最后修订于2021年11月30日", "2021-11-30"),
    ("版本日期：20230415", "2023-04-15"),
    ("**更新日期**：2025年6月3日", "2025-06-03"),
    ("更新日期\n2019年8月8日", "2019-08-08"),
    ("2022年3月3日更新", "2022-03-03"),
    ("（2024年2月29日修订）", "2024-02-29"),
    ("2021年9月1日发布", "2021-09-01"),
    ("上次更新：2023年5月4号", "2023-05-04"),
    ("最後更新日期：2023年5月4日", "2023-05-04"),
    ("Last updated: 3 June 2025", "2025-06-03"),
    ("**Last Updated**: June 3rd, 2025", "2025-06-03"),
    ("Last modified Jun 3, 2025", "2025-06-03"),
    ("Last revised on 03 Jun 2025", "2025-06-03"),
    ("This policy was last updated on June 3, 2025.", "2025-06-03"),
    ("LAST UPDATED: JUNE 3, 2025", "2025-06-03"),
    ("Updated: 2025-06-03", "2025-06-03"),
    ("Date of last revision: 3rd of June 2025", "2025-06-03"),
    ("Revision date: 25/12/2021", "2021-12-25"),
    ("Last updated 12/25/2021", "2021-12-25"),
    ("Last updated 04/04/2021", "2021-04-04"),
    ("Published on 1 September 2020", "2020-09-01"),
    ("June 3, 2025 (last updated)", "2025-06-03"),
    ("Last updated:\n\nJune 3, 2025", "2025-06-03"),
    ("Last updated: 3-Jun-2025", "2025-06-03"),
    ("Dernière mise à jour : 12 mars 2024", "2024-03-12"),
    ("Stand: 1. Mai 2024", "2024-05-01"),
    ("Zuletzt aktualisiert am 5. Januar 2023", "2023-01-05"),
    ("最終更新日：2023年4月1日", "2023-04-01"),
]
effective = [
    ("生效日期：2022年3月10日", "2022-03-10"),
    ("生效时间：2022-03-10", "2022-03-10"),
    ("版本生效日期 2020年12月 8日", "2020-12-08"),
    ("二〇一七年七月二十八日起生效", "2017-07-28"),
    ("本政策自2022年3月3日起施行。", "2022-03-03"),
    ("本协议于2023年1月1日正式生效", "2023-01-01"),
    ("实施日期：2021.11.01", "2021-11-01"),
    ("自【2021】年【11】月【1】日起生效", "2021-11-01"),
    ("《某某隐私政策》自2023年5月8日起生效。", "2023-05-08"),
    ("Effective June 3, 2025", "2025-06-03"),
    ("Effective date: 3 June 2025", "2025-06-03"),
    ("Effective as of June 3, 2025", "2025-06-03"),
    ("This notice is effective from 3 June 2025.", "2025-06-03"),
    ("It takes effect on June 3, 2025.", "2025-06-03"),
    ("Effective Date:\nJune 3, 2025", "2025-06-03"),
    ("En vigueur le 26 juillet 2022", "2022-07-26"),
    ("Gültig ab 25. Mai 2018", "2018-05-25"),
]
both = [
    ("更新日期：2022年3月3日\n生效日期：2022年3月10日", "2022-03-03", "2022-03-10"),
    ("更新日期：2022年3月3日 生效日期：2022年3月10日", "2022-03-03", "2022-03-10"),
    ("本政策更新于2022年3月3日，将于2022年3月10日生效", "2022-03-03", "2022-03-10"),
    ("更新/生效日期：2022年3月3日", "2022-03-03", "2022-03-03"),
    ("Last updated June 3, 2025 and effective as of July 1, 2025.", "2025-06-03", "2025-07-01"),
    ("Last Updated and Effective Date: May 1, 2024", "2024-05-01", "2024-05-01"),
    ("发布日期：2021年10月1日 | 生效日期：2021年11月1日", "2021-10-01", "2021-11-01"),
]
never = [
    "Last updated: 03/04/2021",
    "Last updated: 3.4.2021",
    "《中华人民共和国个人信息保护法》自2021年11月1日起施行",
    "依据《网络安全法》（2017年6月1日起施行）",
    "Previous version effective June 1, 2020",
    "历史版本：2019年1月1日生效",
    "Regulation (EU) 2016/679 applies, effective May 25, 2018",
    "We were founded on June 3, 2005.",
    "2022年2月30日更新",
    "Last updated: June 31, 2025",
    "Last updated: 2 months ago",
    "2023年6月3日",
    "版本更新日期：99年3月",
    "Order 20221399 was updated: 20221399",
]


def days(text: str) -> tuple[str | None, str | None]:
    said = stated_dates(text)
    return (
        str(said.updated.day) if said.updated else None,
        str(said.effective.day) if said.effective else None,
    )


def test_table_is_large_enough() -> None:
    assert len(updated) + len(effective) + len(both) >= 60


@pytest.mark.parametrize(("text", "day"), updated)
def test_updated(text: str, day: str) -> None:
    assert days(f"# 隐私政策\n\n{text}\n\n我们重视您的隐私。")[0] == day


@pytest.mark.parametrize(("text", "day"), effective)
def test_effective(text: str, day: str) -> None:
    assert days(f"# Privacy\n\n{text}\n\nWe value your privacy.")[1] == day


@pytest.mark.parametrize(("text", "new", "start"), both)
def test_both(text: str, new: str, start: str) -> None:
    assert days(text) == (new, start)


@pytest.mark.parametrize("text", never)
def test_never_guessed(text: str) -> None:
    assert days(text) == (None, None)


def test_month_is_said_to_be_one() -> None:
    said = stated_dates("版本更新日期：2022年3月").updated
    assert said is not None
    assert (said.day, said.precision) == (date(2022, 3, 1), "month")


def test_date_at_the_close() -> None:
    text = "\n\n".join(["我们收集您的信息。"] * 100 + ["更新日期：2022年3月3日"])
    assert days(text) == ("2022-03-03", None)


def test_quote_stands_in_the_text() -> None:
    text = "# 政策\n\n更新日期：２０２２年３月３日 生效日期：2022年3月10日"
    said = stated_dates(text)
    assert said.updated is not None
    assert said.effective is not None
    assert said.updated.quote in text
    assert said.effective.quote in text


# --------------------------------------------------------------------------- flags

seen = datetime(2025, 6, 10, 8, tzinfo=UTC)


def stated(new: str | None, start: str | None = None) -> StatedDates:
    def one(day: str | None) -> StatedDate | None:
        return StatedDate(day=date.fromisoformat(day), precision="day", quote=day) if day else None

    return StatedDates(updated=one(new), effective=one(start))


def test_silent_change() -> None:
    assert flags(stated("2025-01-01"), stated("2025-01-01"), seen) == (Flag.SILENT_CHANGE,)
    assert flags(stated(None), stated(None), seen) == ()
    assert flags(stated("2025-01-01"), stated("2025-06-09"), seen) == ()


def test_back_dated() -> None:
    before = seen - timedelta(hours=6)
    assert flags(stated("2025-01-01"), stated("2025-06-01"), seen, last_seen_before=before) == (
        Flag.BACK_DATED,
    )
    assert flags(stated("2025-01-01"), stated("2025-06-09"), seen, last_seen_before=before) == ()


def test_short_notice() -> None:
    assert flags(stated(None, "2024-01-01"), stated(None, "2025-06-12"), seen) == (Flag.SHORT_NOTICE,)
    assert flags(stated(None, "2024-01-01"), stated(None, "2025-07-12"), seen) == ()


def test_anomaly() -> None:
    assert flags(None, stated("2026-01-01"), seen) == (Flag.DATE_ANOMALY,)
    assert flags(stated("2025-06-01"), stated("2025-05-01"), seen) == (Flag.DATE_ANOMALY,)
    assert flags(None, stated("2025-06-01"), seen) == ()
