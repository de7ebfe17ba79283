"""What a closed excursion must be to count; each gate shut once."""

import numpy as np
import pytest

from analysis import vertical
from analysis.exercise import load_catalogue
from analysis.hinge import hinge_angle_deg
from analysis.rep_finder import Excursion, Levels
from analysis.rep_gates import is_repetition, swing_of
from analysis.rows import Rows
from tests.builders import Stretch, leg_signal, rep, still

AXIS = np.array([0.0, -1.0, 0.0])
UP = np.array([0.0, 0.0, 1.0])
PRONE = load_catalogue()["ecc_prone_helper"]
STILL_ROWS = 100


def excursion(*stretches):
    """Return a signal and what is seen of it: the vertical of each row."""
    samples = leg_signal([still(STILL_ROWS / 100.0), *stretches, still(0.2)])
    return samples, vertical(samples)


def counts(samples, up, *, is_cut_short=False, exercise=PRONE, n_rows=None):
    rows, n = Rows(), len(samples)
    marks = np.zeros(n, dtype=np.uint8)
    rows.append(samples.time_s, up, samples.gyr_rads, samples.acc_ms2, marks)
    angle_deg = hinge_angle_deg(up, AXIS, UP)
    top = int(angle_deg.argmax())
    end = n if n_rows is None else STILL_ROWS + n_rows
    ended = Excursion(
        start_row=STILL_ROWS,
        start_deg=0.0,
        top_row=top,
        top_deg=float(angle_deg[top]),
        return_row=end - 10,
        low_row=end - 1,
        low_deg=float(angle_deg[end - 1]),
        end_row=end,
        is_cut_short=is_cut_short,
    )
    levels = Levels.of(exercise, exercise.start_amplitude_deg)
    return is_repetition(
        exercise,
        rows,
        ended,
        axis=AXIS,
        axis_share=1.0,
        swing=swing_of(rows, ended, AXIS, 100.0),
        rest_up=UP,
        levels=levels,
        rate_hz=100.0,
    )


@pytest.mark.parametrize("eccentric_s", [0.6, 3.0, 6.0])
@pytest.mark.parametrize("peak_deg", [40.0, 90.0, 115.0])
def test_a_leg_that_is_lifted_and_lowered_counts(peak_deg, eccentric_s):
    assert counts(*excursion(*rep(peak_deg=peak_deg, eccentric_s=eccentric_s)))


def test_a_twitch_of_half_a_second_does_not_count():
    assert not counts(*excursion(Stretch(40.0, 0.25), Stretch(0.0, 0.25)), n_rows=55)


def test_a_lift_of_24_degrees_does_not_count():
    assert not counts(*excursion(*rep(peak_deg=24.0)))


def test_a_turn_that_no_knee_makes_does_not_count():
    assert not counts(*excursion(*rep(peak_deg=160.0, lift_s=2.0)))


def test_going_to_and_fro_does_not_count():
    to_and_fro = [part for _ in range(4) for part in (Stretch(90.0, 0.8), Stretch(30.0, 0.8))]

    assert not counts(*excursion(*to_and_fro, Stretch(0.0, 0.8)))


def test_a_sensor_that_is_turned_in_its_place_does_not_count():
    samples, up = excursion(*rep(eccentric_s=1.0))
    samples.acc_ms2[:] = 9.81 * up

    assert not counts(samples, up)


def test_a_leg_that_is_shaken_about_does_not_count():
    samples, up = excursion(*rep(eccentric_s=1.0))
    shaking_ms2 = 12.0 * np.sin(2 * np.pi * 1.3 * samples.time_s)
    samples.acc_ms2[:] += shaking_ms2[:, None]

    assert not counts(samples, up)


def test_a_leg_that_rolls_over_while_it_moves_does_not_count():
    samples, up = excursion(*rep(peak_deg=40.0))
    roll = np.radians(60.0) * np.sin(np.pi * np.arange(len(up)) / len(up))
    rolled = np.stack(
        [
            up[:, 0],
            up[:, 1] * np.cos(roll) - up[:, 2] * np.sin(roll),
            up[:, 1] * np.sin(roll) + up[:, 2] * np.cos(roll),
        ],
        axis=1,
    )

    assert not counts(samples, rolled)
