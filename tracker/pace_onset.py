"""When a movement under way began: looked for backward in the angles of the last seconds.

The engine announces a phase once it is sure, and its live estimate of the start is as late as its
threshold of speed; the final result knows better, but only after the repetition. A beat has to be
right at once, so the start is looked for here as the final result does: from the movement under
way back to where its speed was a small share of what the movement will reach.
"""

from collections import deque
from typing import Final

HISTORY_S: Final = 5.0  # longer than a phase takes before it is announced
SPEED_SPAN_S: Final = 0.08  # shorter would hear tremor, longer would smear the start
EDGE_SHARE: Final = 0.1  # of the mean speed in the prescribed time: some 5 % of its peak
SPEED_FLOOR_DEG_S: Final = 1.5  # sway and tremor of a leg at rest


class PaceOnset:
    """Keep the last angles, and tell when the movement that they end in began."""

    def __init__(self) -> None:
        self._angles: deque[tuple[float, float]] = deque()  # (at_s, angle_deg), oldest first

    def take(self, angle_deg: float, at_s: float) -> None:
        """Take in an angle, at a time of the caller's steady clock."""
        self._angles.append((at_s, angle_deg))
        while at_s - self._angles[0][0] > HISTORY_S:
            self._angles.popleft()

    def start_s(self, mean_speed_deg_s: float) -> float | None:
        """Return when the movement under way began; None where nothing is known of it.

        Parameters
        ----------
        mean_speed_deg_s : float
            Of a whole movement in its prescribed time, above 0.

        """
        edge_deg_s = max(SPEED_FLOOR_DEG_S, EDGE_SHARE * mean_speed_deg_s)
        speeds = self._speeds()
        if not speeds or abs(speeds[-1][1]) <= edge_deg_s:
            return None
        direction = 1.0 if speeds[-1][1] > 0 else -1.0
        slow_s = [at_s for at_s, speed in speeds if speed * direction <= edge_deg_s]
        return slow_s[-1] if slow_s else speeds[0][0]

    def _speeds(self) -> list[tuple[float, float]]:
        """Return (middle of the span, speed in deg/s) between angles a short span apart."""
        speeds: list[tuple[float, float]] = []
        waiting: deque[tuple[float, float]] = deque()
        for at_s, angle_deg in self._angles:
            waiting.append((at_s, angle_deg))
            while len(waiting) > 1 and at_s - waiting[1][0] >= SPEED_SPAN_S:
                waiting.popleft()
            before_s, before_deg = waiting[0]
            if at_s - before_s >= SPEED_SPAN_S:
                speed_deg_s = (angle_deg - before_deg) / (at_s - before_s)
                speeds.append(((at_s + before_s) / 2.0, speed_deg_s))
        return speeds
