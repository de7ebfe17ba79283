"""How a sensor is worn and how good it is: two levels, each a distribution to draw from."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tracker.simulator.curves import Array


class WearLevel(StrEnum):
    """How difficult the signal is."""

    TYPICAL = "typical"
    HARD = "hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """One person's tissue, strap and sensor. Fields ending in `_rms` are at 100 Hz.

    Parameters
    ----------
    hinge_tilt_deg : float
        Tilt of the hinge axis out of the horizontal.
    tremor_deg : float
        Root mean square of the shank's tremor, 4-12 Hz.
    skin_gain : (3,) array
        Rotation of the sensor's bed per degree of knee flexion, about the shank's three axes.
    wobble_deg : float
        Amplitude of the soft tissue's ringing after a firm knock.
    slip_deg_per_min : float
        Slow turning of the strap around the leg.
    gyr_bias_drift_rads : float
        Amplitude of the slow wandering of the gyroscope's zero.
    rest_shift_deg : float
        By how much (standard deviation) the rest pose moves when someone has got up.

    """

    hinge_tilt_deg: float
    tremor_deg: float
    skin_gain: Array
    wobble_deg: float
    slip_deg_per_min: float
    thigh_shift_deg: float
    rest_shift_deg: float
    knock_gain: float
    gyr_noise_rms_rads: float
    acc_noise_rms_ms2: float
    gyr_bias_rads: Array
    gyr_bias_drift_rads: float
    acc_bias_ms2: Array
    gyr_scale: Array
    acc_scale: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """Bounds of one level, from which a `Wear` is drawn."""

    hinge_tilt_deg: float
    tremor_deg: tuple[float, float]
    skin_deg: float
    wobble_deg: tuple[float, float]
    slip_deg_per_min: float
    thigh_shift_deg: float
    rest_shift_deg: float
    knock_gain: tuple[float, float]
    gyr_noise_rms_dps: tuple[float, float]
    acc_noise_rms_ms2: tuple[float, float]
    gyr_bias_dps: float
    gyr_bias_drift_dps: float
    acc_bias_ms2: float
    scale_error: float


_LEVELS = {
    WearLevel.TYPICAL: _Range(
        hinge_tilt_deg=5.0,
        tremor_deg=(0.05, 0.15),
        skin_deg=1.0,
        wobble_deg=(0.2, 0.6),
        slip_deg_per_min=0.2,
        thigh_shift_deg=0.8,
        rest_shift_deg=1.5,
        knock_gain=(0.4, 1.0),
        gyr_noise_rms_dps=(0.05, 0.12),
        acc_noise_rms_ms2=(0.015, 0.035),
        gyr_bias_dps=2.0,
        gyr_bias_drift_dps=0.05,
        acc_bias_ms2=0.02,
        scale_error=0.005,
    ),
    WearLevel.HARD: _Range(
        hinge_tilt_deg=12.0,
        tremor_deg=(0.1, 0.3),
        skin_deg=2.0,
        wobble_deg=(0.8, 2.5),
        slip_deg_per_min=2.0,
        thigh_shift_deg=2.0,
        rest_shift_deg=4.0,
        knock_gain=(0.8, 2.0),
        gyr_noise_rms_dps=(0.08, 0.2),
        acc_noise_rms_ms2=(0.03, 0.08),
        gyr_bias_dps=8.0,
        gyr_bias_drift_dps=0.2,
        acc_bias_ms2=0.05,
        scale_error=0.012,
    ),
}

# Skin slides most around the leg and along it; a turn about the hinge itself is the smallest,
# for the sensor lies on the side of the shank.
_SKIN_SHARE = np.array([1.0, 0.3, 0.7])
_RIGHT_ANGLE_DEG = 90.0


def draw_wear(level: WearLevel, rng: np.random.Generator) -> Wear:
    """Draw how one person wears one sensor."""
    bounds = _LEVELS[level]
    skin_gain = rng.normal(0.0, 0.6, 3) * bounds.skin_deg * _SKIN_SHARE / _RIGHT_ANGLE_DEG
    bias_dps = rng.uniform(-1.0, 1.0, 3) * bounds.gyr_bias_dps
    return Wear(
        hinge_tilt_deg=rng.uniform(-1.0, 1.0) * bounds.hinge_tilt_deg,
        tremor_deg=rng.uniform(*bounds.tremor_deg),
        skin_gain=skin_gain,
        wobble_deg=rng.uniform(*bounds.wobble_deg),
        slip_deg_per_min=rng.uniform(-1.0, 1.0) * bounds.slip_deg_per_min,
        thigh_shift_deg=bounds.thigh_shift_deg,
        rest_shift_deg=bounds.rest_shift_deg,
        knock_gain=rng.uniform(*bounds.knock_gain),
        gyr_noise_rms_rads=np.radians(rng.uniform(*bounds.gyr_noise_rms_dps)),
        acc_noise_rms_ms2=rng.uniform(*bounds.acc_noise_rms_ms2),
        gyr_bias_rads=np.radians(bias_dps),
        gyr_bias_drift_rads=np.radians(bounds.gyr_bias_drift_dps),
        acc_bias_ms2=rng.normal(0.0, bounds.acc_bias_ms2, 3),
        gyr_scale=1.0 + rng.normal(0.0, bounds.scale_error, 3),
        acc_scale=1.0 + rng.normal(0.0, 0.5 * bounds.scale_error, 3),
    )


def perfect_wear() -> Wear:
    """Return a bone-fixed, flawless sensor: for checks of the physics."""
    return Wear(
        hinge_tilt_deg=0.0,
        tremor_deg=0.0,
        skin_gain=np.zeros(3),
        wobble_deg=0.0,
        slip_deg_per_min=0.0,
        thigh_shift_deg=0.0,
        rest_shift_deg=0.0,
        knock_gain=0.0,
        gyr_noise_rms_rads=0.0,
        acc_noise_rms_ms2=0.0,
        gyr_bias_rads=np.zeros(3),
        gyr_bias_drift_rads=0.0,
        acc_bias_ms2=np.zeros(3),
        gyr_scale=np.ones(3),
        acc_scale=np.ones(3),
    )
