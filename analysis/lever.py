"""What the accelerometer says beyond gravity: jolts, and how far the sensor is from its hinge."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector
from analysis.order_statistics import median

STANDARD_GRAVITY_MS2: Final = 9.80665
JOLT_BLOCK_S: Final = 0.15  # longer than the period of a tremor, shorter than a step
LEVER_BLOCK_S: Final = 0.2  # over the period of a tremor, which would drown the swing
CLEAR_ARM_M: Final = 0.15
LEVER_NOISE_MS2: Final = 0.6  # gravity that leaks in by a degree or two, over a few dozen blocks


def mean_jolt_ms2(acc_ms2: NDArray[np.float64], rate_hz: float) -> float:
    """Mean departure of the acceleration's size from 1 g over periods longer than a tremor's.

    Steps and stumbles have more than 2.5 m/s² of it; a tremor of half a degree may have 5 m/s² at
    8 Hz, but none that lasts.

    Parameters
    ----------
    acc_ms2 : (n, 3) ndarray
        Specific force in m/s².
    rate_hz : float
        Of the rows.

    """
    size = np.sqrt(np.einsum("ij,ij->i", acc_ms2, acc_ms2))
    blocks = block_means(size[:, None], max(1, round(JOLT_BLOCK_S * rate_hz)))
    return float(np.abs(blocks - STANDARD_GRAVITY_MS2).mean()) if len(blocks) else 0.0


@dataclass(frozen=True, slots=True)
class SwingFit:
    """How well a swing on a circle explains the acceleration, and on which circle."""

    arm_m: Vector  # (3,) from the hinge to the sensor, across the axis, in the sensor frame
    lever_u_m: float  # how far the noise can move it
    rest_ms2: float  # median size of what a swing does not explain: a landing is short

    @property
    def lever_m(self) -> float:
        """Distance of the sensor from the axis."""
        return float(np.sqrt(self.arm_m @ self.arm_m))

    @property
    def is_clear(self) -> bool:
        """Whether the arm is long enough, against the noise, to tell where the shank points."""
        return self.lever_m > CLEAR_ARM_M and self.lever_u_m < 0.5 * self.lever_m

    def slope_of_arm(self, up: Vector) -> float:
        """Return how steeply the arm points up for the sensor's vertical (3,): -1 to 1."""
        return float(up @ self.arm_m) / self.lever_m


def fit_swing(
    acc_ms2: NDArray[np.float64],
    up: NDArray[np.float64],
    gyr_rads: NDArray[np.float64],
    axis: Vector,
    rate_hz: float,
) -> SwingFit:
    """Estimate the distance of the sensor from the axis it turns about.

    On a circle of radius r the acceleration beyond gravity is r times the rate squared towards
    the hinge, and r times the rate's change across it. The radius that fits best tells a leg that
    swings about the knee or hip (0.3 to 0.9 m) from a sensor that is turned about itself, by a
    hand at the strap or by a leg that rolls over; what the fit leaves tells walking from both.

    Parameters
    ----------
    acc_ms2, up, gyr_rads : (n, 3) ndarray
        Specific force, the vertical, and the angular rate, in the sensor frame.
    axis : (3,) ndarray
        The hinge, a unit vector.
    rate_hz : float
        Of the rows.

    """
    m = max(1, round(LEVER_BLOCK_S * rate_hz))
    beyond = block_means(acc_ms2 - STANDARD_GRAVITY_MS2 * up, m)
    if not len(beyond):
        return SwingFit(np.zeros(3), np.inf, 0.0)
    # Over a block the means of the rate's square and of its change are exact, however quick.
    rate = gyr_rads @ axis
    squared = block_means((rate * rate)[:, None], m)[:, 0]
    edges = np.minimum(np.arange(len(beyond) + 1) * m, len(rate) - 1)
    change = np.diff(rate[edges]) * rate_hz / np.diff(edges)
    first, second = _across(axis)
    along, across = beyond @ first, beyond @ second
    # Least squares for the two components of r: the normal matrix is a multiple of the identity.
    weight = float(squared @ squared + change @ change) + 1e-9
    r_first = float(change @ across - squared @ along) / weight
    r_second = float(-squared @ across - change @ along) / weight
    left_first = along + squared * r_first + change * r_second
    left_second = across + squared * r_second - change * r_first
    left_axis = beyond @ axis
    return SwingFit(
        arm_m=r_first * first + r_second * second,
        lever_u_m=LEVER_NOISE_MS2 / float(np.sqrt(weight)),
        rest_ms2=median(np.sqrt(left_first**2 + left_second**2 + left_axis**2)),
    )


def _across(axis: Vector) -> tuple[Vector, Vector]:
    """Two unit vectors that make a right-handed frame with the axis."""
    x, y, z = axis.tolist()
    # Across the axis and the sensor axis that it is furthest from.
    furthest = int(np.abs(axis).argmin())
    across = ((0.0, z, -y), (-z, 0.0, x), (y, -x, 0.0))[furthest]
    norm = math.hypot(*across)
    a, b, c = (part / norm for part in across)
    return np.array([a, b, c]), np.array([y * c - z * b, z * a - x * c, x * b - y * a])


def block_means(values: NDArray[np.float64], block: int) -> NDArray[np.float64]:
    """Means of consecutive blocks of rows (n // block, k); a remainder is left out."""
    n_blocks = len(values) // block
    shape = (n_blocks, block, values.shape[1])
    return np.asarray(np.add.reduce(values[: n_blocks * block].reshape(shape), axis=1) / block)
