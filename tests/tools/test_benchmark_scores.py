import numpy as np
import pytest
from benchmark.activities import ActivityScore, compare_bouts, compare_holds
from benchmark.baselines import ten_to_ninety_s, two_threshold_count
from benchmark.scenarios import EXERCISES, ScenarioScore, measurable, score_scenario
from benchmark.tables import Table, accuracy_tables

from analysis import Bout, Hold, load_catalogue
from tracker.simulator import BoutKind, BoutTruth, HoldTruth, WearLevel


def score():
    return ActivityScore(exercise="run_intervals", wear=WearLevel.TYPICAL, seed=0)


def bout(kind, start_s, end_s, cadence_per_min):
    return BoutTruth(
        kind=kind, set_index=0, start_s=start_s, end_s=end_s, cadence_per_min=cadence_per_min
    )


def test_the_exercises_of_the_tables_are_those_the_catalogue_calls_measurable():
    catalogue = load_catalogue()

    assert "ecc_prone_helper" in EXERCISES
    assert all(catalogue[one].is_measurable for one in EXERCISES)
    assert not set(measurable("gait")) & set(EXERCISES)


def test_a_minute_found_three_seconds_short_at_two_steps_too_many():
    compared = score()

    compare_bouts(
        compared,
        [bout(BoutKind.WALK, 0.0, 60.0, 120.0)],
        [Bout(kind="walk", start_s=2.0, end_s=59.0, cadence_per_min=122.0)],
    )

    assert compared.duration_errors_s == pytest.approx([-3.0])
    assert compared.cadence_errors_per_min == pytest.approx([2.0])
    assert compared.kind_share == pytest.approx(57.0 / 60.0, abs=0.01)


def test_coasting_is_no_bout():
    compared = score()

    compare_bouts(
        compared,
        [bout(BoutKind.PEDAL, 0.0, 30.0, 90.0), bout(BoutKind.COAST, 30.0, 40.0, 0.0)],
        [Bout(kind="pedal", start_s=0.0, end_s=40.0, cadence_per_min=67.5)],
    )

    assert (compared.n_true, compared.n_found) == (1, 1)
    assert compared.duration_errors_s == pytest.approx([10.0])
    assert compared.cadence_errors_per_min == pytest.approx([-22.5])


def test_a_hold_of_half_a_minute_interrupted_once():
    compared = score()
    true = HoldTruth(set_index=0, start_s=5.0, end_s=35.0, interruptions=((12.0, 14.0),))

    compare_holds(compared, [true], [Hold(start_s=5.5, end_s=34.5, interruptions=1, still_s=29.0)])

    assert compared.duration_errors_s == pytest.approx([-1.0])
    assert compared.interruptions_off == [0]


def test_three_seconds_at_constant_speed_read_2_4_between_ten_and_ninety_percent():
    time_s = np.arange(0.0, 5.0, 0.001)
    angle_deg = np.interp(time_s, [1.0, 4.0], [90.0, 0.0])

    assert ten_to_ninety_s(time_s, angle_deg) == pytest.approx(2.4, abs=0.01)


def test_the_naive_counter_counts_each_return_once():
    time_s = np.arange(0.0, 40.0, 0.01)
    angle_deg = 45.0 * (1.0 - np.cos(2.0 * np.pi * time_s / 4.0))

    assert len(two_threshold_count(angle_deg, 90.0)) == 10


def test_a_scored_scenario_fills_every_table():
    scores = [
        score_scenario("ecc_prone_helper", WearLevel.TYPICAL, 1),
        score_scenario("ecc_prone_helper", WearLevel.TYPICAL, 1, "sensor restarts"),
    ]

    tables = accuracy_tables(scores)

    assert [table.title for table in tables][-1] == "Under stress"
    assert all(table.rows for table in tables)
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)


def test_without_stress_there_is_no_table_of_it():
    plain = ScenarioScore(exercise="ecc_prone_helper", wear=WearLevel.TYPICAL, seed=1)
    plain.set_off, plain.naive_off, plain.idle_s = [0], [0], 60.0

    titles = [table.title for table in accuracy_tables([plain])]

    assert "Under stress" not in titles


def test_a_table_lines_up_its_columns():
    table = Table("Title", "Note.", ("a", "long head"), [("1", "2"), ("333", "4")])

    lines = table.markdown().splitlines()[4:8]

    assert len({len(line) for line in lines}) == 1
