import numpy as np
import pytest

from analysis import PhaseKind, load_catalogue
from tracker.pace_onset import PaceOnset
from tracker.pacing import Pace, Pacer, judge_pace
from tracker.sounds import Cue

BAND_S = (2.5, 3.5)


def a_pacer(exercise_id="ecc_prone_helper"):
    return Pacer(load_catalogue()[exercise_id], let_go_share=0.93)


def heard(pacer, *, seconds, step_s=0.05, angle_deg=None, from_s=0.0):
    """What sounds in the phase that began at 0, as (time, cue)."""
    cues = []
    for now_s in np.arange(from_s, seconds, step_s):
        if angle_deg is not None:
            pacer.angle(angle_deg(now_s), PhaseKind.ECCENTRIC)
        cues += [(round(float(now_s), 2), cue) for cue in pacer.tick(now_s)]
    return cues


def lowered_from_90(duration_s):
    pacer = a_pacer()
    pacer.angle(90.0, PhaseKind.LIFT)
    pacer.phase(PhaseKind.ECCENTRIC, 0.0)
    return [
        cue
        for _, cue in heard(
            pacer, seconds=3.2, angle_deg=lambda t_s: max(0.0, 90.0 * (1.0 - t_s / duration_s))
        )
    ]


@pytest.mark.parametrize(
    ("duration_s", "second"),
    [(3.0, Cue.PACE), (2.5, Cue.PACE), (1.5, Cue.PACE_AHEAD), (7.0, Cue.PACE_BEHIND)],
)
def test_the_pitch_of_the_seconds_tells_whether_the_leg_is_on_time(duration_s, second):
    cues = lowered_from_90(duration_s)

    assert cues == [second, second, Cue.PACE_END]


def test_a_leg_at_the_edge_of_the_corridor_does_not_make_the_pitch_flutter():
    edge_deg = 90.0 * (1.0 - 1.0 / BAND_S[0]) - 6.0
    wobble_deg = [edge_deg + 2.5 * (-1) ** k for k in range(20)]

    verdicts, pace = [], Pace.ON
    for angle_deg in [edge_deg - 4.0, *wobble_deg]:
        pace = judge_pace(angle_deg, 1.0, BAND_S, 90.0, pace)
        verdicts.append(pace)

    assert set(verdicts) == {Pace.AHEAD}


def test_a_two_way_tempo_is_counted_on_both_ways():
    pacer = a_pacer("conc_seated")

    pacer.phase(PhaseKind.CONCENTRIC, 0.0)
    up = [cue for _, cue in heard(pacer, seconds=3.2)]
    pacer.phase(PhaseKind.ECCENTRIC, 0.0)
    down = [cue for _, cue in heard(pacer, seconds=3.2)]

    assert up == down == [Cue.PACE, Cue.PACE, Cue.PACE_END]


def test_after_a_hold_of_2_seconds_a_falling_tone_says_down():
    pacer = a_pacer("iso_prone_raise")

    pacer.phase(PhaseKind.HOLD, 0.0)

    assert heard(pacer, seconds=4.0) == [(2.0, Cue.DOWN)]


def test_a_second_that_could_only_come_late_is_left_out():
    pacer = a_pacer()

    pacer.phase(PhaseKind.ECCENTRIC, 0.0)

    assert heard(pacer, seconds=3.2, from_s=1.4) == [(2.0, Cue.PACE), (3.0, Cue.PACE_END)]


@pytest.mark.parametrize("step_s", [0.05, 0.03, 0.011])
def test_a_tone_is_never_more_than_a_tick_from_its_second(step_s):
    pacer = a_pacer()

    pacer.phase(PhaseKind.ECCENTRIC, 0.0)
    times_s = [at_s for at_s, _ in heard(pacer, seconds=3.2, step_s=step_s, from_s=0.04)]

    assert times_s == pytest.approx([1.0, 2.0, 3.0], abs=step_s + 0.006)


def test_it_tells_when_the_next_tone_is_due():
    pacer = a_pacer()
    due_s = [pacer.due_s]

    pacer.phase(PhaseKind.ECCENTRIC, 10.0)
    due_s.append(pacer.due_s)
    pacer.tick(11.0)
    due_s.append(pacer.due_s)
    pacer.phase(None, 11.5)
    due_s.append(pacer.due_s)

    assert due_s == [None, 11.0, 12.0, None]


def lowering_deg(elapsed_s, duration_s=3.0, way_deg=90.0):
    """A smooth lowering to rest (minimum jerk)."""
    share = min(1.0, max(0.0, elapsed_s / duration_s))
    return way_deg * (1.0 - share**3 * (10.0 - 15.0 * share + 6.0 * share**2))


@pytest.mark.parametrize("piece_s", [0.01, 0.02, 0.04])
@pytest.mark.parametrize("way_deg", [90.0, 20.0])
def test_the_start_of_a_lowering_is_found_after_the_fact(piece_s, way_deg):
    onset = PaceOnset()
    for at_s in np.arange(0.0, 3.1, piece_s):
        onset.take(lowering_deg(at_s - 2.0, way_deg=way_deg), float(at_s))

    assert onset.start_s() == pytest.approx(2.0 + lowering_onset_s(), abs=0.07)


def lowering_onset_s():
    elapsed_s = np.arange(0.0, 3.0, 0.001)
    speed_deg_s = -np.diff([lowering_deg(one_s) for one_s in elapsed_s]) / 0.001
    return float(elapsed_s[np.argmax(speed_deg_s > 0.05 * speed_deg_s.max())])


def test_a_leg_that_is_still_has_begun_nothing():
    onset = PaceOnset()
    for at_s in np.arange(0.0, 2.0, 0.02):
        onset.take(90.0, float(at_s))

    assert onset.start_s() is None


def test_the_lift_before_is_not_taken_for_the_lowering():
    onset = PaceOnset()
    for at_s in np.arange(0.0, 2.2, 0.02):
        lifted_deg = min(90.0, 90.0 * at_s)
        onset.take(lifted_deg - (90.0 - lowering_deg(at_s - 1.2)), float(at_s))

    assert onset.start_s() == pytest.approx(1.2 + lowering_onset_s(), abs=0.1)


def test_beats_are_even_once_the_first_was_heard():
    pacer = a_pacer()
    heard_s = []
    for now_s in np.arange(0.0, 4.9, 0.02):
        pacer.angle(lowering_deg(now_s - 0.6), PhaseKind.ECCENTRIC, float(now_s))
        if now_s == pytest.approx(1.2):
            pacer.phase(PhaseKind.ECCENTRIC, 1.0)  # the engine: late, and late in its estimate
        heard_s += [float(now_s) for _ in pacer.tick(float(now_s))]

    assert np.diff(heard_s) == pytest.approx([1.0, 1.0], abs=0.021)
    assert heard_s[0] == pytest.approx(1.6 + lowering_onset_s(), abs=0.1)
