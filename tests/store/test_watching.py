"""Both stores: declarations, the schedule, claims, rereading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.model import FaultKind, Outcome, Snapshot, TermsId, Validators, Visit
from tests.store.values import (
    World,
    base_text,
    declaration,
    exchange,
    fault,
    hour,
    reading,
    start,
    unchanged,
    visit,
)

star = TermsId(service="starbridge")


def test_new_terms_are_due_at_once_and_claimed_once(world: World) -> None:
    world.declare()
    (target,) = world.store.due(start, 10)
    assert target.declaration == declaration()
    assert (target.recipe, target.latest, target.failures) == ("r1", None, 0)
    assert target.validators == (Validators(),)
    assert world.store.due(start, 10) == []


def test_a_claim_lapses(world: World) -> None:
    world.declare()
    world.store.due(start, 10)
    assert world.store.due(start + timedelta(minutes=9), 10) == []
    assert len(world.store.due(start + timedelta(minutes=10), 10)) == 1


def test_a_clean_end_lets_go_of_claims(world: World) -> None:
    world.declare()
    world.store.due(start, 10)
    assert len(world.reopen().due(start, 10)) == 1


def test_batches(world: World) -> None:
    world.declare(*(declaration(f"service-{number}") for number in range(5)))
    assert [len(world.store.due(start, 2)) for _ in range(4)] == [2, 2, 1, 0]


def test_recording_makes_due_again(world: World) -> None:
    world.declare()
    world.store.due(start, 10)
    world.first_version()
    second_look = world.store.standings()[0].due_at
    assert start < second_look <= start + hour
    assert world.store.next_time() == start  # the examination waits
    world.settle_all()
    assert world.store.next_time() == second_look
    assert world.store.record(visit(second_look, unchanged())) is Outcome.UNCHANGED
    assert world.store.next_time() == second_look + timedelta(hours=6)


def test_retry_after_is_honoured(world: World) -> None:
    world.declare()
    asked = fault(FaultKind.RATE_LIMITED, retry_after=timedelta(hours=20))
    world.store.record(visit(start, asked))
    assert world.store.standings()[0].due_at == start + timedelta(hours=20)
    world.store.record(visit(start, replace(asked, retry_after=timedelta(days=3650))))
    assert world.store.standings()[0].due_at == start + timedelta(hours=24)


def test_retired_terms_are_left_alone_and_come_back(world: World) -> None:
    world.declare(declaration("a"), declaration("b"))
    world.first_version(service="a")
    world.declare(declaration("b"))
    assert [one.declaration.terms.service for one in world.store.standings()] == ["b"]
    assert [row.version.terms.service for row in world.store.history()] == ["a"]
    assert world.store.record(visit(start, unchanged("a"), "a")) is Outcome.STALE
    assert world.store.record(visit(start, unchanged("c"), "c")) is Outcome.STALE
    world.declare(declaration("a"), declaration("b"), now=start + hour)
    back = world.store.standings()[0]
    assert (back.declaration.terms.service, back.due_at, back.versions) == ("a", start + hour, 1)


def test_declaring_the_same_again_changes_nothing(world: World) -> None:
    world.declare()
    world.first_version()
    before = world.store.standings()
    world.declare(now=start + timedelta(minutes=1))
    assert world.store.standings() == before


def test_a_changed_declaration_is_due_at_once(world: World) -> None:
    world.declare()
    world.first_version()
    world.declare(declaration(every=hour), now=start + timedelta(minutes=1))
    (standing,) = world.store.standings()
    assert standing.due_at == start + timedelta(minutes=1)
    assert standing.declaration.every == hour
    assert standing.declared_at == start


def test_expedite_and_pause(world: World) -> None:
    world.declare(declaration("a"), declaration("b"))
    for service in ("a", "b"):
        world.store.record(visit(start, reading(service=service), service))
    world.settle_all()
    assert world.store.due(start, 10) == []
    assert world.store.pause([TermsId(service="a")], True) == 1
    assert world.store.expedite(None, start) == 1
    assert [one.declaration.terms.service for one in world.store.due(start, 10)] == ["b"]
    assert world.store.standings()[0].paused
    assert world.store.pause([TermsId(service="a")], False) == 1
    assert world.store.expedite([TermsId(service="a")], start) == 1
    assert [one.declaration.terms.service for one in world.store.due(start, 10)] == ["a"]


def test_validators_are_sent_until_a_day_is_over(world: World) -> None:
    world.declare()
    world.first_version()
    later = start + 6 * hour
    world.store.expedite(None, later)
    (target,) = world.store.due(later, 10)
    known = Validators(
        etag='"v1"',
        last_modified="Fri, 28 Feb 2031 08:00:00 GMT",
        url="https://starbridge.example/privacy.html",
    )
    assert target.validators == (known,)
    world.store.record(visit(later, unchanged(not_modified=True, status=304)))
    (target,) = world.store.due(start + 23 * hour, 10)
    assert target.validators == (Validators(),)
    world.store.record(visit(start + 23 * hour, unchanged()))
    (target,) = world.store.due(start + 30 * hour, 10)
    assert target.validators == (known,)


def test_no_validators_while_a_text_waits(world: World) -> None:
    world.declare()
    world.first_version()
    assert (
        world.store.record(
            visit(start + hour, reading(base_text + "\n\n我们新增一条：向关联公司共享位置信息。"))
        )
        is Outcome.WAITING
    )
    world.store.expedite(None, start + 2 * hour)
    (target,) = world.store.due(start + 2 * hour, 10)
    assert target.validators == (Validators(),)


def test_rereading_with_a_new_recipe(world: World) -> None:
    world.declare()
    world.first_version()
    assert world.store.outdated(start, 10) == []
    world.declare(recipe="r2", now=start + hour)
    (stale,) = world.store.outdated(start + hour, 10)
    assert (stale.recipe, stale.version.number) == ("r2", 1)
    assert stale.snapshots == reading().snapshots
    same = Visit(terms=star, at=start + hour, result=reading(recipe="r2"), reread=1, recipe="r2")
    assert world.store.record(same) is Outcome.REREAD
    assert world.store.outdated(start + hour, 10) == []
    assert [version.recipe for version in world.store.versions(star)] == ["r2"]
    assert len(world.store.looks()) == 1


def test_rereading_that_gives_another_text_is_a_technical_upgrade(world: World) -> None:
    world.declare()
    world.first_version()
    world.declare(recipe="r2", now=start + hour)
    other = replace(reading(base_text + "\n\n页脚", recipe="r2"), snapshots=reading().snapshots)
    upgrade = Visit(terms=star, at=start + hour, result=other, reread=1, recipe="r2")
    assert world.store.record(upgrade) is Outcome.UPGRADED
    assert world.store.record(upgrade) is Outcome.STALE
    first, second = world.store.versions(star)
    assert (first.recipe, second.recipe) == ("r1", "r2")
    assert first.snapshots == second.snapshots
    assert world.store.outdated(start + hour, 10) == []


def test_a_rereading_that_fails_waits(world: World) -> None:
    world.declare()
    world.first_version()
    world.declare(recipe="r2", now=start + hour)
    failed = Visit(terms=star, at=start + hour, result=fault(FaultKind.INTERNAL), reread=1, recipe="r2")
    assert world.store.record(failed) is Outcome.FAULT
    assert world.store.outdated(start + hour, 10) == []
    assert len(world.store.outdated(start + timedelta(days=2), 10)) == 1
    hopeless = Visit(terms=star, at=start + hour, result=fault(FaultKind.SELECTOR), reread=1, recipe="r2")
    assert world.store.record(hopeless) is Outcome.FAULT
    assert world.store.outdated(start + timedelta(days=2000), 10) == []


def test_two_documents_keep_their_order(world: World) -> None:
    pages = tuple(
        Snapshot(
            exchange=exchange(final_url=f"https://starbridge.example/{part}"),
            content=f"<p>{part}</p>".encode(),
            media_type="text/html",
            screenshot=b"\x89PNG" + part.encode(),
        )
        for part in ("one", "two")
    )
    world.declare()
    world.store.record(visit(start, reading(snapshots=pages)))
    (version,) = world.store.versions(star)
    assert version.final_urls == ("https://starbridge.example/one", "https://starbridge.example/two")
    assert [world.store.raw(sha256) for sha256 in version.snapshots] == [page.content for page in pages]
    world.declare(recipe="r2")
    assert world.store.outdated(start, 10)[0].snapshots == pages


def test_time_in_which_nobody_was_at_work(world: World) -> None:
    world.declare()
    world.first_version()
    due_at = world.store.standings()[0].due_at
    world.store.due(due_at, 10)
    assert world.store.overview(due_at).away_from is None
    world.store.record(visit(due_at, unchanged()))
    missed = due_at + timedelta(hours=6)
    world.declare(now=missed + 13 * hour)
    overview = world.store.overview(missed + 13 * hour)
    assert (overview.away_from, overview.away_until) == (missed, missed + 13 * hour)


def test_due_times_can_be_put_down_anew(world: World) -> None:
    world.declare(declaration("a"), declaration("b"), declaration("c"))
    world.store.pause([TermsId(service="b")], True)
    moved = {TermsId(service=name): start + timedelta(seconds=7) for name in ("a", "b")}
    assert world.store.reschedule(moved, start) == 1, "b is paused"
    due = {one.declaration.terms.service: one.due_at for one in world.store.standings()}
    assert due == {"a": start + timedelta(seconds=7), "b": start, "c": start}


def test_a_claim_written_by_a_clock_that_was_ahead_lapses(world: World) -> None:
    world.declare()
    ahead = start + timedelta(days=365)
    assert len(world.store.due(ahead, 10)) == 1
    world.store.reschedule({}, start)
    assert world.store.due(start + timedelta(minutes=9), 10) == []
    assert len(world.store.due(start + timedelta(minutes=10), 10)) == 1


def test_a_look_asked_for_while_one_is_made_is_made(world: World) -> None:
    world.declare()
    world.store.due(start, 10)
    world.store.expedite(None, start + timedelta(seconds=5))
    world.store.record(visit(start, reading()))
    assert world.store.standings()[0].due_at == start + timedelta(seconds=5)
    assert len(world.store.due(start + timedelta(seconds=5), 10)) == 1
