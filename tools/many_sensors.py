"""`make bench-radio`: sixteen sensors at 100 Hz at once on one core, and what each part costs.

    make bench-radio                                 16 sensors, 20 s a row
    make bench-radio ARGS="--sensors 4 --seconds 5"

The clock is the real one. Each row adds a part of the product to the one above; the first is the
simulated air and sensors alone, which a patient's computer does not have. CPU is the time of this
one process by the clock on the wall; late is how much later than asked a timer of the event loop
went off.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Final

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from analysis import SetAnalyzer  # noqa: E402
from firmware_bridge import find_sensor  # noqa: E402
from tracker import ble  # noqa: E402
from tracker.collector import Collector  # noqa: E402
from tracker.collector_events import (  # noqa: E402
    CollectorEvent,
    CollectorState,
    Received,
    StateChanged,
)
from tracker.recorder import Recorder  # noqa: E402
from tracker.recording_format import RecordingHeader  # noqa: E402
from tracker.simulator import Scenario, simulate  # noqa: E402
from tracker.timeline import Timeline  # noqa: E402
from tracker.virtual_radio import SampleSource, VirtualRadio  # noqa: E402

FAMILY: Final = find_sensor("witmotion")
EXERCISE: Final = "ecc_prone_helper"
RATE_HZ: Final = 100.0
LAG_EVERY_S: Final = 0.02
STARTED_WITHIN_S: Final = 60.0


class Part(IntEnum):
    """How far what comes in is taken; each includes those before."""

    AIR = 0
    COLLECTOR = 1
    TIMELINE = 2
    RECORDING = 3
    ENGINE = 4


NAMES: Final = {
    Part.AIR: "air and sensors alone",
    Part.COLLECTOR: "+ collector",
    Part.TIMELINE: "+ timeline",
    Part.RECORDING: "+ recording",
    Part.ENGINE: "+ engine",
}


@dataclass(slots=True)
class Load:
    """What a row measured."""

    n_samples: int = 0
    n_observed: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    lags_s: list[float] = field(default_factory=list)

    @property
    def cpu_percent(self) -> float:
        """CPU time by time on the wall."""
        return 100 * self.cpu_s / self.wall_s


class Chain:
    """What becomes of one sensor's notifications, up to some part of the product."""

    def __init__(self, until: Part, path: Path, load: Load, header: RecordingHeader) -> None:
        self.is_streaming = asyncio.Event()
        self._load = load
        self._timeline = Timeline(FAMILY) if until >= Part.TIMELINE else None
        self._recorder = Recorder(path, header) if until >= Part.RECORDING else None
        has_engine = until >= Part.ENGINE
        self._engine = SetAnalyzer(EXERCISE, keep_trace=False) if has_engine else None

    def take(self, event: CollectorEvent) -> None:
        """Take in what a collector tells."""
        if isinstance(event, StateChanged) and event.state is CollectorState.STREAMING:
            self.is_streaming.set()
        if not isinstance(event, Received):
            return
        self._load.n_samples += len(event.packets)
        samples = None if self._timeline is None else self._timeline.add(event)
        if self._recorder is not None:
            self._recorder.add_raw(event)
            if samples is not None:
                self._recorder.add_samples(samples)
        if self._engine is not None and samples is not None:
            self._engine.update(samples)

    def close(self) -> None:
        """End the recording."""
        if self._recorder is not None:
            self._recorder.close()


def main() -> None:
    """Measure as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sensors", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    print(f"{options.sensors} sensors at {RATE_HZ:g} Hz, {options.seconds:g} s a row, one process")
    print(f"| {'part':<22} | CPU | added | samples/s | late p50 / p99 |")
    print(f"|{'-' * 24}|---:|---:|---:|---:|")
    before = 0.0
    for until, name in NAMES.items():
        load = asyncio.run(measure(until, options.sensors, options.seconds))
        p50_ms, p99_ms = np.percentile(load.lags_s, [50, 99]) * 1000
        added = load.cpu_percent - before
        print(
            f"| {name:<22} | {load.cpu_percent:.0f} % | {added:+.0f} % "
            f"| {load.n_observed / load.wall_s:.0f} | {p50_ms:.1f} / {p99_ms:.1f} ms |",
            flush=True,
        )
        before = load.cpu_percent


async def measure(until: Part, n_sensors: int, seconds: float) -> Load:
    """Let so many sensors stream through so many parts of the product."""
    load = Load()
    with tempfile.TemporaryDirectory() as folder:
        async with VirtualRadio() as radio, AsyncExitStack() as stack:
            addresses = [f"C6:90:00:00:01:{k:02X}" for k in range(n_sensors)]
            for k, address in enumerate(addresses):
                await radio.add_witmotion(f"WT9{k:02d}", address, _motion(k))
            if until is Part.AIR:
                await _subscribe_only(radio, addresses, load, stack)
            else:
                chains = [
                    Chain(until, Path(folder) / f"{k}.mcap", load, _header())
                    for k in range(n_sensors)
                ]
                await _collect(radio, addresses, chains, stack)
            await _observe(load, seconds)
    return load


async def _observe(load: Load, seconds: float) -> None:
    """Note CPU, samples and the loop's punctuality over a stretch of steady streaming."""
    loop = asyncio.get_running_loop()
    n_before = load.n_samples
    began_s, cpu_s = loop.time(), time.process_time()
    while loop.time() - began_s < seconds:
        due_s = loop.time() + LAG_EVERY_S
        await asyncio.sleep(LAG_EVERY_S)
        load.lags_s.append(loop.time() - due_s)
    load.cpu_s, load.wall_s = time.process_time() - cpu_s, loop.time() - began_s
    load.n_observed = load.n_samples - n_before


async def _subscribe_only(
    radio: VirtualRadio, addresses: list[str], load: Load, stack: AsyncExitStack
) -> None:
    """Link to every sensor, start it, and do nothing with what comes."""

    def count(_characteristic: str, _data: bytes, _arrival_s: float) -> None:
        load.n_samples += 1

    for number, address in enumerate(addresses):
        seen = await ble.find(_is_at(address), 5.0, backend=radio.backend)
        link = await stack.enter_async_context(ble.open_link(seen, number, backend=radio.backend))
        await link.start_notify(FAMILY.notify_uuid, count)
        for command in FAMILY.start:
            await link.write(FAMILY.write_uuid, command.data, with_response=command.with_response)
            await asyncio.sleep(command.then_wait_s)


def _is_at(address: str) -> Callable[[ble.Seen], bool]:
    return lambda seen: seen.address == address


async def _collect(
    radio: VirtualRadio, addresses: list[str], chains: list[Chain], stack: AsyncExitStack
) -> None:
    """Start a collector for every sensor, and wait until all stream."""
    for address, chain in zip(addresses, chains, strict=True):
        collector = Collector(FAMILY, address, backend=radio.backend, on_event=chain.take)
        stack.push_async_callback(_end, collector, asyncio.create_task(collector.run()), chain)
    async with asyncio.timeout(STARTED_WITHIN_S):
        await asyncio.gather(*(chain.is_streaming.wait() for chain in chains))


def _header() -> RecordingHeader:
    return RecordingHeader(
        session="00000000-0000-4000-8000-000000000016",
        started_at=datetime.now(UTC),
        anchor_s=asyncio.get_running_loop().time(),
        sensor=FAMILY.id,
    )


async def _end(collector: Collector, running: asyncio.Task[None], chain: Chain) -> None:
    collector.stop()
    await running
    chain.close()


def _motion(seed: int) -> SampleSource:
    """Return a leg that does its repetitions again and again."""
    recording = simulate(Scenario(exercise_id=EXERCISE, reps=5, rate_hz=RATE_HZ), seed=seed)
    acc_ms2, gyr_rads = recording.acc_ms2, recording.gyr_rads
    at = 0

    def source(n: int) -> tuple[np.ndarray, np.ndarray]:
        nonlocal at
        rows = np.arange(at, at + n) % len(acc_ms2)
        at += n
        return acc_ms2[rows], gyr_rads[rows]

    return source


if __name__ == "__main__":
    main()
