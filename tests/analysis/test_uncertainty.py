import numpy as np
import pytest
from scipy.integrate import solve_ivp

from analysis import Flag, ImuSamples, analyse_recording, load_catalogue
from analysis.uncertainty import Stirring, rep_uncertainty
from tests.builders import (
    leg_signal,
    prone_set,
    rep,
    still,
    without,
)
from tracker.simulator import RepKind, WearLevel, random_scenario, simulate

CATALOGUE = load_catalogue()
PRONE = "ecc_prone_helper"
GOOD = {
    "rate_hz": 100.0,
    "gap_s": 0.0,
    "axis_from_vertical_deg": 90.0,
    "calibration_quality": 1.0,
    "start_from_zero_deg": 0.0,
    "range_deg": 20.0,
    "is_saturated": False,
}
QUIET = Stirring(0.2, 0.1)
TIMES = ("phase_s", "pause_s", "moving_s", "hold_scored_s")
ANGLES = ("peak_deg", "rom_deg")


def reps_of(samples, exercise=PRONE):
    return [one for each in analyse_recording(samples, exercise).sets for one in each.reps]


def half_widths(exercise="free_movement", stirring=QUIET, **changes):
    return rep_uncertainty(CATALOGUE[exercise], stirring, **(GOOD | changes))


@pytest.mark.parametrize(
    ("worse", "moves"),
    [
        ({"rate_hz": 25.0}, TIMES),
        ({"gap_s": 0.3}, TIMES),
        ({"stirring": Stirring(3.0, 2.0)}, TIMES + ANGLES),
        ({"axis_from_vertical_deg": 20.0}, ANGLES),
        ({"calibration_quality": 0.6}, ("peak_deg",)),
        ({"start_from_zero_deg": -8.0}, ("peak_deg",)),
        ({"is_saturated": True}, ANGLES),
        ({"range_deg": 90.0}, ANGLES),
        ({"exercise": "squat_single"}, ("phase_s", "moving_s", "peak_deg")),
        ({"exercise": PRONE}, ANGLES),
    ],
)
def test_each_source_widens_what_it_touches_and_nothing_else(worse, moves):
    good, bad = half_widths(), half_widths(**worse)

    assert {name for name in TIMES + ANGLES if getattr(bad, name) > getattr(good, name)} == set(
        moves
    )
    assert all(getattr(bad, name) >= getattr(good, name) for name in TIMES + ANGLES)


def test_every_duration_and_angle_of_a_repetition_has_its_uncertainty():
    (one,) = reps_of(prone_set(reps=1, noise_seed=1))

    names = ("peak_deg", "rom_deg", "eccentric_s", "eccentric_moving_s", "pause_s", "hold_s")
    assert all(getattr(one, f"{name}_u") > 0.0 for name in (*names, "hold_scored_s"))
    assert one.concentric_s_u is None


def test_a_quiet_leg_is_timed_to_a_tenth_of_a_second():
    for one in reps_of(prone_set(reps=3, noise_seed=1)):
        assert 0.05 < one.eccentric_s_u < 0.12


def test_a_leg_that_trembles_between_its_movements_is_timed_less_surely():
    calm = prone_set(reps=3, noise_seed=1)
    tremor_rads = 0.12 * np.sin(2 * np.pi * 3.0 * calm.time_s)
    gyr = calm.gyr_rads + tremor_rads[:, None] * np.array([0.0, -1.0, 0.0])

    shaky = reps_of(ImuSamples(calm.time_s, calm.acc_ms2, gyr))

    widest = max(one.eccentric_s_u for one in reps_of(calm))
    assert min(one.eccentric_s_u for one in shaky) > 1.5 * widest


def test_a_hole_at_an_edge_widens_the_interval_by_its_length():
    whole = prone_set(reps=1, noise_seed=1)
    (due,) = reps_of(whole)

    (one,) = reps_of(without(whole, due.end_s - 0.4, due.end_s - 0.1))

    assert one.eccentric_s_u == pytest.approx(due.eccentric_s_u + 0.3, abs=0.06)
    assert abs(one.eccentric_s - due.eccentric_s) < one.eccentric_s_u


@pytest.mark.parametrize(("seconds", "is_close"), [(2.0 * 3.0 / 2.64, True), (3.4, False)])
def test_a_tempo_at_the_edge_of_the_band_is_too_close_to_call(seconds, is_close):
    found = reps_of(prone_set(reps=3, eccentric_s=seconds, noise_seed=1))

    assert [Flag.TOO_CLOSE_TO_CALL in one.flags for one in found] == [is_close] * 3


# ---- intervals against simulated truth -------------------------------------------------------

NAMES = ("eccentric_s", "eccentric_moving_s", "pause_s", "hold_s", "rom_deg")


def n_inside(exercise, wear, seed):
    """How many numbers lie within their interval of the truth, and of how many."""
    recording = simulate(random_scenario(exercise, wear, seed), seed=seed)
    found = reps_of(ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads), exercise)
    n_right, n = 0, 0
    for true in recording.truth.reps:
        own = [one for one in found if one.start_s < true.peak_s < one.end_s]
        if len(own) != 1 or RepKind.CUT_BY_START in true.kinds:
            continue
        for name in NAMES:
            off = abs(getattr(own[0], name) - getattr(true, name))
            n_right += off <= getattr(own[0], f"{name}_u")
            n += 1
    return n_right, n


@pytest.mark.parametrize("wear", WearLevel)
def test_nine_of_ten_numbers_or_more_lie_within_their_interval_of_the_truth(wear):
    exercises = (PRONE, "iso_prone_raise", "conc_seated", "squat_single")

    counts = [n_inside(exercise, wear, 11) for exercise in exercises]

    n_right, n = (sum(column) for column in zip(*counts, strict=True))
    assert n > 100
    assert 0.90 <= n_right / n <= 1.0


# ---- a leg that falls ------------------------------------------------------------------------


def fall_s(from_deg):
    """Time a lower leg takes to fall freely, lying face down: a rod of 0.45 m about the knee."""
    speed_change = 1.5 * 9.81 / 0.45

    def motion(_, state):
        return [state[1], -speed_change * np.cos(state[0])]

    def landed(_, state):
        return state[0]

    landed.terminal = True
    start = [np.radians(from_deg), 0.0]
    return float(solve_ivp(motion, (0.0, 5.0), start, events=landed, max_step=0.01).t[-1])


@pytest.mark.parametrize("from_deg", [60.0, 75.0, 85.0])
def test_a_leg_in_free_fall_is_a_fast_drop(from_deg):
    falling_s = fall_s(from_deg)
    moves = [m for _ in range(3) for m in rep(peak_deg=from_deg, eccentric_s=falling_s)]

    found = reps_of(leg_signal([still(2.0), *moves, still(2.0)], noise_seed=1))

    assert falling_s < 1.0
    assert [Flag.FAST_DROP in one.flags for one in found] == [True] * 3


@pytest.mark.parametrize("seconds", [2.0, 3.0])
def test_a_leg_that_is_lowered_is_no_fast_drop(seconds):
    found = reps_of(prone_set(reps=3, eccentric_s=seconds, noise_seed=1))

    assert not any(Flag.FAST_DROP in one.flags for one in found)
