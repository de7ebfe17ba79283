"""What the engine costs, live and offline, each beside the orientation filter alone."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from vqf import VQF

from analysis import ImuSamples, RepFinished, SetAnalyzer, analyse_recording
from benchmark.tables import Table
from tracker.simulator import Scenario, simulate

PACKETS: Final = (1, 5, 20)
_RATE_HZ: Final = 100.0
_SESSION_S: Final = 600.0
_LIVE_S: Final = 120.0
_LENGTHS_S: Final = (60.0, 300.0, 600.0, 1800.0, 3600.0)
_MEMORY_RATE_HZ: Final = 25.0
_MEMORY_PACKET: Final = 5
_MEMORY_AT_S: Final = (600.0, 1800.0, 3600.0, 7200.0)
_QUICK_LENGTHS: Final = 3


def session(duration_s: float, rate_hz: float = _RATE_HZ) -> ImuSamples:
    """Return a session of sets of 15, as many as fit into a length.

    A set and its rest take less than two minutes; a longer session is cut.
    """
    sets = max(2, int(duration_s / 60.0))
    scenario = Scenario(sets=sets, reps=15, rate_hz=rate_hz, rest_s=30.0, tempo_s=3.0)
    recording = simulate(scenario, seed=1)
    n = int(duration_s * rate_hz)
    return ImuSamples(recording.time_s[:n], recording.acc_ms2[:n], recording.gyr_rads[:n])


def cost_tables(repeats: int) -> list[Table]:
    """Return the tables on cost, each figure the best of some repeats."""
    lengths_s = _LENGTHS_S if repeats > 1 else _LENGTHS_S[:_QUICK_LENGTHS]
    memory_at_s = _MEMORY_AT_S if repeats > 1 else _MEMORY_AT_S[:1]
    return [_live(repeats), _offline(repeats), _scaling(lengths_s, repeats), _memory(memory_at_s)]


def rest(duration_s: float) -> ImuSamples:
    """Return a leg that lies still, with a fair sensor's noise."""
    n = int(duration_s * _RATE_HZ)
    rng = np.random.default_rng(0)
    acc = np.array([0.0, 0.0, 9.81]) + rng.normal(0.0, 0.03, (n, 3))
    return ImuSamples(np.arange(n) / _RATE_HZ, acc, rng.normal(0.0, 0.002, (n, 3)))


def _live(repeats: int) -> Table:
    rows = []
    for name, samples in (("training", session(_LIVE_S)), ("rest", rest(_LIVE_S))):
        rows += _live_rows(name, samples, repeats)
    head = ("recording", "samples a packet", "us a sample", "ImuSamples alone us")
    return Table(
        "Cost live",
        "Processor time of one core for each sample at 100 Hz, from arrays to events, without"
        " keeping the trace; of sets with rests, and of a leg that lies still. A sample costs the"
        " checks at the door (`ImuSamples`) and the orientation filter alone (VQF, fed in the same"
        " packets) the times in the columns after it. Last: 99 of 100 packets are done within.",
        (*head, "VQF alone us", "ratio", "sensors a core at 100 Hz", "99 % of packets ms"),
        rows,
    )


def _live_rows(name: str, samples: ImuSamples, repeats: int) -> list[tuple[str, ...]]:
    n = len(samples)
    rows: list[tuple[str, ...]] = []
    for packet in PACKETS:
        starts = range(0, n, packet)
        ours_s = _best(lambda starts=starts, packet=packet: _feed(samples, starts, packet), repeats)
        vqf_s = _best(
            lambda starts=starts, packet=packet: _filter(samples, starts, packet), repeats
        )
        door_s = _best(lambda starts=starts, packet=packet: _wrap(samples, starts, packet), repeats)
        ours_us, vqf_us = 1e6 * ours_s / n, 1e6 * vqf_s / n
        rows.append(
            (
                name,
                str(packet),
                f"{ours_us:.2f}",
                f"{1e6 * door_s / n:.2f}",
                f"{vqf_us:.2f}",
                f"{ours_us / vqf_us:.1f}",
                f"{1e6 / ours_us / _RATE_HZ:,.0f}",
                f"{_slowest_ms(samples, starts, packet):.2f}",
            )
        )
    return rows


def _offline(repeats: int) -> Table:
    samples = session(_SESSION_S)
    whole = range(1)
    ours_s = _best(lambda: analyse_recording(samples, "ecc_prone_helper"), repeats)
    vqf_s = _best(lambda: _filter(samples, whole, len(samples)), repeats)
    duration_s = float(samples.time_s[-1] - samples.time_s[0])
    row = (
        f"{duration_s:.0f}",
        f"{1e3 * ours_s:.0f}",
        f"{1e3 * vqf_s:.0f}",
        f"{ours_s / vqf_s:.1f}",
        f"{duration_s / ours_s:,.0f}",
    )
    return Table(
        "Cost offline",
        "A whole session at 100 Hz through `analyse_recording`, with the trace.",
        ("session s", "ms", "VQF alone ms", "ratio", "times real time"),
        [row],
    )


def _scaling(lengths_s: Sequence[float], repeats: int) -> Table:
    whole = session(max(lengths_s))
    rows = []
    for length_s in lengths_s:
        samples = whole[: int(length_s * _RATE_HZ)]
        starts = range(0, len(samples), _MEMORY_PACKET)
        few = max(1, repeats // 2)
        offline_s = _best(lambda part=samples: analyse_recording(part, "ecc_prone_helper"), few)
        live_s = _best(lambda part=samples, at=starts: _feed(part, at, _MEMORY_PACKET), 1)
        rows.append(
            (
                f"{length_s / 60:.0f}",
                f"{1e3 * offline_s:.0f}",
                f"{1e6 * offline_s / len(samples):.2f}",
                f"{1e6 * live_s / len(samples):.2f}",
            )
        )
    return Table(
        "Cost and the length of a session",
        "At 100 Hz: whole, and live in packets of 5. Where the last two columns stay level, the"
        " cost of a sample does not depend on how many came before it.",
        ("minutes", "offline ms", "offline us a sample", "live us a sample"),
        rows,
    )


def _memory(at_s: Sequence[float]) -> Table:
    """Return what a live analyser holds after a while, by Python's own count of allocations."""
    samples = session(max(at_s), _MEMORY_RATE_HZ)
    gc.collect()
    tracemalloc.start()
    try:
        rows = [
            (f"{time_s / 60:.0f}", f"{held / 1024:.0f}", f"{peak / 1024:.0f}", f"{n_reps}")
            for time_s, held, peak, n_reps in _held_bytes(samples, at_s)
        ]
    finally:
        tracemalloc.stop()
    return Table(
        "Memory of a live analyser",
        "Kilobytes allocated by an analyser at 25 Hz in packets of 5, without keeping the trace,"
        " after some minutes of sets of 15: held then, and the most until then. What grows is the"
        " list of finished repetitions that make up the result.",
        ("minutes", "held kB", "peak kB", "repetitions so far"),
        rows,
    )


def _held_bytes(
    samples: ImuSamples, at_s: Sequence[float]
) -> Iterator[tuple[float, int, int, int]]:
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
            yield due_s.pop(0), held - before, peak - before, n_reps
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
