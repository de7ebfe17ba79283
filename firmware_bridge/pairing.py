"""One sample of two: acceleration and angular rate that arrive in notifications of their own.

Nothing is ever interpolated. What finds no partner is dropped, and comes out as a `DamagedFrame`
without bytes, so that it is counted.
"""

from collections import deque
from typing import Final

from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket, Vector

_NO_RATE: Final = DamagedFrame(reason="an acceleration without its angular rate", dropped=b"")
_NO_FORCE: Final = DamagedFrame(reason="an angular rate without its acceleration", dropped=b"")

# Some 5 s at 104 Hz: by then the other stream has not merely been slow.
_MAX_WAITING: Final = 512


class OrderPairing:
    """Pair samples without stamps in the order in which they arrive.

    Parameters
    ----------
    patience : int
        After so many calls during which one stream was always ahead, its surplus has lost its
        partners: it is dropped, so that the two are in step again.

    Notes
    -----
    A lost notification of the stream that usually comes first looks like the two having changed
    their order. Nothing in the bytes tells these apart, so the streams may then stay one
    notification out of step.

    """

    def __init__(self, *, patience: int = 8) -> None:
        self._acc_ms2: deque[Vector] = deque()
        self._gyr_rads: deque[Vector] = deque()
        self._patience = patience
        self._least_ahead: int | None = None
        self._n_calls = 0

    def add(
        self, *, acc_ms2: list[Vector] | None = None, gyr_rads: list[Vector] | None = None
    ) -> list[Decoded]:
        """Take in the samples of a notification and return those that now have a partner."""
        self._acc_ms2.extend(acc_ms2 or ())
        self._gyr_rads.extend(gyr_rads or ())
        out: list[Decoded] = []
        while self._acc_ms2 and self._gyr_rads:
            acc, gyr = self._acc_ms2.popleft(), self._gyr_rads.popleft()
            out.append(ImuPacket(acc_ms2=acc, gyr_rads=gyr))
        for _ in range(self._surplus()):
            if self._acc_ms2:
                self._acc_ms2.popleft()
                out.append(_NO_RATE)
            else:
                self._gyr_rads.popleft()
                out.append(_NO_FORCE)
        return out

    def _surplus(self) -> int:
        """Return how many samples of the stream that is ahead have no partner any more."""
        n_waiting = len(self._acc_ms2) + len(self._gyr_rads)
        excess = max(n_waiting - _MAX_WAITING, 0)
        is_first = self._n_calls == 0
        self._least_ahead = n_waiting if is_first else min(self._least_ahead or 0, n_waiting)
        self._n_calls = (self._n_calls + 1) % self._patience
        return max(excess, self._least_ahead if self._n_calls == 0 else 0)


class TimePairing:
    """Pair each acceleration with the angular rate of the nearest stamp within half a period.

    Parameters
    ----------
    period_s : float
        Nominal time between samples of a stream.

    """

    # An angular rate so near, in periods, that no later one can be nearer.
    _SURE: Final = 0.4

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._acc: deque[tuple[float, Vector]] = deque()
        self._gyr: deque[tuple[float, Vector]] = deque()
        self._last_used_s: float | None = None

    def add(
        self,
        *,
        acc: list[tuple[float, Vector]] | None = None,
        gyr: list[tuple[float, Vector]] | None = None,
    ) -> list[Decoded]:
        """Take in the samples of a frame, with their times in s, and return what is settled."""
        self._acc.extend(acc or ())
        self._gyr.extend(gyr or ())
        out: list[Decoded] = []
        while self._acc and self._gyr and self._settle(out):
            pass
        while len(self._acc) > _MAX_WAITING:
            self._acc.popleft()
            out.append(_NO_RATE)
        while len(self._gyr) > _MAX_WAITING:
            self._drop_rate(out)
        return out

    def _settle(self, out: list[Decoded]) -> bool:
        """Find the partner of the oldest acceleration; return False if it may be yet to come."""
        time_s, acc_ms2 = self._acc[0]
        while len(self._gyr) > 1 and abs(self._gyr[1][0] - time_s) <= abs(self._gyr[0][0] - time_s):
            self._drop_rate(out)
        lag_s = time_s - self._gyr[0][0]
        is_last = len(self._gyr) == 1
        if is_last and lag_s > self._SURE * self._period_s:
            return False
        self._acc.popleft()
        if abs(lag_s) > self._period_s / 2:
            out.append(_NO_RATE)
            return True
        self._last_used_s, gyr_rads = self._gyr[0]
        out.append(ImuPacket(acc_ms2=acc_ms2, gyr_rads=gyr_rads, device_time_s=time_s))
        return True

    def _drop_rate(self, out: list[Decoded]) -> None:
        time_s, _ = self._gyr.popleft()
        if time_s != self._last_used_s:
            out.append(_NO_FORCE)
