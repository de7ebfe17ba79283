"""One connection to a sensor: subscribe, start, decode, and notice when nothing comes any more."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from firmware_bridge import BatteryLevel, ImuPacket, SensorFamily
from tracker.ble import Link
from tracker.cancelling import cancel_and_wait
from tracker.collector_events import (
    Battery,
    CollectorEvent,
    CollectorState,
    RateChecked,
    Received,
)
from tracker.errors import LinkLostError, RadioError, SensorSilentError, Trouble
from tracker.sensor_talk import SensorTalk
from tracker.stream_checks import DoubleFilter, RateMeter

MAX_WAITING: Final = 4096
"""Notifications kept for the decoder, 20 s of the fastest sensor; more are dropped and counted."""

OVERSLEPT_S: Final = 0.5
"""Waking so late means that this program stood still, not the sensor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamParams:
    """When a stream counts as started, stalled and lost.

    Parameters
    ----------
    start_limit_s : float
        Longest start sequence.
    stall_s, give_up_s : float
        Silence after which the stream counts as stalled, and as lost. In between, a sensor that
        was only shadowed may come back with what it kept.
    rate_check_s : float
        Time over which the rate is measured.
    battery_every_s : float
        Time between questions for the battery.

    """

    start_limit_s: float = 8.0
    stall_s: float = 1.2
    give_up_s: float = 2.5
    rate_check_s: float = 3.0
    battery_every_s: float = 120.0


@dataclass(slots=True)
class StreamCounts:
    """What was thrown away, over all links of a collector.

    Parameters
    ----------
    n_doubled : int
        Notifications that the operating system delivered twice.
    n_overrun : int
        Notifications that came while the program stood still and did not fit the queue.

    """

    n_doubled: int = 0
    n_overrun: int = 0


@dataclass(frozen=True, slots=True)
class _Notification:
    characteristic: str
    data: bytes
    arrival_s: float


class SensorStream:
    """What one link carries, from subscribing to its end.

    Parameters
    ----------
    family : SensorFamily
        Kind of sensor.
    link : Link
        The link, just made.
    params : StreamParams
        Time limits.
    emit : callable
        Takes what is received.
    enter : callable
        Takes the state, where it changes.
    counts : StreamCounts
        Where to count.
    is_warm : bool
        Whether this sensor has just been streaming at the right rate: then its samples count
        from the first one, not only after the start commands, which change nothing.

    """

    def __init__(
        self,
        family: SensorFamily,
        link: Link,
        params: StreamParams,
        *,
        emit: Callable[[CollectorEvent], None],
        enter: Callable[[CollectorState, str | None, Trouble | None], None],
        counts: StreamCounts,
        is_warm: bool = False,
    ) -> None:
        self.streaming_since_s: float | None = None
        self._counts = counts
        self._family = family
        self._link = link
        self._params = params
        self._emit = emit
        self._enter = enter
        self._now = asyncio.get_running_loop().time
        self._began_s = self._last_data_s = self._now()
        self._settled_s: float | None = self._began_s if is_warm else None
        self._is_started = False
        self._is_stalled = False
        self._waiting: deque[_Notification] = deque()
        self._wake = asyncio.Event()
        self._decoder = family.new_decoder()
        self._words = SensorTalk(family, link)
        self._doubles = DoubleFilter()
        self._rate = RateMeter(params.rate_check_s)
        link.on_lost = self._wake.set

    async def run(self) -> None:
        """Collect until the stream is lost, which raises; or until cancelled.

        Raises
        ------
        LinkLostError
            If the link broke, or the sensor went mute.
        SensorSilentError
            If the sensor never sent a measurement.
        SensorRefusedError
            If it did not take a start command.

        """
        for uuid in self._family.subscriptions:
            await self._link.start_notify(uuid, self._arrived)
        talking = asyncio.create_task(self._talk(), name="sensor commands")
        talking.add_done_callback(lambda _: self._wake.set())
        try:
            while True:
                await self._sleep()
                self._drain()
                if talking.done():
                    talking.result()  # raises what went wrong
                self._watch()
        finally:
            await cancel_and_wait(talking)
            if not talking.cancelled():
                talking.exception()  # seen: the link's end is told by the loop above

    def _arrived(self, characteristic: str, data: bytes, arrival_s: float) -> None:
        # Called by the radio: only note, never compute.
        self._words.hear(data)
        if len(self._waiting) >= MAX_WAITING:
            self._counts.n_overrun += 1
        else:
            self._waiting.append(_Notification(characteristic, data, arrival_s))
        self._wake.set()

    # Commands.

    async def _talk(self) -> None:
        await self._ask_battery()
        await self._words.start()
        if self._settled_s is None:
            self._settled_s = self._now()
        self._last_data_s = max(self._last_data_s, self._now())
        self._is_started = True
        self._wake.set()
        while True:
            await asyncio.sleep(self._params.battery_every_s)
            with contextlib.suppress(RadioError):  # the watch on the data decides, not this
                await self._ask_battery()

    async def _ask_battery(self) -> None:
        level = await self._words.ask_battery()
        if level is not None:
            self._emit(Battery(percent=level.percent, at_s=self._now()))

    async def say_stop(self) -> None:
        """Write the commands that end the stream."""
        await self._words.stop()

    # What arrives.

    async def _sleep(self) -> None:
        """Wait for data, the end of the link, or the next moment at which silence means more."""
        limit_s = self._params.give_up_s if self._is_stalled else self._params.stall_s
        left_s = max(0.0, self._last_data_s + limit_s - self._now())
        due_s = self._now() + left_s
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left_s + 0.001):
                await self._wake.wait()
        self._wake.clear()
        if self._now() - due_s > OVERSLEPT_S:
            self._last_data_s = self._now()

    def _drain(self) -> None:
        while self._waiting:
            one = self._waiting.popleft()
            if self._doubles.is_double(one.characteristic, one.data, one.arrival_s):
                self._counts.n_doubled += 1
            else:
                self._take(one)

    def _take(self, one: _Notification) -> None:
        packets = tuple(self._decoder.feed(one.data))
        is_settled = self._settled_s is not None and one.arrival_s >= self._settled_s
        n_samples = sum(isinstance(packet, ImuPacket) for packet in packets)
        if is_settled and n_samples:
            self._last_data_s = one.arrival_s
            self._flow(one.arrival_s)
        self._emit(
            Received(
                packets=packets,
                data=one.data,
                characteristic=one.characteristic,
                arrival_s=one.arrival_s,
                link=self._link.number,
                is_settled=is_settled,
            )
        )
        for packet in packets:
            if isinstance(packet, BatteryLevel):
                self._emit(Battery(percent=packet.percent, at_s=one.arrival_s))
        if is_settled:
            self._check_rate(n_samples, one.arrival_s)

    def _flow(self, arrival_s: float) -> None:
        if self.streaming_since_s is None:
            self.streaming_since_s = arrival_s
            self._enter(CollectorState.STREAMING, None, None)
        elif self._is_stalled:
            self._enter(CollectorState.STREAMING, "The sensor is back.", None)
        self._is_stalled = False

    def _check_rate(self, n_samples: int, arrival_s: float) -> None:
        rate_hz = self._rate.add(n_samples, arrival_s)
        if rate_hz is not None:
            asked_hz = self._family.nominal_rate_hz
            self._emit(RateChecked(measured_hz=rate_hz, asked_hz=asked_hz, at_s=arrival_s))

    def _watch(self) -> None:
        """Tell what silence means by now."""
        if not self._link.is_up:
            raise LinkLostError("The link to the sensor broke: bring it nearer.")
        if not self._is_started:
            if self._now() - self._began_s > self._params.start_limit_s:
                raise SensorSilentError(
                    "The sensor did not take its start commands in time: switch it off and on."
                )
            self._last_data_s = self._now()  # not yet expected to send
            return
        silence_s = self._now() - self._last_data_s
        if silence_s >= self._params.give_up_s:
            kind = SensorSilentError if self.streaming_since_s is None else LinkLostError
            raise kind(
                f"The sensor has sent nothing for {silence_s:.1f} s: bring it nearer, or switch "
                "it off and on."
            )
        if silence_s >= self._params.stall_s and not self._is_stalled:
            self._is_stalled = True
            if self.streaming_since_s is not None:
                self._enter(
                    CollectorState.STALLED, "Nothing comes from the sensor.", Trouble.SILENT
                )
