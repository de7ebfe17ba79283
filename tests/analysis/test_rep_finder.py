"""The state machine on a coordinate drawn by hand: what leaves rest, turns and comes back."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.exercise import load_catalogue
from analysis.rep_finder import Levels, RepFinder, State
from analysis.rows import Rows, X
from tests.builders import Stretch, angle_curve, rep, still

CATALOGUE = load_catalogue()
PRONE = CATALOGUE["ecc_prone_helper"]
RATE_HZ = 100.0


def rows_of(*stretches):
    angle_deg = angle_curve(stretches)[::10]
    n = len(angle_deg)
    rows = Rows()
    nothing = np.zeros((n, 3))
    rows.append(np.arange(n) / RATE_HZ, nothing, nothing, nothing, np.zeros(n, dtype=np.uint8))
    rows.column(X, 0, n)[:] = angle_deg
    return rows


def finder(exercise=PRONE):
    return RepFinder(exercise, RATE_HZ, Levels.of(exercise, exercise.start_amplitude_deg))


def found_in(rows, machine, step=10_000):
    ended, row = [], 0
    for stop in range(min(step, rows.end), rows.end + step, step):
        while row < min(stop, rows.end):
            row, one = machine.scan(rows, row, min(stop, rows.end))
            if one is not None:
                ended.append(one)
    return ended


@pytest.mark.parametrize("step", [1, 7, 25, 10_000])
def test_what_ends_does_not_depend_on_the_rows_seen_at_once(step):
    wobbly = [Stretch(60.0, 0.8), Stretch(45.0, 0.4), Stretch(90.0, 0.9), *rep()[1:]]
    rows = rows_of(still(0.5), *rep(), *wobbly, *rep(end_deg=12.0), *rep(peak_deg=20.0), *rep())

    assert found_in(rows, finder(), step) == found_in(rows, finder())


def test_an_excursion_tells_where_it_began_turned_and_ended():
    (one,) = found_in(rows_of(still(0.5), *rep()), finder())

    # Lift 0.5 to 1.5 s, top to 2.0 s, lowered to 5.0 s.
    assert one.start_deg == pytest.approx(0.0, abs=1.5)
    assert one.start_row / RATE_HZ == pytest.approx(0.5, abs=0.1)
    assert one.top_deg == pytest.approx(90.0, abs=0.1)
    assert 1.4 < one.top_row / RATE_HZ < 2.1
    assert one.height_deg == pytest.approx(90.0, abs=1.5)
    assert 4.7 < one.end_row / RATE_HZ < 5.4
    assert not one.is_cut_short


def test_the_next_lift_cuts_an_excursion_short_where_it_was_lowest():
    lowered = Stretch(10.0, 2.0, "constant")
    moves = [still(0.5), Stretch(90.0, 1.0), lowered, Stretch(90.0, 0.8, "constant"), *rep()[1:]]

    first, second = found_in(rows_of(*moves), finder())

    assert first.is_cut_short
    assert first.low_deg == pytest.approx(10.0, abs=0.5)
    assert second.start_row >= first.low_row


def test_a_small_excursion_is_forgotten():
    machine = finder()

    ended = found_in(rows_of(still(0.5), *rep(peak_deg=20.0)), machine)

    assert ended == []
    assert machine.state is State.IDLE


def test_what_is_still_returning_at_the_last_row_can_be_cut():
    machine = finder()
    rows = rows_of(still(0.5), Stretch(90.0, 1.0), Stretch(6.0, 2.0, "constant"))
    found_in(rows, machine)
    assert machine.state is State.RETURNING

    one = machine.cut(rows.end)

    assert one.end_row == rows.end
    assert machine.state is State.IDLE


def test_levels_follow_the_amplitude_where_no_height_is_asked_for():
    raise_ = CATALOGUE["iso_prone_raise"]

    small, large = Levels.of(raise_, 12.0), Levels.of(raise_, 40.0)

    assert 5.0 <= small.smallest_deg <= large.smallest_deg
    assert 0.30 * 40.0 <= large.smallest_deg <= 0.35 * 40.0
    assert small.leave_deg < small.smallest_deg


def test_from_30_to_35_percent_of_the_target_lies_the_limit_of_what_counts():
    levels = Levels.of(PRONE, 90.0)
    free = Levels.of(CATALOGUE["free_movement"], 30.0)

    assert 27.0 <= levels.smallest_deg <= 31.5
    assert 8.0 <= free.smallest_deg <= 12.0


def test_another_target_moves_the_levels():
    prescribed = replace(PRONE, peak_deg=60.0)

    assert Levels.of(prescribed, 60.0).smallest_deg < Levels.of(PRONE, 90.0).smallest_deg
