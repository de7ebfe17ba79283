import numpy as np
import pytest

from tracker.simulator.curves import Curve, Move, SpeedProfile
from tracker.simulator.cycles import Cyclic, Turn, when_reached

STEP_S = 1e-4
KNEE = Turn((5.0, 15.0, 15.0, 8.0, 6.0, 12.0, 38.0, 60.0, 45.0, 12.0))


def quickening():
    """Ten turns in ten seconds, slowly first."""
    phase = Curve()
    phase.add(Move(0.0, 10.0, 10.0, SpeedProfile([0, 1, 9, 10], [0, 0.8, 1.4, 0])))
    return phase


def test_speed_and_acceleration_of_a_changing_cadence_are_the_derivatives_of_the_angle():
    gain = Curve()
    gain.add(Move(0.0, 1.0, 1.0))
    piece = Cyclic(0.0, 10.0, quickening(), gain, KNEE)
    time_s = np.arange(0.1, 9.9, STEP_S)

    value, speed, acceleration = piece.evaluate(time_s)

    assert np.gradient(value, STEP_S)[1:-1] == pytest.approx(speed[1:-1], abs=0.01)
    largest = np.abs(acceleration).max()
    assert np.gradient(speed, STEP_S)[1:-1] == pytest.approx(acceleration[1:-1], abs=2e-3 * largest)


def test_a_turn_goes_through_the_values_it_was_given():
    ten = np.cos(2.0 * np.pi * np.arange(10) / 10) * 30.0 + 12.0

    sampled = Turn(ten).sampled(np.arange(10) / 10)

    assert sampled == pytest.approx(ten)


def test_the_instants_of_whole_turns_are_those_at_which_the_phase_is_whole():
    phase = quickening()

    at_s = when_reached(phase.evaluate, (0.5, 9.5))

    turns = phase.evaluate(at_s)[0]
    assert turns == pytest.approx(np.round(turns), abs=0.005)
    assert np.diff(np.round(turns)) == pytest.approx(np.ones(len(turns) - 1))


def test_a_phase_that_stands_still_reaches_nothing():
    phase = Curve(0.5)

    assert len(when_reached(phase.evaluate, (0.0, 5.0))) == 0
