import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.charts import dots_chart, legend, trace_chart, verdict
from api.pages.language import Language, read_messages
from api.pages.plot import Scale, columns_of, curve, element, ticks
from api.pages.words import find_exercise
from api.schemas import RepBody, SetBody, Trace
from tests.api.builders import exercise_set, rep

ENGLISH = Language("en", read_messages("en", []))
PRONE = find_exercise("ecc_prone_helper")


def reps(*eccentrics_s):
    return [RepBody(**rep(0, eccentric_s=took_s)) for took_s in eccentrics_s]


def heights(chart, kind):
    found = re.findall(rf'<svg x="[^"]*" y="([^"]*)" [^>]*class="mark {kind}"', str(chart.plot))
    return [float(y) for y in found]


@pytest.mark.parametrize(
    ("eccentric_s", "expected"),
    [
        (1.9, "too_fast"),
        (2.0, "accepted"),
        (2.4, "accepted"),
        (2.5, "in_tempo"),
        (3.5, "in_tempo"),
        (3.6, "accepted"),
        (4.0, "accepted"),
        (4.1, "too_slow"),
        (None, "untimed"),
    ],
)
def test_a_tempo_is_judged_by_the_bands_of_the_exercise(eccentric_s, expected):
    one = RepBody(**rep(0) | {"eccentric_s": eccentric_s})

    assert verdict(one, PRONE) == expected


def test_the_engines_own_verdict_wins_over_the_bands():
    one = RepBody(**rep(0, eccentric_s=3.0) | {"verdict": "too_fast"})
    odd = RepBody(**rep(0, eccentric_s=3.0) | {"verdict": "of_a_later_engine"})

    assert verdict(one, PRONE) == "too_fast"
    assert verdict(odd, PRONE) == "in_tempo"


def test_an_exercise_without_a_tempo_is_not_judged():
    assert verdict(reps(3.0)[0], None) == "untimed"
    assert dots_chart(reps(3.0), find_exercise("free_movement"), ENGLISH) is None
    assert dots_chart([], PRONE, ENGLISH) is None


def test_each_repetition_has_one_mark_and_longer_ones_stand_higher():
    chart = dots_chart(reps(3.0, 1.5, 4.5, 2.2), PRONE, ENGLISH)

    in_tempo, fast, slow, accepted = (
        heights(chart, kind)[0] for kind in ("in_tempo", "too_fast", "too_slow", "accepted")
    )
    assert slow < in_tempo < accepted < fast  # y grows downwards
    assert str(chart.plot).count('class="mark') == 4
    assert "2: 1.5 s, too fast" in str(chart.plot)


def test_the_axis_grows_with_a_very_slow_repetition():
    chart = dots_chart(reps(3.0, 9.4), PRONE, ENGLISH)

    assert "10 s" in str(chart.axis)
    assert min(heights(chart, "too_slow")) >= 14


def test_the_legend_explains_the_marks_that_occur_and_no_others():
    signs = legend(reps(3.0, 1.5), PRONE, ENGLISH)

    assert [sign.words for sign in signs] == ["in tempo", "too fast"]


@given(
    angles=st.lists(st.floats(-20, 140) | st.none(), min_size=1, max_size=400),
    n_columns=st.integers(1, 50),
)
def test_thinning_a_curve_loses_no_peak_and_no_gap(angles, n_columns):
    times = [0.05 * n for n in range(len(angles))]

    kept = columns_of(times, angles, n_columns, 1.0)

    known = [angle for angle in angles if angle is not None]
    points = [point for point in kept if point is not None]
    assert len(points) <= 4 * (n_columns + angles.count(None) + 2)
    assert set(points) <= set(zip(times, angles, strict=True))
    if known:
        assert max(angle for _, angle in points) == max(known)
        assert min(angle for _, angle in points) == min(known)
    assert points == sorted(points)
    assert kept.count(None) == angles.count(None)


def test_the_pen_lifts_where_a_second_is_missing():
    kept = columns_of([0.0, 0.5, 2.0, 2.5], [1.0, 2.0, 3.0, 4.0], 4, 1.0)

    assert kept == [(0.0, 1.0), (0.5, 2.0), None, (2.0, 3.0), (2.5, 4.0)]
    assert 'd="M0.0 1.0L0.5 2.0M2.0 3.0L2.5 4.0"' in str(curve(kept, 10.0, 10.0))


def test_the_trace_shades_each_eccentric_phase_and_no_other():
    one = SetBody(**exercise_set((3.0, 2.0)))

    chart = trace_chart(one, one.trace, PRONE, ENGLISH)

    assert str(chart.plot).count('class="lowering"') == 2
    assert chart.data["spans"] == [(1.8, 4.8, "lowering"), (7.6, 9.6, "lowering")]
    assert chart.data["target"] == 90.0
    assert chart.data["range"] == [0.0, 110.0]
    assert 'class="band"' in str(chart.plot)


def test_a_limit_is_a_line_and_no_band_to_aim_at():
    one = SetBody(**exercise_set((3.0,), exercise="conc_seated"))

    chart = trace_chart(one, one.trace, find_exercise("conc_seated"), ENGLISH)

    assert chart.data["goal"] is None
    assert chart.data["target"] == 90.0


def test_a_trace_without_a_known_angle_is_not_drawn():
    one = SetBody(**exercise_set((3.0,)))

    assert trace_chart(one, Trace(t=[0, 1], a=[None, None]), PRONE, ENGLISH) is None
    assert trace_chart(one, Trace(t=[], a=[]), PRONE, ENGLISH) is None
    assert trace_chart(one, Trace(t=[0.5], a=[3]), None, ENGLISH) is not None


def test_ticks_are_round_and_inside():
    assert ticks(0, 58, 6) == [0, 10, 20, 30, 40, 50]
    assert ticks(-10, 110, 6) == [0, 20, 40, 60, 80, 100]
    assert ticks(0, 100_000, 5)[1] == 3600


def test_words_in_a_drawing_are_escaped():
    drawn = str(element("text", "<b>&", aria_label='"x"', class_="tick"))

    assert drawn == '<text aria-label="&#34;x&#34;" class="tick">&lt;b&gt;&amp;</text>'


def test_a_scale_is_a_straight_line():
    scale = Scale(0.0, 5.0, 184.0, 14.0)

    assert (scale(0.0), scale(2.5), scale(5.0)) == (184.0, 99.0, 14.0)
