from dataclasses import replace

import numpy as np
import pytest

from analysis import (
    ENGINE_VERSION,
    EmptyRecordingError,
    PhaseKind,
    RepFinished,
    SetAnalyzer,
    SetFinished,
    analyse_recording,
    load_catalogue,
)
from analysis.results import Flag
from tests.analysis.same_results import differences
from tests.builders import (
    later,
    leg_signal,
    packets_of,
    prone_set,
    rep,
    still,
    still_signal,
)

PRONE = "ecc_prone_helper"


def test_a_rest_of_15_seconds_ends_a_set_and_one_of_8_does_not():
    moves = [still(2.0), *rep() * 2, still(15.0), *rep() * 3, still(8.0), *rep(), still(2.0)]

    result = analyse_recording(leg_signal(moves), PRONE)

    assert [len(one.reps) for one in result.sets] == [2, 4]


def test_a_set_spans_its_repetitions_and_carries_its_quality():
    one = analyse_recording(prone_set(reps=4), PRONE).sets[0]

    assert one.start_s == one.reps[0].start_s
    assert one.end_s == one.reps[-1].end_s
    assert one.quality.reps == 4
    assert one.quality.dose_s == pytest.approx(sum(rep.eccentric_s for rep in one.reps))


def test_the_button_ends_a_set_at_once_and_only_once():
    analyzer = SetAnalyzer(PRONE)
    analyzer.update(prone_set(reps=3))

    first, second = analyzer.end_set(), analyzer.end_set()

    finished = [event for event in first if isinstance(event, SetFinished)]
    assert [one.set_result.quality.reps for one in finished] == [3]
    assert second == []
    assert [len(one.reps) for one in analyzer.finish().sets] == [3]


def test_the_button_uses_the_samples_that_waited_for_more():
    samples = prone_set(reps=1, after_s=0.0, rest_s=0.35)
    analyzer = SetAnalyzer(PRONE)
    events = [event for piece in packets_of(samples, 1) for event in analyzer.update(piece)]

    events += analyzer.end_set()

    assert sum(isinstance(event, RepFinished) for event in events) == 1
    assert isinstance(events[-1], SetFinished)


def test_the_button_before_anything_does_nothing():
    assert SetAnalyzer(PRONE).end_set() == []


def test_after_the_button_the_next_repetition_opens_a_new_set():
    samples = leg_signal([still(2.0), *rep() * 4, still(1.0)])
    analyzer = SetAnalyzer(PRONE)
    half = len(samples) // 2
    analyzer.update(samples[:half])
    analyzer.end_set()

    analyzer.update(samples[half:])

    assert [len(one.reps) for one in analyzer.finish().sets] == [2, 2]


def test_finishing_twice_gives_the_same_result():
    analyzer = SetAnalyzer(PRONE)
    analyzer.update(prone_set(reps=2))

    first, second = analyzer.finish(), analyzer.finish()

    assert differences(first, second) == []


def test_finishing_after_nothing_says_that_it_is_empty():
    with pytest.raises(EmptyRecordingError):
        SetAnalyzer(PRONE).finish()


def test_a_result_says_what_made_it():
    samples = prone_set(reps=1)

    result = analyse_recording(samples, PRONE)

    assert (result.engine, result.exercise) == (ENGINE_VERSION, PRONE)
    assert result.catalogue == load_catalogue().version
    assert result.recording.rate_hz == pytest.approx(100.0)
    assert result.recording.duration_s == pytest.approx(samples.time_s[-1])
    assert (result.recording.coverage, result.recording.gaps) == (1.0, ())
    assert result.calibration.method == "still-pose"
    assert result.calibration.quality > 0.9


def test_a_prescription_replaces_what_the_catalogue_says():
    prescribed = replace(load_catalogue()[PRONE], reps=2, eccentric_s=4.0)

    quality = analyse_recording(prone_set(reps=2), prescribed).sets[0].quality

    assert (quality.reps_prescribed, quality.dose_prescribed_s) == (2, 8.0)


def test_every_number_of_a_repetition_stands_there_or_has_a_reason():
    for exercise in (PRONE, "ecc_seated_solo", "free_movement"):
        one = analyse_recording(prone_set(reps=1, rate_hz=30.0), exercise).sets[0].reps[0]
        missing = {name for name in one.__dataclass_fields__ if getattr(one, name) is None}

        assert {name for name in missing if not name.endswith("_u")} == set(one.absent)


def test_without_a_trace_only_the_angle_is_missing():
    samples = prone_set(reps=3, noise_seed=5)
    analyzer = SetAnalyzer(PRONE, keep_trace=False)
    analyzer.update(samples)

    result = analyzer.finish()

    whole = analyse_recording(samples, PRONE)
    assert result.angle_deg is None
    assert differences(replace(whole, angle_deg=None), result) == []


def n_numbers_kept(thing, seen):
    """Return how many numbers the arrays hold that an object keeps, however deep."""
    if id(thing) in seen or isinstance(thing, type):
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        return thing.size if thing.base is None else n_numbers_kept(thing.base, seen)
    if isinstance(thing, dict):
        return sum(n_numbers_kept(value, seen) for value in thing.values())
    if isinstance(thing, list | tuple):
        return sum(n_numbers_kept(value, seen) for value in thing)
    names = [*getattr(thing, "__dict__", {}), *getattr(thing, "__slots__", ())]
    return sum(n_numbers_kept(getattr(thing, name), seen) for name in names)


def test_two_hours_without_a_trace_keep_no_more_than_ten_minutes():
    ten_minutes = leg_signal([still(2.0), *rep() * 10, still(543.0)], rate_hz=25.0)
    analyzer = SetAnalyzer(PRONE, keep_trace=False)
    kept = []

    for index in range(12):
        for piece in packets_of(later(ten_minutes, index * 600.1), 500):
            analyzer.update(piece)
        kept.append(n_numbers_kept(analyzer, set()))

    result = analyzer.finish()
    assert result.recording.duration_s == pytest.approx(7200.0, abs=5.0)
    assert [len(one.reps) for one in result.sets] == [10] * 12
    # The rows of the last minute and the piece fed last: under 3 MB; an axis for each repetition.
    assert kept[-1] < 375_000
    assert kept[-1] - kept[0] <= 11 * 10 * 4


def test_the_live_view_says_nothing_before_it_knows():
    analyzer = SetAnalyzer(PRONE)

    before = analyzer.live
    analyzer.update(still_signal(0.5))

    assert (before.angle_deg, before.phase, before.n_reps) == (None, None, 0)
    assert analyzer.live.angle_deg is None


def test_the_live_angle_follows_the_leg_within_three_degrees():
    samples = prone_set(reps=3, noise_seed=6)
    final_deg = analyse_recording(samples, PRONE).angle_deg
    analyzer = SetAnalyzer(PRONE)
    errors_deg = []

    for piece in packets_of(samples, 5):
        analyzer.update(piece)
        live = analyzer.live
        if live.angle_deg is not None:
            now = np.searchsorted(samples.time_s, piece.time_s[-1])
            errors_deg.append(abs(live.angle_deg - final_deg[now]))

    assert np.median(errors_deg) < 0.5
    assert np.quantile(errors_deg, 0.95) < 3.0


def test_the_live_view_counts_and_names_the_phase():
    analyzer = SetAnalyzer(PRONE)
    analyzer.update(leg_signal([still(2.0), *rep(), *rep()[:2]])[:-20])
    at_top = analyzer.live

    analyzer.update(later(leg_signal([still(2.0), *rep(), *rep()])[900:1000], 0.0))

    assert (at_top.n_reps, at_top.phase) == (1, PhaseKind.LIFT)
    assert at_top.angle_deg == pytest.approx(90.0, abs=2.0)
    lowering = analyzer.live
    assert lowering.phase is PhaseKind.ECCENTRIC
    assert 8.9 < lowering.phase_start_s <= lowering.time_s


def test_the_given_zero_shifts_every_angle():
    samples = prone_set(reps=2, peak_deg=60.0)

    plain, given = (analyse_recording(samples, PRONE, zero_deg=deg) for deg in (0.0, 30.0))

    assert given.angle_deg == pytest.approx(plain.angle_deg + 30.0)
    for one, other in zip(plain.sets[0].reps, given.sets[0].reps, strict=True):
        assert other.peak_deg == pytest.approx(one.peak_deg + 30.0)
        assert other.rom_deg == pytest.approx(one.rom_deg)
        assert other.eccentric_s == pytest.approx(one.eccentric_s)
    assert given.calibration.zero_deg == 30.0
    assert Flag.SHALLOW in plain.sets[0].reps[0].flags
    assert Flag.SHALLOW not in given.sets[0].reps[0].flags
