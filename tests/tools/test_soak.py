import dataclasses

import numpy as np
import pytest

from analysis import ImuSamples
from tools.soak import report
from tools.soaking.faults import KINDS, Fault
from tools.soaking.judging import Figures, judge
from tools.soaking.session import run_session


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return run_session(1, tmp_path_factory.mktemp("undisturbed"), has_faults=False)


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory):
    return run_session(11, tmp_path_factory.mktemp("disturbed"))


def test_a_session_under_faults_loses_no_set_and_makes_nothing_up(disturbed):
    figures = judge(disturbed)

    assert figures.problems == []
    assert figures.n_sets == 3
    assert sum(figures.faults.values()) >= 5
    assert figures.n_recoveries >= 3
    print(report(figures))  # noqa: T201 - the figures of the soak


def test_a_seed_repeats_a_session_exactly(disturbed, tmp_path):
    again = run_session(disturbed.seed, tmp_path)

    assert again.faults == disturbed.faults
    assert again.recording.samples.time_s.tolist() == disturbed.recording.samples.time_s.tolist()
    assert judge(again) == judge(disturbed)


def test_without_faults_every_repetition_counts_and_no_sample_is_missing(undisturbed):
    figures = judge(undisturbed)

    assert figures.problems == []
    assert figures.n_reps_true == figures.n_reps_measured == 18
    assert figures.n_samples_taken_by_faults == 0
    assert figures.n_samples_on_the_way_back <= 5


def with_reps(ran, change):
    """The same session, with other repetitions in its first set."""
    document = dict(ran.outcome.document)
    first, *others = document["exercise_sets"]
    document["exercise_sets"] = [{**first, "reps": change(list(first["reps"]))}, *others]
    return dataclasses.replace(ran, outcome=dataclasses.replace(ran.outcome, document=document))


def moved(rep, by_s):
    return {**rep, "start_s": rep["start_s"] + by_s, "end_s": rep["end_s"] + by_s}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda reps: reps[1:], "not counted"),
        (lambda reps: [*reps, moved(reps[0], -30.0)], "ghost repetition"),
        (lambda reps: [*reps, moved(reps[0], 0.2)], "counted 2 times"),
    ],
)
def test_a_lost_a_made_up_and_a_doubled_repetition_are_found(change, expected, undisturbed):
    figures = judge(with_reps(undisturbed, change))

    assert any(expected in problem for problem in figures.problems)


def test_a_lost_set_a_leak_and_a_late_return_are_found(undisturbed):
    cards = undisturbed.outcome.cards[:2]
    samples = undisturbed.recording.samples
    kept = (samples.time_s < samples.time_s[0] + 20) | (samples.time_s > samples.time_s[0] + 45)
    broken = dataclasses.replace(
        undisturbed,
        outcome=dataclasses.replace(undisturbed.outcome, cards=cards),
        leaked=("task forgotten",),
        faults=(Fault("link dropped", *([float(samples.time_s[0]) + 20.1] * 2)),),
        recording=dataclasses.replace(
            undisturbed.recording,
            samples=ImuSamples(samples.time_s[kept], samples.acc_ms2[kept], samples.gyr_rads[kept]),
        ),
    )

    figures = judge(broken)

    told = " ".join(figures.problems)
    assert "sets [1, 2] in place of 3" in told
    assert "left over: task forgotten" in told
    assert "until samples came again" in told
    assert figures.n_samples_on_the_way_back == pytest.approx(2500, abs=10)
    assert figures.n_samples_taken_by_faults == 0


def test_figures_of_sessions_add_up():
    total = Figures()
    for seconds in (3.0, 7.0):
        one = Figures(n_sessions=1, n_sets=3, longest_outage_s=seconds, problems=["x"])
        one.faults.update(["link dropped"])
        total.add(one)

    assert (total.n_sessions, total.n_sets, total.longest_outage_s) == (2, 6, 7.0)
    assert total.faults == {"link dropped": 2}
    assert np.all([kind in report(total) for kind in KINDS])
