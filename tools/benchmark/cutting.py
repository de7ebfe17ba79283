"""Whether a recording that comes in packets gives what the whole gives."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from analysis import ImuSamples, RecordingResult, SetAnalyzer, analyse_recording
from benchmark.tables import Table
from tracker.simulator import WearLevel, random_scenario, simulate

PACKETS: Final = (1, 5, 20)
_LARGEST_PIECE: Final = 400


@dataclass(frozen=True, slots=True)
class CutScore:
    """The largest difference between cut and whole, over all numbers of the result."""

    exercise: str
    wear: WearLevel
    seed: int
    largest: float  # infinite where a label, a flag or a count differs
    n_values: int


def score_cutting(exercise: str, wear: WearLevel, seed: int) -> CutScore:
    """Analyse a random scenario whole, in packets, and in pieces of random lengths."""
    made = simulate(random_scenario(exercise, wear, seed), seed=seed)
    samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
    whole = analyse_recording(samples, exercise)
    rng = np.random.default_rng(seed)
    n = len(samples)
    packet = PACKETS[seed % len(PACKETS)]
    ways = [range(0, n, packet), np.cumsum(rng.integers(0, _LARGEST_PIECE, n // 100)).tolist()]
    largest = [difference(whole, _in_pieces(samples, exercise, way)) for way in ways]
    n_values = sum(int(np.size(value)) for _, value in _leaves(asdict(whole)))
    return CutScore(exercise, wear, seed, max(largest), n_values)


def difference(one: object, other: object) -> float:
    """Return the largest difference between the numbers of two results.

    Infinite where anything but a number differs, or where one has what the other lacks.
    """
    ours, theirs = (list(_leaves(_plain(result))) for result in (one, other))
    if [path for path, _ in ours] != [path for path, _ in theirs]:
        return float("inf")
    return max((_apart(a, b) for (_, a), (_, b) in zip(ours, theirs, strict=True)), default=0.0)


def cutting_table(scores: list[CutScore]) -> Table:
    """Return what cutting changed, for each exercise."""
    rows = []
    for exercise in dict.fromkeys(score.exercise for score in scores):
        group = [score for score in scores if score.exercise == exercise]
        largest = max(score.largest for score in group)
        values = sum(score.n_values for score in group)
        rows.append((exercise, str(len(group)), f"{values:,}", f"{largest:.1e}"))
    return Table(
        "Live and whole",
        "The same recordings whole, in packets of 1, 5 or 20, and in pieces of random lengths:"
        " the largest difference between all numbers of the results, the angle at every sample"
        " among them; `inf` would mean another flag, count or label.",
        ("exercise", "recordings", "values compared", "largest difference"),
        rows,
    )


def _in_pieces(samples: ImuSamples, exercise: str, starts: range | list[int]) -> RecordingResult:
    analyzer = SetAnalyzer(exercise)
    edges = sorted({0, *(start for start in starts if start < len(samples)), len(samples)})
    for start, end in pairwise(edges):
        analyzer.update(samples[start:end])
    return analyzer.finish()


def _plain(result: object) -> object:
    return asdict(result) if isinstance(result, RecordingResult) else result


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, object]]:
    """Walk through a result: every value that holds no others, with the way to it."""
    if isinstance(value, dict):
        for key in value:
            yield from _leaves(value[key], f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for i, one in enumerate(value):
            yield from _leaves(one, f"{path}[{i}]")
    elif isinstance(value, set | frozenset):
        yield path, tuple(sorted(map(str, value)))
    else:
        yield path, value


def _apart(a: object, b: object) -> float:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return _arrays_apart(a, b)
    if isinstance(a, float | int) and isinstance(b, float | int):
        return 0.0 if a == b or (np.isnan(a) and np.isnan(b)) else abs(float(a) - float(b))
    return 0.0 if a == b else float("inf")


def _arrays_apart(a: np.ndarray, b: np.ndarray) -> float:
    if a.shape != b.shape or not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return float("inf")
    return float(np.max(np.abs(a - b), initial=0.0, where=np.isfinite(a)))
