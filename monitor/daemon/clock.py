"""The clock on the wall against the one that only runs: was the time set, did we sleep, did we stand still?"""

from __future__ import annotations

import time
from dataclasses import dataclass

tolerance = 5.0
patience = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Irregularity:
    """What was seen, in words, and whether the clock on the wall went back. Seconds are positive."""

    message: str
    seconds: float
    set_back: bool = False


class Clock:
    """Ask it once a second; `interval` is how long (seconds) the asker sleeps between."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._offset = time.time() - time.monotonic()
        self._asked = time.monotonic()

    def irregularity(self) -> Irregularity | None:
        """What has happened to time since the last call, if anything.

        A suspended machine is seen as a jump of the wall clock: the other one stands still meanwhile.
        """
        jump = time.time() - time.monotonic() - self._offset
        late = time.monotonic() - self._asked - self._interval
        self._offset += jump
        self._asked += late + self._interval
        if abs(jump) > tolerance:
            words = f"the clock was moved by {jump:+.0f} s, or the machine slept"
            return Irregularity(message=words, seconds=abs(jump), set_back=jump < 0)
        if late > patience:
            return Irregularity(message=f"the process stood still for {late:.0f} s", seconds=late)
        return None
