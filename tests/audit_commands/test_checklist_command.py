"""`checklist` as its user meets it, and a checklist of the operator's own from its first line to the alert."""

from __future__ import annotations

import json

import pytest

from monitor import registry
from monitor.audit.conditions import when
from monitor.audit.trying import in_words
from monitor.errors import ConfigError
from monitor.model import Alert
from tests.audit_commands.conftest import Place, hour, policy, start

own = """schema = 1
id = "own"
edition = "1"
language = "zh"
title_zh = "自有"
title_en = "Own"

[[profile]]
id = "own-2026"
title_zh = "自有"
title_en = "Own"
valid_from = "2020-01-01"

[[section]]
id = "s"
title_zh = "其他"
title_en = "other"

[[criterion]]
id = "own.guard"
section = "s"
kind = "coverage"
tier = "core"
seed = "no"
profiles = ["own-2026"]
title_zh = "门卫"
title_en = "Watchman"
question_zh = "是否提到门卫？"
question_en = "Is a watchman mentioned?"
verdicts = ["met", "not_found"]
searched = "门卫"
[criterion.signals]
guard = ['门卫|保安']
[[criterion.decide]]
verdict = "met"
when = "guard"
[[criterion.example]]
text = "我们设有门卫。"
verdict = "met"
[[criterion.example]]
text = "保安会查看您的证件。"
verdict = "met"
[[criterion.example]]
text = "我们不设任何岗位。"
verdict = "not_found"
[[criterion.example]]
text = "本政策适用于所有用户。"
verdict = "not_found"
"""


guarded = policy.replace("## 三、", "办公场所入口处，我们设有门卫。\n\n## 三、")


@pytest.fixture
def with_own(place: Place) -> Place:
    (place.folder / "checklists").mkdir()
    (place.folder / "checklists" / "own.toml").write_text(own, encoding="utf-8")
    return place


def test_an_own_checklist_from_its_file_to_the_alert(with_own: Place) -> None:
    place = with_own
    place.configure("qinghe", extra='checklists = "checklists"\nprofiles = ["own-2026"]\n')
    assert place.json("checklist", "lint")["valid"]
    rows = {one["profile"]["id"]: one for one in place.json("checklist", "list")}
    assert (rows["own-2026"]["own"], rows["pipl"]["own"]) == (True, False)
    place.publish("qinghe", guarded, start + 24 * hour)
    assert place.json("audit", "--all-versions")["judged"] == 1, "the version from before it was there"
    place.publish(
        "qinghe",
        policy.replace("## 三、", "我们取消了这个岗位，改由系统自动登记。\n\n## 三、"),
        start + 48 * hour,
    )
    (audit,) = place.json("audit", "qinghe")["audits"]
    assert [(one["criterion"], one["verdict"]) for one in audit["findings"]] == [("own.guard", "not_found")]
    assert "Watchman" in place.run("audit", "qinghe").stdout
    (alert,) = (one for one in _alerts(place) if one.key == "change:qinghe:3")
    (delta,) = alert.deltas
    assert [(one.criterion, one.better) for one in delta.movements] == [("own.guard", False)]
    found = json.loads(place.run("matrix", "--format", "json").stdout)
    assert found["profile"] == "own-2026"


def _alerts(place: Place) -> list[Alert]:
    with place.store() as store:
        return list(store.alerts())


def test_try_shows_verdict_quote_place_and_reason(with_own: Place) -> None:
    place = with_own
    file = str(place.folder / "checklists" / "own.toml")
    place.publish("qinghe", guarded, start + 24 * hour)
    shown = place.run("checklist", "try", file, "qinghe").stdout
    for part in (
        "own.guard",
        "met",
        "“办公场所入口处，我们设有门卫。”",
        "characters",
        "row 1 met: guard: decides (guard 1)",
    ):
        assert part in shown
    (one,) = place.json("checklist", "try", file, "qinghe", "-v", "1")
    assert one["finding"]["verdict"] == "not_found"
    assert one["rows"][0]["answers"] == [{"signal": "guard", "count": 0, "sentences": []}]
    text = place.folder / "draft.txt"
    text.write_text(policy + "\n我们设有保安。\n", encoding="utf-8")
    assert "我们设有保安" in place.run("checklist", "try", file, "--text", str(text), "--why").stdout
    for wrong, code in (
        ((file,), 2),
        ((file, "qinghe", "--text", str(text)), 2),
        ((file, "qinghe", "--profile", "none"), 1),
        ((file, "qinghe", "--item", "none"), 1),
        ((str(place.config), "qinghe"), 78),
    ):
        place.run("checklist", "try", *wrong, code=code)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('when = "guard"', 'when = "gaurd"', ":36: criterion.0.decide.0.when: there is no signal 'gaurd'"),
        ("['门卫|保安']", "['(门卫|保安)+']", ":33:"),
        ('text = "我们设有门卫。"', 'text = "我们设有门。"', "criterion.0.example.0: is judged not_found"),
        ("schema = 1", "schema = [", ":2: not valid TOML"),
        ('id = "own"', 'id = "own"\nidd = "x"', "unknown key"),
        ('edition = "1"\n', "", "'edition' is missing"),
    ],
)
def test_lint_tells_every_mistake_with_its_line(with_own: Place, old: str, new: str, says: str) -> None:
    file = with_own.folder / "checklists" / "own.toml"
    assert old in own
    file.write_text(own.replace(old, new, 1), encoding="utf-8")
    result = with_own.run("checklist", "lint", str(file), code=78)
    assert says in result.stderr
    assert str(file) in result.stderr
    found = json.loads(with_own.run("checklist", "lint", str(file.parent), "--json", code=78).stdout)
    assert not found["valid"]


def test_lint_of_what_is_no_checklist(place: Place) -> None:
    binary = place.folder / "x.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    result = place.run("checklist", "lint", str(binary), str(place.folder / "none.toml"), code=78)
    assert "is not UTF-8" in result.stderr
    assert "No such file" in result.stderr
    place.run("checklist", "lint", code=2)


def test_list_and_show(place: Place) -> None:
    items = {one["item"] for one in place.json("checklist", "list", "--items", "--profile", "2017-audit")}
    assert "rights.delete" in items
    place.run("checklist", "list", "--profile", "none", code=1)
    shown = place.run("checklist", "show", "rights.delete").stdout
    assert "Personal Information Protection Law" in shown
    assert "from memory" in shown, "what was not read in full says so"
    assert "删除权" in place.run("checklist", "show", "rights.delete", "--language", "zh").stdout
    result = place.run("checklist", "show", "rights.delet", code=1)
    assert "near to it: rights.delete" in str(result.exception)


def test_a_folder_that_is_not_there_stops_the_start(place: Place) -> None:
    place.config.write_text(
        place.config.read_text().replace("[monitor]\n", '[monitor]\nchecklists = "none"\n')
    )
    assert "no such folder of checklists" in place.run("validate", code=78).stderr
    result = place.run("audit", "qinghe")
    assert "Your own checklists are not used" in result.stderr
    assert "Right to delete" in result.stdout, "what is stored can still be read"


def test_edited_checklists_are_taken_again_and_broken_ones_are_not(with_own: Place) -> None:
    folder = with_own.folder / "checklists"
    assert registry.checklists(str(folder))["own"].edition == "1"
    (folder / "own.toml").write_text(own.replace('edition = "1"', 'edition = "2"'), encoding="utf-8")
    assert registry.checklists(str(folder))["own"].edition == "1"
    assert registry.read_checklists_again(str(folder))["own"].edition == "2"
    (folder / "own.toml").write_text("broken", encoding="utf-8")
    with pytest.raises(ConfigError):
        registry.read_checklists_again(str(folder))
    assert registry.checklists(str(folder))["own"].edition == "2"


@pytest.mark.parametrize(
    "source", ["a", "a & !b", "(a | b) & c", "count(a, b) >= 3", "!(a & kinds(b, c) >= 2)"]
)
def test_a_condition_is_shown_as_it_is_written(source: str) -> None:
    assert in_words(when(source)) == source
    assert when(in_words(when(source))) == when(source)
