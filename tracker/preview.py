"""A first look at a recording, before anyone says what was done: how far the sensor tilted.

The tilt is the angle between the vertical now and that of the first second, as the sensor sees
both: it needs no exercise, and does not depend on how the sensor was mounted.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples, vertical
from tracker.importing import LoadedRecording

FIRST_S: Final = 1.0
N_COLUMNS: Final = 600
LONGEST_GAP_S: Final = 1.0  # over a longer one the pen is lifted
DIGITS_S: Final = 3
DIGITS_DEG: Final = 1

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Preview:
    """What there is to see of a recording.

    Parameters
    ----------
    format : str
        What kind of file it was.
    duration_s, rate_hz : float
        From the first sample to the last, and the usual rate.
    n_samples : int
        How many there are.
    notes : tuple of str
        What was assumed, mended or left out.
    time_s, tilt_deg : (n,) ndarray
        Seconds from the first sample, and the tilt, from 0 to 180.

    """

    format: str
    duration_s: float
    rate_hz: float
    n_samples: int
    notes: tuple[str, ...]
    time_s: Array
    tilt_deg: Array

    def document(self) -> dict[str, Any]:
        """Return it as JSON values, the curve thinned for a screen."""
        times, angles = thinned(self.time_s, self.tilt_deg)
        return {
            "format": self.format,
            "duration_s": round(self.duration_s, 1),
            "rate_hz": round(self.rate_hz, 1),
            "n_samples": self.n_samples,
            "notes": list(self.notes),
            "t": times,
            "a": angles,
        }


def preview_of(recording: LoadedRecording) -> Preview:
    """Look at a recording.

    Raises
    ------
    analysis.AnalysisError
        If it is too short for anything to be seen.

    """
    samples = recording.samples
    tilt = tilt_deg(samples)
    time_s = samples.time_s - samples.time_s[0]
    period_s = float(np.median(np.diff(time_s)))
    return Preview(
        format=recording.format,
        duration_s=float(time_s[-1]),
        rate_hz=1.0 / period_s,
        n_samples=len(samples),
        notes=recording.notes,
        time_s=time_s,
        tilt_deg=tilt,
    )


def tilt_deg(samples: ImuSamples) -> Array:
    """Return the angle between the vertical and that of the first second, (n,) in degrees.

    Parameters
    ----------
    samples : ImuSamples
        Ten at least.

    """
    up = vertical(samples)
    n_first = int(np.searchsorted(samples.time_s, samples.time_s[0] + FIRST_S))
    first = up[: max(1, n_first)].mean(axis=0)
    cosine = up @ (first / np.linalg.norm(first))
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))), dtype=np.float64)


def thinned(
    time_s: Array, values: Array, n_columns: int = N_COLUMNS
) -> tuple[list[float], list[float | None]]:
    """Thin a curve for a screen: of each column its lowest and highest point, so no peak is lost.

    Parameters
    ----------
    time_s, values : (n,) ndarray
        The curve; times increase.
    n_columns : int
        Columns of the screen.

    Returns
    -------
    tuple of list
        Times and values; None where the pen is lifted.

    """
    step = max(1, -(-len(values) // n_columns))
    times: list[float] = []
    kept: list[float | None] = []
    for start in range(0, len(values), step):
        piece = values[start : start + step]
        ends = sorted({start + int(piece.argmin()), start + int(piece.argmax())})
        is_gap = start > 0 and time_s[start] - time_s[start - 1] > LONGEST_GAP_S
        if is_gap:
            times.append(round(float(time_s[start - 1]), DIGITS_S))
            kept.append(None)
        for k in ends:
            times.append(round(float(time_s[k]), DIGITS_S))
            kept.append(round(float(values[k]), DIGITS_DEG))
    return times, kept
