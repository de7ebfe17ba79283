import gc
import tracemalloc

import numpy as np

from analysis import ImuSamples, RepFinished, SetAnalyzer
from tests.builders import prone_set

RATE_HZ = 25.0
PACKET = 25
REST_S = 60.0
HALF_HOUR_S = 1800.0
KB_A_REP = 2.5  # the result itself
SLACK_KB = 60.0  # lists grow in steps


def half_an_hour_from(start_s, one_set):
    """Yield packets of sets with rests between, for half an hour."""
    n_rest = round(REST_S * RATE_HZ)
    acc = np.concatenate([one_set.acc_ms2, np.repeat(one_set.acc_ms2[-1:], n_rest, axis=0)])
    gyr = np.concatenate([one_set.gyr_rads, np.zeros((n_rest, 3))])
    for first in range(0, round(HALF_HOUR_S * RATE_HZ), PACKET):
        rows = np.arange(first, first + PACKET)
        at = rows % len(acc)
        yield ImuSamples(start_s + rows / RATE_HZ, acc[at], gyr[at])


def test_over_an_hour_a_live_analyser_grows_by_its_results_alone():
    one_set = prone_set(reps=15, rate_hz=RATE_HZ, rest_s=0.6)
    analyzer = SetAnalyzer("ecc_prone_helper", keep_trace=False)
    held_kb, n_reps = [], []

    tracemalloc.start()
    try:
        for half in range(2):
            packets = half_an_hour_from(half * HALF_HOUR_S, one_set)
            n_reps.append(
                sum(
                    isinstance(event, RepFinished)
                    for packet in packets
                    for event in analyzer.update(packet)
                )
            )
            gc.collect()
            held_kb.append(tracemalloc.get_traced_memory()[0] / 1024.0)
    finally:
        tracemalloc.stop()

    assert min(n_reps) > 100
    assert held_kb[0] < 1000.0 + KB_A_REP * n_reps[0]
    assert held_kb[1] - held_kb[0] < KB_A_REP * n_reps[1] + SLACK_KB
