"""What both apps have in common: the state of the stream, its rate, and what silence means.

The events are those of a collector (`tracker.collector_events`), so that whatever follows need
not know whether samples came by radio or by HTTP.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from firmware_bridge import Decoded, ImuPacket
from tracker.collector_events import (
    CollectorEvent,
    CollectorState,
    RateChecked,
    Received,
    StateChanged,
)

RATE_OVER_S: Final = 3.0
SLOWEST_HZ: Final = 25.0  # below, a movement of half a second is a dozen points

STALL_INTERVALS: Final = 2.5
"""Silence of so many usual pauses between two messages is none of them."""

LEAST_STALL_S: Final = 1.5
LONGEST_STALL_S: Final = 12.0
REMEMBERED: Final = 8  # pauses between messages


class AppStream:
    """Turn what an app sent into events, and keep the state of it.

    Parameters
    ----------
    channel : str
        Under which name messages are recorded.
    on_event : callable
        Takes every event, in order.

    """

    def __init__(self, channel: str, on_event: Callable[[CollectorEvent], None]) -> None:
        self.state: CollectorState | None = None
        self.has_streamed = False
        self._channel = channel
        self._on_event = on_event
        self._reason: str | None = None
        self._link = 1
        self._last_device_s: float | None = None
        self._last_data_s: float | None = None
        self._pauses_s: deque[float] = deque(maxlen=REMEMBERED)
        self._rate_from_s: float | None = None
        self._n_since = 0
        self._is_rate_told = False

    def enter(self, state: CollectorState, at_s: float, reason: str | None = None) -> None:
        """Take a state, and tell it where it or its reason is new."""
        if state is self.state and reason in (None, self._reason):
            return
        self.state, self._reason = state, reason
        self._on_event(StateChanged(state=state, at_s=at_s, reason=reason))

    def take(self, packets: Sequence[Decoded], data: bytes, arrival_s: float) -> None:
        """Pass a message on with what it holds.

        A clock of the phone that went back is a new link: the timeline begins a new segment.
        """
        samples = [one for one in packets if isinstance(one, ImuPacket)]
        for link, part in self._by_link(packets):
            self._on_event(
                Received(
                    packets=tuple(part),
                    data=data,
                    characteristic=self._channel,
                    arrival_s=arrival_s,
                    link=link,
                    is_batch=True,
                )
            )
            data = b""  # recorded once
        if samples:
            self._flow(arrival_s)
            self._measure_rate(samples, arrival_s)

    def check_silence(self, now_s: float, reason: str) -> None:
        """Tell that nothing comes any more, when that is so."""
        if self.state is not CollectorState.STREAMING or self._last_data_s is None:
            return
        if now_s - self._last_data_s > self.stall_s:
            self.enter(CollectorState.STALLED, now_s, reason)

    @property
    def stall_s(self) -> float:
        """Silence that is longer than the usual pause between two messages."""
        longest_s = STALL_INTERVALS * max(self._pauses_s, default=0.0)
        return min(max(LEAST_STALL_S, longest_s), LONGEST_STALL_S)

    def _by_link(self, packets: Sequence[Decoded]) -> list[tuple[int, list[Decoded]]]:
        """Split a message where the clock of the phone went back."""
        parts: list[tuple[int, list[Decoded]]] = [(self._link, [])]
        for one in packets:
            if isinstance(one, ImuPacket) and one.device_time_s is not None:
                before_s, self._last_device_s = self._last_device_s, one.device_time_s
                if before_s is not None and one.device_time_s < before_s:
                    self._link += 1
                    parts.append((self._link, []))
            parts[-1][1].append(one)
        return parts

    def _flow(self, arrival_s: float) -> None:
        if self._last_data_s is not None and self.state is CollectorState.STREAMING:
            self._pauses_s.append(arrival_s - self._last_data_s)
        self._last_data_s = arrival_s
        back = "The phone is back." if self.has_streamed else None
        if self.state is not CollectorState.STREAMING:
            self.enter(CollectorState.STREAMING, arrival_s, back)
        self.has_streamed = True

    def _measure_rate(self, samples: Sequence[ImuPacket], arrival_s: float) -> None:
        """Tell once how many samples a second the phone takes, by its own clock."""
        newest_s = samples[-1].device_time_s
        if self._is_rate_told or newest_s is None:
            return
        if self._rate_from_s is None or newest_s < self._rate_from_s:
            self._rate_from_s, self._n_since = newest_s, 0
            return
        self._n_since += len(samples)
        over_s = newest_s - self._rate_from_s
        if over_s < RATE_OVER_S:
            return
        self._is_rate_told = True
        rate_hz = self._n_since / over_s
        self._on_event(RateChecked(measured_hz=rate_hz, asked_hz=rate_hz, at_s=arrival_s))
        if rate_hz < SLOWEST_HZ:
            self.enter(
                CollectorState.STREAMING,
                arrival_s,
                f"The phone sends only {rate_hz:.0f} samples a second: set 100 in the app.",
            )
