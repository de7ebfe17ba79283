"""Which samples of a recording belong to which set, as the coach cut them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import ImuSamples
from tracker.recording_file import RecordedSession
from tracker.recovery import SET_ENDED, SET_STARTED


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWindow:
    """One set of the coach: which one of which exercise, and when it was measured.

    Parameters
    ----------
    step_number, set_number : int
        From 1.
    after_s, until_s : float
        Its samples are later than the first and not later than the second, on the clock of the
        recording.

    """

    step_number: int
    set_number: int
    after_s: float
    until_s: float

    def cut(self, samples: ImuSamples) -> ImuSamples:
        """Return the samples of the set."""
        edges = np.array([self.after_s, self.until_s])
        first, last = np.searchsorted(samples.time_s, edges, side="right")
        return samples[int(first) : int(last)]


def set_windows(recorded: RecordedSession) -> list[SetWindow]:
    """Return the sets that a recording tells of, in order; none if no coach led it.

    A set that was never noted as ended lasts until the next one begins, or the recording ends.
    Recordings of earlier versions tell only when a set was noted, not its last sample: their
    edges are off by what was on its way in then, some hundredths of a second.
    """
    windows: list[SetWindow] = []
    started: Mapping[str, Any] | None = None
    for note in recorded.annotations:
        if note.get("event") not in {SET_STARTED, SET_ENDED}:
            continue
        if started is not None:
            windows.append(_window(started, _edge_s(note)))
        started = note if note["event"] == SET_STARTED else None
    if started is not None:
        windows.append(_window(started, float("inf")))
    return windows


def _window(started: Mapping[str, Any], until_s: float) -> SetWindow:
    return SetWindow(
        step_number=int(started.get("step", 1)),
        set_number=int(started.get("set", 1)),
        after_s=_edge_s(started),
        until_s=until_s,
    )


def _edge_s(note: Mapping[str, Any]) -> float:
    last_s = note.get("last_sample_s")
    return float(last_s if isinstance(last_s, int | float) else note["at_s"])
