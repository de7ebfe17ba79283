"""An event loop whose clock jumps to the next timer, so that an hour of radio takes a minute.

For programs that live in one process and take their time from `loop.time()`: no sockets, and
what `asyncio.to_thread` is given is done on the spot. A wait that never ends would turn the loop
for ever (sensors advertise for ever), so wrap what is run in `asyncio.timeout`.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, Final, TypeVar, TypeVarTuple

START_S: Final = 1000.0
"""Any start other than zero, so that code that mixes clocks is found out."""

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A selector loop whose time is virtual.

    Parameters
    ----------
    make_selector : callable, optional
        Makes what waits for the next timer, and lets time `jump` meanwhile; by default at once.

    Examples
    --------
    >>> with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
    ...     runner.run(asyncio.sleep(3600, "an hour later"))
    'an hour later'

    """

    def __init__(
        self, make_selector: "Callable[[VirtualTimeLoop], selectors.BaseSelector] | None" = None
    ) -> None:
        self._now_s = START_S
        super().__init__((make_selector or _JumpingSelector)(self))

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._now_s

    def jump(self, by_s: float) -> None:
        """Let time pass at once."""
        self._now_s += by_s

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*Arguments], Result],
        *args: *Arguments,
    ) -> asyncio.Future[Result]:
        """Do at once what would go to a thread: it takes no time, and runs can be repeated."""
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        done: asyncio.Future[Result] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - as a thread would hand it on
            done.set_exception(error)
        return done


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._virtual = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout:
            self._virtual.jump(timeout)
        return ready


def run_virtually(main: Coroutine[Any, Any, Result], *, limit_s: float = 3600.0) -> Result:
    """Run a coroutine in virtual time and return its result.

    Parameters
    ----------
    main : coroutine
        What to run.
    limit_s : float
        Virtual seconds after which it has failed.

    Raises
    ------
    TimeoutError
        If it takes longer than `limit_s` of virtual time.

    """

    async def limited() -> Result:
        async with asyncio.timeout(limit_s):
            return await main

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(limited())
