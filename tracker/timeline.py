"""From packets of one sensor to samples on the host's clock.

Every connection is a segment with its own clock fit (`clock_fit`), beginning with what was
learnt about the sensor's rate before. Within a segment samples are spaced by the sensor's own
count, so a burst of packets is spread out again and a lost one leaves a gap of its length.
Sensors that do not count are watched for losses (`loss_watch`). Samples are never renumbered: a
gap, once in the times, stays, and is listed in `quality`.

Samples are held back for the first 30 packets of a link, so that its least latency is known,
and behind a stall of a sensor that does not count, until it is clear what the stall cost.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from analysis import ImuSamples
from firmware_bridge import DamagedFrame, ImuPacket, SensorFamily
from tracker.collector_events import Received
from tracker.sample_index import SensorRestartedError
from tracker.timeline_segment import CountedSegment, GapKind, Timed, UncountedSegment

MAX_LISTED_GAPS: Final = 256
RECENT_N: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGap:
    """Samples are missing between two times; how many is known within a segment only."""

    start_s: float
    end_s: float
    kind: GapKind
    n_lost: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineQuality:
    """How good the times are.

    Parameters
    ----------
    n_samples, n_segments, n_damaged : int
        Samples given out, connections used, damaged frames seen.
    n_late : int
        Packets that came again or out of order, and were dropped.
    n_lost : int
        Samples missing within connections, counted by the sensor or probable.
    n_gaps : int
        Gaps of all kinds; `gaps` lists the last 256 of them.
    gaps : tuple of TimeGap
        The gaps, oldest first.
    clock_ppm : float
        How much longer than nominal the sensor's period is, in millionths.
    jitter_s : float
        How much later than the least latency nine of ten recent samples arrived, at most.

    """

    n_samples: int
    n_segments: int
    n_damaged: int
    n_late: int
    n_lost: int
    n_gaps: int
    gaps: tuple[TimeGap, ...]
    clock_ppm: float
    jitter_s: float


class Timeline:
    """Put the samples of one sensor on the host's clock while they come in.

    Parameters
    ----------
    family : SensorFamily
        Its `index` and `nominal_rate_hz` are used.

    Attributes
    ----------
    n_restarts : int
        How often the sensor began to count anew within a connection.

    """

    def __init__(self, family: SensorFamily) -> None:
        self._index = str(family.index)
        self._period_s = 1.0 / family.nominal_rate_hz
        self._slope = 1.0
        self._segment: CountedSegment | UncountedSegment | None = None
        self._link: int | None = None
        self._is_phone = False
        self.n_restarts = 0
        self._last_s = float("-inf")
        self._is_first_of_segment = False
        self._steps_s: deque[float] = deque(maxlen=RECENT_N)
        self._delays_s: deque[float] = deque(maxlen=RECENT_N)
        self._gaps: deque[TimeGap] = deque(maxlen=MAX_LISTED_GAPS)
        self._n_samples = self._n_segments = self._n_damaged = 0
        self._n_late = self._n_lost = self._n_gaps = 0

    def add(self, received: Received) -> ImuSamples:
        """Take in a notification; return the samples whose times are now known.

        Parameters
        ----------
        received : Received
            In order of arrival. What came while the sensor was still being started is ignored.

        Returns
        -------
        ImuSamples
            None, one or many, later than all before, in s of the host's clock. At a time the
            sensor had the least latency seen on this connection, usually 1 to 7 ms.

        """
        return _as_samples(self.add_timed(received))

    def add_timed(self, received: Received) -> list[Timed]:
        """Do as `add` does; return what else is known of each sample."""
        self._n_damaged += sum(isinstance(one, DamagedFrame) for one in received.packets)
        timed: list[Timed] = []
        if received.is_settled:
            if received.link != self._link:
                timed += self._end_segment()
                self._link = received.link
            self._is_phone = received.is_batch
            for packet, arrival_s in _as_sent(received):
                timed += self._take(packet, arrival_s)
        return timed

    def finish(self) -> ImuSamples:
        """Return the samples that were still held back; what comes next is a new segment."""
        return _as_samples(self.finish_timed())

    def finish_timed(self) -> list[Timed]:
        """Do as `finish` does; return what else is known of each sample."""
        self._link = None
        return self._end_segment()

    @property
    def rate_hz(self) -> float | None:
        """Rate of the last samples in Hz on the host's clock; None before there are any."""
        return 1.0 / median(self._steps_s) if self._steps_s else None

    @property
    def quality(self) -> TimelineQuality:
        """How good the times are, so far."""
        segment = self._segment
        delays_s = sorted(self._delays_s)
        return TimelineQuality(
            n_samples=self._n_samples,
            n_segments=self._n_segments,
            n_damaged=self._n_damaged,
            n_late=self._n_late + (segment.n_dropped if segment else 0),
            n_lost=self._n_lost,
            n_gaps=self._n_gaps,
            gaps=tuple(self._gaps),
            clock_ppm=((segment.fit.slope if segment else self._slope) - 1.0) * 1e6,
            jitter_s=delays_s[int(0.9 * len(delays_s))] if delays_s else 0.0,
        )

    def _take(self, packet: ImuPacket, arrival_s: float) -> list[Timed]:
        before: list[Timed] = []
        segment = self._segment or self._begin_segment()
        try:
            timed = segment.add(packet, arrival_s)
        except SensorRestartedError:
            self.n_restarts += 1
            before = self._end_segment()
            timed = self._begin_segment().add(packet, arrival_s)
        if timed:
            self._delays_s.append(arrival_s - timed[-1].time_s)
        self._note(timed)
        return before + timed

    def _begin_segment(self) -> CountedSegment | UncountedSegment:
        segment: CountedSegment | UncountedSegment
        self._n_segments += 1
        known = self._period_s, self._slope, self._last_s, self._n_segments
        if self._index == "none":
            segment = UncountedSegment(*known)
        else:
            segment = CountedSegment(self._index, *known, is_phone=self._is_phone)
        self._segment = segment
        self._is_first_of_segment = True
        return segment

    def _end_segment(self) -> list[Timed]:
        """Let go of what the segment held back, and keep what it learnt about the sensor."""
        segment, self._segment = self._segment, None
        if segment is None:
            return []
        held = segment.flush()
        self._note(held)
        self._period_s, self._slope = segment.period_s, segment.fit.slope
        self._n_late += segment.n_dropped
        return held

    def _note(self, timed: Sequence[Timed]) -> None:
        """Book samples in the order in which they are given out."""
        for one in timed:
            gap = one.gap
            if self._is_first_of_segment and self._n_samples:
                gap = GapKind.LINK
            if gap is not None:
                n_lost = None if gap is GapKind.LINK else one.n_lost
                self._gaps.append(
                    TimeGap(start_s=self._last_s, end_s=one.time_s, kind=gap, n_lost=n_lost)
                )
                self._n_gaps += 1
            elif self._n_samples:
                self._steps_s.append(one.time_s - self._last_s)
            self._n_lost += one.n_lost
            self._is_first_of_segment = False
            self._last_s = one.time_s
            self._n_samples += 1


def _as_sent(received: Received) -> list[tuple[ImuPacket, float]]:
    """Return each packet with the time at which it would have come alone.

    Of a batch the last sample was sent when it was there; by the sensor's own clock the others
    were ready before. Without this the first batch would tell too little of the latency.
    """
    packets = [one for one in received.packets if isinstance(one, ImuPacket)]
    newest_s = packets[-1].device_time_s if packets and received.is_batch else None
    return [(one, received.arrival_s - _ahead_s(one.device_time_s, newest_s)) for one in packets]


def _ahead_s(device_s: float | None, newest_s: float | None) -> float:
    if device_s is None or newest_s is None:
        return 0.0
    return max(0.0, newest_s - device_s)


def _as_samples(timed: Sequence[Timed]) -> ImuSamples:
    return ImuSamples(
        [one.time_s for one in timed],
        [one.packet.acc_ms2 for one in timed],
        [one.packet.gyr_rads for one in timed],
    )
