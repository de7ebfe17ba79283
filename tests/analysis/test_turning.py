"""The turns between samples, against turns that are known exactly."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from analysis.turning import SENSOR_DELAY_S, Turning

RATE_HZ = 57.0
CONE_HZ = 1.5
CONE_DEG = 25.0


def cone(time_s: NDArray[np.float64]) -> Rotation:
    """Return the orientations of a sensor whose axis of turning goes round itself."""
    phase = 2.0 * np.pi * CONE_HZ * time_s
    tilt = np.radians(CONE_DEG) * np.stack([np.cos(phase), np.sin(phase), 0.0 * phase], axis=1)
    return Rotation.from_rotvec(tilt) * Rotation.from_rotvec(np.outer(time_s, [0.0, 0.0, 1.0]))


def rates_at(time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rates (n, 3) in the sensor's axes, by a tiny central difference."""
    half_s = 1e-5
    turn = cone(time_s - half_s).inv() * cone(time_s + half_s)
    return np.asarray(turn.as_rotvec() / (2.0 * half_s))


def worst_deg(rates: NDArray[np.float64], time_s: NDArray[np.float64]) -> float:
    """Return how far the turns, one after the other, lead from where the sensor is at most."""
    start, at = cone(time_s[:1])[0], Rotation.identity()
    off_deg = []
    turns = Rotation.from_rotvec(rates[1:] * (time_s[1] - time_s[0]))
    for turn, truth in zip(turns, cone(time_s)[1:], strict=True):
        at = at * turn
        off_deg.append(np.degrees(((start * at).inv() * truth).magnitude()))
    return float(max(off_deg))


@pytest.mark.parametrize("rate_hz", [57.0, 100.0, 286.0])
def test_turns_of_a_changing_axis_lead_to_where_the_sensor_is(rate_hz: float) -> None:
    time_s = np.arange(0.0, 10.0, 1.0 / rate_hz)
    # The sensor reports late by what its own filter takes.
    reported = rates_at(time_s - SENSOR_DELAY_S)

    rates = Turning(rate_hz).between(reported, np.ones(len(time_s)))

    assert worst_deg(rates, time_s) < 0.1
    assert worst_deg(rates, time_s) < 0.05 * worst_deg(reported, time_s)


def test_a_steady_rate_stays_as_it_is_but_for_the_true_step() -> None:
    rates = np.tile([0.3, -1.2, 2.0], (20, 1))
    step_ratio = np.linspace(0.8, 1.2, 20)

    found = Turning(RATE_HZ).between(rates, step_ratio)

    np.testing.assert_allclose(found, rates * step_ratio[:, None], rtol=1e-12)


def test_it_does_not_matter_where_the_samples_are_cut() -> None:
    rng = np.random.default_rng(5)
    rates, step_ratio = rng.normal(size=(200, 3)), rng.uniform(0.5, 1.5, 200)
    cuts = np.sort(rng.choice(np.arange(1, 200), 30, replace=False))
    stream = Turning(RATE_HZ)

    pieces = [
        stream.between(*piece)
        for piece in zip(np.split(rates, cuts), np.split(step_ratio, cuts), strict=True)
    ]

    np.testing.assert_array_equal(
        np.concatenate(pieces), Turning(RATE_HZ).between(rates, step_ratio)
    )
