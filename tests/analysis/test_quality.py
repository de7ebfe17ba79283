from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality import set_quality, tempo_verdict
from analysis.results import Flag
from tests.analysis.flagged_reps import BOTH_PHASES, FREE, PRONE, PRONE_RAISE, SEATED, flags, rep

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"


def quality(reps, exercise=PRONE):
    return set_quality(exercise, reps, coverage=1.0, calibration_quality=0.9)


def test_a_good_rep_carries_no_flag():
    assert flags(eccentric_s=3.0, peak_deg=90.0) == ()


@pytest.mark.parametrize(
    ("eccentric_s", "expected"),
    [
        (0.8, (Flag.TOO_FAST, Flag.FAST_DROP)),
        (1.5, (Flag.TOO_FAST,)),
        (2.2, ()),
        (3.0, ()),
        (3.8, ()),
        (4.5, (Flag.TOO_SLOW,)),
    ],
)
def test_the_duration_of_a_whole_return_decides_its_tempo(eccentric_s, expected):
    assert flags(eccentric_s=eccentric_s) == expected


@pytest.mark.parametrize(
    ("peak_deg", "is_shallow"), [(40.0, True), (70.0, True), (70.5, False), (90.0, False)]
)
def test_under_78_percent_of_the_right_angle_is_shallow(peak_deg, is_shallow):
    assert (Flag.SHALLOW in flags(peak_deg=peak_deg)) is is_shallow


def test_a_shallow_rep_is_too_fast_by_its_speed_and_not_by_its_duration():
    calm = flags(peak_deg=45.0, eccentric_s=1.5)  # 30 degrees a second
    hasty = flags(peak_deg=60.0, eccentric_s=1.0)  # 60 degrees a second

    assert calm == (Flag.SHALLOW,)
    assert hasty == (Flag.SHALLOW, Flag.TOO_FAST)


def test_a_shallow_rep_is_a_drop_when_the_whole_range_would_take_under_a_second():
    assert Flag.FAST_DROP in flags(peak_deg=60.0, eccentric_s=0.6)


@pytest.mark.parametrize(("end_deg", "is_incomplete"), [(10.0, False), (15.0, False), (20.0, True)])
def test_ending_over_15_degrees_from_rest_is_an_incomplete_return(end_deg, is_incomplete):
    found = flags(end_above_rest_deg=end_deg)

    assert (Flag.INCOMPLETE_RETURN in found) is is_incomplete


def test_an_incomplete_return_is_judged_by_the_degrees_it_covered():
    covering_60_deg_in_1_6_s = flags(eccentric_s=1.6, end_above_rest_deg=30.0)
    covering_60_deg_in_1_2_s = flags(eccentric_s=1.2, end_above_rest_deg=30.0)

    assert covering_60_deg_in_1_6_s == (Flag.INCOMPLETE_RETURN,)
    assert covering_60_deg_in_1_2_s == (Flag.INCOMPLETE_RETURN, Flag.TOO_FAST)


def test_three_seconds_of_which_1_5_stood_still_went_stepwise():
    found = flags(eccentric_s=3.0, pause_s=1.5)

    assert found == (Flag.STEPWISE,)


def test_a_short_pause_is_no_fault():
    assert flags(eccentric_s=3.2, pause_s=0.6) == ()


@pytest.mark.parametrize("edge_s", [2.0, 2.5, 3.5, 4.0])
def test_a_duration_within_its_uncertainty_of_a_band_edge_is_too_close_to_call(edge_s):
    near = flags(eccentric_s=edge_s + 0.05, eccentric_s_u=0.1)
    clear = flags(eccentric_s=edge_s + 0.15, eccentric_s_u=0.1)

    assert Flag.TOO_CLOSE_TO_CALL in near
    assert Flag.TOO_CLOSE_TO_CALL not in clear


def test_an_edge_that_does_not_change_the_verdict_is_not_too_close():
    stepwise = flags(eccentric_s=3.5, pause_s=1.8, eccentric_s_u=0.1)
    calm_and_shallow = flags(peak_deg=45.0, eccentric_s=2.0, eccentric_s_u=0.1)

    assert Flag.TOO_CLOSE_TO_CALL not in stepwise
    assert Flag.TOO_CLOSE_TO_CALL not in calm_and_shallow


def test_a_hole_of_more_than_a_tenth_of_a_second_is_flagged():
    assert flags(gap_s=0.08) == ()
    assert flags(gap_s=0.3) == (Flag.GAP,)


def test_a_sensor_out_of_range_is_flagged():
    assert flags(is_saturated=True) == (Flag.SATURATED,)


def test_the_ceiling_is_judged_only_with_a_known_zero_and_beyond_100_degrees():
    assert flags(BOTH_PHASES, peak_deg=105.0, is_absolute=True) == (Flag.BEYOND_LIMIT,)
    assert flags(BOTH_PHASES, peak_deg=105.0, is_absolute=False) == ()
    assert flags(BOTH_PHASES, peak_deg=95.0, is_absolute=True) == ()
    assert flags(PRONE, peak_deg=105.0, is_absolute=True) == ()


def test_a_raise_has_no_depth_to_miss_and_a_hold_to_keep():
    assert flags(PRONE_RAISE, peak_deg=12.0, hold_scored_s=2.0) == ()
    assert flags(PRONE_RAISE, peak_deg=12.0, hold_scored_s=1.2) == (Flag.SHORT_HOLD,)
    assert flags(PRONE_RAISE, peak_deg=40.0, hold_scored_s=2.0) == (Flag.KNEE_MAY_BEND,)


def test_free_movement_has_no_tempo_and_no_depth():
    assert flags(FREE, eccentric_s=0.5, peak_deg=15.0) == ()


def test_a_phase_that_was_not_measured_gets_no_tempo_flag():
    assert flags(eccentric_s=None, eccentric_s_u=None, gap_s=0.3) == (Flag.GAP,)


@given(
    eccentric_s=st.floats(0.1, 20.0),
    u_s=st.floats(0.0, 1.0),
    peak_deg=st.floats(20.0, 140.0),
    end_deg=st.floats(-10.0, 60.0),
)
def test_no_rep_is_both_too_fast_and_too_slow(eccentric_s, u_s, peak_deg, end_deg):
    found = flags(
        eccentric_s=eccentric_s, eccentric_s_u=u_s, peak_deg=peak_deg, end_above_rest_deg=end_deg
    )

    assert not {Flag.TOO_FAST, Flag.TOO_SLOW} <= set(found)
    assert Flag.FAST_DROP not in found or Flag.TOO_FAST in found


@pytest.mark.parametrize(
    ("eccentric_s", "verdict"),
    [
        (1.9, "too_fast"),
        (2.0, "accepted"),
        (2.5, "in_tempo"),
        (3.5, "in_tempo"),
        (4.0, "accepted"),
        (4.1, "too_slow"),
        (None, None),
    ],
)
def test_the_verdict_follows_the_bands_edges_included(eccentric_s, verdict):
    assert tempo_verdict(rep(eccentric_s=eccentric_s), PRONE) == verdict


def test_a_stepwise_rep_is_accepted_and_not_in_tempo():
    assert tempo_verdict(rep(eccentric_s=3.0, pause_s=1.5), PRONE) == "accepted"


def test_a_calm_shallow_rep_is_accepted_however_short():
    assert tempo_verdict(rep(peak_deg=45.0, eccentric_s=1.5), PRONE) == "accepted"


def test_without_a_prescribed_tempo_there_is_no_verdict():
    assert tempo_verdict(rep(FREE, eccentric_s=1.0), FREE) is None


def test_a_perfect_set_delivers_its_whole_dose():
    result = quality([rep()] * 15)

    assert (result.reps, result.reps_prescribed) == (15, 15)
    assert (result.in_tempo, result.accepted) == (15, 15)
    assert (result.dose_s, result.dose_prescribed_s, result.dose_percent) == (45.0, 45.0, 100.0)
    assert result.eccentric_mean_s == 3.0
    assert result.flags == {}


def test_slow_reps_do_not_make_up_for_missing_ones():
    result = quality([rep(eccentric_s=4.0)] * 12)

    assert result.dose_s == 48.0
    assert result.dose_percent == pytest.approx(80.0)


def test_extra_reps_do_not_make_up_for_fast_ones_beyond_the_seconds_they_give():
    result = quality([rep(eccentric_s=2.0)] * 18)

    assert result.dose_percent == pytest.approx(80.0)
    assert result.reps == 18


def test_a_dose_never_exceeds_100_percent():
    assert quality([rep(eccentric_s=3.9)] * 20).dose_percent == 100.0


def test_drops_give_no_eccentric_seconds():
    result = quality([rep()] * 14 + [rep(eccentric_s=0.8)])

    assert result.dose_s == 42.0
    assert result.flags == {Flag.TOO_FAST: 1, Flag.FAST_DROP: 1}


def test_the_dose_follows_the_prescription():
    prescribed = replace(PRONE, reps=10)

    assert quality([rep()] * 10, prescribed).dose_percent == 100.0


def test_the_headline_dose_is_that_of_the_core_exercises():
    raises = quality([rep(PRONE_RAISE, peak_deg=15.0, hold_scored_s=2.0)] * 20, PRONE_RAISE)

    assert (raises.dose_s, raises.dose_prescribed_s) == (60.0, 60.0)
    assert raises.dose_percent is None
    assert "core" in raises.absent["dose_percent"]
    assert (raises.hold_mean_s, raises.holds_long_enough) == (2.0, 20)


def test_getting_faster_by_a_tenth_of_a_second_a_rep_is_a_drift_of_one_second_over_11():
    result = quality([rep(eccentric_s=3.5 - 0.1 * i) for i in range(11)])

    assert result.eccentric_drift_s == pytest.approx(-1.0)
    assert result.eccentric_mean_s == pytest.approx(3.0)


def test_spread_is_that_of_a_sample_and_needs_three_reps():
    two = quality([rep(eccentric_s=2.0), rep(eccentric_s=4.0)])
    three = quality([rep(eccentric_s=2.0), rep(eccentric_s=3.0), rep(eccentric_s=4.0)])

    assert (two.eccentric_sd_s, two.eccentric_drift_s, two.peak_sd_deg) == (None, None, None)
    assert two.absent["eccentric_sd_s"] == "It takes 3 timed repetitions; there are 2."
    assert three.eccentric_sd_s == pytest.approx(1.0)


def test_every_number_that_is_none_says_why():
    for result in (quality([]), quality([rep(FREE)], FREE), quality([rep(SEATED)], SEATED)):
        none = {name for name in result.__dataclass_fields__ if getattr(result, name) is None}

        assert none - {"reps_prescribed"} == set(result.absent)


def test_the_page_of_measures_explains_every_flag():
    page = (DOCS / "measures.md").read_text("utf-8")

    assert [flag for flag in Flag if f"| `{flag}` |" not in page] == []


def test_the_page_of_measures_defines_every_number_of_rep_and_set():
    page = (DOCS / "measures.md").read_text("utf-8")
    names = {*rep().__dataclass_fields__, *quality([]).__dataclass_fields__}
    listed = {name for name in names if not name.endswith("_u")} - {"absent", "phases", "flags"}

    assert sorted(name for name in listed if f"`{name}`" not in page) == []
