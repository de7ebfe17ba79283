"""Signals of a sensor on a lower leg, made by a hinge and gravity alone.

A movement is a list of stretches; `leg_signal` turns it into what a sensor feels. Written without
`analysis` and `tracker.simulator`, so that neither is judged by itself.

>>> prone_set(reps=2, eccentric_s=3.0).n_samples > 1000
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis import ImuSamples

GRAVITY_MS2 = 9.81
LEVER_M = 0.35  # from the knee to the sensor above the ankle
FINE_HZ = 1000.0  # the movement is drawn this finely before it is sampled
MUSCLE_S = 0.006  # no leg changes speed in no time


@dataclass(frozen=True)
class Stretch:
    """A part of a movement: to an angle, in a time, and how."""

    to_deg: float
    seconds: float
    shape: str = "minimum_jerk"


def minimum_jerk(share):
    return share**3 * (10.0 - 15.0 * share + 6.0 * share**2)


def cosine(share):
    return 0.5 * (1.0 - np.cos(np.pi * share))


def constant(share):
    return share


SHAPES = {"minimum_jerk": minimum_jerk, "cosine": cosine, "constant": constant}


def still(seconds, at_deg=0.0):
    return Stretch(at_deg, seconds)


def rep(
    *,
    eccentric_s=3.0,
    peak_deg=90.0,
    end_deg=0.0,
    lift_s=1.0,
    top_s=0.5,
    rest_s=1.0,
    shape="minimum_jerk",
):
    """One repetition: lifted, held, lowered, and a rest."""
    return [
        Stretch(peak_deg, lift_s),
        still(top_s, peak_deg),
        Stretch(end_deg, eccentric_s, shape),
        still(rest_s, end_deg),
    ]


def angle_curve(stretches: Sequence[Stretch], from_deg=0.0):
    """Return the angle in degrees at `FINE_HZ`."""
    parts, at_deg = [], from_deg
    for stretch in stretches:
        share = np.arange(round(stretch.seconds * FINE_HZ)) / (stretch.seconds * FINE_HZ)
        parts.append(at_deg + (stretch.to_deg - at_deg) * SHAPES[stretch.shape](share))
        at_deg = stretch.to_deg
    angle_deg = np.concatenate([*parts, [at_deg]])
    half = round(3.0 * MUSCLE_S * FINE_HZ)
    weights = np.exp(-0.5 * (np.arange(-half, half + 1) / (MUSCLE_S * FINE_HZ)) ** 2)
    return np.convolve(np.pad(angle_deg, half, "edge"), weights / weights.sum(), "valid")


def rotation(axis, angle_deg):
    """Rotation matrix about an axis (Rodrigues)."""
    x, y, z = np.asarray(axis, dtype=float) / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn = np.radians(angle_deg)
    return np.eye(3) + np.sin(turn) * cross + (1.0 - np.cos(turn)) * cross @ cross


def random_rotation(seed):
    matrix, triangle = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    matrix *= np.sign(np.diag(triangle))
    return matrix * np.sign(np.linalg.det(matrix))


def up_in_shank(axis, angle_rad):
    """Return how the vertical turns in a shank that turns about an axis (Rodrigues), (n, 3)."""
    up = np.array([0.0, 0.0, 1.0])
    cos, sin = np.cos(angle_rad)[:, None], np.sin(angle_rad)[:, None]
    return cos * up - sin * np.cross(axis, up) + (1.0 - cos) * (axis @ up) * axis


def leg_signal(
    stretches: Sequence[Stretch],
    *,
    rate_hz=100.0,
    axis_tilt_deg=0.0,
    start_deg=0.0,
    mounting=None,
    noise_seed=None,
    bias_degs=(0.0, 0.0, 0.0),
    lever_m=LEVER_M,
) -> ImuSamples:
    """Return what the sensor feels while the shank turns about the knee.

    At 0 degrees the shank lies level; `axis_tilt_deg` tilts the hinge out of the horizontal;
    `mounting` is how the sensor is turned on the shank; the noise is a fair sensor's.
    """
    angle_rad = np.radians(angle_curve(stretches, start_deg))
    speed_rads = np.gradient(angle_rad, 1.0 / FINE_HZ)
    change_rads2 = np.gradient(speed_rads, 1.0 / FINE_HZ)
    time_s = np.arange(int((len(angle_rad) - 1) / FINE_HZ * rate_hz) + 1) / rate_hz
    at = np.round(time_s * FINE_HZ).astype(int)
    axis = rotation([1, 0, 0], axis_tilt_deg) @ np.array([0.0, -1.0, 0.0])
    across = np.cross(axis, [lever_m, 0.0, 0.0])  # of the turning sensor, in the shank's axes
    inwards = np.cross(axis, across)
    acc = (
        np.outer(change_rads2[at], across)
        + np.outer(speed_rads[at] ** 2, inwards)
        + GRAVITY_MS2 * up_in_shank(axis, angle_rad[at])
    )
    gyr = np.outer(speed_rads[at], axis)
    shank_to_sensor = np.eye(3) if mounting is None else np.asarray(mounting)
    acc, gyr = acc @ shank_to_sensor, gyr @ shank_to_sensor
    gyr += np.radians(bias_degs)
    if noise_seed is not None:
        rng = np.random.default_rng(noise_seed)
        acc += rng.normal(0.0, 0.03, acc.shape)
        gyr += rng.normal(0.0, np.radians(0.1), gyr.shape)
    return ImuSamples(time_s, acc, gyr)


def prone_moves(
    reps=5, *, still_s=2.0, after_s=2.0, eccentric_s=3.0, peak_deg=90.0, **of_each
) -> list[Stretch]:
    """Return the movement of a set: still, the repetitions, still."""
    one = rep(eccentric_s=eccentric_s, peak_deg=peak_deg, **of_each)
    return [still(still_s), *(one * reps), still(after_s, one[-1].to_deg)]


def prone_set(
    reps=5,
    *,
    eccentric_s=3.0,
    peak_deg=90.0,
    rate_hz=100.0,
    still_s=2.0,
    after_s=2.0,
    axis_tilt_deg=0.0,
    mounting=None,
    noise_seed=None,
    **of_each,
) -> ImuSamples:
    """Return a set lying face down; see `rep` for what else can be said of each repetition."""
    moves = prone_moves(
        reps,
        still_s=still_s,
        after_s=after_s,
        eccentric_s=eccentric_s,
        peak_deg=peak_deg,
        **of_each,
    )
    return leg_signal(
        moves,
        rate_hz=rate_hz,
        axis_tilt_deg=axis_tilt_deg,
        mounting=mounting,
        noise_seed=noise_seed,
    )


def still_signal(seconds=5.0, *, rate_hz=100.0, noise_seed=0) -> ImuSamples:
    return leg_signal([still(seconds)], rate_hz=rate_hz, noise_seed=noise_seed)


def shaken_about(seconds, *, seed=0) -> ImuSamples:
    """Return the signal of a leg that is never still and never does the exercise."""
    rng = np.random.default_rng(seed)
    samples = leg_signal(
        [Stretch(float(deg), 0.5) for deg in rng.uniform(-60.0, 60.0, round(2 * seconds))],
        noise_seed=seed,
    )
    samples.acc_ms2[:] += 10.0 * np.sin(2 * np.pi * 1.4 * samples.time_s)[:, None]
    return samples


def with_turned_sensor(samples: ImuSamples, turn) -> ImuSamples:
    """Return what the same sensor says when it is mounted turned."""
    return ImuSamples(samples.time_s, samples.acc_ms2 @ turn, samples.gyr_rads @ turn)


def mirrored(samples: ImuSamples) -> ImuSamples:
    """Return the other leg's signal: forces mirror as vectors, rates with the opposite sign."""
    mirror = np.array([1.0, -1.0, 1.0])
    return ImuSamples(samples.time_s, samples.acc_ms2 * mirror, samples.gyr_rads * -mirror)


def later(samples: ImuSamples, by_s) -> ImuSamples:
    return ImuSamples(samples.time_s + by_s, samples.acc_ms2, samples.gyr_rads)


def joined(*parts: ImuSamples) -> ImuSamples:
    """Put signals together, one after the other on one clock."""
    moved: list[ImuSamples] = []
    for part in parts:
        moved.append(later(part, moved[-1].time_s[-1] + 0.01 if moved else 0.0))
    return ImuSamples.joined(moved)


def without(samples: ImuSamples, start_s, end_s) -> ImuSamples:
    """Return the samples outside (start, end): a gap that long."""
    kept = (samples.time_s <= start_s) | (samples.time_s >= end_s)
    return ImuSamples(samples.time_s[kept], samples.acc_ms2[kept], samples.gyr_rads[kept])


def clipped(samples: ImuSamples, *, gyr_dps=2000.0, acc_g=16.0) -> ImuSamples:
    """Return what a sensor with these ranges would say."""
    gyr_limit, acc_limit = np.radians(gyr_dps), acc_g * 9.80665
    return ImuSamples(
        samples.time_s,
        samples.acc_ms2.clip(-acc_limit, acc_limit),
        samples.gyr_rads.clip(-gyr_limit, gyr_limit),
    )


def cut_at(samples: ImuSamples, cuts) -> list[ImuSamples]:
    """Return the pieces between sample numbers; equal numbers give empty pieces."""
    edges = [0, *sorted(min(cut, len(samples)) for cut in cuts), len(samples)]
    return [samples[start:end] for start, end in pairwise(edges)]


def packets_of(samples: ImuSamples, n) -> list[ImuSamples]:
    return cut_at(samples, range(n, len(samples), n))
