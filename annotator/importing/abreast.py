"""Work side by side and come out in order: what needs no work passes by, in its place."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work(Generic[Result]):
    """What is to be done for one item."""

    do: Callable[[], Result]


def abreast(
    items: Iterable[Result | Work[Result]], *, threads: int, ahead: int
) -> Generator[Result, None, None]:
    """Yield results in the order of `items`, which is read no further than `ahead` of them.

    Whoever stops listening, or an error, leaves what has not begun undone.
    """
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Result | Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(item.do) if isinstance(item, Work) else item)
            if len(waiting) >= ahead:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _result(item: Result | Future[Result]) -> Result:
    return item.result() if isinstance(item, Future) else item
