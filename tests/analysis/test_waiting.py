"""How long samples wait for a larger block before they are worked off."""

import numpy as np
import pytest

from analysis import (
    PhaseChanged,
    RepFinished,
    RepStarted,
    SetAnalyzer,
    SetFinished,
    analyse_recording,
)
from tests.builders import leg_signal, packets_of, prone_set, rep, still

PACKET = 5


def waits_s(samples, kind, packet=PACKET):
    """Return how much later than the sample that decided it each event came out."""
    analyzer = SetAnalyzer("ecc_prone_helper", keep_trace=False)
    return [
        float(piece.time_s[-1]) - event.at_s
        for piece in packets_of(samples, packet)
        for event in analyzer.update(piece)
        if isinstance(event, kind)
    ]


@pytest.mark.parametrize("eccentric_s", [0.6, 1.5, 3.0, 5.0])
def test_the_report_of_a_repetition_does_not_wait_for_a_block(eccentric_s):
    late_s = waits_s(prone_set(reps=5, eccentric_s=eccentric_s, noise_seed=1), RepFinished)

    assert len(late_s) == 5
    assert np.median(late_s) < 0.05
    assert max(late_s) < 0.2


def test_a_next_lift_without_a_rest_reports_the_one_before_within_a_fifth_of_a_second():
    moves = [still(2.0), *(rep(rest_s=0.0) * 4), still(2.0)]

    late_s = waits_s(leg_signal(moves, noise_seed=2), RepFinished)

    assert len(late_s) == 4
    assert max(late_s) < 0.2


@pytest.mark.parametrize("packet", [1, 5, 20])
@pytest.mark.parametrize("eccentric_s", [0.6, 3.0])
def test_the_beginning_of_a_phase_waits_a_quarter_of_a_second_and_a_packet_at_most(
    eccentric_s, packet
):
    samples = prone_set(reps=4, eccentric_s=eccentric_s, noise_seed=3)

    late_s = waits_s(samples, RepStarted | PhaseChanged, packet)

    assert len(late_s) == 4 * 4
    assert max(late_s) <= 0.25 + packet / 100.0 + 1e-6


def test_what_the_gyroscope_does_not_foresee_waits_a_second_and_a_packet_at_most():
    samples = leg_signal([still(2.0), *(rep() * 3), still(40.0)], noise_seed=4)

    late_s = waits_s(samples, object)

    assert waits_s(samples, SetFinished)
    assert max(late_s) <= 1.0 + PACKET / 100.0 + 1e-6


def test_the_live_angle_of_a_first_repetition_is_right_before_the_axis_is_known():
    samples = prone_set(reps=1, noise_seed=6)
    final_deg = analyse_recording(samples, "ecc_prone_helper").angle_deg
    analyzer = SetAnalyzer("ecc_prone_helper")
    errors_deg = []

    for piece in packets_of(samples, PACKET):
        is_first = not any(isinstance(event, RepFinished) for event in analyzer.update(piece))
        live = analyzer.live
        if live.angle_deg is not None and is_first:
            assert live.time_s == piece.time_s[-1]
            now = np.searchsorted(samples.time_s, piece.time_s[-1])
            errors_deg.append(abs(live.angle_deg - final_deg[now]))

    assert len(errors_deg) > 100
    assert max(errors_deg) < 2.0
