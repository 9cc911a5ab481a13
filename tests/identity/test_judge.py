"""The state machine of identity: silence on noise, never a miss, no version from a fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from monitor.identity import Judgement, Memory, Patience, State, judge
from monitor.model import (
    Cause,
    Exchange,
    Fault,
    FaultKind,
    Flag,
    Outcome,
    Reading,
    Snapshot,
    Stage,
    TermsId,
    Unchanged,
    Version,
    Visit,
)
from monitor.text.dates import stated_dates
from monitor.text.normal import key

terms = TermsId(service="example")
start = datetime(2026, 1, 1, tzinfo=UTC)
hour = timedelta(hours=1)
stored = TypeAdapter(State)

policy = """# Privacy policy

Last updated: 1 December 2025

We collect your name, your address and your telephone number to deliver what you ordered.

We keep your data for thirty days after the last order and delete it then without a trace.

We do not share your data with anybody but the carrier who brings the parcel to your door.

You may ask us at any time what we know about you, and have it corrected or deleted at once."""
edited = policy.replace("thirty days", "ninety days")
further = edited.replace("nobody but", "").replace("but the carrier", "but the carrier and our advertisers")
other = policy.replace("at any time", "once a year")


@dataclass
class Life:
    """A policy's memory, as a store would keep it."""

    patience: Patience = field(default_factory=Patience)
    state: State = field(default_factory=State)
    versions: list[Version] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    at: datetime = start
    alarms: int = 0

    def read(self, text: str, recipe: str = "one", url: str = "https://example.com/privacy") -> Reading:
        exchange = Exchange(url="https://example.com/privacy", final_url=url)
        snapshot = Snapshot(exchange=exchange, content=text.encode(), media_type="text/html")
        self.texts[snapshot.sha256] = text
        return Reading(
            text=text,
            key=key(text, frozenset(self.state.volatile)),
            recipe=recipe,
            snapshots=(snapshot,),
            dates=stated_dates(text),
        )

    def look(self, text: str, after: timedelta = 6 * hour, **more: str) -> Judgement:
        reading = self.read(text, **more)
        latest = self.versions[-1] if self.versions else None
        if latest and latest.text_sha256 == reading.sha256:
            exchanges = tuple(one.exchange for one in reading.snapshots)
            return self.judge(Unchanged(exchanges=exchanges, not_modified=False), after)
        return self.judge(reading, after)

    def fail(
        self, kind: FaultKind = FaultKind.TIMEOUT, after: timedelta = 6 * hour, status: int = 200
    ) -> Judgement:
        exchange = Exchange(url="https://example.com/", final_url="https://example.com/", status=status)
        stage = Stage.PLAUSIBLE if kind.startswith("suspect") else Stage.FETCH
        return self.judge(Fault(kind=kind, message="no", stage=stage, exchange=exchange), after)

    def judge(
        self, result: Reading | Unchanged | Fault, after: timedelta, reread: int | None = None
    ) -> Judgement:
        self.at += after
        visit = Visit(terms=terms, at=self.at, result=result, reread=reread, recipe="two" if reread else None)
        latest = self.versions[-1] if self.versions else None
        seen = {version.key: version.number for version in self.versions}
        memory = Memory(state=self.state, latest=latest, seen=seen, text=self.texts.__getitem__)
        judged = judge(memory, visit, self.patience)
        assert judged == judge(memory, visit, self.patience)
        assert stored.validate_json(stored.dump_json(judged.state)) == judged.state
        self.state = judged.state
        if judged.version:
            self.versions.append(judged.version)
            self.alarms += judged.version.cause in {Cause.CHANGE, Cause.RETURN}
        return judged


def begun(text: str = policy, patience: Patience | None = None) -> Life:
    life = Life(patience=patience or Patience())
    life.look(text)
    return life


def test_first_reading_is_the_first_record() -> None:
    life = Life()
    judged = life.look(policy)
    assert judged.outcome is Outcome.FIRST_RECORD
    assert judged.keep_text
    assert judged.version is not None
    assert (judged.version.number, judged.version.cause) == (1, Cause.FIRST_RECORD)


def test_change_is_confirmed_by_a_second_look_and_dated_at_the_first() -> None:
    life = begun()
    waits = life.look(edited)
    first_seen = life.at
    assert waits.outcome is Outcome.WAITING
    assert waits.look_again == timedelta(minutes=10)
    assert waits.keep_text
    confirmed = life.look(edited, after=timedelta(minutes=10))
    assert confirmed.version is not None
    assert confirmed.version.cause is Cause.CHANGE
    assert confirmed.version.first_seen == first_seen
    assert confirmed.version.recorded_at == life.at
    assert confirmed.version.flags == (Flag.SILENT_CHANGE,)


def test_a_look_too_soon_does_not_confirm() -> None:
    life = begun()
    life.look(edited)
    assert life.look(edited, after=timedelta(minutes=2)).outcome is Outcome.WAITING


def test_no_confirmation_where_none_is_wanted() -> None:
    assert begun(patience=Patience(confirm_looks=1)).look(edited).outcome is Outcome.CHANGED


def test_next_look_confirms_where_no_time_is_asked_for() -> None:
    life = begun(patience=Patience(confirm_after=timedelta(0)))
    life.look(edited)
    assert life.look(edited, after=timedelta(seconds=1)).outcome is Outcome.CHANGED


def test_a_blip_makes_no_version() -> None:
    life = begun()
    life.look(edited)
    assert life.look(policy).outcome is Outcome.UNCHANGED
    assert len(life.versions) == 1
    assert life.state.candidate is None


def test_edit_upon_edit_confirms_the_first() -> None:
    life = begun()
    life.look(edited)
    assert life.look(further).outcome is Outcome.CHANGED
    assert life.texts[life.versions[-1].text_sha256] == edited
    assert life.look(further, after=hour).outcome is Outcome.CHANGED
    assert life.texts[life.versions[-1].text_sha256] == further


def test_large_deletion_takes_one_look_more_and_does_come() -> None:
    life = begun()
    short = "\n\n".join(policy.split("\n\n")[:3])
    outcomes = [life.look(short, after=hour).outcome for _ in range(3)]
    assert outcomes == [Outcome.WAITING, Outcome.WAITING, Outcome.CHANGED]


def test_a_page_that_never_settles_is_recorded_all_the_same() -> None:
    life = begun()
    spoken = ["forty", "fifty", "sixty", "seventy", "eighty"]
    for index, word in enumerate(spoken):
        life.look(
            f"{policy}\n\nOn request we keep data for {word} more days, as law number {index} demands of us."
        )
    assert life.alarms >= 1


def test_staying_return_is_announced_once_as_what_it_is() -> None:
    life = begun()
    life.look(edited)
    life.look(edited)
    outcomes = [life.look(policy).outcome for _ in range(6)]
    assert outcomes.count(Outcome.RETURNED) == 1
    assert life.versions[-1].cause is Cause.RETURN
    assert life.versions[-1].returns_to == 1


def test_alternating_page_gives_no_alarm_then_one_after_the_real_edit() -> None:
    life = begun()
    for _ in range(8):
        life.look(other)
        life.look(policy)
    assert life.alarms == 0
    assert life.state.flapping is not None
    assert life.state.flapping.number == 1
    for _ in range(12):
        life.look(edited)
    assert life.alarms == 1
    assert life.texts[life.versions[-1].text_sha256] == edited


def test_alternation_ends_when_the_page_has_been_steady() -> None:
    life = begun()
    for _ in range(4):
        life.look(other)
        life.look(policy)
    for _ in range(12):
        life.look(policy)
    assert life.state.flapping is None


def test_counter_differs_at_every_look() -> None:
    life = begun(
        policy
        + "\n\nThis page has been read 12,345 times by people who care about their data.\n\nThe end of it."
    )
    for count in range(6):
        life.look(
            policy
            + f"\n\nThis page has been read 12,4{count}9 times by people who care about their data.\n\nThe end of it.",
            after=timedelta(minutes=10),
        )
    assert life.alarms == 0
    assert life.state.volatile
    life.look(
        edited
        + "\n\nThis page has been read 13,001 times by people who care about their data.\n\nThe end of it."
    )
    life.look(
        edited
        + "\n\nThis page has been read 13,007 times by people who care about their data.\n\nThe end of it."
    )
    assert life.alarms == 1


def test_what_no_reader_sees_is_recorded_in_silence() -> None:
    life = begun()
    quoted = policy.replace("at once", "at\u00a0once")
    outcomes = [life.look(quoted, after=10 * hour).outcome for _ in range(4)]
    assert outcomes[-1] is Outcome.COSMETIC
    assert life.alarms == 0
    assert life.versions[-1].cause is Cause.COSMETIC


def test_edit_while_the_page_is_down_is_found() -> None:
    life = begun()
    for _ in range(4):
        life.fail(FaultKind.SUSPECT_WALL)
    life.look(edited)
    life.look(edited)
    assert life.alarms == 1


def test_faults_are_news_after_three_and_over_once() -> None:
    life = begun()
    for _ in range(2):
        life.fail()
    assert life.state.streak is not None
    assert life.state.streak.news_at is None
    life.fail()
    assert life.state.streak is not None
    assert life.state.streak.news_at == life.at
    life.look(policy)
    assert life.state.streak is None
    assert life.state.ended is not None
    assert life.state.ended.until == life.at


def test_a_short_failure_is_no_news() -> None:
    life = begun()
    life.fail()
    life.look(policy)
    assert life.state.ended is None


def test_gone_for_good_is_marked_removed_at_once() -> None:
    life = begun()
    life.fail(FaultKind.GONE, status=410)
    assert life.state.streak is not None
    assert life.state.streak.removed


def test_suspect_pages_are_quarantined() -> None:
    assert begun().fail(FaultKind.SUSPECT_SOFT_404).outcome is Outcome.QUARANTINED


def test_move_is_noticed_at_the_second_look_and_session_marks_are_not_one() -> None:
    life = begun()
    life.look(policy, url="https://example.com/privacy?session=2")
    assert life.state.moved is None
    life.look(policy, url="https://example.com/legal")
    assert life.state.moved is None
    life.look(policy, url="https://example.com/legal")
    assert life.state.moved is not None
    assert life.state.moved.after == ("example.com/legal",)


# --------------------------------------------------------------------------- new recipes


def test_reread_with_the_same_text_moves_the_mark() -> None:
    life = begun()
    judged = life.judge(life.read(policy, recipe="two"), hour, reread=1)
    assert (judged.outcome, judged.remark, judged.version) == (Outcome.REREAD, 1, None)


def test_reread_with_another_text_is_a_technical_upgrade() -> None:
    life = begun()
    judged = life.judge(
        life.read(policy + "\n\nA footnote that the old recipe lost.", recipe="two"), hour, reread=1
    )
    assert judged.version is not None
    assert judged.version.cause is Cause.TECHNICAL_UPGRADE
    assert judged.version.first_seen == life.versions[0].first_seen
    assert life.alarms == 0


def test_failing_reread_is_given_up_and_never_stops_the_watching() -> None:
    life = begun()
    fault = Fault(kind=FaultKind.SELECTOR, message="no such element", stage=Stage.EXTRACT)
    judged = life.judge(fault, hour, reread=1)
    assert judged.look_again is None
    assert judged.state.rereading is not None
    assert judged.state.rereading.next_at is None
    life.look(edited, recipe="two")
    life.look(edited, recipe="two")
    assert life.alarms == 1


def test_own_mistakes_in_rereading_are_tried_three_times() -> None:
    life = begun()
    fault = Fault(kind=FaultKind.INTERNAL, message="boom", stage=Stage.EXTRACT)
    waits = [life.judge(fault, hour, reread=1).look_again for _ in range(3)]
    assert waits == [timedelta(days=1), timedelta(days=1), None]


def test_the_past_is_read_again_before_a_new_recipe_is_compared() -> None:
    life = begun()
    outcomes = [life.look(edited, recipe="two").outcome for _ in range(5)]
    assert outcomes[:3] == [Outcome.STALE] * 3
    assert outcomes[3:] == [Outcome.WAITING, Outcome.CHANGED]


def test_reread_of_a_version_that_is_no_longer_the_latest_is_dropped() -> None:
    life = begun()
    assert life.judge(life.read(policy, recipe="two"), hour, reread=7).outcome is Outcome.STALE


# --------------------------------------------------------------------------- invariants

_steps = st.lists(st.sampled_from(["policy", "edited", "further", "other", "fault", "wall"]), max_size=25)


@given(_steps)
def test_no_version_from_a_fault_and_numbers_without_gaps(steps: list[str]) -> None:
    life = begun()
    said = {"policy": policy, "edited": edited, "further": further, "other": other}
    for step in steps:
        if step in said:
            life.look(said[step])
        else:
            judged = life.fail(FaultKind.SUSPECT_WALL if step == "wall" else FaultKind.TIMEOUT)
            assert judged.version is None
            assert not judged.keep_text
    assert [version.number for version in life.versions] == list(range(1, len(life.versions) + 1))


@given(_steps)
def test_nothing_waits_for_ever(steps: list[str]) -> None:
    life = begun()
    said = {"policy": policy, "edited": edited, "further": further, "other": other}
    for step in steps:
        life.look(said.get(step, policy))
    for _ in range(40):
        life.look(edited)
    assert life.texts[life.versions[-1].text_sha256] == edited


def _edition(company: str, law: str, words: str = "thirty days") -> str:
    """A policy as a region sees it."""
    return f"{policy.replace('thirty days', words)}\n\n{company} is responsible for your data {law} and in all else."


here = _edition("Example Ireland Limited", "under the GDPR")
there = _edition("Example, Inc.", "under the laws of its state")


def test_another_regions_edition_that_goes_again_is_no_change() -> None:
    life = begun(here)
    for _ in range(3):
        for _ in range(8):
            life.look(there, after=12 * hour)
        life.look(here)
    assert life.alarms == 0
    assert len(life.versions) == 1


def test_another_regions_edition_that_stays_is_told_once() -> None:
    life = begun(here)
    outcomes = [life.look(there, after=12 * hour).outcome for _ in range(20)]
    assert outcomes.count(Outcome.CHANGED) == 1
    assert outcomes.index(Outcome.CHANGED) == 14


def test_an_edit_after_another_edition_is_told_at_once() -> None:
    life = begun(here)
    life.look(there)
    life.look(_edition("Example Ireland Limited", "under the GDPR", words="ninety days"))
    life.look(_edition("Example Ireland Limited", "under the GDPR", words="ninety days"), after=hour)
    assert life.alarms == 1
    assert "ninety days" in life.texts[life.versions[-1].text_sha256]


def _clauses(first: int) -> str:
    """A policy that shares its beginning only with the others."""
    said = [
        f"We keep record number {number * 37} of what you order for as long as law {number} asks."
        for number in range(first, first + 25)
    ]
    return policy + "\n\n" + "\n\n".join(said)


def test_an_earlier_text_with_a_touch_of_its_own_needs_the_patience_of_a_return() -> None:
    life = begun(_clauses(0))
    life.look(_clauses(100))
    life.look(_clauses(100))
    touched = _clauses(0).replace("thirty days", "ninety days")
    assert life.look(touched).outcome is Outcome.WAITING
    assert life.state.candidate is not None
    assert life.state.candidate.familiar
    assert life.state.candidate.returns_to is None
    assert life.look(touched, after=hour).outcome is Outcome.WAITING
    assert life.look(touched, after=hour).outcome is Outcome.WAITING
    assert life.look(touched, after=12 * hour).outcome is Outcome.CHANGED


def test_two_looks_a_month_apart_are_enough_for_a_return() -> None:
    life = begun()
    life.look(edited)
    life.look(edited)
    assert life.look(policy).outcome is Outcome.WAITING
    assert life.look(policy, after=31 * 24 * hour).outcome is Outcome.RETURNED


def test_twelve_texts_are_remembered_and_each_once() -> None:
    life = begun()
    for number in range(14):
        text = policy.replace("thirty days", f"{number + 31} days")
        life.look(text, after=24 * hour)
        life.look(text, after=24 * hour)
    assert len(life.state.past) == 12
    assert len({past.text_sha256 for past in life.state.past}) == 12
    first = policy.replace("thirty days", "34 days").replace("# Privacy policy", "# PRIVACY POLICY")
    life.look(first)
    assert life.state.candidate is not None
    assert life.state.candidate.returns_to == 5
