import pytest
from benchmark.cost import CostFigures, LiveCost, OfflineCost
from benchmark.cutting import CutScore
from benchmark.public_data import CountedBlocks, PublicFigures
from benchmark.scenarios import RepError, ScenarioScore
from benchmark.targets import (
    accuracy_verdicts,
    cost_verdicts,
    cutting_verdicts,
    public_verdicts,
    targets_table,
)

from tracker.simulator import WearLevel


def rep(eccentric_s=0.01, peak_deg=0.1, late_s=0.15):
    return RepError(
        kinds=frozenset(),
        true_eccentric_s=3.0,
        eccentric_s=eccentric_s,
        peak_deg=peak_deg,
        start_s=0.0,
        end_s=0.0,
        concentric_s=None,
        hold_scored_s=None,
        late_s=late_s,
        ten_to_ninety_s=-0.6,
        shallow_right=None,
        incomplete_right=None,
    )


def score(*, set_off=(0,), reps=(), ghosts=0, start="still", stress=""):
    return ScenarioScore(
        exercise="ecc_prone_helper",
        wear=WearLevel.TYPICAL,
        seed=0,
        set_off=list(set_off),
        ghosts=ghosts,
        idle_s=600.0,
        reps=list(reps),
        start=start,
        stress=stress,
    )


def verdict(verdicts, beginning):
    [found] = [one for one in verdicts if one.what.startswith(beginning)]
    return found


@pytest.mark.parametrize(
    ("n_wrong", "met", "stretch_met"), [(0, True, True), (2, True, False), (3, False, False)]
)
def test_98_of_100_sets_counted_exactly_are_enough(n_wrong, met, stretch_met):
    sets_off = [1] * n_wrong + [0] * (100 - n_wrong)

    judged = verdict(accuracy_verdicts([score(set_off=sets_off)]), "sets counted")

    assert (judged.met, judged.stretch_met) == (met, stretch_met)


def test_a_single_set_off_by_two_misses_the_target():
    sets_off = [2] + [0] * 999

    assert not verdict(accuracy_verdicts([score(set_off=sets_off)]), "sets counted").met


def test_one_repetition_out_of_nowhere_misses_the_target_of_typical_wear():
    assert verdict(accuracy_verdicts([score()]), "repetitions in no set").met
    assert not verdict(accuracy_verdicts([score(ghosts=1)]), "repetitions in no set").met


@pytest.mark.parametrize(
    ("errors_s", "met"),
    [
        ([0.03, -0.03], True),
        ([0.03, 0.03], False),
        ([0.06, -0.06], False),
        ([0.0] * 16 + [0.2, -0.2], False),
    ],
    ids=["small", "biased", "large", "small but for a few"],
)
def test_durations_are_judged_by_size_and_by_sign(errors_s, met):
    reps = [rep(eccentric_s=one) for one in errors_s]

    assert verdict(accuracy_verdicts([score(reps=reps)]), "eccentric duration").met is met


def test_a_peak_two_degrees_off_misses_the_target():
    assert not verdict(accuracy_verdicts([score(reps=[rep(peak_deg=2.0)])]), "peak angle").met


def test_late_reports_miss_the_target_of_the_median():
    verdicts = accuracy_verdicts([score(reps=[rep(late_s=0.3)])])

    assert not verdict(verdicts, "report of a repetition, median").met
    assert verdict(verdicts, "report of a repetition, 95 %").met


def test_starts_without_a_still_pose_are_judged_apart():
    verdicts = accuracy_verdicts([score(), score(set_off=[1], start="moving")])

    assert verdict(verdicts, "sets counted exactly: two eccentric exercises, no still").met is False


def test_what_is_made_difficult_on_purpose_is_no_target():
    assert not accuracy_verdicts([score(stress="25 Hz", ghosts=5)])


def test_every_trial_counts_for_the_vertical():
    figures = PublicFigures({"slow": (0.4, 0.4, 0.4), "fast": (0.5, 1.4, 0.5)}, counts=[])

    verdicts = public_verdicts(figures)

    assert verdict(verdicts, "vertical, median").met is False
    assert verdict(verdicts, "vertical, every").met is False
    assert "1.40" in verdict(verdicts, "vertical, every").measured


def test_the_low_block_is_no_target_and_the_control_must_stay_empty():
    counts = [CountedBlocks("raise", (10, 10, 4), 10), CountedBlocks("bend", (0, 0, 1), 0)]

    verdicts = public_verdicts(PublicFigures({}, counts))

    assert verdict(verdicts, "real correct and fast").met
    assert not verdict(verdicts, "real negative").met


@pytest.mark.parametrize(("largest", "met"), [(1e-9, True), (1e-3, False), (float("inf"), False)])
def test_live_and_whole_may_differ_by_rounding_alone(largest, met):
    [judged] = cutting_verdicts([CutScore("step_up", WearLevel.HARD, 0, largest, 100)])

    assert judged.met is met


def test_the_dearest_recording_in_packets_of_five_is_judged():
    cheap = LiveCost("rest", 5, ours_us=2.0, door_us=0.5, vqf_us=0.5, p99_ms=0.1)
    dear = LiveCost("training", 5, ours_us=6.0, door_us=0.5, vqf_us=0.5, p99_ms=0.2)
    single = LiveCost("training", 1, ours_us=20.0, door_us=0.5, vqf_us=0.5, p99_ms=0.1)
    offline = OfflineCost(duration_s=600.0, ours_s=0.05, vqf_s=0.02)

    verdicts = cost_verdicts(CostFigures([cheap, dear, single], offline, [], []))

    assert verdict(verdicts, "sensors a core").measured == "1,667"
    assert verdict(verdicts, "times the filter alone, packets of 5").measured == "12.0"
    assert not verdict(verdicts, "sensors a core").met
    assert verdict(verdicts, "10 minutes offline").met
    assert verdict(verdicts, "times the filter alone, offline").stretch_met is False


def test_the_table_says_how_many_targets_are_met_and_marks_the_missed():
    verdicts = accuracy_verdicts([score(ghosts=1)])

    table = targets_table(verdicts)

    assert table.note.startswith("1 of 2 met.")
    assert any("**missed**" in row for row in table.rows)
