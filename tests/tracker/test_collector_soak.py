"""Sessions over a bad radio, from the sensor to the file and back, in virtual time."""

import asyncio
import random

import numpy as np
import pytest

from firmware_bridge import ImuPacket
from tests.tracker.radio_builders import (
    ADDRESS,
    NAME,
    WITMOTION,
    Collected,
    counting_leg,
    header,
    sample_number,
)
from tracker.collector_events import CollectorState, Received, StateChanged
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap
from tracker.timeline import Timeline
from tracker.virtual_radio import AirParams, VirtualRadio, run_virtually

SESSION_S = 75
BACK_WITHIN_S = 10.0
"""Longest time from the end of a fault to the next sample: a pause, a scan, a link, a start."""


BEGIN = {
    "drop": lambda radio: radio.drop(ADDRESS),
    "silence": lambda radio: radio.go_silent(ADDRESS),
    "mute": lambda radio: radio.mute(ADDRESS),
    "refuse": lambda radio: (radio.refuse(ADDRESS), radio.drop(ADDRESS))[1],
    "refuse writes": lambda radio: (radio.refuse_writes(ADDRESS), radio.drop(ADDRESS))[1],
    "adapter off": lambda radio: radio.power_off(),
    "vanish": lambda radio: radio.vanish(ADDRESS),
    "loss": lambda radio: radio.lose(ADDRESS, 0.05),
    "slow": lambda radio: radio.slow_down(45),
    "doubled": lambda radio: radio.double_notifications(),
}
END = {
    "silence": lambda radio: radio.come_back(ADDRESS),
    "mute": lambda radio: radio.mute(ADDRESS, muted=False),
    "refuse": lambda radio: radio.refuse(ADDRESS, refused=False),
    "refuse writes": lambda radio: radio.refuse_writes(ADDRESS, refused=False),
    "adapter off": lambda radio: radio.power_on(),
    "vanish": lambda radio: radio.reappear(ADDRESS),
    "loss": lambda radio: radio.lose(ADDRESS, 0.0),
    "slow": lambda radio: radio.slow_down(15),
    "doubled": lambda radio: radio.double_notifications(doubled=False),
}
HARMLESS = {"slow", "doubled"}


def without_excuse_s(from_s, to_s, faults):
    """How much of an outage is neither during a fault nor while coming back from it."""
    times_s = np.arange(from_s, to_s, 0.01)
    excused = np.zeros(len(times_s), dtype=bool)
    for kind, began_s, ended_s in faults:
        if kind not in HARMLESS:
            excused |= (times_s > began_s - 0.5) & (times_s < ended_s + BACK_WITHIN_S)
    return (~excused).sum() * 0.01


async def done(result):
    """Wait for what a fault returns, where it takes time."""
    if result is not None:
        await result


async def session(seed, path):
    """Train under faults; return what was collected, and when there was a fault."""
    rng = random.Random(seed)  # noqa: S311 - faults, not secrets
    now = asyncio.get_running_loop().time
    tasks_before = asyncio.all_tasks()
    faults = []
    async with VirtualRadio(AirParams(seed=seed)) as radio:
        sensor = await radio.add_witmotion(NAME, ADDRESS, counting_leg())
        collected = Collected(radio, sensor)
        until_s = now() + SESSION_S
        await asyncio.sleep(rng.uniform(0, 6))
        while now() < until_s - 25:
            kind, began_s = rng.choice(list(BEGIN)), now()
            await done(BEGIN[kind](radio))
            await asyncio.sleep(rng.uniform(0.1, 6))
            if kind in END:
                await done(END[kind](radio))
            faults.append((kind, began_s, now()))
            await asyncio.sleep(rng.uniform(2, 8))
        await asyncio.sleep(until_s - now())
        last_state = collected.collector.state
        await collected.stop()
    await asyncio.sleep(0.2)
    leaked = asyncio.all_tasks() - tasks_before
    timeline = keep(collected, path)
    return collected, faults, last_state, leaked, timeline


def keep(collected, path):
    """Time and record what was collected, as a session does."""
    timeline = Timeline(WITMOTION)
    with Recorder(path, header()) as recorder:
        for event in collected.of(Received):
            recorder.add_raw(event)
            recorder.add_samples(timeline.add(event))
        recorder.add_samples(timeline.finish())
    return timeline


@pytest.mark.parametrize("seed", range(5))
def test_a_session_over_a_bad_radio_loses_only_what_the_faults_made_unobtainable(seed, tmp_path):
    path = tmp_path / "session.mcap"

    collected, faults, last_state, leaked, timeline = run_virtually(
        session(seed, path), limit_s=300
    )

    settled = [
        (sample_number(p.acc_ms2[0]), event.arrival_s)
        for event in collected.of(Received)
        if event.is_settled
        for p in event.packets
        if isinstance(p, ImuPacket)
    ]
    numbers, arrivals_s = np.transpose(settled)
    steps = np.diff(numbers)
    assert last_state == CollectorState.STREAMING, "nothing is stuck"
    assert not leaked
    assert (steps > 0).all(), "nothing comes twice, nothing goes back"
    for at in np.flatnonzero(steps > 1):
        unexcused_s = without_excuse_s(arrivals_s[at], arrivals_s[at + 1], faults)
        assert unexcused_s < 0.05, f"{steps[at]} samples lost at {arrivals_s[at]:.1f} s"
    stored = read_mcap(path)
    assert stored.damage is None
    assert stored.samples.n_samples == len(numbers) == timeline.quality.n_samples
    # Times are those of the leg, but for some samples beside a gap that nobody could place.
    late_s = stored.samples.time_s - numbers * 0.01
    off_s = np.abs(late_s - np.median(late_s))
    assert np.median(off_s) < 0.01
    assert (off_s > 0.2).mean() < 0.02
    assert off_s.max() < 3
    n_streams = sum(e.state == CollectorState.STREAMING for e in collected.of(StateChanged))
    print(  # noqa: T201 - the figures of the soak
        f"seed {seed}: {len(faults)} faults, {collected.collector.n_links} links, "
        f"{n_streams} times streaming, longest outage {np.diff(arrivals_s).max():.1f} s, "
        f"{(steps - 1).sum()} samples lost, {len(numbers)} kept, "
        f"{timeline.quality.n_lost} probably lost within links"
    )
