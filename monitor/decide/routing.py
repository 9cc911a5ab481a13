"""Who gets an alert and when, and why the others do not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.decide.cron import next_fire
from monitor.decide.rules import Quiet, Rule, Rules, matches
from monitor.model import Alert, AlertKind, Decision

about_policies = frozenset(
    {
        AlertKind.CHANGE,
        AlertKind.RETURN,
        AlertKind.EFFECTIVE,
        AlertKind.MOVED,
        AlertKind.FLAPPING,
        AlertKind.DOCUMENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a channel gets an alert or not. `when` is None where it does not, `rule` names what took it."""

    channel: str
    gets: bool
    when: datetime | None
    rule: str
    reasons: tuple[str, ...]


def decision(alerts: Iterable[Alert], rules: Rules) -> Decision:
    """Alerts with their routes and times."""
    found = tuple(alerts)
    planned = {alert.key: plan(alert, rules) for alert in found}
    return Decision(
        alerts=found,
        routes={key: tuple(times) for key, times in planned.items()},
        not_before={
            (alert.key, channel): when
            for alert in found
            for channel, when in planned[alert.key].items()
            if when > alert.at
        },
    )


def plan(alert: Alert, rules: Rules) -> dict[str, datetime]:
    """The channels an alert goes to, each with the earliest moment it may be sent."""
    return {one.channel: one.when for one in explain(alert, rules) if one.when is not None}


def explain(alert: Alert, rules: Rules) -> tuple[Explained, ...]:
    """For each channel, as configured: does it get this alert, by which rule, when, or why not."""
    about = _about_channel(alert)
    taken = {rule: tuple(_refusals(rule, alert)) for rule in rules.rules}
    unclaimed = not any(not refusals for refusals in taken.values())
    rest, rest_reason = _otherwise(alert, rules)
    return tuple(
        _explain_one(
            channel, alert, rules, taken, rest if unclaimed else (), rest_reason if unclaimed else ""
        )
        if channel != about or len(rules.channels) == 1
        else Explained(
            channel=channel, gets=False, when=None, rule="", reasons=("the alert is about this channel",)
        )
        for channel in rules.channels
    )


def _explain_one(
    channel: str,
    alert: Alert,
    rules: Rules,
    refusals: dict[Rule, tuple[str, ...]],
    rest: Collection[str],
    rest_reason: str,
) -> Explained:
    if _about_channel(alert) is not None:
        when = _earliest(alert, rules)
        return Explained(
            channel=channel, gets=True, when=when, rule="", reasons=("a channel fails: all others are told",)
        )
    mine = [rule for rule in rules.rules if names(rule.channels, channel)]
    ready = sorted(
        ((_when(rule, alert, rules), rule) for rule in mine if not refusals[rule]),
        key=lambda one: one[0],
    )
    if ready:
        when, rule = ready[0]
        return Explained(
            channel=channel, gets=True, when=when, rule=rule.name, reasons=tuple(_delays(rule, alert, rules))
        )
    if names(rest, channel):
        return Explained(
            channel=channel, gets=True, when=_earliest(alert, rules), rule="", reasons=(rest_reason,)
        )
    reasons = [f"rule {rule.name!r}: {why}" for rule in mine for why in refusals[rule]]
    return Explained(
        channel=channel, gets=False, when=None, rule="", reasons=tuple(reasons) or ("no rule sends it here",)
    )


def names(patterns: Collection[str], channel: str) -> bool:
    """True if a channel is named: by its own name, or by that of the channel it was split off from."""
    return channel in patterns or channel.partition("#")[0] in patterns


def _about_channel(alert: Alert) -> str | None:
    if alert.kind is not AlertKind.CHANNEL_FAILING:
        return None
    return next((value for name, value in alert.facts if name == "channel"), "")


def _otherwise(alert: Alert, rules: Rules) -> tuple[Collection[str], str]:
    """The channels of an alert that no rule takes, and the reason to be given."""
    if not rules.rules:
        return rules.channels, "there are no rules: everything goes everywhere"
    if rules.otherwise is not None:
        return rules.otherwise, "no rule takes it: 'otherwise'"
    unnamed = [one for one in rules.channels if not any(names(rule.channels, one) for rule in rules.rules)]
    if not unnamed and alert.kind not in about_policies:
        return rules.channels, "no rule takes it, and it is about the monitor itself"
    return unnamed, "no rule takes it, and no rule names this channel"


def _refusals(rule: Rule, alert: Alert) -> Iterator[str]:
    """Why a rule does not take an alert; nothing if it does."""
    if rule.kinds and str(alert.kind) not in rule.kinds:
        yield f"kind {alert.kind} is not one of {', '.join(rule.kinds)}"
    service = alert.terms.service if alert.terms else None
    if rule.services and (service is None or not matches(service, rule.services)):
        yield f"service {service or 'none'} is not one of {', '.join(rule.services)}"
    terms_type = alert.terms.terms_type if alert.terms else None
    if rule.terms_types and (terms_type is None or not matches(terms_type, rule.terms_types)):
        yield f"terms type {terms_type or 'none'} is not one of {', '.join(rule.terms_types)}"
    if rule.tags and not set(rule.tags) & set(alert.tags):
        yield f"none of the tags {', '.join(rule.tags)}"
    yield from _refusals_of_change(rule, alert)


def _refusals_of_change(rule: Rule, alert: Alert) -> Iterator[str]:
    significance = alert.change.significance if alert.change else None
    uncompared = alert.kind is AlertKind.CHANGE and alert.change is None
    if rule.significance and not uncompared and (significance is None or significance < rule.significance):
        yield f"significance {'none' if significance is None else significance} is below {rule.significance}"
    topics = {str(topic) for hunk in (alert.change.hunks if alert.change else ()) for topic in hunk.topics}
    if rule.topics and not uncompared and not topics & set(rule.topics):
        yield f"none of the topics {', '.join(rule.topics)}"
    flags = {str(flag) for flag in (alert.version.flags if alert.version else ())}
    if rule.flags and not flags & set(rule.flags):
        yield f"none of the flags {', '.join(rule.flags)}"
    moved = [movement for delta in alert.deltas for movement in delta.movements]
    if rule.criteria and not uncompared and not any(matches(one.criterion, rule.criteria) for one in moved):
        yield f"none of the criteria {', '.join(rule.criteria)} moved"
    wanted = {"better": True, "worse": False}
    fits = [one for one in moved if rule.movements == "any" or one.better is wanted.get(rule.movements or "")]
    if rule.movements and not uncompared and not fits:
        yield f"no criterion moved ({rule.movements})"


def _earliest(alert: Alert, rules: Rules) -> datetime:
    return alert.at + rules.group_wait if alert.kind in (AlertKind.CHANGE, AlertKind.RETURN) else alert.at


def _when(rule: Rule, alert: Alert, rules: Rules) -> datetime:
    moment = _earliest(alert, rules)
    if (muted := _muted_until(rule)) and muted > moment:
        moment = muted
    if rule.digest:
        moment = next_fire(rule.digest, rule.time_zone, moment)
    return _after(rule.quiet, moment) if rule.quiet else moment


def _muted_until(rule: Rule) -> datetime | None:
    """A time without a zone is meant in the rule's own."""
    if rule.mute_until is None or rule.mute_until.tzinfo is not None:
        return rule.mute_until
    return rule.mute_until.replace(tzinfo=ZoneInfo(rule.time_zone)).astimezone(UTC)


def _delays(rule: Rule, alert: Alert, rules: Rules) -> Iterator[str]:
    if (muted := _muted_until(rule)) and muted > alert.at:
        yield f"muted until {muted.isoformat()}"
    if rule.digest:
        yield f"waits for the digest {rule.digest!r}"
    if rule.quiet and _after(rule.quiet, _earliest(alert, rules)) != _earliest(alert, rules):
        yield f"quiet hours until {rule.quiet.end:%H:%M}"


def _after(quiet: Quiet, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    local = moment.astimezone(ZoneInfo(quiet.time_zone))
    now = local.time().replace(tzinfo=None)
    over_midnight = quiet.start > quiet.end
    inside = now >= quiet.start or now < quiet.end if over_midnight else quiet.start <= now < quiet.end
    if not inside:
        return moment
    day = local.date() + timedelta(days=1) if over_midnight and now >= quiet.start else local.date()
    end = datetime.combine(day, quiet.end, tzinfo=ZoneInfo(quiet.time_zone))
    return end.astimezone(UTC)
