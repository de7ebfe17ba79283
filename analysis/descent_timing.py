"""Time an exercise whose way out is the eccentric one: the descent of a squat.

Seen backwards in time, its descent is the way back of any other exercise. So there is one rule for
when a phase begins and ends (`rep_timing.py`), and no second one to keep in step with it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.rep_timing import RepTiming, Span, time_rep


def time_descent(
    time_s: NDArray[np.float64], angle_deg: NDArray[np.float64], rate_hz: float
) -> RepTiming:
    """Find the phases of a repetition; what is told of one way is told of the way out.

    Parameters
    ----------
    time_s, angle_deg : (n,) ndarray
        As in `time_rep`.
    rate_hz : float
        Of the grid, in Hz.

    Returns
    -------
    RepTiming
        `moving_s`, `pause_s` and `back_speed_degs` are those of `outward`.

    """
    mirrored = time_rep(-time_s[::-1], angle_deg[::-1], rate_hz)
    return replace(
        mirrored,
        outward=_mirrored(mirrored.back),
        back=_mirrored(mirrored.outward),
        peak_s=-mirrored.peak_s,
        start_deg=mirrored.end_deg,
        end_deg=mirrored.start_deg,
    )


def _mirrored(span: Span) -> Span:
    return Span(-span.end_s, -span.start_s)
