"""Sensors without a counter: were samples late, or are they lost.

A stall ends in one of two ways. Either the samples were kept: they come in a burst, and soon the
latency is what it was. Or some are lost: then everything after it seems late for good, by a
whole number of periods. So behind a stall samples are held back for a moment, until the latency
is down again or has settled at a higher level; the level tells how many are missing. Where a
sensor keeps the first samples of a stall and drops the later ones, as common radio chips do, the
gap is behind the burst: at the first sample that has the new latency.

Losses without a silence show in the same way, some time later.
"""

from dataclasses import dataclass, field
from typing import Final

HOLD_SILENCE_S: Final = 0.12
"""Longer than two connection events in a row that fail at the slowest usual interval, 45 ms."""

SETTLED_S: Final = 0.75
SETTLED_N: Final = 20
"""The latency has settled when it has not fallen for this time and this many samples."""

RATE_DOUBT: Final = 0.03
"""A latency that falls by less than this in a second may only be a rate that is not yet known."""

MAX_HOLD_S: Final = 1.5
"""A burst that takes longer to arrive counts as late: then nothing is known to be lost."""

SLACK_S: Final = 0.005
"""Noise of the host, on top of a sample period."""

BUCKET_S: Final = 0.4
BUCKETS_N: Final = 3
"""The least latency of a bucket is that of the link, whatever the connection interval; it has
risen for good when it is up in three in a row, and not on its way down."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the samples behind a stall: `n_lost` are missing before number `at`."""

    at: int = 0
    n_lost: int = 0


@dataclass(slots=True)
class StallWatch:
    """Decide about the samples that are held behind a stall.

    Parameters
    ----------
    period_s : float
        Sample period.
    since_s : float
        Arrival of the first sample behind the stall.

    """

    period_s: float
    since_s: float
    _latencies_s: list[float] = field(default_factory=list)
    _arrivals_s: list[float] = field(default_factory=list)
    _lowest_s: float = float("inf")
    _fell_at_s: float = 0.0
    _last_s: float = float("inf")
    _n_before: int = 0

    def add(self, latency_s: float, arrival_s: float) -> Verdict | None:
        """Take in the latency of the next held sample; return the verdict when it is clear.

        Parameters
        ----------
        latency_s : float
            Latency beyond the usual, if nothing were lost.
        arrival_s : float
            When the sample arrived.

        """
        if arrival_s - self._last_s > HOLD_SILENCE_S:
            self._n_before += len(self._latencies_s)  # a stall on top: only what follows counts
            self._latencies_s.clear()
            self._arrivals_s.clear()
            self._lowest_s = float("inf")
        self._last_s = arrival_s
        self._latencies_s.append(latency_s)
        self._arrivals_s.append(arrival_s)
        drift_s = RATE_DOUBT * max(0.0, arrival_s - self._fell_at_s)
        if latency_s < self._lowest_s - self.period_s / 2 - drift_s:
            self._lowest_s, self._fell_at_s = latency_s, arrival_s
        if latency_s <= self.period_s + SLACK_S:
            return Verdict()
        has_settled = (
            len(self._latencies_s) >= SETTLED_N and arrival_s - self._fell_at_s >= SETTLED_S
        )
        if has_settled:
            return self.judge()
        return Verdict() if arrival_s - self.since_s >= MAX_HOLD_S else None

    def judge(self) -> Verdict:
        """Decide by the least latency so far, as when nothing more will come."""
        if not self._latencies_s:
            return Verdict()
        lowest_s = min(self._latencies_s)
        level_s = lowest_s + self.period_s / 2
        held = zip(self._latencies_s, self._arrivals_s, strict=True)
        at = next(
            i
            for i, (latency_s, arrival_s) in enumerate(held)
            if latency_s <= level_s + RATE_DOUBT * (self._arrivals_s[-1] - arrival_s)
        )
        return Verdict(at=self._n_before + at, n_lost=round(lowest_s / self.period_s))


def n_too_many(latency_s: float, period_s: float) -> int:
    """Return how many samples were taken for lost but were not: nothing arrives early."""
    return int(-latency_s / period_s + 0.3) if latency_s < 0 else 0


@dataclass(slots=True)
class FloorWatch:
    """Notice samples that were lost without a silence: the least latency has risen for good.

    Parameters
    ----------
    period_s : float
        Sample period.

    """

    period_s: float
    _end_s: float = float("-inf")
    _lowest_s: float = float("inf")
    _before_s: list[float] = field(default_factory=list)

    def add(self, latency_s: float, arrival_s: float) -> int:
        """Take in the latency of a sample; return how many are missing before the next one."""
        if arrival_s < self._end_s:
            self._lowest_s = min(self._lowest_s, latency_s)
            return 0
        floors_s = [*self._before_s, self._lowest_s]
        self._end_s, self._lowest_s = arrival_s + BUCKET_S, latency_s
        self._before_s = floors_s[1 - BUCKETS_N :]
        risen_s = min(floors_s)
        is_falling = floors_s[-1] < floors_s[0] - self.period_s / 2
        is_short = len(floors_s) < BUCKETS_N or risen_s == float("inf")
        if is_short or is_falling or risen_s <= 1.5 * self.period_s + SLACK_S:
            return 0
        self.restart()
        return round(risen_s / self.period_s)

    def restart(self) -> None:
        """Forget what was seen: the latency has been put right."""
        self._end_s, self._lowest_s = float("-inf"), float("inf")
        self._before_s.clear()
