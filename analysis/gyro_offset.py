"""What a gyroscope reads when nothing turns: told from a still moment, or from movement.

The orientation filter learns the offset too, but needs half a minute of movement for what a cheap
part is off by; until then the vertical would be wrong by ten degrees and more.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from analysis.grid import gap_periods
from analysis.samples import ImuSamples

STILL_S: Final = 0.5
STILL_GYR_DEGS: Final = 12.0  # rms about the mean: tremor passes
STILL_TURN_DEG: Final = 1.0  # between the halves' mean acceleration
STILL_ACC_MS2: Final = 0.6
LARGEST_DEGS: Final = 20.0
LEAST_DOUBT_RADS: Final = 0.005
MAX_DOUBT_RADS: Final = 0.04  # of a moment that was not quite still: movement itself tells more

MOVING_DOUBT_RADS: Final = 0.02
USUAL_DEGS: Final = 8.0  # how large an offset to expect before anything is known
MOVEMENT_MS2: Final = 0.4  # what movement adds to gravity, averaged over a block
BLOCK_S: Final = 0.1
ITERATIONS: Final = 5


@dataclass(frozen=True, slots=True)
class GyroOffset:
    """An offset (3,) in rad/s, and the standard deviation of what it may be off by."""

    rads: NDArray[np.float64]
    doubt_rads: float
    is_from_rest: bool


def still_offset(samples: ImuSamples, rate_hz: float) -> GyroOffset | None:
    """Return the gyroscope's mean over the stillest half second, or None if none is still.

    Stillness is told from the acceleration's direction, as a large steady offset looks like a
    rotation to the gyroscope itself; how far that direction still turned is the doubt.
    """
    n = round(STILL_S * rate_hz)
    best: tuple[float, int] | None = None
    for start in range(0, len(samples) - n + 1, max(1, n // 4)):
        turn_deg = _turn_deg(samples, start, n)
        if turn_deg is not None and (best is None or turn_deg < best[0]):
            best = (turn_deg, start)
    if best is None:
        return None
    offset = np.asarray(samples.gyr_rads[best[1] : best[1] + n].mean(axis=0))
    if float(np.linalg.norm(offset)) > np.radians(LARGEST_DEGS):
        return None
    turned_rads = float(np.radians(best[0])) / (0.5 * STILL_S)
    return GyroOffset(offset, max(LEAST_DOUBT_RADS, turned_rads), is_from_rest=True)


def moving_offset(samples: ImuSamples, rate_hz: float) -> GyroOffset:
    """Estimate the gyroscope's offset from a few seconds of movement.

    Seen from the starting frame the acceleration of a limb that comes and goes is gravity, on
    average. An offset makes that frame turn, and gravity with it: the offset that undoes it best
    in the least-squares sense is taken, with the expectation that offsets are small.

    Notes
    -----
    Gauss-Newton on the linearised turn: with R the integrated rate and f the specific force,
    R f + [R f]x (integral of R) b = g for all rows; unknown are b and g. Block means of 0.1 s
    stand for the rows. Nobody knows how the limb turned while samples were missing, so that each
    stretch between holes has a starting frame and a g of its own; b is that of all.

    """
    offset = np.zeros(3)
    block = max(1, round(BLOCK_S * rate_hz))
    stretches = [s for s in _stretches(samples, rate_hz) if len(s) >= block]
    if not stretches:
        return GyroOffset(offset, float(np.radians(USUAL_DEGS)), is_from_rest=False)
    prior = MOVEMENT_MS2 / np.radians(USUAL_DEGS)
    n_unknown = 3 * (1 + len(stretches))
    expected = prior * np.eye(3, n_unknown)
    for _ in range(ITERATIONS):
        rows, right = [expected], [-prior * offset]
        for k, stretch in enumerate(stretches, 1):
            force, drift = _seen_from_start(stretch, offset, rate_hz, block)
            equations = np.zeros((len(force), 3, n_unknown))
            equations[:, :, :3] = _cross_matrices(force) @ drift
            equations[:, :, 3 * k : 3 * k + 3] = -np.eye(3)
            rows.append(equations.reshape(-1, n_unknown))
            right.append(-force.ravel())
        solution = np.linalg.lstsq(np.concatenate(rows), np.concatenate(right), rcond=None)[0]
        offset = offset + solution[:3]
    return GyroOffset(offset, MOVING_DOUBT_RADS, is_from_rest=False)


def _stretches(samples: ImuSamples, rate_hz: float) -> list[ImuSamples]:
    """Cut samples where some are missing."""
    steps = (samples.time_s[1:] - samples.time_s[:-1]) * rate_hz
    holes = np.flatnonzero(steps > gap_periods(samples.time_s, rate_hz)) + 1
    ends = [0, *holes.tolist(), len(samples)]
    return [samples[start:end] for start, end in pairwise(ends)]


def _seen_from_start(
    stretch: ImuSamples, offset: NDArray[np.float64], rate_hz: float, block: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return block means of the specific force (k, 3) and of the integral of R (k, 3, 3)."""
    turn = _integrated(stretch.gyr_rads - offset, rate_hz)
    force = np.einsum("nij,nj->ni", turn, stretch.acc_ms2)
    drift = np.cumsum(turn, axis=0) / rate_hz
    k = len(stretch) // block
    n = k * block
    return (
        force[:n].reshape(k, block, 3).mean(axis=1),
        drift[:n].reshape(k, block, 3, 3).mean(axis=1),
    )


def _turn_deg(samples: ImuSamples, start: int, n: int) -> float | None:
    """How far the acceleration turned within a window, or None if that was no rest."""
    acc, gyr = samples.acc_ms2[start : start + n], samples.gyr_rads[start : start + n]
    spread_degs = float(np.degrees(np.sqrt(gyr.var(axis=0).sum())))
    if spread_degs > STILL_GYR_DEGS or float(np.sqrt(acc.var(axis=0).sum())) > STILL_ACC_MS2:
        return None
    early, late = acc[: n // 2].mean(axis=0), acc[n // 2 :].mean(axis=0)
    norms = float(np.linalg.norm(early) * np.linalg.norm(late))
    if norms == 0.0:
        return None
    turn = float(np.degrees(np.arccos(np.clip(early @ late / norms, -1.0, 1.0))))
    return turn if turn < STILL_TURN_DEG else None


def _integrated(gyr_rads: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Rotation matrices (n, 3, 3) from the sensor to its first frame, by the rate alone."""
    integrator = VQF(1.0 / rate_hz)
    quaternions = np.empty((len(gyr_rads), 4))
    for row, rate in enumerate(np.ascontiguousarray(gyr_rads)):
        integrator.updateGyr(rate)
        quaternions[row] = integrator.getQuat3D()
    w, x, y, z = quaternions.T
    turn = np.empty((len(gyr_rads), 3, 3))
    turn[:, 0] = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], 1)
    turn[:, 1] = np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], 1)
    turn[:, 2] = np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], 1)
    return turn


def _cross_matrices(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices (n, 3, 3) that take the cross product with vectors (n, 3)."""
    matrices = np.zeros((len(vectors), 3, 3))
    x, y, z = vectors.T
    matrices[:, 0, 1], matrices[:, 0, 2], matrices[:, 1, 2] = -z, y, -x
    matrices[:, 1, 0], matrices[:, 2, 0], matrices[:, 2, 1] = z, -y, x
    return matrices
