"""What a whole change is about and why it weighs what it weighs, told from its hunks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.diff.classify import Tagger
from monitor.model import Change, Hunk, Nature, Op, Topic

_most_reasons = 8
_weights = (0.0, 0.3, 1.0, 2.0)  # of a place, by its significance
_contact = 1.5  # of a place on contact: its significance is low, and yet it is what such a change is about
_later = 0.6  # of each further topic of a place, against the one before
# What stands beside nearly every act says less of what a change is about than what is said only where it is meant.
_commonness = {
    Topic.CONSENT: 0.3,
    Topic.SECURITY: 0.3,
    Topic.PURPOSE: 0.3,
    Topic.COOKIES: 0.3,
    Topic.COLLECTION: 0.7,
    Topic.SHARING: 0.7,
}
_tagged = 0.4  # of a topic that the classifier adds
_least_share = 0.25  # of the heaviest topic


def reasons_of(hunks: Sequence[Hunk]) -> tuple[str, ...]:
    """Why the change weighs what it weighs: topic, direction and deciding words of its weightiest places."""
    top = max((hunk.significance for hunk in hunks), default=0)
    said = [_reason(hunk) for hunk in hunks if hunk.significance == top and top > 0]
    return tuple(dict.fromkeys(said))[:_most_reasons]


def _reason(hunk: Hunk) -> str:
    topic = hunk.topics[0].value if hunk.topics else "wording"
    return f"{topic}: {hunk.direction.value}" if hunk.direction else topic


def main_topics(change: Change, tagger: Tagger | None = None) -> tuple[Topic, ...]:
    """What a change is mainly about, most first: topics that few of many places touch are left out, new dates never.

    A place counts by its significance, for its first topic most; what `tagger` adds to it counts least.
    """
    mass: dict[Topic, float] = {}
    for hunk in change.hunks:
        if hunk.nature is Nature.SUBSTANTIVE:
            for topic, weight in _weighed(hunk, tagger):
                mass[topic] = mass.get(topic, 0.0) + weight
    most = max((weight for topic, weight in mass.items() if topic is not Topic.DATES), default=0.0)
    told = [topic for topic, weight in mass.items() if topic is Topic.DATES or weight >= _least_share * most]
    return tuple(sorted(told, key=lambda topic: -mass[topic]))


def _weighed(hunk: Hunk, tagger: Tagger | None) -> Iterator[tuple[Topic, float]]:
    for order, topic in enumerate(hunk.topics):
        weight = _contact if topic is Topic.CONTACT else _weights[hunk.significance]
        yield topic, weight * _later**order * _commonness.get(topic, 1.0)
    if tagger:
        other = Op.DELETE if hunk.after else Op.INSERT
        said = "".join(edit.text for edit in hunk.edits if edit.op is not other)
        for topic in tagger(said, " ".join(hunk.section[-2:]), ""):
            if topic not in hunk.topics:
                yield topic, _weights[hunk.significance] * _tagged
