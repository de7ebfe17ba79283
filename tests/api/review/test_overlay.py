import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.language import Language, read_messages
from api.pages.words import find_exercise
from api.review.drawing import overlay_chart
from api.review.overlay import align_reps, median_rep, release_s
from api.review.signal import badge_of
from api.schemas import RepBody, SetBody
from tests.api.builders import exercise_set, rep

ENGLISH = Language("en", read_messages("en", []))
PRONE = find_exercise("ecc_prone_helper")


def a_set(*eccentrics_s, **quality):
    made = exercise_set(eccentrics_s or (3.0, 3.0, 3.0))
    made["quality"] |= quality
    return SetBody(**made)


def aligned(one, left_out=()):
    return align_reps(one, one.trace, left_out)


def angle_at(points, at_s):
    return min(points, key=lambda point: abs(point[0] - at_s))[1]


def test_every_repetition_has_its_release_at_zero():
    found = aligned(a_set(3.0, 2.0, 4.0))

    assert [one.number for one in found] == [1, 2, 3]
    for one, took_s in zip(found, (3.0, 2.0, 4.0), strict=True):
        assert one.points[0][0] == pytest.approx(-1.8, abs=0.06)
        assert one.points[-1][0] == pytest.approx(took_s, abs=0.06)
        assert angle_at(one.points, 0.0) == pytest.approx(90, abs=4)
        assert angle_at(one.points, took_s) == pytest.approx(0, abs=1)


def test_without_a_timed_return_the_peak_is_the_release_and_without_that_the_start():
    body = rep(10.0)

    assert release_s(RepBody(**body)) == 11.8
    assert release_s(RepBody(**body | {"phases": []})) == 11.2
    assert release_s(RepBody(**body | {"phases": [], "peak_s": None})) == 10.0


def test_a_long_wait_before_the_release_is_cut_off():
    one = a_set(3.0, 3.0, 3.0)
    one.reps[0].start_s -= 2.0
    one.start_s -= 2.0

    assert min(at_s for at_s, _ in aligned(one)[0].points) >= -3.0


def test_the_median_leaves_out_what_does_not_count_and_needs_three():
    one = a_set(3.0, 3.0, 3.0, 1.0)

    middle = dict(median_rep(aligned(one, {4})))
    few = median_rep(aligned(one, {3, 4}))

    assert middle[1.5] == pytest.approx(45, abs=4)
    assert few == []


def test_the_median_ends_where_fewer_than_half_go_on():
    middle = median_rep(aligned(a_set(2.0, 2.0, 2.0, 4.0)))

    assert middle[-1][0] == pytest.approx(2.0, abs=0.1)


@given(eccentrics_s=st.lists(st.floats(0.8, 6.0), min_size=3, max_size=8))
def test_the_median_lies_within_the_repetitions(eccentrics_s):
    found = aligned(a_set(*[round(took_s, 2) for took_s in eccentrics_s]))

    angles = [angle for one in found for _, angle in one.points]
    assert all(min(angles) <= angle <= max(angles) for _, angle in median_rep(found))


def test_the_chart_has_a_line_for_each_repetition_with_its_verdict_and_a_median():
    one = a_set(3.0, 1.5, 4.5, 3.0)

    plot = str(overlay_chart([aligned(one, {4})], [one.reps], PRONE, ENGLISH).plot)

    assert len(re.findall(r'class="rep-line', plot)) == 4
    assert 'class="rep-line too_fast"' in plot
    assert 'class="rep-line too_slow"' in plot
    assert 'class="rep-line in_tempo left-out"' in plot
    assert plot.count('class="rep-median"') == 1
    assert "2: 1.5 s, too fast" in plot
    assert "4: 3.0 s, in tempo, left out" in plot
    assert 'class="landing"' in plot


def test_without_an_angle_there_is_no_chart():
    one = a_set(3.0, 3.0, 3.0)
    one.trace.a = [None] * len(one.trace.t)

    assert overlay_chart([aligned(one)], [one.reps], PRONE, ENGLISH) is None
    assert overlay_chart([[]], [[]], PRONE, ENGLISH) is None


@pytest.mark.parametrize(
    ("quality", "flags", "grade", "reason"),
    [
        ({}, (), "good", "99 % of the signal arrived"),
        ({"coverage": 0.95}, (), "fair", "95 % of the signal arrived"),
        ({"coverage": 0.5}, (), "poor", "50 % of the signal arrived"),
        ({"calibration_quality": 0.6}, (), "fair", "start position not quite still"),
        ({"calibration_quality": 0.1}, (), "poor", "off by several degrees"),
        ({}, ("gap",), "poor", "interrupted or cut-off signal: 1"),
        ({"coverage": None, "calibration_quality": None}, (), "unknown", ""),
    ],
)
def test_the_badge_says_how_good_the_signal_was_and_why(quality, flags, grade, reason):
    one = a_set(3.0, 3.0, 3.0, **quality)
    one.reps[0].flags = list(flags)

    badge = badge_of(one, ENGLISH)

    assert badge.grade == grade
    assert reason in "; ".join(badge.reasons)


def test_one_harmed_repetition_of_many_is_a_usable_signal():
    one = a_set(*[3.0] * 15)
    one.reps[4].flags = ["saturated"]

    assert badge_of(one, ENGLISH).grade == "fair"
