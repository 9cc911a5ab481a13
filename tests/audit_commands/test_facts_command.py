"""`facts`: what a text states as data, where, in which words, and which items rest on it."""

from __future__ import annotations

import csv
import io

from tests.audit_commands.conftest import Place, hour, policy, start


def test_every_fact_stands_in_the_text_at_its_place(place: Place) -> None:
    for one in place.json("facts", "qinghe")["facts"]:
        assert policy[one["span"]["start"] : one["span"]["end"]] == one["quote"]
        assert one["kind"] == "sdk" or one["quote"] in one["sentence"]


def test_what_people_ask_for(place: Place) -> None:
    def values(*kinds: str) -> dict[str, list[str]]:
        asked = [part for kind in kinds for part in ("--kind", kind)]
        return {one["value"]: one["items"] for one in place.json("facts", "qinghe", *asked)["facts"]}

    assert list(values("retention")) == ["6 months"]
    assert values("response") == {"15 working days": ["rights.response-time"]}
    assert values("contact")["privacy@qinghe.example"] == ["doc.contact"]
    assert "phone number" in values("data type")
    assert list(values("sdk")) == ["听云SDK"]
    assert "杭州青禾网络科技有限公司" in values("company")
    assert set(values("retention", "response")) == {"6 months", "15 working days"}
    place.run("facts", "qinghe", "--kind", "weather", code=2)


def test_an_earlier_version(place: Place) -> None:
    place.publish("qinghe", policy.replace("15个工作日", "30个工作日"), start + 24 * hour)
    for at, days in (("2023-05-15", "15 working days"), ("2023-05-17", "30 working days")):
        (one,) = place.json("facts", "qinghe", "--at", at, "--kind", "response")["facts"]
        assert one["value"] == days


def test_table_and_csv(place: Place) -> None:
    hostile = policy.replace("听云SDK |", "=cmd()\x1b[31m |")
    place.publish("qinghe", hostile, start + 24 * hour)
    text = place.run("facts", "qinghe", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    (row,) = (one for one in rows if one["kind"] == "sdk")
    assert row["value"].startswith("'=cmd()")
    assert "\x1b" not in text
    shown = place.run("facts", "qinghe").stdout
    assert "\x1b" not in shown
    assert "15 working days" in shown
    assert "states no such fact" in place.run("facts", "qinghe", "--kind", "amount").stdout
