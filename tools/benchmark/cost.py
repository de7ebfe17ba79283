"""What the engine costs, live and offline, each beside the orientation filter alone."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np
from vqf import VQF

from analysis import ImuSamples, SetAnalyzer, analyse_recording
from benchmark.tables import Table
from tracker.simulator import Scenario, simulate

PACKETS: Final = (1, 5, 20)
_RATE_HZ: Final = 100.0
_SESSION_S: Final = 600.0
_LIVE_S: Final = 120.0


def session(duration_s: float) -> ImuSamples:
    """Return a session of three sets and more, cut to a length."""
    scenario = Scenario(sets=12, reps=15, rate_hz=_RATE_HZ, rest_s=30.0, tempo_s=3.0)
    recording = simulate(scenario, seed=1)
    n = int(duration_s * _RATE_HZ)
    return ImuSamples(recording.time_s[:n], recording.acc_ms2[:n], recording.gyr_rads[:n])


def cost_tables(repeats: int) -> list[Table]:
    """Return the tables on cost, each figure the best of some repeats."""
    return [_live(repeats), _offline(repeats)]


def _live(repeats: int) -> Table:
    samples = session(_LIVE_S)
    n = len(samples)
    rows = []
    for packet in PACKETS:
        starts = range(0, n, packet)
        ours_s = _best(lambda starts=starts, packet=packet: _feed(samples, starts, packet), repeats)
        vqf_s = _best(
            lambda starts=starts, packet=packet: _filter(samples, starts, packet), repeats
        )
        ours_us, vqf_us = 1e6 * ours_s / n, 1e6 * vqf_s / n
        rows.append(
            (
                str(packet),
                f"{ours_us:.2f}",
                f"{vqf_us:.2f}",
                f"{ours_us / vqf_us:.1f}",
                f"{1e6 / ours_us / _RATE_HZ:,.0f}",
                f"{_slowest_ms(samples, starts, packet):.2f}",
            )
        )
    head = ("samples a packet", "us a sample", "VQF alone us")
    return Table(
        "Cost live",
        "Processor time of one core for each sample of a session at 100 Hz, from arrays to events,"
        " without keeping the trace. A sample costs the orientation filter alone (VQF, fed in the"
        " same packets) the time in the third column. Last: 99 of 100 packets are done within.",
        (*head, "ratio", "sensors a core at 100 Hz", "99 % of packets ms"),
        rows,
    )


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


def _feed(samples: ImuSamples, starts: range, packet: int) -> None:
    analyzer = SetAnalyzer("ecc_prone_helper", keep_trace=False)
    time_s, acc, gyr = samples.time_s, samples.acc_ms2, samples.gyr_rads
    for i in starts:
        j = i + packet
        analyzer.update(ImuSamples(time_s[i:j], acc[i:j], gyr[i:j]))
    analyzer.finish()


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
