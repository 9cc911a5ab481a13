"""How often a robot may speak: counted here, because services punish what comes too often with silence."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque


class Pace:
    """At most `messages` within `seconds` per key. One object serves all threads of a process."""

    def __init__(self, messages: int, seconds: float) -> None:
        self._messages, self._seconds = messages, seconds
        self._sent: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def wait(self, key: str, count: int = 1) -> float:
        """0.0 and the messages are counted as sent; or how many seconds to wait before asking again."""
        with self._lock:
            now, sent = time.monotonic(), self._sent[key]
            while sent and sent[0] <= now - self._seconds:
                sent.popleft()
            if sent and len(sent) + count > self._messages:
                return sent[0] + self._seconds - now
            sent.extend([now] * count)
            return 0.0
