from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.simulator.curves import (
    Curve,
    Hum,
    Move,
    Ring,
    SpeedProfile,
    Wave,
    cosine,
    minimum_jerk,
)

STEP_S = 1e-4
PROFILE = SpeedProfile([0, 0.1, 0.5, 0.55, 0.7, 1], [0, 1.4, 0.8, 0, 1, 0])
PIECES = {
    "minimum jerk": Move(1.0, 3.0, 90.0),
    "cosine": Move(1.0, 3.0, 90.0, cosine),
    "profile": Move(1.0, 3.0, 90.0, PROFILE),
    "ring": Ring(1.0, 2.0, 7.0, 0.1),
    "wave": Wave(1.0, 4.0, 5.0, 2.0, 0.7, 0.5),
    "short wave": Wave(1.0, 1.6, 5.0, 2.0, 0.7, 0.5),
}


def curve_of(*pieces):
    curve = Curve()
    for piece in pieces:
        curve.add(piece)
    return curve


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_speed_and_acceleration_are_the_derivatives_of_the_value(piece):
    inside_s = np.arange(1.01, piece.end_s - 0.01, STEP_S)

    value, speed, acceleration = curve_of(piece).evaluate(inside_s)

    assert np.gradient(value, STEP_S)[1:-1] == pytest.approx(speed[1:-1], abs=2e-3)
    # Where acceleration has a corner, the difference over two steps is off by half a step's change.
    largest = np.abs(acceleration).max()
    assert np.gradient(speed, STEP_S)[1:-1] == pytest.approx(acceleration[1:-1], abs=2e-3 * largest)


@pytest.mark.parametrize("shape", [minimum_jerk, cosine, PROFILE])
def test_a_shape_goes_from_zero_to_one(shape):
    ends = shape(np.array([0.0, 1.0]))

    assert ends[0] == pytest.approx([0.0, 1.0])
    assert ends[1] == pytest.approx([0.0, 0.0])


def test_a_move_stays_where_it_went():
    curve = curve_of(Move(0.0, 1.0, 90.0), Move(2.0, 3.0, -80.0))

    value = curve.evaluate(np.array([-1.0, 0.0, 1.5, 5.0, 100.0]))[0]

    assert value == pytest.approx([0.0, 0.0, 90.0, 10.0, 10.0])
    assert curve.settled == pytest.approx(10.0)


@given(cuts=st.sets(st.integers(1, 599), max_size=6))
def test_a_curve_does_not_depend_on_where_time_is_cut(cuts):
    time_s = np.arange(600) * 0.01
    curve = curve_of(*PIECES.values())
    edges = [0, *sorted(cuts), 600]

    parts = [curve.evaluate(time_s[a:b]) for a, b in pairwise(edges)]

    assert np.concatenate(parts, axis=1) == pytest.approx(curve.evaluate(time_s), abs=1e-9)


def test_forgetting_what_is_over_changes_nothing_afterwards():
    later_s = np.arange(3.0, 6.0, 0.01)
    curve = curve_of(Move(0.0, 1.0, 90.0), Ring(0.5, 1.0, 5.0, 0.05), Move(2.5, 2.0, -90.0))
    before = curve.evaluate(later_s)

    curve.forget_before(3.0)

    assert curve.evaluate(later_s) == pytest.approx(before)
    assert curve.settled == pytest.approx(0.0)


def test_a_hum_has_the_strength_that_was_asked_for():
    hum = Hum(np.random.default_rng(1), 0.3, (4.0, 12.0))

    value = hum.evaluate(np.arange(0.0, 120.0, 0.005))[0]

    assert np.sqrt(np.mean(value**2)) == pytest.approx(0.3, rel=0.05)
