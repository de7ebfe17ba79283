"""Put numbers on a repetition that counts."""

import numpy as np
from numpy.typing import NDArray

from analysis.descent_timing import time_descent
from analysis.exercise import Exercise, OutwardPhase
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
from analysis.uncertainty import RepUncertainty, rep_uncertainty, stirring_of


def measure_rep(
    exercise: Exercise,
    rows: Rows,
    closed: ClosedRep,
    *,
    zero_up: Vector,
    rest_deg: float,
    zero_deg: float,
    rate_hz: float,
    calibration_quality: float,
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
    calibration_quality : float
        How sure the zero pose is, from 0 to 1.
    thigh : ThighTurn, optional
        What the thigh did in the rows of the repetition, where it carries a sensor.

    """
    start, end = closed.first_row, closed.excursion.end_row
    time_s = rows.column(TIME, start, end)
    up = rows.columns(UP, start, end)
    tilt_deg = hinge_angle_deg(up, closed.axis, zero_up) + zero_deg  # of the shank alone
    angle = tilt_deg if thigh is None else tilt_deg - thigh.turn_deg
    if thigh is not None:
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
    eccentric = timing.outward if is_descent else timing.back
    uncertainty = rep_uncertainty(
        exercise,
        stirring_of(time_s, angle, timing, eccentric, rate_hz),
        rate_hz=rate_hz,
        gap_s=gap_s,
        axis_from_vertical_deg=axis_from_vertical_deg(closed.axis, zero_up),
        calibration_quality=calibration_quality,
        start_from_zero_deg=timing.start_deg - zero_deg,
        range_deg=timing.peak_deg - timing.start_deg,
        is_saturated=is_saturated,
        thigh_u_deg=thigh.u_deg if thigh is not None else None,
    )
    sparc_value, reason = sparc_or_reason(timing.back_speed_degs, rate_hz)
    absent = {"impact_g": NO_STEPS, "sway_deg": NO_SWAY}
    absent |= {} if reason is None else {"sparc": reason}
    sway = None
    if is_descent:  # one stands on the leg that carries the sensor
        within = slice(*np.searchsorted(time_s, (timing.outward.start_s, timing.back.end_s)))
        del absent["sway_deg"]
        sway = sway_deg(time_s[within], up[within], tilt_deg[within], closed.axis)
    return _rep(
        exercise,
        timing,
        rest_deg,
        gap_s=gap_s,
        is_saturated=is_saturated,
        is_absolute=zero_deg != 0.0,
        uncertainty=uncertainty,
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
    uncertainty: RepUncertainty,
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
        eccentric_s_u=uncertainty.phase_s,
        eccentric_moving_s=timing.moving_s,
        pause_s=timing.pause_s,
        peak_deg=timing.peak_deg,
        peak_deg_u=uncertainty.peak_deg,
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
        peak_deg_u=uncertainty.peak_deg,
        rom_deg=rom_deg,
        rom_deg_u=uncertainty.rom_deg,
        phases=_phases(exercise, timing),
        eccentric_s=eccentric.length_s,
        eccentric_s_u=uncertainty.phase_s,
        eccentric_moving_s=timing.moving_s,
        eccentric_moving_s_u=uncertainty.moving_s,
        pause_s=timing.pause_s,
        pause_s_u=uncertainty.pause_s,
        concentric_s=timing.outward.length_s if is_concentric else None,
        concentric_s_u=uncertainty.phase_s if is_concentric else None,
        hold_s=timing.hold_s,
        hold_s_u=uncertainty.phase_s,
        hold_scored_s=timing.hold_scored_s,
        hold_scored_s_u=uncertainty.hold_scored_s,
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


def _longest_run(is_set: NDArray[np.bool_]) -> int:
    """Length of the longest run of True."""
    if not is_set.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_set, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max())
