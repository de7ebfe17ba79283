from dataclasses import replace

import pytest

from analysis import SetAnalyzer, SetFinished, analyse_recording, load_catalogue
from tests.analysis.sport_signals import Leg, bouts_of, course_signal, stand
from tests.builders import packets_of

SPRINT = (Leg("jog", 3.0, 160.0), Leg("sprint", 3.5, 220.0), Leg("jog", 3.0, 150.0), stand(2.0))
WALK_BACK = (Leg("walk", 14.0, 105.0), stand(3.0))
ROUND = (
    Leg("walk", 12.0, 114.0),
    Leg("jog", 12.0, 158.0),
    stand(2.0),
    Leg("walk_backward", 12.0, 98.0),
    stand(2.0),
    Leg("jog_backward", 12.0, 142.0),
    stand(2.0),
)


def test_a_sprint_has_a_run_up_and_a_run_out():
    samples = course_signal([stand(), *SPRINT, *WALK_BACK])

    result = analyse_recording(samples, "sprint_sets")

    bouts = bouts_of(result)
    assert [bout.kind for bout in bouts] == ["run_up", "sprint", "run_out", "walk"]
    assert bouts[1].start_s == pytest.approx(7.0, abs=0.8)
    assert bouts[1].end_s == pytest.approx(10.5, abs=0.8)
    assert bouts[1].cadence_per_min == pytest.approx(220.0, abs=10.0)


def test_four_sprints_make_a_series_and_a_long_rest_begins_the_next():
    series = [*SPRINT, *WALK_BACK] * 4
    samples = course_signal([stand(), *series, stand(60.0), *series], rate_hz=50.0)

    result = analyse_recording(samples, "sprint_sets")

    assert [one.quality.reps for one in result.sets] == [4, 4]
    assert [one.quality.reps_prescribed for one in result.sets] == [4, 4]
    assert [one.feedback[0].code for one in result.sets] == ["reps_done", "reps_done"]


def test_three_sprints_of_four_ask_for_a_full_series():
    samples = course_signal([stand(), *[*SPRINT, *WALK_BACK] * 3])

    (one,) = analyse_recording(samples, "sprint_sets").sets

    assert one.quality.reps == 3
    assert "complete_the_set" in [said.code for said in one.feedback]


def test_a_long_jog_before_the_sprints_is_no_sprint():
    samples = course_signal([stand(), Leg("jog", 70.0, 158.0), stand(5.0), *SPRINT])

    bouts = bouts_of(analyse_recording(samples, "sprint_sets"))

    assert [bout.kind for bout in bouts] == ["jog", "run_up", "sprint", "run_out"]


def test_each_round_of_intervals_is_a_set():
    samples = course_signal([stand(), *ROUND, *ROUND], rate_hz=50.0)

    result = analyse_recording(samples, "run_intervals")

    kinds = ["walk", "jog", "walk_backward", "jog_backward"]
    assert [[bout.kind for bout in one.bouts] for one in result.sets] == [kinds, kinds]
    assert [one.feedback[0].code for one in result.sets] == ["all_four_ways"] * 2


def test_a_set_is_reported_live_when_the_next_round_shows_it_to_be_over():
    analyzer = SetAnalyzer("run_intervals", keep_trace=False)
    samples = course_signal([stand(), *ROUND, *ROUND], rate_hz=50.0)

    events = [event for piece in packets_of(samples, 25) for event in analyzer.update(piece)]

    (finished,) = [event for event in events if isinstance(event, SetFinished)]
    assert len(finished.set_result.bouts) == 4
    assert finished.at_s < 90.0
    assert len(analyzer.finish().sets) == 2


def test_a_pause_ends_a_set_without_waiting_for_more():
    exercise = replace(load_catalogue()["run_continuous"], set_pause_s=10.0)
    analyzer = SetAnalyzer(exercise, keep_trace=False)
    samples = course_signal([stand(), Leg("jog", 15.0, 158.0), stand(20.0)])

    events = [event for piece in packets_of(samples, 20) for event in analyzer.update(piece)]

    (finished,) = [event for event in events if isinstance(event, SetFinished)]
    assert finished.at_s == pytest.approx(19.0 + 10.0, abs=2.5)


def test_the_button_ends_the_set_with_the_bout_that_runs():
    samples = course_signal([stand(), Leg("jog", 30.0, 158.0)])
    analyzer = SetAnalyzer("run_continuous")
    analyzer.update(samples[:2000])

    events = analyzer.end_set()

    (finished,) = events
    assert finished.set_result.bouts[0].end_s == pytest.approx(20.0, abs=1.0)
    analyzer.update(samples[2000:])
    assert len(analyzer.finish().sets) == 2


def test_jogging_only_forward_for_minutes_asks_for_the_backward_parts():
    samples = course_signal([stand(), Leg("jog", 310.0, 158.0), stand()], rate_hz=25.0)

    (one,) = analyse_recording(samples, "run_continuous").sets

    assert [said.code for said in one.feedback] == ["time_moving", "go_backward_too"]
