"""Look at the raw signal for what would spoil every number: units, offsets, rate, range."""

from typing import Final

import numpy as np

from analysis.gyro_offset import GyroOffset
from analysis.hinge import MIN_AXIS_TILT_DEG, Vector, axis_from_vertical_deg
from analysis.results import Flag, Rep
from analysis.samples import ImuSamples

LARGE_BIAS_DEGS: Final = 10.0
GRAVITY_MS2: Final = (9.2, 10.4)  # what a fair sensor reads of 9.81 when still
LOW_RATE_HZ: Final = 45.0


class SignalChecks:
    """Codes of what the user should know of the signal; texts: catalogue/feedback.toml."""

    def __init__(self) -> None:
        self._codes: dict[str, None] = {}

    def add(self, code: str) -> bool:
        """Note a code; True the first time."""
        is_new = code not in self._codes
        self._codes[code] = None
        return is_new

    def at_start(self, samples: ImuSamples, rate_hz: float, offset: GyroOffset) -> list[str]:
        """Check the first seconds."""
        if rate_hz < LOW_RATE_HZ:
            self.add("low_rate")
        if float(np.linalg.norm(offset.rads)) > np.radians(LARGE_BIAS_DEGS):
            self.add("gyro_bias_large")
        # The mean of the sizes, not the size of the mean: a turning leg would make that small.
        gravity_ms2 = float(np.linalg.norm(samples.acc_ms2, axis=1).mean())
        if offset.is_from_rest and not GRAVITY_MS2[0] <= gravity_ms2 <= GRAVITY_MS2[1]:
            self.add("gravity_not_1g")
        return list(self._codes)

    def of_rep(self, rep: Rep, axis: Vector, zero_up: Vector) -> list[str]:
        """Check a repetition: was the sensor in range, and does gravity show its turning at all."""
        found = []
        if Flag.SATURATED in rep.flags and self.add("saturated"):
            found.append("saturated")
        is_steep = axis_from_vertical_deg(axis, zero_up) < MIN_AXIS_TILT_DEG
        if is_steep and self.add("axis_near_vertical"):
            found.append("axis_near_vertical")
        return found

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes noted."""
        return tuple(self._codes)
