"""The matrix: rows, CSV that no spreadsheet runs, JSON, HTML; the published tiers of 2017."""

from __future__ import annotations

import csv
import io
import json

import pytest

from monitor import registry
from monitor.audit.matrix import Entry, as_csv, as_json, matrix, table, tiers_2017
from monitor.model import Verdict
from monitor.render.matrix import as_html
from monitor.text.sheet import harmless
from tests.audit_commands.values import audit, finding


def test_matrix_rows_with_tiers() -> None:
    checklist = registry.checklists()["zh"]
    known = audit(finding("rights.delete", Verdict.MET, "<b>引文</b>"))
    entries = [Entry(service="京东", version=3, audit=known), Entry(service='=cmd|"<x>"')]
    found = matrix(entries, checklist, "2017-audit", tiers=tiers_2017)
    head, rows = table(found)
    assert rows[0][:4] == ("京东", "3", "", "3")
    assert rows[0][head.index("rights.delete")] == "met"
    assert set(rows[1][1:]) == {""}
    assert head[-2:] == ("rulings", "remark")
    read = list(csv.reader(io.StringIO(as_csv(found))))
    assert read[2][0] == '\'=cmd|"<x>"'
    data = json.loads(as_json(found))
    assert data["services"][0]["findings"]["rights.delete"]["quote"] == "<b>引文</b>"
    page = as_html(found)
    assert "<b>引文" not in page
    assert "<x>" not in page
    assert "●" in page


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\u3000=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("京东") == "京东"


def test_the_published_tiers() -> None:
    assert sorted(one.tier for one in tiers_2017.services) == [1, 1, 2, 2, 2, 3, 3, 3, 3, 3]
    weibo = tiers_2017.of("新浪微博")
    assert weibo is not None
    assert weibo.tier == 1
    assert tiers_2017.of("别的") is None
