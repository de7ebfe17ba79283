"""What really happened in a simulated recording.

All of it is computed on the exact movement coordinate: the rotation of the shank about its hinge
since the calibration pose, without tremor, without the ringing of tissue and band. The landing
of the leg belongs to the coordinate, its rebound does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from tracker.simulator.curves import Array

EDGE_SHARE: Final = 0.05  # a phase is where speed exceeds this share of the phase's peak speed
HELD_SHARE: Final = 0.85  # a hold is where the coordinate is at least this share of the peak
_GRID_HZ: Final = 2000.0
_Span = tuple[float, float]


class RepKind(StrEnum):
    """What was meant with a repetition; one may carry several."""

    SHALLOW = "shallow"
    INCOMPLETE = "incomplete"
    STEPWISE = "stepwise"
    FAST_DROP = "fast_drop"
    DROP_CATCH = "drop_catch"
    DOUBLE_LIFT = "double_lift"
    DANGLING = "dangling"
    CUT_BY_START = "cut_by_start"  # it was already going on at the first sample


@dataclass(frozen=True, slots=True, kw_only=True)
class RepTruth:
    """One repetition; times on the recording's clock, angles from the calibration pose.

    `lift` is the way out (passive in the two eccentric exercises), `eccentric` the way back, each
    by the 5 % rule. `end_deg` is where the way back ended.
    """

    set_index: int
    start_s: float
    peak_s: float
    end_s: float
    peak_deg: float
    rom_deg: float
    end_deg: float
    lift: _Span
    eccentric: _Span
    eccentric_s: float
    eccentric_moving_s: float
    pause_s: float
    hold_s: float
    hold_scored_s: float
    kinds: frozenset[RepKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """Something that is not a repetition, and when."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """All of a recording. `up`: (n, 3), the true vertical in the sensor's axes.

    `rest_deg` is the coordinate's value, on the movement's own scale, at the calibration pose.
    """

    reps: tuple[RepTruth, ...]
    disturbances: tuple[Disturbance, ...]
    up: Array
    rest_deg: float

    @property
    def sets(self) -> tuple[tuple[RepTruth, ...], ...]:
        """The repetitions, one tuple a set."""
        indices = sorted({rep.set_index for rep in self.reps})
        return tuple(tuple(r for r in self.reps if r.set_index == i) for i in indices)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRep:
    """When a repetition was meant to happen: the limits within which its phases are looked for."""

    set_index: int
    lift_start_s: float
    lift_end_s: float
    release_s: float
    landing_s: float
    kinds: frozenset[RepKind]


def rep_truth(planned: PlannedRep, coordinate: Callable[[Array], Array]) -> RepTruth:
    """Measure a planned repetition on the exact coordinate.

    Parameters
    ----------
    planned : PlannedRep
        The limits of its two movements.
    coordinate : callable
        Takes n instants and returns (3, n): coordinate in degrees and its derivatives.

    """
    out_s = _grid(planned.lift_start_s, planned.lift_end_s)
    back_s = _grid(planned.release_s, planned.landing_s)
    out, back = coordinate(out_s), coordinate(back_s)
    whole_s = _grid(planned.lift_start_s, planned.landing_s)
    whole_deg = coordinate(whole_s)[0]
    lift = fast_span(out_s, np.abs(out[1]))
    eccentric = fast_span(back_s, np.abs(back[1]))
    eccentric_s = eccentric[1] - eccentric[0]
    within = (back_s > eccentric[0]) & (back_s < eccentric[1])
    slow = np.abs(back[1]) <= EDGE_SHARE * np.abs(back[1]).max()
    pause_s = int(np.count_nonzero(slow & within)) * float(back_s[1] - back_s[0])
    peak = int(np.argmax(whole_deg))
    peak_deg = float(whole_deg[peak])
    return RepTruth(
        set_index=planned.set_index,
        start_s=lift[0],
        peak_s=float(whole_s[peak]),
        end_s=eccentric[1],
        peak_deg=peak_deg,
        rom_deg=peak_deg - float(out[0, 0]),
        end_deg=float(back[0, -1]),
        lift=lift,
        eccentric=eccentric,
        eccentric_s=eccentric_s,
        eccentric_moving_s=eccentric_s - pause_s,
        pause_s=pause_s,
        hold_s=max(0.0, eccentric[0] - lift[1]),
        hold_scored_s=int(np.count_nonzero(whole_deg >= HELD_SHARE * peak_deg))
        * float(whole_s[1] - whole_s[0]),
        kinds=planned.kinds,
    )


def fast_span(time_s: Array, speed: Array) -> _Span:
    """Return the first and last instant at which speed exceeds 5 % of its peak.

    The instants between grid points are interpolated: with 2000 points a second, to 0.1 ms.
    """
    threshold = EDGE_SHARE * float(speed.max())
    above = np.flatnonzero(speed > threshold)
    first, last = int(above[0]), int(above[-1])
    return (
        _crossing(time_s, speed, first - 1, threshold) if first > 0 else float(time_s[0]),
        _crossing(time_s, speed, last, threshold) if last + 1 < len(time_s) else float(time_s[-1]),
    )


def _crossing(time_s: Array, speed: Array, i: int, threshold: float) -> float:
    share = (threshold - speed[i]) / (speed[i + 1] - speed[i])
    return float(time_s[i] + share * (time_s[i + 1] - time_s[i]))


def _grid(start_s: float, end_s: float) -> Array:
    n = max(3, int(np.ceil((end_s - start_s) * _GRID_HZ)) + 1)
    return np.linspace(start_s, end_s, n)
