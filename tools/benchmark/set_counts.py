"""Counts in the sets of a simulated recording, the same for the engine and for its rivals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmark.matching import Span, count_off, n_outside, outside_s, silences
from tracker.simulator import RepKind, RepTruth, SimulatedRecording

_BRIDGED_S: Final = 0.5  # the longest gap across which a repetition is still one
_SLACK_S: Final = 1.0  # around a set, within which a wrong repetition counts as the set's


@dataclass(frozen=True, slots=True)
class SetCounts:
    """Found minus true for each set, what was found in no set, and the seconds in no set."""

    off: list[int]
    ghosts: int
    idle_s: float


def count_in_sets(recording: SimulatedRecording, found_s: Sequence[float]) -> SetCounts:
    """Compare the instants at which something counted with the true repetitions.

    What was cut off by the start of the recording, or went on while the sensor was silent for
    longer than can be bridged, may be counted or not.
    """
    silent = silences(recording.time_s.tolist(), _BRIDGED_S)
    sets = recording.truth.sets
    spans = [(one[0].start_s - _SLACK_S, one[-1].end_s + _SLACK_S) for one in sets]
    off = []
    for of_set, span_s in zip(sets, spans, strict=True):
        n_open = sum(RepKind.CUT_BY_START in rep.kinds or _unseen(rep, silent) for rep in of_set)
        off.append(count_off(found_s, span_s, len(of_set) - n_open, len(of_set)))
    idle_s = outside_s(float(recording.time_s[-1]), spans)
    return SetCounts(off, n_outside(found_s, spans), idle_s)


def _unseen(rep: RepTruth, silent: list[Span]) -> bool:
    return any(start_s < rep.end_s and end_s > rep.start_s for start_s, end_s in silent)
