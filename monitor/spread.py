"""Run a step over values: here, or on any `concurrent.futures` executor (threads, processes, Dask)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, as_completed
from typing import TypeVar

from monitor.ports import Spread

T = TypeVar("T")
R = TypeVar("R")


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

    `stopping` is asked before each submission and each result, so that an end is quick: what is not
    handed on stays claimed in the store and is due again when the claim lapses. `alive` is called for
    each result, so that a long round is not taken for a hung one.
    """

    def spread(
        step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]
    ) -> Iterator[R]:
        futures = {}
        for value in values:
            if stopping():
                return
            futures[executor.submit(step, value)] = value
        for future in as_completed(futures):
            if stopping():
                return
            alive()
            error = future.exception()
            yield future.result() if error is None else lost(futures[future], error)

    return spread
