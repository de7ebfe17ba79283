import numpy as np
import pytest

from analysis.gait_signal import AnglePiece
from analysis.gait_strides import stride_of
from analysis.gait_sweeps import Still, Sweep, SweepFinder

STEP_S = 0.02


def swept(angle_deg, piece=25):
    """Feed an angle at 50 Hz and return what is found."""
    finder, found = SweepFinder(), []
    time_s = STEP_S * np.arange(len(angle_deg))
    for start in range(0, len(angle_deg), piece):
        part = slice(start, start + piece)
        m = len(time_s[part])
        up, none = np.tile([0.0, 0.0, 1.0], (m, 1)), np.zeros(m)
        found += finder.add(
            AnglePiece(time_s[part], angle_deg[part], up, none, none, np.array([1.0, 0, 0]), 0)
        )
    return found


def rocking(seconds, hz, size_deg):
    time_s = np.arange(0.0, seconds, STEP_S)
    return 0.5 * size_deg * np.cos(2 * np.pi * hz * time_s)


def test_ten_turns_are_nineteen_sweeps_of_their_size():
    sweeps = [one for one in swept(rocking(10.0, 1.0, 45.0)) if isinstance(one, Sweep)]

    assert len(sweeps) == 19
    assert [abs(one.turned_deg) for one in sweeps[1:]] == pytest.approx([45.0] * 18, abs=0.5)
    assert [one.duration_s for one in sweeps[1:]] == pytest.approx([0.5] * 18, abs=0.021)


def test_ringing_on_a_slow_sweep_makes_no_turning_points():
    ringing = rocking(10.0, 0.8, 60.0) + rocking(10.0, 7.0, 5.0)

    sweeps = [one for one in swept(ringing) if isinstance(one, Sweep)]

    assert 14 <= len(sweeps) <= 16


def test_swaying_while_standing_is_still_and_no_sweep():
    found = swept(rocking(10.0, 0.5, 4.0))

    assert found
    assert all(isinstance(one, Still) for one in found)


def test_a_smooth_sweep_between_two_rests_has_its_own_length():
    share = np.clip((np.arange(0.0, 6.0, STEP_S) - 2.0) / 0.8, 0.0, 1.0)
    smooth = 70.0 * share**3 * (10.0 - 15.0 * share + 6.0 * share**2)

    (sweep,) = [one for one in swept(smooth) if isinstance(one, Sweep)]

    assert sweep.start.at_s == pytest.approx(2.0, abs=0.06)
    assert sweep.end.at_s == pytest.approx(2.8, abs=0.06)


def test_one_odd_large_sweep_does_not_hide_those_that_follow():
    angle_deg = rocking(12.0, 1.0, 40.0)
    angle_deg[200:] += 300.0

    sweeps = [one for one in swept(angle_deg) if isinstance(one, Sweep)]

    assert sum(one.start.at_s > 7.0 for one in sweeps) >= 8


def test_a_slow_turn_of_many_seconds_before_a_quick_way_back_is_one_sweep():
    slow = np.linspace(0.0, 60.0, 400)
    angle_deg = np.concatenate([slow, 60.0 + rocking(0.5, 1.0, 80.0) - 40.0, np.zeros(100)])

    sweeps = [one for one in swept(angle_deg) if isinstance(one, Sweep)]

    assert [round(one.turned_deg) for one in sweeps][:1] == [60]
    assert sweeps[0].duration_s > 3.0


def test_two_sweeps_of_unlike_size_or_with_a_pause_are_no_stride():
    quick = [one for one in swept(rocking(4.0, 1.0, 60.0)) if isinstance(one, Sweep)]
    slow = [one for one in swept(rocking(12.0, 0.25, 60.0)) if isinstance(one, Sweep)]
    small = [one for one in swept(rocking(4.0, 1.0, 14.0)) if isinstance(one, Sweep)]

    assert stride_of(quick[1], quick[2]) is not None
    assert stride_of(slow[1], slow[2]) is None
    assert stride_of(small[1], small[2]) is None


def test_of_a_stride_the_longer_way_shows_in_the_swing():
    time_s = np.arange(0.0, 6.0, STEP_S) % 1.0
    saw = np.where(time_s < 0.3, time_s / 0.3, (1.0 - time_s) / 0.7) * 60.0

    sweeps = [one for one in swept(saw) if isinstance(one, Sweep)]
    stride = stride_of(sweeps[2], sweeps[3])

    assert stride.swing == pytest.approx(np.log(0.7 / 0.3), abs=0.15)
    assert stride.cadence_per_min == pytest.approx(120.0, abs=3.0)
