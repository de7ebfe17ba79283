from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import ImuSamples, SetAnalyzer
from tests.analysis.same_results import differences
from tests.builders import clipped, cut_at, joined, packets_of, prone_set, shaken_about, without
from tracker.simulator import Scenario, simulate

GAPS_S = (0.2, 0.45, 0.7, 5.0)
LARGE = ("stand_and_walk", "roll_over", "adjust_strap", "hard_fidget")


@cache
def recording(kind) -> tuple[str, ImuSamples]:
    """Return an exercise and a short recording of it with the difficulty named."""
    scenarios = {
        "prone": (Scenario(reps=3), 1),
        "seated": (Scenario(exercise_id="ecc_seated_solo", reps=3), 2),
        "free": (Scenario(exercise_id="free_movement", reps=3), 3),
        "prone from the middle of a rep": (Scenario(reps=4, start="mid_rep"), 4),
        "seated from movement": (
            Scenario(exercise_id="ecc_seated_solo", reps=4, start="moving"),
            5,
        ),
        "prone, hard wear, walking between": (
            Scenario(reps=3, sets=2, wear="hard", profile="erratic", between=LARGE[:1]),
            6,
        ),
        "free, hard wear, rolling over": (
            Scenario(exercise_id="free_movement", reps=3, wear="hard", before=LARGE[1:]),
            7,
        ),
        "50 Hz": (Scenario(reps=3, rate_hz=50.0, stamp_jitter_s=0.002), 8),
        "200 Hz": (Scenario(reps=2, rate_hz=200.0), 9),
        "with losses": (Scenario(reps=4, loss_share=0.03, longest_loss_s=0.6), 10),
        **{f"gap of {gap_s} s": (Scenario(reps=3), 12) for gap_s in GAPS_S},
    }
    if kind == "dropped, out of range":
        dropped = prone_set(reps=3, eccentric_s=0.5, lift_s=1.2, noise_seed=11)
        return "ecc_prone_helper", clipped(dropped, gyr_dps=250.0)
    if kind == "a minute without rest":
        return "ecc_prone_helper", joined(shaken_about(60.0), prone_set(reps=3, noise_seed=2))
    scenario, seed = scenarios[kind]
    made = simulate(scenario, seed=seed)
    samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
    if kind.startswith("gap"):
        middle_s = made.truth.reps[1].peak_s
        samples = without(samples, middle_s, middle_s + float(kind.split()[2]))
    return scenario.exercise_id, samples


KINDS = (
    "prone",
    "seated",
    "free",
    "prone from the middle of a rep",
    "seated from movement",
    "prone, hard wear, walking between",
    "free, hard wear, rolling over",
    "50 Hz",
    "200 Hz",
    "with losses",
    "dropped, out of range",
    "a minute without rest",
    *(f"gap of {gap_s} s" for gap_s in GAPS_S),
)


def run(exercise_id, pieces):
    analyzer = SetAnalyzer(exercise_id)
    events = [event for piece in pieces for event in analyzer.update(piece)]
    return events, analyzer.finish()


@cache
def fed_in_packets(kind):
    exercise_id, samples = recording(kind)
    return run(exercise_id, packets_of(samples, 7))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("packet", [1, 5, 20, 10_000_000])
def test_events_and_result_do_not_depend_on_the_size_of_the_packets(kind, packet):
    exercise_id, samples = recording(kind)

    events, result = run(exercise_id, packets_of(samples, packet))

    due_events, due_result = fed_in_packets(kind)
    # What is still undecided when the last packet came, only `finish` decides.
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []


@settings(max_examples=40)
@given(data=st.data())
def test_events_and_result_do_not_depend_on_where_the_samples_are_cut(data):
    kind = data.draw(st.sampled_from(KINDS))
    exercise_id, samples = recording(kind)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=40))
    cuts += [cut + 1 for cut in cuts[::2]] + cuts[::3]  # pieces of one sample and of none

    events, result = run(exercise_id, cut_at(samples, cuts))

    due_events, due_result = fed_in_packets(kind)
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []
