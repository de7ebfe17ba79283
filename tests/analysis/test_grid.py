import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import ImuSamples, SampleRateError
from analysis.grid import BRIDGED, SATURATED, SteadyGrid, gap_periods, sampling_rate_hz
from tests.builders import cut_at, later, still_signal, without


def ramp(n=200, rate_hz=100.0):
    """Samples whose every value grows by 1 a second, so that a bridge is easy to check."""
    time_s = np.arange(n) / rate_hz
    column = np.repeat(time_s[:, None], 3, axis=1)
    return ImuSamples(time_s, column, -column)


def rows_of(pieces):
    return (
        np.concatenate([piece.time_s for piece in pieces]),
        np.concatenate([piece.acc_ms2 for piece in pieces]),
        np.concatenate([piece.marks for piece in pieces]),
    )


# ---- the rate --------------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [20.0, 25.0, 50.0, 104.0, 200.0, 285.714, 800.0])
def test_the_rate_is_that_of_the_steps(rate_hz):
    assert sampling_rate_hz(np.arange(300) / rate_hz) == pytest.approx(rate_hz)


@pytest.mark.parametrize("rate_hz", [60.0, 104.0, 119.0, 208.0])
def test_stamps_in_whole_milliseconds_do_not_bend_the_rate(rate_hz):
    stamps_s = np.round(np.arange(round(rate_hz)) / rate_hz, 3)

    assert sampling_rate_hz(stamps_s) == pytest.approx(rate_hz, rel=0.01)


def test_gaps_do_not_bend_the_rate():
    time_s = np.arange(400) / 100.0
    kept = (time_s < 1.0) | ((time_s > 1.4) & (time_s < 2.0)) | (time_s > 3.5)

    assert sampling_rate_hz(time_s[kept]) == pytest.approx(100.0)


def test_stamps_that_jitter_by_a_fifth_of_a_period_do_not_bend_the_rate():
    jitter_s = np.random.default_rng(0).uniform(-0.002, 0.002, 300)

    assert sampling_rate_hz(np.arange(300) / 100.0 + jitter_s) == pytest.approx(100.0, rel=0.01)


@pytest.mark.parametrize("rate_hz", [1.0, 10.0, 17.0, 1200.0, 5000.0])
def test_a_rate_out_of_reach_says_what_to_do(rate_hz):
    with pytest.raises(SampleRateError, match=r"Set the sensor to 50 or 100 Hz"):
        sampling_rate_hz(np.arange(100) / rate_hz)


# ---- rows ------------------------------------------------------------------------------------


def test_without_a_gap_the_grid_is_the_input():
    samples = ramp()

    (piece,), gaps = SteadyGrid(100.0).update(samples)

    assert gaps == []
    assert piece.starts_segment
    assert piece.time_s == pytest.approx(samples.time_s)
    assert piece.step_ratio == pytest.approx(1.0)
    assert not piece.marks.any()


def test_nothing_in_gives_nothing_out():
    assert SteadyGrid(100.0).update(ImuSamples([], [], [])) == ([], [])


@pytest.mark.parametrize("length_s", [0.03, 0.09, 0.3, 0.49])
def test_a_short_gap_is_bridged_by_straight_lines(length_s):
    samples = without(ramp(), 1.0, 1.0 + length_s)

    pieces, gaps = SteadyGrid(100.0).update(samples)

    time_s, acc, marks = rows_of(pieces)
    assert [(gap.start_s, gap.end_s) for gap in gaps] == [
        (pytest.approx(1.0), pytest.approx(1.0 + length_s))
    ]
    assert np.diff(time_s) == pytest.approx(0.01)
    assert acc[:, 0] == pytest.approx(time_s)
    assert np.count_nonzero(marks & BRIDGED) == round(length_s * 100) - 1
    assert [piece.starts_segment for piece in pieces] == [True, False, False]


@pytest.mark.parametrize("length_s", [0.6, 5.0])
def test_a_long_gap_starts_a_new_segment_and_puts_nothing_in(length_s):
    samples = without(ramp(1000), 1.0, 1.0 + length_s)

    pieces, gaps = SteadyGrid(100.0).update(samples)

    assert len(gaps) == 1
    assert [piece.starts_segment for piece in pieces] == [True, True]
    assert sum(len(piece) for piece in pieces) == len(samples)


def test_a_sample_that_comes_one_and_a_half_periods_late_gets_one_row_before_it():
    time_s = np.array([0.0, 0.01, 0.02, 0.0352, 0.0452])

    pieces, gaps = SteadyGrid(100.0).update(ImuSamples(time_s, np.ones((5, 3)), np.zeros((5, 3))))

    assert len(gaps) == 1
    assert rows_of(pieces)[0] == pytest.approx([0.0, 0.01, 0.02, 0.0276, 0.0352, 0.0452])


def test_the_share_that_came_is_counted():
    grid = SteadyGrid(100.0)

    grid.update(without(ramp(200), 0.5, 1.0))

    assert (grid.n_real, grid.n_due) == (151, 200)


def test_a_clock_that_runs_two_percent_fast_shows_in_the_steps():
    (piece,), _ = SteadyGrid(100.0).update(ramp(100, rate_hz=98.0))

    assert piece.step_ratio[1:] == pytest.approx(100.0 / 98.0)


@given(cuts=st.lists(st.integers(0, 160), max_size=12))
def test_rows_do_not_depend_on_where_the_samples_are_cut(cuts):
    samples = without(without(ramp(300), 0.5, 0.8), 1.5, 2.3)
    grid, pieces, gaps = SteadyGrid(100.0), [], []

    for part in cut_at(samples, cuts):
        new_pieces, new_gaps = grid.update(part)
        pieces += new_pieces
        gaps += new_gaps

    due_pieces, due_gaps = SteadyGrid(100.0).update(samples)
    assert gaps == due_gaps
    for found, due in zip(rows_of(pieces), rows_of(due_pieces), strict=True):
        assert np.array_equal(found, due)
    ratios = [np.concatenate([p.step_ratio for p in each]) for each in (pieces, due_pieces)]
    assert np.array_equal(*ratios)


# ---- range -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "is_marked"),
    [
        ("gyr_rads", np.radians(250.0), True),
        ("gyr_rads", -np.radians(2000.0), True),
        ("gyr_rads", np.radians(100.0), False),
        ("acc_ms2", 2 * 9.81, True),
        ("acc_ms2", -16 * 9.81, True),
        ("acc_ms2", 9.81, False),
    ],
)
def test_a_value_that_stays_at_the_end_of_a_range_is_marked(column, value, is_marked):
    samples = still_signal(1.0)
    getattr(samples, column)[40:45, 1] = value

    (piece,), _ = SteadyGrid(100.0).update(samples)

    assert piece.marks[:42].sum() == 0
    assert (piece.marks[42:45] & SATURATED != 0).all() == is_marked
    assert (piece.marks != 0).sum() == (3 if is_marked else 0)


def test_a_value_that_comes_twice_at_the_top_of_a_swing_is_chance():
    samples = still_signal(1.0)
    samples.gyr_rads[39:43, 0] = [7.9, 8.0, 8.0, 7.9]

    (piece,), _ = SteadyGrid(100.0).update(samples)

    assert not piece.marks.any()


def test_a_value_that_stays_across_two_pieces_is_marked_too():
    samples = still_signal(1.0)
    samples.gyr_rads[38:41, 0] = 8.0
    grid = SteadyGrid(100.0)

    grid.update(samples[:40])
    (piece,), _ = grid.update(later(samples, 0.0)[40:])

    assert piece.marks[0] & SATURATED
    assert not piece.marks[1:].any()


def test_the_first_sample_of_all_has_nothing_to_repeat():
    samples = still_signal(0.1)
    samples.gyr_rads[0, 0] = 8.0

    (piece,), _ = SteadyGrid(100.0).update(samples)

    assert not piece.marks.any()


@pytest.mark.parametrize("rate_hz", [100.0, 150.0, 200.0])
def test_stamps_that_jitter_by_2_ms_tell_the_right_rate(rate_hz):
    jitter_s = np.random.default_rng(2).uniform(-0.002, 0.002, 800)
    time_s = np.maximum.accumulate(np.arange(800) / rate_hz + jitter_s) + np.arange(800) * 1e-9

    assert sampling_rate_hz(time_s) == pytest.approx(rate_hz, rel=0.01)


def test_stamps_that_jitter_are_no_gaps_but_ten_lost_samples_are_one():
    jitter_s = np.random.default_rng(2).uniform(-0.002, 0.002, 800)
    time_s = np.delete(np.arange(800) / 200.0 + jitter_s, range(400, 410))
    samples = ImuSamples(time_s, np.ones((790, 3)), np.zeros((790, 3)))

    _, gaps = SteadyGrid(200.0, gap_periods(time_s, 200.0)).update(samples)

    assert [gap.start_s for gap in gaps] == [time_s[399]]


@pytest.mark.parametrize("burst_s", [0.2, 0.5])
def test_a_burst_lost_from_the_first_second_at_25_hz_leaves_the_rate_as_it_is(burst_s):
    time_s = np.arange(26) / 25.0
    time_s = time_s[(time_s < 0.3) | (time_s > 0.3 + burst_s)]

    assert sampling_rate_hz(time_s) == pytest.approx(25.0, rel=0.01)


def test_a_stream_that_loses_every_fifth_sample_keeps_its_rate():
    time_s = np.delete(np.arange(200) / 50.0, slice(4, None, 5))

    assert sampling_rate_hz(time_s) == pytest.approx(50.0, rel=0.02)
