"""Put numbers on a step up and down: when, how far the shank leaned, how hard the foot landed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from analysis.grid import BRIDGED, SATURATED
from analysis.hinge import Vector, hinge_angle_deg
from analysis.lever import STANDARD_GRAVITY_MS2
from analysis.quality import GAP_FLAG_S
from analysis.rep_timing import EDGE_SPEED_SHARE, Span
from analysis.results import Flag, Phase, PhaseKind, Rep
from analysis.rows import ACC, MARK, TIME, UP, Rows
from analysis.standing_quality import NO_SWAY
from analysis.step_grammar import StepPair
from analysis.step_signal import StepSignal

SMOOTH_S: Final = 0.03  # standard deviation: springing steps turn within a tenth of a second
SETTLE_S: Final = 0.2  # kept after the last landing
LANDING_S: Final = (-0.06, 0.14)  # around the tilt's landing, where the knock of the foot is felt
LEAST_LETTING_DOWN_S: Final = 0.25
PAUSING_SHARE: Final = 0.5  # of the fastest of the letting down
SEARCH_S: Final = 0.12  # around the take-off, for the moment at which the shank paused
MIN_IMPACT_RATE_HZ: Final = 45.0  # a knock lasts a few hundredths of a second
# Half-widths of 95 % intervals on simulated wear (docs/reference/accuracy.md): the letting down
# has soft ends, and the vertical is shaken by landings.
EDGE_U_S: Final = 0.35
ANGLE_U_DEG: Final = 4.0
SATURATED_U_DEG: Final = 15.0

NO_LETTING_DOWN: Final = "The letting down could not be told from the step that it ends in."
NO_CONCENTRIC: Final = "The way up has no prescribed tempo; it holds a swing and a push of the leg."
NO_STROKE: Final = "A step has no one stroke whose smoothness could be told."
NO_IMPACT_RATE: Final = "A landing is too short for this sampling rate."
NO_IMPACT_RANGE: Final = "The landing went beyond the sensor's range."


@dataclass(frozen=True, slots=True)
class _Curve:
    """The coordinate of a step at the rate of the rows."""

    time_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    speed_degs: NDArray[np.float64]

    def index_at(self, row: int, first_row: int) -> int:
        """Return where a row of the grid is."""
        return int(np.clip(row - first_row, 0, len(self.time_s) - 1))


def measure_step(
    rows: Rows,
    signal: StepSignal,
    pair: StepPair,
    *,
    until: int,
    axis: Vector,
    zero_up: Vector,
    zero_deg: float,
    rate_hz: float,
) -> Rep:
    """Measure one step up and down that this leg led.

    Parameters
    ----------
    rows : Rows
        Still holding the step.
    signal : StepSignal
        The thinned rows in which the pair was found.
    pair : StepPair
        The swing up and the swing down.
    until : int
        The thin row that decided it: nothing after it is looked at.
    axis, zero_up : (3,) ndarray
        Forward axis, and "up" in the zero pose.
    zero_deg : float
        The angle that the zero pose stands for.
    rate_hz : float
        Of the rows.

    """
    first_row = max(rows.first, signal.row_of(pair.first.hump.low))
    last_row = signal.row_of(pair.second.hump.end + 1) + round(SETTLE_S * rate_hz)
    end_row = min(signal.row_of(until + 1), last_row)
    curve = _curve(rows, slice(first_row, end_row), (axis, zero_up), zero_deg, rate_hz)

    def at(index: int) -> int:
        return curve.index_at(signal.row_of(index), first_row)

    up, down = pair.first, pair.second
    start_s = _edge_s(curve, at(up.hump.peak), at(up.hump.low), sign=1.0)
    end_s = _edge_s(curve, at(down.hump.peak), at(down.hump.end + 1), sign=-1.0)
    peak = int(curve.angle_deg[at(up.hump.low) : at(down.hump.end) + 1].argmax())
    letting_down = _letting_down(curve, at(down.hump.low), at(down.take_off), rate_hz)
    marks = rows.column(MARK, first_row, end_row).astype(np.uint8)
    is_saturated = bool((marks & SATURATED).any())
    gap_s = _longest_run(marks & BRIDGED != 0) / rate_hz
    acc = rows.columns(ACC, first_row, end_row)
    impact_g, why_none = _impact_g(
        acc, (at(up.landing), at(down.landing)), rate_hz, is_saturated=is_saturated
    )
    absent = {"concentric_s": NO_CONCENTRIC, "sway_deg": NO_SWAY, "sparc": NO_STROKE}
    absent |= dict.fromkeys(("hold_s", "hold_scored_s"), "No hold is prescribed.")
    if letting_down is None:
        absent |= dict.fromkeys(("eccentric_s", "eccentric_moving_s", "pause_s"), NO_LETTING_DOWN)
    if why_none is not None:
        absent["impact_g"] = why_none
    angle_u_deg = float(np.hypot(ANGLE_U_DEG, SATURATED_U_DEG if is_saturated else 0.0))
    peak_deg = float(curve.angle_deg[at(up.hump.low) + peak])
    start_deg = float(curve.angle_deg[int(np.searchsorted(curve.time_s, start_s))])
    length_s = None if letting_down is None else letting_down.length_s
    flags = {Flag.GAP: gap_s > GAP_FLAG_S, Flag.SATURATED: is_saturated}
    return Rep(
        start_s=start_s,
        peak_s=float(curve.time_s[at(up.hump.low) + peak]),
        end_s=end_s,
        peak_deg=peak_deg,
        peak_deg_u=angle_u_deg,
        rom_deg=peak_deg - start_deg,
        rom_deg_u=angle_u_deg,
        phases=_phases(start_s, float(curve.time_s[at(down.hump.low)]), letting_down),
        eccentric_s=length_s,
        eccentric_s_u=None if length_s is None else EDGE_U_S + gap_s,
        eccentric_moving_s=length_s,
        pause_s=None if length_s is None else 0.0,
        impact_g=impact_g,
        flags=tuple(flag for flag in Flag if flags.get(flag)),
        absent=absent,
    )


def _curve(
    rows: Rows, span: slice, frame: tuple[Vector, Vector], zero_deg: float, rate_hz: float
) -> _Curve:
    time_s = rows.column(TIME, span.start, span.stop).copy()
    angle = hinge_angle_deg(rows.columns(UP, span.start, span.stop), *frame) + zero_deg
    smooth = gaussian_filter1d(angle, SMOOTH_S * rate_hz, mode="nearest")
    return _Curve(time_s, smooth, np.gradient(smooth, time_s))


def _edge_s(curve: _Curve, peak: int, low: int, *, sign: float) -> float:
    """Walk from the steepest point between a peak and a low point to where it is nearly still."""
    first, last = sorted((peak, low))
    speed = sign * curve.speed_degs[first : last + 1]
    steepest = first + int(speed.argmax())
    limit = EDGE_SPEED_SHARE * float(speed.max())
    step = -1 if sign > 0 else 1
    index = steepest
    while first < index < last and sign * curve.speed_degs[index] > limit:
        index += step
    return float(curve.time_s[index])


def _letting_down(curve: _Curve, low: int, take_off: int, rate_hz: float) -> Span | None:
    """Find the phase in which this leg lets the body down: from upright to the take-off.

    The shank leans forward while the foot stands, pauses for an instant as the other foot takes
    over, and goes on as this one swings.
    """
    last = min(take_off + round(SEARCH_S * rate_hz), len(curve.time_s) - 1)
    if last - low < 2:  # noqa: PLR2004 (no phase)
        return None
    speed = curve.speed_degs[low : last + 1]
    fastest = int(speed[: max(1, take_off - low)].argmax())
    if speed[fastest] <= 0.0:
        return None
    limit = EDGE_SPEED_SHARE * float(speed[fastest])
    after = speed[fastest:]
    # Nearly still, or getting quicker again: there the swing begins.
    turns = (np.diff(after, append=np.inf) > 0.0) & (after < PAUSING_SHARE * speed[fastest])
    ends = np.flatnonzero((after <= limit) | turns)
    end = fastest + (int(ends[0]) if len(ends) else int(after.argmin()))
    fast = np.flatnonzero(speed[: end + 1] > limit)
    span = Span(float(curve.time_s[low + fast[0]]), float(curve.time_s[low + fast[-1]]))
    return span if span.length_s >= LEAST_LETTING_DOWN_S else None


def _phases(start_s: float, on_top_s: float, letting_down: Span | None) -> tuple[Phase, ...]:
    until_s = on_top_s if letting_down is None else min(on_top_s, letting_down.start_s)
    phases = [Phase(kind=PhaseKind.CONCENTRIC, start_s=start_s, end_s=max(until_s, start_s))]
    if letting_down is not None:
        start_s, end_s = letting_down.start_s, letting_down.end_s
        phases.append(Phase(kind=PhaseKind.ECCENTRIC, start_s=start_s, end_s=end_s))
    return tuple(phases)


def _impact_g(
    acc_ms2: NDArray[np.float64],
    landings: tuple[int, int],
    rate_hz: float,
    *,
    is_saturated: bool,
) -> tuple[float | None, str | None]:
    """Return the largest specific force at the two landings, in g beyond the 1 g of standing."""
    if rate_hz < MIN_IMPACT_RATE_HZ:
        return None, NO_IMPACT_RATE
    if is_saturated:
        return None, NO_IMPACT_RANGE
    before, after = (round(part_s * rate_hz) for part_s in LANDING_S)
    windows = [acc_ms2[max(0, landing + before) : landing + after + 1] for landing in landings]
    force_ms2 = max(float(np.sqrt(np.einsum("ij,ij->i", one, one)).max()) for one in windows)
    return force_ms2 / STANDARD_GRAVITY_MS2 - 1.0, None


def _longest_run(is_set: NDArray[np.bool_]) -> int:
    """Length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_set, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
