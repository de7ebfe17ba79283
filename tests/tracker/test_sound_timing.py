"""The sound of simulated sets as one wave: its tones against the true movement."""

from functools import cache

import numpy as np
import pytest

from tests.tracker.sound_track import gaps_s, listen_to, onsets_s, pace_misses_s, render
from tracker.simulator import Scenario
from tracker.sounds import Cue

PRONE, SEATED = "ecc_prone_helper", "ecc_seated_solo"
SEEDS = (1, 2, 3)


@cache
def heard(exercise_id, seed):
    return listen_to(Scenario(exercise_id=exercise_id, reps=5), seed)


def test_the_onsets_of_tones_are_found_in_a_wave():
    beats_s = [0.5, 1.5, 2.513]

    found_s = onsets_s(render([(at_s, Cue.PACE) for at_s in beats_s], 4.0))

    assert found_s == pytest.approx(beats_s, abs=0.005)


@pytest.mark.parametrize("exercise_id", [PRONE, SEATED])
def test_every_tone_begins_in_the_wave_within_50_ms_of_its_cue(exercise_id):
    one = heard(exercise_id, 1)

    asked_s = np.array([at_s for at_s, _ in one.cues])
    found_s = onsets_s(one.sound)

    assert len(found_s) > 10
    assert max(np.abs(asked_s - at_s).min() for at_s in found_s) < 0.05


@pytest.mark.parametrize("exercise_id", [PRONE, SEATED])
def test_every_second_of_a_way_back_is_heard_close_to_the_true_second(exercise_id):
    misses_s = np.concatenate([pace_misses_s(heard(exercise_id, seed)) for seed in SEEDS])

    assert not np.isnan(misses_s).any()
    assert abs(np.median(misses_s)) < 0.03
    assert np.mean(np.abs(misses_s) < 0.05) > 0.6
    assert np.percentile(np.abs(misses_s), 90) < 0.15


@pytest.mark.parametrize("exercise_id", [PRONE, SEATED])
def test_the_seconds_of_a_way_back_are_a_second_apart(exercise_id):
    apart_s = np.concatenate([gaps_s(heard(exercise_id, seed)) for seed in SEEDS])

    assert len(apart_s) >= 2 * len(SEEDS)
    assert apart_s == pytest.approx(1.0, abs=0.05)


def test_the_beat_does_not_wait_for_the_engine_to_be_sure():
    delays_s = np.concatenate([heard(PRONE, seed).delays_s for seed in SEEDS])
    misses_s = np.concatenate([pace_misses_s(heard(PRONE, seed)) for seed in SEEDS])

    assert np.median(delays_s) > 0.05
    assert np.median(np.abs(misses_s)) < 0.6 * np.median(delays_s)
