"""Run a step over values: here, or on any `concurrent.futures` executor (threads, processes, Dask)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from typing import TypeVar

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
