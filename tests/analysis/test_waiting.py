"""How long samples wait for a larger block before they are worked off."""

import numpy as np
import pytest

from analysis import RepFinished, SetAnalyzer
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
def test_nothing_waits_longer_than_a_tick_and_a_packet(packet):
    samples = prone_set(reps=4, noise_seed=3)

    late_s = waits_s(samples, object, packet)

    assert max(late_s) <= 0.25 + packet / 100.0 + 1e-6
