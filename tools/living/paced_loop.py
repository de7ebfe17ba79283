"""An event loop whose virtual time can be sped up, slowed to that of the wall, or stopped.

Between two moments that are worth a picture a training flies; while somebody answers a question
time stands still, but whatever is asked for is done.
"""

import math
import selectors
import time
from typing import Final

from tracker.virtual_radio import VirtualTimeLoop

FLYING: Final = math.inf
"""The next timer is due at once."""

REAL: Final = 1.0
STOPPED: Final = 0.0

Ready = list[tuple[selectors.SelectorKey, int]]


class PacedLoop(VirtualTimeLoop):
    """A loop of which `pace` says how many virtual seconds pass in a real one.

    `pace` may be set from the loop's own thread; from another one with `call_soon_threadsafe`,
    which also wakes a loop that stands still.
    """

    def __init__(self) -> None:
        self.pace = FLYING
        super().__init__(_PacedSelector)


class _PacedSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Ready:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        pace = self._loop.pace if isinstance(self._loop, PacedLoop) else FLYING
        if timeout is None or pace == STOPPED:
            return super().select(None)
        if pace == FLYING:
            self._loop.jump(timeout)
            return ready
        began_s = time.monotonic()
        ready = super().select(timeout / pace)
        self._loop.jump(min(timeout, (time.monotonic() - began_s) * pace) if ready else timeout)
        return ready
