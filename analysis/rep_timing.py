"""When the phases of a repetition began and ended, once it is over.

Definition (docs/reference/measures.md): a phase lasts from the first to the last instant at which
the smoothed speed of the movement coordinate exceeds 5 % of the phase's peak speed. How it is
found here: from the steep core of the phase outwards, so that a pause half-way does not end it and
a foot that dangles after landing does not lengthen it.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.stats import norm

EDGE_SPEED_SHARE: Final = 0.05
# The walk outwards starts where the coordinate left its turning point by this much: further in, a
# leg that drops, is caught and then lowered would lose the drop.
LEFT_TOP_SHARE: Final = 0.04
LEFT_TOP_DEG: Final = 1.2
HOLD_SHARE: Final = 0.85  # of the height: above this a prescribed hold goes on, though it sags
NEAR_END_SHARE: Final = 0.10
# Standard deviations of the Gaussian that smooths the speed: as short as the noise allows.
SMOOTHINGS_S: Final = (0.035, 0.055, 0.080, 0.115, 0.170)
USUAL_SMOOTHING: Final = 1
QUIET_MARGIN_S: Final = 0.12  # away from the edges found at first
MIN_QUIET_S: Final = 0.25
MAX_NOISE_SHARE: Final = 0.5  # of the limit speed: more noise than this moves an edge
WORTH_SHARE: Final = 0.82  # slow drift is not smoothed away: a longer smoothing must pay
PEAK_SMOOTH_S: Final = 0.030
PAUSE_SPEED_SHARE: Final = 0.15  # of the phase's median moving speed; see `moving_s`
SHORTEST_PAUSE_S: Final = 0.2
RAMP_FROM_SHARE: Final = 0.10  # of the peak speed: where the slope at an edge is measured
RAMP_TO_SHARE: Final = 0.50
_RAMP_Z: Final = np.linspace(-3.0, 4.0, 141)
# A ramp smoothed by the kernel of `_speed`, at z standard deviations behind its foot.
_RAMP_RATIO: Final = 0.5 * norm.pdf(_RAMP_Z) + _RAMP_Z * norm.cdf(_RAMP_Z)
KERNEL_REACH: Final = 4.0


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
    smooth = gaussian_filter1d(angle_deg, PEAK_SMOOTH_S * rate_hz, mode="nearest")
    top = int(smooth.argmax())
    speeds = [_speed(time_s, angle_deg, sigma_s, rate_hz) for sigma_s in SMOOTHINGS_S]
    usual = speeds[USUAL_SMOOTHING]
    left_share = 1.0 - HOLD_SHARE if has_hold else LEFT_TOP_SHARE
    sigma_s = SMOOTHINGS_S[USUAL_SMOOTHING]
    outward, back = _both_phases(time_s, smooth, usual, top, sigma_s, left_share=left_share)
    chosen = _least_smoothing(time_s, speeds, outward, back)
    speed = speeds[chosen]
    if chosen != USUAL_SMOOTHING:
        sigma_s = SMOOTHINGS_S[chosen]
        outward, back = _both_phases(time_s, smooth, speed, top, sigma_s, left_share=left_share)
    first, last = np.searchsorted(time_s, (outward.start_s, back.end_s))
    last = min(int(last), len(smooth) - 1)
    start_deg, end_deg = float(smooth[first]), float(smooth[last])
    core = slice(*np.searchsorted(time_s, (back.start_s, back.end_s)))
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


def _speed(
    time_s: NDArray[np.float64], angle_deg: NDArray[np.float64], sigma_s: float, rate_hz: float
) -> NDArray[np.float64]:
    """Differentiate with a kernel of fourth order: no bias where speed grows with time squared."""
    kernel = _speed_kernel(sigma_s * rate_hz)
    half = len(kernel) // 2
    lag_s = time_s - time_s[0] - np.arange(len(time_s)) / rate_hz
    change = np.convolve(np.pad(angle_deg, half, mode="edge"), kernel, mode="valid")
    step_s = np.convolve(np.pad(lag_s, half, mode="edge"), kernel, mode="valid") + 1.0 / rate_hz
    return np.asarray(change / step_s)


@lru_cache(maxsize=64)
def _speed_kernel(sigma_rows: float) -> NDArray[np.float64]:
    """Return the derivative of a Gaussian of fourth order, for `np.convolve`.

    The kernel (3 - u^2) / 2 times the normal density has no second moment (Wand and Jones, Kernel
    Smoothing, 1995, section 2.8), so that it leaves parabolas as they are.
    """
    reach = int(np.ceil(KERNEL_REACH * sigma_rows))
    u = np.arange(-reach, reach + 1) / sigma_rows
    slope = (0.5 * u**3 - 2.5 * u) * np.exp(-0.5 * u * u)
    return np.asarray(slope / -(slope @ np.arange(-reach, reach + 1)))


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
    time_s: NDArray[np.float64], speeds: list[NDArray[np.float64]], outward: Span, back: Span
) -> int:
    """Choose the shortest smoothing whose noise, where the leg is quiet, spares the edges."""
    before = time_s < outward.start_s - QUIET_MARGIN_S
    held = (time_s > outward.end_s + QUIET_MARGIN_S) & (time_s < back.start_s - QUIET_MARGIN_S)
    quiet = before | held
    if np.count_nonzero(quiet) < MIN_QUIET_S / (time_s[1] - time_s[0]):
        return USUAL_SMOOTHING
    core = (time_s > back.start_s) & (time_s < back.end_s)
    limit = EDGE_SPEED_SHARE * float(-speeds[-1][core].min(initial=0.0))
    noise_degs = [float(np.sqrt(np.mean(speed[quiet] ** 2))) for speed in speeds]
    for index, (here, further) in enumerate(pairwise(noise_degs)):
        if here < MAX_NOISE_SHARE * limit or further > WORTH_SHARE * here:
            return index
    return len(speeds) - 1


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
    low_deg = float(angle_deg[top:].min())
    range_deg = max(float(angle_deg[top]) - low_deg, 1e-6)
    left = angle_deg[top:] < angle_deg[top] - max(LEFT_TOP_DEG, left_share * range_deg)
    first = top + int(left.argmax()) if left.any() else top
    near = angle_deg[top:] < low_deg + NEAR_END_SHARE * range_deg
    arrived = max(first, top + int(near.argmax()) if near.any() else stop)
    fastest_degs = float(speed_degs[first : arrived + 1].max(initial=1e-6))
    limit = EDGE_SPEED_SHARE * fastest_degs
    first += int((speed_degs[first : arrived + 1] > limit).argmax())  # a leg that sagged stays
    slow_before = np.flatnonzero(speed_degs[top : first + 1] <= limit)
    slow_after = np.flatnonzero(speed_degs[arrived:] <= limit)
    start = top + int(slow_before[-1]) if len(slow_before) else top
    end = arrived + int(slow_after[0]) if len(slow_after) else stop
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
    """How far the smoothing moved an edge outwards, if the speed rises there as a ramp.

    A Gaussian of deviation s turns a ramp of slope m into m s (pdf(z) + z cdf(z)), z = t / s. The
    smoothed ramp passes the limit L at the z where that equals L; the ramp itself at L / (m s).
    """
    inside = speed_degs[edge::inwards]
    steep = np.flatnonzero(inside >= RAMP_TO_SHARE * fastest_degs)
    if not len(steep) or steep[0] == 0:
        return 0.0
    begun = np.flatnonzero(inside[: steep[0] + 1] <= RAMP_FROM_SHARE * fastest_degs)
    low = int(begun[-1]) if len(begun) else 0
    high = int(steep[0])
    took_s = abs(float(time_s[edge + inwards * high] - time_s[edge + inwards * low]))
    slope = float(inside[high] - inside[low]) / max(took_s, 1e-6)
    ratio = EDGE_SPEED_SHARE * fastest_degs / max(slope * sigma_s, 1e-9)
    return sigma_s * float(np.interp(ratio, _RAMP_RATIO, _RAMP_RATIO - _RAMP_Z))


def _moving(
    speed_degs: NDArray[np.float64], length_s: float, rate_hz: float
) -> tuple[float, float]:
    """Split a phase into time moving and time paused: slow for 0.2 s or longer."""
    if len(speed_degs) < 3:  # noqa: PLR2004 (nothing inside to pause)
        return length_s, 0.0
    limit = PAUSE_SPEED_SHARE * float(np.median(speed_degs[speed_degs > 0], axis=None))
    slow = np.concatenate([[False], speed_degs < limit, [False]])
    edges = np.flatnonzero(np.diff(slow.astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    inside = (starts > 0) & (ends < len(speed_degs))  # the soft ends of a phase are no pause
    lengths_s = (ends - starts)[inside] / rate_hz
    pause_s = float(lengths_s[lengths_s >= SHORTEST_PAUSE_S].sum())
    return length_s - pause_s, pause_s
