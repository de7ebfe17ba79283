"""The repetitions of a set laid over each other, aligned where the slow return begins."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from api.schemas import RepBody, SetBody, Trace

STEP_S: Final = 0.05  # of the median: as fine as a stored trace
BEFORE_S: Final = 3.0  # a lift by a helper takes one to two seconds; longer waits are cut off
LONGEST_GAP_S: Final = 0.5  # beyond it the signal was not bridged either
LEAST_REPS: Final = 3  # a median of two is their mean

Point = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class AlignedRep:
    """One repetition: seconds from its release, and degrees; None where the angle is unknown."""

    number: int
    points: tuple[Point, ...]
    is_left_out: bool


def align_reps(
    one: SetBody, trace: Trace, left_out: Collection[int] = frozenset()
) -> list[AlignedRep]:
    """Cut a trace into its repetitions and put the release of each at zero.

    Parameters
    ----------
    one : SetBody
        The set; the times of its repetitions are those of the session.
    trace : Trace
        Its angle, in seconds from the start of the set.
    left_out : collection of int
        Numbers of repetitions that do not count, from 1.

    Returns
    -------
    list of AlignedRep
        In order; a repetition without any point in the trace is not among them.

    Notes
    -----
    The release is the start of the eccentric phase, or of the way back where no phase is timed:
    the peak.

    """
    found = []
    for number, rep in enumerate(one.reps, 1):
        zero_s = release_s(rep) - one.start_s
        first_s = max(rep.start_s - one.start_s, zero_s - BEFORE_S)
        last_s = rep.end_s - one.start_s
        points = tuple(
            (round(at_s - zero_s, 3), angle)
            for at_s, angle in zip(trace.t, trace.a, strict=True)
            if first_s <= at_s <= last_s
        )
        if points:
            found.append(AlignedRep(number, points, number in left_out))
    return found


def release_s(rep: RepBody) -> float:
    """Return when the slow return begins; without a timed one the peak, else the start."""
    eccentric = next((phase for phase in rep.phases if phase.kind == "eccentric"), None)
    if eccentric is not None:
        return eccentric.start_s
    return rep.start_s if rep.peak_s is None else rep.peak_s


def median_rep(reps: Sequence[AlignedRep]) -> list[Point]:
    """Return the median of the repetitions that count, where at least half of them have a value.

    Empty for fewer than three.
    """
    counted = [rep for rep in reps if not rep.is_left_out]
    if len(counted) < LEAST_REPS:
        return []
    first = round(min(rep.points[0][0] for rep in counted) / STEP_S)
    last = round(max(rep.points[-1][0] for rep in counted) / STEP_S)
    columns = [_resampled(rep.points, first, last) for rep in counted]
    found: list[Point] = []
    for index, values in enumerate(zip(*columns, strict=True)):
        known = [value for value in values if value is not None]
        if 2 * len(known) >= len(counted):
            found.append((round((first + index) * STEP_S, 3), round(median(known), 2)))
    return found


def _resampled(points: Sequence[Point], first: int, last: int) -> list[float | None]:
    """Return the angle on the common grid, on straight lines between the points."""
    values: list[float | None] = []
    at = 0
    for step in range(first, last + 1):
        time_s = step * STEP_S
        while at + 1 < len(points) and points[at + 1][0] < time_s:
            at += 1
        values.append(_between(points, at, time_s))
    return values


def _between(points: Sequence[Point], at: int, time_s: float) -> float | None:
    if not points[0][0] <= time_s <= points[-1][0]:
        return None
    (before_s, low), (after_s, high) = points[at], points[min(at + 1, len(points) - 1)]
    if low is None or high is None or after_s - before_s > LONGEST_GAP_S:
        return None
    if after_s == before_s:
        return low
    share = (time_s - before_s) / (after_s - before_s)
    return low + share * (high - low)
