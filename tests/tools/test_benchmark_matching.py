import numpy as np
import pytest
from benchmark.matching import (
    agrees,
    count_off,
    matched,
    n_outside,
    outside_s,
    share_right,
    silences,
    spread,
)
from hypothesis import given
from hypothesis import strategies as st

THREE = [(0.0, 3.0), (5.0, 8.0), (10.0, 13.0)]


def test_repetitions_found_a_little_late_are_those_that_were_done():
    found = [(start_s + 0.2, end_s + 0.2) for start_s, end_s in THREE]

    assert matched(THREE, found) == [0, 1, 2]


def test_a_repetition_that_was_missed_matches_nothing():
    assert matched(THREE, [THREE[0], THREE[2]]) == [0, None, 1]


def test_one_found_repetition_that_swallowed_two_is_only_one_of_them():
    match = matched(THREE, [(0.0, 8.0), (10.0, 13.0)])

    assert sorted(one for one in match if one is not None) == [0, 1]
    assert match.count(None) == 1


def test_of_two_pieces_of_a_repetition_the_longer_one_is_it():
    assert matched([(0.0, 3.0)], [(0.0, 1.0), (1.1, 3.0)]) == [1]


def test_less_than_half_of_a_repetition_is_not_it():
    assert matched([(0.0, 3.0)], [(0.0, 1.4)]) == [None]


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0.1, 5)), max_size=6),
    st.lists(st.tuples(st.floats(0, 50), st.floats(0.1, 5)), max_size=6),
)
def test_no_found_repetition_is_used_twice(true, found):
    spans = [
        [(start_s, start_s + length_s) for start_s, length_s in some] for some in (true, found)
    ]

    match = [one for one in matched(*spans) if one is not None]

    assert len(match) == len(set(match))


@pytest.mark.parametrize(
    ("n_found", "off"), [(9, -1), (10, 0), (11, 0), (12, 1)], ids=["less", "least", "most", "more"]
)
def test_a_repetition_cut_off_may_be_counted_or_not(n_found, off):
    found_s = np.linspace(1.0, 29.0, n_found).tolist()

    assert count_off(found_s, (0.0, 30.0), 10, 11) == off


def test_what_is_found_elsewhere_is_not_counted_for_the_set():
    assert count_off([5.0, 31.0], (0.0, 30.0), 1, 1) == 0


def test_ghosts_are_what_lies_in_no_set():
    assert n_outside([1.0, 5.0, 11.0, 20.0], [(0.0, 2.0), (10.0, 12.0)]) == 2


def test_time_outside_sets_counts_overlapping_sets_once_and_ends_with_the_recording():
    assert outside_s(100.0, [(10.0, 20.0), (15.0, 30.0)]) == pytest.approx(80.0)
    assert outside_s(100.0, [(-5.0, 10.0), (95.0, 120.0)]) == pytest.approx(85.0)
    assert outside_s(100.0, []) == pytest.approx(100.0)


def test_a_silence_is_a_gap_longer_than_can_be_bridged():
    assert silences([0.0, 0.01, 0.51, 2.0], 0.5) == [(0.51, 2.0)]


def test_a_walk_taken_for_a_jog_half_of_the_time_is_half_right():
    true = [((0.0, 60.0), "walk")]
    found = [((0.0, 30.0), "walk"), ((30.0, 60.0), "jog")]

    assert share_right(true, found) == pytest.approx(0.5)


def test_what_was_not_found_is_not_right():
    assert share_right([((0.0, 60.0), "walk")], [((0.0, 45.0), "walk")]) == pytest.approx(0.75)


def test_two_labels_at_once_are_not_right():
    found = [((0.0, 60.0), "walk"), ((0.0, 60.0), "jog")]

    assert share_right([((0.0, 60.0), "walk")], found) == 0.0


def test_errors_are_summed_up_in_size_and_in_sign():
    errors = spread([0.1, -0.3, 0.2, float("nan")])

    assert errors.n == 3
    assert errors.mae == pytest.approx(0.2)
    assert errors.bias == pytest.approx(0.0)
    assert errors.largest == pytest.approx(0.3)
    assert errors.p95 == pytest.approx(0.29)


def test_no_errors_at_all_are_no_number():
    nothing = spread([])

    assert nothing.n == 0
    assert np.isnan(nothing.mae)


@pytest.mark.parametrize(
    ("flagged", "excess", "right"),
    [(True, 5.0, True), (False, 5.0, False), (True, -5.0, False), (False, -5.0, True)],
)
def test_a_flag_is_right_where_the_limit_is_exceeded(flagged, excess, right):
    assert agrees(flagged, excess, doubt=2.0) is right


def test_too_close_to_the_limit_nothing_is_right_or_wrong():
    assert agrees(True, 1.0, doubt=2.0) is None
