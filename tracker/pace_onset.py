"""When a movement under way began: looked for backward in the angles of the last seconds.

The engine announces a phase once it is sure, and its live estimate of the start is as late as its
threshold of speed; the final result knows better, but only after the repetition. A beat has to be
right at once, so the start is looked for here much as the final result does it: from the fastest
moment of the movement back to where its smoothed speed was a small share of that. Shortly before
the first beat a second of the movement has been seen, and its fastest moment is nearly known.
"""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

HISTORY_S: Final = 4.0  # the first beat comes 1 s after the start; an engine may need 1 s more
GRID_S: Final = 0.01
LEAST_S: Final = 0.4  # of angles; less is no movement yet
SMOOTHING_S: Final = 0.3  # tremor of 4 Hz and faster is gone, a start keeps its place
FASTEST_WITHIN_S: Final = 0.8  # before now: an older movement is another one
START_SHARE: Final = 0.12
"""Of the fastest speed so far. The measure says 5 %; smoothing moves the foot of a start ahead by
50 to 70 ms, and this share takes that back (median 0.00 to -0.02 s on simulated legs)."""

SPEED_FLOOR_DEG_S: Final = 0.8  # sway of a leg at rest, smoothed
STILL_S: Final = 0.1  # slow for less is a hesitation within the movement


class PaceOnset:
    """Keep the last angles, and tell when the movement that they end in began."""

    def __init__(self) -> None:
        self._angles: deque[tuple[float, float]] = deque()  # (at_s, angle_deg), oldest first

    def take(self, angle_deg: float, at_s: float) -> None:
        """Take in an angle, at a time of the caller's steady clock."""
        self._angles.append((at_s, angle_deg))
        while at_s - self._angles[0][0] > HISTORY_S:
            self._angles.popleft()

    def start_s(self) -> float | None:
        """Return when the movement under way began; None where nothing is known of it."""
        if not self._angles or self._angles[-1][0] - self._angles[0][0] < LEAST_S:
            return None
        told_s, angles_deg = np.array(self._angles).T
        grid_s = np.arange(told_s[0], told_s[-1], GRID_S)
        speed_deg_s = _smoothed_speed(np.interp(grid_s, told_s, angles_deg))
        if not len(speed_deg_s):
            return None
        start = _start_of(speed_deg_s)
        return None if start is None else float(grid_s[start])


def _smoothed_speed(angle_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the speed in deg/s, (m,), without the end that the smoothing cannot know yet."""
    width = round(SMOOTHING_S / GRID_S)
    weights = np.hanning(width + 2)[1:-1]
    padded = np.pad(angle_deg, width, mode="edge")
    smooth_deg = np.convolve(padded, weights / weights.sum(), "same")[width:-width]
    speed_deg_s = np.gradient(smooth_deg, GRID_S)
    return np.asarray(speed_deg_s[: len(speed_deg_s) - width // 2], dtype=np.float64)


def _start_of(speed_deg_s: NDArray[np.float64]) -> int | None:
    """Return the index of the last slow moment before the movement; None for a leg at rest."""
    lately = max(0, len(speed_deg_s) - round(FASTEST_WITHIN_S / GRID_S))
    fastest = lately + int(np.argmax(np.abs(speed_deg_s[lately:])))
    speed_deg_s = speed_deg_s * np.sign(speed_deg_s[fastest])
    peak_deg_s = float(speed_deg_s[fastest])
    if peak_deg_s <= SPEED_FLOOR_DEG_S:
        return None
    at, slow_since = fastest, None
    while at > 0:
        peak_deg_s = max(peak_deg_s, float(speed_deg_s[at]))
        limit_deg_s = max(SPEED_FLOOR_DEG_S, START_SHARE * peak_deg_s)
        if speed_deg_s[at] > limit_deg_s:
            slow_since = None
        else:
            slow_since = at if slow_since is None else slow_since
            if (slow_since - at) * GRID_S >= STILL_S or speed_deg_s[at] < -limit_deg_s:
                return slow_since
        at -= 1
    return 0 if slow_since is None else slow_since
