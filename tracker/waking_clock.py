"""An event loop whose clock goes on while the computer sleeps.

Python's steady clock stands still on a sleeping Linux or Apple computer: an hour away would look
like no time at all, and the gap in the signal like none. Windows counts the hour by itself. The
wall clock is no way out, as anybody may set it. Nothing else of the loop is changed.
"""

import asyncio
import sys
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

if sys.platform == "linux":

    def now_s() -> float:
        """Return the seconds since the computer was switched on, sleep included."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def now_s() -> float:
        """Return seconds of a steady clock, sleep included."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

else:

    def now_s() -> float:
        """Return seconds of a steady clock, sleep included."""
        return time.monotonic()


if sys.platform == "win32":

    class WakingLoop(asyncio.ProactorEventLoop):
        """The loop of this platform; its clock is right already."""

else:

    class WakingLoop(asyncio.SelectorEventLoop):
        """The loop of this platform, by the clock that goes on."""

        def time(self) -> float:
            """Return the loop's time in seconds."""
            return now_s()


def run_awake(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine, as `asyncio.run` does, on a loop that notices sleep."""
    with asyncio.Runner(loop_factory=WakingLoop) as runner:
        return runner.run(main)
