"""What the engine costs, live and offline, each beside the orientation filter alone."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from vqf import VQF

from analysis import ImuSamples, RepFinished, SetAnalyzer, analyse_recording
from tracker.simulator import Scenario, simulate

PACKETS: Final = (1, 5, 20)
_RATE_HZ: Final = 100.0
_SESSION_S: Final = 600.0
_LIVE_S: Final = 120.0
_QUICK_LIVE_S: Final = 30.0
_REPEATS: Final = 5
_LENGTHS_S: Final = (300.0, 1200.0, 4800.0)
_MEMORY_RATE_HZ: Final = 25.0
_MEMORY_PACKET: Final = 5
_MEMORY_AT_S: Final = (600.0, 1800.0, 3600.0, 7200.0)
_QUICK_LENGTHS_S: Final = (60.0, 120.0)
_QUICK_MEMORY_AT_S: Final = (300.0,)


@dataclass(frozen=True, slots=True)
class LiveCost:
    """What a sample costs live, in packets of some size."""

    recording: str
    packet: int
    ours_us: float
    door_us: float
    vqf_us: float
    p99_ms: float

    @property
    def ratio(self) -> float:
        """Return the cost as a multiple of the filter alone."""
        return self.ours_us / self.vqf_us

    @property
    def sensors_a_core(self) -> float:
        """Return how many sensors at 100 Hz one core keeps up with."""
        return 1e6 / self.ours_us / _RATE_HZ


@dataclass(frozen=True, slots=True)
class OfflineCost:
    """What a whole session costs."""

    duration_s: float
    ours_s: float
    vqf_s: float

    @property
    def ratio(self) -> float:
        """Return the cost as a multiple of the filter alone."""
        return self.ours_s / self.vqf_s

    @property
    def times_real_time(self) -> float:
        """Return how many seconds of signal a second of work gets through."""
        return self.duration_s / self.ours_s


@dataclass(frozen=True, slots=True)
class LengthCost:
    """What a sample costs in a session of some length."""

    duration_s: float
    offline_s: float
    offline_us: float
    live_us: float


@dataclass(frozen=True, slots=True)
class HeldMemory:
    """What a live analyser holds after some time."""

    at_s: float
    held_bytes: int
    peak_bytes: int
    n_reps: int


@dataclass(frozen=True, slots=True)
class CostFigures:
    """All figures on cost."""

    live: list[LiveCost]
    offline: OfflineCost
    lengths: list[LengthCost]
    memory: list[HeldMemory]


def session(duration_s: float, rate_hz: float = _RATE_HZ) -> ImuSamples:
    """Return a session of sets of 15, as many as fit into a length.

    A set and its rest take less than two minutes; a longer session is cut.
    """
    sets = max(2, int(duration_s / 60.0))
    scenario = Scenario(sets=sets, reps=15, rate_hz=rate_hz, rest_s=30.0, tempo_s=3.0)
    recording = simulate(scenario, seed=1)
    n = int(duration_s * rate_hz)
    return ImuSamples(recording.time_s[:n], recording.acc_ms2[:n], recording.gyr_rads[:n])


def measure_cost(*, quick: bool = False) -> CostFigures:
    """Measure everything on cost, each time the best of some repeats."""
    repeats = 1 if quick else _REPEATS
    offline_s = _QUICK_LENGTHS_S[-1] if quick else _SESSION_S
    live_s = _QUICK_LIVE_S if quick else _LIVE_S
    return CostFigures(
        live=[
            _live(name, samples, packet, repeats)
            for name, samples in (("training", session(live_s)), ("rest", rest(live_s)))
            for packet in PACKETS
        ],
        offline=_offline(session(offline_s), repeats),
        lengths=_lengths(_QUICK_LENGTHS_S if quick else _LENGTHS_S, repeats),
        memory=_memory(_QUICK_MEMORY_AT_S if quick else _MEMORY_AT_S),
    )


def rest(duration_s: float) -> ImuSamples:
    """Return a leg that lies still, with a fair sensor's noise."""
    n = int(duration_s * _RATE_HZ)
    rng = np.random.default_rng(0)
    acc = np.array([0.0, 0.0, 9.81]) + rng.normal(0.0, 0.03, (n, 3))
    return ImuSamples(np.arange(n) / _RATE_HZ, acc, rng.normal(0.0, 0.002, (n, 3)))


def _live(name: str, samples: ImuSamples, packet: int, repeats: int) -> LiveCost:
    n = len(samples)
    starts = range(0, n, packet)
    return LiveCost(
        recording=name,
        packet=packet,
        ours_us=1e6 * _best(lambda: _feed(samples, starts, packet), repeats) / n,
        door_us=1e6 * _best(lambda: _wrap(samples, starts, packet), repeats) / n,
        vqf_us=1e6 * _best(lambda: _filter(samples, starts, packet), repeats) / n,
        p99_ms=_slowest_ms(samples, starts, packet),
    )


def _offline(samples: ImuSamples, repeats: int) -> OfflineCost:
    return OfflineCost(
        duration_s=float(samples.time_s[-1] - samples.time_s[0]),
        ours_s=_best(lambda: analyse_recording(samples, "ecc_prone_helper"), repeats),
        vqf_s=_best(lambda: _filter(samples, range(1), len(samples)), repeats),
    )


def _lengths(lengths_s: Sequence[float], repeats: int) -> list[LengthCost]:
    whole = session(max(lengths_s))
    few = max(1, repeats // 2)
    costs = []
    for length_s in lengths_s:
        part = whole[: int(length_s * _RATE_HZ)]
        at = range(0, len(part), _MEMORY_PACKET)
        offline_s = _best(lambda part=part: analyse_recording(part, "ecc_prone_helper"), few)
        live_s = _best(lambda part=part, at=at: _feed(part, at, _MEMORY_PACKET), few)
        us = 1e6 / len(part)
        costs.append(LengthCost(length_s, offline_s, us * offline_s, us * live_s))
    return costs


def _memory(at_s: Sequence[float]) -> list[HeldMemory]:
    """Return what a live analyser holds after a while, by Python's own count of allocations."""
    samples = session(max(at_s), _MEMORY_RATE_HZ)
    gc.collect()
    tracemalloc.start()
    try:
        return list(_held_bytes(samples, at_s))
    finally:
        tracemalloc.stop()


def _held_bytes(samples: ImuSamples, at_s: Sequence[float]) -> Iterator[HeldMemory]:
    before, _ = tracemalloc.get_traced_memory()
    analyzer = SetAnalyzer("ecc_prone_helper", keep_trace=False)
    due_s = list(at_s)
    n_reps = 0
    for i in range(0, len(samples), _MEMORY_PACKET):
        events = analyzer.update(samples[i : i + _MEMORY_PACKET])
        n_reps += sum(isinstance(event, RepFinished) for event in events)
        if i + _MEMORY_PACKET >= min(due_s[0] * _MEMORY_RATE_HZ, len(samples)):
            gc.collect()
            held, peak = tracemalloc.get_traced_memory()
            yield HeldMemory(due_s.pop(0), held - before, peak - before, n_reps)
            if not due_s:
                return


def _feed(samples: ImuSamples, starts: range, packet: int) -> None:
    analyzer = SetAnalyzer("ecc_prone_helper", keep_trace=False)
    time_s, acc, gyr = samples.time_s, samples.acc_ms2, samples.gyr_rads
    for i in starts:
        j = i + packet
        analyzer.update(ImuSamples(time_s[i:j], acc[i:j], gyr[i:j]))
    analyzer.finish()


def _wrap(samples: ImuSamples, starts: range, packet: int) -> None:
    time_s, acc, gyr = samples.time_s, samples.acc_ms2, samples.gyr_rads
    for i in starts:
        j = i + packet
        ImuSamples(time_s[i:j], acc[i:j], gyr[i:j])


def _slowest_ms(samples: ImuSamples, starts: range, packet: int) -> float:
    """Return the time within which 99 % of the packets are worked off, by the clock."""
    analyzer = SetAnalyzer("ecc_prone_helper", keep_trace=False)
    times_s = []
    for i in starts:
        begun_s = time.perf_counter()
        analyzer.update(samples[i : i + packet])
        times_s.append(time.perf_counter() - begun_s)
    return float(1e3 * np.percentile(times_s, 99))


def _filter(samples: ImuSamples, starts: range, packet: int) -> None:
    vqf = VQF(1.0 / _RATE_HZ)
    acc, gyr = np.ascontiguousarray(samples.acc_ms2), np.ascontiguousarray(samples.gyr_rads)
    for i in starts:
        vqf.updateBatch(gyr[i : i + packet], acc[i : i + packet])


def _best(run: Callable[[], object], repeats: int) -> float:
    """Return the processor seconds of the quickest of some runs."""
    times_s = []
    for _ in range(repeats):
        begun_s = time.process_time()
        run()
        times_s.append(time.process_time() - begun_s)
    return min(times_s)
