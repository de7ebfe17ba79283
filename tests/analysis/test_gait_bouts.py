import pytest

from analysis import ImuSamples, analyse_recording, analysis_document
from tests.analysis.sport_signals import Leg, bouts_of, course_signal, stand
from tests.builders import Stretch, joined, leg_signal, still, still_signal, without


def test_a_minute_of_walking_has_its_length_and_its_cadence():
    samples = course_signal([stand(4.0), Leg("walk", 60.0, 116.0), stand(4.0)])

    (bout,) = bouts_of(analyse_recording(samples, "run_intervals"))

    assert bout.start_s == pytest.approx(4.0, abs=0.5)
    assert bout.end_s == pytest.approx(64.0, abs=0.5)
    assert bout.cadence_per_min == pytest.approx(116.0, abs=1.0)


def test_walking_that_turns_into_jogging_without_a_stop_is_two_bouts():
    samples = course_signal([stand(), Leg("walk", 20.0, 112.0), Leg("jog", 20.0, 158.0), stand()])

    walk, jog = bouts_of(analyse_recording(samples, "run_intervals"))

    assert (walk.kind, jog.kind) == ("walk", "jog")
    assert walk.end_s == pytest.approx(24.0, abs=1.0)
    assert jog.start_s == walk.end_s
    assert jog.cadence_per_min == pytest.approx(158.0, abs=3.0)


@pytest.mark.parametrize("per_min", [80.0, 100.0, 124.0, 132.0])
def test_slow_and_brisk_walking_are_walking(per_min):
    samples = course_signal([stand(), Leg("walk", 20.0, per_min), stand()])

    (bout,) = bouts_of(analyse_recording(samples, "run_intervals"))

    assert bout.kind == "walk"
    assert bout.cadence_per_min == pytest.approx(per_min, rel=0.03)


def test_standing_fidgeting_and_lying_are_no_bouts():
    swings = [Stretch(deg, 0.7) for deg in (25.0, 0.0, 14.0, -9.0, 0.0, 30.0, 4.0, 0.0)]
    fidgeting = leg_signal([still(3.0), *swings[:3], still(3.0), *swings[3:], still(2.0)])

    for samples in (still_signal(20.0), fidgeting):
        assert analyse_recording(samples, "run_intervals").sets == ()


def test_lost_samples_do_not_cut_a_walk_in_two():
    samples = course_signal([stand(), Leg("walk", 40.0, 112.0), stand()])
    for at_s, for_s in ((10.0, 0.2), (18.0, 0.45), (27.0, 0.8)):
        samples = without(samples, at_s, at_s + for_s)

    (bout,) = bouts_of(analyse_recording(samples, "run_intervals"))

    assert (bout.kind, bout.direction) == ("walk", "forward")
    assert bout.end_s - bout.start_s == pytest.approx(40.0, abs=1.0)
    assert bout.cadence_per_min == pytest.approx(112.0, abs=6.0)


def test_two_walks_with_a_stop_between_are_two_bouts():
    walk = course_signal([stand(), Leg("walk", 15.0, 112.0), stand(5.0)])

    bouts = bouts_of(analyse_recording(joined(walk, walk), "run_continuous"))

    assert [bout.kind for bout in bouts] == ["walk", "walk"]


def test_speed_and_distance_are_absent_with_their_reasons():
    samples = course_signal([stand(), Leg("walk", 15.0, 112.0), stand()])

    result = analyse_recording(samples, "run_intervals")

    quality = result.sets[0].quality
    assert quality.reps == 0
    assert quality.active_s == pytest.approx(15.0, abs=1.0)
    assert quality.cadence_mean_per_min == pytest.approx(112.0, abs=2.0)
    assert "bouts" in quality.absent["eccentric_mean_s"]


def test_what_starts_in_mid_stride_is_walking_all_the_same():
    samples = course_signal([Leg("walk", 30.0, 112.0), stand()])
    begun = samples.time_s > 5.3
    cut = ImuSamples(samples.time_s[begun], samples.acc_ms2[begun], samples.gyr_rads[begun])

    (bout,) = bouts_of(analyse_recording(cut, "run_intervals"))

    assert bout.kind == "walk"
    assert bout.start_s == pytest.approx(5.3, abs=1.3)
    assert bout.end_s == pytest.approx(30.0, abs=0.6)


def test_the_document_says_which_way_each_bout_went_and_what_cannot_be_known():
    samples = course_signal([stand(), Leg("walk", 12.0, 112.0), stand()])
    result = analyse_recording(samples, "run_intervals")

    document = analysis_document(result, exercise="run_intervals", recording_format="x")

    (one,) = document["sets"]
    assert one["bouts"][0]["kind"] == "walk"
    assert one["bouts"][0]["direction"] == "forward"
    assert one["quality"]["active_s"] == pytest.approx(12.0, abs=1.0)
    for name in ("speed_mps", "distance_m"):
        assert one["quality"][name] is None
        assert "satellite" in one["quality"][f"{name}_absent"]
    assert "reps" not in one


def test_the_document_says_why_a_direction_is_missing():
    samples = course_signal([Leg("jog", 12.0, 156.0)])
    result = analyse_recording(samples, "run_continuous")

    document = analysis_document(result, exercise="run_continuous", recording_format="x")

    (bout,) = document["sets"][0]["bouts"]
    assert bout["direction"] is None
    assert "clearly" in bout["direction_absent"]


def test_a_leg_that_turns_about_an_upright_axis_makes_no_strides():
    swinging = [Stretch(deg, 0.5) for deg in (35.0, 0.0) * 12]
    samples = leg_signal([still(3.0), *swinging, still(3.0)], axis_tilt_deg=90.0, noise_seed=1)

    assert analyse_recording(samples, "run_intervals").sets == ()


def test_a_leg_that_dangles_from_a_bench_does_not_walk():
    dangling = [Stretch(deg, 0.55) for deg in (45.0, 0.0) * 15]
    samples = leg_signal([still(3.0), *dangling, still(3.0)], noise_seed=1)

    assert analyse_recording(samples, "run_intervals").sets == ()
