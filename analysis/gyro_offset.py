"""What a gyroscope reads when nothing turns: told from a still moment, or from movement.

The orientation filter learns the offset too, but needs half a minute of movement for what a cheap
part is off by; until then the vertical would be wrong by ten degrees and more.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from analysis.samples import ImuSamples

STILL_S: Final = 0.5
STILL_GYR_DEGS: Final = 12.0  # rms about the mean: tremor passes
STILL_TURN_DEG: Final = 1.0  # between the halves' mean acceleration
STILL_ACC_MS2: Final = 0.6
LARGEST_DEGS: Final = 20.0
LEAST_DOUBT_RADS: Final = 0.005

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
    stand for the rows.

    """
    offset = np.zeros(3)
    m = max(1, round(BLOCK_S * rate_hz))
    n_blocks = len(samples) // m
    if n_blocks == 0:
        return GyroOffset(offset, float(np.radians(USUAL_DEGS)), is_from_rest=False)
    prior = MOVEMENT_MS2 / np.radians(USUAL_DEGS)
    for _ in range(ITERATIONS):
        turn = _integrated(samples.gyr_rads - offset, rate_hz)
        force = np.einsum("nij,nj->ni", turn, samples.acc_ms2)
        drift = np.cumsum(turn, axis=0) / rate_hz
        force = force[: n_blocks * m].reshape(n_blocks, m, 3).mean(axis=1)
        drift = drift[: n_blocks * m].reshape(n_blocks, m, 3, 3).mean(axis=1)
        gravity = np.broadcast_to(-np.eye(3), (n_blocks, 3, 3))
        rows = np.concatenate([_cross_matrices(force) @ drift, gravity], axis=2).reshape(-1, 6)
        expected = np.hstack([prior * np.eye(3), np.zeros((3, 3))])
        right = np.concatenate([-force.ravel(), -prior * offset])
        solution = np.linalg.lstsq(np.vstack([rows, expected]), right, rcond=None)[0]
        offset = offset + solution[:3]
    return GyroOffset(offset, MOVING_DOUBT_RADS, is_from_rest=False)


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
