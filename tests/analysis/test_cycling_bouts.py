import pytest

from analysis import ImuSamples, analyse_recording
from tests.analysis.sport_signals import Leg, bouts_of, course_signal, stand
from tracker.simulator import Scenario, simulate


@pytest.mark.parametrize("rate_hz", [25.0, 100.0])
def test_pedalling_has_its_cadence_and_coasting_is_not_counted(rate_hz):
    ride = [stand(), Leg("pedal", 30.0, 92.0), stand(8.0), Leg("pedal", 30.0, 78.0), stand()]

    first, second = bouts_of(analyse_recording(course_signal(ride, rate_hz=rate_hz), "cycling"))

    assert first.kind == second.kind == "pedal"
    assert first.cadence_per_min == pytest.approx(92.0, abs=1.0)
    assert second.cadence_per_min == pytest.approx(78.0, abs=1.0)
    assert first.end_s == pytest.approx(34.0, abs=0.6)
    assert second.start_s == pytest.approx(42.0, abs=0.6)


def test_half_of_a_ride_above_the_target_is_half():
    ride = [stand(), Leg("pedal", 40.0, 95.0), Leg("pedal", 40.0, 70.0), stand()]

    (one,) = analyse_recording(course_signal(ride), "cycling").sets

    assert one.quality.at_target_percent == pytest.approx(50.0, abs=3.0)
    assert one.quality.cadence_mean_per_min == pytest.approx(82.5, abs=1.0)
    assert one.quality.backward_s is None


@pytest.mark.parametrize(("per_min", "code"), [(95.0, "quick_legs"), (70.0, "time_moving")])
def test_praise_goes_by_the_cadence_that_was_measured(per_min, code):
    ride = course_signal([stand(), Leg("pedal", 75.0, per_min), stand()], rate_hz=50.0)

    (one,) = analyse_recording(ride, "cycling").sets

    assert one.feedback[0].code == code
    assert ("lighter_gear" in [said.code for said in one.feedback]) == (per_min < 85.0)


@pytest.mark.parametrize("kind", ["walk", "jog", "walk_backward"])
def test_going_on_foot_beside_the_bicycle_is_no_cycling(kind):
    on_foot = course_signal([stand(), Leg(kind, 30.0, 140.0 if kind == "jog" else 104.0), stand()])

    assert analyse_recording(on_foot, "cycling").sets == ()


def test_standing_at_a_traffic_light_is_no_cycling():
    made = simulate(Scenario(exercise_id="cycling", reps=2, bout_s=20.0), seed=3)

    result = analyse_recording(ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads), "cycling")

    idle = [bout for bout in made.truth.bouts if bout.kind != "pedal"]
    assert {bout.kind for bout in idle} == {"coast", "stand"}
    assert len(bouts_of(result)) == 2
    for bout in bouts_of(result):
        for other in idle:
            shared_s = min(bout.end_s, other.end_s) - max(bout.start_s, other.start_s)
            assert shared_s < 0.3
