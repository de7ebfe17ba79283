import numpy as np
import pytest

from analysis import (
    AnalysisError,
    EmptyRecordingError,
    ImuSamples,
    SampleRateError,
    SampleShapeError,
    SampleValueError,
    SetAnalyzer,
    StartAngleError,
    UnknownExerciseError,
    UnmeasurableExerciseError,
    analyse_recording,
    load_catalogue,
)
from tests.builders import (
    later,
    packets_of,
    prone_set,
    still_signal,
)

PRONE = "ecc_prone_helper"


def samples_at(rate_hz, n=100):
    time_s = np.arange(n) / rate_hz
    return ImuSamples(time_s, np.tile([0.0, 0.0, 9.81], (n, 1)), np.zeros((n, 3)))


@pytest.mark.parametrize("zero_deg", [np.nan, np.inf, -181.0, 900.0])
def test_an_angle_that_no_joint_has_is_refused(zero_deg):
    with pytest.raises(StartAngleError, match="no angle"):
        SetAnalyzer(PRONE, zero_deg=zero_deg)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["time_s", "acc_ms2", "gyr_rads"])
def test_a_value_that_is_not_finite_is_refused_at_the_door(where, wrong):
    columns = {
        "time_s": np.arange(20) / 100,
        "acc_ms2": np.full((20, 3), 9.81),
        "gyr_rads": np.zeros((20, 3)),
    }
    columns[where].flat[7] = wrong

    with pytest.raises(SampleValueError):
        ImuSamples(**columns)


@pytest.mark.parametrize("second_s", [0.0, -0.01])
def test_times_that_stand_still_or_go_back_are_refused(second_s):
    with pytest.raises(SampleValueError, match="increase"):
        ImuSamples([0.0, second_s], np.zeros((2, 3)), np.zeros((2, 3)))


@pytest.mark.parametrize("start_s", [4.99, 2.0])
def test_a_piece_that_is_older_than_the_one_before_is_refused_and_does_no_harm(start_s):
    analyzer = SetAnalyzer(PRONE)
    analyzer.update(still_signal(4.99))

    with pytest.raises(SampleValueError, match="increase"):
        analyzer.update(later(still_signal(1.0), start_s))

    analyzer.update(later(still_signal(1.0), 5.0))
    assert analyzer.finish().recording.duration_s == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("n_times", "acc_shape", "gyr_shape"),
    [(5, (4, 3), (5, 3)), (5, (5, 3), (6, 3)), (5, (5, 2), (5, 3)), (5, (15,), (5, 3))],
)
def test_arrays_of_other_shapes_are_refused(n_times, acc_shape, gyr_shape):
    with pytest.raises(SampleShapeError, match=r"\(n, 3\)"):
        ImuSamples(np.arange(n_times), np.ones(acc_shape), np.ones(gyr_shape))


def test_a_table_of_times_is_refused():
    with pytest.raises(SampleShapeError):
        ImuSamples(np.zeros((5, 1)), np.zeros((5, 3)), np.zeros((5, 3)))


@pytest.mark.parametrize("n", [0, 1, 9])
def test_fewer_than_ten_samples_say_nothing(n):
    with pytest.raises(EmptyRecordingError, match=f"{n} samples"):
        analyse_recording(samples_at(100.0, n), PRONE)


@pytest.mark.parametrize("n", [10, 30, 101])
def test_a_recording_of_a_moment_has_a_result_without_repetitions(n):
    result = analyse_recording(samples_at(100.0, n), PRONE)

    assert result.n_reps == 0
    assert len(result.angle_deg) == n


@pytest.mark.parametrize("rate_hz", [5.0, 15.0, 2000.0])
def test_a_rate_out_of_reach_is_told_at_the_end_and_not_in_mid_stream(rate_hz):
    analyzer = SetAnalyzer(PRONE)

    events = [
        event
        for piece in packets_of(samples_at(rate_hz, 4000), 50)
        for event in analyzer.update(piece)
    ]

    assert events == []
    assert analyzer.end_set() == []
    with pytest.raises(SampleRateError, match="Hz"):
        analyzer.finish()


@pytest.mark.parametrize("rate_hz", [20.0, 25.0, 400.0, 1000.0])
def test_rates_from_20_to_1000_hz_are_analysed(rate_hz):
    result = analyse_recording(prone_set(reps=2, rate_hz=rate_hz), PRONE)

    assert result.recording.rate_hz == pytest.approx(rate_hz, rel=0.01)
    assert result.n_reps == 2


def test_an_exercise_that_is_not_in_the_catalogue_is_named_with_those_that_are():
    with pytest.raises(UnknownExerciseError, match="ecc_prone_helper"):
        SetAnalyzer("bench_press")


def test_an_exercise_that_is_not_measured_yet_is_refused_before_anything_is_recorded():
    unmeasured = [one.id for one in load_catalogue().exercises.values() if not one.is_measurable]

    for exercise_id in unmeasured:
        with pytest.raises(UnmeasurableExerciseError, match=exercise_id):
            SetAnalyzer(exercise_id)


def test_all_errors_are_analysis_errors_and_a_built_in_one():
    for error in (SampleValueError, SampleShapeError, EmptyRecordingError, SampleRateError):
        assert issubclass(error, AnalysisError)
        assert issubclass(error, ValueError)
    assert issubclass(UnknownExerciseError, AnalysisError)
    assert issubclass(UnknownExerciseError, LookupError)


def test_samples_may_be_lists_of_whole_numbers_or_single_precision_slices():
    listed = ImuSamples([0, 1], [[0, 0, 10]] * 2, [[0, 0, 0]] * 2)
    strided = ImuSamples(
        np.arange(4, dtype=np.float32)[::2],
        np.asfortranarray(np.ones((2, 3), dtype=np.float32)),
        np.zeros((4, 3))[::2],
    )

    for samples in (listed, strided):
        assert samples.acc_ms2.flags.c_contiguous
        assert samples.acc_ms2.dtype == np.float64
        assert (len(samples), samples.n_samples) == (2, 2)


def test_every_second_sample_can_be_taken_and_backwards_is_refused():
    samples = samples_at(100.0, 20)

    halved = samples[::2]

    assert halved.time_s == pytest.approx(np.arange(10) / 50.0)
    assert halved.acc_ms2.flags.c_contiguous
    with pytest.raises(SampleValueError, match="increase"):
        _ = samples[::-1]


def test_values_whose_squares_overflow_are_still_finite():
    huge = ImuSamples([0.0, 1e200], np.full((2, 3), 1e200), np.zeros((2, 3)))

    assert len(huge) == 2


def test_no_samples_at_all_may_be_given_in_any_empty_shape():
    for nothing in (ImuSamples([], [], []), ImuSamples(np.empty(0), np.empty((0, 3)), [])):
        assert nothing.acc_ms2.shape == (0, 3)
        assert SetAnalyzer(PRONE).update(nothing) == []
