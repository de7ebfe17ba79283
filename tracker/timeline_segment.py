"""One connection's part of the timeline: packets in, packets with their times out."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final

from firmware_bridge import ImuPacket
from tracker.clock_fit import MAX_SLEW, PHONE_FIT, PHONE_SLEW, ClockFit, SlewedClock
from tracker.loss_watch import HOLD_SILENCE_S, FloorWatch, StallWatch, Verdict, n_too_many
from tracker.sample_index import DeviceSeconds
from tracker.warm_up import WarmUp

GAP_PERIODS: Final = 1.5
"""Two samples further apart than so many periods have a gap between them."""

OWN_RATE: Final = 0.2
"""A period by the sensor's stamps that differs by so much from the nominal one is a choice."""

JUDGE_AFTER_S: Final = 2.0
"""Before, the rate is too uncertain to tell a lost sample from a slow sensor."""

EARLY_SILENCE_S: Final = 0.3
"""But after such a silence not even then."""

MAX_HELD: Final = 2048
"""Samples held back at most, whatever their times are."""


class GapKind(StrEnum):
    """How a gap is known."""

    LINK = "link"
    """The connection was lost."""
    COUNTED = "counted"
    """The sensor's own count jumped."""
    PROBABLE = "probable"
    """The latency rose for good; the sensor does not count."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A packet with its time on the host's clock, and what is missing before it.

    `device_s` is the sensor's own time, from its clock or its count, lost samples included;
    `segment` numbers the stretches in which that goes on.
    """

    packet: ImuPacket
    time_s: float
    segment: int
    device_s: float
    arrival_s: float
    gap: GapKind | None = None
    n_lost: int = 0


@dataclass(frozen=True, slots=True)
class _Arrived:
    packet: ImuPacket
    arrival_s: float
    device_s: float = 0.0


class CountedSegment:
    """A connection to a sensor that counts its samples or sends its own time.

    `add` raises SensorRestartedError where the count began anew.
    """

    def __init__(
        self,
        index: str,
        period_s: float,
        slope: float,
        after_s: float,
        number: int,
        *,
        is_phone: bool = False,
    ) -> None:
        self.number = number
        self.period_s = period_s
        self.fit = ClockFit(PHONE_FIT if is_phone else None, slope=slope)
        self.n_dropped = 0
        self._is_stamped = index == "device_time"
        max_slew = PHONE_SLEW if is_phone else MAX_SLEW
        self._clock = SlewedClock(self.fit, after_s, max_slew=max_slew)
        self._seconds = DeviceSeconds(index, 1.0 / period_s)
        self._warming: WarmUp | None = WarmUp(period_s, is_counted=True)
        self._held: list[_Arrived] = []
        self._last_device_s: float | None = None

    def add(self, packet: ImuPacket, arrival_s: float) -> list[Timed]:
        """Take in the next packet; return the packets whose times are now known."""
        device_s = self._seconds.add(packet, arrival_s)
        if device_s is None:
            self.n_dropped += 1
            return []
        self.fit.add(device_s, arrival_s)
        self._held.append(_Arrived(packet, arrival_s, device_s))
        if self._warming is not None and len(self._held) < MAX_HELD:
            if self._warming.add(arrival_s) is None:
                return []
            self._warming = None
            self._learn_period()
        return self.flush()

    def _learn_period(self) -> None:
        """Take the period from the stamps, where a phone takes samples at a rate of its own."""
        steps_s = [late.device_s - early.device_s for early, late in pairwise(self._held)]
        usual_s = median(steps_s) if self._is_stamped and steps_s else self.period_s
        if abs(usual_s / self.period_s - 1) > OWN_RATE:
            self.period_s = usual_s

    def flush(self) -> list[Timed]:
        """Return the packets that were held back."""
        held, self._held = self._held, []
        return [self._stamp(one) for one in held]

    def _stamp(self, one: _Arrived) -> Timed:
        before_s, self._last_device_s = self._last_device_s, one.device_s
        step_s = self.period_s if before_s is None else one.device_s - before_s
        is_gap = step_s > GAP_PERIODS * self.period_s
        time_s = self._clock.stamp(one.device_s, is_jump=is_gap)
        if not is_gap:
            return Timed(one.packet, time_s, self.number, one.device_s, one.arrival_s)
        n_lost = round(step_s / self.period_s) - 1
        return Timed(
            one.packet, time_s, self.number, one.device_s, one.arrival_s, GapKind.COUNTED, n_lost
        )


class UncountedSegment:
    """A connection to a sensor whose samples carry neither number nor time."""

    def __init__(self, period_s: float, slope: float, after_s: float, number: int) -> None:
        self.number = number
        self.period_s = period_s
        self.fit = ClockFit(slope=slope)
        self.n_dropped = 0
        self._clock = SlewedClock(self.fit, after_s)
        self._warming: WarmUp | None = WarmUp(period_s, is_counted=False)
        self._stall: StallWatch | None = None
        self._floor = FloorWatch(period_s)
        self._held: list[_Arrived] = []
        self._last_arrival_s = float("inf")
        self._number = 0  # of the next sample, lost ones included
        self._n_lost = 0  # in this segment, and not taken back
        self._n_lost_before = 0  # the next sample

    def add(self, packet: ImuPacket, arrival_s: float) -> list[Timed]:
        """Take in the next packet; return the packets whose times are now known."""
        silence_s = arrival_s - self._last_arrival_s
        self._last_arrival_s = arrival_s
        self._held.append(_Arrived(packet, arrival_s))
        if len(self._held) >= MAX_HELD:
            return self.flush()
        if self._warming is not None:
            return self._warm_up(arrival_s)
        may_judge = self._number * self.period_s >= JUDGE_AFTER_S
        least_s = HOLD_SILENCE_S if may_judge else EARLY_SILENCE_S
        if self._stall is None and silence_s > least_s:
            self._stall = StallWatch(self.period_s, arrival_s)
        if self._stall is None:
            return self._flow(arrival_s, may_judge=may_judge)
        latency_s = self._latency_s(len(self._held) - 1, arrival_s)
        verdict = self._stall.add(latency_s, arrival_s)
        return [] if verdict is None else self._release(verdict)

    def flush(self) -> list[Timed]:
        """Return the packets that were held back."""
        return self._release(self._stall.judge() if self._stall else Verdict())

    def _warm_up(self, arrival_s: float) -> list[Timed]:
        period_s = self._warming.add(arrival_s) if self._warming is not None else None
        if period_s is None:
            return []
        if period_s != self.period_s:
            self.fit = ClockFit()
            self._clock = SlewedClock(self.fit, self._clock.last_s)
            self._floor = FloorWatch(period_s)
            self.period_s = period_s
        return self._release(Verdict())

    def _flow(self, arrival_s: float, *, may_judge: bool) -> list[Timed]:
        out = self._release(Verdict())
        if may_judge:
            latency_s = self._latency_s(-1, arrival_s)
            self._n_lost_before = self._floor.add(latency_s, arrival_s)
            self._number += self._n_lost_before
            self._n_lost += self._n_lost_before
        return out

    def _latency_s(self, ahead: int, arrival_s: float) -> float:
        """Return the latency of the sample that many after the next, beyond the usual."""
        return arrival_s - self.fit.time_s((self._number + ahead) * self.period_s)

    def _release(self, verdict: Verdict) -> list[Timed]:
        """Give out all that is held: numbered, fitted, stamped."""
        held, self._held = self._held, []
        self._warming = self._stall = None
        numbered: list[tuple[_Arrived, float, int]] = []
        for i, one in enumerate(held):
            n_lost = verdict.n_lost if i == verdict.at else 0
            self._number += n_lost
            self._n_lost += n_lost
            if i == 0:
                n_lost += self._n_lost_before
                self._n_lost_before = 0
            n_lost -= self._take_back(one.arrival_s)
            device_s = self._number * self.period_s
            self._number += 1
            self.fit.add(device_s, one.arrival_s)
            numbered.append((one, device_s, n_lost))
        if len(held) > 1:
            self._floor.restart()
        return [self._stamp(*each) for each in numbered]

    def _take_back(self, arrival_s: float) -> int:
        """Correct the count where samples were taken for lost and come after all."""
        if not self._n_lost:
            return 0
        n = min(n_too_many(self._latency_s(0, arrival_s), self.period_s), self._n_lost)
        self._number -= n
        self._n_lost -= n
        if n:
            self._floor.restart()
        return n

    def _stamp(self, one: _Arrived, device_s: float, n_lost: int) -> Timed:
        time_s = self._clock.stamp(device_s, is_jump=n_lost > 0, least_step_s=self.period_s)
        kind = GapKind.PROBABLE if n_lost > 0 else None
        return Timed(one.packet, time_s, self.number, device_s, one.arrival_s, kind, n_lost)
