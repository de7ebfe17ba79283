"""Where is up, in the sensor's own axes: the one thing gravity and a gyroscope tell for good.

The filter is VQF (Laidig and Seel 2023, Information Fusion 91, 187-204; package `vqf`) without a
magnetometer. Heading is neither observable nor needed.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from analysis.errors import EmptyRecordingError
from analysis.grid import SteadyGrid, gap_periods, sampling_rate_hz
from analysis.samples import ImuSamples

# The filter takes no offset larger than this for one; cheap parts reach 13 deg/s, and with the
# default of 2 such a sensor drifts through a whole session.
BIAS_CLIP_DEGS: Final = 20.0
BIAS_DOUBT_DEGS: Final = 1.0
SEED_SIGMA_RADS: Final = 0.005  # trust in an offset measured over half a second of rest
MIN_SAMPLES: Final = 10


class UpFilter:
    """Follow the vertical while samples come in; any cutting gives the same rows bit for bit."""

    def __init__(
        self,
        rate_hz: float,
        bias_rads: NDArray[np.float64] | None = None,
        doubt_rads: float = SEED_SIGMA_RADS,
        *,
        trusts_rest: bool = True,
    ) -> None:
        # A doubt too small for a cheap part's offset would make the filter learn it for a minute.
        self._vqf = VQF(
            1.0 / rate_hz,
            biasClip=BIAS_CLIP_DEGS,
            biasSigmaInit=BIAS_DOUBT_DEGS,
            restBiasEstEnabled=trusts_rest,
        )
        if bias_rads is not None:
            self._vqf.setBiasEstimate(np.ascontiguousarray(bias_rads), doubt_rads)

    def update(
        self,
        gyr_rads: NDArray[np.float64],
        acc_ms2: NDArray[np.float64],
        step_ratio: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Take in rows of the grid; return "up" (n, 3), unit, and the gyro offset (n, 3) in rad/s.

        The rate is multiplied by the true step over the nominal one: the filter's period is
        fixed, and so integrates the true angle also when the clock wanders or stamps jitter.
        """
        out = self._vqf.updateBatch(gyr_rads * step_ratio[:, None], acc_ms2)
        return up_from_quaternion(out["quat6D"]), out["bias"]


def up_from_quaternion(quat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the vertical in the sensor frame (n, 3) for sensor-to-earth quaternions (n, 4) wxyz.

    It is the last row of the rotation matrix.
    """
    w, x, y, z = quat.T
    up = np.empty((len(quat), 3))
    np.subtract(x * z, w * y, out=up[:, 0])
    np.add(y * z, w * x, out=up[:, 1])
    np.subtract(0.5, x * x + y * y, out=up[:, 2])
    up += up
    return up


def vertical(samples: ImuSamples) -> NDArray[np.float64]:
    """Estimate "up" in the sensor frame at each sample, from that sample and the ones before.

    Parameters
    ----------
    samples : ImuSamples
        n samples; gaps up to 0.5 s are bridged, longer ones restart the filter.

    Returns
    -------
    (n, 3) ndarray
        Unit vectors in the sensor's axes.

    Raises
    ------
    EmptyRecordingError
        If there are fewer than ten samples.
    SampleRateError
        If they come at under 20 or over 1000 Hz.

    Examples
    --------
    >>> still = ImuSamples([i / 100 for i in range(100)], [[0, 0, 9.81]] * 100, [[0, 0, 0]] * 100)
    >>> vertical(still)[-1].round(3) + 0.0
    array([0., 0., 1.])

    """
    if len(samples) < MIN_SAMPLES:
        raise EmptyRecordingError(f"{len(samples)} samples are too few: at least ten are needed.")
    rate_hz = sampling_rate_hz(samples.time_s)
    grid = SteadyGrid(rate_hz, gap_periods(samples.time_s, rate_hz))
    pieces, _ = grid.update(samples)
    follower = UpFilter(grid.rate_hz)
    rows = []
    for piece in pieces:
        if piece.starts_segment:
            follower = UpFilter(grid.rate_hz)
        up, _ = follower.update(piece.gyr_rads, piece.acc_ms2, piece.step_ratio)
        rows.append(up[piece.marks & 1 == 0])
    return np.concatenate(rows)


def inclination_deg(samples: ImuSamples) -> NDArray[np.float64]:
    """Angle between the sensor's z axis and the vertical, (n,) in degrees; see `vertical`."""
    return np.degrees(np.arccos(np.clip(vertical(samples)[:, 2], -1.0, 1.0)))
