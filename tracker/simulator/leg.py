"""The leg as a chain of rigid bodies, and what a sensor on it feels.

World: z up. The chain, each link in the frame of the one before:

1. heading (about the vertical) and turn (about the body's long axis, as in rolling over): the hip
   sits beside that axis and is carried along;
2. the hip point may be pushed about (walking, an impact on the bed), and the leg rolls about its
   length: the hinge axis tilts;
3. thigh: elevation above horizontal about the hinge axis; the knee some 0.42 m further on;
4. shank: elevation relative to the thigh; the sensor 0.3-0.4 m below the knee;
5. strap: turns around the shank, the sensor 4 cm off its middle;
6. skin: three small rotations of the sensor's bed against the bone;
7. mounting: any rotation.

A foot that carries the body stays where it is: then the chain begins at the ankle and runs up.
Where the weight goes from one foot to the other, both descriptions are mixed.

Angular rate, angular acceleration and specific force are carried along the chain by the rules of
rigid-body motion (the forward pass of the recursive Newton-Euler method): exact, no differences.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.simulator.curves import Array

GRAVITY_MS2: Final = 9.81
_X, _Y, _Z = 0, 1, 2
_Lever = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Lengths and fixed rotations of one person wearing one sensor, or two.

    Parameters
    ----------
    thigh_m, shank_m : float
        Hip to knee, knee to ankle.
    hip_m : 3 floats
        The hip joint from the axis about which the body rolls over.
    sensor_m : 3 floats
        The sensor in the frame of the shank: x from knee to foot, y along the hinge.
    mounting : (3, 3) array
        Rotation from the frame of the shank's skin to the sensor: v_sensor = mounting @ v_skin.
    thigh_sensor_m, thigh_mounting
        The same of a second sensor, in the frame of the thigh: x from hip to knee.

    """

    thigh_m: float
    sensor_m: _Lever
    mounting: NDArray[np.float64]
    shank_m: float = 0.42
    hip_m: _Lever = (0.0, 0.0, 0.0)
    thigh_sensor_m: _Lever = (0.25, 0.0, 0.06)
    thigh_mounting: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """All joints of the chain over time: each (3, n), value and two derivatives, in degrees.

    `thigh_deg` and `shank_deg` are elevations above horizontal (the shank's is absolute),
    `push_ms2` (3, n) is the acceleration in the world of whatever the chain begins with,
    `hip_ms2` (3, n) what the hip adds where the chain begins there. `footing` (n,) is 1 while
    this foot carries the body and 0 while it does not; None: never.
    """

    heading_deg: Array
    turn_deg: Array
    roll_deg: Array
    thigh_deg: Array
    shank_deg: Array
    strap_deg: Array
    skin_deg: tuple[Array, Array, Array]
    push_ms2: Array
    hip_ms2: Array
    footing: Array | None = None


@dataclass(slots=True)
class _Link:
    """What is known in the frame of one link: (3, n) each."""

    force: Array  # specific force at the link's origin
    rate: Array
    rate_change: Array
    up: Array

    def turn(self, axis: int, angle_rad: Array) -> None:
        """Go to the frame that is turned about one of the axes."""
        i, j = (axis + 1) % 3, (axis + 2) % 3
        sine, cosine = np.sin(angle_rad[0]), np.cos(angle_rad[0])
        for vector in (self.force, self.rate, self.rate_change, self.up):
            vector[i], vector[j] = (
                cosine * vector[i] + sine * vector[j],
                cosine * vector[j] - sine * vector[i],
            )
        speed = angle_rad[1]
        self.rate_change[i] += speed * self.rate[j]
        self.rate_change[j] -= speed * self.rate[i]
        self.rate_change[axis] += angle_rad[2]
        self.rate[axis] += speed

    def shift(self, lever_m: _Lever) -> None:
        """Go along a fixed lever: tangential and centripetal acceleration come in."""
        lever = np.asarray(lever_m)[:, None]
        self.force += _cross(self.rate_change, lever)
        self.force += _cross(self.rate, _cross(self.rate, lever))

    def mix(self, other: "_Link", share: Array) -> None:
        """Feel a share of the force of another description of the same place."""
        self.force += share * (other.force - self.force)

    def seen_by(self, mounting: NDArray[np.float64]) -> tuple[Array, Array, Array]:
        """Return force, rate and vertical in the axes of a sensor, (n, 3) each."""
        acc, gyr, up = (
            np.ascontiguousarray((mounting @ vector).T)
            for vector in (self.force, self.rate, self.up)
        )
        return acc, gyr, up


def sensor_signals(pose: Pose, geometry: Geometry) -> tuple[Array, Array, Array]:
    """Return what an ideal sensor on the shank feels.

    Returns
    -------
    acc_ms2, gyr_rads, up : (n, 3) arrays
        Specific force, angular rate and the unit vertical, all in the sensor's axes.

    """
    along_m, *across_m = geometry.sensor_m
    link = _thigh_from_hip(pose, geometry)
    link.shift((geometry.thigh_m, 0.0, 0.0))
    link.turn(_Y, -np.radians(pose.shank_deg - pose.thigh_deg))
    link.shift((along_m, 0.0, 0.0))
    if pose.footing is not None:
        standing = _shank_from_ankle(pose)
        standing.shift((along_m - geometry.shank_m, 0.0, 0.0))
        link.mix(standing, pose.footing)
    link.turn(_X, np.radians(pose.strap_deg))
    link.shift((0.0, across_m[0], across_m[1]))
    for axis, angle_deg in zip((_X, _Y, _Z), pose.skin_deg, strict=True):
        link.turn(axis, np.radians(angle_deg))
    return link.seen_by(geometry.mounting)


def thigh_signals(pose: Pose, geometry: Geometry) -> tuple[Array, Array, Array]:
    """Return what an ideal sensor on the thigh feels, as `sensor_signals` does."""
    along_m, *across_m = geometry.thigh_sensor_m
    link = _thigh_from_hip(pose, geometry)
    link.shift((along_m, across_m[0], across_m[1]))
    if pose.footing is not None:
        standing = _shank_from_ankle(pose)
        standing.shift((-geometry.shank_m, 0.0, 0.0))
        standing.turn(_Y, np.radians(pose.shank_deg - pose.thigh_deg))
        standing.shift((along_m - geometry.thigh_m, across_m[0], across_m[1]))
        link.mix(standing, pose.footing)
    return link.seen_by(geometry.thigh_mounting)


def _ground(pose: Pose, acceleration_ms2: Array) -> _Link:
    """Return the first link: where the body is heading and lying."""
    n = acceleration_ms2.shape[1]
    up = np.zeros((3, n))
    up[_Z] = 1.0
    link = _Link(
        force=acceleration_ms2 + GRAVITY_MS2 * up,
        rate=np.zeros((3, n)),
        rate_change=np.zeros((3, n)),
        up=up,
    )
    link.turn(_Z, np.radians(pose.heading_deg))
    link.turn(_X, np.radians(pose.turn_deg))
    return link


def _thigh_from_hip(pose: Pose, geometry: Geometry) -> _Link:
    link = _ground(pose, pose.push_ms2 + pose.hip_ms2)
    link.shift(geometry.hip_m)
    link.turn(_X, np.radians(pose.roll_deg))
    # A positive turn about y lowers x: elevation is the negative of it.
    link.turn(_Y, -np.radians(pose.thigh_deg))
    return link


def _shank_from_ankle(pose: Pose) -> _Link:
    link = _ground(pose, pose.push_ms2)
    link.turn(_X, np.radians(pose.roll_deg))
    link.turn(_Y, -np.radians(pose.shank_deg))
    return link


def _cross(one: Array, other: Array) -> Array:
    """Cross product of (3, n) with (3, n) or (3, 1): much quicker than numpy's on rows."""
    return np.stack(
        [
            one[1] * other[2] - one[2] * other[1],
            one[2] * other[0] - one[0] * other[2],
            one[0] * other[1] - one[1] * other[0],
        ]
    )


def random_rotation(rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw a rotation matrix, every orientation equally likely (a random unit quaternion)."""
    w, x, y, z = (q := rng.normal(size=4)) / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
