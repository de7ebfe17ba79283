"""The first moments of a link: how long to hold samples back, and what the rate really is."""

from typing import Final

WARM_N: Final = 30
"""Packets before the latency of a link is known well enough to stamp the first one."""

WARM_ARRIVALS: Final = 6
"""And so many moments at which something arrived: a message of 36 samples is one look at the
latency, not 36."""

WARM_S: Final = 1.0
LEARN_S: Final = 1.5
MAX_LEARN_S: Final = 4.0
"""A slow sensor need not send 30; a rate in doubt is measured for longer, but not for ever."""

SILENCE_S: Final = 0.15
"""A longer silence says nothing about the rate: measuring begins anew behind it."""

PLAUSIBLE: Final = 0.25
"""Bursts make the rate of 30 packets uncertain by so much."""

KNOWN_RATES_HZ: Final = (
    10.0, 12.5, 13.0, 20.0, 25.0, 26.0, 30.0, 50.0, 52.0, 60.0,
    100.0, 104.0, 120.0, 125.0, 200.0, 208.0, 250.0,
)  # fmt: skip
NEAR: Final = 0.04
"""Sensors run at one of the usual rates, give or take a few percent."""


class WarmUp:
    """Count the first packets of a link.

    Parameters
    ----------
    period_s : float
        Sample period that is expected.
    is_counted : bool
        Whether the sensor counts its samples; if not, the rate is checked too, as a sensor that
        ignored its start command would run at another one.

    """

    def __init__(self, period_s: float, *, is_counted: bool) -> None:
        self._period_s = period_s
        self._is_counted = is_counted
        self._first_s: float | None = None
        self._began_s = self._last_s = 0.0
        self._n = self._n_measured = self._n_arrivals = 0

    def add(self, arrival_s: float) -> float | None:
        """Take in a packet; return the sample period in s when the wait is over."""
        if self._first_s is None:
            self._first_s = self._began_s = self._last_s = arrival_s
            self._n_arrivals = 1
        self._n_arrivals += arrival_s > self._last_s
        if arrival_s - self._last_s > SILENCE_S:
            self._began_s, self._n_measured = arrival_s, 0
        else:
            self._n_measured += 1
        self._last_s = arrival_s
        self._n += 1
        held_s = arrival_s - self._first_s
        is_warm = self._n >= WARM_N and self._n_arrivals >= WARM_ARRIVALS
        if not is_warm and held_s < WARM_S:
            return None
        if self._is_counted or held_s >= MAX_LEARN_S:
            return self._period_s
        return self._learn(arrival_s - self._began_s)

    def _learn(self, span_s: float) -> float | None:
        if span_s <= 0:
            return None
        rate_hz = (self._n_measured - 1) / span_s
        if abs(rate_hz * self._period_s - 1) <= PLAUSIBLE:
            return self._period_s
        if span_s < LEARN_S:
            return None
        nearest_hz = min(KNOWN_RATES_HZ, key=lambda known_hz: abs(known_hz - rate_hz))
        return 1 / nearest_hz if abs(rate_hz / nearest_hz - 1) <= NEAR else None
