"""When the phases of a repetition began and ended, once it is over.

Definition (docs/reference/measures.md): a phase lasts from the first to the last instant at which
the smoothed speed of the movement coordinate exceeds 5 % of the phase's peak speed. How it is
found here: from the steep core of the phase outwards, so that a pause half-way does not end it and
a foot that dangles after landing does not lengthen it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis.order_statistics import median
from analysis.smoothing import gaussian_smoothed, smoothed_slope

EDGE_SPEED_SHARE: Final = 0.05
# The walk outwards starts where the coordinate left its turning point by this much: further in, a
# leg that drops, is caught and then lowered would lose the drop.
LEFT_TOP_SHARE: Final = 0.04
LEFT_TOP_DEG: Final = 1.2
HOLD_SHARE: Final = 0.85  # of the height: above this a prescribed hold goes on, though it sags
NEAR_END_SHARE: Final = 0.10
# Standard deviations of the Gaussian that smooths the speed: as short as the noise allows.
SMOOTHINGS_S: Final = (0.070, 0.100, 0.140, 0.200)
USUAL_SMOOTHING: Final = 0
QUIET_MARGIN_S: Final = 0.12  # away from the edges found at first
MIN_QUIET_S: Final = 0.25
MAX_NOISE_SHARE: Final = 0.5  # of the limit speed: more noise than this moves an edge
WORTH_SHARE: Final = 0.82  # slow drift is not smoothed away: a longer smoothing must pay
PEAK_SMOOTH_S: Final = 0.030
PAUSE_SPEED_SHARE: Final = 0.15  # of the phase's median moving speed; see `moving_s`
SHORTEST_PAUSE_S: Final = 0.2
RAMP_FROM_SHARE: Final = 0.10  # of the peak speed: where the slope at an edge is measured
RAMP_TO_SHARE: Final = 0.50
_RAMP_LENGTHS: Final = np.geomspace(0.05, 60.0, 160)  # of ramps, in standard deviations


@dataclass(frozen=True, slots=True)
class Span:
    """An interval in seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Its length."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class RepTiming:
    """Phases, levels and speeds of one repetition."""

    outward: Span
    back: Span
    peak_s: float
    peak_deg: float
    start_deg: float
    end_deg: float
    moving_s: float
    pause_s: float
    hold_s: float
    hold_scored_s: float
    back_speed_degs: NDArray[np.float64]


def time_rep(
    time_s: NDArray[np.float64],
    angle_deg: NDArray[np.float64],
    rate_hz: float,
    *,
    has_hold: bool = False,
) -> RepTiming:
    """Find the two phases of a repetition in its buffered coordinate.

    Parameters
    ----------
    time_s, angle_deg : (n,) ndarray
        From a little before the repetition began to the row that closed it; the highest value is
        its turning point.
    rate_hz : float
        Of the grid, in Hz.
    has_hold : bool
        Whether a hold is prescribed at the turning point: then a leg that sags in it by less
        than 15 % of its height and stays there is still held.

    """
    smooth = gaussian_smoothed(angle_deg, PEAK_SMOOTH_S * rate_hz)
    top = int(smooth.argmax())

    @cache  # most repetitions need two or three of them
    def speed_with(smoothing: int) -> NDArray[np.float64]:
        return smoothed_slope(angle_deg, time_s, SMOOTHINGS_S[smoothing] * rate_hz, rate_hz)

    usual = speed_with(USUAL_SMOOTHING)
    left_share = 1.0 - HOLD_SHARE if has_hold else LEFT_TOP_SHARE
    sigma_s = SMOOTHINGS_S[USUAL_SMOOTHING]
    outward, back = _both_phases(time_s, smooth, usual, top, sigma_s, left_share=left_share)
    chosen = _least_smoothing(time_s, speed_with, outward, back)
    speed = speed_with(chosen)
    if chosen != USUAL_SMOOTHING:
        sigma_s = SMOOTHINGS_S[chosen]
        outward, back = _both_phases(time_s, smooth, speed, top, sigma_s, left_share=left_share)
    first, core_start, core_end = time_s.searchsorted(
        (outward.start_s, back.start_s, back.end_s)
    ).tolist()
    last = min(core_end, len(smooth) - 1)
    start_deg, end_deg = float(smooth[first]), float(smooth[last])
    core = slice(core_start, core_end)
    moving_s, pause_s = _moving(-speed[core], back.length_s, rate_hz)
    rise = smooth[first : last + 1]
    scored = rise >= start_deg + HOLD_SHARE * (smooth[top] - start_deg)
    return RepTiming(
        outward=outward,
        back=back,
        peak_s=float(time_s[top]),
        peak_deg=float(smooth[top]),
        start_deg=start_deg,
        end_deg=end_deg,
        moving_s=moving_s,
        pause_s=pause_s,
        hold_s=max(0.0, back.start_s - outward.end_s),
        hold_scored_s=float(np.count_nonzero(scored)) / rate_hz,
        back_speed_degs=-speed[core],
    )


def _both_phases(
    time_s: NDArray[np.float64],
    angle_deg: NDArray[np.float64],
    speed_degs: NDArray[np.float64],
    top: int,
    sigma_s: float,
    *,
    left_share: float,
) -> tuple[Span, Span]:
    """Return the way out and the way back; mirrored in time, the one is the other."""
    last = len(angle_deg) - 1
    back = _phase(time_s, angle_deg, -speed_degs, top, sigma_s, left_share=left_share)
    turned = (-time_s[::-1], angle_deg[::-1], speed_degs[::-1], last - top)
    mirrored = _phase(*turned, sigma_s, left_share=LEFT_TOP_SHARE)
    return Span(-mirrored.end_s, -mirrored.start_s), back


def _least_smoothing(
    time_s: NDArray[np.float64],
    speed_with: Callable[[int], NDArray[np.float64]],
    outward: Span,
    back: Span,
) -> int:
    """Choose the shortest smoothing whose noise, where the leg is quiet, spares the edges."""
    before_end, held_end, core_end = time_s.searchsorted(
        (outward.start_s - QUIET_MARGIN_S, back.start_s - QUIET_MARGIN_S, back.end_s)
    ).tolist()
    held_start, core_start = time_s.searchsorted(
        (outward.end_s + QUIET_MARGIN_S, back.start_s), side="right"
    ).tolist()
    before, held = slice(before_end), slice(held_start, max(held_start, held_end))
    n_quiet = before.stop + held.stop - held.start
    if n_quiet < MIN_QUIET_S / (time_s[1] - time_s[0]):
        return USUAL_SMOOTHING
    most = len(SMOOTHINGS_S) - 1
    core_degs = speed_with(USUAL_SMOOTHING)[core_start:core_end]
    limit = EDGE_SPEED_SHARE * float(-core_degs.min(initial=0.0))
    here = _energy(speed_with(0), before, held)
    for index in range(most):
        further = _energy(speed_with(index + 1), before, held)
        is_low = here < (MAX_NOISE_SHARE * limit) ** 2 * n_quiet
        if is_low or further > WORTH_SHARE**2 * here:
            return index
        here = further
    return most


def _energy(speed_degs: NDArray[np.float64], before: slice, held: slice) -> float:
    """Sum of the squared speed where the leg is quiet."""
    return float(speed_degs[before] @ speed_degs[before] + speed_degs[held] @ speed_degs[held])


def _phase(
    time_s: NDArray[np.float64],
    angle_deg: NDArray[np.float64],
    speed_degs: NDArray[np.float64],
    top: int,
    sigma_s: float,
    *,
    left_share: float,
) -> Span:
    """Find the way down from index `top`; `speed_degs` is positive on the way down.

    It has begun where the coordinate is a share of its range under the top, and moves.
    """
    stop = len(angle_deg) - 1
    after = angle_deg[top:]
    top_deg, low_deg = after.item(0), after.item(after.argmin())
    range_deg = max(top_deg - low_deg, 1e-6)
    # `argmax` of a condition is the first row that fulfils it, and 0 if none does.
    left = after < top_deg - max(LEFT_TOP_DEG, left_share * range_deg)
    first = top + int(left.argmax())
    near = after < low_deg + NEAR_END_SHARE * range_deg
    arrived = max(first, top + int(near.argmax()))
    fastest_degs = float(speed_degs[first : arrived + 1].max(initial=1e-6))
    limit = EDGE_SPEED_SHARE * fastest_degs
    first += int((speed_degs[first : arrived + 1] > limit).argmax())  # a leg that sagged stays
    slow_backwards = speed_degs[top : first + 1][::-1] <= limit
    n_fast = int(slow_backwards.argmax())
    start = first - n_fast if slow_backwards[n_fast] else top
    slow_onwards = speed_degs[arrived:] <= limit
    n_fast = int(slow_onwards.argmax())
    end = arrived + n_fast if slow_onwards[n_fast] else stop
    start_s = _crossing(time_s, speed_degs, start, 1, limit)
    end_s = _crossing(time_s, speed_degs, end, -1, limit)
    start_s += _smeared_s(time_s, speed_degs, start, 1, fastest_degs=fastest_degs, sigma_s=sigma_s)
    end_s -= _smeared_s(time_s, speed_degs, end, -1, fastest_degs=fastest_degs, sigma_s=sigma_s)
    return Span(start_s, max(end_s, start_s))


def _crossing(
    time_s: NDArray[np.float64],
    speed_degs: NDArray[np.float64],
    slow: int,
    inwards: int,
    limit: float,
) -> float:
    """Time between a slow row and its fast neighbour at which the speed passes the limit."""
    fast = min(max(slow + inwards, 0), len(time_s) - 1)
    rise = float(speed_degs[fast] - speed_degs[slow])
    share = (limit - float(speed_degs[slow])) / rise if rise > 0 else 0.0
    return float(time_s[slow] + min(max(share, 0.0), 1.0) * (time_s[fast] - time_s[slow]))


def _smeared_s(
    time_s: NDArray[np.float64],
    speed_degs: NDArray[np.float64],
    edge: int,
    inwards: int,
    *,
    fastest_degs: float,
    sigma_s: float,
) -> float:
    """How far the smoothing moved an edge outwards, if the speed rose there as a ramp.

    The ramp is the one that takes as long from 10 % to 50 % of the peak speed once it is smoothed.
    """
    if speed_degs[edge] > EDGE_SPEED_SHARE * fastest_degs:  # the rows begin in mid-movement
        return 0.0
    inside = speed_degs[edge::inwards]
    high = int((inside >= RAMP_TO_SHARE * fastest_degs).argmax())
    if high == 0:  # it begins steep, or is so nowhere
        return 0.0
    slow_backwards = inside[: high + 1][::-1] <= RAMP_FROM_SHARE * fastest_degs
    n_fast = int(slow_backwards.argmax())
    low = high - n_fast if slow_backwards[n_fast] else 0
    half_s = _crossing(
        time_s, speed_degs, edge + inwards * (high - 1), inwards, RAMP_TO_SHARE * fastest_degs
    )
    low_s = _crossing(
        time_s, speed_degs, edge + inwards * low, inwards, RAMP_FROM_SHARE * fastest_degs
    )
    rises, shifts = _smoothed_ramps()
    return sigma_s * float(np.interp(abs(half_s - low_s) / sigma_s, rises, shifts))


@cache
def _smoothed_ramps() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ramps smoothed by the kernel of `smoothed_slope`: (160,) how long each takes, and its shift.

    In standard deviations of the kernel. A ramp that rises from 0 to 1 between 0 and d becomes
    (r(z) - r(z - d)) / d with r(z) = z cdf(z) + pdf(z) / 2. It rises from 10 % to 50 % in a time
    that grows with d, and passes 5 % earlier than the ramp itself, at 0.05 d, did.
    """

    def response(z: NDArray[np.float64]) -> NDArray[np.float64]:
        density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        return np.asarray(z * ndtr(z) + 0.5 * density)

    levels = np.array([EDGE_SPEED_SHARE, RAMP_FROM_SHARE, RAMP_TO_SHARE])
    rises, shifts = np.empty_like(_RAMP_LENGTHS), np.empty_like(_RAMP_LENGTHS)
    for index, length in enumerate(_RAMP_LENGTHS):
        z = np.linspace(-1.4, 0.5 * length + 1.0, 400)  # from the bottom of the kernel's undershoot
        edge, low, half = np.interp(levels, (response(z) - response(z - length)) / length, z)
        rises[index], shifts[index] = half - low, EDGE_SPEED_SHARE * length - edge
    return rises, shifts


def _moving(
    speed_degs: NDArray[np.float64], length_s: float, rate_hz: float
) -> tuple[float, float]:
    """Split a phase into time moving and time paused: slow for 0.2 s or longer."""
    if len(speed_degs) < 3:  # noqa: PLR2004 (nothing inside to pause)
        return length_s, 0.0
    limit = PAUSE_SPEED_SHARE * median(speed_degs[speed_degs > 0.0])
    slow = np.zeros(len(speed_degs) + 2, dtype=np.bool_)
    slow[1:-1] = speed_degs < limit
    edges = np.flatnonzero(slow[1:] != slow[:-1])
    starts, ends = edges[::2], edges[1::2]
    inside = (starts > 0) & (ends < len(speed_degs))  # the soft ends of a phase are no pause
    lengths_s = (ends - starts)[inside] / rate_hz
    pause_s = float(lengths_s[lengths_s >= SHORTEST_PAUSE_S].sum())
    return length_s - pause_s, pause_s
