"""How far the numbers of a repetition can be off: half-widths of 95 % intervals, by source.

An edge of a phase is where the speed passes a limit. What moves it is how much the leg stirs when
it should be quiet, as a share of that limit: tremor, a slow sway, the sensor's noise. That share is
measured in every repetition. The other sources are what a posture adds, a sample's period, and
holes in the signal. The constants are fitted to all simulated exercises and both kinds of wear
together; how well they hold on others: docs/reference/measures.md.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Coordinate, Exercise, OutwardPhase
from analysis.rep_timing import EDGE_SPEED_SHARE, RepTiming, Span
from analysis.smoothing import smoothed_slope

EDGES_S: Final = 0.085  # both edges of a phase on a leg that is quiet
STIR_S: Final = 0.11  # more for each time that the stirring equals the limit speed
UNKNOWN_STIR: Final = 6.0  # of a leg that was never quiet, so that it could not be measured
SMOOTHING_S: Final = 0.055
MARGIN_S: Final = 0.12  # kept from the edges: their own slope is no stirring
LEAST_QUIET_S: Final = 0.2
# A body on its feet sways, and the leg creeps before it moves: both ends of a phase are soft.
SWAY_S: Final = {Coordinate.LEG_SWING: 0.65, Coordinate.SHANK_TILT: 0.80}
PAUSE_S: Final = 0.12  # both ends of a pause inside a phase
LEVEL_S: Final = 0.10  # passing 85 % of the height, up and down
LEVEL_STIR_S: Final = 0.09

TURN_DEG: Final = 1.3  # between two poses, about an axis that lies level
RANGE_SHARE: Final = 0.02  # of the range: skin and strap give as the leg speeds up and turns over
STIR_DEG_PER_DEGS: Final = 0.7
ZERO_DEG: Final = 8.0  # of a zero whose quality is 0; none of one whose quality is 1
# The leg starts further from zero than before: it moved, or the strap did, and which is not seen.
START_SHARE: Final = 0.9
SWAY_DEG: Final = {Coordinate.LEG_SWING: 2.5, Coordinate.SHANK_TILT: 1.0}
SATURATED_DEG: Final = 10.0
# A real thigh moves by this much (protocol, section 5); the sensor on the shank cannot see it.
THIGH_DEG: Final = {True: 10.0, False: 5.0}


@dataclass(frozen=True, slots=True)
class Stirring:
    """Root mean square speed of a leg that should be quiet, and its share of the limit speed."""

    speed_degs: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepUncertainty:
    """Half-widths of the 95 % intervals of what is measured of a repetition."""

    phase_s: float
    pause_s: float
    moving_s: float
    hold_scored_s: float
    peak_deg: float
    rom_deg: float


def rep_uncertainty(
    exercise: Exercise,
    stirring: "Stirring",
    *,
    rate_hz: float,
    gap_s: float,
    axis_from_vertical_deg: float,
    calibration_quality: float,
    start_from_zero_deg: float,
    range_deg: float,
    is_saturated: bool,
    thigh_u_deg: float | None = None,
) -> RepUncertainty:
    """Add up the sources, in quadrature where they are independent.

    Parameters
    ----------
    exercise : Exercise
        Its posture and coordinate.
    stirring : Stirring
        How quiet the leg was between the phases.
    rate_hz : float
        Samples a second.
    gap_s : float
        The longest hole bridged in the repetition: an edge in it may lie anywhere.
    axis_from_vertical_deg : float
        90 for a hinge that lies level: the nearer to 0, the less of the turning gravity shows.
    calibration_quality : float
        From 0 to 1.
    start_from_zero_deg : float
        Where the repetition began.
    range_deg : float
        Of the repetition.
    is_saturated : bool
        Whether the sensor ran out of its range.
    thigh_u_deg : float, optional
        Of the thigh's own turning, where it carries a sensor.

    """
    period_s = 1.0 / rate_hz
    # A second sensor changes the squat's coordinate, not that the body sways.
    is_descent = exercise.outward is OutwardPhase.ECCENTRIC
    worn = Coordinate.SHANK_TILT if is_descent else exercise.coordinate
    sway_s = SWAY_S.get(worn, 0.0)
    phase_s = math.hypot(EDGES_S, STIR_S * stirring.share, sway_s, period_s) + gap_s
    # A standstill found or missed is worth its whole length, at least 0.2 s, where the leg stirs.
    pause_s = math.hypot(PAUSE_S, STIR_S * stirring.share, period_s) + gap_s
    visible = math.sin(math.radians(max(axis_from_vertical_deg, 1.0)))
    rom_deg = math.hypot(
        TURN_DEG / visible, RANGE_SHARE * range_deg, STIR_DEG_PER_DEGS * stirring.speed_degs
    )
    if is_saturated:
        rom_deg = math.hypot(rom_deg, SATURATED_DEG)
    thigh_deg = thigh_u_deg or 0.0
    if thigh_u_deg is None and exercise.coordinate is Coordinate.KNEE_FLEXION:
        thigh_deg = THIGH_DEG[not exercise.has_helper]
    rom_deg = math.hypot(rom_deg, thigh_deg)
    peak_deg = math.hypot(
        rom_deg,
        ZERO_DEG * (1.0 - calibration_quality),
        START_SHARE * start_from_zero_deg,
        SWAY_DEG.get(exercise.coordinate, 0.0),
    )
    return RepUncertainty(
        phase_s=phase_s,
        pause_s=pause_s,
        moving_s=math.hypot(phase_s, pause_s),
        hold_scored_s=math.hypot(LEVEL_S, LEVEL_STIR_S * stirring.share, period_s) + gap_s,
        peak_deg=peak_deg,
        rom_deg=rom_deg,
    )


def stirring_of(
    time_s: NDArray[np.float64],
    angle_deg: NDArray[np.float64],
    timing: RepTiming,
    eccentric: Span,
    rate_hz: float,
) -> Stirring:
    """Measure how much the leg stirred before the repetition and between its two phases.

    Parameters
    ----------
    time_s, angle_deg : (n,) ndarray
        As given to `time_rep`.
    timing : RepTiming
        What it found there.
    eccentric : Span
        The phase whose limit speed counts.
    rate_hz : float
        Of the grid, in Hz.

    Returns
    -------
    Stirring
        With `UNKNOWN_STIR` limit speeds where there were under 0.2 s to measure it in.

    """
    speed_degs = smoothed_slope(angle_deg, time_s, SMOOTHING_S * rate_hz, rate_hz)
    first, last = time_s.searchsorted((eccentric.start_s, eccentric.end_s)).tolist()
    limit_degs = EDGE_SPEED_SHARE * float(np.abs(speed_degs[first : last + 1]).max(initial=1e-6))
    before = speed_degs[: int(time_s.searchsorted(timing.outward.start_s - MARGIN_S))]
    held_start, held_end = time_s.searchsorted(
        (timing.outward.end_s + MARGIN_S, timing.back.start_s - MARGIN_S)
    ).tolist()
    held = speed_degs[held_start : max(held_start, held_end)]
    n_quiet = len(before) + len(held)
    if n_quiet < LEAST_QUIET_S * rate_hz:
        return Stirring(UNKNOWN_STIR * limit_degs, UNKNOWN_STIR)
    stir_degs = math.sqrt(float(before @ before + held @ held) / n_quiet)
    return Stirring(stir_degs, stir_degs / limit_degs)
