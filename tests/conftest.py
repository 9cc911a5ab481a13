"""The world of the tests as fixtures: real servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.world import Mailbox, Web, mailing, serving

# No test is timed: the machines are noisy, and a deadline fails when another test is at work beside it.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    with mailing() as found:
        yield found
