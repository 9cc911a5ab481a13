"""Both stores: alerts, deliveries, repeats, dead letters, holds, messages of many."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import AlertKind, Decision, Delivered, FaultKind, Outcome, Receipt, Stage
from monitor.store import outbox
from tests.store.values import World, alert, decided, fault, hour, start

minute = timedelta(minutes=1)


def sent(number: int, at: object = start) -> Delivered:
    return Delivered(id=number, at=at, result=Receipt(answer="250 queued"))  # type: ignore[arg-type]


def failed(number: int, at: object = start, **fields: object) -> Delivered:
    return Delivered(id=number, at=at, result=fault(stage=Stage.DELIVER, **fields))  # type: ignore[arg-type]


def test_an_alert_is_told_once_on_every_channel(world: World) -> None:
    world.declare()
    assert world.store.announce(decided(alert(), channels=("mail", "chat"))) == 1
    assert world.store.announce(decided(alert(), channels=("mail", "chat"))) == 0
    deliveries = world.store.undelivered(start, 10)
    assert sorted(one.channel for one in deliveries) == ["chat", "mail"]
    assert {one.alert for one in deliveries} == {alert()}
    assert all(one.attempt == 1 and not one.repeat and one.head for one in deliveries)
    assert world.store.undelivered(start, 10) == []
    for one in deliveries:
        assert world.store.close_delivery(sent(one.id)) is Outcome.DELIVERED
        assert world.store.close_delivery(sent(one.id)) is Outcome.STALE
    assert world.store.undelivered(start + timedelta(days=9), 10) == []
    assert {(row.state, row.answer, row.attempts) for row in world.store.deliveries()} == {
        ("sent", "250 queued", 1)
    }


def test_an_alert_without_a_channel_is_kept(world: World) -> None:
    world.declare()
    assert world.store.announce(Decision(alerts=(alert(),))) == 1
    assert world.store.alerts() == [alert()]
    assert world.store.deliveries() == []


def test_a_failed_delivery_backs_off_and_is_given_up_after_days(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert()))
    now, pauses = start, []
    while True:
        (delivery,) = world.store.undelivered(now, 10)
        outcome = world.store.close_delivery(failed(delivery.id, now, kind=FaultKind.CONNECT))
        if outcome is Outcome.DEAD:
            break
        assert outcome is Outcome.RETRY
        (row,) = world.store.deliveries("pending")
        assert row.next_at is not None
        assert world.store.undelivered(row.next_at - timedelta(microseconds=1), 10) == []
        assert world.store.next_time() == min(row.next_at, start)
        pauses.append(row.next_at - now)
        now = row.next_at
    assert timedelta(seconds=15) <= pauses[0] <= timedelta(seconds=45)
    assert max(pauses) <= hour
    assert pauses[6] > pauses[1]
    assert timedelta(hours=70) < now - start <= timedelta(hours=72)
    (dead,) = world.store.dead()
    assert (dead.alert_key, dead.channel, dead.next_at) == (alert().key, "mail", None)
    (channel,) = [one for one in world.store.overview(now).channels if one.name == "mail"]
    assert (channel.dead, channel.failing_since, channel.failures) == (1, start, len(pauses) + 1)


def test_a_refusal_is_believed_after_five_tries(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert()))
    outcomes, now = [], start
    while world.store.deliveries("pending"):
        (delivery,) = world.store.undelivered(now, 10)
        outcomes.append(world.store.close_delivery(failed(delivery.id, now, transient=False)))
        now += 2 * hour
    assert outcomes == [Outcome.RETRY] * 4 + [Outcome.DEAD]


def test_dead_letters_can_be_sent_again(world: World) -> None:
    test_a_refusal_is_believed_after_five_tries(world)
    (dead,) = world.store.dead()
    later = start + timedelta(days=30)
    assert world.store.retry([dead.id + 1], later) == 0
    assert world.store.retry([dead.id], later) == 1
    (delivery,) = world.store.undelivered(later, 10)
    assert world.store.close_delivery(failed(delivery.id, later, kind=FaultKind.CONNECT)) is Outcome.RETRY
    (delivery,) = world.store.undelivered(later + hour, 10)
    assert world.store.close_delivery(sent(delivery.id, later + hour)) is Outcome.DELIVERED
    (channel,) = [one for one in world.store.overview(later).channels if one.name == "mail"]
    assert (channel.failing_since, channel.failed_since, channel.recovered_at) == (None, start, later + hour)
    assert world.store.retry(None, later) == 0


def test_the_wait_that_a_channel_asks_for(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert()))
    (delivery,) = world.store.undelivered(start, 10)
    world.store.close_delivery(failed(delivery.id, retry_after=5 * hour))
    (row,) = world.store.deliveries()
    assert row.next_at == start + 5 * hour


def test_what_was_being_sent_goes_out_again_marked_as_a_repeat(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert()))
    world.store.undelivered(start, 10)
    (again,) = world.reopen().undelivered(start, 10)
    assert (again.repeat, again.attempt, again.alert.key) == (True, 2, alert().key)
    assert world.store.undelivered(start + 9 * minute, 10) == []
    (third,) = world.store.undelivered(start + 10 * minute, 10)
    assert third.attempt == 3


def test_a_lost_answer_makes_a_repeat_and_a_refusal_does_not(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert("a"), alert("b")))
    for delivery, kind in zip(
        world.store.undelivered(start, 10), (FaultKind.TIMEOUT, FaultKind.REFUSED), strict=True
    ):
        world.store.close_delivery(failed(delivery.id, kind=kind))
    again = world.store.undelivered(start + hour, 10)
    assert sorted((one.alert.key, one.repeat) for one in again) == [("a", True), ("b", False)]


def test_one_bad_channel_holds_up_no_other(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert(), channels=("mail", "chat")))
    for delivery in world.store.undelivered(start, 10):
        result = failed(delivery.id) if delivery.channel == "mail" else sent(delivery.id)
        world.store.close_delivery(result)
    assert [(row.channel, row.state) for row in world.store.deliveries()] == [
        ("mail", "pending"),
        ("chat", "sent"),
    ]
    assert [one.channel for one in world.store.undelivered(start + hour, 10)] == ["mail"]


def test_not_before_puts_off_and_what_was_put_off_goes_out_together(world: World) -> None:
    world.declare()
    keys = ("a", "b", "c")
    evening = start + 10 * hour
    alerts = tuple(alert(key) for key in keys)
    world.store.announce(
        Decision(
            alerts=alerts,
            routes=dict.fromkeys(keys, ("mail",)),
            not_before={(key, "mail"): evening for key in keys},
        )
    )
    assert world.store.undelivered(evening - minute, 10) == []
    (one,) = world.store.undelivered(evening, 10)
    assert (one.alert, one.also) == (alerts[0], alerts[1:])
    assert world.store.close_delivery(sent(one.id, evening)) is Outcome.DELIVERED
    assert [row.state for row in world.store.deliveries()] == ["sent"] * 3


def test_a_storm_goes_out_as_one_message(world: World) -> None:
    world.declare()
    alerts = tuple(alert(f"change:{number}") for number in range(outbox.storm + 1))
    world.store.announce(decided(*alerts))
    (one,) = world.store.undelivered(start, 10)
    assert (one.alert, *one.also) == alerts
    assert world.store.close_delivery(failed(one.id, kind=FaultKind.CONNECT)) is Outcome.RETRY
    (again,) = world.store.undelivered(start + hour, 10)
    assert (again.alert, *again.also) == alerts
    assert world.store.close_delivery(sent(again.id, start + hour)) is Outcome.DELIVERED
    assert {row.state for row in world.store.deliveries()} == {"sent"}


def test_a_refused_message_of_many_is_taken_apart(world: World) -> None:
    """One poisonous alert must not take the others with it."""
    world.declare()
    alerts = tuple(alert(f"change:{number}") for number in range(8))
    world.store.announce(decided(*alerts))
    (one,) = world.store.undelivered(start, 10)
    assert world.store.close_delivery(failed(one.id, transient=False)) is Outcome.RETRY
    alone = world.store.undelivered(start, 10)
    assert [delivery.alert for delivery in alone] == list(alerts)
    assert all(delivery.also == () for delivery in alone)


def test_a_hold_waits_once_and_can_be_released(world: World) -> None:
    world.declare()
    world.store.announce(decided(alert("a"), alert("b")))
    until = start + timedelta(minutes=30)
    held = Decision(hold={"a": until, "b": until, "unknown": until})
    world.store.announce(held)
    assert world.store.undelivered(start, 10) == []
    assert world.store.release(["a"], start) == 1
    (released,) = world.store.undelivered(start, 10)
    assert released.alert.key == "a"
    world.store.close_delivery(sent(released.id))
    changes = {one.key: one for one in world.store.overview(start).recent_changes}
    assert (changes["a"].released, changes["a"].waiting) == (True, False)
    assert (changes["b"].released, changes["b"].waiting) == (False, True)
    world.store.announce(Decision(hold={"b": start + timedelta(days=3)}))
    assert [one.alert.key for one in world.store.undelivered(until, 10)] == ["b"]
    assert world.store.release(None, until) == 0


def test_overview_tells_what_was_announced(world: World) -> None:
    world.declare()
    baseline = alert("baseline", kind=AlertKind.BASELINE, terms=None)
    world.store.announce(decided(baseline, alert()))
    overview = world.store.overview(start + hour)
    assert (overview.announced, overview.baseline_at, overview.pending) == (frozenset({"baseline"}), start, 2)
    assert [one.key for one in overview.recent_changes] == [alert().key]
    assert [one.name for one in overview.channels] == ["chat", "mail"]
    assert world.store.overview(start + timedelta(days=2)).recent_changes == ()


def test_alerts_come_back_as_they_were(world: World) -> None:
    world.declare()
    rich = alert(details=("x", "‮&<b>\x00"), tags=("a",), facts=(("service", "星桥"),), loud=False)
    world.store.announce(decided(rich))
    assert world.store.alerts() == [rich]
    assert world.store.alerts(limit=1) == [rich]
