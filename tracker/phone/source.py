"""A phone as a source of samples: what `Collector` is to a Bluetooth sensor.

`run` lasts until `stop`; whatever happens to the phone leads back to streaming or waits for it.
How long to wait is the coach's business. Samples are handed on before the phone is strapped on, so
that its clock is known when they begin to count. The states are those of the collector:

    connecting (being strapped on) -> streaming <-> stalled (nothing comes, or the page is hidden)
                                          ^------> reconnecting (the connection is down)
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from firmware_bridge import ImuPacket
from tracker.collector_events import (
    Battery,
    CollectorEvent,
    CollectorState,
    RateChecked,
    Received,
    StateChanged,
)
from tracker.phone.link import PhoneLink
from tracker.profile import Language
from tracker.stream_checks import RateMeter
from tracker.words import Text

STALL_S: Final = 1.2
RATE_OVER_S: Final = 3.0

STRAP_ON: Final = Text(
    "Strap the phone on; the page on it says how.",
    "Maak de telefoon vast; de pagina erop vertelt hoe.",
)
HIDDEN: Final = Text(
    "The page on the phone is not in view: go back to it, it goes on by itself.",
    "De pagina op de telefoon is niet in beeld: ga ernaar terug, dan gaat het vanzelf verder.",
)
SILENT: Final = Text(
    "Nothing comes from the phone: is its screen on?",
    "Er komt niets van de telefoon: staat het scherm aan?",
)
AWAY: Final = Text(
    "The phone lost its connection; it keeps what it measures and sends it later.",
    "De telefoon is even niet verbonden; hij bewaart wat hij meet en stuurt het later.",
)
BACK: Final = Text("The phone is back.", "De telefoon is er weer.")


class PhoneSource:
    """Hand on what the phone sends.

    Parameters
    ----------
    link : PhoneLink
        The line to the phone.
    on_event : callable
        Takes every `CollectorEvent`, in order.
    language : {"en", "nl"}
        Of the reasons that it tells.

    """

    def __init__(
        self,
        link: PhoneLink,
        on_event: Callable[[CollectorEvent], None],
        *,
        language: Language = "en",
    ) -> None:
        self.state: CollectorState | None = None
        self._link = link
        self._on_event = on_event
        self._language = language
        self._rate = RateMeter(RATE_OVER_S)
        self._last_data_s = 0.0
        self._has_streamed = False
        self._battery_percent: int | None = None
        self._reason: Text | None = None
        self._stopping = asyncio.Event()

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    async def run(self) -> None:
        """Hand on samples until `stop` is called, or this is cancelled."""
        self._link.take = self._take
        try:
            while not self._stopping.is_set():
                self._look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STALL_S / 4):
                        await self._stopping.wait()
        finally:
            self._link.take = None
            self._enter(CollectorState.STOPPED)

    def _take(self, received: Received) -> None:
        self._last_data_s = received.arrival_s
        if self._link.is_worn and self.state is not CollectorState.STREAMING:
            self._enter(CollectorState.STREAMING, BACK if self._has_streamed else None)
            self._has_streamed = True
        self._on_event(received)
        self._check_rate(received)

    def _check_rate(self, received: Received) -> None:
        """Tell the rate once, by the phone's own clock: what was kept for a while comes at once."""
        stamps_s = [
            packet.device_time_s
            for packet in received.packets
            if isinstance(packet, ImuPacket) and packet.device_time_s is not None
        ]
        rate_hz = self._rate.add(len(stamps_s), stamps_s[-1]) if stamps_s else None
        if rate_hz is not None and self._link.checked is not None:
            asked_hz = self._link.checked.rate_hz
            self._on_event(
                RateChecked(measured_hz=rate_hz, asked_hz=asked_hz, at_s=received.arrival_s)
            )

    def _look(self) -> None:
        """Tell what has changed since the last look, and what a silence means."""
        percent = self._link.battery_percent
        if percent is not None and percent != self._battery_percent:
            self._battery_percent = percent
            self._on_event(Battery(percent=percent, at_s=self._now_s()))
        if not self._has_streamed:
            self._enter(CollectorState.CONNECTING, STRAP_ON)
        elif self._now_s() - self._last_data_s >= STALL_S:
            if not self._link.is_connected:
                self._enter(CollectorState.RECONNECTING, AWAY)
            else:
                self._enter(CollectorState.STALLED, HIDDEN if self._link.is_hidden else SILENT)

    def _enter(self, state: CollectorState, reason: Text | None = None) -> None:
        if (state, reason) != (self.state, self._reason):
            self.state, self._reason = state, reason
            said = None if reason is None else reason.to(self._language)
            self._on_event(StateChanged(state=state, at_s=self._now_s(), reason=said))
