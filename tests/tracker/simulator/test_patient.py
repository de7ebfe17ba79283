import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.simulator import SimulatedPatient, UnknownCueError, simulated_exercises


def patient(**changes):
    return SimulatedPatient("ecc_prone_helper", **({"seed": 1} | changes))


def test_a_patient_lies_still_until_told_to_go():
    lying = patient()

    acc, gyr = lying.next_samples(1000)

    assert np.degrees(gyr.std(axis=0)).max() < 1.0
    assert np.linalg.norm(acc.mean(axis=0)) == pytest.approx(9.81, abs=0.2)
    assert not lying.is_exercising


def test_a_patient_told_to_go_does_the_set_and_lies_still_again():
    trained = patient(tempo_s=3.0)
    trained.next_samples(300)

    trained.hear("go", reps=5)
    _, gyr = trained.next_samples(6000)

    assert len(trained.reps_done) == 5
    assert 0.5 < trained.reps_done[0].start_s - 3.0 < 2.0  # a human reaction
    assert all(80.0 < rep.peak_deg < 100.0 for rep in trained.reps_done)
    assert not trained.is_exercising
    assert np.degrees(gyr).max() > 30.0
    assert np.degrees(gyr[-500:].std(axis=0)).max() < 1.0


def test_a_patient_told_to_stop_finishes_the_repetition():
    stopped = patient()
    stopped.hear("go", reps=10)
    stopped.next_samples(400)

    stopped.hear("stop")
    stopped.next_samples(2000)

    assert len(stopped.reps_done) == 1
    assert not stopped.is_exercising


def test_sets_are_counted_on():
    trained = patient()

    for _ in range(2):
        trained.hear("go", reps=2)
        trained.next_samples(2500)

    assert [rep.set_index for rep in trained.reps_done] == [0, 0, 1, 1]


@pytest.mark.parametrize("exercise_id", simulated_exercises())
def test_every_exercise_can_be_done_live_and_is_over_at_some_time(exercise_id):
    trained = SimulatedPatient(exercise_id, seed=6, rate_hz=25.0)
    trained.next_samples(50)

    trained.hear("go", reps=1)
    _, gyr = trained.next_samples(25 * 120)

    assert np.degrees(gyr - gyr.mean(axis=0)).max() > 5.0
    assert not trained.is_exercising


def run(packets, cue_at):
    """All samples, asked for in packets, the cue given at a fixed sample."""
    tested, parts, done = patient(seed=4), [], 0
    for n in packets:
        if done == cue_at:
            tested.hear("go", reps=1)
        parts.append(tested.next_samples(n))
        done += n
    return np.concatenate([np.hstack(part) for part in parts])


@settings(max_examples=20)
@given(cuts=st.sets(st.integers(1, 599), max_size=8))
def test_samples_do_not_depend_on_how_many_are_asked_for_at_once(cuts):
    edges = sorted({0, 100, 600} | cuts)
    packets = np.diff(edges)

    assert run(packets, 100) == pytest.approx(run([100, 500], 100))


def test_a_patient_can_lie_there_for_hours_without_growing():
    lying = patient()
    lying.hear("go", reps=3)

    lying.next_samples(60 * 100)

    movement = lying._choreography.movement
    assert not movement.coordinate._pieces
    assert not movement.push[2]._pieces
    assert lying.time_s == pytest.approx(60.0)


def test_an_unknown_cue_is_refused_with_the_known_ones():
    with pytest.raises(UnknownCueError, match="go, stop"):
        patient().hear("jump")
