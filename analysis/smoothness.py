"""Smoothness of a movement: spectral arc length (SPARC), and log dimensionless jerk (LDLJ)."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import SampleRateError, SampleShapeError

MIN_RATE_HZ: Final = 50.0  # below it the spectrum up to 10 Hz is shaped by the sensor's own filter
RATE_TOLERANCE: Final = 0.02  # a sensor sold as 50 Hz may run, or be measured, a little slower
CUTOFF_HZ: Final = 10.0
AMPLITUDE_THRESHOLD: Final = 0.05
PAD_LEVEL: Final = 4
MIN_SAMPLES: Final = 8


def sparc(speed: ArrayLike, rate_hz: float) -> float:
    """Measure how smooth a movement was from the shape of its speed's spectrum.

    The amplitude spectrum of the speed is scaled to 1 at 0 Hz, cut at the last frequency up to
    10 Hz where it still reaches 0.05, and the length of its curve is taken over a frequency axis
    scaled to 1. A single smooth stroke has a short curve; tremor, stops and corrections add
    bumps and lengthen it.

    Parameters
    ----------
    speed : (n,) array_like
        Speed of the movement from its start to its end, evenly sampled. Any unit: the result
        does not depend on scale or sign.
    rate_hz : float
        Samples per second, at least 50 (2 % less is accepted).

    Returns
    -------
    float
        Minus the arc length: about -1.4 for one bell-shaped stroke; more negative is less smooth.

    Raises
    ------
    SampleShapeError
        If there are fewer than 8 samples, or not one row of them, or no movement.
    SampleRateError
        If the rate is under 50 Hz.

    Notes
    -----
    Parameters as published: padding to 2^4 times the next power of two of n, 10 Hz at most,
    amplitude threshold 0.05. One departure: the spectrum is scaled by its largest value, which
    for a speed of one sign is the value at 0 Hz.

    References
    ----------
    Balasubramanian, Melendez-Calderon, Roby-Brami, Burdet (2015), Journal of NeuroEngineering
    and Rehabilitation 12:112.

    Examples
    --------
    The speed of a minimum-jerk movement of 3 s:

    >>> part = np.linspace(0.0, 1.0, 301)
    >>> round(sparc(part**2 * (1 - part) ** 2, 100.0), 2)
    -1.4

    """
    values = _checked_speed(speed, rate_hz)
    amplitude = _amplitude(values, rate_hz)
    first, last = np.flatnonzero(amplitude >= AMPLITUDE_THRESHOLD)[[0, -1]]
    # The steps along the frequency axis are equal: it is scaled to 1 from the first to the last.
    rises = np.diff(amplitude[first : last + 1])
    return -float(np.sqrt(rises * rises + 1.0 / (last - first) ** 2).sum())


def ldlj(speed: ArrayLike, rate_hz: float) -> float:
    """Measure how smooth a movement was from its jerk.

    Second to `sparc`, and not reported for repetitions: it is known to depend on the duration and
    on noise, as the jerk is a second derivative of what the sensor measures.

    Parameters
    ----------
    speed : (n,) array_like
        Speed of the movement from its start to its end, evenly sampled. Any unit.
    rate_hz : float
        Samples per second, at least 50 (2 % less is accepted).

    Returns
    -------
    float
        Minus the natural logarithm of the integral of the squared jerk, times the duration to the
        third power, over the squared peak speed. A minimum-jerk movement gives -ln(204.8), -5.32,
        and nothing is smoother; more negative is less smooth.

    Raises
    ------
    SampleShapeError
        If there are fewer than 8 samples, or not one row of them, or the speed never changes.
    SampleRateError
        If the rate is under 50 Hz.

    References
    ----------
    Balasubramanian, Melendez-Calderon, Burdet (2012), IEEE Transactions on Biomedical
    Engineering 59(8), 2126-2136.

    """
    values = _checked_speed(speed, rate_hz)
    jerk = np.diff(values, 2) * rate_hz**2
    # n rows span n - 1 periods; the n - 2 second differences stand for their own mean over it.
    duration_s = (values.size - 1) / rate_hz
    dimensionless = float(np.mean(jerk**2)) * duration_s**4 / float(np.abs(values).max()) ** 2
    if dimensionless == 0.0:
        raise SampleShapeError("Smoothness by jerk needs a speed that changes.")
    return -float(np.log(dimensionless))


def sparc_or_reason(speed: ArrayLike, rate_hz: float) -> tuple[float | None, str | None]:
    """Return the smoothness, or None and the reason why there is none.

    Parameters
    ----------
    speed, rate_hz
        As in `sparc`.

    Returns
    -------
    (float, None) or (None, str)

    """
    try:
        return sparc(speed, rate_hz), None
    except (SampleRateError, SampleShapeError) as error:
        return None, str(error)


def _checked_speed(speed: ArrayLike, rate_hz: float) -> NDArray[np.float64]:
    """Return the speeds (n,) if smoothness can be told of them."""
    values = np.asarray(speed, dtype=np.float64)
    if values.ndim != 1 or values.size < MIN_SAMPLES:
        raise SampleShapeError(
            f"Smoothness needs one row of {MIN_SAMPLES} or more speeds; it got {values.shape}."
        )
    if rate_hz < MIN_RATE_HZ * (1.0 - RATE_TOLERANCE):
        raise SampleRateError(
            f"Smoothness needs {MIN_RATE_HZ:g} samples a second or more; there are {rate_hz:g}."
        )
    if not np.any(values):
        raise SampleShapeError("Smoothness needs a movement; every speed is zero.")
    return values


def _amplitude(speed: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Return the amplitude at frequencies in equal steps from 0 to 10 Hz, 1 at most."""
    n_fft = 2 ** (int(np.ceil(np.log2(speed.size))) + PAD_LEVEL)
    amplitude = np.asarray(np.abs(np.fft.rfft(speed, n_fft)), dtype=np.float64)
    n_below = int(CUTOFF_HZ * n_fft / rate_hz) + 1  # one in ten of them
    return np.asarray(amplitude[:n_below] / amplitude.max())
