"""Simpler methods on the signals the engine got: each a way to an angle, then textbook rules.

They are helped where the engine is not: the counter knows how far the person moves, and the
duration rule is told where each repetition lies.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmark.baselines import (
    Array,
    accelerometer_angle_deg,
    complementary_angle_deg,
    ten_to_ninety_s,
    two_threshold_count,
)
from benchmark.set_counts import count_in_sets
from tracker.simulator import RepKind, RepTruth, SimulatedRecording

ACCELEROMETER: Final = "accelerometer only"
COMPLEMENTARY: Final = "plain complementary filter"
TEN_TO_NINETY_SHARE: Final = 0.8  # of a way at constant speed
_AFTER_S: Final = 0.1  # of a repetition: its last samples may lie just behind its end
_RANGE_DEG: Final = 90.0  # where a recording has no repetition


@dataclass(slots=True)
class RivalScore:
    """What one simple method made of one recording."""

    method: str
    set_off: list[int] = field(default_factory=list)
    ghosts: int = 0
    found_s: list[float] = field(default_factory=list)  # by the 10-90 % rule, one a repetition
    true_s: list[float] = field(default_factory=list)
    peak_errors_deg: list[float] = field(default_factory=list)

    def errors_s(self, *, stretched: bool = False) -> Array:
        """Return found minus true; stretched so that a way at constant speed comes out right."""
        share = TEN_TO_NINETY_SHARE if stretched else 1.0
        return np.array(self.found_s) / share - np.array(self.true_s)


def rival_angles_deg(recording: SimulatedRecording) -> dict[str, Array]:
    """Return the angle of each simple method, by its name."""
    time_s, acc_ms2, gyr_rads = recording.time_s, recording.acc_ms2, recording.gyr_rads
    return {
        ACCELEROMETER: accelerometer_angle_deg(time_s, acc_ms2),
        COMPLEMENTARY: complementary_angle_deg(time_s, acc_ms2, gyr_rads),
    }


def score_rival(method: str, recording: SimulatedRecording, angle_deg: Array) -> RivalScore:
    """Count, time and measure with an angle, and compare with the truth."""
    score = RivalScore(method)
    counts = count_in_sets(recording, naive_instants_s(recording, angle_deg))
    score.set_off, score.ghosts = counts.off, counts.ghosts
    for rep in recording.truth.reps:
        if RepKind.CUT_BY_START in rep.kinds:
            continue
        score.found_s.append(by_ten_to_ninety_s(recording.time_s, angle_deg, rep))
        score.true_s.append(rep.eccentric_s)
        inside = (recording.time_s >= rep.start_s) & (recording.time_s <= rep.end_s)
        peak_deg = float(angle_deg[inside].max()) if inside.any() else float("nan")
        score.peak_errors_deg.append(peak_deg - rep.peak_deg)
    return score


def naive_instants_s(recording: SimulatedRecording, angle_deg: Array) -> list[float]:
    """Return when a counter with two thresholds counts, told the range of the movement."""
    peaks_deg = [rep.peak_deg for rep in recording.truth.reps] or [_RANGE_DEG]
    counted = two_threshold_count(angle_deg, float(np.median(peaks_deg)))
    return [float(recording.time_s[i]) for i in counted]


def by_ten_to_ninety_s(time_s: Array, angle_deg: Array, true: RepTruth) -> float:
    """Return the duration of the eccentric way of a true repetition, by the 10-90 % rule."""
    window = (time_s >= true.start_s) & (time_s <= true.end_s + _AFTER_S)
    if not window.any():
        return float("nan")
    if true.eccentric[0] < true.peak_s - 0.5 * true.eccentric_s:  # the way out, seen backwards
        return ten_to_ninety_s(-time_s[window][::-1], angle_deg[window][::-1])
    return ten_to_ninety_s(time_s[window], angle_deg[window])
