"""Smooth a short curve and take its slope: what timing one repetition asks for several times."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

TRUNCATE: Final = 4.0  # standard deviations at which the Gaussian is cut off
STEADY_SHARE: Final = 0.01  # of a period: stamps that wander less are as good as even ones


def gaussian_smoothed(values: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Smooth a curve (n,) by a Gaussian of so many samples; its ends go on as they are.

    The same as `scipy.ndimage.gaussian_filter1d` with mode "nearest", and quicker on the few
    hundred samples of a repetition: the weights are made once for each width.
    """
    weights = _gaussian(sigma)
    return np.asarray(np.convolve(_padded(values, len(weights) // 2), weights, "valid"))


@lru_cache(maxsize=64)
def _gaussian(sigma: float) -> NDArray[np.float64]:
    radius = int(TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 / (sigma * sigma) * np.arange(-radius, radius + 1) ** 2)
    return np.asarray(weights / weights.sum())


def smoothed_slope(
    values: NDArray[np.float64], time_s: NDArray[np.float64], sigma: float, rate_hz: float
) -> NDArray[np.float64]:
    """Return the slope of a curve (n,) at its times (n,), smoothed over `sigma` samples.

    The kernel, (3 - u^2) / 2 times the normal density, has no second moment (Wand and Jones,
    Kernel Smoothing, 1995, section 2.8): unlike a Gaussian it leaves a slope that grows with time
    squared as it is, and so moves no edge of a movement that begins softly. Stamps that jitter
    are put right by the slope of the times themselves.
    """
    kernel = _slope_kernel(sigma)
    change = np.convolve(_padded(values, len(kernel) // 2), kernel, "valid")
    lag_s = time_s - np.arange(len(time_s)) / rate_hz
    lag_s -= lag_s[0]
    if max(-lag_s.min(), lag_s.max()) * rate_hz < STEADY_SHARE:
        return np.asarray(change * rate_hz)
    step_s = np.convolve(_padded(lag_s, len(kernel) // 2), kernel, "valid") + 1.0 / rate_hz
    return np.asarray(change / step_s)


@lru_cache(maxsize=64)
def _slope_kernel(sigma: float) -> NDArray[np.float64]:
    radius = int(TRUNCATE * sigma + 1.0)
    samples = np.arange(-radius, radius + 1)
    u = samples / sigma
    slope = (0.5 * u**3 - 2.5 * u) * np.exp(-0.5 * u * u)
    return np.asarray(slope / -(slope @ samples))


def _padded(values: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    """Let the ends of a curve go on as they are."""
    padded = np.empty(len(values) + 2 * radius)
    padded[:radius] = values[0]
    padded[radius : radius + len(values)] = values
    padded[radius + len(values) :] = values[-1]
    return padded
