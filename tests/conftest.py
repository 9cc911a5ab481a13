"""The world of the tests as fixtures: real servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world import Mailbox, Web, mailing, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    with mailing() as found:
        yield found
