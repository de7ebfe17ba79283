"""Stretches, walking, running and cycling through the engine, compared with their truth."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from analysis import Bout, Hold, ImuSamples, RecordingResult, analyse_recording
from benchmark.matching import Span, matched, share_right, spread
from benchmark.scenarios import WEARS, measurable
from benchmark.tables import Table
from tracker.simulator import (
    BoutTruth,
    HoldTruth,
    WearLevel,
    random_scenario,
    simulate,
)

STRETCHES: Final = measurable("stillness")
SPORTS: Final = measurable("gait", "cycling")


@dataclass(slots=True)
class ActivityScore:
    """Everything about one recording that the tables need."""

    exercise: str
    wear: WearLevel
    seed: int
    n_true: int = 0
    n_found: int = 0
    duration_errors_s: list[float] = field(default_factory=list)
    interruptions_off: list[int] = field(default_factory=list)
    cadence_errors_per_min: list[float] = field(default_factory=list)
    kind_share: float = float("nan")


def score_activity(exercise: str, wear: WearLevel, seed: int) -> ActivityScore:
    """Simulate a random stretch or sport, analyse it, and compare."""
    recording = simulate(random_scenario(exercise, wear, seed), seed=seed)
    samples = ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)
    result = analyse_recording(samples, exercise)
    score = ActivityScore(exercise=exercise, wear=wear, seed=seed)
    if recording.truth.holds:
        compare_holds(score, recording.truth.holds, _holds(result))
    else:
        compare_bouts(score, recording.truth.bouts, _bouts(result))
    return score


def compare_holds(score: ActivityScore, true: Sequence[HoldTruth], found: Sequence[Hold]) -> None:
    """Note how well holds were found: how many, how long, how often interrupted."""
    score.n_true, score.n_found = len(true), len(found)
    spans = [(one.start_s, one.end_s) for one in found]
    for one, match in zip(true, matched([(t.start_s, t.end_s) for t in true], spans), strict=True):
        if match is not None:
            other = found[match]
            length_s = other.end_s - other.start_s
            score.duration_errors_s.append(length_s - (one.end_s - one.start_s))
            score.interruptions_off.append(other.interruptions - len(one.interruptions))


def compare_bouts(score: ActivityScore, true: Sequence[BoutTruth], found: Sequence[Bout]) -> None:
    """Note how well bouts were found: their kind over time, their length, their cadence.

    Standing and coasting are no bouts: whatever is found in them is too much.
    """
    moving = [one for one in true if one.cadence_per_min > 0.0]
    score.n_true, score.n_found = len(moving), len(found)
    spans: list[Span] = [(one.start_s, one.end_s) for one in moving]
    found_spans: list[Span] = [(one.start_s, one.end_s) for one in found]
    score.kind_share = share_right(
        [(span, one.kind.value) for span, one in zip(spans, moving, strict=True)],
        [(span, one.kind) for span, one in zip(found_spans, found, strict=True)],
    )
    for one, match in zip(moving, matched(spans, found_spans), strict=True):
        if match is None:
            continue
        other = found[match]
        length_s = other.end_s - other.start_s
        score.duration_errors_s.append(length_s - (one.end_s - one.start_s))
        if other.cadence_per_min is not None:
            score.cadence_errors_per_min.append(other.cadence_per_min - one.cadence_per_min)


def activity_tables(scores: Sequence[ActivityScore]) -> list[Table]:
    """Return the tables on stretches and sports that the engine measures by now."""
    tables = []
    if any(score.exercise in STRETCHES for score in scores):
        tables.append(_holds_table(scores))
    if any(score.exercise in SPORTS for score in scores):
        tables.append(_bouts_table(scores))
    return tables


def _groups(
    scores: Sequence[ActivityScore], exercises: Sequence[str]
) -> list[tuple[str, str, list[ActivityScore]]]:
    return [
        (exercise, wear.value, group)
        for wear in WEARS
        for exercise in exercises
        if (group := [s for s in scores if s.exercise == exercise and s.wear == wear])
    ]


def _holds_table(scores: Sequence[ActivityScore]) -> Table:
    rows = []
    for exercise, wear, group in _groups(scores, STRETCHES):
        lengths = spread([error for s in group for error in s.duration_errors_s])
        off = [n for s in group for n in s.interruptions_off]
        rows.append(
            (
                exercise,
                wear,
                f"{sum(s.n_found == s.n_true for s in group)} / {len(group)}",
                f"{sum(s.n_found for s in group)} / {sum(s.n_true for s in group)}",
                f"{lengths.mae:.2f}",
                f"{lengths.bias:+.2f}",
                f"{lengths.p95:.2f}",
                f"{100 * np.mean([n == 0 for n in off] or [float('nan')]):.0f} %",
            )
        )
    head = ("exercise", "wear", "exact", "found / held", "MAE s", "bias s", "95 % s")
    about = (
        "Recordings with the exact number of holds, holds found, the errors of their length, and"
        " the share of holds with the exact number of interruptions."
    )
    return Table("Stretches", about, (*head, "interruptions right"), rows)


def _bouts_table(scores: Sequence[ActivityScore]) -> Table:
    rows = []
    for exercise, wear, group in _groups(scores, SPORTS):
        lengths = spread([error for s in group for error in s.duration_errors_s])
        cadences = spread([error for s in group for error in s.cadence_errors_per_min])
        exact = sum(s.n_found == s.n_true for s in group)
        rows.append(
            (
                exercise,
                wear,
                f"{exact} / {len(group)}",
                f"{100 * np.nanmean([s.kind_share for s in group]):.1f} %",
                f"{lengths.mae:.2f}",
                f"{cadences.mae:.2f}",
                f"{cadences.bias:+.2f}",
                f"{cadences.p95:.2f}",
            )
        )
    head = ("exercise", "wear", "bouts exact", "right kind", "length MAE s")
    return Table(
        "Walking, running, cycling",
        "Recordings with the exact number of bouts; the share of the time in which the kind found"
        " is the true one; errors of the length and of the cadence (steps, or turns, a minute).",
        (*head, "cadence MAE", "bias", "95 %"),
        rows,
    )


def _holds(result: RecordingResult) -> list[Hold]:
    return [hold for one_set in result.sets for hold in one_set.holds]


def _bouts(result: RecordingResult) -> list[Bout]:
    return [bout for one_set in result.sets for bout in one_set.bouts]
