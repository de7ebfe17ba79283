"""How much memory one live stream holds in the engine, beside the samples themselves."""

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis import ImuSamples, SetAnalyzer, load_catalogue
from tracker.simulator import Scenario, simulate

EXERCISE: Final = "ecc_prone_helper"
STREAMS: Final = 4
PIECE: Final = 5


@dataclass(frozen=True, slots=True)
class Memory:
    """What one stream holds after sets of fifteen repetitions."""

    name: str
    kb: float


def measure_memory() -> list[Memory]:
    """Return what a stream holds with its trace and without, after one set and after three."""
    found = []
    for sets in (1, 3):
        made = simulate(Scenario(exercise_id=EXERCISE, sets=sets, reps=15, rest_s=30), seed=1)
        samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
        after = f"after {sets} set{'s' if sets > 1 else ''}"
        own_kb = _held_kb(lambda it=samples: tuple(map(np.copy, _arrays(it))))
        found.append(Memory(f"the samples alone, {after}", own_kb))
        for kept, name in ((False, "engine, bounded"), (True, "engine, with the whole trace")):
            held_kb = _held_kb(lambda it=samples, kept=kept: _fed(it, keep_trace=kept))
            found.append(Memory(f"{name}, {after}", held_kb))
    return found


def _fed(samples: ImuSamples, *, keep_trace: bool) -> SetAnalyzer:
    analyzer = SetAnalyzer(load_catalogue()[EXERCISE], keep_trace=keep_trace)
    for first in range(0, len(samples.time_s), PIECE):
        piece = slice(first, first + PIECE)
        analyzer.update(ImuSamples(*(one[piece] for one in _arrays(samples))))
    return analyzer


def _arrays(samples: ImuSamples) -> tuple[Any, Any, Any]:
    return samples.time_s, samples.acc_ms2, samples.gyr_rads


def _held_kb(make: Callable[[], object]) -> float:
    make()  # what is made once is made now
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept = [make() for _ in range(STREAMS)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / len(kept) / 1e3
