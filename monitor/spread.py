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


def over(executor: Executor, stopping: Callable[[], bool] = lambda: False) -> Spread:
    """A spread over an executor; `stopping` is asked before each submission, so that SIGTERM is quick."""

    def spread(step: Callable[[T], R], values: Iterable[T], lost: Callable[[T, BaseException], R]) -> Iterator[R]:
        futures = {}
        for value in values:
            if stopping():
                break
            futures[executor.submit(step, value)] = value
        for future in as_completed(futures):
            error = future.exception()
            yield future.result() if error is None else lost(futures[future], error)

    return spread
