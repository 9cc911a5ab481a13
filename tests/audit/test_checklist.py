"""A broken checklist gives one clear error for each mistake, with its line."""

from __future__ import annotations

import re

import pytest

from monitor.audit.checklist import parse
from monitor.errors import ConfigError

good = """\
schema = 1
id = "own"
edition = "1"
language = "zh"
title_zh = "自有清单"
title_en = "Own checklist"
[words]
you = '您|用户'
[[source]]
id = "law"
name = "法"
name_en = "Law"
verified = "full text read"
[[profile]]
id = "one"
title_zh = "一"
title_en = "One"
valid_from = "2020-01-01"
valid_to = "2024-12-31"
[[section]]
id = "rights"
title_zh = "权利"
title_en = "Rights"
[signals.way]
find = ['设置|点击']
[[criterion]]
id = "own.access"
section = "rights"
kind = "right"
tier = "core"
seed = "no"
profiles = ["one"]
title_zh = "查阅"
title_en = "Access"
question_zh = "能否查阅？"
question_en = "Access?"
verdicts = ["met", "partly", "not_found"]
[criterion.law]
law = "第1条"
[criterion.rule]
met = "named with a way"
[criterion.signals]
grant = { find = ['(?:<you>).{0,40}查阅'] }
[[criterion.decide]]
verdict = "met"
when = "grant & way"
[[criterion.decide]]
verdict = "partly"
when = "grant"
[[criterion.example]]
text = "您可以在设置中查阅您的信息。"
verdict = "met"
[[criterion.example]]
text = "您有权查阅您的信息。"
verdict = "partly"
quote = "您有权查阅您的信息。"
[[criterion.example]]
text = "我们重视隐私。"
verdict = "not_found"
[[criterion.example]]
text = "用户可点击查阅。" # the fourth
verdict = "met"
"""

broken = [
    ("not TOML", "schema = 1\n", "schema = \n", "not valid TOML"),
    ("a newer schema", "schema = 1\n", "schema = 9\n", "this program reads schema 1"),
    ("no id", 'id = "own"\n', "", "'id' is missing"),
    ("unknown key at the top", 'id = "own"\n', 'id = "own"\ncolour = "red"\n', "colour: unknown key"),
    ("unknown key of a criterion", 'tier = "core"\n', 'tier = "core"\nweight = 3\n', "weight: unknown key"),
    ("misspelt key of a signal", "{ find = [", "{ fnid = [", "fnid: unknown key"),
    ("unknown language", 'language = "zh"', 'language = "xx"', "'xx' is not one of zh, en"),
    ("unknown verdict", 'verdict = "partly"\nwhen', 'verdict = "fine"\nwhen', "'fine' is not one of"),
    ("a verdict the criterion lacks", 'verdict = "partly"\nwhen', 'verdict = "denied"\nwhen', "not among"),
    ("unknown profile", 'profiles = ["one"]', 'profiles = ["one", "two"]', "'two' is not one of one"),
    ("unknown section", 'section = "rights"', 'section = "duties"', "'duties' is not one of rights"),
    ("unknown kind", 'kind = "right"', 'kind = "wrong"', "'wrong' is not one of"),
    (
        "unknown detector",
        "{ find = ['(?:<you>).{0,40}查阅'] }",
        '{ detect = "magic" }',
        "'magic' is not one of",
    ),
    ("a pattern that is none", "'设置|点击'", "'设置(|点击'", "not a regular expression"),
    ("a pattern that may take for ever", "'设置|点击'", "'(?:设.{0,40}){1,40}'", "repeat inside a repeat"),
    ("a pattern without a bound", "'设置|点击'", "'设.*置'", "without a bound"),
    ("a pattern of nothing", "'设置|点击'", "'(?:设置)?'", "matches the empty text"),
    ("a pattern no text can match", "'设置|点击'", "'在APP：设置'", "can never match"),
    ("an unknown word", "<you>", "<them>", "no word named <them>"),
    ("an unknown signal", 'when = "grant & way"', 'when = "grant & path"', "there is no signal 'path'"),
    ("a condition that cannot be read", 'when = "grant & way"', 'when = "grant &"', "ends where a signal"),
    ("a function that is none", 'when = "grant & way"', 'when = "sum(grant) >= 2"', "not a function"),
    ("a law that is not a source", 'law = "第1条"', 'code = "第1条"', "code: unknown key"),
    (
        "too few examples",
        '[[criterion.example]]\ntext = "用户可点击查阅。" # the fourth\nverdict = "met"\n',
        "",
        "at least 4 examples",
    ),
    (
        "a quote not in its example",
        'quote = "您有权查阅您的信息。"',
        'quote = "别的话"',
        "does not stand in the text",
    ),
    ("a day that is none", '"2020-01-01"', '"2020-13-01"', "is not a day"),
    ("an end before the beginning", '"2024-12-31"', '"2019-12-31"', "lies before valid_from"),
    ("an empty question", 'question_zh = "能否查阅？"', 'question_zh = " "', "is empty"),
    ("an unknown topic", 'tier = "core"\n', 'tier = "core"\ntopic = "weather"\n', "'weather' is not one of"),
    ("a word for a truth", 'tier = "core"\n', 'tier = "core"\ntelling = "yes"\n', "must be true or false"),
    ("a number for a text", 'title_zh = "查阅"', "title_zh = 3", "must be a text"),
]


def test_the_good_one_is_read() -> None:
    checklist = parse(good, "own.toml")
    assert [criterion.id for criterion in checklist.criteria] == ["own.access"]
    assert checklist.criteria[0].legal_basis("law") == "第1条"


@pytest.mark.parametrize(
    ("old", "new", "what"), [case[1:] for case in broken], ids=[case[0] for case in broken]
)
def test_a_mistake_is_one_clear_error(old: str, new: str, what: str) -> None:
    assert old in good
    with pytest.raises(ConfigError) as raised:
        parse(good.replace(old, new, 1), "own.toml")
    lines = [problem for problem in raised.value.problems if what in problem]
    assert len(lines) == 1, raised.value.problems
    assert re.match(r"own\.toml:\d+: ", lines[0])
    assert "Traceback" not in str(raised.value)


@pytest.mark.parametrize("table", ["profile", "source", "section"])
def test_twins_are_told(table: str) -> None:
    block = good[good.index(f"[[{table}]]") :]
    block = block[: block.index("\n[", 2) + 1]
    with pytest.raises(ConfigError, match="stands there twice"):
        parse(good + block, "own.toml")


def test_twin_criteria_are_told() -> None:
    with pytest.raises(ConfigError, match=r"criterion\.1: 'own.access' stands there twice"):
        parse(good + good[good.index("[[criterion]]") :], "own.toml")


def test_all_mistakes_come_at_once_in_order() -> None:
    text = good.replace('kind = "right"', 'kind = "wrong"').replace('language = "zh"', 'language = "xx"')
    with pytest.raises(ConfigError) as raised:
        parse(text, "own.toml")
    assert len(raised.value.problems) == 2
    assert raised.value.problems[0].startswith("own.toml:4: language")
    assert "criterion.0.kind" in raised.value.problems[1]


@pytest.mark.parametrize(
    "text", ["", "[", "criterion = 3", "[[criterion]]\n", "signals = []", "words = 1", "profile = 'x'"]
)
def test_rubbish_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text, "own.toml")
