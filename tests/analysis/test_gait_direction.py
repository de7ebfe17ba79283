import numpy as np
import pytest

from analysis import ImuSamples, analyse_recording
from tests.analysis.sport_signals import Leg, bouts_of, course_signal, stand
from tests.builders import random_rotation, with_turned_sensor

FOUR_WAYS = (
    stand(),
    Leg("walk", 15.0, 112.0),
    stand(3.0),
    Leg("jog", 15.0, 156.0),
    stand(3.0),
    Leg("walk_backward", 15.0, 100.0),
    stand(3.0),
    Leg("jog_backward", 15.0, 142.0),
    stand(3.0),
)
KINDS = ["walk", "jog", "walk_backward", "jog_backward"]


def kinds_of(result):
    return [bout.kind for bout in bouts_of(result)]


@pytest.mark.parametrize("mounting_seed", range(6))
def test_all_four_ways_are_told_apart_however_the_sensor_is_mounted(mounting_seed):
    samples = course_signal(FOUR_WAYS, mounting_seed=mounting_seed)

    result = analyse_recording(samples, "run_intervals")

    assert kinds_of(result) == KINDS


def test_the_other_leg_a_mirror_image_reads_the_same():
    samples = course_signal(FOUR_WAYS)
    mirror = np.diag([1.0, -1.0, 1.0])

    mirrored = ImuSamples(samples.time_s, samples.acc_ms2 @ mirror, -samples.gyr_rads @ mirror)
    result = analyse_recording(mirrored, "run_intervals")

    assert kinds_of(result) == KINDS


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 400.0])
def test_any_sampling_rate_tells_the_direction(rate_hz):
    result = analyse_recording(course_signal(FOUR_WAYS, rate_hz=rate_hz), "run_intervals")

    assert kinds_of(result) == KINDS


def test_walking_shows_its_direction_without_ever_standing_still():
    course = [Leg("walk", 25.0, 112.0), Leg("walk_backward", 25.0, 100.0)]

    result = analyse_recording(course_signal(course), "run_intervals")

    assert kinds_of(result) == ["walk", "walk_backward"]


def test_a_jog_that_was_never_led_by_standing_or_walking_has_no_direction_and_says_so():
    course = [Leg("jog", 20.0, 156.0), Leg("jog_backward", 20.0, 146.0)]

    result = analyse_recording(course_signal(course), "run_continuous")

    assert kinds_of(result) == ["jog", "jog"]
    assert all("direction" in bout.absent for bout in bouts_of(result))
    assert result.sets[0].quality.backward_s is None
    assert "direction" in result.sets[0].quality.absent["backward_s"]


def test_standing_at_the_end_tells_the_direction_of_what_went_before():
    course = [Leg("jog", 20.0, 156.0), Leg("jog_backward", 20.0, 146.0), stand(5.0)]

    result = analyse_recording(course_signal(course), "run_continuous")

    assert kinds_of(result) == ["jog", "jog_backward"]
    assert result.sets[0].quality.backward_s == pytest.approx(20.0, abs=1.5)


def test_a_sensor_far_out_of_its_range_makes_up_no_direction():
    samples = course_signal([stand(), Leg("jog", 20.0, 156.0), stand()])
    limit_rads = np.radians(250.0)
    gyr = np.clip(samples.gyr_rads, -limit_rads, limit_rads)

    result = analyse_recording(ImuSamples(samples.time_s, samples.acc_ms2, gyr), "run_continuous")

    (bout,) = bouts_of(result)
    assert (bout.kind, bout.direction) == ("jog", None)
    assert "saturated" in result.warnings


def test_a_sensor_turned_between_two_runs_is_learnt_anew():
    first = course_signal(FOUR_WAYS)
    turned = with_turned_sensor(first, random_rotation(9))
    later = ImuSamples(turned.time_s + first.time_s[-1] + 0.01, turned.acc_ms2, turned.gyr_rads)

    result = analyse_recording(ImuSamples.joined([first, later]), "run_intervals")

    assert kinds_of(result)[-2:] == KINDS[-2:]
