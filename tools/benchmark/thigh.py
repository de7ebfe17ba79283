"""The knee angle with and without a second sensor on the thigh, compared with the true knee."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from analysis import ImuSamples, RecordingResult, analyse_recording, load_catalogue
from benchmark.matching import spread
from benchmark.scenarios import EXERCISES, WEARS
from benchmark.tables import Table
from tracker.simulator import (
    SimulatedRecording,
    Start,
    WearLevel,
    random_scenario,
    simulate,
)

KNEES: Final = tuple(one for one in EXERCISES if load_catalogue()[one].can_measure_knee)
_SETS, _REPS = 2, 6


@dataclass(slots=True)
class ThighScore:
    """Errors of the peaks of one recording, in degrees, with one sensor and with two."""

    exercise: str
    wear: WearLevel
    alone_deg: list[float] = field(default_factory=list)
    both_deg: list[float] = field(default_factory=list)
    within_u: list[bool] = field(default_factory=list)
    state: str = ""


def score_thigh(exercise: str, wear: WearLevel, seed: int) -> ThighScore:
    """Simulate a random recording that starts still; analyse it with one sensor and with two."""
    drawn = random_scenario(exercise, wear, seed)
    scenario = replace(drawn, has_thigh_sensor=True, start=Start.STILL, sets=_SETS, reps=_REPS)
    recording = simulate(scenario, seed=seed)
    score = ThighScore(exercise, wear)
    samples = ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)
    if recording.thigh is None:
        return score
    second = ImuSamples(recording.time_s, recording.thigh.acc_ms2, recording.thigh.gyr_rads)
    score.alone_deg = [one for one, _ in _errors(analyse_recording(samples, exercise), recording)]
    both = analyse_recording(samples, exercise, thigh=second)
    errors = _errors(both, recording)
    score.both_deg = [one for one, _ in errors]
    score.within_u = [abs(one) <= u_deg for one, u_deg in errors]
    score.state = str(both.calibration.thigh)
    return score


def thigh_tables(scores: Sequence[ThighScore]) -> list[Table]:
    """Return the table, if anything was scored."""
    rows = []
    for wear in WEARS:
        for exercise in KNEES:
            group = [s for s in scores if s.exercise == exercise and s.wear == wear]
            if not group:
                continue
            alone = spread([error for s in group for error in s.alone_deg])
            both = spread([error for s in group for error in s.both_deg])
            within = [one for s in group for one in s.within_u]
            states = Counter(s.state for s in group)
            rows.append(
                (
                    exercise,
                    wear.value,
                    f"{alone.mae:.1f} / {alone.p95:.1f}",
                    f"{both.mae:.1f} / {both.p95:.1f}",
                    f"{100 * np.mean(within or [float('nan')]):.0f} %",
                    ", ".join(f"{n} {state}" for state, n in states.most_common()),
                )
            )
    head = ("exercise", "wear", "one sensor: MAE / 95 %", "two", "within its u", "recordings")
    about = (
        "Peaks against the true knee angle, in degrees. Seated at hard wear the thigh swings by"
        " 7-17 degrees."
    )
    return [Table("A second sensor on the thigh", about, head, rows)] if rows else []


def _errors(result: RecordingResult, recording: SimulatedRecording) -> list[tuple[float, float]]:
    time_s, knee_deg = recording.time_s, recording.true_knee_deg
    zero_deg = float(knee_deg[time_s < recording.scenario.still_s].mean())
    errors = []
    for rep in (rep for one in result.sets for rep in one.reps):
        inside = (time_s >= rep.start_s) & (time_s <= rep.end_s)
        true_deg = float(knee_deg[inside].max()) - zero_deg
        errors.append((rep.peak_deg - true_deg, rep.peak_deg_u))
    return errors
