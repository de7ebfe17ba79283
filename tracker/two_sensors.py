"""Two sensors on one clock: for each sample of the shank, what the thigh did at that moment.

Each sensor has its own collector and its own `Timeline`; all of them give times of the same event
loop's clock, each late by the least latency of its link, 1 to 7 ms. So the two agree to a few
milliseconds without any clock in common. The thigh's signal is interpolated between its two
samples around a shank sample; where they are further apart than 0.1 s there is no pair: a gap of
either sensor is a gap of the pair, and stays one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples
from firmware_bridge import SensorFamily
from tracker.collector_events import Received
from tracker.recording_file import RecordedSession
from tracker.timeline import Timeline

BRIDGED_S: Final = 0.1
"""Interpolated at most over so much: the gap above which a repetition is flagged."""

MAX_WAIT_S: Final = 2.0
"""A shank sample waits so long for the thigh: longer than a timeline holds samples back."""

SAME_CLOCK_S: Final = 2.0
"""Two recordings whose clocks began within this of each other, by the calendar, share one: nobody
restarts a computer faster. It leaves room for a calendar that was set in between."""

_NONE: Final = ImuSamples([], [], [])


@dataclass(frozen=True, slots=True)
class SamplePairs:
    """Samples of both sensors at the same times.

    Parameters
    ----------
    shank, thigh : ImuSamples
        Equally many, with equal `time_s`.
    n_unpaired : int
        Shank samples among them for which the thigh has none.

    """

    shank: ImuSamples
    thigh: ImuSamples
    n_unpaired: int = 0


class PairMerger:
    """Merge two streams of samples that share a clock, as they come in.

    What comes out does not depend on how the samples are cut into pieces, as long as neither
    stream runs ahead of the other by more than `MAX_WAIT_S`.
    """

    def __init__(self) -> None:
        self._shank = _NONE
        self._thigh = _NONE

    def add(self, *, shank: ImuSamples = _NONE, thigh: ImuSamples = _NONE) -> SamplePairs:
        """Take in the next samples of either; return the pairs that are complete."""
        self._shank = _join(self._shank, shank)
        self._thigh = _join(self._thigh, thigh)
        if not len(self._shank):
            return SamplePairs(_NONE, _NONE)
        until_s = float(self._shank.time_s[-1]) - MAX_WAIT_S
        if len(self._thigh):
            until_s = max(until_s, float(self._thigh.time_s[-1]))
        return self._release(int(np.searchsorted(self._shank.time_s, until_s, side="right")))

    def finish(self) -> SamplePairs:
        """Return what is left; nothing more will come."""
        pairs = self._release(len(self._shank))
        self._thigh = _NONE
        return pairs

    def _release(self, n: int) -> SamplePairs:
        due, self._shank = self._shank[:n], self._shank[n:]
        pairs = match(due, self._thigh)
        if len(due):
            # The last thigh sample before the next shank sample is still needed.
            kept = int(np.searchsorted(self._thigh.time_s, due.time_s[-1], side="right"))
            self._thigh = self._thigh[max(0, kept - 1) :]
        return pairs


class TwoTimelines:
    """Notifications of two sensors in, pairs of samples on one clock out.

    Parameters
    ----------
    shank, thigh : SensorFamily
        Their kinds; they need not be the same.

    """

    def __init__(self, shank: SensorFamily, thigh: SensorFamily) -> None:
        self.shank = Timeline(shank)
        self.thigh = Timeline(thigh)
        self._merger = PairMerger()

    def add_shank(self, received: Received) -> SamplePairs:
        """Take in what the collector of the shank's sensor received."""
        return self._merger.add(shank=self.shank.add(received))

    def add_thigh(self, received: Received) -> SamplePairs:
        """Take in what the collector of the thigh's sensor received."""
        return self._merger.add(thigh=self.thigh.add(received))

    def finish(self) -> SamplePairs:
        """Return what was held back."""
        first = self._merger.add(shank=self.shank.finish(), thigh=self.thigh.finish())
        return join_pairs([first, self._merger.finish()])


def match(shank: ImuSamples, thigh: ImuSamples) -> SamplePairs:
    """Pair samples that are all there.

    Parameters
    ----------
    shank, thigh : ImuSamples
        On one clock.

    Returns
    -------
    SamplePairs
        The shank's samples that have thigh samples on both sides, no further apart than
        `BRIDGED_S`, with the thigh's signal interpolated linearly.

    """
    if not len(shank) or not len(thigh):
        return SamplePairs(_NONE, _NONE, len(shank))
    right = np.searchsorted(thigh.time_s, shank.time_s, side="left")
    is_inside = (right > 0) & (right < len(thigh))
    is_exact = (right < len(thigh)) & (
        thigh.time_s[np.minimum(right, len(thigh) - 1)] == shank.time_s
    )
    right = np.minimum(right, len(thigh) - 1)
    left = np.where(is_exact, right, np.maximum(right - 1, 0))
    span_s = thigh.time_s[right] - thigh.time_s[left]
    has_pair = is_exact | (is_inside & (span_s <= BRIDGED_S))
    share = np.divide(
        shank.time_s - thigh.time_s[left], span_s, out=np.zeros(len(shank)), where=span_s > 0
    )[:, np.newaxis]

    def between(values: NDArray[np.float64]) -> NDArray[np.float64]:
        mixed = (1 - share) * values[left] + share * values[right]
        return np.asarray(mixed[has_pair], dtype=np.float64)

    times = shank.time_s[has_pair]
    return SamplePairs(
        ImuSamples(times, shank.acc_ms2[has_pair], shank.gyr_rads[has_pair]),
        ImuSamples(times, between(thigh.acc_ms2), between(thigh.gyr_rads)),
        int((~has_pair).sum()),
    )


def pair_recordings(shank: RecordedSession, thigh: RecordedSession) -> SamplePairs:
    """Pair two recordings of the same movement, on the clock of the first.

    Recordings of one computer that was not restarted in between share a clock. Others are put
    together by the calendar, and are as far apart as the two computers' ideas of the time.
    """
    shift_s = _clock_zero_s(thigh) - _clock_zero_s(shank)
    samples = thigh.samples
    if abs(shift_s) > SAME_CLOCK_S:
        samples = ImuSamples(samples.time_s + shift_s, samples.acc_ms2, samples.gyr_rads)
    return match(shank.samples, samples)


def join_pairs(pieces: Sequence[SamplePairs]) -> SamplePairs:
    """Put consecutive pieces behind each other."""
    return SamplePairs(
        ImuSamples.joined([piece.shank for piece in pieces]),
        ImuSamples.joined([piece.thigh for piece in pieces]),
        sum(piece.n_unpaired for piece in pieces),
    )


def _clock_zero_s(session: RecordedSession) -> float:
    """Return when the recording's clock stood at zero, in s since 1970."""
    return session.header.started_at.timestamp() - session.header.anchor_s


def _join(before: ImuSamples, after: ImuSamples) -> ImuSamples:
    if not len(after):
        return before
    return ImuSamples.joined([before, after]) if len(before) else after
