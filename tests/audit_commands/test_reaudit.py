"""`audit --all-versions`: the past by a new edition; old results stay; broken off, it goes on where it stood."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from monitor.model import Judged, TermsId
from tests.audit_commands.conftest import Place, hour, policy, put_edition, start

terms = TermsId(service="qinghe")
root = Path(__file__).resolve().parents[2]


def verdict(place: Place, *more: str) -> str:
    audits = place.json("audit", "qinghe", *more)["audits"]
    (found,) = {
        one["verdict"] for audit in audits for one in audit["findings"] if one["criterion"] == "rights.delete"
    }
    return str(found)


def test_the_past_is_judged_by_a_new_edition_and_the_old_results_stay(
    place: Place, stricter: Callable[[], None]
) -> None:
    place.publish("qinghe", policy + "\n我们新增一句与权利无关的说明。\n", start + 24 * hour)
    assert "judged by the checklists of now" in place.run("audit", "--all-versions").stdout
    before = {one["edition"] for one in place.json("audit", "qinghe", "--editions")}
    stricter()
    done = place.json("audit", "--all-versions")
    assert (done["wanted"], done["judged"], done["faults"]) == (2, 2, [])
    (moved,) = done["moved"]
    assert (moved["criterion"], moved["before"], moved["after"]) == ("rights.delete", "met", "partly")
    assert moved["findings"] % 2 == 0, "one a profile, in both versions"
    for number in ("1", "2"):
        assert verdict(place, "-v", number) == "partly"
        assert verdict(place, "-v", number, "--edition", *before) == "met"
    assert {one["edition"] for one in place.json("audit", "qinghe", "--editions")} == {*before, "own-2"}
    assert place.json("audit", "qinghe")["deltas"][0]["movements"] == [], "like is compared with like"
    again = place.json("audit", "qinghe", "--all-versions")
    assert (again["wanted"], again["judged"]) == (0, 0)
    assert "Everything is as it was written" in place.run("verify").stdout


def test_new_profiles_of_a_declaration_are_made_up_for(place: Place) -> None:
    place.configure("qinghe", extra='profiles = ["2017-audit"]\n')
    assert place.json("audit", "--all-versions")["judged"] == 1
    assert "2017-audit" in {one["profile"] for one in place.json("audit", "qinghe")["audits"]}


def test_what_another_run_stored_is_not_stored_twice(place: Place, stricter: Callable[[], None]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from monitor import registry
    from monitor.reaudit import missing, reaudit

    stricter()
    folder = str(place.folder / "checklists")
    checklists = registry.checklists(folder)
    with place.store() as store, ThreadPoolExecutor(1) as executor:
        declarations = [one.declaration for one in store.standings()]
        works = list(missing(store, declarations, checklists))
        first = list(reaudit(store, executor, works, folder, start))[-1]
        assert (first.versions, first.known) == (1, 0)
        second = list(reaudit(store, executor, works, folder, start))[-1]
        assert (second.versions, second.known) == (0, 1)
        assert list(missing(store, declarations, checklists)) == []


def test_a_version_that_cannot_be_judged_is_told_and_the_others_are_judged(place: Place) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from monitor.reaudit import Missing, reaudit

    with place.store() as store, ThreadPoolExecutor(1) as executor:
        (version,) = store.versions(terms)
        (standing,) = store.standings()
        bad, good = (
            Missing(
                declaration=standing.declaration,
                version=version,
                judged=(Judged(checklist=one, edition="x", profile="pipl"),),
            )
            for one in ("no such list", "zh")
        )
        tally = list(reaudit(store, executor, [bad, good], None, start))[-1]
        assert len(tally.faults) == 1
        assert "qinghe version 1: KeyError" in tally.faults[0]
        assert tally.versions + tally.known == 1


def many_versions(place: Place, count: int) -> None:
    for number in range(1, count):
        place.publish(
            "qinghe",
            policy + "".join(f"\n说明{one}：本条为第{one}次增加。" for one in range(number)),
            start + 24 * hour * number,
        )


def test_broken_off_it_goes_on_where_it_stood_and_whole_versions_are_stored(place: Place) -> None:
    many_versions(place, 12)
    put_edition(place, "own-2")
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "monitor",
            "-c",
            str(place.config),
            "audit",
            "--all-versions",
            "--json",
            "--workers",
            "1",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while child.poll() is None and stored(place) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode in (0, 130), err
    assert "Traceback" not in err
    if child.returncode == 130:
        assert "goes on from here" in err
        assert f'"judged": {stored(place)}' in out
    first = stored(place)
    assert place.json("audit", "--all-versions")["judged"] == 12 - first
    assert stored(place) == 12
    assert "Everything is as it was written" in place.run("verify").stdout


def test_killed_without_warning_nothing_is_half_stored(place: Place) -> None:
    many_versions(place, 12)
    put_edition(place, "own-2")
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "monitor",
            "-c",
            str(place.config),
            "audit",
            "--all-versions",
            "--workers",
            "1",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=root,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while child.poll() is None and stored(place) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait(timeout=60)
    with place.store() as store:
        assert list(store.verify()) == []
        by = [{one.edition for one in judged} for judged in store.judged(terms).values()]
        assert sum("own-2" in one for one in by) == stored(place)
    place.run("audit", "--all-versions")
    assert stored(place) == 12


def stored(place: Place) -> int:
    conn = sqlite3.connect(f"file:{place.folder / 'state' / 'policy-monitor.sqlite'}?mode=ro", uri=True)
    try:
        return int(conn.execute("SELECT COUNT(*) FROM reaudits").fetchone()[0])
    finally:
        conn.close()


def test_beside_a_writer_nothing_is_locked(place: Place) -> None:
    """A daemon writes looks all the while: neither it nor the re-audit ever sees "locked"."""
    from monitor.model import Exchange, Unchanged, Visit

    many_versions(place, 8)
    put_edition(place, "own-2")
    stop, problems, looks = threading.Event(), [], 0

    def watch() -> None:
        nonlocal looks
        exchange = Exchange(url="https://qinghe.example/privacy", final_url="https://qinghe.example/privacy")
        with place.store() as store:
            while not stop.is_set():
                try:
                    store.record(
                        Visit(
                            terms=terms,
                            at=start + 9999 * hour,
                            result=Unchanged(exchanges=(exchange,), not_modified=True),
                        )
                    )
                    looks += 1
                except Exception as error:
                    problems.append(error)

    writer = threading.Thread(target=watch)
    writer.start()
    try:
        assert place.json("audit", "--all-versions")["judged"] == 8
    finally:
        stop.set()
        writer.join()
    assert problems == []
    assert looks > 10


def test_it_is_silent_where_there_is_no_terminal(place: Place, stricter: Callable[[], None]) -> None:
    stricter()
    result = place.run("audit", "--all-versions")
    assert result.stderr == ""


def test_other_options_do_not_go_with_it(place: Place) -> None:
    place.run("audit", "qinghe", "--all-versions", "--delta", code=2)
    place.run("audit", code=2)
    place.run("audit", "qinghe", "--edition", "none", code=1)


def test_a_version_is_compared_with_the_one_before_by_the_same_edition(
    place: Place, stricter: Callable[[], None]
) -> None:
    """A better rule is no change of the policy: nothing is told of it."""
    stricter()
    place.publish("qinghe", policy.replace("手机号码和昵称", "手机号码、邮箱和昵称"), start + 24 * hour)
    deltas = place.json("audit", "qinghe")["deltas"]
    moved = {one["criterion"]: one["note"] for delta in deltas for one in delta["movements"]}
    assert "rights.delete" not in moved
    assert not any("edition" in note for note in moved.values())
    assert verdict(place) == "partly"
    assert verdict(place, "-v", "1") == "met", "what is stored of the earlier version stays as it was"
