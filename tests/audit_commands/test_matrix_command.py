"""`matrix` as its user meets it: any date, every form, rulings marked, nothing hostile let through."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser

import pytest

from tests.audit_commands.conftest import Place, hour, policy, start

english = "# Privacy Policy\n\n" + "We collect your name and e-mail address to run your account. " * 12
hostile = policy.replace("青禾阅读由", "<script>alert(1)</script>\x1b[31m青禾阅读由")


@pytest.fixture
def two(place: Place) -> Place:
    place.configure("qinghe", "weibo", "letters")
    place.publish("weibo", hostile, start + 48 * hour)
    place.publish("letters", english, start)
    return place


class Page(HTMLParser):
    """Which tags a page has, and whether every one is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.headings: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "th":
            self.headings.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_rows_of_csv_and_json_say_the_same(two: Place) -> None:
    found = json.loads(two.run("matrix", "--profile", "pipl", "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(two.run("matrix", "--profile", "pipl", "--format", "csv").stdout)))
    assert [one["service"] for one in found["services"]] == ["qinghe", "weibo", "letters"]
    for row, one in zip(rows, found["services"], strict=True):
        said = {item: finding["verdict"] for item, finding in one["findings"].items()}
        assert {item: row[item] for item in said} == said
    assert rows[1]["tier 2017"] == "1", "by its id, the published tier of Weibo"
    assert rows[0]["tier 2017"] == ""
    assert "another language (en)" in rows[2]["remark"]
    assert found["tiers_2017"]["day"] == "2017-09-24"
    assert json.loads(two.run("matrix", "--json").stdout)["profile"] == found["profile"]


def test_any_date(two: Place) -> None:
    found = json.loads(two.run("matrix", "--at", "2023-05-16", "--format", "json").stdout)
    assert [one["version"] for one in found["services"]] == [1, None, 1]
    assert found["day"] == "2023-05-16"
    assert "not watched yet" in found["services"][1]["remark"]


def test_a_profile_that_no_version_was_judged_by_is_judged_now(two: Place) -> None:
    found = json.loads(two.run("matrix", "qinghe", "--profile", "2017-audit", "--format", "json").stdout)
    (one,) = found["services"]
    assert len(one["findings"]) == len(found["criteria"]) > 10
    assert "2017-audit" not in {each["profile"] for each in two.json("audit", "qinghe")["audits"]}
    two.run("matrix", "--profile", "none", code=1)


def test_rulings_are_marked_in_every_form(two: Place) -> None:
    two.run(
        "ruling",
        "qinghe",
        "rights.delete",
        "--verdict",
        "partly",
        "--by",
        "Ada",
        "--reason",
        "=no <b>way</b>",
    )
    found = json.loads(two.run("matrix", "--profile", "pipl", "--format", "json").stdout)
    ruled = found["services"][0]["findings"]["rights.delete"]
    assert ruled["verdict"] == "partly"
    assert ruled["ruling"]["the_rules_say"] == "met"
    rows = list(csv.DictReader(io.StringIO(two.run("matrix", "--profile", "pipl", "--format", "csv").stdout)))
    assert "rights.delete: partly by Ada" in rows[0]["rulings"]
    shown = two.run("matrix", "--profile", "pipl").stdout
    assert "◐ partly *" in shown
    assert "(the rules say met)" in " ".join(shown.split())
    page = two.run("matrix", "--profile", "pipl", "--format", "html").stdout
    assert "ruling 1: partly, Ada" in page
    assert "<b>way</b>" not in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_accessible_and_harmless(two: Place, language: str) -> None:
    page = two.run("matrix", "--profile", "pipl", "--format", "html", "--language", language).stdout
    found = Page(page)
    assert found.open == []
    assert "script" not in found.tags
    assert "\x1b" not in page
    assert all(one.get("scope") in ("col", "row", "colgroup") for one in found.headings)
    assert "<caption" in page or "aria-label" in page
    assert "http://" not in page
    assert "https://" not in page, "it loads nothing from elsewhere"
    assert "满足" in page if language == "zh" else "met" in page, "a verdict is a word, not a colour alone"


def test_files(two: Place) -> None:
    file = two.folder / "m.csv"
    two.run("matrix", "--format", "csv", "--output", str(file))
    assert file.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets need to be told that it is UTF-8"
    two.run("matrix", "--output", str(file), code=2)
    two.run("matrix", "--format", "html", "--output", str(two.folder / "none" / "m.html"), code=2)
