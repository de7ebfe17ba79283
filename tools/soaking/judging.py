"""What a session under faults came to: what was lost, what was made up, what got stuck."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.soaking.faults import KINDS, Fault
from tools.soaking.session import SETS, Ran
from tracker.collector_events import CollectorState

GAP_S: Final = 0.1
"""A repetition with a longer hole in its signal may be missed; one without may not."""

NEAR_S: Final = 1.0
"""What the start and the end of a repetition need of signal around them."""

BACK_WITHIN_S: Final = 10.0
"""From the end of a fault to the next sample: the longest pause, a scan, a link, a start."""

Span = tuple[float, float]


@dataclass(slots=True)
class Figures:
    """Figures of one session, or of several added up; times in s, the rest are counts."""

    n_sessions: int = 0
    n_sets: int = 0
    n_reps_true: int = 0
    n_reps_measured: int = 0
    n_reps_hidden: int = 0
    n_recoveries: int = 0
    longest_outage_s: float = 0.0
    n_samples_kept: int = 0
    n_samples_taken_by_faults: int = 0
    n_samples_on_the_way_back: int = 0
    slowest_return_s: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        """Add those of other sessions."""
        self.longest_outage_s = max(self.longest_outage_s, other.longest_outage_s)
        self.slowest_return_s = max(self.slowest_return_s, other.slowest_return_s)
        self.faults += other.faults
        self.problems += other.problems
        for name in self.__slots__:
            if name.startswith("n_"):
                setattr(self, name, getattr(self, name) + getattr(other, name))


def judge(ran: Ran) -> Figures:
    """Return the figures of a session, with a sentence for everything that must not be."""
    time_s = ran.recording.samples.time_s
    figures = Figures(n_sessions=1, n_sets=len(ran.outcome.cards))
    figures.faults = Counter(fault.kind for fault in ran.faults)
    figures.n_recoveries = _n_streams(ran.sensor_states) - 1
    figures.n_samples_kept = len(time_s)
    figures.longest_outage_s = float(np.diff(time_s).max())
    _judge_session(ran, figures)
    _judge_reps(ran, figures)
    _judge_samples(ran, figures)
    figures.problems = [f"seed {ran.seed}: {problem}" for problem in figures.problems]
    return figures


def _n_streams(states: Sequence[str]) -> int:
    """Return how often a link began to stream; a stall that ended is none."""
    changes = [new for old, new in pairwise(("", *states)) if new != old]
    begun = (CollectorState.STARTING, CollectorState.STREAMING)
    return sum((old, new) == begun for old, new in pairwise(changes))


def _judge_session(ran: Ran, figures: Figures) -> None:
    numbers = [card["set"] for card in ran.outcome.cards]
    if numbers != list(range(1, SETS + 1)):
        figures.problems.append(f"sets {numbers} in place of {SETS}")
    noted = [note["set"] for note in ran.recording.annotations if note["event"] == "set_ended"]
    if noted != numbers:
        figures.problems.append(f"sets {noted} in the recording, {numbers} were shown")
    if not ran.recording.is_finished or ran.recording.damage is not None:
        figures.problems.append(f"recording not whole: {ran.recording.damage}")
    if ran.sensor_states[-1] != CollectorState.STOPPED:
        figures.problems.append(f"the collector ended {ran.sensor_states[-1]}")
    figures.problems += [f"left over: {one}" for one in ran.leaked]


def _judge_reps(ran: Ran, figures: Figures) -> None:
    time_s = ran.recording.samples.time_s
    true = [(ran.patient_zero_s + one.start_s, ran.patient_zero_s + one.end_s) for one in ran.truth]
    measured = [
        (float(time_s[0]) + rep["start_s"], float(time_s[0]) + rep["end_s"])
        for rep in _reps(ran.outcome.document)
    ]
    figures.n_reps_true, figures.n_reps_measured = len(true), len(measured)
    partners = [_partner(span, true) for span in measured]
    for span, partner in zip(measured, partners, strict=True):
        if partner is None:
            figures.problems.append(f"ghost repetition at {span[0]:.1f}-{span[1]:.1f} s")
    for number, count in Counter(partner for partner in partners if partner is not None).items():
        if count > 1:
            figures.problems.append(f"repetition at {true[number][0]:.1f} s counted {count} times")
    for number, span in enumerate(true):
        if _is_hidden(span, time_s):
            figures.n_reps_hidden += 1
        elif number not in partners:
            figures.problems.append(f"repetition at {span[0]:.1f}-{span[1]:.1f} s not counted")


def _reps(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [rep for one in document["exercise_sets"] for rep in one["reps"]]


def _partner(span: Span, others: Sequence[Span]) -> int | None:
    """Return which span overlaps most, if any does."""
    shared_s = [min(span[1], other[1]) - max(span[0], other[0]) for other in others]
    best = int(np.argmax(shared_s)) if shared_s else 0
    return best if shared_s and shared_s[best] > 0 else None


def _is_hidden(span: Span, time_s: NDArray[np.float64]) -> bool:
    """Whether there is a hole in the signal of a repetition, or just beside it."""
    first, last = np.searchsorted(time_s, (span[0] - NEAR_S, span[1] + NEAR_S))
    around = time_s[max(0, first - 1) : last + 1]
    is_whole = len(around) > 1 and around[0] <= span[0] and around[-1] >= span[1]
    return not is_whole or bool(np.diff(around).max() > GAP_S)


def _judge_samples(ran: Ran, figures: Figures) -> None:
    """Account for every sample that the sensor took between the first and the last one kept."""
    time_s = ran.recording.samples.time_s
    n_received = sum(one.is_settled for one in ran.recording.notifications)
    if n_received < len(time_s):
        figures.problems.append(f"{len(time_s)} samples of {n_received} notifications")
    period_s = float(np.median(np.diff(time_s)))  # the sensor's own, off by up to half a percent
    slots = np.zeros(round((time_s[-1] - time_s[0]) / period_s) + 1, dtype=bool)
    slots[np.round((time_s - time_s[0]) / period_s).astype(int)] = True
    slot_s = time_s[0] + np.arange(len(slots)) * period_s
    is_taken = np.zeros(len(slots), dtype=bool)
    for fault in ran.faults:
        if KINDS[fault.kind].takes_samples:
            is_taken |= (slot_s >= fault.began_s) & (slot_s < fault.ended_s)
        return_s = _return_s(fault, ran.faults, time_s)
        figures.slowest_return_s = max(figures.slowest_return_s, return_s)
    n_missing = max(0, len(slots) - len(time_s))
    n_by_faults = min(int((~slots & is_taken).sum()), n_missing)
    figures.n_samples_taken_by_faults = n_by_faults
    figures.n_samples_on_the_way_back = n_missing - n_by_faults
    if figures.slowest_return_s > BACK_WITHIN_S:
        figures.problems.append(f"{figures.slowest_return_s:.1f} s until samples came again")


def _return_s(fault: Fault, faults: Sequence[Fault], time_s: NDArray[np.float64]) -> float:
    """Return how long after the end of a fault the next sample was taken.

    Where the next fault came first, only the time until then counts: it is a return of its own.
    """
    at = int(np.searchsorted(time_s, fault.ended_s))
    if at == len(time_s):
        return 0.0
    following_s = [one.began_s for one in faults if one.began_s > fault.ended_s]
    return float(min([time_s[at], *following_s[:1]]) - fault.ended_s)
