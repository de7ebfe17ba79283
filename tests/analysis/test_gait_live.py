import gc
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import analysis
from analysis import ImuSamples, SetAnalyzer
from tests.analysis.sport_signals import Leg, course_signal, stand
from tests.builders import packets_of

ENGINE_FILES = str(Path(analysis.__file__).parent / "*")


def live_at(samples, exercise_id, at_s):
    analyzer = SetAnalyzer(exercise_id, keep_trace=False)
    for piece in packets_of(samples[: round(at_s * 100)], 10):
        analyzer.update(piece)
    return analyzer.live


@pytest.mark.parametrize(
    ("exercise_id", "leg", "activity"),
    [
        ("run_intervals", Leg("walk", 30.0, 112.0), "walk"),
        ("run_intervals", Leg("jog_backward", 30.0, 142.0), "jog_backward"),
        ("cycling", Leg("pedal", 30.0, 90.0), "pedal"),
    ],
)
def test_the_screen_shows_what_is_done_and_how_quickly(exercise_id, leg, activity):
    samples = course_signal([stand(), leg, stand()])

    shown = live_at(samples, exercise_id, 20.0)

    assert shown.activity == activity
    assert shown.cadence_per_min == pytest.approx(leg.per_min, rel=0.04)
    assert shown.time_s == pytest.approx(20.0, abs=0.6)


def test_standing_shows_no_activity():
    samples = course_signal([stand(), Leg("walk", 12.0, 112.0), stand(8.0)])

    for at_s in (3.0, 22.0):
        shown = live_at(samples, "run_intervals", at_s)
        assert (shown.activity, shown.cadence_per_min) == (None, None)


def run_for_minutes(n_minutes):
    """Bytes that lines of the engine allocated and still hold after each minute of a live run."""
    minute = course_signal([Leg("jog", 60.0, 160.0)], rate_hz=25.0)
    analyzer = SetAnalyzer("run_continuous", keep_trace=False)
    own_lines = tracemalloc.Filter(inclusive=True, filename_pattern=ENGINE_FILES)
    sizes = []
    tracemalloc.start()
    for n in range(n_minutes):
        analyzer.update(ImuSamples(minute.time_s + 60.0 * n, minute.acc_ms2, minute.gyr_rads))
        gc.collect()
        held = tracemalloc.take_snapshot().filter_traces([own_lines])
        sizes.append(sum(trace.size for trace in held.traces))
    tracemalloc.stop()
    (one,) = analyzer.finish().sets
    return sizes, one.quality.active_s


def test_a_live_run_takes_no_more_memory_the_longer_it_gets():
    # In a process of its own: here other tests have filled caches, which would change hands.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        sizes, active_s = alone.submit(run_for_minutes, 12).result()

    one_column_of_a_minute = 8 * 1500  # bytes of 25 Hz
    assert sizes[3] > one_column_of_a_minute  # it does hold rows: the filter finds them
    # Eight minutes later: less than an eighth of what a single column of their rows would take.
    # A few kilobytes come and go with the tables of the interpreter itself.
    assert sizes[-1] - sizes[3] < one_column_of_a_minute
    assert active_s == pytest.approx(720.0, rel=0.02)
