"""Sensor Logger, live: it posts what it measures, in messages that may come twice or out of order.

    scanning -> streaming <-> stalled               stop() from anywhere -> stopped

Nothing has to be connected again: the phone goes on posting when it can.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median
from typing import Final

import numpy as np

from firmware_bridge import Decoded, ImuPacket, PhonePlatform, SensorLoggerPush
from tracker.collector_events import CollectorEvent, CollectorState
from tracker.phone_apps.app_family import SENSOR_LOGGER
from tracker.phone_apps.app_stream import AppStream
from tracker.phone_apps.push_listener import SHOWN_BY_THE_APP, PushAnswer, PushListener

WAITING: Final = "I wait for Sensor Logger: start a recording in the app."
AWAY: Final = "Nothing comes from Sensor Logger: is it recording, and in the same Wi-Fi?"
SENSORS_OFF: Final = (
    "Sensor Logger sends no usable sensors: switch on Accelerometer, Gravity and Gyroscope."
)
_APPLE: Final = ("darwin", "cfnetwork", "iphone", "ios/")
_IN_G_MS2: Final = 3.0  # a leg is never so light for long; one in g reads about 1
_TELLING_N: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PushParams:
    """When something is amiss.

    Parameters
    ----------
    look_every_s : float
        From one look at the clock to the next.
    useless_n : int
        Messages without a usable sample, after which the user of the app is told.

    """

    look_every_s: float = 0.25
    useless_n: int = 6


class SensorLoggerSource:
    """Collect what one phone pushes.

    Parameters
    ----------
    listener : PushListener
        Where the messages come in; it listens already.
    platform : {"android", "ios", "standardised"} or None
        Whose signs and units the phone follows; None guesses it from the first messages.
    on_event : callable
        Takes every event, in order.
    params : PushParams, optional
        Its patience.

    """

    def __init__(
        self,
        listener: PushListener,
        platform: PhonePlatform | None,
        on_event: Callable[[CollectorEvent], None],
        *,
        params: PushParams | None = None,
    ) -> None:
        self._listener = listener
        self._platform = platform
        self._params = params or PushParams()
        self._decoder: SensorLoggerPush | None = None
        self._stream = AppStream(SENSOR_LOGGER.id, on_event)
        self._stopping = asyncio.Event()
        self._n_useless = 0
        self._is_unit_sure = platform is not None
        self._failure: BaseException | None = None

    @property
    def state(self) -> CollectorState | None:
        """Where it stands with the phone."""
        return self._stream.state

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    async def run(self) -> None:
        """Collect until `stop` is called, or this is cancelled."""
        self._stream.enter(CollectorState.SCANNING, self._now_s(), WAITING)
        self._listener.take = self._take
        try:
            while not self._stopping.is_set():
                self._stream.check_silence(self._now_s(), AWAY)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._params.look_every_s):
                        await self._stopping.wait()
                if self._failure is not None:
                    raise self._failure
        finally:
            self._listener.take = None
            self._stream.enter(CollectorState.STOPPED, self._now_s())

    def _take(self, body: bytes, sender: str) -> PushAnswer:
        """Take in a message. What goes wrong behind the events is not the phone's affair."""
        try:
            return self._read(body, sender)
        except Exception as error:  # noqa: BLE001 - raised again by `run`, which owns the session
            self._failure = error
            self._stopping.set()
            return PushAnswer(HTTPStatus.INTERNAL_SERVER_ERROR, "tempo90 has stopped.")

    def _read(self, body: bytes, sender: str) -> PushAnswer:
        if self._decoder is None:
            self._platform = self._platform or guess_platform(sender)
            self._decoder = SensorLoggerPush(self._platform)
        packets = self._decoder.feed(body)
        if self._is_in_g(packets):
            self._platform = "ios"
            self._decoder = SensorLoggerPush(self._platform)
            packets = self._decoder.feed(body)
        self._stream.take(packets, body, self._now_s())
        return self._answer(packets)

    def _is_in_g(self, packets: list[Decoded]) -> bool:
        """Tell once from the first samples whether the phone sends g, as only iPhones do."""
        samples = [one.acc_ms2 for one in packets if isinstance(one, ImuPacket)]
        if self._is_unit_sure or not samples:
            return False
        self._is_unit_sure = True
        middle_ms2 = median(np.linalg.norm(samples[:_TELLING_N], axis=1))
        return bool(middle_ms2 < _IN_G_MS2)

    def _answer(self, packets: list[Decoded]) -> PushAnswer:
        """Say ok, or what the user of the app has to change."""
        if any(isinstance(one, ImuPacket) for one in packets):
            self._n_useless = 0
            return PushAnswer()
        self._n_useless += 1
        if self._n_useless < self._params.useless_n or self._stream.has_streamed:
            return PushAnswer()
        self._stream.enter(CollectorState.SCANNING, self._now_s(), SENSORS_OFF)
        return PushAnswer(SHOWN_BY_THE_APP, SENSORS_OFF)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()


def guess_platform(sender: str) -> PhonePlatform:
    """Guess whose signs a phone follows from how its program calls itself.

    Examples
    --------
    >>> guess_platform("SensorLogger/1 CFNetwork/1410 Darwin/22.6.0"), guess_platform("okhttp/4.9")
    ('ios', 'android')

    """
    return "ios" if any(word in sender.lower() for word in _APPLE) else "android"
