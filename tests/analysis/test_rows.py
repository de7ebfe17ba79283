import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.rows import ACC, GYR, MARK, TIME, UP, Rows, X


def append(rows, n):
    """Append n rows whose every value is the row's own number."""
    number = np.arange(rows.end, rows.end + n, dtype=float)
    three = np.repeat(number[:, None], 3, axis=1)
    rows.append(number, three, three, three, (number % 8).astype(np.uint8))


def test_rows_are_found_under_their_number_with_all_their_columns():
    rows = Rows(capacity=8)
    append(rows, 5)
    append(rows, 20)

    assert (rows.first, rows.end) == (0, 25)
    assert rows.time_at(17) == 17.0
    assert rows.column(TIME, 3, 6).tolist() == [3.0, 4.0, 5.0]
    assert rows.column(MARK, 8, 10).tolist() == [0.0, 1.0]
    for which in (UP, GYR, ACC):
        assert rows.columns(which, 24, 25).tolist() == [[24.0, 24.0, 24.0]]


def test_the_coordinate_can_be_written_in_place():
    rows = Rows(capacity=8)
    append(rows, 8)
    rows.column(X, 2, 4)[:] = [5.0, 6.0]
    append(rows, 100)

    assert rows.column(X, 1, 5).tolist() == [0.0, 5.0, 6.0, 0.0]


def test_dropping_never_goes_back_nor_beyond_the_end():
    rows = Rows()
    append(rows, 10)

    rows.drop_before(6)
    rows.drop_before(2)
    assert rows.first == 6

    rows.drop_before(50)
    assert rows.first == 10


@given(steps=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=40))
def test_what_is_kept_is_right_whatever_was_dropped(steps):
    rows = Rows(capacity=16)

    for n, back in steps:
        append(rows, n)
        rows.drop_before(rows.end - back)

    kept = rows.column(TIME, rows.first, rows.end)
    assert kept == pytest.approx(np.arange(rows.first, rows.end))


def test_room_does_not_grow_with_the_length_of_the_stream():
    rows = Rows(capacity=64)

    for _ in range(2000):
        append(rows, 10)
        rows.drop_before(rows.end - 100)

    assert rows.end == 20_000
    assert rows.column(TIME, rows.first, rows.end).base.shape[0] <= 512
