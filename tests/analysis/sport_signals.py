"""Signals of a sensor on the shank of someone who walks, runs or cycles: a plane leg on paper.

Written without `tracker.simulator`: other curves, a hip that travels, impacts as short bursts.
A course is a list of `Leg`s; `course_signal` turns it into what the sensor feels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from analysis import ImuSamples
from tests.builders import random_rotation

GRAVITY_MS2 = 9.81
FINE_HZ = 400.0
THIGH_M, SENSOR_M = 0.42, 0.33
CRANK_M, SADDLE_M = 0.17, 0.66


@dataclass(frozen=True)
class Leg:
    """So many seconds of one kind, at so many steps (or turns of the crank) a minute."""

    kind: str
    seconds: float
    per_min: float = 0.0


def stand(seconds=4.0):
    return Leg("stand", seconds)


def bump(phase, at, width):
    """A smooth hill, once a turn."""
    return np.exp((np.cos(2 * np.pi * (phase - at)) - 1.0) / width**2)


def walking(phase):
    """Elevations of thigh and shank from hanging down, in degrees, forward positive."""
    thigh = 7.0 + 22.0 * np.cos(2 * np.pi * (phase - 0.96))
    knee = 4.0 + 57.0 * bump(phase, 0.73, 0.55) + 14.0 * bump(phase, 0.14, 0.45)
    return thigh, thigh - knee


def jogging(phase):
    thigh = 14.0 + 28.0 * np.cos(2 * np.pi * (phase - 0.88))
    knee = 14.0 + 72.0 * bump(phase, 0.66, 0.6) + 20.0 * bump(phase, 0.14, 0.4)
    return thigh, thigh - knee


def sprinting(phase):
    thigh = 22.0 + 40.0 * np.cos(2 * np.pi * (phase - 0.84))
    knee = 20.0 + 95.0 * bump(phase, 0.6, 0.65)
    return thigh, thigh - knee


def pedalling(phase):
    """Hip and crank hold the foot: two circles meet at the knee."""
    pedal = np.stack([0.2 + CRANK_M * np.sin(2 * np.pi * phase), -SADDLE_M - 0.0 * phase], axis=1)
    pedal[:, 1] += CRANK_M * np.cos(2 * np.pi * phase)
    shank_m = 0.46
    reach = np.hypot(pedal[:, 0], pedal[:, 1])
    line = np.arctan2(pedal[:, 0], -pedal[:, 1])
    at_hip = np.arccos((THIGH_M**2 + reach**2 - shank_m**2) / (2 * THIGH_M * reach))
    thigh = line + at_hip
    knee_x, knee_y = THIGH_M * np.sin(thigh), -THIGH_M * np.cos(thigh)
    shank = np.arctan2(pedal[:, 0] - knee_x, -(pedal[:, 1] - knee_y))
    return np.degrees(thigh), np.degrees(shank)


GAITS = {  # curves, hip's speed in m/s, impact in m/s²
    "walk": (walking, 1.4, 10.0),
    "jog": (jogging, 2.5, 40.0),
    "sprint": (sprinting, 6.0, 80.0),
    "pedal": (pedalling, 0.0, 0.0),
}


def course_signal(
    course: Sequence[Leg],
    *,
    rate_hz=100.0,
    mounting_seed=1,
    noise_seed=0,
    fade_s=0.4,
) -> ImuSamples:
    """Return what the sensor feels; between two legs one gait fades into the next."""
    time_s = np.arange(0.0, sum(leg.seconds for leg in course), 1.0 / FINE_HZ)
    edges_s = np.cumsum([0.0, *(leg.seconds for leg in course)])
    phase_hz = np.zeros(len(time_s))
    for leg, start_s, end_s in zip(course, edges_s[:-1], edges_s[1:], strict=True):
        strides_hz = leg.per_min / (60.0 if leg.kind == "pedal" else 120.0)
        sign = -1.0 if leg.kind.endswith("backward") else 1.0
        phase_hz[(time_s >= start_s) & (time_s < end_s)] = sign * strides_hz
    phase = np.cumsum(smooth(phase_hz, fade_s)) / FINE_HZ
    shape = (len(course), len(time_s))
    thigh_deg, shank_deg, speed, knock = (np.zeros(shape) for _ in range(4))
    for i, (leg, start_s, end_s) in enumerate(zip(course, edges_s[:-1], edges_s[1:], strict=True)):
        gain = smooth(((time_s >= start_s) & (time_s < end_s)).astype(float), fade_s)
        curves, hip_mps, impact_ms2 = GAITS.get(leg.kind.removesuffix("_backward"), (None, 0, 0))
        if curves is not None:
            thigh_deg[i], shank_deg[i] = (gain * angle for angle in curves(phase))
            speed[i] = gain * hip_mps * (-1.0 if leg.kind.endswith("backward") else 1.0)
            landing = 0.6 if leg.kind.endswith("backward") else 0.0
            knock[i] = gain * impact_ms2 * bump(phase, landing, 0.12)
    thigh, shank = np.radians(thigh_deg.sum(axis=0)), np.radians(shank_deg.sum(axis=0))
    bob_m = 0.02 * np.cos(4 * np.pi * phase) * smooth((np.abs(phase_hz) > 0).astype(float), fade_s)
    place_x = np.cumsum(speed.sum(axis=0)) / FINE_HZ + THIGH_M * np.sin(thigh)
    place_z = bob_m - THIGH_M * np.cos(thigh) - SENSOR_M * np.cos(shank)
    place_x += SENSOR_M * np.sin(shank)
    force_x, force_z = (np.gradient(np.gradient(p)) * FINE_HZ**2 for p in (place_x, place_z))
    force_z = force_z + GRAVITY_MS2 + knock.sum(axis=0)
    return sampled(
        time_s,
        force_x,
        force_z,
        shank,
        rate_hz=rate_hz,
        mounting_seed=mounting_seed,
        noise_seed=noise_seed,
    )


def sampled(time_s, force_x, force_z, shank, *, rate_hz, mounting_seed, noise_seed) -> ImuSamples:
    """Turn forces and the shank's elevation into the samples of a sensor mounted anyhow."""
    rng = np.random.default_rng(noise_seed)
    step = FINE_HZ / rate_hz
    at = np.round(np.arange(0.0, len(time_s) - 1, step)).astype(int)
    cos, sin = np.cos(shank), np.sin(shank)
    acc = np.stack([cos * force_x + sin * force_z, 0.0 * cos, cos * force_z - sin * force_x], 1)
    gyr = np.stack([0.0 * cos, -np.gradient(shank) * FINE_HZ, 0.0 * cos], 1)
    mounting = random_rotation(mounting_seed)
    acc, gyr = acc[at] @ mounting, gyr[at] @ mounting
    acc += rng.normal(0.0, 0.05, acc.shape)
    gyr += rng.normal(0.0, 0.003, gyr.shape)
    return ImuSamples(np.arange(len(at)) / rate_hz, acc, gyr)


def smooth(values, over_s):
    """Let steps take some time."""
    n = max(1, round(0.5 * over_s * FINE_HZ))
    return uniform_filter1d(uniform_filter1d(values, n, mode="nearest"), n, mode="nearest")


def bouts_of(result):
    return [bout for one in result.sets for bout in one.bouts]
