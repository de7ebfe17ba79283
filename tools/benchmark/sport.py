"""Walking, running, cycling in detail: kinds, edges, cadence, sprints, coasting; real walking."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from analysis import Bout, ImuSamples, analyse_recording
from benchmark.matching import matched, share_right, spread
from benchmark.scenarios import WEARS
from benchmark.tables import Table
from tracker.simulator import (
    STRESSES,
    BoutKind,
    BoutTruth,
    WearLevel,
    random_scenario,
    simulate,
)

STRESSED: Final = ("25 Hz", "400 Hz", "2 g and 250 deg/s", "bursts of 0.5 s lost", "upside down")
_STEP_S: Final = 0.1
_SHARE: Final = 6
_STRESS_SHARE: Final = 4


@dataclass(slots=True)
class SportScore:
    """One recording of a sport against its truth."""

    exercise: str
    wear: str
    kind_share: float = float("nan")
    forward_share: float = float("nan")
    edges_s: list[float] = field(default_factory=list)
    cadences_per_min: list[float] = field(default_factory=list)
    sprints_off: int = 0
    coasting_share: float = float("nan")
    untold: int = 0
    n_bouts: int = 0


def score_sport(exercise: str, wear: WearLevel, seed: int, stress: str = "") -> SportScore:
    """Simulate a random run or ride, analyse it, and compare."""
    scenario = random_scenario(exercise, wear, seed)
    if stress:
        scenario = STRESSES[stress](scenario)
    made = simulate(scenario, seed=seed)
    samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
    result = analyse_recording(samples, exercise)
    found = [bout for one in result.sets for bout in one.bouts]
    score = SportScore(exercise=exercise, wear=stress or wear.value)
    compare(score, made.truth.bouts, found)
    true_cadence = made.truth.cadence_per_min
    score.cadences_per_min = [
        bout.cadence_per_min - float(np.mean(true_cadence[first:last]))
        for bout in found
        if bout.cadence_per_min is not None
        and (last := int(bout.end_s)) > (first := int(np.ceil(bout.start_s)))
    ]
    return score


def compare(score: SportScore, true: Sequence[BoutTruth], found: Sequence[Bout]) -> None:
    """Note how well bouts were found."""
    moving = [one for one in true if one.cadence_per_min > 0.0]
    spans = [(one.start_s, one.end_s) for one in moving]
    found_spans = [(one.start_s, one.end_s) for one in found]
    labelled = list(zip(found_spans, [one.kind for one in found], strict=True))
    score.kind_share = share_right(
        [(span, one.kind.value) for span, one in zip(spans, moving, strict=True)], labelled
    )
    score.forward_share = share_right(
        [(span, _way(one.kind.value)) for span, one in zip(spans, moving, strict=True)],
        [(span, _way(kind)) for span, kind in labelled],
    )
    for (start_s, end_s), match in zip(spans, matched(spans, found_spans), strict=True):
        if match is not None:
            score.edges_s += [found[match].start_s - start_s, found[match].end_s - end_s]
    n_true = sum(one.kind is BoutKind.SPRINT for one in true)
    score.sprints_off = sum(one.kind == "sprint" for one in found) - n_true
    idle = [one for one in true if one.cadence_per_min == 0.0]
    if idle:
        score.coasting_share = _covered([(one.start_s, one.end_s) for one in idle], found_spans)
    score.untold = sum("direction" in one.absent for one in found)
    score.n_bouts = len(found)


def sport_tables(
    exercises: Sequence[str], n_scenarios: int, first_seed: int, n_processes: int, data: Path
) -> list[Table]:
    """Return the tables on sport, simulated and real; a run is long, so few scenarios do."""
    if not exercises:
        return []
    seeds = range(first_seed, first_seed + max(1, n_scenarios // _SHARE))
    few = seeds[: max(1, len(seeds) // _STRESS_SHARE)]
    jobs = [
        (exercise, wear, seed, "") for exercise in exercises for wear in WEARS for seed in seeds
    ]
    jobs += [
        (exercise, WearLevel.TYPICAL, seed, stress)
        for exercise in exercises
        for stress in STRESSED
        for seed in few
    ]
    with ProcessPoolExecutor(n_processes) as pool:
        scores = list(pool.map(score_sport, *zip(*jobs, strict=True)))
    return [_table(scores), real_walking(data)]


def real_walking(folder: Path) -> Table:
    """Return what the engine says of recorded walking with labelled strides."""
    rows: list[tuple[str, ...]] = []
    for file in sorted(folder.glob("gaitmap_*.npz")):
        with np.load(file) as data:
            for side in ("left", "right"):
                samples = ImuSamples(data["t"], data[f"{side}_acc"], data[f"{side}_gyr"])
                result = analyse_recording(samples, "run_intervals")
                bouts = [bout for one in result.sets for bout in one.bouts]
                labelled = data[f"{side}_stride_s"]
                true_per_min = 120.0 / float(np.mean(labelled[:, 1] - labelled[:, 0]))
                moved_s = sum(bout.end_s - bout.start_s for bout in bouts)
                steps = sum(
                    (bout.cadence_per_min or 0.0) * (bout.end_s - bout.start_s) / 60.0
                    for bout in bouts
                )
                kinds = ", ".join(f"{one.kind} {one.direction}" for one in bouts)
                rows.append(
                    (
                        side,
                        kinds,
                        f"{moved_s:.1f}",
                        f"{steps / 2:.0f}",
                        f"{60.0 * steps / moved_s:.1f}" if moved_s else "-",
                        f"{true_per_min:.1f}",
                    )
                )
    note = (
        "gaitmap (Kuederle and others 2024, MIT), 4 x 10 m with turns, sensor on the foot. Last:"
        " of the labelled strides only, which lie in the middle of the straight stretches."
    )
    head = ("side", "found", "walked s", "strides", "steps a minute", "of labelled strides")
    return Table("Real walking", note if rows else "The recording is not here.", head, rows)


def _table(scores: Sequence[SportScore]) -> Table:
    rows = []
    for key in dict.fromkeys((score.exercise, score.wear) for score in scores):
        group = [score for score in scores if (score.exercise, score.wear) == key]
        edges = spread([edge for score in group for edge in score.edges_s])
        cadences = spread([error for score in group for error in score.cadences_per_min])
        exact = sum(score.sprints_off == 0 for score in group)
        rows.append(
            (
                *key,
                str(len(group)),
                _percent(score.kind_share for score in group),
                _percent(score.forward_share for score in group),
                f"{sum(s.untold for s in group)} / {sum(s.n_bouts for s in group)}",
                f"{edges.mae:.2f}",
                f"{edges.bias:+.2f}",
                f"{edges.p95:.2f}",
                f"{cadences.mae:.2f}",
                f"{cadences.p95:.2f}",
                f"{exact} / {len(group)}" if key[0] == "sprint_sets" else "-",
                _percent(score.coasting_share for score in group),
            )
        )
    head = ("sport", "wear", "n", "right kind", "right way", "untold", "edge MAE s", "bias", "95 %")
    return Table(
        "Sport in detail",
        "Share of the time with the right kind, and with the right way (forward, backward); bouts"
        " whose way was not told; errors of the bouts' edges (start and end alike) and of their"
        " cadence against the true one of the same seconds (steps, or turns, a minute); recordings"
        " with all sprints; share of coasting and standing that was counted.",
        (*head, "cadence MAE", "95 %", "sprints exact", "coasting counted"),
        rows,
    )


def _way(kind: str) -> str:
    return "backward" if kind.endswith("backward") else "forward"


def _covered(true: Sequence[tuple[float, float]], found: Sequence[tuple[float, float]]) -> float:
    instants = np.concatenate([np.arange(a, b, _STEP_S) for a, b in true])
    inside = [any(a <= t < b for a, b in found) for t in instants]
    return float(np.mean(inside))


def _percent(shares: Iterable[float]) -> str:
    known = [share for share in shares if np.isfinite(share)]
    return f"{100 * np.mean(known):.1f} %" if known else "-"
