"""`ruling` as its user meets it: made, shown everywhere, carried, reviewed, taken back; never erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.audit_commands.conftest import Place, delete_quote, hour, policy, start

ada = ("--by", "Ada Lovelace", "--reason", "the menu has no such entry")
moved_policy = policy.replace(delete_quote, "您可以在“我的-阅读记录”中删除您90日内的阅读记录。")


def overrule(place: Place, *more: str) -> None:
    place.run("ruling", "qinghe", "rights.delete", "--verdict", "partly", *ada, *more)


def findings(place: Place, *more: str) -> dict[str, dict[str, object]]:
    audits = place.json("audit", "qinghe", *more)["audits"]
    return {one["criterion"]: one for audit in audits for one in audit["findings"]}


def test_a_ruling_overrules_and_shows_the_rules_own_verdict_beside(place: Place) -> None:
    assert findings(place)["rights.delete"]["verdict"] == "met"
    overrule(place)
    ruled = findings(place)["rights.delete"]
    assert (ruled["verdict"], ruled["flags"]) == ("partly", ["ruling"])
    assert "Ada Lovelace" in str(ruled["judge"])
    assert "the rules said: met" in str(ruled["note"])
    shown = place.run("audit", "qinghe").stdout
    assert "partly (ruling)" in shown
    assert "the menu has no such entry" in shown
    (laid,) = place.json("audit", "qinghe")["rulings"]
    assert (laid["standing"], laid["found"], laid["ruling"]["quote"]) == ("holds", "met", delete_quote)


def test_a_ruling_is_carried_and_the_criterion_does_not_move(place: Place) -> None:
    overrule(place)
    place.publish("qinghe", policy.replace("手机号码和昵称", "手机号码、邮箱和昵称"), start + 24 * hour)
    assert findings(place)["rights.delete"]["verdict"] == "partly"
    moved = {
        one["criterion"] for delta in place.json("audit", "qinghe")["deltas"] for one in delta["movements"]
    }
    assert "rights.delete" not in moved
    assert place.json("status", code=2)["rulings_to_review"] == []


def test_a_changed_quote_brings_the_ruling_up_in_audit_status_list_and_alert(place: Place) -> None:
    overrule(place)
    place.publish("qinghe", moved_policy, start + 24 * hour)
    now = findings(place)["rights.delete"]
    assert (now["verdict"], now["flags"]) == ("met", ["ruling to review"])
    assert "To review: ruling 1" in place.run("audit", "qinghe").stdout
    assert "To review: ruling 1, qinghe rights.delete" in place.run("status", code=2).stdout
    (laid,) = place.json("status", code=2)["rulings_to_review"]
    assert "90日" in laid["evidence"]["quote"]
    (one,) = place.json("ruling", "list")
    assert one["state"] == "its quote changed: review"
    told = place.run("alerts", "show", "change:qinghe:2").stdout
    assert "A ruling comes up for review: rights.delete (partly, Ada Lovelace, " in told
    assert findings(place, "-v", "1")["rights.delete"]["verdict"] == "partly", (
        "the old text is ruled as before"
    )
    overrule(place)
    assert [one["state"] for one in place.json("ruling", "list")] == ["replaced by a later one", "holds"]
    assert place.json("status", code=2)["rulings_to_review"] == []


def test_an_immaterial_change_is_shown_in_history_and_never_dropped(place: Place) -> None:
    place.publish("qinghe", moved_policy, start + 24 * hour)
    place.run("ruling", "qinghe", "--change", "2", "--immaterial", *ada)
    assert "ruling (Ada Lovelace)" in " ".join(place.run("history", "qinghe").stdout.split())
    rows = place.json("history", "qinghe")
    assert [row["immaterial"] and row["immaterial"]["by"] for row in rows] == [None, "Ada Lovelace"]
    assert (
        "Held immaterial by a person: Ada Lovelace"
        not in place.run("alerts", "show", "change:qinghe:2").stdout
    )


def test_a_change_is_named_by_its_alert_too(place: Place) -> None:
    place.publish("qinghe", moved_policy, start + 24 * hour)
    made = place.json("ruling", "qinghe", "--change", "change:qinghe:2", "--immaterial", *ada)
    assert (made["version"], made["criterion"]) == (2, "")
    place.run("ruling", "qinghe", "--change", "change:other", "--immaterial", *ada, code=1)


def test_what_is_withdrawn_no_longer_counts_and_stays_on_record(place: Place) -> None:
    overrule(place)
    place.run("ruling", "withdraw", "1", "--by", "Grace", "--reason", "the menu is back")
    assert findings(place)["rights.delete"]["verdict"] == "met"
    assert place.json("ruling", "list") == []
    (one,) = place.json("ruling", "list", "qinghe", "--withdrawn")
    assert one["ruling"]["withdrawn"]["by"] == "Grace"
    place.run("ruling", "withdraw", "1", "--by", "Grace", "--reason", "again", code=1)
    assert "Everything is as it was written" in place.run("verify").stdout


def test_an_absence_can_be_ruled_on(place: Place) -> None:
    absent = next(one for one in findings(place).values() if one["verdict"] == "not_found")
    item = str(absent["criterion"])
    made = place.json("ruling", "qinghe", item, "--verdict", "partly", *ada)
    assert (made["quote"], made["found"]) == ("", "not_found")
    assert findings(place)[item]["verdict"] == "partly"


def test_a_quote_may_be_copied_from_a_narrow_screen(place: Place) -> None:
    overrule(place, "--quote", "我们将在15个工作日\n   内答复您的请求。")
    (laid,) = place.json("audit", "qinghe")["rulings"]
    assert laid["ruling"]["quote"] == "我们将在15个工作日内答复您的请求。"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["qinghe", "rights.delete", "--verdict", "partly", "--by", "A", "--reason", " "], 2, "a reason"),
        (["qinghe", "rights.delete", "--verdict", "partly", "--by", " ", "--reason", "x"], 2, "the name"),
        (["qinghe", "rights.delet", "--verdict", "partly", *ada], 1, "rights.delete"),
        (["qinghe", "rights.delete", *ada], 2, "--verdict"),
        (["qinghe", "--verdict", "met", *ada], 2, "ITEM"),
        (["qinghe", "rights.delete", "--immaterial", *ada], 2, "--change"),
        (
            ["qinghe", "rights.delete", "--verdict", "met", "--immaterial", "--change", "1", *ada],
            2,
            "--verdict",
        ),
        (["qinghe", "--change", "1", "--immaterial", *ada], 2, "first record"),
        (
            ["qinghe", "rights.delete", "--verdict", "met", "--quote", "没有这句话在里面", *ada],
            2,
            "does not stand",
        ),
        (["qinghe", "rights.delete", "--verdict", "met", "--quote", "您可以", *ada], 2, "too short"),
        (["qinghe", "rights.delete", "--verdict", "met", "--profile", "none", *ada], 1, "no audit under"),
        (["nobody", "rights.delete", "--verdict", "met", *ada], 1, "no service"),
    ],
)
def test_what_makes_no_ruling_is_said_and_stores_nothing(
    place: Place, arguments: list[str], code: int, says: str
) -> None:
    result = place.run("ruling", *arguments, code=code)
    assert says in result.output + str(result.exception)
    assert place.json("ruling", "list", "--withdrawn") == []


def test_hostile_names_and_reasons_are_shown_harmlessly(place: Place) -> None:
    place.run(
        "ruling",
        "qinghe",
        "rights.delete",
        "--verdict",
        "partly",
        "--by",
        "A\x1b[31mda",
        "--reason",
        "\x1b]0;x\x07",
    )
    for command in (("ruling", "list"), ("audit", "qinghe")):
        assert "\x1b" not in place.run(*command).stdout


def test_profiles_that_differ_must_be_told_apart(place: Place) -> None:
    named = ", ".join(f'"{one}"' for one in ("gbt35273-2017", "pipl"))
    place.configure("qinghe", extra=f"profiles = [{named}]\n")
    shared = "\n## 五、转让\n在涉及合并、收购或破产清算时，我们会要求新的持有您个人信息的公司继续受本政策的约束。\n"
    place.publish("qinghe", policy + shared, start + timedelta(days=2))
    verdicts: dict[str, set[str]] = {}
    for audit in place.json("audit", "qinghe")["audits"]:
        for one in audit["findings"]:
            verdicts.setdefault(one["criterion"], set()).add(one["verdict"])
    item = next((one for one, said in verdicts.items() if len(said) > 1), None)
    assert item, "some criterion depends on the profile"
    result = place.run("ruling", "qinghe", item, "--verdict", "met", *ada, code=2)
    assert "name one with --profile" in str(result.exception)
    made = place.json("ruling", "qinghe", item, "--verdict", "met", "--profile", "pipl", *ada)
    assert made["profile"] == "pipl"
    flagged = {
        audit["profile"]: {one["criterion"]: one["flags"] for one in audit["findings"]}[item]
        for audit in place.json("audit", "qinghe")["audits"]
    }
    assert "ruling" in flagged["pipl"]
    assert "ruling" not in flagged["gbt35273-2017"]
