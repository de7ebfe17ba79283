"""A sprint repetition: run-up, sprint, run-out, from how hard each stride is run.

Speed is what a positionless sensor cannot know, but it goes with the product of how often and how
far the leg swings, and the shaking grows with it too. The sprint is where that intensity is within
a tenth of the repetition's own best; what comes before is the run-up, what follows the run-out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.gait_kinds import BoutKind
from analysis.gait_strides import STEPS_A_STRIDE, Stride

LONGEST_SPRINT_S: Final = 45.0  # 80 m at a jog: run-up, sprint and run-out of the longest course
LEAST_SPRINT_PER_MIN: Final = 165.0  # of the quicker strides: jogging patients take 140-160
SPRINT_SHARE: Final = 0.9
BEST_STRIDES: Final = 3  # averaged, so that one odd stride is not the best
LEAST_PHASE_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class SprintPhase:
    """A part of a sprint repetition, with the half strides in it, parts of one included."""

    kind: BoutKind
    start_s: float
    end_s: float
    n_sweeps: float


def is_sprint(strides: Sequence[Stride], end_s: float) -> bool:
    """Say whether a run is a sprint repetition: short, and quick at its best."""
    if end_s - strides[0].start_s > LONGEST_SPRINT_S:
        return False
    periods_s = sorted(stride.end_s - stride.start_s for stride in strides)
    quick_s = periods_s[len(periods_s) // 4]
    return 60.0 * STEPS_A_STRIDE / quick_s >= LEAST_SPRINT_PER_MIN


def sprint_phases(strides: Sequence[Stride], end_s: float) -> list[SprintPhase]:
    """Cut the overlapping strides of one run into its phases; those that are too short fall out.

    Parameters
    ----------
    strides : sequence of Stride
        At least one, in order.
    end_s : float
        When the run ended.

    """
    middles_s = np.array([0.5 * (one.start_s + one.end_s) for one in strides])
    intensity = _smoothed(np.array([_intensity(one) for one in strides]))
    best = int(np.argmax(intensity))
    limit = SPRINT_SHARE * intensity[best]
    first_s = _crossing_s(middles_s[best::-1], intensity[best::-1], limit, strides[0].start_s)
    last_s = _crossing_s(middles_s[best:], intensity[best:], limit, end_s)
    edges_s = (strides[0].start_s, first_s, last_s, end_s)
    kinds = (BoutKind.RUN_UP, BoutKind.SPRINT, BoutKind.RUN_OUT)
    # How many sweeps were done by when: each stride but the last holds one of its own.
    counted_s = np.array([*(one.start_s for one in strides), max(end_s, strides[-1].start_s)])
    counts = np.array([*range(len(strides)), len(strides) + 1.0])
    phases = []
    for kind, start_s, stop_s in zip(kinds, edges_s[:-1], edges_s[1:], strict=True):
        if stop_s - start_s >= LEAST_PHASE_S:
            first, last = np.interp([start_s, stop_s], counted_s, counts).tolist()
            phases.append(SprintPhase(kind, float(start_s), float(stop_s), last - first))
    return phases


def _intensity(stride: Stride) -> float:
    swung = stride.cadence_per_min * stride.range_deg
    return float(np.cbrt(swung * max(stride.effort_ms2, 0.1)))


def _smoothed(values: np.ndarray) -> np.ndarray:
    """Average over neighbours, fewer at the ends."""
    weights = np.ones(min(BEST_STRIDES, len(values)))
    return np.convolve(values, weights, "same") / np.convolve(np.ones_like(values), weights, "same")


def _crossing_s(times_s: np.ndarray, values: np.ndarray, limit: float, otherwise_s: float) -> float:
    """Return when values, followed from the best one, first fall to a limit."""
    under = np.flatnonzero(values < limit)
    if not len(under):
        return otherwise_s
    i = int(under[0])
    share = (values[i - 1] - limit) / (values[i - 1] - values[i])
    return float(times_s[i - 1] + share * (times_s[i] - times_s[i - 1]))
