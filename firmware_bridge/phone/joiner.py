"""Acceleration and angular rate of a phone, each with times of its own, to samples, as they come.

A sample is an acceleration with the angular rate of the nearest time within half a period. Nothing
is interpolated. The period is the usual one, lately, of whichever sensor is slower, so a sensor
that is faster loses its surplus, without a word: it was recorded for nothing.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket, Vector

Timed = tuple[float, Vector]
"""A time in s and a vector."""

_NO_PARTNER: Final = DamagedFrame(reason="an acceleration without its angular rate", dropped=b"")
_BACKWARDS: Final = DamagedFrame(reason="a sample older than the one before", dropped=b"")

_HALF: Final = 0.501  # of a period, with room for rounding
_FIRST_PERIOD_S: Final = 0.02
_REMEMBERED_STEPS: Final = 15
# Some 5 s at 400 Hz: by then the other sensor has stopped.
_MAX_WAITING: Final = 2048


class _Sensor:
    """The samples of one sensor that are still to be used, and the usual time between them."""

    def __init__(self) -> None:
        self.waiting: deque[Timed] = deque()
        self._last_s: float | None = None
        self._last_used_s: float | None = None
        self._steps_s: deque[float] = deque(maxlen=_REMEMBERED_STEPS)

    def take_in(self, samples: Sequence[Timed]) -> int:
        """Keep what is newer than all before; return how many samples were not."""
        n_late = 0
        for sample in samples:
            if self._last_s is not None and sample[0] <= self._last_s:
                n_late += 1
            else:
                self._last_s = sample[0]
                self.waiting.append(sample)
        return n_late

    def use(self) -> Timed:
        """Take the oldest sample away."""
        sample = self.waiting.popleft()
        if self._last_used_s is not None:
            self._steps_s.append(sample[0] - self._last_used_s)
        self._last_used_s = sample[0]
        return sample

    @property
    def period_s(self) -> float:
        steps = sorted(self._steps_s)
        return steps[len(steps) // 2] if steps else 0.0


class SampleJoiner:
    """Join the streams of two sensors; what comes out does not depend on how they were cut."""

    def __init__(self) -> None:
        self._acc = _Sensor()
        self._gyr = _Sensor()
        self._before: Timed | None = None

    def add(self, *, acc: Sequence[Timed] = (), gyr: Sequence[Timed] = ()) -> list[Decoded]:
        """Take in the next samples, in m/s² and rad/s, and return what is settled."""
        n_late = self._acc.take_in(acc) + self._gyr.take_in(gyr)
        out: list[Decoded] = [_BACKWARDS] * n_late
        while self._acc.waiting and self._settle(out, is_last=False):
            pass
        while len(self._acc.waiting) > _MAX_WAITING:
            self._acc.use()
            out.append(_NO_PARTNER)
        while len(self._gyr.waiting) > _MAX_WAITING:
            self._before = self._gyr.use()
        return out

    def finish(self) -> list[Decoded]:
        """Return what waited for an angular rate that will not come any more."""
        out: list[Decoded] = []
        while self._acc.waiting:
            self._settle(out, is_last=True)
        return out

    def _settle(self, out: list[Decoded], *, is_last: bool) -> bool:
        """Find the partner of the oldest acceleration; False if it may be yet to come."""
        time_s = self._acc.waiting[0][0]
        while self._gyr.waiting and self._gyr.waiting[0][0] < time_s:
            self._before = self._gyr.use()
        if not self._gyr.waiting and not is_last:
            return False
        around = [self._before] if self._before else []
        around += [self._gyr.waiting[0]] if self._gyr.waiting else []
        _, acc_ms2 = self._acc.use()
        period_s = max(self._acc.period_s, self._gyr.period_s) or _FIRST_PERIOD_S
        nearest = min(around, key=lambda partner: abs(partner[0] - time_s), default=None)
        if nearest is None or abs(nearest[0] - time_s) > _HALF * period_s:
            out.append(_NO_PARTNER)
        else:
            sample = ImuPacket(acc_ms2=acc_ms2, gyr_rads=nearest[1], device_time_s=time_s)
            out.append(sample)
        return True
