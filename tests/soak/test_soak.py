"""A short soak: memory, threads and descriptors stay flat, and the database grows with changes, not with looks."""

from __future__ import annotations

import pytest

from bench.soak import soak
from tests.world import Mailbox, Web


@pytest.mark.slow
def test_polls_leave_nothing_behind_but_their_row(
    tmp_path_factory: pytest.TempPathFactory, web: Web, mail: tuple[Mailbox, int]
) -> None:
    found = soak(tmp_path_factory.mktemp("soak"), web, mail[1], polls=1500, services=10)
    first, last = found.samples[0], found.samples[-1]
    assert found.faults > 30
    assert found.versions > 10, "there were changes"
    assert last.threads <= first.threads
    assert last.descriptors <= first.descriptors + 1
    assert found.slope < 0.10, "bench/soak.py measures the long run against 5 %"
    assert 0 < found.bytes_per_unchanged_look <= 300
