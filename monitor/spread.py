"""Run a step over values: here, or on any `concurrent.futures` executor (threads, processes, Dask)."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any, TypeVar

from monitor.ports import Spread

T = TypeVar("T")
R = TypeVar("R")

glance = 1.0  # seconds between two questions whether to stop
patience = 900.0  # seconds without any result after which a step is taken for hung


def here(step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]) -> Iterator[R]:
    """One after the other, in this thread."""
    for value in values:
        try:
            result = step(value)
        except Exception as error:
            result = lost(value, error)
        yield result


def over(
    executor: Executor,
    stopping: Callable[[], bool] = lambda: False,
    alive: Callable[[], None] = lambda: None,
) -> Spread:
    """A spread over an executor.

    `stopping` is asked before each submission and every second, so that an end is quick: what is not
    handed on stays claimed in the store and is due again when the claim lapses. `alive` is called as
    long as results come, so that a long round is not taken for a hung one; every step has limits of
    its own that are far below `patience`.
    """

    def spread(
        step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]
    ) -> Iterator[R]:
        futures = {}
        for value in values:
            if stopping():
                return
            futures[executor.submit(step, value)] = value
        heard = time.monotonic()
        while futures:
            ended, _ = wait(futures, timeout=glance, return_when=FIRST_COMPLETED)
            heard = time.monotonic() if ended else heard
            if time.monotonic() - heard < patience:
                alive()
            for future in ended:
                if stopping():
                    return
                value = futures.pop(future)
                error = future.exception()
                yield future.result() if error is None else lost(value, error)
            if stopping():
                return

    return spread


@dataclass(frozen=True, slots=True)
class _Started:
    item: Any
    lost: Callable[[Any, BaseException], Any]
    at: float


class Flow:
    """A spread that waits for nobody: it gives what has ended by now, and the rest when it is called again.

    For steps of which one may take as long as a hundred others. A value is a group of items that must
    not be worked on side by side, as the pages of one host; each of them is handed to the step alone, as
    a group of one. `lane` says of an item to which group it belongs, `same` what it is: one that is at
    work, or waits for its turn, is not taken a second time. Where a step is not heard of for `patience`
    its item is lost; where all `most` are, the flow raises RuntimeError: nothing moves any more.
    """

    def __init__(
        self,
        executor: Executor,
        most: int,
        lane: Callable[[Any], Hashable],
        same: Callable[[Any], Hashable],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.executor, self.most = executor, most
        self._lane, self._same, self._stopping = lane, same, stopping
        self._waiting: deque[Any] = deque()
        self._started: dict[Future[Any], _Started] = {}
        self._hung = 0

    def held(self) -> set[Hashable]:
        """What is at work or waits for its turn."""
        return {self._same(item) for item in (*self._waiting, *(one.item for one in self._started.values()))}

    def __call__(
        self, step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]
    ) -> Iterator[R]:
        self._take(values)
        end = time.monotonic() + glance / 2
        while not self._stopping():
            self._start(step, lost)
            ended, _ = wait(
                self._started, timeout=max(0.0, end - time.monotonic()), return_when=FIRST_COMPLETED
            )
            for future in ended:
                if self._stopping():
                    return
                yield self._result(future)
            yield from self._given_up()
            if not self._started or time.monotonic() >= end:
                return

    def _take(self, values: Iterable[Any]) -> None:
        known = self.held()
        self._waiting.extend(item for group in values for item in group if self._same(item) not in known)

    def _start(self, step: Callable[[Any], Any], lost: Callable[[Any, BaseException], Any]) -> None:
        """Hand on, in order, what is in nobody's way."""
        busy = {self._lane(one.item) for one in self._started.values()}
        for _ in range(len(self._waiting)):
            item = self._waiting.popleft()
            if self._lane(item) in busy or len(self._started) >= self.most - self._hung:
                self._waiting.append(item)  # all are looked at once, so the order stays
                continue
            busy.add(self._lane(item))
            self._started[self.executor.submit(step, (item,))] = _Started(item, lost, time.monotonic())

    def _result(self, future: Future[Any]) -> Any:
        started = self._started.pop(future)
        error = future.exception()
        return future.result() if error is None else started.lost((started.item,), error)

    def _given_up(self) -> Iterator[Any]:
        limit = time.monotonic() - patience
        for future, started in [one for one in self._started.items() if one[1].at < limit]:
            del self._started[future]
            self._hung += not future.cancel()
            yield started.lost((started.item,), TimeoutError(f"not heard of for {patience:.0f} s"))
        if self._hung >= self.most:
            raise RuntimeError(f"all {self.most} workers hang")
