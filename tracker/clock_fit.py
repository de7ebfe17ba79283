"""From arrival times to sample times: a line under the arrivals.

A radio delays, by up to tens of milliseconds and in a stall by hundreds, but it never hurries.
So of all (sample, arrival) points only the lowest tell the sensor's clock: its rate is the slope
of the lower convex hull, its offset the least latency lately. A late packet cannot pull either.

The abscissa is the sensor's own count of seconds: sample number times the nominal period, or
device time. Its slope against the host's clock is 1 within a few percent.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

MAX_SLEW: Final = 0.05
"""Half a millisecond in a sample of 10 ms: it does not show in a movement."""

PHONE_SLEW: Final = 0.005
"""Wi-Fi is late by tenths of a second, for seconds; a phone's clock is right all the while."""

MIN_STEP_S: Final = 1e-4
"""Least distance of the first sample of a link from the last one of the link before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFitParams:
    """How fast a clock fit forgets, and what it believes beforehand.

    Parameters
    ----------
    bin_s : float
        The lowest point of each stretch of this length is kept.
    rate_window_s, offset_window_s : float
        The rate is fitted over the longer window, the latency over the shorter, so that it
        follows a rate that wanders with temperature.
    max_rate_error : float
        Bound on the deviation from the nominal rate: beyond it, samples are missing.
    rate_prior : float
        Deviation that is usual before anything is known; cheap oscillators are off by 1 %.
    latency_noise_s : float
        How far the least latency of a stretch scatters, as a standard deviation.

    """

    bin_s: float = 0.5
    rate_window_s: float = 60.0
    offset_window_s: float = 10.0
    max_rate_error: float = 0.03
    rate_prior: float = 0.005
    latency_noise_s: float = 0.004


PHONE_FIT: Final = ClockFitParams(max_rate_error=2e-4, rate_prior=5e-5, latency_noise_s=0.05)
"""For the clock of a phone, which is good, over Wi-Fi, which is not."""


class ClockFit:
    """Fit the line under the arrivals while they come in.

    Zhang, Liu, Xia (2002), "Clock synchronization algorithms for network measurements", fit the
    hull of a whole recording. Departures: only the lowest point of each half second is kept, so
    memory and work are bounded; the rate is drawn towards the nominal one while the stretch is
    short; the offset comes from the last ten seconds.

    Parameters
    ----------
    params : ClockFitParams, optional
        Windows and bounds.
    slope : float
        Slope to begin with, as known from an earlier connection.

    """

    def __init__(self, params: ClockFitParams | None = None, *, slope: float = 1.0) -> None:
        self._params = params or ClockFitParams()
        self._origin_s: tuple[float, float] | None = None
        self._lowest: deque[tuple[float, float]] = deque()
        self._bin = -1
        self._prior_slope = slope
        self.slope = slope
        self._offset_s = 0.0

    def add(self, device_s: float, arrival_s: float) -> None:
        """Take in a sample, in the order of their device times.

        Parameters
        ----------
        device_s : float
            The sensor's own time of the sample in s.
        arrival_s : float
            When it arrived, in s of the host's clock.

        """
        if self._origin_s is None:
            self._origin_s = device_s, arrival_s
        x, y = device_s - self._origin_s[0], arrival_s - self._origin_s[1]
        number = int(x / self._params.bin_s)
        if number != self._bin:
            if self._bin >= 0:
                self._refit(x)
            self._bin = number
            self._lowest.append((x, y))
        elif self._height(x, y) < self._height(*self._lowest[-1]):
            self._lowest[-1] = (x, y)
        # Nothing arrives before it was measured: a lower point moves the line at once.
        self._offset_s = min(self._offset_s, self._height(x, y))

    def time_s(self, device_s: float) -> float:
        """Return the host's time of a sample, in s: latency is the least seen, not zero."""
        if self._origin_s is None:
            raise ValueError("the fit has no point yet")
        x = device_s - self._origin_s[0]
        return self._origin_s[1] + self.slope * x + self._offset_s

    def _height(self, x: float, y: float) -> float:
        return y - self.slope * x

    def _refit(self, now_x: float) -> None:
        params = self._params
        while self._lowest[0][0] < now_x - params.rate_window_s:
            self._lowest.popleft()
        span_s = self._lowest[-1][0] - self._lowest[0][0]
        if span_s > 0:
            slope = middle_edge_slope(lower_hull(self._lowest))
            noise = params.latency_noise_s / span_s
            trust = params.rate_prior**2 / (params.rate_prior**2 + noise**2)
            slope = self._prior_slope + trust * (slope - self._prior_slope)
            bound = params.max_rate_error
            self.slope = min(max(slope, 1 - bound), 1 + bound)
        recent = [p for p in self._lowest if p[0] >= now_x - params.offset_window_s]
        self._offset_s = min(self._height(x, y) for x, y in recent or [self._lowest[-1]])


class SlewedClock:
    """Stamp samples by a clock fit, without steps back and without sudden steps forward.

    Where the fit changes its mind, time is slewed: it runs up to 5 % faster or slower until it
    is right again. So durations of seconds keep their length.

    Parameters
    ----------
    fit : ClockFit
        Where time should be.
    after_s : float
        Time of the last sample before this clock's first.
    max_slew : float
        How much faster or slower time may run.

    """

    def __init__(
        self, fit: ClockFit, after_s: float = float("-inf"), *, max_slew: float = MAX_SLEW
    ) -> None:
        self.fit = fit
        self._max_slew = max_slew
        self._device_s: float | None = None
        self._time_s = after_s

    @property
    def last_s(self) -> float:
        """Time of the last sample that was stamped."""
        return self._time_s

    def stamp(
        self, device_s: float, *, is_jump: bool = False, least_step_s: float = MIN_STEP_S
    ) -> float:
        """Return the time of the next sample, later than that of any before.

        Parameters
        ----------
        device_s : float
            The sensor's time of the sample. Earlier than the last one where a gap proved to be
            none: then time is slewed back.
        is_jump : bool
            Whether the sample comes after a gap, so that time may jump to where it should be.
        least_step_s : float
            How far two samples are apart at least, before slewing.

        """
        wanted_s = self.fit.time_s(device_s)
        if self._device_s is None:
            self._time_s = max(wanted_s, self._time_s + MIN_STEP_S)
        else:
            step_s = max(device_s - self._device_s, least_step_s)
            next_s = self._time_s + self.fit.slope * step_s
            room_s = self._max_slew * step_s
            most_s = wanted_s if is_jump else next_s + room_s
            self._time_s = min(max(wanted_s, next_s - room_s), max(most_s, next_s + room_s))
        self._device_s = device_s
        return self._time_s


def lower_hull(points: deque[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the lower convex hull of points in order of x (Andrew's monotone chain)."""
    hull: list[tuple[float, float]] = []
    for x, y in points:
        while len(hull) > 1:
            (x1, y1), (x2, y2) = hull[-2:]
            if (x2 - x1) * (y - y1) > (y2 - y1) * (x - x1):
                break
            hull.pop()
        hull.append((x, y))
    return hull


def middle_edge_slope(hull: list[tuple[float, float]]) -> float:
    """Return the slope of the hull's edge over the middle of its span.

    Of all lines under the points this edge has the least mean distance from them.
    """
    middle = (hull[0][0] + hull[-1][0]) / 2
    for (x1, y1), (x2, y2) in pairwise(hull):
        if x2 >= middle:
            return (y2 - y1) / (x2 - x1)
    raise ValueError("the hull has a single point")
