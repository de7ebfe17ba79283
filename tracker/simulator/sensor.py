"""A cheap inertial sensor: what it makes of the true signals."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.simulator.curves import Array, Hum
from tracker.simulator.leg import GRAVITY_MS2
from tracker.simulator.wear import Wear

_NOISE_RATE_HZ = 100.0  # the noise of `Wear` is stated at this rate
_DRIFT_BAND_HZ = (0.0005, 0.01)  # warming up, over minutes
_HALF_SCALE = 32768  # 16 bit


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRange:
    """Full scale of the two sensors; None measures without limit and without steps."""

    acc_g: float | None = 16.0
    gyr_dps: float | None = 2000.0


WIDE: Final = SensorRange()


class SensorModel:
    """Bias, drift, scale error, noise, saturation and quantisation, sample after sample.

    Parameters
    ----------
    wear : Wear
        Size of the errors.
    limits : SensorRange
        Full scale; one step is full scale / 32768.
    rate_hz : float
        A sensor that samples faster averages less: its noise grows with the square root.
    rng : numpy.random.Generator
        Draws the noise.

    """

    def __init__(
        self, wear: Wear, limits: SensorRange, rate_hz: float, rng: np.random.Generator
    ) -> None:
        self._wear = wear
        self._rng = rng
        self._noise_gain = np.sqrt(rate_hz / _NOISE_RATE_HZ)
        self._drift = [
            Hum(rng, wear.gyr_bias_drift_rads, _DRIFT_BAND_HZ, n_sines=3) for _ in range(3)
        ]
        self._acc_limit_ms2 = None if limits.acc_g is None else limits.acc_g * GRAVITY_MS2
        self._gyr_limit_rads = None if limits.gyr_dps is None else float(np.radians(limits.gyr_dps))

    def measure(self, time_s: Array, acc_ms2: Array, gyr_rads: Array) -> tuple[Array, Array]:
        """Return what the sensor reports for true values (n, 3) at n instants."""
        wear, shape = self._wear, acc_ms2.shape
        drift = np.stack([hum.evaluate(time_s)[0] for hum in self._drift], axis=1)
        acc = acc_ms2 * wear.acc_scale + wear.acc_bias_ms2
        acc += self._rng.normal(0.0, 1.0, shape) * wear.acc_noise_rms_ms2 * self._noise_gain
        gyr = gyr_rads * wear.gyr_scale + wear.gyr_bias_rads + drift
        gyr += self._rng.normal(0.0, 1.0, shape) * wear.gyr_noise_rms_rads * self._noise_gain
        return _quantised(acc, self._acc_limit_ms2), _quantised(gyr, self._gyr_limit_rads)


def _quantised(signal: Array, limit: float | None) -> Array:
    """Round to 16 bit and clip at full scale."""
    if limit is None:
        return signal
    step = limit / _HALF_SCALE
    return np.clip(np.round(signal / step), -_HALF_SCALE, _HALF_SCALE - 1) * step
