import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import ImuSamples
from tests.builders import (
    Stretch,
    cut_at,
    joined,
    leg_signal,
    shaken_about,
    still,
    still_signal,
    with_turned_sensor,
    without,
)
from tracker.still_watch import StillWatch

RESTLESS = joined(still_signal(1.4), shaken_about(1.0), still_signal(2.2, noise_seed=3))
TURNED = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


def still_s(*pieces):
    watch = StillWatch()
    for piece in pieces:
        watch.update(piece)
    return watch.still_s


@pytest.mark.parametrize("rate_hz", [25.0, 100.0, 200.0])
def test_a_leg_that_lies_still_is_still_from_its_first_sample_on(rate_hz):
    assert still_s(still_signal(2.0, rate_hz=rate_hz)) == pytest.approx(2.0, abs=0.06)


def test_how_the_sensor_is_mounted_makes_no_difference():
    lying = still_signal(2.0)

    assert still_s(with_turned_sensor(lying, TURNED)) == pytest.approx(still_s(lying))


def test_a_movement_empties_it_and_stillness_begins_anew():
    assert still_s(joined(still_signal(1.4), shaken_about(1.0))) == 0.0
    assert still_s(RESTLESS) == pytest.approx(2.2, abs=0.3)


def test_a_slow_lowering_is_a_movement():
    way_down = leg_signal([Stretch(90.0, 1.0), still(2.0, at_deg=90.0), Stretch(0.0, 3.0)])
    until_half_way = way_down[: round(4.5 * 100)]

    assert still_s(until_half_way) == 0.0


def test_a_tremor_of_half_a_degree_is_still():
    lying = still_signal(2.0)
    tremor_ms2 = 9.81 * np.radians(0.5) * np.sin(2 * np.pi * 8.0 * lying.time_s)
    shaken = lying.acc_ms2 + tremor_ms2[:, None] * [1.0, 0.0, 0.0]

    trembling = ImuSamples(lying.time_s, shaken, lying.gyr_rads)

    assert still_s(trembling) == pytest.approx(2.0, abs=0.06)


def test_after_a_gap_nobody_knows_whether_the_leg_was_still():
    assert still_s(without(still_signal(4.0), 2.0, 3.0)) == pytest.approx(1.0, abs=0.06)


@given(cuts=st.sets(st.integers(0, len(RESTLESS))))
def test_it_does_not_depend_on_where_the_samples_are_cut(cuts):
    assert still_s(*cut_at(RESTLESS, cuts)) == still_s(RESTLESS)
