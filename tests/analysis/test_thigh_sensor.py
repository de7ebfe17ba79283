from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    ImuSamples,
    MissingThighError,
    SetAnalyzer,
    analyse_recording,
    analysis_document,
)
from analysis.hinge import hinge_axis
from tests.analysis.same_results import differences
from tests.builders import packets_of, random_rotation, with_turned_sensor, without
from tracker.simulator import Scenario, WearLevel, simulate

SEATED = "ecc_seated_solo"
SQUAT = "squat_single"
PEAK_DEG = 2.0  # of the true knee angle, on average over a set
NOTHING = ImuSamples([], [], [])


@cache
def made(exercise_id, seed, *, reps=4, rate_hz=100.0, wear="hard"):
    scenario = Scenario(
        exercise_id=exercise_id,
        reps=reps,
        wear=WearLevel(wear),
        has_thigh_sensor=True,
        rate_hz=rate_hz,
    )
    return simulate(scenario, seed=seed)


def shank_of(recording):
    return ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)


def thigh_of(recording):
    return ImuSamples(recording.time_s, recording.thigh.acc_ms2, recording.thigh.gyr_rads)


def peak_errors_deg(result, recording):
    """Return by how much each peak is off the knee's true way from the still pose."""
    zero_deg = recording.true_knee_deg[recording.time_s < 2.0].mean()
    errors = []
    for rep in (rep for one in result.sets for rep in one.reps):
        inside = (recording.time_s >= rep.start_s) & (recording.time_s <= rep.end_s)
        errors.append(rep.peak_deg - (recording.true_knee_deg[inside].max() - zero_deg))
    return np.array(errors)


@pytest.mark.parametrize("seed", [1, 2, 3, 5])
def test_a_thigh_that_swings_leaves_the_knee_angle_right(seed):
    recording = made(SEATED, seed)
    alone = analyse_recording(shank_of(recording), SEATED)

    result = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(recording))

    assert np.abs(peak_errors_deg(alone, recording)).mean() > 5.0  # it did swing
    assert np.median(np.abs(peak_errors_deg(result, recording))) < PEAK_DEG
    assert result.calibration.thigh == "followed"
    assert len(result.sets[0].reps) == 4


def test_the_uncertainty_is_that_of_two_sensors_in_place_of_ten_degrees():
    recording = made(SEATED, 1)

    alone = analyse_recording(shank_of(recording), SEATED).sets[0].reps[-1]
    both = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(recording))

    assert alone.peak_deg_u > 10.0
    assert 2.0 < both.sets[0].reps[-1].peak_deg_u < 4.5


def test_a_thigh_that_lies_still_changes_nothing_but_the_uncertainty():
    recording = made("ecc_prone_helper", 1, wear="typical")

    alone = analyse_recording(shank_of(recording), "ecc_prone_helper")
    both = analyse_recording(shank_of(recording), "ecc_prone_helper", thigh=thigh_of(recording))

    for one, other in zip(alone.sets[0].reps, both.sets[0].reps, strict=True):
        assert other.peak_deg == pytest.approx(one.peak_deg, abs=2.0)
        assert other.peak_deg_u < one.peak_deg_u


@pytest.mark.parametrize("seed", [1, 3])
def test_a_squat_gets_its_depth_and_its_target(seed):
    recording = made("squat_single", seed, wear="typical")

    alone = analyse_recording(shank_of(recording), SQUAT)
    both = analyse_recording(shank_of(recording), SQUAT, thigh=thigh_of(recording))

    assert np.abs(peak_errors_deg(alone, recording)).mean() > 20.0  # that is the shank's tilt
    assert np.abs(peak_errors_deg(both, recording)).mean() < 4.0
    is_shallow = [rep.peak_deg < 0.78 * 90.0 for rep in both.sets[0].reps]
    assert ["shallow" in rep.flags for rep in both.sets[0].reps] == is_shallow
    assert not any("shallow" in rep.flags for rep in alone.sets[0].reps)


def test_a_squat_keeps_the_sway_of_its_shank():
    recording = made(SQUAT, 1, wear="typical")
    alone = analyse_recording(shank_of(recording), SQUAT).sets[0]

    both = analyse_recording(shank_of(recording), SQUAT, thigh=thigh_of(recording)).sets[0]

    for one, other in zip(alone.reps, both.reps, strict=True):
        assert other.sway_deg == pytest.approx(one.sway_deg, rel=0.5)
        assert "sway_deg" not in other.absent
    assert both.quality.sway_mean_deg == pytest.approx(np.mean([one.sway_deg for one in both.reps]))


@pytest.mark.parametrize("seed", range(3))
def test_how_the_sensors_are_turned_makes_no_difference(seed):
    recording = made(SEATED, 1)
    plain = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(recording))

    turned = analyse_recording(
        with_turned_sensor(shank_of(recording), random_rotation(seed)),
        SEATED,
        thigh=with_turned_sensor(thigh_of(recording), random_rotation(seed + 10)),
    )

    pairs = zip(plain.sets[0].reps, turned.sets[0].reps, strict=True)
    assert all(one.peak_deg == pytest.approx(other.peak_deg, abs=0.3) for one, other in pairs)


@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_the_thighs_rate_may_be_another(rate_hz):
    recording, other = made(SEATED, 1), made(SEATED, 1, rate_hz=rate_hz)

    result = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(other))

    assert np.abs(peak_errors_deg(result, recording)).mean() < PEAK_DEG


def test_a_short_gap_in_the_thighs_signal_is_bridged():
    recording = made(SEATED, 1)
    peak_s = recording.truth.reps[1].peak_s

    result = analyse_recording(
        shank_of(recording), SEATED, thigh=without(thigh_of(recording), peak_s, peak_s + 0.3)
    )

    assert np.abs(peak_errors_deg(result, recording)).mean() < PEAK_DEG


def test_a_repetition_without_the_thighs_signal_rests_on_the_assumption_again():
    recording = made(SEATED, 1)
    peak_s = recording.truth.reps[1].peak_s

    result = analyse_recording(
        shank_of(recording), SEATED, thigh=without(thigh_of(recording), peak_s - 1, peak_s + 2)
    )

    u_deg = [rep.peak_deg_u for rep in result.sets[0].reps]
    assert [one > 10.0 for one in u_deg] == [False, True, False, False]


def test_a_thigh_sensor_that_never_speaks_leaves_the_result_as_it_was():
    recording = made(SEATED, 1)
    alone = analyse_recording(shank_of(recording), SEATED)

    result = analyse_recording(shank_of(recording), SEATED, thigh=NOTHING)

    assert result.calibration.thigh == "missing"
    assert differences(result.sets, alone.sets) == []


def test_samples_of_a_thigh_that_was_not_announced_are_refused():
    recording = made(SEATED, 1)

    with pytest.raises(MissingThighError, match="has_thigh"):
        SetAnalyzer(SEATED).update(NOTHING, thigh=thigh_of(recording))


def test_the_angle_of_the_recording_is_that_of_the_knee():
    recording = made(SEATED, 1)
    zero_deg = recording.true_knee_deg[recording.time_s < 2.0].mean()

    result = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(recording))

    errors_deg = result.angle_deg - (recording.true_knee_deg - zero_deg)
    assert np.sqrt(np.mean(errors_deg**2)) < PEAK_DEG


def test_the_document_says_what_the_thigh_gave():
    recording = made(SEATED, 1)
    result = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(recording))

    document = analysis_document(result, exercise=SEATED, recording_format="x")

    assert document["calibration"]["thigh"] == "followed"


def test_where_the_sense_cannot_be_told_the_uncertainty_covers_the_thigh():
    recording = made(SEATED, 4)  # a level axis, and nothing but the exercise

    result = analyse_recording(shank_of(recording), SEATED, thigh=thigh_of(recording))

    assert result.calibration.thigh == "unclear"
    u_deg = np.array([rep.peak_deg_u for rep in result.sets[0].reps])
    assert (np.abs(peak_errors_deg(result, recording)) < u_deg).all()


def test_where_it_cannot_be_told_sensors_whose_axes_lie_alike_are_worn_the_same_way_round():
    recording = made(SEATED, 4)
    shank_axis, thigh_axis = (
        hinge_axis(samples.gyr_rads - samples.gyr_rads[:200].mean(axis=0))[0]
        for samples in (shank_of(recording), thigh_of(recording))
    )
    up = recording.thigh.up[0]
    errors_deg = []
    for sense in (1.0, -1.0):
        turn = turn_between(sense * thigh_axis, up, shank_axis)
        worn = with_turned_sensor(thigh_of(recording), turn)
        result = analyse_recording(shank_of(recording), SEATED, thigh=worn)
        errors_deg.append(np.median(np.abs(peak_errors_deg(result, recording))))

    assert min(errors_deg) < PEAK_DEG
    assert max(errors_deg) > 10.0  # worn against the convention


def turn_between(axis, up, to_axis):
    """Return a turn of a sensor after which its axis lies along another one."""
    frame = np.linalg.qr(np.stack([axis, up, np.cross(axis, up)], axis=1))[0]
    frame[:, 0] = axis
    other = np.linalg.qr(np.stack([to_axis, np.roll(to_axis, 1), [0.3, 0.5, 0.9]], axis=1))[0]
    other[:, 0] = to_axis
    for matrix in (frame, other):
        matrix[:, 1] -= (matrix[:, 1] @ matrix[:, 0]) * matrix[:, 0]
        matrix[:, 1] /= np.linalg.norm(matrix[:, 1])
        matrix[:, 2] = np.cross(matrix[:, 0], matrix[:, 1])
    return frame @ other.T


@cache
def fed_whole():
    recording = made(SEATED, 1, rate_hz=50.0)
    analyzer = SetAnalyzer(SEATED, has_thigh=True)
    events = analyzer.update(shank_of(recording), thigh=thigh_of(made(SEATED, 1)))
    return events, analyzer.finish()


@settings(max_examples=15)
@given(
    shank_packet=st.integers(1, 60),
    thigh_packet=st.integers(1, 300),
    is_thigh_first=st.booleans(),
)
def test_neither_the_cuts_nor_the_order_of_the_two_streams_matter(
    shank_packet, thigh_packet, is_thigh_first
):
    shank, thigh = shank_of(made(SEATED, 1, rate_hz=50.0)), thigh_of(made(SEATED, 1))
    parts = [(piece, NOTHING) for piece in packets_of(shank, shank_packet)]
    parts += [(NOTHING, piece) for piece in packets_of(thigh, thigh_packet)]
    arrived = sorted(
        parts,
        key=lambda both: (
            max(one.time_s[-1] for one in both if len(one)),
            bool(len(both[0])) == is_thigh_first,
        ),
    )
    analyzer = SetAnalyzer(SEATED, has_thigh=True)

    for one, other in arrived:
        analyzer.update(one, thigh=other)

    assert differences(analyzer.finish(), fed_whole()[1]) == []
