"""Put numbers on a repetition that counts."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.descent_timing import time_descent
from analysis.exercise import Coordinate, Exercise, OutwardPhase
from analysis.grid import BRIDGED, SATURATED
from analysis.hinge import Vector, axis_from_vertical_deg, hinge_angle_deg
from analysis.quality import judge_flags
from analysis.rep_timing import RepTiming, time_rep
from analysis.results import Phase, PhaseKind, Rep
from analysis.rows import MARK, TIME, UP, Rows
from analysis.smoothness import sparc_or_reason
from analysis.standing_quality import NO_STEPS, NO_SWAY
from analysis.sway import sway_deg
from analysis.thigh_link import ThighTurn
from analysis.tracker_events import ClosedRep

# What remains of the errors on simulated wear, as half-widths of 95 % intervals; the table they
# come from is docs/reference/accuracy.md. They are floors: less signal adds to them.
EDGE_U_S: Final = 0.09
# The shank tilts by some 30 degrees while the body is lowered, and sways while it does.
DESCENT_U_S: Final = 0.70
ANGLE_U_DEG: Final = 1.5
# A real thigh moves by this much (protocol, section 5); the sensor on the shank cannot see it.
THIGH_U_DEG: Final = {True: 10.0, False: 5.0}


def measure_rep(
    exercise: Exercise,
    rows: Rows,
    closed: ClosedRep,
    *,
    zero_up: Vector,
    rest_deg: float,
    zero_deg: float,
    rate_hz: float,
    thigh: ThighTurn | None = None,
) -> Rep:
    """Measure one repetition.

    Parameters
    ----------
    exercise : Exercise
        Says which way is eccentric and what is judged.
    rows : Rows
        Still holding the repetition.
    closed : ClosedRep
        What the tracker found.
    zero_up : (3,) ndarray
        "Up" in the zero pose; angles count from there, plus `zero_deg`.
    rest_deg : float
        The coordinate of the rest pose now, from which an incomplete return is judged.
    zero_deg : float
        The angle that the zero pose stands for.
    rate_hz : float
        Of the grid.
    thigh : ThighTurn, optional
        What the thigh did in the rows of the repetition, where it carries a sensor.

    """
    start, end = closed.first_row, closed.excursion.end_row
    time_s = rows.column(TIME, start, end)
    up = rows.columns(UP, start, end)
    angle = hinge_angle_deg(up, closed.axis, zero_up) + zero_deg
    if thigh is not None:
        angle -= thigh.turn_deg
        rest_deg -= float(thigh.turn_deg[0])
    is_descent = exercise.outward is OutwardPhase.ECCENTRIC
    if is_descent:
        timing = time_descent(time_s, angle, rate_hz)
    else:
        timing = time_rep(time_s, angle, rate_hz, has_hold=exercise.hold_s is not None)
    marks = rows.column(MARK, start, end).astype(np.uint8)[
        int(np.searchsorted(time_s, timing.outward.start_s)) :
    ]
    gap_s = _longest_run(marks & BRIDGED != 0) / rate_hz
    is_saturated = bool((marks & SATURATED).any())
    edge_u_s = DESCENT_U_S if is_descent else EDGE_U_S
    edge_u_s = float(np.hypot(edge_u_s, 1.0 / rate_hz) + gap_s)
    thigh_u_deg = thigh.u_deg if thigh is not None else None
    angle_u_deg = _angle_u_deg(
        exercise, closed, zero_up, thigh_u_deg=thigh_u_deg, is_saturated=is_saturated
    )
    sparc_value, reason = sparc_or_reason(timing.back_speed_degs, rate_hz)
    absent = {"impact_g": NO_STEPS, "sway_deg": NO_SWAY}
    if reason is not None:
        absent["sparc"] = reason
    sway = None
    if exercise.coordinate is Coordinate.SHANK_TILT:
        within = slice(*np.searchsorted(time_s, (timing.outward.start_s, timing.back.end_s)))
        del absent["sway_deg"]
        sway = sway_deg(time_s[within], up[within], angle[within], closed.axis)
    return _rep(
        exercise,
        timing,
        rest_deg,
        gap_s=gap_s,
        is_saturated=is_saturated,
        is_absolute=zero_deg != 0.0,
        edge_u_s=edge_u_s,
        angle_u_deg=angle_u_deg,
        sparc_value=sparc_value,
        sway=sway,
        absent=absent,
    )


def _rep(
    exercise: Exercise,
    timing: RepTiming,
    rest_deg: float,
    *,
    gap_s: float,
    is_saturated: bool,
    is_absolute: bool,
    edge_u_s: float,
    angle_u_deg: float,
    sparc_value: float | None,
    sway: float | None,
    absent: dict[str, str],
) -> Rep:
    rom_deg = timing.peak_deg - timing.start_deg
    is_concentric = exercise.outward is OutwardPhase.CONCENTRIC
    is_descent = exercise.outward is OutwardPhase.ECCENTRIC
    eccentric = timing.outward if is_descent else timing.back
    if is_descent:
        absent |= {"concentric_s": "The way up has no prescribed tempo: it is not timed."}
    elif not is_concentric:
        absent |= {"concentric_s": "The way out is done by a helper or the hands: never scored."}
    flags = judge_flags(
        exercise,
        eccentric_s=eccentric.length_s,
        eccentric_s_u=edge_u_s,
        eccentric_moving_s=timing.moving_s,
        pause_s=timing.pause_s,
        peak_deg=timing.peak_deg,
        peak_deg_u=angle_u_deg,
        rom_deg=rom_deg,
        end_above_rest_deg=timing.end_deg - rest_deg,
        gap_s=gap_s,
        is_saturated=is_saturated,
        is_absolute=is_absolute,
        hold_scored_s=timing.hold_scored_s if exercise.hold_s is not None else None,
    )
    return Rep(
        start_s=timing.outward.start_s,
        peak_s=timing.peak_s,
        end_s=timing.back.end_s,
        peak_deg=timing.peak_deg,
        peak_deg_u=angle_u_deg,
        rom_deg=rom_deg,
        rom_deg_u=angle_u_deg,
        phases=_phases(exercise, timing),
        eccentric_s=eccentric.length_s,
        eccentric_s_u=edge_u_s,
        eccentric_moving_s=timing.moving_s,
        pause_s=timing.pause_s,
        concentric_s=timing.outward.length_s if is_concentric else None,
        concentric_s_u=edge_u_s if is_concentric else None,
        hold_s=timing.hold_s,
        hold_scored_s=timing.hold_scored_s,
        sparc=sparc_value,
        sway_deg=sway,
        flags=flags,
        absent=absent,
    )


def _phases(exercise: Exercise, timing: RepTiming) -> tuple[Phase, ...]:
    outward = PhaseKind(exercise.outward.value)
    back = PhaseKind.ECCENTRIC if exercise.eccentric_is == "return" else PhaseKind.CONCENTRIC
    parts = [(outward, timing.outward.start_s, timing.outward.end_s)]
    if timing.hold_s > 0.0:
        parts.append((PhaseKind.HOLD, timing.outward.end_s, timing.back.start_s))
    parts.append((back, timing.back.start_s, timing.back.end_s))
    return tuple(Phase(kind=kind, start_s=start, end_s=end) for kind, start, end in parts)


def _angle_u_deg(
    exercise: Exercise,
    closed: ClosedRep,
    zero_up: Vector,
    *,
    thigh_u_deg: float | None,
    is_saturated: bool,
) -> float:
    """Half-width of the 95 % interval of an angle, from the sources that add up in quadrature."""
    # The nearer the axis is to the vertical, the less of the turning gravity shows.
    visible = math.sin(math.radians(max(axis_from_vertical_deg(closed.axis, zero_up), 1.0)))
    sources = [ANGLE_U_DEG / visible]
    if thigh_u_deg is not None:
        sources.append(thigh_u_deg)
    elif exercise.coordinate is Coordinate.KNEE_FLEXION:
        sources.append(THIGH_U_DEG[not exercise.has_helper])
    if is_saturated:
        sources.append(10.0)
    return math.hypot(*sources)


def _longest_run(is_set: NDArray[np.bool_]) -> int:
    """Length of the longest run of True."""
    if not is_set.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_set, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max())
