"""Work for several workers with a bound on what is on its way, so that memory does not grow."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")


def spread(
    executor: Executor,
    work: Callable[[Work], Result],
    pieces: Iterable[Work],
    *,
    most_on_the_way: int,
) -> Iterator[Result]:
    """Give the results of pieces of work as they come, in any order.

    Parameters
    ----------
    executor : Executor
        Who works.
    work : callable
        What is done with each piece; it and the pieces can be pickled if processes work.
    pieces : iterable
        Taken one by one, each when there is room for it.
    most_on_the_way : int
        How many may wait or be worked on at a time.

    """
    running: set[Future[Result]] = set()
    try:
        for piece in pieces:
            while len(running) >= most_on_the_way:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
            running.add(executor.submit(work, piece))
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    finally:
        for one in running:  # what has not begun need not be done
            one.cancel()
