import numpy as np
import pytest
from benchmark.baselines import accelerometer_angle_deg, complementary_angle_deg
from benchmark.cutting import difference, score_cutting
from benchmark.rivals import COMPLEMENTARY, score_rival
from benchmark.set_counts import count_in_sets

from analysis import ImuSamples, analyse_recording
from tracker.simulator import WearLevel, random_scenario, simulate

RATE_HZ = 100.0


def tilting(angle_deg):
    angle_rad = np.radians(angle_deg)
    time_s = np.arange(len(angle_deg)) / RATE_HZ
    acc = 9.81 * np.stack([np.sin(angle_rad), np.zeros_like(angle_rad), np.cos(angle_rad)], axis=1)
    gyr = np.zeros_like(acc)
    gyr[:, 1] = -np.gradient(angle_rad, 1.0 / RATE_HZ)
    return time_s, acc, gyr


def recording():
    return simulate(random_scenario("ecc_prone_helper", WearLevel.TYPICAL, 1), seed=1)


@pytest.mark.parametrize("turned", [0, 1, 2])
def test_both_simple_angles_follow_a_slow_tilt_about_any_axis_of_the_sensor(turned):
    angle_deg = np.interp(np.arange(600) / RATE_HZ, [0, 2, 4, 6], [0, 0, 90, 90])

    time_s, *signals = tilting(angle_deg)
    acc, gyr = (np.roll(signal, turned, axis=1) for signal in signals)

    assert accelerometer_angle_deg(time_s, acc) == pytest.approx(angle_deg, abs=2.0)
    assert complementary_angle_deg(time_s, acc, gyr) == pytest.approx(angle_deg, abs=2.0)


def test_the_complementary_filter_believes_the_gyroscope_where_the_leg_is_shaken():
    angle_deg = np.interp(np.arange(600) / RATE_HZ, [0, 2, 4, 6], [0, 0, 90, 90])
    time_s, acc, gyr = tilting(angle_deg)
    acc[300] += 20.0

    plain = np.abs(complementary_angle_deg(time_s, acc, gyr) - angle_deg)

    assert plain.max() < 3.0


def test_a_rival_that_knows_the_true_angle_is_early_by_a_fifth_and_right_when_stretched():
    made = recording()

    told = score_rival(COMPLEMENTARY, made, made.true_angle_deg)

    assert told.set_off == [0] * len(made.truth.sets)
    assert np.max(np.abs(told.peak_errors_deg)) < 0.5
    assert np.mean(told.errors_s()) < np.mean(told.errors_s(stretched=True))


def test_true_peaks_are_the_right_count_and_no_peaks_are_all_missing():
    made = recording()
    peaks_s = [rep.peak_s for rep in made.truth.reps]

    assert count_in_sets(made, peaks_s).off == [0] * len(made.truth.sets)
    assert count_in_sets(made, []).off == [-len(one) for one in made.truth.sets]
    assert count_in_sets(made, [*peaks_s, 0.0]).ghosts == 1


def test_a_result_differs_from_itself_by_nothing():
    made = recording()
    samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
    result = analyse_recording(samples, "ecc_prone_helper")

    assert difference(result, result) == 0.0


def test_a_later_repetition_differs_by_how_much_later_it_is():
    assert difference({"reps": [{"end_s": 8.0}]}, {"reps": [{"end_s": 8.25}]}) == pytest.approx(
        0.25
    )


@pytest.mark.parametrize(
    "other",
    [
        {"reps": [{"end_s": 8.0, "flags": ("gap",)}]},
        {"reps": []},
        {"reps": [{"end_s": None, "flags": ()}]},
    ],
    ids=["another flag", "a repetition less", "a number absent"],
)
def test_whatever_is_no_number_makes_results_differ_altogether(other):
    one = {"reps": [{"end_s": 8.0, "flags": ()}]}

    assert difference(one, other) == float("inf")


def test_an_angle_known_at_fewer_samples_makes_results_differ_altogether():
    assert difference(np.array([1.0, np.nan]), np.array([1.0, 2.0])) == float("inf")
    assert difference(np.array([1.0, 2.0]), np.array([1.0, 2.5])) == pytest.approx(0.5)


def test_packets_and_random_pieces_are_compared_with_the_whole():
    compared = score_cutting("ecc_prone_helper", WearLevel.TYPICAL, 1)

    assert compared.largest <= 1e-6
    assert compared.n_values > 1000
