import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import ImuSamples
from tests.tracker.radio_builders import ADDRESS, NAME, OTHER_ADDRESS, WITMOTION, header
from tracker.collector import Collector
from tracker.collector_events import CollectorState, Received
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap
from tracker.two_sensors import (
    BRIDGED_S,
    PairMerger,
    TwoTimelines,
    join_pairs,
    match,
    pair_recordings,
)
from tracker.virtual_radio import VirtualRadio, run_virtually


def ramp(times_s):
    """A sensor whose acceleration along x is the time."""
    times_s = np.asarray(times_s, dtype=float)
    acc_ms2 = np.column_stack([times_s, np.zeros_like(times_s), np.full_like(times_s, 9.81)])
    return ImuSamples(times_s, acc_ms2, np.zeros_like(acc_ms2))


def steady(n, *, rate_hz=100.0, start_s=1000.0, without=()):
    times_s = start_s + np.arange(n) / rate_hz
    return ramp(np.delete(times_s, list(without)))


def test_the_thigh_is_read_at_the_very_time_of_each_shank_sample():
    pairs = match(steady(500), steady(300, rate_hz=60.0, start_s=1000.0041))

    assert pairs.shank.time_s.tolist() == pairs.thigh.time_s.tolist()
    assert pairs.thigh.acc_ms2[:, 0] == pytest.approx(pairs.shank.time_s, abs=1e-9)
    assert pairs.n_unpaired == 500 - pairs.shank.n_samples
    assert pairs.shank.n_samples == pytest.approx(498, abs=2)


@pytest.mark.parametrize("who", ["shank", "thigh"])
def test_a_gap_of_either_sensor_is_a_gap_of_the_pair(who):
    whole, broken = steady(500, start_s=1000.003), steady(500, without=range(200, 260))

    pairs = match(broken, whole) if who == "shank" else match(whole, broken)

    steps_s = np.diff(pairs.shank.time_s)
    assert steps_s.max() == pytest.approx(0.61, abs=0.011)
    assert (np.sort(steps_s)[:-1] < BRIDGED_S).all()


def test_a_hole_of_a_few_samples_is_bridged():
    pairs = match(steady(500, start_s=1000.003), steady(500, without=range(200, 205)))

    assert np.diff(pairs.shank.time_s).max() == pytest.approx(0.01)


def test_without_the_other_sensor_there_are_no_pairs():
    assert match(steady(10), steady(0)).n_unpaired == 10
    assert match(steady(10, start_s=0.0), steady(10)).shank.n_samples == 0


@settings(max_examples=40, deadline=None)
@given(cuts=st.sets(st.integers(1, 399)), lag=st.integers(0, 25), seed=st.integers(0, 20))
def test_pairs_do_not_depend_on_where_the_streams_are_cut(cuts, lag, seed):
    rng = np.random.default_rng(seed)
    shank = steady(400, without=rng.choice(400, 60, replace=False))
    thigh = steady(420, start_s=999.9037, without=rng.choice(420, 60, replace=False))
    expected = match(shank, thigh)
    edges = sorted({*range(0, 501, 100), *cuts})  # no stream runs far ahead of the other
    merger, pieces = PairMerger(), []

    for start, end in pairwise(edges):
        pieces.append(merger.add(shank=shank[start:end]))
        pieces.append(merger.add(thigh=thigh[max(0, start - lag) : max(0, end - lag)]))
    pieces += [merger.add(thigh=thigh[max(0, 500 - lag) :]), merger.finish()]

    pairs = join_pairs(pieces)
    assert pairs.shank.time_s.tolist() == expected.shank.time_s.tolist()
    assert pairs.thigh.acc_ms2.tolist() == expected.thigh.acc_ms2.tolist()
    assert pairs.n_unpaired == expected.n_unpaired


def test_a_sensor_that_is_away_does_not_hold_the_other_one_back_for_ever():
    merger = PairMerger()
    merger.add(thigh=steady(100))

    released = [merger.add(shank=steady(1, start_s=1000 + k / 100)) for k in range(2000)]

    assert len(merger._shank) <= 201
    assert sum(one.shank.n_samples for one in released) == pytest.approx(99, abs=1)
    assert sum(one.n_unpaired for one in released) == pytest.approx(2000 - 201 - 99, abs=2)


FINE_HZ = 1000.0


def swinging(clock_s):
    """A sensor that feels the same swing as any other, by the clock of the room."""

    rng = np.random.default_rng(0)

    def source(n):
        at_s = clock_s() - np.arange(n)[::-1] / FINE_HZ
        acc_ms2 = np.zeros((n, 3))
        acc_ms2[:, 0] = 9.81 * np.sin(2 * np.pi * 0.7 * at_s)
        acc_ms2[:, 2] = rng.normal(9.81, 0.02, n)
        return acc_ms2, np.zeros((n, 3))

    return source


async def collect_two(radio):
    """Two sensors whose clocks differ by 0.9 %, each with its own collector; one loses its link."""
    clock_s = asyncio.get_running_loop().time
    merged, pieces, collectors, tasks = TwoTimelines(WITMOTION, WITMOTION), [], [], []
    sensors = ((NAME, ADDRESS, 4000.0), ("WT901BLE67", OTHER_ADDRESS, -5000.0))
    for (name, address, clock_ppm), add in zip(
        sensors, (merged.add_shank, merged.add_thigh), strict=True
    ):
        await radio.add_witmotion(
            name, address, swinging(clock_s), rate_hz=FINE_HZ, clock_ppm=clock_ppm
        )

        def take(event, add=add):
            if isinstance(event, Received):
                pieces.append(add(event))

        collectors.append(Collector(WITMOTION, address, backend=radio.backend, on_event=take))
        tasks.append(asyncio.ensure_future(collectors[-1].run()))
    while any(one.state != CollectorState.STREAMING for one in collectors):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await asyncio.sleep(30)
    await radio.drop(OTHER_ADDRESS)
    await asyncio.sleep(30)
    for one in collectors:
        one.stop()
    await asyncio.gather(*tasks)
    return join_pairs([*pieces, merged.finish()])


def test_two_sensors_over_the_radio_agree_to_two_milliseconds():
    async def main():
        async with VirtualRadio() as radio:
            return await collect_two(radio)

    pairs = run_virtually(main(), limit_s=300)

    off_ms2 = pairs.thigh.acc_ms2[:, 0] - pairs.shank.acc_ms2[:, 0]
    steepest_ms3 = 9.81 * 2 * np.pi * 0.7
    off_s = np.abs(off_ms2) / steepest_ms3
    assert pairs.shank.n_samples > 5500
    assert np.percentile(off_s[500:], 95) < 0.002
    assert 0.3 < np.diff(pairs.shank.time_s).max() < 2.0, "the lost link is a gap"


@pytest.mark.parametrize(("later_s", "n_pairs"), [(0.0, 299), (3600.0, 299)])
def test_recordings_of_one_computer_or_two_are_put_on_one_clock(later_s, n_pairs, tmp_path):
    other = replace(header(), anchor_s=header().anchor_s - later_s)
    for name, about, start_s in (("shank", header(), 1000.0), ("thigh", other, 1000.0 - later_s)):
        with Recorder(tmp_path / f"{name}.mcap", about) as recorder:
            recorder.add_samples(steady(300, start_s=start_s))

    pairs = pair_recordings(read_mcap(tmp_path / "shank.mcap"), read_mcap(tmp_path / "thigh.mcap"))

    assert pairs.shank.n_samples >= n_pairs
    assert pairs.shank.time_s[0] == pytest.approx(1000.0, abs=0.011)


def test_recordings_begun_at_different_times_of_one_clock_keep_their_times(tmp_path):
    about = header()
    later = replace(
        about, anchor_s=about.anchor_s + 60, started_at=about.started_at + timedelta(seconds=60.4)
    )
    for name, one in (("shank", about), ("thigh", later)):
        with Recorder(tmp_path / f"{name}.mcap", one) as recorder:
            recorder.add_samples(steady(300))

    pairs = pair_recordings(read_mcap(tmp_path / "shank.mcap"), read_mcap(tmp_path / "thigh.mcap"))

    assert pairs.thigh.acc_ms2[:, 0].tolist() == pairs.shank.acc_ms2[:, 0].tolist()
