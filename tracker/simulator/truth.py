"""What really happened in a simulated recording.

All of it is computed on the exact movement coordinate: the rotation of the shank about its hinge
since the calibration pose, without tremor, without the ringing of tissue and band. The landing
of the leg belongs to the coordinate, its rebound does not. The slow sway of a standing leg is
part of its angles, not of its phases: nobody means it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from tracker.simulator.curves import Array

EDGE_SHARE: Final = 0.05  # a phase is where speed exceeds this share of the phase's peak speed
HELD_SHARE: Final = 0.85  # a hold is where the coordinate is at least this share of the peak
IMPACT_S: Final = 0.1  # within which a knock is felt at its hardest
_GRID_HZ: Final = 2000.0
_Span = tuple[float, float]
Coordinate = Callable[[Array], Array]  # n instants -> (3, n): degrees and derivatives


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
    BEYOND_LIMIT = "beyond_limit"
    SPRINGING = "springing"  # a step that leaves the ground


@dataclass(frozen=True, slots=True, kw_only=True)
class RepTruth:
    """One repetition; times on the recording's clock, angles from the calibration pose.

    `lift` is the way out (passive in the two eccentric exercises) and `back` the way back, each
    by the 5 % rule. `eccentric` is the one of them that the exercise says, `concentric` the other
    where the patient does it. `end_deg` is where the way back ended. `impacts` are the knocks of
    the foot that the exercise asks for, of step-ups.
    """

    set_index: int
    start_s: float
    peak_s: float
    end_s: float
    peak_deg: float
    rom_deg: float
    end_deg: float
    lift: _Span
    back: _Span
    eccentric: _Span
    eccentric_s: float
    eccentric_moving_s: float
    pause_s: float
    concentric: _Span | None
    concentric_s: float | None
    hold_s: float
    hold_scored_s: float
    kinds: frozenset[RepKind]
    impacts: tuple["Impact", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """A knock, and what the place of the sensor felt of it.

    `peak_g`: the largest specific force within 0.1 s after it, less the 1 g of rest.
    """

    at_s: float
    peak_g: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTruth:
    """A pose held: from arriving in it to leaving it, and the spans of moving about in it."""

    set_index: int
    start_s: float
    end_s: float
    interruptions: tuple[_Span, ...]


class BoutKind(StrEnum):
    """What is done in a bout of sport."""

    WALK = "walk"
    JOG = "jog"
    WALK_BACKWARD = "walk_backward"
    JOG_BACKWARD = "jog_backward"
    RUN_UP = "run_up"
    SPRINT = "sprint"
    RUN_OUT = "run_out"
    PEDAL = "pedal"
    COAST = "coast"
    STAND = "stand"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoutTruth:
    """A bout of walking, running or cycling.

    `cadence_per_min`: mean steps of both feet, or turns of the crank. `contacts_s`: when this
    foot came down.
    """

    kind: BoutKind
    set_index: int
    start_s: float
    end_s: float
    cadence_per_min: float
    contacts_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """Something that is not a repetition, and when."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """All of a recording.

    Parameters
    ----------
    up : (n, 3) array
        The true vertical in the sensor's axes.
    rest_deg : float
        The coordinate's value, on the movement's own scale, at the calibration pose.
    cadence_per_min : (m,) array
        Of each whole second of the recording: steps of both feet, or turns of the crank.

    """

    reps: tuple[RepTruth, ...]
    holds: tuple[HoldTruth, ...]
    bouts: tuple[BoutTruth, ...]
    disturbances: tuple[Disturbance, ...]
    up: Array
    rest_deg: float
    cadence_per_min: Array

    @property
    def sets(self) -> tuple[tuple[RepTruth, ...], ...]:
        """The repetitions, one tuple a set."""
        indices = sorted({rep.set_index for rep in self.reps})
        return tuple(tuple(r for r in self.reps if r.set_index == i) for i in indices)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRep:
    """When a repetition was meant to happen: the limits within which its phases are looked for.

    Parameters
    ----------
    set_index : int
        The set it belongs to.
    lift_start_s, lift_end_s, release_s, landing_s : float
        Limits of the way out and of the way back.
    kinds : frozenset of RepKind
        What was meant with it.
    is_eccentric_outward : bool
        Whether the way out is the eccentric one.
    is_lifted : bool
        Whether someone else, or the hands, do the way that is not eccentric.
    end_s : float, optional
        When it ended, where that is later than the way back by its own measure.
    impacts_s : tuple of float
        When the foot knocked.

    """

    set_index: int
    lift_start_s: float
    lift_end_s: float
    release_s: float
    landing_s: float
    kinds: frozenset[RepKind]
    is_eccentric_outward: bool = False
    is_lifted: bool = True
    end_s: float | None = None
    impacts_s: tuple[float, ...] = ()

    @property
    def over_s(self) -> float:
        """When nothing of it is left."""
        return self.landing_s if self.end_s is None else self.end_s

    @property
    def felt_until_s(self) -> float:
        """Until when the sensor feels it: the last knock rings on."""
        return max([self.over_s, *(at_s + IMPACT_S for at_s in self.impacts_s)])


def rep_truth(
    planned: PlannedRep, intended: Coordinate, actual: Coordinate | None = None
) -> RepTruth:
    """Measure a planned repetition on the exact coordinate.

    Parameters
    ----------
    planned : PlannedRep
        The limits of its two movements.
    intended : callable
        The coordinate as it is meant: what the phases are found in.
    actual : callable, optional
        The coordinate with the sway of the body: what the angles are read from.

    """
    out_s = _grid(planned.lift_start_s, planned.lift_end_s)
    back_s = _grid(planned.release_s, planned.landing_s)
    out_dps, back_dps = np.abs(intended(out_s)[1]), np.abs(intended(back_s)[1])
    whole_s = _grid(planned.lift_start_s, planned.over_s)
    whole_deg = (actual or intended)(whole_s)[0]
    lift, back = fast_span(out_s, out_dps), fast_span(back_s, back_dps)
    ways = ((lift, out_s, out_dps), (back, back_s, back_dps))
    eccentric, slow_s, speed_dps = ways[0 if planned.is_eccentric_outward else 1]
    other = None if planned.is_lifted else ways[1 if planned.is_eccentric_outward else 0][0]
    eccentric_s = eccentric[1] - eccentric[0]
    pause_s = _pause_s(slow_s, speed_dps, eccentric)
    peak = int(np.argmax(whole_deg))
    peak_deg = float(whole_deg[peak])
    return RepTruth(
        set_index=planned.set_index,
        start_s=lift[0],
        peak_s=float(whole_s[peak]),
        end_s=back[1] if planned.end_s is None else planned.end_s,
        peak_deg=peak_deg,
        rom_deg=peak_deg - float(whole_deg[0]),
        end_deg=float(whole_deg[-1]),
        lift=lift,
        back=back,
        eccentric=eccentric,
        eccentric_s=eccentric_s,
        eccentric_moving_s=eccentric_s - pause_s,
        pause_s=pause_s,
        concentric=other,
        concentric_s=None if other is None else other[1] - other[0],
        hold_s=max(0.0, back[0] - lift[1]),
        hold_scored_s=int(np.count_nonzero(whole_deg >= HELD_SHARE * peak_deg))
        * float(whole_s[1] - whole_s[0]),
        kinds=planned.kinds,
    )


def _pause_s(time_s: Array, speed_dps: Array, span_s: _Span) -> float:
    """Return how long speed stays under the 5 % edge within a phase."""
    slow = speed_dps <= EDGE_SHARE * speed_dps.max()
    within = (time_s > span_s[0]) & (time_s < span_s[1])
    return int(np.count_nonzero(slow & within)) * float(time_s[1] - time_s[0])


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
